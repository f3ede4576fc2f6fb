"""Tables as data frames of strings, "" where a cell is empty: their headers, and how JSON and Excel files hold them."""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from core.errors import CorpusError
from core.text.reading.formats import check_office
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import Limits, Upload, parsing

TEXT_NAMES = re.compile(
    r"(full|raw|clean)?[ _-]*(texts?|contents?|body|reviews?|comments?|messages?|documents?|articles?|abstracts?|"
    r"descriptions?|sentences?|tweets?|posts?|transcripts?|answers?|paragraphs?)([ _-]*(text|body))?",
    re.IGNORECASE,
)
"""What people call a column of texts."""

# A cell with a formula and no result; a result that is an empty text has t="str".
_NO_RESULT = re.compile(
    rb'<c\b(?![^>]*t="str")[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)


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


def read_json_lines(text: str, name: str) -> Sheet:
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
    return _sheet_of_records(records, name)


def read_json(text: str, name: str) -> Sheet:
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
    return _sheet_of_records(records, name)


def _record(item: Any) -> dict[str, str]:
    if isinstance(item, str):
        item = {"text": item}
    if not isinstance(item, dict):
        raise ValueError(f"it is a {type(item).__name__}")
    record = {str(key): _cell(value) for key, value in item.items()}
    if any(re.search("[\ud800-\udfff]", part) for pair in record.items() for part in pair):
        raise ValueError("it holds half a character, a lone surrogate such as \\ud83d")
    return record


def _sheet_of_records(records: Sequence[dict[str, str]], name: str) -> Sheet:
    import pandas as pd

    if not any(records):
        raise CorpusError(f"“{name}” is a table without a row. Upload one with text in it.")
    columns = {key: None for record in records for key in record}
    return Sheet(name, pd.DataFrame({key: [record.get(key, "") for record in records] for key in columns}, dtype=str))


def _cell(value: Any) -> str:
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


def read_workbook(upload: Upload, limits: Limits, header: bool | None = None) -> list[Sheet]:
    """Every sheet of an Excel file that has a row; formulas by the results stored with them.

    Raises `CorpusError` if there is none, or the file is damaged or forged.
    """
    check_office(upload, limits)
    note = _about_formulas(upload)
    sheets = []
    with parsing(upload.name, "an Excel file", SAVE_AGAIN):
        import openpyxl

        book = openpyxl.load_workbook(io.BytesIO(upload.data), read_only=True, data_only=True)
        for page in book.worksheets:
            # what the file says about its size is often wrong, and an easy way to exhaust memory
            page.reset_dimensions()
            name = upload.name if len(book.worksheets) == 1 else f"{upload.name}, sheet {page.title}"
            try:
                sheet = _sheet_of_rows(page.iter_rows(values_only=True), name, limits, header)
            except CorpusError as error:
                raise CorpusError(f"{error} {note}".strip()) from error
            if sheet:
                sheets.append(sheet)
        if not sheets:
            raise CorpusError(
                note or f"“{upload.name}” has no cell with anything in it. Upload a table with text in it."
            )
    return [replace(sheets[0], note=note), *sheets[1:]]


def _sheet_of_rows(rows: Iterator[Sequence[Any]], name: str, limits: Limits, header: bool | None) -> Sheet | None:
    import pandas as pd

    kept: list[list[str]] = []
    cells = 0
    for row in rows:
        cells += len(row) + 1
        if cells > limits.cells:
            raise CorpusError(
                f"“{name}” has more than {limits.cells:,} cells. Keep the column with the texts, or save it as .csv."
            )
        values = [_cell(value) for value in row]
        if any(value.strip() for value in values):
            kept.append(values)
    if not kept:
        return None
    width = max(map(len, kept))
    frame = pd.DataFrame([row + [""] * (width - len(row)) for row in kept], dtype=str)
    return with_header(name, frame, header)


def _about_formulas(upload: Upload) -> str:
    """A note on formulas that were never calculated, which have no results to read; "" if there are none."""
    missing = 0
    with parsing(upload.name, "an Excel file", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as book:
        for part in book.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part):
                with book.open(part) as cells:
                    missing += sum(len(_NO_RESULT.findall(whole)) for whole in _whole_cells(cells))
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
