"""Comma-, semicolon- and tab-separated files become tables."""

import csv
import io
import itertools
import re
from dataclasses import replace
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.sheets import (
    Sheet,
    about_titles,
    check_cells,
    check_columns,
    with_header,
)
from core.text.reading.tables.dialects import (
    Dialect,
    delimited_rows,
    find_dialect,
    has_backslash_quotes,
    quotes_match,
)
from core.text.reading.uploads import IF_WRONG, LIMITS, Limits

_RENAME = "If it is no table but has one document on each line, rename it to .txt."
_MOST_WIDE = 0.2
"""Where a larger part of the rows has cells beyond the first row's, the table is not what its first row says."""
_NAMED_ROWS = 5


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
        CorpusError: many rows have more cells than the first one, a quotation mark is not closed, or there are too
            many columns or cells.
    """
    import pandas as pd

    dialect, text, above = find_dialect(text, preferred, as_is or header is False)
    if dialect.delimiter is None:
        numbered = enumerate(text.split("\n"), dialect.above + 1)
        lines = [(number, [line]) for number, line in numbered if line.strip()]
        cells = pd.DataFrame([row for _, row in lines], index=[number for number, _ in lines], dtype=str)
        return with_header(name, cells, header, as_is)
    notes = [about_titles(name, [[line] for line in above])] if above else []
    if not as_is and has_backslash_quotes(text, dialect.delimiter):
        text = _double_quotes(text)
        said = "quotation marks with a backslash before them, which were read as part of the text"
        notes.append(f"“{name}” has {said}. {IF_WRONG}")
    if dialect.delimiter == "\t":
        dialect = replace(dialect, quoting=csv.QUOTE_MINIMAL if quotes_match(text) else csv.QUOTE_NONE)
    _check_width(text, name, dialect, limits)
    try:
        cells, joined = _parse(text, name, dialect)
    except CorpusError:
        text, said = ("", "") if as_is else _quote_as_usual(text, dialect)
        if not said:
            raise
        cells, joined = _parse(text, name, dialect)
        notes.append(f"“{name}” has {said}. {IF_WRONG}")
    short = _short_rows(text, name, dialect, cells)
    if dialect.above:
        cells.index += dialect.above
    if "\n\n" in text or "\n \n" in text or text.startswith("\n"):
        blank = (cells == "").all(axis=1) if cells.shape[1] > 1 else cells[0].str.strip() == ""
        cells = cells[~blank]
    if not len(cells):
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.")
    sheet = with_header(name, cells, True if above and header is None else header, as_is)
    return replace(sheet, notes=(*notes, *sheet.notes, *filter(None, (joined, short))))


def _double_quotes(text: str) -> str:
    """`text` with quotation marks written twice instead of with a backslash before them.

    Where the backslash stands before n for a line end, too, backslashes stay double, so that none is taken for that.
    """
    kept = "\\\\" if re.search(r"(?<!\\)(?:\\\\)*\\n", text) else "\\"
    written = {'"': '""', "'": "'", "\\": kept}
    return re.sub(r"""\\(["'\\])""", lambda found: written[found[1]], text)


def _quote_as_usual(text: str, dialect: Dialect) -> tuple[str, str]:
    """`text` with its cells quoted as is usual, and what was not; "" where that makes no even table of it.

    Some programs enclose cells in single quotation marks, and some write those within a cell but once: one that has no
    delimiter or line end beside it encloses nothing.
    """
    delimiter = re.escape(dialect.delimiter or ",")
    cell = rf"(?<![^\n{delimiter}])'((?:[^'\n]|''|'(?![\n{delimiter}]|$))*)'(?![^\n{delimiter}])"
    single = re.sub(cell, lambda found: '"' + found[1].replace("''", "'").replace('"', '""') + '"', text)
    ways = {
        "quotation marks within cells that are written once and not twice": _double_inner(text, delimiter),
        "cells in single quotation marks, read like double ones": single,
    }
    for said, changed in ways.items():
        if changed == text:
            continue
        try:
            read = delimited_rows(changed, dialect.delimiter or ",", dialect.quoting, strict=True)
            widths = {len(row) for row in read if row}
        except csv.Error:
            continue
        if len(widths) == 1:
            return changed, said
    return "", ""


def _double_inner(text: str, delimiter: str) -> str:
    return re.sub(rf'(?<=[^\n"{delimiter}])"(?=[^\n"{delimiter}])', '""', text)


def _parse(text: str, name: str, dialect: Dialect) -> tuple[Any, str]:
    """The cells, numbered from 1, each row as wide as the first one, and a note on rows that had to be made so."""
    import pandas as pd

    joined = ""
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
        try:
            rows = list(delimited_rows(text, dialect.delimiter or ",", dialect.quoting, strict=True))
        except csv.Error:  # quotation marks do not match
            raise CorpusError(_about_ragged(name, str(error), text)) from error
        joined = _make_even(rows, name, dialect, text)
        cells = pd.DataFrame(rows, dtype=str)
    cells.index += 1
    return cells, joined


def _make_even(rows: list[list[str]], name: str, dialect: Dialect, text: str) -> str:
    """Give each row the width of the first one, and say of which that took more than empty cells.

    A cell too many comes of a delimiter in a text without quotation marks, so it goes back there: nothing is lost, and
    the cells behind the text stand below their names again.

    Raises:
        CorpusError: too many rows have cells beyond the first one's.
    """
    width = next(filter(None, map(len, rows)), 0)
    wide = [place for place, row in enumerate(rows) if any(map(str.strip, row[width:]))]
    if len(wide) > _MOST_WIDE * (len(rows) - 1):
        reason = f"Expected {width} fields in line {wide[0] + 1}, saw {len(rows[wide[0]])}"
        raise CorpusError(_about_ragged(name, reason, text))
    column = _column_of_texts([row for row in rows[1:] if len(row) == width], width) if wide else 0
    for place in wide:
        row = rows[place]
        while len(row) > width and not row[-1].strip():
            row.pop()
        end = column + len(row) - width + 1
        row[column:end] = [(dialect.delimiter or ",").join(row[column:end])]
    rows[:] = [(row + [""] * width)[:width] for row in rows]
    if not wide:
        return ""
    numbers = ", ".join(f"{place + dialect.above + 1:,}" for place in wide[:_NAMED_ROWS])
    more = " …" if len(wide) > _NAMED_ROWS else ""
    first = " ".join(rows[wide[0]][column].split())[:60]
    return (
        f"“{name}” has {count('row', len(wide))} with more cells than the others "
        f"({'row' if len(wide) == 1 else 'rows'} {numbers}{more}): they were joined in column {column + 1}, that of "
        f"the texts (“{first}”). Cells that hold the delimiter belong in quotation marks."
    )


def _column_of_texts(rows: list[list[str]], width: int) -> int:
    """The place of the column with the most words, the last of several."""
    words = [sum(len(row[column].split()) for row in rows) for column in range(width)]
    return max(range(width), key=lambda column: (words[column], column))


def _check_width(text: str, name: str, dialect: Dialect, limits: Limits) -> None:
    """Raise `CorpusError` for more columns than a table has, or short rows that a long one makes many cells of."""
    delimiter = dialect.delimiter or ","
    width = max((len(row) for row in itertools.islice(delimited_rows(text, delimiter, dialect.quoting), 1)), default=0)
    check_columns(name, width, limits)
    most = max(limits.cells, len(text))  # each cell that is there takes a character
    if (text.count("\n") + 1) * width > most:
        check_cells(name, width * sum(1 for _ in delimited_rows(text, delimiter, dialect.quoting)), most)


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


def _short_rows(text: str, name: str, dialect: Dialect, cells: Any) -> str:
    """A note on rows that end early: often a text was cut in two by a line end without quotation marks."""
    width = cells.shape[1]
    if width == 1 or not (cells[width - 1] == "").any():
        return ""
    rows = delimited_rows(text, dialect.delimiter or ",", dialect.quoting)
    short = [number for number, row in enumerate(rows, 1) if 0 < len(row) < width and any(map(str.strip, row))]
    if not short:
        return ""
    return (
        f"“{name}” has {count('row', len(short))} with fewer cells than the others (the first is row {short[0]:,}), "
        "filled up with empty cells. Texts with line ends in them belong in quotation marks."
    )
