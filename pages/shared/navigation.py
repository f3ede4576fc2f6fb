"""From one page to another: at once, by a button, by a link."""

from typing import Literal

import streamlit as st

from pages.shared import guards, session


def go(page: str) -> None:
    """Leave for another page; where it is this one, draw it anew."""
    if session.recall("page") == page:
        st.rerun()
    st.switch_page(session.page_named(page))


def button(
    page: str,
    label: str,
    *,
    key: str | None = None,
    kind: Literal["primary", "secondary"] = "primary",
    disabled: bool = False,
) -> None:
    """A button to another page.

    It is heard however often the page below draws itself anew meanwhile, as it does when a job ends: `st.button` tells
    only the run that reaches it, and a run that begins again before that has forgotten the click.
    """
    st.button(
        label,
        type=kind,
        icon=":material/arrow_forward:",
        key=key,
        disabled=disabled,
        on_click=guards.callback(session.ask_for),
        args=(page,),
    )


def offer(page: str, label: str, *, is_first: bool = True) -> None:
    """A button to another page; `is_first`: the next action of a page that has nothing to show."""
    button(page, label, key=f"offer-{page}", kind="primary" if is_first else "secondary")


def link(page: str, label: str) -> None:
    """A link to another page."""
    st.page_link(session.page_named(page), label=label)
