"""Spreadsheets of Excel and LibreOffice (.xlsx, .xlsm, .xls, .ods) as tables, one for each sheet that has a row."""

import html
import io
import math
import re
import struct
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO

from core.errors import CorpusError
from core.prose.numbers import count, readable_size
from core.system.magic import format_of
from core.text.reading.allowances import ENDED_FOR_TIME, seconds_by_size, too_slow
from core.text.reading.bounded import Ended, read_bounded
from core.text.reading.formats.office import check_office
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.sheets import Sheet, check_columns, with_header
from core.text.reading.tables.old_workbooks import Hidden, find_hidden
from core.text.reading.uploads import IF_WRONG, Limits, Upload, damaged, encrypted, parsing

_BYTES_OF_A_CELL = 64

# A cell with a formula and no result; a result that is an empty text has t="str".
_NO_RESULT = re.compile(
    rb'<c\b(?![^>]*t="str")[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_PARTS = re.compile(rb"<(?:\w{1,20}:)?(row|col)\b([^<>]{1,2000})>")
_CONTENT = "content.xml"
_TABLE_PARTS = re.compile(rb"<table:(table-row|table-column|table)(?=[ \t\r\n/>])([^<>]{0,4000})>")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_SHEET = re.compile(rb"<(?:\w{1,20}:)?(?:sheet|Relationship)\b([^<>]{1,4000})>")
_ATTRIBUTE = re.compile(rb"""([\w:-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_LONGEST_LIST = 1_000_000


def read_workbook(upload: Upload, limits: Limits, header: bool | None = None, as_is: bool = False) -> list[Sheet]:
    """Every sheet of a spreadsheet that has a row; formulas by the results stored with them.

    Hidden sheets are left out and named, unless all are hidden or the file is to be read `as_is`. Hidden rows and
    columns are read and counted: a filter that was left on hides them as well, and would take most of a table along.

    Raises `CorpusError` if there is none, or the file is damaged or forged.
    """
    is_zip = format_of(upload.data[:512]) == "zip"
    if is_zip:
        check_office(upload, limits)
    note = _about_formulas(upload) if is_zip else ""
    found = {title: sheet for title, sheet in _read_cells(upload, limits).items() if sheet.rows}
    hidden = [title for title, sheet in found.items() if sheet.hidden]
    if as_is or len(hidden) == len(found):
        hidden = []
    sheets = []
    for title, sheet in found.items():
        if title in hidden:
            continue
        try:
            name = upload.name if len(found) - len(hidden) == 1 else f"{upload.name}, sheet {title}"
            check_columns(name, max(len(row) for _, row in sheet.rows), limits)
            sheets.append(_sheet(name, sheet.rows, header, as_is))
        except CorpusError as error:
            raise CorpusError(f"{error} {note}".strip()) from error
    if not sheets:
        raise CorpusError(note or f"“{upload.name}” has no cell with anything in it. Upload a table with text in it.")
    notes = [note] if note else []
    if hidden:
        named = ", ".join(f"“{title}”" for title in hidden[:3]) + (" …" if len(hidden) > 3 else "")
        notes.append(f"“{upload.name}” has {count('hidden sheet', len(hidden))}, left out ({named}). {IF_WRONG}")
    if said := _about_hidden(upload, {title: sheet.rows for title, sheet in found.items()}, hidden):
        notes.append(said)
    return [replace(sheets[0], notes=(*notes, *sheets[0].notes)), *sheets[1:]]


@dataclass(slots=True)
class _Rows:
    """The rows of a sheet that are not blank, numbered as its program does."""

    hidden: bool
    rows: list[tuple[int, list[str]]]


def _sheet(name: str, rows: Sequence[tuple[int, list[str]]], header: bool | None, as_is: bool) -> Sheet:
    import pandas as pd

    cells = pd.DataFrame([row for _, row in rows], index=[number for number, _ in rows], dtype=str)
    return with_header(name, cells, header, as_is)


def _read_cells(upload: Upload, limits: Limits) -> dict[str, _Rows]:
    """Each sheet by its title, read by a process of its own."""
    seconds = math.ceil(limits.file_seconds + seconds_by_size(upload))
    memory = _BYTES_OF_A_CELL * limits.cells + 2 * limits.total_bytes
    most = (limits.cells, limits.total_bytes)
    sheets: dict[str, _Rows] = {}
    try:
        for found in read_bounded("core.text.reading.tables.cells.read_cells", upload.data, most, memory, seconds):
            if found.get("end"):
                raise CorpusError(_about_end(upload.name, found["end"], found["reason"], limits))
            if "rows" in found:
                sheet = sheets.setdefault(found["sheet"], _Rows(found["hidden"], []))
                sheet.rows.extend((number, row) for number, row in found["rows"])
    except Ended as ended:
        if ended.exit_code in ENDED_FOR_TIME:
            raise CorpusError(too_slow(upload.name)) from ended
        # It was ended for the memory it took.
        raise CorpusError(_about_end(upload.name, "too large", "", limits)) from ended
    return sheets


def _about_end(name: str, kind: str, reason: str, limits: Limits) -> str:
    if kind == "encrypted":
        return encrypted(name)
    if kind == "too large":
        return (
            f"“{name}” has more than {limits.cells:,} cells, empty ones between others among them. Keep the column "
            "with the texts, or save it as .csv."
        )
    if kind == "too much text":
        return f"“{name}” holds more than {readable_size(limits.total_bytes)} of text. Upload a part of it."
    return damaged(name, "a spreadsheet", reason, SAVE_AGAIN)


def _about_formulas(upload: Upload) -> str:
    """A note on formulas that were never calculated, which have no results to read; "" if there are none."""
    missing = 0
    with parsing(upload.name, "a spreadsheet", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as book:
        for part in book.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                with book.open(part) as sheet:
                    missing += sum(len(_NO_RESULT.findall(whole)) for whole in _whole_parts(sheet, b"</c>"))
    if not missing:
        return ""
    their = "its result" if missing == 1 else "their results"
    return (
        f"“{upload.name}” holds {count('formula', missing)} without {their}: "
        "such cells are empty here. Open it in Excel or LibreOffice, save it again, and upload it."
    )


def _about_hidden(upload: Upload, found: Mapping[str, Sequence[tuple[int, list[str]]]], out: Collection[str]) -> str:
    """A note on the hidden rows and columns of sheets but for those left `out`; "" if there are none."""
    said = []
    with parsing(upload.name, "a spreadsheet", SAVE_AGAIN):
        for title, hidden in _hidden_in(upload.data):
            if title in out or title not in found:
                continue
            width = max(len(row) for _, row in found[title])
            filled = [number for number, _ in found[title]]
            rows = sum(bisect_right(filled, last) - bisect_left(filled, first) for first, last in hidden.rows)
            columns = sum(max(0, min(last, width) - first + 1) for first, last in hidden.columns)
            if rows or columns:
                counted = [count(f"hidden {what}", n) for what, n in (("row", rows), ("column", columns)) if n]
                said.append(f"{' and '.join(counted)} in sheet “{title}”")
    if not said:
        return ""
    return (
        f"“{upload.name}” has {', '.join(said[:3])}{' …' if len(said) > 3 else ''}, read like the others. "
        "Delete in its program what is not to be read, and upload it again."
    )


def _hidden_in(data: bytes) -> Iterator[tuple[str, Hidden]]:
    """What is hidden in each sheet of a file that could be read."""
    if format_of(data[:512]) == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            yield from _hidden_in_opendocument(book) if _CONTENT in book.namelist() else _hidden_in_excel(book)
    else:
        with suppress(ValueError, IndexError, struct.error):  # nothing of its text is there
            yield from find_hidden(data)


def _hidden_in_excel(book: zipfile.ZipFile) -> Iterator[tuple[str, Hidden]]:
    """What is hidden in each sheet of Excel's."""
    for title, part in _parts(book).items():
        hidden = Hidden()
        with book.open(part) as sheet:
            for kind, about in (tag for whole in _whole_parts(sheet, b"</c>") for tag in _PARTS.findall(whole)):
                if not _HIDDEN.search(about):
                    continue
                told = _attributes(about)
                if kind == b"row":
                    hidden.rows.append((_number(told, "r"), _number(told, "r")))
                else:
                    hidden.columns.append((_number(told, "min"), _number(told, "max")))
        yield title, hidden


def _hidden_in_opendocument(book: zipfile.ZipFile) -> Iterator[tuple[str, Hidden]]:
    """What is hidden in each sheet of LibreOffice's, or filtered; rows and columns stand in order, without numbers."""
    title, hidden = "", Hidden()
    rows = columns = 0
    with book.open(_CONTENT) as content:
        for kind, about in (tag for whole in _whole_parts(content, b">") for tag in _TABLE_PARTS.findall(whole)):
            told = _attributes(about)
            if kind == b"table":
                yield title, hidden
                title, hidden, rows, columns = " ".join(told.get("table:name", "").split()), Hidden(), 0, 0
            elif kind == b"table-row":
                first, rows = rows + 1, rows + max(1, _number(told, "table:number-rows-repeated"))
                if told.get("table:visibility", "visible") != "visible":
                    hidden.rows.append((first, rows))
            else:
                first, columns = columns + 1, columns + max(1, _number(told, "table:number-columns-repeated"))
                if told.get("table:visibility", "visible") != "visible":
                    hidden.columns.append((first, columns))
    yield title, hidden


def _parts(book: zipfile.ZipFile) -> dict[str, str]:
    """The file in `book` of each sheet of Excel's, by its title."""
    names, lists = set(book.namelist()), ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    if not names.issuperset(lists):
        return {}
    sheets, files = (
        [_attributes(about) for about in _SHEET.findall(book.open(part).read(_LONGEST_LIST))] for part in lists
    )
    targets = {each.get("Id", ""): each.get("Target", "") for each in files}
    found = {}
    for each in sheets:
        own = next((value for name, value in each.items() if name.endswith(":id")), "")
        target = targets.get(own, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            found[" ".join(each.get("name", "").split())] = part
    return found


def _number(told: Mapping[str, str], name: str) -> int:
    found = re.fullmatch(r"[0-9]{1,7}", told.get(name, ""))
    return int(found[0]) if found else 0


def _attributes(about: bytes) -> dict[str, str]:
    told = _ATTRIBUTE.findall(about)
    return {
        name.decode("utf-8", "replace"): html.unescape((one or other).decode("utf-8", "replace"))
        for name, one, other in told
    }


def _whole_parts(file: IO[bytes], end: bytes) -> Iterator[bytes]:
    """XML, a megabyte or so at a time, cut where `end` ends."""
    tail = b""
    while part := file.read(1 << 20):
        part = tail + part
        at = part.rfind(end) + len(end) if end in part else 0
        yield part[:at]
        tail = part[at:][-65_536:]  # no cell is longer
