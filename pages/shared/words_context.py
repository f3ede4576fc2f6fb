"""Sentences from the text around a word, next to those around a neighbour it gained."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.concordance import MOST_SORTED, Occurrence, Order, read_page
from core.corpus import Corpus
from core.word_view import NearWords
from pages.shared import cached, messages, words_search
from pages.shared.compare_sides import Sides

_ORDERS: dict[Order, str] = {
    "document": "As in the text",
    "left": "By what precedes",
    "right": "By what follows",
}
# The word is the same in every row, so rows of their own line up.
_ROW = (
    "display:grid;grid-template-columns:minmax(0,1fr) fit-content(40%) minmax(0,1fr) 4.5rem;column-gap:.6rem;"
    "align-items:baseline;padding:.3rem 0;border-bottom:1px solid rgba(128,128,128,.25)"
)
_CLIP = "overflow:hidden;text-overflow:ellipsis;white-space:nowrap"


def show(sides: Sides, word: str, near: NearWords) -> None:
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
    with other:
        if not any(near):
            return
        neighbour = st.selectbox(
            "Beside it: a neighbour",
            [*near.gained, *near.kept],
            format_func=lambda each: f"{each} ({'gained' if each in near.gained else 'kept'})",
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
    return f"<div style='font-size:.875rem'>{''.join(_render_row(each) for each in occurrences)}</div>"


def _render_row(found: Occurrence) -> str:
    left, right, word = escape(" ".join(found.left)), escape(" ".join(found.right)), escape(found.word)
    cited = escape(found.document if found.label is None else f"{found.document} ({found.label})")
    # Left context and citation are clipped at their far end: the box runs right to left, the text (bdi) its own way.
    return (
        f"<div style='{_ROW}'><span style='{_CLIP};direction:rtl;text-align:right' title='{left}'><bdi>{left}</bdi>"
        f"</span><span style='{_CLIP};font-weight:600' title='{word}'><bdi>{word}</bdi></span>"
        f"<span style='{_CLIP}' title='{right}'><bdi>{right}</bdi></span>"
        f"<span style='{_CLIP};opacity:.7;font-size:.8em;direction:rtl' title='{cited}'><bdi>{cited}</bdi></span></div>"
    )
