"""Sentences from the text around a word, next to those around a neighbour it gained."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.comparison import NeighbourChanges
from core.concordance import MOST_SORTED, Occurrence, Order, read_page
from core.corpus import Corpus
from pages.shared import cached, messages, words_search
from pages.shared.compare_sides import Sides

_ORDERS: dict[Order, str] = {
    "document": "As in the text",
    "left": "By what precedes",
    "right": "By what follows",
}
_CLIP = "overflow:hidden;text-overflow:ellipsis;white-space:nowrap"


def show(sides: Sides, word: str, changes: NeighbourChanges) -> None:
    """Keyword in context for the word and for one of its neighbours."""
    st.subheader("In the text", anchor=False)
    corpus = cached.corpus(words_search.corpus_folders(sides)[1])
    order = st.segmented_control(
        "Sort sentences",
        list(_ORDERS),
        default="document",
        required=True,
        format_func=lambda each: _ORDERS[each],
        key="context-order",
        help="Sorted by the neighbouring words, phrases that recur stand together.",
        persist_state="session",
    )
    own, other = st.columns(2, gap="large")
    with own:
        st.markdown(f"**{messages.plain(word)}**")
        _show_word(corpus, word, order, "own")
    gained, kept = (tuple(each.word for each in part) for part in (changes.gained, changes.kept))
    with other:
        if not gained and not kept:
            return
        neighbour = st.selectbox(
            "Beside it: a neighbour",
            [*gained, *kept],
            format_func=lambda each: f"{each} ({'gained' if each in gained else 'kept'})",
            label_visibility="collapsed",
            key=f"beside-{word}",
        )
        _show_word(corpus, neighbour, order, "other")


def _show_word(corpus: Corpus, word: str, order: Order, place: str) -> None:
    found = cached.occurrences(corpus.digest, word, order, corpus)
    if not found.total:
        st.caption("It does not occur in the text.")
        return
    pages, table = found.pages(), st.container()
    page = 1
    if pages > 1:
        page = st.pagination(pages, key=f"context-{place}-{word}-{order}", max_visible_pages=5)
    with table:
        st.html(_render(read_page(corpus, found, page)))
        documents = f"{found.documents:,} document{'s' if found.documents > 1 else ''}"
        sample = f"; {MOST_SORTED:,} of them, evenly spread, are sorted" if len(found.positions) < found.total else ""
        st.caption(f"{found.total:,} time{'s' if found.total > 1 else ''} in {documents}{sample}.")


def _render(occurrences: Sequence[Occurrence]) -> str:
    rows = "".join(_render_row(each) for each in occurrences)
    return f"<table style='width:100%;table-layout:fixed;border-collapse:collapse;font-size:.875rem'>{rows}</table>"


def _render_row(found: Occurrence) -> str:
    left, right = (escape(" ".join(part)) for part in (found.left, found.right))
    cited = escape(found.document if found.label is None else f"{found.document} ({found.label})")
    cell = f"{_CLIP};border:0;border-bottom:1px solid rgba(128,128,128,.25);padding:.3rem .25rem"
    # Left context and citation are clipped at their far end: the box runs right to left, the text (bdi) its own way.
    source = f"{cell};width:14%;opacity:.7;font-size:.8em;direction:rtl"
    return (
        f"<tr><td style='{cell};width:38%;direction:rtl;text-align:right' title='{left}'><bdi>{left}</bdi></td>"
        f"<td style='{cell};width:15%;text-align:center;font-weight:600' title='{escape(found.word)}'>"
        f"<bdi>{escape(found.word)}</bdi></td>"
        f"<td style='{cell};width:33%' title='{right}'><bdi>{right}</bdi></td>"
        f"<td style='{source}' title='{cited}'><bdi>{cited}</bdi></td></tr>"
    )
