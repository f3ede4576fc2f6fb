"""The one legend for both maps: what the colours mean; a click on a kind greys all others."""

from html import escape

import numpy as np
import streamlit as st

from core.maps.colouring import Colouring
from core.prose.colours import OTHER
from core.prose.numbers import count
from pages.shared import guards, messages, selection, session
from pages.shared.compared import Sides

_SMALL = "<small style='line-height:1.9'>{}</small>"


def show(sides: Sides, colouring: Colouring, sized: bool, drawn: np.ndarray | None) -> None:
    """Draw it, and how many words are on the maps: `drawn`, bool (words,), None for all."""
    n = len(sides.shared.words)
    last = [f"{n:,} words" if drawn is None else f"{int(drawn.sum()):,} of {n:,} words"]
    last += ["larger points occur more often"] if sized else []
    if colouring.has_missing:
        last.insert(0, f"<span style='color:{OTHER}'>●</span> {escape(colouring.missing)}")
    if colouring.kind == "amounts":
        st.html(_SMALL.format(" &nbsp;·&nbsp; ".join([f"{_title(colouring)} &nbsp; {_scale(colouring)}", *last])))
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="legend"):
        st.html(_SMALL.format(_title(colouring)), width="content")
        _show_kinds(sides, colouring)
        if last:
            st.html(_SMALL.format(" &nbsp;·&nbsp; ".join(last)), width="content")


def _title(colouring: Colouring) -> str:
    return f"<b>{escape(colouring.title)}</b>"


def _scale(colouring: Colouring) -> str:
    low, high = colouring.labels
    stops = escape(", ".join(colouring.palette[::9]))
    return (
        f"{escape(low)} <span style='display:inline-block;width:9rem;height:.7em;border-radius:3px;margin:0 .3em;"
        f"background:linear-gradient(to right, {stops})'></span> {escape(high)}"
    )


def _show_kinds(sides: Sides, colouring: Colouring) -> None:
    session.remember("legend-sides", sides)  # no argument of the callback: Streamlit never forgets these
    session.remember("legend-colouring", colouring)
    sizes = np.bincount(colouring.codes, minlength=len(colouring.labels))
    for number, label in enumerate(colouring.labels):
        st.button(
            messages.plain(label),
            key=f"legend-{number}",
            icon=":material/circle:",
            type="tertiary",
            help=f"{count('word', int(sizes[number]))}. Click to grey all others, and again to see them.",
            disabled=not sizes[number],
            on_click=_isolate,
            args=(number,),
        )
    rules = " ".join(
        f".st-key-legend-{number} [data-testid=stIconMaterial] {{ color: {escape(colour)}; font-size: .9rem; "
        "font-variation-settings: 'FILL' 1; }"
        for number, colour in enumerate(colouring.palette)
    )
    st.html(f"<style>{rules}</style>")


@guards.callback
def _isolate(number: int) -> None:
    sides, colouring = session.recall("legend-sides"), session.recall("legend-colouring")
    words = frozenset(sides.shared.words[row] for row in np.flatnonzero(colouring.codes == number).tolist())
    selection.select(frozenset() if words == selection.selected() else words)
    session.remember("selection-missing", [])
