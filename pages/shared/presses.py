"""Buttons that are heard also where the page begins anew before its run has come to them.

`st.button` is true in the run that the click began, and in no other. Where that run ends before it reaches the button,
Streamlit has forgotten the click: the page above it calls `st.rerun`, since a job has ended or another tab changed
something; another field or button is used, which begins a run of its own; or of several parts of the page that are due
one goes first, and begins the whole page anew. Callbacks run before the script of their click, those in parts of a
page, too, so a callback notes the press here, and the next run that comes to the button takes the note.

What is still lost: a click whose run is replaced before it has begun, which takes two within milliseconds, and a click
into a part of the page that is gone by the time it arrives. And what a run has begun to do is not done again, should
the visitor interrupt that.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from pages.shared import guards, session
from pages.shared.frame.run_ends import PageEnd

_KEPT = "presses"
_SECONDS = 10.0
"""A press of longer ago counts no more: nobody expects anything of it now."""


class _Press(NamedTuple):
    page: str
    about: str
    at: float


def button(
    label: str,
    *,
    key: str | None = None,
    about: str = "",
    place: Any = None,
    type: Literal["primary", "secondary", "tertiary"] = "secondary",
    icon: str | None = None,
    help: str | None = None,
    disabled: bool = False,
    width: Literal["content", "stretch"] = "content",
    on_click: Callable[..., None] | None = None,
    args: tuple[Any, ...] | None = None,
) -> bool:
    """Draw a button; whether it was pressed: true once for each press, in the first run that comes here after it.

    For what does no harm when it is done some seconds late. What deletes has a callback of its own, which is done at
    once or never.

    Args:
        key: as Streamlit's; without one the label names the button.
        about: names what the press is for, where that changes while the button stays the same: a press for something
            else counts no more.
        place: where it is drawn; here by default.
        on_click, args: a callback of `guards`, done with the press.
    """
    noted, name, page = _noted(), key or label, session.recall("page", "")
    is_pressed = (st if place is None else place).button(
        label,
        key=key,
        type=type,
        icon=icon,
        help=help,
        disabled=disabled,
        width=width,
        on_click=_note,
        args=(noted, name, page, about, on_click, args or ()),
    )
    is_noted = _take(noted, name, page, about)
    return (bool(is_pressed) or is_noted) and not disabled


@guards.callback
def _note(
    noted: dict[str, _Press], name: str, page: str, about: str, then: Callable[..., None] | None, args: tuple[Any, ...]
) -> None:
    noted[name] = _Press(
        page, about, time.monotonic()
    )  # without asking the session, where a run that is replaced would end
    if then is not None:
        then(*args)


def _take(noted: dict[str, _Press], name: str, page: str, about: str) -> bool:
    """Whether that press is noted; it is no longer, nor are those of other pages and old ones."""
    now = time.monotonic()
    for each, press in list(noted.items()):
        if press.page != page or now - press.at >= _SECONDS:
            noted.pop(each, None)
    taken = noted.pop(name, None)
    return taken is not None and taken.about == about


def _noted() -> dict[str, _Press]:
    found: dict[str, _Press] | None = session.recall(_KEPT)
    if found is None:
        session.remember(_KEPT, found := {})
    return found


@contextmanager
def taken_by_page() -> Iterator[None]:
    """Around a whole page: a press that none of its buttons took by its end is forgotten.

    Else the second click of two would count when its button comes back, such as after a job that the first one began
    was cancelled. A page that begins anew, or is replaced since something else was clicked, has not come to its end.
    """
    noted, began = _noted(), time.monotonic()
    try:
        yield
    except PageEnd:
        _forget(noted, began)
        raise
    except (RerunException, StopException):
        raise
    except Exception:
        _forget(noted, began)
        raise
    _forget(noted, began)


def _forget(noted: dict[str, _Press], before: float) -> None:
    for each, press in list(noted.items()):
        if press.at <= before:  # a later one is of the run that replaces this one
            noted.pop(each, None)
