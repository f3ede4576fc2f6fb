"""What is in one file: running text or tables, whatever its format."""

from dataclasses import dataclass

from core.errors import CorpusError
from core.progress import Progress, silent
from core.text.reading.delimited import read_delimited
from core.text.reading.encodings import Decoded, decode
from core.text.reading.formats import declared_encoding, text_of_docx, text_of_html, text_of_pdf
from core.text.reading.kinds import TextKind, kind_of, text_kind_of
from core.text.reading.sheets import Sheet, read_json_lines, read_json_table
from core.text.reading.units import has_words
from core.text.reading.uploads import Limits, Upload, check_size
from core.text.reading.workbooks import read_workbook

_PREVIEW_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Content:
    """What is in one file: running text, or sheets.

    Attributes:
        encoding: of a text file, as used; "" for other formats.
        sample: text around the first character outside ASCII, if the encoding is a guess or the user's choice.
        note: what the user should know about the file; "" if all is well.
    """

    text: str = ""
    sheets: tuple[Sheet, ...] = ()
    encoding: str = ""
    sample: str = ""
    note: str = ""


def read_content(
    file: Upload,
    limits: Limits,
    encoding: str | None = None,
    header: bool | None = None,
    progress: Progress = silent,
    *,
    only_start: bool = False,
) -> Content:
    """What is in a file that is no archive.

    Args:
        encoding: of a text file; None finds it out.
        header: whether the first row of a table names the columns; None guesses.
        only_start: of a table in a text file, the first rows will do.

    Raises:
        CorpusError: nothing that could be read.
        Cancelled: out of `progress`.
    """
    name = file.name
    check_size(file, limits)
    kind = kind_of(file)
    if kind == "spreadsheet":
        return Content(sheets=tuple(read_workbook(file, limits, header)))
    if kind == "docx":
        return Content(_checked(name, text_of_docx(file, limits)))
    if kind == "pdf":
        return Content(_checked(name, text_of_pdf(file, limits, progress)))
    decoded = decode(file.data, name, encoding)
    text_kind = text_kind_of(name, decoded.text)
    if text_kind == "html" and encoding is None:
        decoded = _as_declared(file, decoded)
    text, sheets = _checked(name, decoded.text), tuple[Sheet, ...]()
    if text_kind == "html":
        text = _checked(name, text_of_html(text, name))
    elif text_kind != "plain":
        read = _read_start if only_start else _read_sheet
        text, sheets = "", (read(text, name, text_kind, header, limits),)
    sample = decoded.sample if decoded.guessed or encoding else ""
    return Content(text, sheets, decoded.encoding, sample, decoded.note)


def _read_start(text: str, name: str, kind: TextKind, header: bool | None, limits: Limits) -> Sheet:
    start = text[: text.rfind("\n", 0, _PREVIEW_BYTES) + 1] or text
    if len(text) > _PREVIEW_BYTES and kind != "json":
        try:
            return _read_sheet(start, name, kind, header, limits)
        except CorpusError:  # the cut may have gone through a quoted cell: the whole tells
            pass
    return _read_sheet(text, name, kind, header, limits)


def _read_sheet(text: str, name: str, kind: TextKind, header: bool | None, limits: Limits) -> Sheet:
    if kind == "jsonl":
        return read_json_lines(text, name, limits)
    if kind == "json":
        return read_json_table(text, name, limits)
    return read_delimited(text, name, "\t" if kind == "tsv" else ",", header, limits)


def _as_declared(file: Upload, decoded: Decoded) -> Decoded:
    """What a page says about its encoding counts for more than a guess, if it is possible."""
    declared = declared_encoding(file.data)
    if declared is None or not decoded.guessed:
        return decoded
    try:
        return decode(file.data, file.name, declared)
    except CorpusError:  # pages are often wrong about themselves; the guess stays, and is shown as one
        return decoded


def _checked(name: str, text: str) -> str:
    if not text or text.isspace():
        raise CorpusError(f"“{name}” holds nothing but spaces and line ends. Upload a file with text in it.")
    if not has_words(text):
        raise CorpusError(f"“{name}” holds no words: not one letter or digit. Upload a file with words in it.")
    return text
