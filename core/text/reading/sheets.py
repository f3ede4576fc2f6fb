"""Tables as data frames of strings, "" where a cell is empty, and what names their columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.uploads import IF_WRONG, Limits

TEXT_NAMES = re.compile(
    r"(full|raw|clean)?[ _-]*(texts?|contents?|body|reviews?|comments?|messages?|documents?|articles?|abstracts?|"
    r"descriptions?|sentences?|tweets?|posts?|transcripts?|answers?|paragraphs?)([ _-]*(text|body))?",
    re.IGNORECASE,
)
"""What people call a column of texts."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One table of a file.

    Attributes:
        name: of the file, and the sheet where it has several.
        cells: DataFrame of str, at least one row and one column; its index numbers rows as the file's program does.
        notes: what the user should know about the table.
        names: the column that names its documents where no other is chosen; "" where rows are numbered.
    """

    name: str
    cells: Any
    notes: tuple[str, ...] = ()
    names: str = ""


_FIGURE = re.compile(r"[-+]?\d[-\d.,:/ T%+]{0,30}(?:\s?[AaPp]\.?[Mm]\.?)?(?:Z|\s?(?:GMT|UTC|MEZ|CET)[+-]?[\d:]{0,5})?")
"""A number, date or time."""
MOST_TITLES = 5
"""More rows above a header are no title."""


def with_header(name: str, cells: Any, header: bool | None, as_is: bool = False) -> Sheet:
    """The first row becomes the columns' names if it is a header; rows with a title above it are left out.

    Args:
        cells: DataFrame of str, numbered by its index; without blank rows.
        header: whether the first row, below titles, names the columns; None guesses.
        as_is: nothing is a title.
    """
    n_titles = 0
    if not as_is and header is not False:
        start = cells.iloc[: MOST_TITLES + 50]
        n_titles = count_titles(start.values.tolist(), start.index.tolist())
    titles, cells = cells.iloc[:n_titles], cells.iloc[n_titles:]
    first = [cell.strip() for cell in cells.iloc[0]]
    if header is None:
        # A single row is a document, unless it is what is left of a table whose rows are missing.
        known = len(cells) > 1 or any(map(TEXT_NAMES.fullmatch, first))
        header = n_titles > 0 or (known and is_header(first, cells.iloc[1:50].values.tolist()))
    names = first if header else [""] * cells.shape[1]
    cells = cells.iloc[1:] if header else cells.copy(deep=False)
    cells.columns = _distinct([column or f"column {number}" for number, column in enumerate(names, 1)])
    if not len(cells):
        raise CorpusError(f"“{name}” has a header and no row below it. Upload a table with text in it.")
    return Sheet(name, cells, (about_titles(name, titles.values.tolist()),) if n_titles else ())


def count_titles(rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> int:
    """How many rows stand above the header and are no part of the table: with hardly a cell, over a fuller header.

    Where a row is left blank between the two, the rows below need not all be fuller: they may have merged cells.
    """
    filled = [sum(map(bool, map(str.strip, row))) for row in rows]
    for number in range(1, min(MOST_TITLES, len(rows) - 2) + 1):
        body = sorted(filled[number + 1 :])
        most = max(1, filled[number] // 2) if filled[number] > 3 else 1
        is_apart = numbers[number] > numbers[number - 1] + 1
        fuller = filled[number] >= 2 and body[-1 if is_apart else len(body) // 2] > most
        if fuller and max(filled[:number]) <= most:
            first, below = [cell.strip() for cell in rows[number]], rows[number + 1 :]
            return number if is_header(first, below) else 0
    return 0


def about_titles(name: str, titles: Sequence[Sequence[str]]) -> str:
    """A note on the rows above a header that were left out."""
    said = " ".join(cell.strip() for row in titles for cell in row if cell.strip())
    rows = count("row", len(titles))
    return f"“{name}” has {rows} above its header, left out as no part of the table (“{said[:60]}”). {IF_WRONG}"


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row names columns: short texts, no numbers, none that turns up again below as a label does.

    Where a word stands above nothing but numbers and dates, the others may be long: the questions of a survey.
    """
    if not any(first):
        return False
    columns = [[row[column] for row in rows] for column in range(len(first))]
    is_survey = all(first) and any(map(_is_name_above_figures, first, columns))
    for column, (cell, below) in enumerate(zip(first, columns, strict=True)):
        if not is_survey and (len(cell) > 60 or len(cell.split()) > 6):
            return False
        if re.fullmatch(r"[-+]?\d[\d.,:/ -]*", cell) and not (column and _is_year_above_texts(cell, below)):
            return False
        if cell and (cell in below or (not is_survey and re.search(r"[.!?…]$|^[#@]\w+\s", cell))):
            return False
    return True


def _is_name_above_figures(cell: str, below: Sequence[str]) -> bool:
    """Whether a word stands above two numbers, dates or times or more, and nothing else."""
    filled = [each.strip() for each in below if each.strip()]
    is_name = re.fullmatch(r"[^\W\d_]{3,}[^\d]{0,40}", cell) is not None and cell.lower() not in ("nan", "none", "null")
    return is_name and len(filled) > 1 and all(map(_FIGURE.fullmatch, filled))


def _is_year_above_texts(cell: str, below: Sequence[str]) -> bool:
    """Whether a year names a column of texts: the answers of 2019, those of 2020."""
    texts = sum(len(each.split()) > 2 for each in below)
    return re.fullmatch("1[5-9]\\d\\d|20\\d\\d", cell) is not None and texts > 0.5 * len(below)


def _distinct(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct if len(set(distinct)) == len(distinct) else [f"column {n}" for n in range(1, len(names) + 1)]


def check_columns(name: str, columns: int, limits: Limits) -> None:
    """Raise `CorpusError` for more columns than any program writes."""
    if columns > limits.columns:
        raise CorpusError(
            f"“{name}” has {columns:,} columns; a table may have {limits.columns:,}. Upload the column with the "
            "texts alone, or rename it to .txt if it is no table."
        )


def check_cells(name: str, cells: int, most: int) -> None:
    """Raise `CorpusError` if a table, with the empty cells that fill it up, would have more than `most` cells."""
    if cells > most:
        raise CorpusError(
            f"“{name}” would have {cells:,} cells, nearly all of them empty: some rows have far more than others. "
            "Upload the column with the texts alone."
        )
