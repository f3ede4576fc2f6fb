"""Lines of a concordance: what was found in the middle, a passage that opens, pages, and a file of them all."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from core.export.orders import file_name
from core.text.concordance import (
    MOST_SORTED,
    Concordance,
    Occurrence,
    locate_tokens,
    read_page,
)
from core.text.corpus import Corpus
from core.text.originals import Passage
from core.workspace.passages import unkept_file, write_concordance
from core.workspace.texts import TextChoice, estimate_reading_seconds, has_uploads
from pages.shared import downloads, side_choice
from pages.shared.cached import server, text_cache
from pages.shared.compared import Sides

_LINE = 120
"""Letters on each side of a word in a line: more than is seen."""
_PAGES = 5
"""So many numbers of pages are shown."""
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

    @property
    def readable(self) -> TextChoice | None:
        """What it was read from, if that is still there."""
        return self.source if self.source is not None and has_uploads(self.source.upload) else None


def written_texts(sides: Sides) -> tuple[Written, Written]:
    """The texts of the left and the right model."""
    left, right = zip(side_choice.corpus_folders(sides), side_choice.sources(sides), strict=True)
    return Written(*left), Written(*right)


def show(written: Written, found: Concordance, place: str, size: int) -> None:
    """A page of `size` lines of what was found; `place` names its fields."""
    corpus = text_cache.corpus(written.folder)
    search = found.search
    pages, table = found.pages(size), st.container()
    foot = st.container(horizontal=True, vertical_alignment="center")
    page = 1
    if pages > 1:
        with foot:
            key = f"lines-{place}-{search}"
            # As wide as its content it would leave out pages that there is room for.
            page = st.pagination(pages, key=key, max_visible_pages=_PAGES, width=132 + 36 * min(pages, _PAGES))
    if found.total > MOST_SORTED:
        done = "in the file" if search.order == "document" else "sorted"
        foot.caption(f"{MOST_SORTED:,} of them, evenly spread, are {done}.", width="content")
    with foot:
        downloads.offer(
            "Download as CSV",
            lambda: _write_file(written, found),
            f"{file_name('in-the-text', search.sought)}.csv",
            "text/csv",
            f"lines-file-{place}",
            help="Left context, what was found, right context, document, label, position.",
        )
    occurrences = read_page(corpus, found, page, size)
    passages = _read_passages(written, corpus, occurrences)
    table.html(_render(occurrences, passages))
    if not all(passages):
        foot.caption("As words, not as written: the text as it came is not kept, or does not fit.", width="content")


def _read_passages(written: Written, corpus: Corpus, occurrences: Sequence[Occurrence]) -> Sequence[Passage | None]:
    if written.readable is None:
        return [None] * len(occurrences)
    places = tuple(locate_tokens(corpus, each) for each in occurrences)
    return text_cache.passages(written.readable, written.folder, places)


def _write_file(written: Written, found: Concordance) -> bytes:
    """All lines as CSV. A child reads the text again and writes them; this runs where no page does."""
    source, jobs = written.readable, server.text_jobs()
    with unkept_file() as path:
        jobs.submit(
            path.name,
            "Writing sentences as they were written",
            write_concordance,
            source,
            written.folder,
            found.search,
            path,
            watcher=path.name,
            kind="passages",
            seconds=1.0 if source is None else 2 * estimate_reading_seconds(source.upload),
        )
        try:
            jobs.result(path.name)
        finally:
            jobs.forget(path.name)
        return path.read_bytes()


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
