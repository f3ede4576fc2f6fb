"""The menu: which pages there are, their titles and addresses, and where the addresses of earlier versions lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from threading import Event
from typing import Any

import streamlit as st

_SERIES, _HELP = "Series", "Help"
_was_drawn = Event()


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the menu.

    Attributes:
        title: what the menu and the page call it.
        icon: name of a Material symbol.
        section: what it stands under; "" for a page that stands in the menu itself.
    """

    title: str
    icon: str
    section: str = ""


PAGES = {
    "data": Entry("Data", "description"),
    "train": Entry("Train", "model_training"),
    "did_it_help": Entry("Did it help?", "fact_check"),
    "maps": Entry("Maps", "scatter_plot"),
    "what_changed": Entry("What changed", "table_rows"),
    "a_word": Entry("A word", "manage_search"),
    "models": Entry("Models", "deployed_code"),
    "study": Entry("Study", "timeline", _SERIES),
    "sweep": Entry("Sweep", "grid_on", _SERIES),
    "glossary": Entry("Glossary", "dictionary", _HELP),
    "about": Entry("About", "info", _HELP),
    "storage": Entry("Storage", "hard_drive", _HELP),
    "admin": Entry("Admin", "shield_person", _HELP),
}
"""Every script in `pages/` by its name, in the order of the menu; the first one is at the bare address."""
_MOVED = {"compare": "maps", "words": "a_word", "scorecard": "did_it_help", "runs": "models"}
"""Addresses that earlier versions had, in links that people keep, and the pages that took over from them."""


def make_pages(is_admin: bool) -> dict[str, Any]:
    """A Streamlit page for every entry, by name. `is_admin`: the admin page is in the menu too."""
    return {
        name: st.Page(
            f"pages/{name}.py",
            title=entry.title,
            icon=f":material/{entry.icon}:",
            url_path=_address_of(name),
            default=name == "data",
            visibility="hidden" if name == "admin" and not is_admin else "visible",
        )
        for name, entry in PAGES.items()
    }


def choose_page(pages: Mapping[str, Any], is_hidden: bool) -> str | None:
    """Draw the menu, unless it is hidden; the name of the page that is asked for.

    None where the browser goes on by itself: from an address of an earlier version to the page of today, in place of
    the old entry of its history, so that Back does not lead there again; once to the same page again, where it was the
    first that anybody asked this server for. Until there was a menu Streamlit knows pages by the names of their files,
    and tells the browser that there is none with a hyphen.
    """
    moved = {old: st.Page(_do_nothing, url_path=old, title=old, visibility="hidden") for old in _MOVED}
    sections: dict[str, list[Any]] = {"": list(moved.values())}
    for name, entry in PAGES.items():
        sections.setdefault(entry.section, []).append(pages[name])
    is_first = not _was_drawn.is_set()
    chosen = st.navigation(sections, position="hidden" if is_hidden else "top")
    _was_drawn.set()
    for old, page in moved.items():
        if page is chosen:
            _send_on(old, _address_of(_MOVED[old]))
            return None
    name = next(name for name, page in pages.items() if page is chosen)
    if is_first and _address_of(name) != name:
        _send_on(_address_of(name), _address_of(name))
        return None
    return name


def _address_of(name: str) -> str:
    return name.replace("_", "-")


def _do_nothing() -> None:
    """In place of a script: an old address has none."""


def _send_on(here: str, there: str) -> None:
    st.html(
        "<script>location.replace("
        f"location.pathname.replace(/{escape(here)}\\/?$/, '{escape(there)}') + location.search)</script>",
        unsafe_allow_javascript=True,
    )
