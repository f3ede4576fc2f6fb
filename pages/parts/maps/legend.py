"""The one legend for both maps: what the colours mean; a click on a kind greys all others."""

from html import escape

import numpy as np
import streamlit as st

from core.maps.colouring import MISSING, Colouring
from core.prose.colours import OTHER
from core.prose.numbers import count
from pages.shared import guards, messages, selection, session
from pages.shared.compared import Sides

_FEW = 7
"""So many kinds need no search."""
_MOST = 60
"""So many buttons; whatever there is beyond these is found by its name."""
_FIND_KEY = "legend-find"
_STYLE = """<style>
.st-key-maps-page .st-key-legend { row-gap: 0; }
.st-key-legend button { min-height: 1.7rem; padding-block: 0; }
.st-key-legend button p {
  display: block; max-width: max(8rem, 11vw); overflow: hidden; text-overflow: ellipsis;
  font-size: .85rem; white-space: nowrap;
}
.st-key-legend [data-testid=stIconMaterial] { font-size: 0; width: .6rem; height: .6rem; border-radius: 50%; }
.st-key-legend:has(.st-key-legend-find) { flex-wrap: nowrap; overflow-x: auto; }
.st-key-legend:has(.st-key-legend-find) > * { flex-shrink: 0; }
@media (max-width: 640px) {
  .st-key-legend:has(.st-key-legend-find) { flex-wrap: wrap; row-gap: 0; max-height: 9rem; overflow-y: auto; }
}
</style>"""
"""Close lines, and dots as the map has them; the icon of a circle is an empty one. Many kinds, among which one is found
by its name, have one line, so that the maps keep their room; what does not fit is reached by scrolling. All in one
style, since the page keeps a style that is no longer written."""
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
        if len(colouring.labels) <= _FEW:
            st.html(_SMALL.format(" &nbsp;·&nbsp; ".join(last)), width="content")
    if len(colouring.labels) > _FEW:
        st.html(_SMALL.format(" &nbsp;·&nbsp; ".join(last)))


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
    if len(colouring.labels) > _FEW:
        _ask_for_one(colouring, sizes)
    alone = _find_alone(sides, colouring)
    for kind in _choose_buttons(sizes[: len(colouring.labels)], alone):
        st.button(
            messages.plain(colouring.labels[kind]),
            key=f"legend-{kind}",
            icon=":material/circle:",
            type="secondary" if kind == alone else "tertiary",
            help=f"{count('word', int(sizes[kind]))}. Click to grey all others, and again to see them.",
            disabled=not sizes[kind],
            on_click=_isolate,
            args=(kind,),
        )
    rules = " ".join(
        f".st-key-legend-{number} [data-testid=stIconMaterial] {{ background: {escape(colour)}; }}"
        for number, colour in enumerate(colouring.palette)
    )
    st.html(f"{_STYLE}<style>{rules}</style>")


def _choose_buttons(sizes: np.ndarray, alone: int | None) -> list[int]:
    """The kinds that have a button: of many those with words, and the one that is alone first."""
    kinds = list(range(len(sizes)))
    if len(kinds) > _FEW:
        kinds = [kind for kind in kinds if sizes[kind]][:_MOST]
        if alone is not None:
            kinds = [alone, *(kind for kind in kinds if kind != alone)]
    return kinds


def _ask_for_one(colouring: Colouring, sizes: np.ndarray) -> None:
    """A field that finds a kind among many by its name."""
    st.selectbox(
        "Find one of them",
        range(len(colouring.labels)),
        index=None,
        format_func=lambda number: f"{colouring.labels[number]} · {count('word', int(sizes[number]))}",
        placeholder=f"Find one of {len(colouring.labels)}",
        key=_FIND_KEY,
        label_visibility="collapsed",
        width=230,
        on_change=_isolate_found,
    )


def _words_of(sides: Sides, colouring: Colouring, number: int) -> frozenset[str]:
    return frozenset(sides.shared.words[row] for row in np.flatnonzero(colouring.codes == number).tolist())


def _find_alone(sides: Sides, colouring: Colouring) -> int | None:
    """The kind that all others are greyed for; None where none is."""
    chosen = selection.selected()
    first = next(iter(chosen & sides.index.keys()), None)
    if first is None or colouring.codes[sides.index[first]] == MISSING:
        return None
    number = int(colouring.codes[sides.index[first]])
    return number if _words_of(sides, colouring, number) == chosen else None


@guards.callback
def _isolate(number: int) -> None:
    sides, colouring = session.recall("legend-sides"), session.recall("legend-colouring")
    words = _words_of(sides, colouring, number)
    selection.select(frozenset() if words == selection.selected() else words)
    session.remember("selection-missing", [])


@guards.callback
def _isolate_found() -> None:
    """That which was found, though it is alone already; the field is empty again afterwards."""
    kind = session.widget(_FIND_KEY)
    session.set_widget(_FIND_KEY, None)
    if kind is None:
        return
    sides, colouring = session.recall("legend-sides"), session.recall("legend-colouring")
    words = _words_of(sides, colouring, kind)
    selection.select(words)
    session.remember("selection-missing", [])
    if not words:
        st.toast(messages.plain(f"No word of the maps stands out for “{colouring.labels[kind]}”."))
