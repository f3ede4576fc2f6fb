"""Comma-, semicolon- and tab-separated files become tables."""

import csv
import io
import itertools
import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.sheets import (
    MOST_TITLES,
    TEXT_NAMES,
    Sheet,
    about_titles,
    check_cells,
    check_columns,
    is_header,
    with_header,
)
from core.text.reading.uploads import IF_WRONG, LIMITS, Limits

_DELIMITERS = ",;\t|"
_RENAME = "If it is no table but has one document on each line, rename it to .txt."
_SAMPLE = 65_536
_COMMENT = re.compile(r"\s*(?:#|%|;|//)")
_MOST_COMMENTS = 50
_LEAST_LEAD = 0.5
_BACKSLASH_QUOTE = re.compile(r'\\"(?![,;\t|\n]|$)')


@dataclass(frozen=True, slots=True)
class _Dialect:
    """How a table is written.

    Attributes:
        delimiter: None where there is one column only.
        quoting: as the csv module calls it.
        above: lines that stand above the table.
    """

    delimiter: str | None
    quoting: Any = csv.QUOTE_MINIMAL
    above: int = 0


def read_delimited(
    text: str,
    name: str,
    preferred: str,
    header: bool | None = None,
    limits: Limits = LIMITS,
    as_is: bool = False,
) -> Sheet:
    """The table in comma- or otherwise separated `text`.

    Args:
        preferred: the delimiter in case of doubt.
        header: whether the first row names the columns; None guesses.
        as_is: rows above a header belong to the table.

    Raises:
        CorpusError: a row has more cells than the first one, a quotation mark is not closed, or there are too many
            columns or cells.
    """
    import pandas as pd

    dialect, text, above = _find_dialect(text, preferred, as_is or header is False)
    if dialect.delimiter is None:
        numbered = enumerate(text.split("\n"), dialect.above + 1)
        lines = [(number, [line]) for number, line in numbered if line.strip()]
        cells = pd.DataFrame([row for _, row in lines], index=[number for number, _ in lines], dtype=str)
        return with_header(name, cells, header, as_is)
    notes = [about_titles(name, [[line] for line in above])] if above else []
    if not as_is and _has_backslash_quotes(text, dialect.delimiter):
        text = re.sub(r'\\(["\\])', lambda found: '""' if found[1] == '"' else "\\", text)
        said = "quotation marks with a backslash before them, which were read as part of the text"
        notes.append(f"“{name}” has {said}. {IF_WRONG}")
    if dialect.delimiter == "\t":
        dialect = replace(dialect, quoting=csv.QUOTE_MINIMAL if _quotes_match(text) else csv.QUOTE_NONE)
    _check_width(text, name, dialect, limits)
    cells = _parse(text, name, dialect)
    short = _short_rows(text, name, dialect, cells)
    if dialect.above:
        cells.index += dialect.above
    if "\n\n" in text or "\n \n" in text or text.startswith("\n"):
        blank = (cells == "").all(axis=1) if cells.shape[1] > 1 else cells[0].str.strip() == ""
        cells = cells[~blank]
    if not len(cells):
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.")
    sheet = with_header(name, cells, True if above and header is None else header, as_is)
    return replace(sheet, notes=(*notes, *sheet.notes, *([short] if short else [])))


def looks_delimited(text: str) -> str | None:
    """The delimiter of a table in a file that is called a text; None if it is one.

    Tabs make columns where every line has as many; commas and the like, which texts have, only below a header. Where
    two columns have much text, as in a text with its translation, reading one would lose the other.
    """
    sample = text[:_SAMPLE]
    lines = [line for line in sample.split("\n") if line.strip()]
    if len(sample) < len(text):
        lines = lines[:-1]
    for delimiter in "\t;|,":
        rows = list(_rows("\n".join(lines), delimiter))
        widths = {len(row) for row in rows}
        if len(rows) < 3 or len(widths) != 1 or widths == {1}:
            continue
        first = [cell.strip() for cell in rows[0]]
        named = all(first) and is_header(first, rows[1:])
        filled = all(row[0].strip() for row in rows) and sum(any(map(str.strip, row[1:])) for row in rows) == len(rows)
        words = sorted(sum(len(row[column].split()) for row in rows) for column in range(len(first)))
        has_one_text = words[-1] >= 2 * len(rows) and words[-2] <= _LEAST_LEAD * words[-1]
        if filled and has_one_text and (named or (delimiter == "\t" and len(rows) > 4)):
            return delimiter
    return None


def _find_dialect(text: str, preferred: str, whole: bool) -> tuple[_Dialect, str, list[str]]:
    """How `text` is written, what of it is the table, and the lines above that; `whole`: there are none above."""
    declared = re.match(r"sep=([,;|:\t ])\n", text)  # Excel's own remark on the delimiter
    if declared:
        return _Dialect(declared[1], above=1), text[declared.end() :], []
    above = 0 if whole else _count_above(text, preferred)
    lines = text.split("\n", above + _MOST_COMMENTS)
    titles = [line for line in lines[:above] if line.strip()]
    while above < len(lines) - 1 and not lines[above].strip():
        above += 1
    text = "\n".join(lines[above:])
    delimiter = _sniff_delimiter(text, preferred)
    if delimiter is None and '"' in text:
        delimiter = preferred  # cells in quotation marks may hold delimiters and line ends
    return _Dialect(delimiter, above=above), text, titles


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
    for above in dict.fromkeys((comments, *range(1, MOST_TITLES + 2))):
        rest = "\n".join(lines[above:])
        if not above or not rest.strip():
            continue
        delimiter = _sniff_delimiter(rest, preferred)
        if delimiter is None:
            continue
        rows = [row for row in itertools.islice(_rows(rest, delimiter), 50) if row]
        width = len(rows[0])
        even = sum(_fits(row, width) for row in rows)
        if width < 2 or len(rows) < 2 or even < 0.8 * len(rows):
            continue
        before = [_cells(line, delimiter) for line in lines[:above]]
        first = [cell.strip() for cell in rows[0]]
        commented = above == comments and all(len(row) != width for row in before)
        titles: list[str] = [cell.strip() for row in before for cell in row if cell.strip()]
        titled = bool(titles) and max(map(_filled, before)) <= 1 and not any(map(TEXT_NAMES.fullmatch, titles))
        if commented or (titled and _filled(first) > 1 and is_header(first, _even(rows[1:], width))):
            return above
        return 0
    return 0


def _is_comment(line: str) -> bool:
    return not line.strip() or _COMMENT.match(line) is not None


def _cells(line: str, delimiter: str) -> list[str]:
    return next(_rows(line, delimiter), [])


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _even(rows: Sequence[list[str]], width: int) -> list[list[str]]:
    return [(row + [""] * width)[:width] for row in rows]


def _has_backslash_quotes(text: str, delimiter: str) -> bool:
    """Whether a backslash before a quotation mark says that it belongs to the cell, as in MySQL's files.

    Elsewhere it is written twice, and a backslash may be the last character of a cell.
    """
    if not _BACKSLASH_QUOTE.search(text):
        return False
    sample = text[: 4 * _SAMPLE]
    sample = sample[: sample.rfind("\n") + 1] if len(sample) < len(text) else sample
    doubled = [len(row) for row in _rows(sample, delimiter) if row]
    escaped = [len(row) for row in _rows(sample, delimiter, escape=True) if row]
    return _evenness(escaped) > _evenness(doubled) or (
        _evenness(escaped) == _evenness(doubled) and re.search(r'[^,;\t|\n\\"]""[^,;\t|\n"]', sample) is None
    )


def _evenness(widths: Sequence[int]) -> float:
    return widths.count(statistics.mode(widths)) / len(widths) if widths else 0.0


def _parse(text: str, name: str, dialect: _Dialect) -> Any:
    """The cells, numbered from 1; rows that end in empty cells beyond the first row's are cut there."""
    import pandas as pd

    try:
        cells = pd.read_csv(
            io.StringIO(text),
            sep=dialect.delimiter,
            header=None,
            dtype=str,
            keep_default_na=False,
            quoting=dialect.quoting,
            skip_blank_lines=False,
        )
    except pd.errors.EmptyDataError as error:
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.") from error
    except (pd.errors.ParserError, OverflowError) as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        rows, wide = _without_empty_ends(text, dialect)
        if wide:
            raise CorpusError(_about_ragged(name, wide, text)) from error
        if rows is None:
            raise CorpusError(_about_ragged(name, str(error), text)) from error
        cells = pd.DataFrame(rows, dtype=str)
    cells.index += 1
    return cells


def _without_empty_ends(text: str, dialect: _Dialect) -> tuple[list[list[str]] | None, str]:
    """The rows cut to the width of the first one, or which of them has a cell beyond it, as pandas says that.

    None and "" if quotation marks do not match.
    """
    rows, width = [], 0
    try:
        for number, row in enumerate(_rows(text, dialect.delimiter or ",", dialect.quoting, strict=True), 1):
            width = width or len(row)
            if any(cell.strip() for cell in row[width:]):
                return None, f"Expected {width} fields in line {number}, saw {len(row)}"
            rows.append((row + [""] * width)[:width])
    except csv.Error:
        return None, ""
    return rows, ""


def _check_width(text: str, name: str, dialect: _Dialect, limits: Limits) -> None:
    """Raise `CorpusError` for more columns than a table has, or short rows that a long one makes many cells of."""
    delimiter = dialect.delimiter or ","
    width = max((len(row) for row in itertools.islice(_rows(text, delimiter, dialect.quoting), 1)), default=0)
    check_columns(name, width, limits)
    most = max(limits.cells, len(text))  # each cell that is there takes a character
    if (text.count("\n") + 1) * width > most:
        check_cells(name, width * sum(1 for _ in _rows(text, delimiter, dialect.quoting)), most)


def _sniff_delimiter(text: str, preferred: str) -> str | None:
    """The delimiter that cuts most rows, the first one above all, in the same number of cells; None: one column."""
    sample = text[:_SAMPLE]
    best, best_rank = None, (False, True, 1.0)
    single = True
    for delimiter in preferred + _DELIMITERS.replace(preferred, ""):
        rows = [row for row in itertools.islice(_rows(sample, delimiter), 100) if row]
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


def _rows(
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


def _quotes_match(text: str) -> bool:
    """Whether quotation marks enclose cells of a TSV; in many they are letters like others, and enclose nothing."""
    return len(re.findall(r'(?:^|\t)"', text, re.MULTILINE)) == len(re.findall(r'"(?:$|\t)', text, re.MULTILINE))


def _about_ragged(name: str, reason: str, text: str) -> str:
    backslash = " (its quotation marks with a backslash before them may be the reason)" if '\\"' in text else ""
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    if found:
        expected, row, seen = found.groups()
        return (
            f"Row {row} of “{name}” has {seen} cells where the first row has {expected}{backslash}. Put cells that "
            f"hold the delimiter in quotation marks, and remove lines above the header. {_RENAME}"
        )
    opened = re.search(r"EOF inside string starting at row (\d+)", reason)
    if opened:
        return (
            f"In row {int(opened[1]) + 1} of “{name}” a quotation mark is opened and never closed{backslash}. Close "
            f"it, or write it twice if it belongs to the text. {_RENAME}"
        )
    return f"“{name}” cannot be read as a table ({reason[:120].strip()}). {_RENAME}"


def _short_rows(text: str, name: str, dialect: _Dialect, cells: Any) -> str:
    """A note on rows that end early: often a text was cut in two by a line end without quotation marks."""
    width = cells.shape[1]
    if width == 1 or not (cells[width - 1] == "").any():
        return ""
    rows = _rows(text, dialect.delimiter or ",", dialect.quoting)
    short = [number for number, row in enumerate(rows, 1) if 0 < len(row) < width and any(map(str.strip, row))]
    if not short:
        return ""
    return (
        f"“{name}” has {count('row', len(short))} with fewer cells than the others (the first is row {short[0]:,}), "
        "filled up with empty cells. Texts with line ends in them belong in quotation marks."
    )
