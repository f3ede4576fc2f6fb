"""The search field and the pinned words of the Maps page."""

from typing import Any

import streamlit as st

from core.text.spelling import did_you_mean
from pages.shared import guards, messages, session
from pages.shared.compared import Sides


def choose(sides: Sides, bar: Any, line: Any) -> str | None:
    """Draw the field in `bar` and the words in `line` below it; gives the word whose neighbours are shown."""
    pins = [word for word in session.workspace().pins if word in sides.index]
    bar.text_input(
        "Find a word",
        key="find-word",
        placeholder="Type a word and press Enter",
        icon=":material/search:",
        on_change=_pin_typed,
        width=260,
        label_visibility="collapsed",
    )
    missing = session.recall("not-found")
    focus = None
    if pins:
        wanted = session.recall("focus", pins[-1])
        focus = line.pills(
            "Pinned words",
            pins,
            format_func=messages.plain,
            default=wanted if wanted in pins else None,
            key=f"pins-{session.recall('focus-changes', 0)}",
            width="content",
            label_visibility="collapsed",
        )
        session.remember("focus", focus)
        if focus is not None:
            line.button(
                "Unpin",
                icon=":material/close:",
                on_click=_unpin,
                args=(focus,),
                help="Remove the chosen word.",
                type="tertiary",
            )
    with line:
        if missing and missing not in sides.index:
            st.warning(messages.plain(_why_missing(sides, missing)))
    return focus


def pin_word(word: str) -> None:
    """Pin it as the last one, and show its neighbours."""
    session.pin(word)
    focus_on(word)


def focus_on(word: str | None) -> None:
    """Show the neighbours of that pinned word; of none for None."""
    session.remember("focus", word)
    session.remember("focus-changes", session.recall("focus-changes", 0) + 1)


@guards.callback
def _pin_typed() -> None:
    typed = session.widget("find-word").strip()
    session.remember("not-found", typed)
    if typed:
        pin_word(typed)


@guards.callback
def _unpin(word: str) -> None:
    pins = tuple(pin for pin in session.workspace().pins if pin != word)
    session.update(pins=pins)
    focus_on(pins[-1] if pins else None)


def _why_missing(sides: Sides, word: str) -> str:
    advice = did_you_mean(word, sides.shared.words, 5)
    only = [name for name, some in zip(sides.names, (sides.shared.only_left, sides.shared.only_right), strict=True)
            if word in some]  # fmt: skip
    if only:
        return f"“{word}” is in {only[0]} only, so it is on neither map. {advice}".rstrip()
    minimum = max(sides.left.config.min_count, sides.right.config.min_count)
    why = f"“{word}” is not on these maps: the text has it fewer than {minimum} times, or spells it otherwise."
    return f"{why} {advice}".rstrip()
