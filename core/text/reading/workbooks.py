"""Spreadsheets of Excel and LibreOffice (.xlsx, .xlsm, .xls, .ods) as tables, one for each sheet that has a row."""

import io
import json
import math
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import IO

from core.errors import CorpusError
from core.prose.numbers import readable_size
from core.system.magic import format_of
from core.text.reading import cells
from core.text.reading.allowances import ENDED_FOR_TIME, seconds_by_size, too_slow
from core.text.reading.formats import check_office
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.sheets import Sheet, check_columns, with_header
from core.text.reading.uploads import Limits, Upload, damaged, encrypted, parsing

# A cell with a formula and no result; a result that is an empty text has t="str".
_NO_RESULT = re.compile(
    rb'<c\b(?![^>]*t="str")[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


def read_workbook(upload: Upload, limits: Limits, header: bool | None = None) -> list[Sheet]:
    """Every sheet of a spreadsheet that has a row; formulas by the results stored with them.

    Raises `CorpusError` if there is none, or the file is damaged or forged.
    """
    is_zip = format_of(upload.data[:512]) == "zip"
    if is_zip:
        check_office(upload, limits)
    note = _about_formulas(upload) if is_zip else ""
    found = _read_cells(upload, limits)
    sheets = []
    for title, rows in found.items():
        if not rows:
            continue
        try:
            name = upload.name if len(found) == 1 else f"{upload.name}, sheet {title}"
            check_columns(name, max(map(len, rows)), limits)
            sheets.append(_sheet(name, rows, header))
        except CorpusError as error:
            raise CorpusError(f"{error} {note}".strip()) from error
    if not sheets:
        raise CorpusError(note or f"“{upload.name}” has no cell with anything in it. Upload a table with text in it.")
    return [replace(sheets[0], note=note), *sheets[1:]]


def _sheet(name: str, rows: Sequence[Sequence[str]], header: bool | None) -> Sheet:
    import pandas as pd

    return with_header(name, pd.DataFrame(rows, dtype=str), header)


def _read_cells(upload: Upload, limits: Limits) -> dict[str, list[list[str]]]:
    """The rows that are not blank of each sheet by its title, read by a process of its own."""
    seconds = math.ceil(limits.file_seconds + seconds_by_size(upload))
    command = [sys.executable, "-P", cells.__file__, str(limits.cells), str(limits.total_bytes), str(seconds)]
    done = subprocess.run(command, input=upload.data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode in ENDED_FOR_TIME:
        raise CorpusError(too_slow(upload.name))
    if done.returncode:  # it was ended for the memory it took
        raise CorpusError(_about_end(upload.name, "too many cells", "", limits))
    sheets: dict[str, list[list[str]]] = {}
    for line in map(json.loads, filter(None, done.stdout.split(b"\n"))):
        if line.get("end"):
            raise CorpusError(_about_end(upload.name, line["end"], line["reason"], limits))
        if "rows" in line:
            sheets.setdefault(line["sheet"], []).extend(line["rows"])
    return sheets


def _about_end(name: str, kind: str, reason: str, limits: Limits) -> str:
    if kind == "encrypted":
        return encrypted(name)
    if kind == "too many cells":
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
                    missing += sum(len(_NO_RESULT.findall(whole)) for whole in _whole_cells(sheet))
    if not missing:
        return ""
    return (
        f"“{upload.name}” holds {missing:,} formulas without their results: their cells are empty here. Open it in "
        "Excel or LibreOffice, save it again, and upload it."
    )


def _whole_cells(file: IO[bytes]) -> Iterator[bytes]:
    """The XML of a sheet, a megabyte or so at a time, cut between cells."""
    tail = b""
    while part := file.read(1 << 20):
        part = tail + part
        end = part.rfind(b"</c>") + 4 if b"</c>" in part else 0
        yield part[:end]
        tail = part[end:][-65_536:]  # no cell is longer
