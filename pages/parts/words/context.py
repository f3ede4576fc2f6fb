"""Sentences from the text around a word, next to those around a neighbour it gained."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.comparison.neighbourhood import NeighbourWords
from core.export.orders import file_name
from core.prose.numbers import count
from core.text.concordance import (
    MOST_SORTED,
    PAGE,
    Occurrence,
    OccurrenceOrder,
    locate_token,
    read_page,
    write_occurrences_csv,
)
from core.text.corpus import Corpus
from core.text.originals import Passage
from core.workspace.texts import TextChoice, has_uploads
from pages.shared import cached, downloads, messages, side_choice
from pages.shared.compared import Sides

_ORDERS: dict[OccurrenceOrder, str] = {
    "document": "As in the text",
    "left": "By what precedes",
    "right": "By what follows",
}
_LINE = 120
"""Letters on each side of a word in a line: more than is seen."""
_PAGE_OF_TWO = 5
"""Sentences of each of two texts."""
_STYLE = """<style>
.kwic { font-size: .875rem; container-type: inline-size; }
.kwic > div, .kwic summary { display: grid; column-gap: .6rem; align-items: baseline; padding: .3rem 0;
  grid-template-columns: minmax(0, 1fr) fit-content(40%) minmax(0, 1fr) 9rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
.kwic summary { cursor: pointer; }
.kwic details p { margin: .3rem 1rem .8rem; line-height: 1.6; overflow-wrap: anywhere; }
.kwic span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.kwic .before, .kwic .cited { direction: rtl; text-align: right; }
.kwic .word { font-weight: 600; }
.kwic .cited { opacity: .7; font-size: .8em; }
@container (max-width: 640px) {
  .kwic summary { grid-template-columns: minmax(0, 1fr) fit-content(40%) minmax(0, 1fr); }
  .kwic summary .cited { display: none; }
}
@media (max-width: 640px) {
  .kwic > div, .kwic summary {
    grid-template-columns: minmax(0, 1fr) fit-content(40%) minmax(0, 1fr); column-gap: .4rem;
  }
  .kwic .cited { grid-column: 1 / -1; direction: ltr; text-align: center; }
}
</style>"""
"""The word is the same in every row, so rows of their own line up, with the word in the middle.

What stands on its left, and the citation, are clipped at their left end: the box runs right to left, the text in it
(bdi) its own way.
"""


class Written(NamedTuple):
    """A text, and what it was read from; None where that is not known."""

    folder: Path
    source: TextChoice | None


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
    left, right = (
        Written(folder, source)
        for folder, source in zip(side_choice.corpus_folders(sides), side_choice.sources(sides), strict=True)
    )
    if not sides.has_two_texts:
        _show_sentences(right, word, order, place, PAGE)
        return
    columns = st.columns(2, gap="large")
    for column, side, written, name in zip(columns, ("left", "right"), (left, right), sides.texts, strict=True):
        with column:
            st.caption(f"In {messages.plain(name)}, {side}:")
            _show_sentences(written, word, order, f"{place}-{side}", _PAGE_OF_TWO)


def _show_sentences(written: Written, word: str, order: OccurrenceOrder, place: str, size: int) -> None:
    corpus = cached.corpus(written.folder)
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
    occurrences = read_page(corpus, found, page, size)
    passages = _read_passages(written, corpus, occurrences)
    table.html(_render(occurrences, passages))
    if not all(passages):
        foot.caption("As words, not as written: the text as it came is not kept, or does not fit.", width="content")


def _read_passages(written: Written, corpus: Corpus, occurrences: Sequence[Occurrence]) -> Sequence[Passage | None]:
    source = written.source
    if source is None or not has_uploads(source.upload):
        return [None] * len(occurrences)
    return cached.passages(source, written.folder, tuple(locate_token(corpus, each) for each in occurrences))


def _render(occurrences: Sequence[Occurrence], passages: Sequence[Passage | None]) -> str:
    rows = "".join(_render_row(each, passage) for each, passage in zip(occurrences, passages, strict=True))
    return f"{_STYLE}<div class='kwic'>{rows}</div>"


def _render_row(found: Occurrence, passage: Passage | None) -> str:
    if passage is None:
        return f"<div>{_render_line(found, ' '.join(found.left), found.word, ' '.join(found.right))}</div>"
    before, word, after = passage
    line = _render_line(found, before[-_LINE:], word, after[:_LINE])
    whole = f"… {escape(before)}<b>{escape(word)}</b>{escape(after)} …"
    whole += f"<br><small>{escape(_cite(found))}</small>"
    return f"<details><summary>{line}</summary><p dir='auto'>{whole}</p></details>"


def _render_line(found: Occurrence, left: str, word: str, right: str) -> str:
    before, after = (right, left) if found.runs_left else (left, right)
    flow = "rtl" if found.runs_left else "ltr"
    cells = (
        _render_cell("before", before, flow),
        _render_cell("word", word, flow),
        _render_cell("after", after, flow),
        _render_cell("cited", _cite(found), "auto"),
    )
    return "".join(cells)


def _cite(found: Occurrence) -> str:
    return found.document if found.label is None else f"{found.document} ({found.label})"


def _render_cell(name: str, text: str, flow: str) -> str:
    return f"<span class='{name}' title='{escape(text)}'><bdi dir='{flow}'>{escape(text)}</bdi></span>"
