"""How a delimited file is written: its delimiter, its quotation marks, and what stands above its header."""

import csv
import io
import itertools
import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.text.reading.sheets import MOST_TITLES, TEXT_NAMES, is_header

_DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_COMMENT = re.compile(r"\s*(?:#|%|;|//|--\s)")
_MOST_COMMENTS = 50
_LEAST_LEAD = 0.5
_BACKSLASH_QUOTE = re.compile(r'\\"(?![,;\t|\n]|$)')


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written.

    Attributes:
        delimiter: None where there is one column only.
        quoting: as the csv module calls it.
        above: lines that stand above the table.
    """

    delimiter: str | None
    quoting: Any = csv.QUOTE_MINIMAL
    above: int = 0


def find_dialect(text: str, preferred: str, whole: bool) -> tuple[Dialect, str, list[str]]:
    """How `text` is written, what of it is the table, and the lines above that; `whole`: there are none above."""
    declared = re.match(r"sep=([,;|:\t ])\n", text)  # Excel's own remark on the delimiter
    if declared:
        return Dialect(declared[1], above=1), text[declared.end() :], []
    above = 0 if whole else _count_above(text, preferred)
    lines = text.split("\n", above + _MOST_COMMENTS)
    titles = [line for line in lines[:above] if line.strip()]
    while above < len(lines) - 1 and not lines[above].strip():
        above += 1
    text = "\n".join(lines[above:])
    delimiter = _sniff_delimiter(text, preferred)
    if delimiter is None and '"' in text:
        delimiter = preferred  # cells in quotation marks may hold delimiters and line ends
    return Dialect(delimiter, above=above), text, titles


def _count_above(text: str, preferred: str) -> int:
    """How many lines stand above the header that are no part of the table: comments, or a title of one cell."""
    lines = text[:_SAMPLE].split("\n")[: _MOST_COMMENTS + 100]
    comments = 0
    while comments < min(_MOST_COMMENTS, len(lines)) and (
        _COMMENT.match(lines[comments]) or not lines[comments].strip()
    ):
        comments += 1
    if not any(line.strip() for line in lines[:comments]):
        comments = 0
    delimiter = _sniff_delimiter(text, preferred)
    if not comments and delimiter and _filled(_cells(lines[0], delimiter)) > 1:
        return 0
    above: int
    candidates = (comments, *[comments - 1] * (comments > 1), *range(1, MOST_TITLES + 2))  # "#id" names the columns
    for above in dict.fromkeys(candidates):
        rest = "\n".join(lines[above:])
        if not above or not rest.strip():
            continue
        delimiter = _sniff_delimiter(rest, preferred)
        if delimiter is None:
            continue
        rows = [row for row in itertools.islice(delimited_rows(rest, delimiter), 50) if row]
        width = len(rows[0])
        even = sum(_fits(row, width) for row in rows)
        if width < 2 or len(rows) < 2 or even < 0.8 * len(rows):
            continue
        before = [_cells(line, delimiter) for line in lines[:above]]
        first = [cell.strip() for cell in rows[0]]
        commented = 0 < above <= comments and all(len(row) != width for row in before)
        commented = commented or (above == comments and _are_remarks(lines, above, first, _even(rows[1:], width)))
        titles: list[str] = [cell.strip() for row in before for cell in row if cell.strip()]
        titled = bool(titles) and max(map(_filled, before)) <= 1 and not any(map(TEXT_NAMES.fullmatch, titles))
        if commented or (titled and _filled(first) > 1 and is_header(first, _even(rows[1:], width))):
            return above
        if above != comments:
            return 0
    return 0


def _are_remarks(lines: Sequence[str], above: int, first: list[str], rows: Sequence[list[str]]) -> bool:
    """Whether lines that begin as comments are some although they have as many cells as the table below them.

    They have a blank after their sign, which a hashtag has not, and a header and no other such line below.
    """
    remarks = [line.strip() for line in lines[:above] if line.strip()]
    below = lines[above + 1 :]
    spaced = all(re.match(r"[#%;/-]+(?:\s|$)", line) for line in remarks)
    return spaced and is_header(first, rows) and not any(_COMMENT.match(line) for line in below)


def _cells(line: str, delimiter: str) -> list[str]:
    return next(delimited_rows(line, delimiter), [])


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _even(rows: Sequence[list[str]], width: int) -> list[list[str]]:
    return [(row + [""] * width)[:width] for row in rows]


def _sniff_delimiter(text: str, preferred: str) -> str | None:
    """The delimiter that cuts most rows, the first one above all, in the same number of cells; None: one column."""
    sample = text[:_SAMPLE]
    best, best_rank = None, (False, True, 1.0)
    single = True
    for delimiter in preferred + _DELIMITERS.replace(preferred, ""):
        rows = [row for row in itertools.islice(delimited_rows(sample, delimiter), 100) if row]
        if len(sample) < len(text) and len(rows) > 1:
            rows.pop()  # the sample ends in the middle of it
        body = rows[1:] or rows
        if not body:
            return preferred
        first, usual = len(rows[0]), statistics.mode(map(len, body))
        width = first if first > 1 else usual
        share = sum(_fits(row, width) for row in body) / len(body) if width > 1 else 0.0
        single = single and (first == 1 or usual == 1)
        rank = (share > (0.4 if first == width else 0.6), first == width, share)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best or (None if single else preferred)


def _fits(row: Sequence[str], width: int) -> bool:
    """Whether a row has so many cells, but for empty ones at its end."""
    return len(row) == width or (len(row) > width and not any(map(str.strip, row[width:])))


def looks_delimited(text: str) -> str | None:
    """The delimiter of a table in a file that is called a text; None if it is one.

    Tabs and bars make columns where every line has as many; commas and semicolons, which texts have, only below a
    header. Where
    two columns have much text, as in a text with its translation, reading one would lose the other.
    """
    sample = text[:_SAMPLE]
    lines = [line for line in sample.split("\n") if line.strip()]
    if len(sample) < len(text):
        lines = lines[:-1]
    for delimiter in "\t;|,":
        rows = list(delimited_rows("\n".join(lines), delimiter))
        widths = {len(row) for row in rows}
        if len(rows) < 3 or len(widths) != 1 or widths == {1}:
            continue
        if delimiter == "|" and not any(row[0].strip() or row[-1].strip() for row in rows):
            rows = [row[1:-1] for row in rows]  # each line begins and ends with a bar
        first = [cell.strip() for cell in rows[0]]
        named = all(first) and is_header(first, rows[1:])
        filled = all(row[0].strip() for row in rows) and sum(any(map(str.strip, row[1:])) for row in rows) == len(rows)
        words = sorted(sum(len(row[column].split()) for row in rows) for column in range(len(first)))
        has_one_text = words[-1] >= 2 * len(rows) and words[-2] <= _LEAST_LEAD * words[-1]
        if filled and has_one_text and (named or (delimiter in "\t|" and len(rows) > 4)):
            return delimiter
    return None


def has_backslash_quotes(text: str, delimiter: str) -> bool:
    """Whether a backslash before a quotation mark says that it belongs to the cell, as in MySQL's files.

    Elsewhere it is written twice, and a backslash may be the last character of a cell.
    """
    if not _BACKSLASH_QUOTE.search(text):
        return False
    sample = text[: 4 * _SAMPLE]
    sample = sample[: sample.rfind("\n") + 1] if len(sample) < len(text) else sample
    doubled = [len(row) for row in delimited_rows(sample, delimiter) if row]
    escaped = [len(row) for row in delimited_rows(sample, delimiter, escape=True) if row]
    return _evenness(escaped) > _evenness(doubled) or (
        _evenness(escaped) == _evenness(doubled) and re.search(r'[^,;\t|\n\\"]""[^,;\t|\n"]', sample) is None
    )


def _evenness(widths: Sequence[int]) -> float:
    return widths.count(statistics.mode(widths)) / len(widths) if widths else 0.0


def quotes_match(text: str) -> bool:
    """Whether quotation marks enclose cells of a TSV; in many they are letters like others, and enclose nothing."""
    return len(re.findall(r'(?:^|\t)"', text, re.MULTILINE)) == len(re.findall(r'"(?:$|\t)', text, re.MULTILINE))


def delimited_rows(
    text: str, delimiter: str, quoting: Any = csv.QUOTE_MINIMAL, *, escape: bool = False, strict: bool = False
) -> Iterator[list[str]]:
    csv.field_size_limit(sys.maxsize)  # of the whole process; the default refuses cells of more than 128 kB
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=quoting,
        strict=strict,
        escapechar="\\" if escape else None,
        doublequote=not escape,
    )
