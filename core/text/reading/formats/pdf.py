"""Text of PDF files: lines in reading order, without running heads, words that line ends divide in one piece."""

import math
import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from statistics import median

from core.errors import CorpusError
from core.progress import Progress, silent
from core.prose.numbers import count, readable_size
from core.text.reading.allowances import ENDED_FOR_TIME, explain_end, seconds_by_size, too_slow
from core.text.reading.bounded import Ended, read_bounded
from core.text.reading.divided_words import LineEnd, rejoin
from core.text.reading.formats.pages import Line, Page, Stretch, find_heads, gather_lines, in_reading_order, text_of
from core.text.reading.kinds import PICTURE, SAVE_AGAIN
from core.text.reading.uploads import IF_WRONG, LIMITS, Limits, Upload, damaged, encrypted

_PARAGRAPH = 1.5
"""So many times the usual distance between lines, and a new paragraph begins."""
_NARROWEST, _FULL, _MOST_FULL = 30, 0.9, 0.8
"""Characters of a line; the share of the longest line that the others fill; how many of them do."""


def text_of_pdf(
    upload: Upload,
    limits: Limits = LIMITS,
    progress: Progress = silent,
    as_is: bool = False,
    chosen: Collection[str] = (),
) -> tuple[str, list[str], tuple[LineEnd, ...]]:
    """Text of a PDF, paragraphs parted by blank lines; notes on what was done to it, and `Rejoined.guessed`.

    Args:
        as_is: heads stay, lines stay in the order in which they are drawn, and words divided.
        chosen: how words are written that line ends divide (`rejoin`).

    Raises:
        CorpusError: encrypted, scanned or damaged.
        Cancelled: out of `progress`.
    """
    name = upload.name
    pages = _read_pages(upload, limits, progress)
    if not pages:
        raise CorpusError(f"“{name}” is a PDF without a page. {SAVE_AGAIN}")
    empty = sum(not any(re.search(r"\w", run.text) for row in page.rows for run in row) for page in pages)
    if empty == len(pages):
        raise CorpusError(f"“{name}” is a PDF of pictures, without text in it: a scan. {PICTURE}")
    notes = []
    if empty > 1:
        notes.append(f"“{name}” has {empty:,} pages of {len(pages):,} without text, perhaps scans. {PICTURE}")
    if as_is:
        return _tidied("\n\n".join(_write(page.rows) for page in pages)), notes, ()
    pages, note = _without_heads(pages, name)
    notes += note
    ordered = [in_reading_order(page.rows) for page in pages]
    if with_columns := sum(found for _, found in ordered):
        notes.append(f"“{name}” has columns on {count('page', with_columns)}, read one after another. {IF_WRONG}")
    found = rejoin(_join_pages([_write(rows) for rows, _ in ordered]), chosen)
    return _tidied(_flow(found.text)), [*notes, *filter(None, [found.note(name)])], found.guessed


def _read_pages(upload: Upload, limits: Limits, progress: Progress) -> list[Page]:
    name = upload.name
    seconds = math.ceil(limits.file_seconds + seconds_by_size(upload))
    pages: list[Page] = []
    try:
        for found in read_bounded(
            "core.text.reading.formats.glyphs.read_glyphs",
            upload.data,
            (limits.file_bytes,),
            limits.memory_bytes,
            seconds,
        ):
            if found.get("end"):
                raise CorpusError(_about_end(name, found["end"], found["reason"], limits))
            if "runs" in found:
                progress(
                    found["page"] / found["of"], f"Reading page {found['page'] + 1:,} of {found['of']:,} of {name}"
                )
                pages.append(Page(found["height"], gather_lines([Stretch(*run) for run in found["runs"]])))
    except Ended as ended:
        if ended.exit_code in ENDED_FOR_TIME:
            raise CorpusError(too_slow(name)) from ended
        raise explain_end(name, ended.exit_code) from ended
    return pages


def _about_end(name: str, kind: str, reason: str, limits: Limits) -> str:
    if kind == "encrypted":
        return encrypted(name)
    if kind == "too much text":
        return f"“{name}” holds more than {readable_size(limits.file_bytes)} of text. Upload a part of it."
    return damaged(name, "a PDF", reason, SAVE_AGAIN)


def _without_heads(pages: Sequence[Page], name: str) -> tuple[list[Page], list[str]]:
    """The pages without heads, feet and page numbers, and a note on these."""
    heads = find_heads(pages)
    bare = [
        Page(page.height, tuple(row for place, row in enumerate(page.rows) if place not in found))
        for page, found in zip(pages, heads, strict=True)
    ]
    gone = [text_of(page.rows[place]) for page, found in zip(pages, heads, strict=True) for place in sorted(found)]
    if not gone:
        return bare, []
    named = ", ".join(f"“{text[:60]}”" for text in dict.fromkeys(gone[:2]))
    on = sum(map(bool, heads))
    return bare, [f"“{name}” has running heads or page numbers on {count('page', on)}, left out ({named}). {IF_WRONG}"]


def _write(rows: Sequence[Line]) -> str:
    """Lines of a page, with a blank line where the distance between two is larger than usual."""
    lines = [(text_of(row), row[0].baseline, max(run.size for run in row)) for row in rows]
    down = [above[1] - below[1] for above, below in pairwise(lines) if above[1] > below[1]]
    usual = median(down) if down else 0.0
    written = [lines[0][0]] if lines else []
    for (_, above, size), (text, below, own) in pairwise(lines):
        apart = above - below > max(_PARAGRAPH * usual, 0.8 * max(size, own)) if len(down) > 1 else False
        written.append(f"\n{text}" if apart else text)
    return "\n".join(written)


def _join_pages(pages: Sequence[str]) -> str:
    """Pages parted by blank lines, but where a word or a sentence goes on from one to the next."""
    whole = ""
    for page in filter(None, map(str.strip, pages)):
        goes_on = bool(whole) and page[0].islower() and re.search(r"[\w,;\u00ad\u2010-]$", whole) is not None
        whole += ("\n" if goes_on else "\n\n" if whole else "") + page
    return whole


def _flow(text: str) -> str:
    """`text` with each paragraph on one line whose lines end because the page was full; others, as of verse, stay."""
    blocks = re.split(r"\n{2,}", text)
    return "\n\n".join(" ".join(block.split("\n")) if _is_full(block.split("\n")) else block for block in blocks)


def _is_full(lines: Sequence[str]) -> bool:
    """Whether lines but the last, and those that end a sentence, could not have taken the next one's first word."""
    width = max(map(len, lines))
    going_on = [(line, after) for line, after in pairwise(lines) if line and line[-1] not in ".!?…"]
    if not going_on or width < _NARROWEST:
        return False
    full = sum(len(line) + 1 + len(after.partition(" ")[0]) > _FULL * width for line, after in going_on)
    return full >= _MOST_FULL * len(going_on)


def _tidied(text: str) -> str:
    text = text.replace("\r", "\n")
    return re.sub("[\ud800-\udfff\0]", "\ufffd", text).strip()
