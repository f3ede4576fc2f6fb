"""Tables as data frames of strings, "" where a cell is empty: their headers, and how JSON files hold them."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import CorpusError
from core.text.reading.cells import write_cell
from core.text.reading.uploads import LIMITS, Limits

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
        cells: DataFrame of str, at least one row and one column.
        first_row: number of the first row of `cells`, as the file's program counts.
        note: what the user should know about the file; "" if all is well.
    """

    name: str
    cells: Any
    first_row: int = 1
    note: str = ""


def with_header(name: str, cells: Any, header: bool | None, note: str = "") -> Sheet:
    """The first row becomes the columns' names if it is a header."""
    first = [cell.strip() for cell in cells.iloc[0]]
    if header is None:
        # A single row is a document, unless it is what is left of a table whose rows are missing.
        known = len(cells) > 1 or any(map(TEXT_NAMES.fullmatch, first))
        header = known and is_header(first, cells.iloc[1:50].values.tolist())
    names = first if header else [""] * cells.shape[1]
    cells.columns = _distinct([column or f"column {number}" for number, column in enumerate(names, 1)])
    if header:
        cells = cells.iloc[1:]
    if not len(cells):
        raise CorpusError(f"“{name}” has a header and no row below it. Upload a table with text in it.")
    return Sheet(name, cells, 2 if header else 1, note)


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row names columns: short texts, no numbers, none that turns up again below as a label does."""
    if not any(first):
        return False
    for column, cell in enumerate(first):
        below = [row[column] for row in rows]
        if len(cell) > 60 or len(cell.split()) > 6 or re.fullmatch(r"[-+]?\d[\d.,:/ -]*", cell):
            return False
        if cell and (cell in below or re.search(r"[.!?…]$", cell)):
            return False
    return True


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


def read_json_lines(text: str, name: str, limits: Limits = LIMITS) -> Sheet:
    """One JSON object or string on each line. Raises `CorpusError` with the number of the line that is neither."""
    records = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            records.append(_record(json.loads(line)))
        except (ValueError, RecursionError) as error:
            raise CorpusError(
                f"Line {number:,} of “{name}” is not a JSON object ({str(error)[:100]}). "
                'Each line must be one, such as {"text": "..."}: correct or remove the line.'
            ) from error
    return _sheet_of_records(records, name, max(limits.cells, len(text)), limits)


def read_json_table(text: str, name: str, limits: Limits = LIMITS) -> Sheet:
    """A JSON array of objects or strings. Raises `CorpusError` if it is not that."""
    try:
        content = json.loads(text)
        if not isinstance(content, list):
            raise ValueError(f"it holds a single {type(content).__name__}")
        records = [_record(item) for item in content]
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            f"“{name}” is not a JSON array of objects ({str(error)[:100]}). "
            'It must look like [{"text": "..."}, ...], or be renamed to .jsonl if there is one object on each line.'
        ) from error
    return _sheet_of_records(records, name, max(limits.cells, len(text)), limits)


def _record(item: Any) -> dict[str, str]:
    if isinstance(item, str):
        item = {"text": item}
    if not isinstance(item, dict):
        raise ValueError(f"it is a {type(item).__name__}")
    record = {str(key): write_cell(value) for key, value in item.items()}
    if any(re.search("[\ud800-\udfff]", part) for pair in record.items() for part in pair):
        raise ValueError("it holds half a character, a lone surrogate such as \\ud83d")
    return record


def _sheet_of_records(records: Sequence[dict[str, str]], name: str, most_cells: int, limits: Limits) -> Sheet:
    import pandas as pd

    if not any(records):
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.")
    columns = {key: None for record in records for key in record}
    check_columns(name, len(columns), limits)
    check_cells(name, len(columns) * len(records), most_cells)
    return Sheet(name, pd.DataFrame({key: [record.get(key, "") for record in records] for key in columns}, dtype=str))
