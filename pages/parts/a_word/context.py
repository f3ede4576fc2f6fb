"""Sentences from the text around a word, next to those around a neighbour it gained."""

import streamlit as st

from core.comparison.neighbourhood import NeighbourWords
from core.prose.numbers import count
from core.text.concordance import PAGE, OccurrenceOrder, Search
from pages.parts.a_word import lines
from pages.shared import messages
from pages.shared.cached import text_cache
from pages.shared.compared import Sides

ORDERS: dict[OccurrenceOrder, str] = {
    "document": "As in the text",
    "left": "By what precedes",
    "right": "By what follows",
}
PAGE_OF_TWO = 5
"""Lines of each of two texts."""


def show(sides: Sides, word: str, near: NeighbourWords) -> None:
    """Keyword in context for the word and for one of its neighbours."""
    st.header("In the text", anchor=False)
    order = st.segmented_control(
        "Sort sentences",
        list(ORDERS),
        default="document",
        required=True,
        format_func=lambda each: ORDERS[each],
        key="context-order",
        help="Sorted by the neighbouring words, phrases that recur stand together.",
        persist_state="session",
    )
    st.markdown(f"**{messages.plain(word)}**")
    _show_word(sides, Search(word, order=order), "own")
    kinds = {word: kind for kind in ("gained", "lost", "kept") for word in getattr(near, kind)}
    if not kinds:
        return
    neighbour = st.selectbox(
        "For comparison: a neighbour",
        list(kinds),
        format_func=lambda each: f"{each} ({kinds[each]})",
        key=f"beside-{word}",
        width=320,
    )
    _show_word(sides, Search(neighbour, order=order), "other")


def _show_word(sides: Sides, search: Search, place: str) -> None:
    """Its sentences, of either text where there are two."""
    left, right = lines.written_texts(sides)
    if not sides.has_two_texts:
        _show_sentences(right, search, place, PAGE)
        return
    columns = st.columns(2, gap="large")
    for column, side, written, name in zip(columns, ("left", "right"), (left, right), sides.texts, strict=True):
        with column:
            st.caption(f"In {messages.plain(name)}, {side}:")
            _show_sentences(written, search, f"{place}-{side}", PAGE_OF_TWO)


def _show_sentences(written: lines.Written, search: Search, place: str, size: int) -> None:
    found = text_cache.concordance(text_cache.corpus(written.folder), search)
    if not found.total:
        st.caption("It does not occur in the text.")
        return
    st.caption(f"{count('time', found.total)} in {count('document', found.documents)}.")
    lines.show(written, found, place, size)
