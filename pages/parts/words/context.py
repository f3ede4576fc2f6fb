"""Sentences from the text around a word, next to those around a neighbour it gained."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.comparison.neighbourhood import NeighbourWords
from core.export.orders import file_name
from core.prose.numbers import count
from core.text.concordance import MOST_SORTED, PAGE, Occurrence, OccurrenceOrder, read_page, write_occurrences_csv
from core.text.corpus import Corpus
from pages.shared import cached, downloads, messages, side_choice
from pages.shared.compared import Sides

_ORDERS: dict[OccurrenceOrder, str] = {
    "document": "As in the text",
    "left": "By what precedes",
    "right": "By what follows",
}
_PAGE_OF_TWO = 5
"""Sentences of each of two texts."""
_STYLE = """<style>
.kwic { font-size: .875rem; }
.kwic > div { display: grid; column-gap: .6rem; align-items: baseline; padding: .3rem 0;
  grid-template-columns: minmax(0, 1fr) fit-content(40%) minmax(0, 1fr) 9rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
.kwic span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.kwic .before, .kwic .cited { direction: rtl; text-align: right; }
.kwic .word { font-weight: 600; }
.kwic .cited { opacity: .7; font-size: .8em; }
@media (max-width: 640px) {
  .kwic > div { grid-template-columns: minmax(0, 1fr) fit-content(40%) minmax(0, 1fr); column-gap: .4rem; }
  .kwic .cited { grid-column: 1 / -1; direction: ltr; text-align: center; }
}
</style>"""
"""The word is the same in every row, so rows of their own line up, with the word in the middle.

What stands on its left, and the citation, are clipped at their left end: the box runs right to left, the text in it
(bdi) its own way.
"""


def show(sides: Sides, word: str, near: NeighbourWords) -> None:
    """Keyword in context for the word and for one of its neighbours."""
    st.subheader("In the text", anchor=False)
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
    st.markdown(f"**{messages.plain(word)}**")
    _show_word(sides, word, order, "own")
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
    _show_word(sides, neighbour, order, "other")


def _show_word(sides: Sides, word: str, order: OccurrenceOrder, place: str) -> None:
    """Its sentences, of either text where there are two."""
    left, right = (cached.corpus(folder) for folder in side_choice.corpus_folders(sides))
    if not sides.has_two_texts:
        _show_sentences(right, word, order, place, PAGE)
        return
    for side, corpus, name in zip(("left", "right"), (left, right), sides.texts, strict=True):
        st.caption(f"In {messages.plain(name)}, {side}:")
        _show_sentences(corpus, word, order, f"{place}-{side}", _PAGE_OF_TWO)


def _show_sentences(corpus: Corpus, word: str, order: OccurrenceOrder, place: str, size: int) -> None:
    found = cached.occurrences(corpus, word, order)
    if not found.total:
        st.caption("It does not occur in the text.")
        return
    pages, table = found.pages(size), st.container()
    foot = st.container(horizontal=True, vertical_alignment="center")
    page = 1
    if pages > 1:
        with foot:
            page = st.pagination(pages, key=f"context-{place}-{word}-{order}", max_visible_pages=5, width="content")
    sample = ""
    if found.total > MOST_SORTED:
        sample = f"; {MOST_SORTED:,} of them, evenly spread, are {'in the file' if order == 'document' else 'sorted'}"
    foot.caption(f"{count('time', found.total)} in {count('document', found.documents)}{sample}.", width="content")
    with foot:
        downloads.offer(
            "Download as CSV",
            lambda: write_occurrences_csv(corpus, found),
            f"{file_name('in-the-text', word)}.csv",
            "text/csv",
            f"context-file-{place}",
            help="Document, position and surroundings of each.",
        )
    table.html(_render(read_page(corpus, found, page, size)))


def _render(occurrences: Sequence[Occurrence]) -> str:
    return f"{_STYLE}<div class='kwic'>{''.join(_render_row(each) for each in occurrences)}</div>"


def _render_row(found: Occurrence) -> str:
    before, after = (found.right, found.left) if found.runs_left else (found.left, found.right)
    cited = found.document if found.label is None else f"{found.document} ({found.label})"
    flow = "rtl" if found.runs_left else "ltr"
    cells = (
        _render_cell("before", " ".join(before), flow),
        _render_cell("word", found.word, flow),
        _render_cell("after", " ".join(after), flow),
        _render_cell("cited", cited, "auto"),
    )
    return f"<div>{''.join(cells)}</div>"


def _render_cell(name: str, text: str, flow: str) -> str:
    return f"<span class='{name}' title='{escape(text)}'><bdi dir='{flow}'>{escape(text)}</bdi></span>"
