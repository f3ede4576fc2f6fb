"""What the cells of a spreadsheet hold, as text; run as a script, it is the process that opens spreadsheets.

The library that reads them is compiled and lays every sheet out whole: two cells far apart, in a file of 5 kB, take all
the memory there is, and the process with it. So it runs in a process of its own, within limits of memory and time: a
forged file can end that process only. To standard output go lines of JSON: one or more `{"sheet": title, "rows":
[[cell, ...], ...]}` of each sheet, then `{"end": kind, "reason": text}`, which says what went wrong, or `{"end": ""}`.
"""

import ctypes
import io
import json
import signal
import sys
from collections.abc import Iterator
from typing import Any

_ROWS_AT_ONCE = 1000
_PR_SET_PDEATHSIG = 1
_KINDS = {"PasswordError": "encrypted", "MemoryError": "too many cells"}
_BESIDES, _BYTES_OF_A_CELL = 256_000_000, 64


def write_cell(value: Any) -> str:
    """A value as people write it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\0", "\ufffd")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _main() -> None:
    """Read a spreadsheet from standard input.

    Arguments: the most cells of a sheet, characters of all, and seconds of computing.
    """
    most_cells, most_characters, seconds = map(int, sys.argv[1:])
    _end_with_parent()
    _limit(_BESIDES + _BYTES_OF_A_CELL * most_cells + 2 * most_characters, seconds)
    try:
        for line in _read(sys.stdin.buffer.read(), most_cells, most_characters):
            _write(line)
    except BaseException as error:  # a panic of the library is no Exception
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        _write({"end": _KINDS.get(type(error).__name__, "damaged"), "reason": reason})


def _end_with_parent() -> None:
    """Have Linux end this process when the one that waits for it is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    except (ImportError, ValueError, OSError):  # not on this system; the process is still one of its own
        pass


def _write(line: object) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _read(data: bytes, most_cells: int, most_characters: int) -> Iterator[object]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_object(io.BytesIO(data))
    if not book.sheets_metadata:
        yield {"end": "damaged", "reason": "it lists no sheet"}
        return
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        if sheet.height * sheet.width > most_cells:
            yield {"end": "too many cells", "reason": about.name}
            return
        rows: list[list[str]] = []
        for row in sheet.iter_rows():
            cells = [write_cell(value) for value in row]
            if any(cell.strip() for cell in cells):
                rows.append(cells)
                most_characters -= sum(map(len, cells))
            if most_characters < 0:  # a text that the file holds once can be in every cell
                yield {"end": "too much text", "reason": about.name}
                return
            if len(rows) == _ROWS_AT_ONCE:
                yield {"sheet": about.name, "rows": rows}
                rows = []
        yield {"sheet": about.name, "rows": rows}
    yield {"end": ""}


if __name__ == "__main__":
    _main()
