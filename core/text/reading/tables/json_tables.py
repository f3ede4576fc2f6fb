"""JSON files as tables: a row for each object, a column for each field, also of objects within objects."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.sheets import TEXT_NAMES, Sheet, check_cells, check_columns
from core.text.reading.tables.cells import write_cell
from core.text.reading.uploads import LIMITS, Limits

_DEEPEST = 20
_SPOKEN = re.compile(r"values?|utterances?|msg|say|said|response|reply|question|parts?", re.IGNORECASE)
"""What people call a piece of a conversation, besides what they call a text."""
_ABOUT = re.compile(
    r".*(id|role|type|name|lang|language|date|time|timestamp|created_?at|updated_?at|url|link|model|format|source|status)"
    r"|from|to|speaker|author|user|sender|who|sex|gender|code|key|tool_calls|weight",
    re.IGNORECASE,
)
"""What people call facts about a piece of a conversation."""
_BETWEEN = re.compile(r"[\s\ufeff]*[,\x1e]?[\s\ufeff]*")


def read_json_lines(text: str, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """One JSON object or string on each line, or over several lines.

    Raises `CorpusError` with the number of the line that is neither.
    """
    records, numbers = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            records.append(_record(json.loads(line)))
            numbers.append(number)
        except (ValueError, RecursionError) as error:
            found = _read_one_after_another(text)
            if found is not None and len(found) > len(records):
                records, numbers = found, list(range(1, len(found) + 1))
                break
            raise CorpusError(
                f"Line {number:,} of “{name}” is not a JSON object ({str(error)[:100]}). "
                'Each line must be one, such as {"text": "..."}: correct or remove the line.'
            ) from error
    return [_sheet_of_records(records, name, max(limits.cells, len(text)), limits, numbers)]


def _read_one_after_another(text: str) -> list[dict[str, str]] | None:
    """Objects that stand one after another, each over as many lines as it likes; None if these are none."""
    decoder, at, records = json.JSONDecoder(), 0, []
    while (between := _BETWEEN.match(text, at)) and between.end() < len(text):
        try:
            found, at = decoder.raw_decode(text, between.end())
            records.append(_record(found))
        except (ValueError, RecursionError):
            return None
    return records


def read_json_table(text: str, name: str, limits: Limits = LIMITS) -> list[Sheet]:
    """A JSON array of objects or strings; or an object that holds such arrays, of which each is a table of its own.

    Raises `CorpusError` if it is neither.
    """
    most = max(limits.cells, len(text))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        found = _read_one_after_another(text)
        if found is not None and len(found) > 1:
            return [_sheet_of_records(found, name, most, limits)]
        raise _no_table(name, str(error)) from error
    try:
        if isinstance(content, list):
            return [_sheet_of_records([_record(item) for item in content], name, most, limits)]
        if not isinstance(content, dict):
            raise ValueError(f"it holds a single {_kind(content)}")
        return _sheets_of_object(content, name, most, limits)
    except (ValueError, RecursionError) as error:
        raise _no_table(name, str(error)) from error


def _no_table(name: str, reason: str) -> CorpusError:
    return CorpusError(
        f"“{name}” is not a JSON array of objects ({reason[:100]}). "
        'It must look like [{"text": "..."}, ...], or be renamed to .jsonl if there is one object on each line.'
    )


def _sheets_of_object(content: dict[str, Any], name: str, most: int, limits: Limits) -> list[Sheet]:
    """The tables in an object: its columns, the objects that it names, the lists in it, or it is the only row."""
    if columns := _columns(content):
        return [_sheet_of_records(columns, name, most, limits)]
    if len(content) > 1 and all(isinstance(value, dict) and value for value in content.values()):
        shared = set.intersection(*(set(value) for value in content.values()))
        if shared:
            records = [{"key": str(key), **_record(value)} for key, value in content.items()]
            return [_sheet_of_records(records, name, most, limits)]
    lists = dict(_lists_in(content))
    if not lists:
        return [_sheet_of_records([_record(content)], name, most, limits)]
    if len(lists) == 1:
        return [_sheet_of_records([_record(item) for item in next(iter(lists.values()))], name, most, limits)]
    sheets = [
        _sheet_of_records([_record(item) for item in found], f"{name}, list {path}", most, limits)
        for path, found in lists.items()
    ]
    said = ", ".join(f"“{path}” ({len(found):,})" for path, found in list(lists.items())[:5])
    note = (
        f"“{name}” holds {count('list', len(lists))}, and each was read: {said}. Upload one alone if not all are texts."
    )
    return [Sheet(sheets[0].name, sheets[0].cells, (note,)), *sheets[1:]]


def _columns(content: dict[str, Any]) -> list[dict[str, str]] | None:
    """The rows of an object of columns, as lists or as pandas writes them; None if it is none."""
    values = list(content.values())
    if len(values) < 2:
        return None
    if all(isinstance(value, list) and not any(isinstance(cell, list | dict) for cell in value) for value in values):
        if len({len(value) for value in values}) > 1 or not values[0]:
            return None
        return [_record(dict(zip(content, row, strict=True))) for row in zip(*values, strict=True)]
    if all(isinstance(value, dict) and value.keys() == values[0].keys() for value in values):
        rows = list(values[0])
        if rows and all(row.isdecimal() for row in rows):
            return [_record({column: cells[row] for column, cells in content.items()}) for row in rows]
    return None


def _lists_in(content: dict[str, Any], path: str = "", depth: int = 1) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects or texts in an object, and in objects in it, by where they are."""
    for key, value in content.items():
        where = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _lists_in(value, where, depth + 1)
        elif isinstance(value, list) and value and _is_table(value):
            yield where, value


def _is_table(items: list[Any]) -> bool:
    """Whether a list holds objects, or texts of several words; a few short strings are tags of the whole."""
    if all(isinstance(item, dict) for item in items):
        return True
    return all(isinstance(item, str) for item in items) and any(len(item.split()) > 3 for item in items)


def _kind(value: Any) -> str:
    return {"str": "text", "int": "number", "float": "number", "NoneType": "null", "bool": "yes or no"}.get(
        type(value).__name__, type(value).__name__
    )


def _record(item: Any) -> dict[str, str]:
    """The fields of an object, those of objects in it as "user.name", lists in it as the texts that they hold."""
    if isinstance(item, str):
        item = {"text": item}
    if isinstance(item, list):
        item = {"text": item}
    if not isinstance(item, dict):
        raise ValueError(f"it is a {_kind(item)}")
    record = dict(_fields(item))
    if any(re.search("[\ud800-\udfff]", part) for pair in record.items() for part in pair):
        raise ValueError("it holds half a character, a lone surrogate such as \\ud83d")
    return record


def _fields(item: dict[str, Any], above: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        raise ValueError(f"objects lie in it more than {_DEEPEST} deep")
    for key, value in item.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, dict) and not _is_mapping(value):
            yield from _fields(value, name, depth + 1)
        elif isinstance(value, list | dict):
            items = value if isinstance(value, list) else list(value.values())
            # A text with links in it is a list of strings and objects, which are marks on it.
            is_one_text = {str, dict} <= set(map(type, items)) <= {str, dict}
            yield name, ("" if is_one_text else "\n\n").join(_said(items, depth))
        else:
            yield name, write_cell(value)


def _is_mapping(value: dict[str, Any]) -> bool:
    """Whether an object is a list whose items have names: objects of one kind."""
    items = list(value.values())
    return len(items) > 2 and all(isinstance(item, dict) for item in items) and bool(set.intersection(*map(set, items)))


def _said(value: Any, depth: int) -> Iterator[str]:
    """What people wrote in a list, in its order: not what fields are called, nor who speaks."""
    if depth > _DEEPEST:
        raise ValueError(f"lists lie in it more than {_DEEPEST} deep")
    if isinstance(value, list):
        for each in value:
            yield from _said(each, depth + 1)
    elif isinstance(value, dict):
        spoken = [key for key in value if TEXT_NAMES.fullmatch(str(key)) or _SPOKEN.fullmatch(str(key))]
        for key in spoken or [key for key in value if not _ABOUT.fullmatch(str(key))]:
            if isinstance(value[key], str | list | dict):
                yield from _said(value[key], depth + 1)
    elif value is not None and not isinstance(value, bool):
        yield write_cell(value)


def _sheet_of_records(
    records: Sequence[dict[str, str]], name: str, most_cells: int, limits: Limits, numbers: Sequence[int] | None = None
) -> Sheet:
    import pandas as pd

    if not any(records):
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.")
    columns = {key: None for record in records for key in record}
    check_columns(name, len(columns), limits)
    check_cells(name, len(columns) * len(records), most_cells)
    cells = {key: [record.get(key, "") for record in records] for key in columns}
    return Sheet(name, pd.DataFrame(cells, index=numbers or range(1, len(records) + 1), dtype=str))
