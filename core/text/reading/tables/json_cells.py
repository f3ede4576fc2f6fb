"""Cells of a table that hold JSON, as databases export them, become columns; texts under several names become one."""

import json
from collections.abc import Sequence
from typing import Any

from core.text.reading.sheets import TEXT_NAMES, Sheet
from core.text.reading.tables.json_records import fields_of, whole_texts
from core.text.reading.uploads import IF_WRONG

_MOST_FIELDS = 300
"""Of the objects in a column: more are no fields but words of their own."""


def with_json_cells(sheet: Sheet) -> Sheet:
    """`sheet` with columns for the fields of the objects that its cells hold as JSON, and texts for lists in cells."""
    import pandas as pd

    columns: dict[str, list[str]] = {}
    read: list[str] = []
    for column in sheet.cells.columns:
        cells = sheet.cells[column].tolist()
        found = _read_cells(cells)
        if found is None:
            columns[str(column)] = cells
            continue
        try:
            records = [_fields_of_cell(cell, str(column)) for cell in found]
        except (ValueError, RecursionError):  # too deep to be anybody's text
            records = []
        keys = dict.fromkeys(key for record in records for key in record)
        if not 0 < len(keys) <= _MOST_FIELDS:
            columns[str(column)] = cells
            continue
        read.append(str(column))
        for key in keys:
            columns[key] = whole_texts([record.get(key, "") for record in records])
    if not read:
        return sheet
    named = ", ".join(f"“{column}”" for column in read[:3])
    note = f"The cells of {named} in “{sheet.name}” hold JSON, which was read: each field is a column. {IF_WRONG}"
    return Sheet(sheet.name, pd.DataFrame(columns, index=sheet.cells.index, dtype=str), (*sheet.notes, note))


def with_one_text(sheet: Sheet) -> Sheet:
    """`sheet` with the texts of one column where records of several kinds have theirs in fields of different names.

    They are that where no record has two of them.
    """
    cells = {name: sheet.cells[name].tolist() for name in map(str, sheet.cells.columns) if TEXT_NAMES.fullmatch(name)}
    names = sorted(cells, key=lambda name: -sum(map(len, cells[name])))
    said = ["".join(filter(str.strip, row)) for row in zip(*cells.values(), strict=True)]
    if len(names) < 2 or any(sum(map(bool, map(str.strip, row))) > 1 for row in zip(*cells.values(), strict=True)):
        return sheet
    named = " and ".join(f"“{name}”" for name in names[:3]) + (" …" if len(names) > 3 else "")
    note = (
        f"The records of “{sheet.name}” have their texts in fields of several names ({named}), none in two of them: "
        f"they were read as one column, “{names[0]}”. {IF_WRONG}"
    )
    return Sheet(sheet.name, sheet.cells.assign(**{names[0]: said}), (*sheet.notes, note))


def _fields_of_cell(cell: Any, column: str) -> dict[str, str]:
    return {} if cell is None else dict(fields_of({column: cell}))


def _read_cells(cells: Sequence[str]) -> list[Any] | None:
    """What cells of JSON hold, None for one that is empty; None if not every cell is an object or a list."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled or not all(cell.lstrip()[0] in "{[" and cell.rstrip()[-1] in "}]" for cell in filled):
        return None
    found = []
    for cell in cells:
        try:
            found.append(json.loads(cell) if cell.strip() else None)
        except (ValueError, RecursionError):
            return None
    return found
