"""What the cells of a spreadsheet hold, as text.

The library that reads them is compiled and lays every sheet out whole: two cells far apart, in a file of 5 kB, take all
the memory there is, and the process with it. So `read_cells` is called in a process of its own
(core.text.reading.bounded), and this module imports nothing of the rest.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

_ROWS_AT_ONCE = 1000
_CONTENT = "content.xml"
_BLANK = re.compile(rb"<text:(s|tab|line-break)\b[^<>]{0,200}/>")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def write_cell(value: Any) -> str:
    """A single value as people write it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def read_cells(data: bytes, most_cells: int, most_characters: int) -> Iterator[object]:
    """One or more `{"sheet": title, "hidden": bool, "rows": [[number, [cell, ...]], ...]}` of each sheet, then the end.

    Rows are numbered as their program numbers them; those without anything in them are left out.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_object(io.BytesIO(_with_blanks(data)))
    if not book.sheets_metadata:
        yield {"end": "damaged", "reason": "it lists no sheet"}
        return
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.height * sheet.width > most_cells:
            yield {"end": "too large", "reason": about.name}
            return
        found = {"sheet": _title(about.name), "hidden": about.visible != SheetVisibleEnum.Visible}
        rows: list[tuple[int, list[str]]] = []
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = [write_cell(value) for value in row]
            if any(cell.strip() for cell in cells):
                rows.append((number, cells))
                most_characters -= sum(map(len, cells))
            if most_characters < 0:  # a text that the file holds once can be in every cell
                yield {"end": "too much text", "reason": about.name}
                return
            if len(rows) == _ROWS_AT_ONCE:
                yield {**found, "rows": rows}
                rows = []
        yield {**found, "rows": rows}
    yield {"end": ""}


def _with_blanks(data: bytes) -> bytes:
    """An OpenDocument file with blanks and line ends for the elements that stand for them, which the library drops."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if _CONTENT not in book.namelist() or not _BLANK.search(content := book.read(_CONTENT)):
                return data
            written = io.BytesIO()
            with zipfile.ZipFile(written, "w") as copy:
                for info in book.infolist():
                    changed = info.filename == _CONTENT
                    copy.writestr(info, _BLANK.sub(_blank, content) if changed else book.read(info))
    except zipfile.BadZipFile:
        return data  # another format, or one that the library will say is damaged
    return written.getvalue()


def _blank(found: re.Match[bytes]) -> bytes:
    return b"\n" if found[1] == b"line-break" else b" "


def _title(name: str) -> str:
    """The sheet's name as Excel shows it, which writes characters of control as _x000D_."""
    return " ".join(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), name).split()) if "_x" in name else name
