"""JSON files as tables: a row for each object, a column for each field, also of objects within objects."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.sheets import TEXT_NAMES, Sheet, check_cells, check_columns, with_header
from core.text.reading.tables.cells import write_cell
from core.text.reading.tables.json_records import (
    DEEPEST,
    FACTS,
    HALF,
    check_item,
    kind_of_item,
    record_of,
    said_in,
    whole_texts,
)
from core.text.reading.uploads import LIMITS, Limits

_BETWEEN = re.compile(r"[\s\ufeff]*[,\x1e]?[\s\ufeff]*")
_LOOSE = re.compile(r'"(?:[^"\\]|\\.)*+"?|//[^\n]*|/\*(?:[\s\S]*?\*/|[\s\S]*)|,(?=\s*[\]}])')
"""What strict JSON has not, and texts in which it means nothing: comments, and commas before a closing bracket."""
ASSIGNED = re.compile(r"\s*(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]{0,80}\s{0,9}=\s*(?=[\[{]\s*[\"{\[])")
"""What stands before JSON in a script: archives of Twitter are such."""
_MOST_BAD = 0.1
_FEWEST_NAMED, _MOST_NAMED = 3, 0.8
_CELLS_LOOKED_AT = 200


def read_json_lines(text: str, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """One JSON object, list or string on each line, or over several lines; a few lines that are none are left out.

    Raises `CorpusError` with the number of the first line that is none, where these are many.
    """
    items: list[Any] = []
    numbers: list[int] = []
    bad: dict[int, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
            check_item(item)
            items.append(item)
            numbers.append(number)
        except (ValueError, RecursionError) as error:
            if not bad:
                found = _read_one_after_another(text)
                if found is not None and len(found) > len(items):
                    items, numbers = found, list(range(1, len(found) + 1))
                    break
            bad[number] = str(error)[:100]
    first = next(iter(bad), 0)
    if bad and (len(bad) > max(1, _MOST_BAD * len(items)) or len(items) < 2):
        raise CorpusError(
            f"Line {first:,} of “{name}” is not a JSON object ({bad[first]}). "
            'Each line must be one, such as {"text": "..."}: correct or remove the line.'
        )
    try:
        sheet = _sheet_of_items(items, name, max(limits.cells, len(text)), limits, numbers)
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            f"“{name}” cannot be read as JSON lines ({str(error)[:100]}). Upload its texts alone."
        ) from error
    if not bad:
        return [sheet]
    note = (
        f"“{name}” has {count('line', len(bad))} that {'is' if len(bad) == 1 else 'are'} no JSON and had to be left "
        f"out (the first is line {first:,}: {bad[first]}). Correct {'it' if len(bad) == 1 else 'them'} if you miss "
        "texts."
    )
    return [replace(sheet, notes=(*sheet.notes, note))]


def _read_one_after_another(text: str) -> list[Any] | None:
    """Objects that stand one after another, each over as many lines as it likes; None if these are none."""
    decoder, at, items = json.JSONDecoder(), 0, []
    while (between := _BETWEEN.match(text, at)) and between.end() < len(text):
        try:
            found, at = decoder.raw_decode(text, between.end())
            check_item(found)
            items.append(found)
        except (ValueError, RecursionError):
            return None
    return items


def read_json_table(text: str, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """A JSON array of objects or strings; or an object that holds such arrays, of which each is a table of its own.

    Raises `CorpusError` if it is neither.
    """
    most = max(limits.cells, len(text))
    try:
        content = loads_loosely(text)
    except (ValueError, RecursionError) as error:
        found = _read_one_after_another(text)
        if found is not None and len(found) > 1:
            return [_sheet_of_items(found, name, most, limits)]
        raise _no_table(name, str(error)) from error
    try:
        if isinstance(content, list):
            return [_sheet_of_items(content, name, most, limits)]
        if not isinstance(content, dict):
            raise ValueError(f"it holds a single {kind_of_item(content)}")
        return _sheets_of_object(content, name, most, limits)
    except (ValueError, RecursionError) as error:
        raise _no_table(name, str(error)) from error


def loads_loosely(text: str) -> Any:
    """`json.loads`, of what people write by hand too: with comments, and commas before closing brackets."""
    text = text[assigned.end() :].rstrip().rstrip(";") if (assigned := ASSIGNED.match(text)) else text
    try:
        return json.loads(text)
    except ValueError:
        strict = _LOOSE.sub(lambda found: found[0] if found[0].startswith('"') else " ", text)
        if strict == text:
            raise
        return json.loads(strict)


def _no_table(name: str, reason: str) -> CorpusError:
    return CorpusError(
        f"“{name}” is not a JSON array of objects ({reason[:100]}). "
        'It must look like [{"text": "..."}, ...], or be renamed to .jsonl if there is one object on each line.'
    )


def _sheets_of_object(content: dict[str, Any], name: str, most: int, limits: Limits) -> list[Sheet]:
    """The tables in an object: its columns, the objects that it names, the lists in it, or it is the only row."""
    if "nbformat" in content and isinstance(content.get("cells"), list):
        return [_sheet_of_notebook(content["cells"], name, most, limits)]
    if rows := _rows_below_columns(content):
        return [_sheet_of_items(rows, name, most, limits)]
    if columns := _columns(content):
        return [_sheet_of_records(columns, name, most, limits)]
    if len(content) > 1 and all(isinstance(value, dict) and value for value in content.values()):
        shared = set.intersection(*(set(value) for value in content.values()))
        if shared:
            records = [{"key": str(key), **record_of(value)} for key, value in content.items()]
            return [_sheet_of_records(records, name, most, limits)]
    if _are_named_texts(content):
        return [
            _sheet_of_records([{"key": str(key), "text": text} for key, text in content.items()], name, most, limits)
        ]
    lists = dict(_lists_in(content))
    if not lists:
        return [_sheet_of_records([record_of(content)], name, most, limits)]
    if len(lists) == 1:
        return [_sheet_of_items(next(iter(lists.values())), name, most, limits)]
    sheets = [_sheet_of_items(found, f"{name}, list {path}", most, limits) for path, found in lists.items()]
    said = ", ".join(f"“{path}” ({len(found):,})" for path, found in list(lists.items())[:5])
    note = (
        f"“{name}” holds {count('list', len(lists))}, and each was read: {said}. Upload one alone if not all are texts."
    )
    return [Sheet(sheets[0].name, sheets[0].cells, (note,)), *sheets[1:]]


def _sheet_of_notebook(cells: list[Any], name: str, most: int, limits: Limits) -> Sheet:
    """The text cells of a Jupyter notebook as one row; code and what it printed are left out."""
    texts = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") in ("markdown", "raw")]
    if not texts:
        raise CorpusError(f"“{name}” is a notebook of code alone. Upload one that has text in it.")
    said = ["".join(said_in(cell.get("source"), 1)) for cell in texts]
    sheet = _sheet_of_records([{"text": "\n\n".join(said)}], name, most, limits)
    left_out = len(cells) - len(texts)
    note = f"“{name}” was read as a notebook: {count('cell', left_out)} of code left out, {len(texts):,} of text read."
    return replace(sheet, notes=(note,))


def _rows_below_columns(content: dict[str, Any]) -> list[Any] | None:
    """The rows of an object that names its columns apart, as pandas writes them; None if it is none."""
    columns, rows = content.get("columns"), content.get("data")
    if not isinstance(columns, list) or not isinstance(rows, list) or len(columns) < 1:
        return None
    if not all(isinstance(row, list) and len(row) == len(columns) for row in rows):
        return None
    return [dict(zip(map(str, columns), row, strict=True)) for row in rows]


def _are_named_texts(content: Mapping[str, Any]) -> bool:
    """Whether an object is documents by their names, rather than the fields of one document."""
    values = list(content.values())
    if len(values) < _FEWEST_NAMED or not all(isinstance(value, str) for value in values):
        return False
    if any(TEXT_NAMES.fullmatch(str(key)) or FACTS.fullmatch(str(key)) for key in content):
        return False
    return sum(len(value.split()) > 3 for value in values) >= _MOST_NAMED * len(values)


def _columns(content: dict[str, Any]) -> list[dict[str, str]] | None:
    """The rows of an object of columns, as lists or as pandas writes them; None if it is none."""
    values = list(content.values())
    if len(values) < 2:
        return None
    if all(isinstance(value, list) and not any(isinstance(cell, list | dict) for cell in value) for value in values):
        if len({len(value) for value in values}) > 1 or not values[0]:
            return None
        if not any(map(TEXT_NAMES.fullmatch, content)) and sum(map(_is_table, values)) > 1:
            return None  # two lists of texts rather than two columns, of which one would be lost
        return [record_of(dict(zip(content, row, strict=True))) for row in zip(*values, strict=True)]
    if all(isinstance(value, dict) and value.keys() == values[0].keys() for value in values):
        rows = list(values[0])
        if rows and all(row.isdecimal() for row in rows):
            return [record_of({column: cells[row] for column, cells in content.items()}) for row in rows]
    return None


def _lists_in(content: dict[str, Any], path: str = "", depth: int = 1) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects or texts in an object, and in objects in it, by where they are."""
    for key, value in content.items():
        where = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and _are_named_texts(value):
            yield where, [{"key": str(name), "text": text} for name, text in value.items()]
        elif isinstance(value, dict) and depth < DEEPEST:
            yield from _lists_in(value, where, depth + 1)
        elif isinstance(value, list) and value and _is_table(value):
            yield where, value


def _is_table(items: list[Any]) -> bool:
    """Whether a list holds objects, or texts of several words; a few short strings are tags of the whole."""
    if all(isinstance(item, dict) for item in items):
        return True
    return all(isinstance(item, str) for item in items) and any(len(item.split()) > 3 for item in items)


def _sheet_of_items(
    items: Sequence[Any], name: str, most_cells: int, limits: Limits, numbers: Sequence[int] | None = None
) -> Sheet:
    """A row for each object or text; of lists that are as long as each other, each is a row of cells."""
    if not _are_rows(items):
        return _sheet_of_records([record_of(item) for item in items], name, most_cells, limits, numbers)
    import pandas as pd

    check_columns(name, len(items[0]), limits)
    cells = pd.DataFrame([whole_texts([write_cell(cell) for cell in row]) for row in items], dtype=str)
    cells.index = pd.Index(numbers or range(1, len(items) + 1))
    return with_header(name, cells, None)


def _are_rows(items: Sequence[Any]) -> bool:
    """Whether lists are rows of a table, one cell of which holds a text."""
    if len(items) < 2 or not all(isinstance(item, list) and len(item) == len(items[0]) > 1 for item in items):
        return False
    cells = [cell for item in items[:_CELLS_LOOKED_AT] for cell in item]
    if any(isinstance(cell, list | dict) for cell in cells):
        return False
    texts = [len(cell.split()) > 3 for cell in cells if isinstance(cell, str)]
    # Rows that are all text are the pieces of a conversation.
    return any(texts) and sum(texts) < 0.8 * len(cells)


def _sheet_of_records(
    records: Sequence[dict[str, str]], name: str, most_cells: int, limits: Limits, numbers: Sequence[int] | None = None
) -> Sheet:
    import pandas as pd

    if not any(records):
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.")
    halved = sum(any(HALF.search(cell) for pair in record.items() for cell in pair) for record in records)
    if halved:
        records = [
            dict(zip(whole_texts(list(each)), whole_texts(list(each.values())), strict=True)) for each in records
        ]
    columns = {key: None for record in records for key in record}
    check_columns(name, len(columns), limits)
    check_cells(name, len(columns) * len(records), most_cells)
    cells = {key: [record.get(key, "") for record in records] for key in columns}
    frame = pd.DataFrame(cells, index=numbers or range(1, len(records) + 1), dtype=str)
    if not halved:
        return Sheet(name, frame)
    note = (
        f"“{name}” has half a character, a lone surrogate such as \\ud83d, in {count('row', halved)}; � stands for it."
    )
    return Sheet(name, frame, (note,))
