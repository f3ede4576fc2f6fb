"""Comma-, semicolon- and tab-separated files become tables."""

import csv
import io
import itertools
import re
import statistics
import sys
from collections.abc import Iterator
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.sheets import Sheet, check_cells, check_columns, with_header
from core.text.reading.uploads import LIMITS, Limits

_DELIMITERS = ",;\t|"
_RENAME = "If it is no table but has one document on each line, rename it to .txt."


def read_delimited(text: str, name: str, preferred: str, header: bool | None = None, limits: Limits = LIMITS) -> Sheet:
    """The table in comma- or otherwise separated `text`; `preferred` is the delimiter in case of doubt.

    `header` tells whether the first row names the columns; None guesses.

    Raises:
        CorpusError: a row has more cells than the first one, a quotation mark is not closed, or there are too many
            columns or cells.
    """
    import pandas as pd

    declared = re.match(r"sep=([,;|:\t ])\n", text)  # Excel's own remark on the delimiter
    text = text[declared.end() :] if declared else text
    delimiter = declared[1] if declared else _sniff_delimiter(text, preferred)
    if delimiter is None and '"' in text:
        delimiter = preferred  # cells in quotation marks may hold delimiters and line ends
    if delimiter is None:
        rows = [[line] for line in text.split("\n") if line.strip()]
        return with_header(name, pd.DataFrame(rows, dtype=str), header)
    quoting = csv.QUOTE_MINIMAL if delimiter != "\t" or _quotes_match(text) else csv.QUOTE_NONE
    _check_width(text, name, delimiter, quoting, limits)
    try:
        cells = pd.read_csv(
            io.StringIO(text), sep=delimiter, header=None, dtype=str, keep_default_na=False, quoting=quoting
        )
    except pd.errors.EmptyDataError as error:
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.") from error
    except (pd.errors.ParserError, OverflowError) as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        raise CorpusError(_about_ragged(name, str(error))) from error
    return with_header(name, cells, header, _short_rows(text, name, delimiter, quoting, cells))


def _check_width(text: str, name: str, delimiter: str, quoting: Any, limits: Limits) -> None:
    """Raise `CorpusError` for more columns than a table has, or short rows that a long one makes many cells of."""
    width = max((len(row) for row in itertools.islice(_rows(text, delimiter, quoting), 1)), default=0)
    check_columns(name, width, limits)
    most = max(limits.cells, len(text))  # each cell that is there takes a character
    if (text.count("\n") + 1) * width > most:
        check_cells(name, width * sum(1 for _ in _rows(text, delimiter, quoting)), most)


def _sniff_delimiter(text: str, preferred: str) -> str | None:
    """The delimiter that cuts most rows, the first one above all, in the same number of cells; None: one column."""
    sample = text[:65_536]
    best, best_rank = None, (False, True, 1.0)
    single = True
    for delimiter in preferred + _DELIMITERS.replace(preferred, ""):
        widths = [len(row) for row in itertools.islice(_rows(sample, delimiter), 100) if row]
        if len(sample) < len(text) and len(widths) > 1:
            widths.pop()  # the sample ends in the middle of it
        body = widths[1:] or widths
        if not body:
            return preferred
        width = widths[0] if widths[0] > 1 else statistics.mode(body)
        share = body.count(width) / len(body) if width > 1 else 0.0
        single = single and (widths[0] == 1 or statistics.mode(body) == 1)
        rank = (share > (0.4 if widths[0] == width else 0.6), widths[0] == width, share)
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best or (None if single else preferred)


def _rows(text: str, delimiter: str, quoting: Any = csv.QUOTE_MINIMAL) -> Iterator[list[str]]:
    csv.field_size_limit(sys.maxsize)  # of the whole process; the default refuses cells of more than 128 kB
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)


def _quotes_match(text: str) -> bool:
    """Whether quotation marks enclose cells of a TSV; in many they are letters like others, and enclose nothing."""
    return len(re.findall(r'(?:^|\t)"', text, re.MULTILINE)) == len(re.findall(r'"(?:$|\t)', text, re.MULTILINE))


def _about_ragged(name: str, reason: str) -> str:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", reason)
    if found:
        expected, row, seen = found.groups()
        return (
            f"Row {row} of “{name}” has {seen} cells where the first row has {expected}. Put cells that hold the "
            f"delimiter in quotation marks, and remove lines above the header. {_RENAME}"
        )
    opened = re.search(r"EOF inside string starting at row (\d+)", reason)
    if opened:
        return (
            f"In row {int(opened[1]) + 1} of “{name}” a quotation mark is opened and never closed. Close it, or write "
            f"it twice if it belongs to the text. {_RENAME}"
        )
    return f"“{name}” cannot be read as a table ({reason[:120].strip()}). {_RENAME}"


def _short_rows(text: str, name: str, delimiter: str, quoting: Any, cells: Any) -> str:
    """A note on rows that end early: often a text was cut in two by a line end without quotation marks."""
    width = cells.shape[1]
    if width == 1 or not (cells[width - 1] == "").any():
        return ""
    short = [number for number, row in enumerate(_rows(text, delimiter, quoting), 1) if 0 < len(row) < width]
    if not short:
        return ""
    return (
        f"“{name}” has {count('row', len(short))} with fewer cells than the others (the first is row {short[0]:,}), "
        "filled up with empty cells. Texts with line ends in them belong in quotation marks."
    )
