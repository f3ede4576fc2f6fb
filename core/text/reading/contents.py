"""What is in one file: running text or tables, whatever its format."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from core.errors import CorpusError
from core.progress import Progress, silent
from core.prose.numbers import count
from core.text.reading.divided_words import LineEnd, rejoin
from core.text.reading.encodings import Decoded, decode
from core.text.reading.escapes import find_escapes
from core.text.reading.formats.annotated import text_of_annotated
from core.text.reading.formats.ebook import text_of_epub
from core.text.reading.formats.gutenberg import book_in
from core.text.reading.formats.html import declared_encoding, text_of_html
from core.text.reading.formats.latex import text_of_latex
from core.text.reading.formats.mail import HEADERS, Letter, note_on_mail, read_mail
from core.text.reading.formats.markdown import text_of_markdown
from core.text.reading.formats.opendocument import text_of_odt
from core.text.reading.formats.outlines import text_of_org, text_of_rst
from core.text.reading.formats.pdf import text_of_pdf
from core.text.reading.formats.printed import without_heads
from core.text.reading.formats.rich_text import text_of_rtf
from core.text.reading.formats.slides import text_of_pptx
from core.text.reading.formats.subtitles import text_of_subtitles
from core.text.reading.formats.wiki import text_of_wiki
from core.text.reading.formats.word import text_of_docx
from core.text.reading.formats.xml_text import about_left_out, text_of_xml
from core.text.reading.kinds import UploadKind, kind_of
from core.text.reading.sheets import Sheet
from core.text.reading.spoilt import put_cells_right, put_right
from core.text.reading.tables.bibliographies import is_pubmed, read_pubmed, read_references, tagging_of
from core.text.reading.tables.bibtex import read_bibtex
from core.text.reading.tables.chats import read_chat
from core.text.reading.tables.delimited import read_delimited
from core.text.reading.tables.dialects import looks_delimited
from core.text.reading.tables.json_cells import with_json_cells, with_one_text
from core.text.reading.tables.json_tables import read_json_lines, read_json_table
from core.text.reading.tables.labelled import read_labelled
from core.text.reading.tables.markup_tables import read_markup_table
from core.text.reading.tables.speech import read_speech
from core.text.reading.tables.wiki_pages import read_export
from core.text.reading.tables.workbooks import read_workbook
from core.text.reading.tables.xml_documents import read_attributes, read_many
from core.text.reading.text_kinds import TextKind, text_kind_of
from core.text.reading.units import has_words
from core.text.reading.uploads import IF_WRONG, Limits, Upload, check_size

_PREVIEW_BYTES = 1_000_000
_SAMPLE = 2_000_000
_TABLES: tuple[TextKind, ...] = ("csv", "tsv", "jsonl", "json")
_PRETENDED = dict.fromkeys((".xlsx", ".xls", ".ods"), "a spreadsheet") | {".pdf": "a PDF", ".epub": "an e-book"}
_PRETENDED |= {".docx": "a Word document", ".odt": "an OpenDocument text"}
"""What a file is called whose bytes are those of a text all the same."""
_CALLED = {"subtitles": "subtitles, without numbers and times", "latex": "LaTeX, without commands and formulas"}
_CALLED |= {"annotated": "a corpus that says something of each word, without that"}
_CALLED |= {"markdown": "Markdown, without front matter, addresses of links and code"}
_CALLED |= {"org": "notes in Org mode, without drawers, properties, addresses of links and code"}
_CALLED |= {"rst": "reStructuredText, without directives, addresses of links and code"}
_CALLED |= {"wiki": "a wiki's pages, without templates and references"}


_PACKED: Mapping[UploadKind, Callable[[Upload, Limits, bool], tuple[str, list[str]]]] = {
    "docx": text_of_docx,
    "odt": text_of_odt,
    "epub": text_of_epub,
    "pptx": text_of_pptx,
    "rtf": text_of_rtf,
}


@dataclass(frozen=True, slots=True)
class Content:
    """What is in one file: running text, or sheets.

    Attributes:
        encoding: of a text file, as used; "" for other formats.
        sample: text around the first character outside ASCII, if the encoding is a guess or the user's choice.
        notes: what the user should know about the file.
        divided: words at line ends of which the text does not say how they are written.
        printed: the text is pages, whose lines are no documents.
    """

    text: str = ""
    sheets: tuple[Sheet, ...] = ()
    encoding: str = ""
    sample: str = ""
    notes: tuple[str, ...] = ()
    divided: tuple[LineEnd, ...] = ()
    printed: bool = False


def read_content(
    file: Upload,
    limits: Limits,
    encoding: str | None = None,
    header: bool | None = None,
    progress: Progress = silent,
    *,
    only_start: bool = False,
    as_is: bool = False,
    line_ends: Collection[str] = (),
) -> Content:
    """What is in a file that is no archive.

    Args:
        encoding: of a text file; None finds it out.
        header: whether the first row of a table names the columns; None guesses.
        only_start: of a table in a text file, the first rows will do.
        as_is: nothing is mended: words stay divided, heads stay on pages, a text with tabs is no table.
        line_ends: how words are written that line ends divide (`rejoin`).

    Raises:
        CorpusError: nothing that could be read.
        Cancelled: out of `progress`.
    """
    name = file.name
    check_size(file, limits)
    kind = kind_of(file)
    if kind == "spreadsheet":
        sheets = read_workbook(file, limits, header, as_is)
        return Content(sheets=tuple(sheets if as_is else map(with_json_cells, sheets)))
    if kind in _PACKED:
        text, notes = _PACKED[kind](file, limits, as_is)
        return Content(_checked(name, text), notes=tuple(notes))
    if kind == "pdf":
        text, notes, divided = text_of_pdf(file, limits, progress, as_is, line_ends)
        return Content(_checked(name, text), notes=tuple(notes), divided=divided, printed=True)
    if kind == "mail" and not as_is:
        return _of_mail(name, read_mail(file))
    return _of_text(file, limits, encoding, header, only_start, as_is, line_ends)


def _of_text(
    file: Upload,
    limits: Limits,
    encoding: str | None,
    header: bool | None,
    only_start: bool,
    as_is: bool,
    line_ends: Collection[str],
) -> Content:
    name = file.name
    decoded = decode(file.data, name, encoding)
    kind = text_kind_of(name, decoded.text)
    if kind in ("html", "xml", "wiki export") and encoding is None:
        decoded = _as_declared(file, decoded)
    text = _checked(name, decoded.text)
    sample = decoded.sample if decoded.guessed or encoding else ""
    odd = _odd_name(file)
    content = Content("", (), decoded.encoding, sample, tuple(filter(None, (odd, decoded.note))))
    if not as_is and encoding is None and not text.isascii():
        text, note = put_right(text, name)
        content = replace(content, notes=tuple(filter(None, (odd, note)))) if note else content
    if kind in ("bibtex", "references") and not as_is and (sheet := _read_bibliography(text, name, kind)):
        return replace(content, sheets=(sheet,))
    if kind == "xml" and not as_is and (sheet := _read_elements(text, name)):
        return replace(content, sheets=(sheet,))
    if kind == "wiki export" and not as_is:
        return replace(content, sheets=(read_export(text, name),))
    if kind in _TABLES:
        read = _read_start if only_start else _read_sheets
        return replace(content, sheets=tuple(read(text, name, kind, header, limits, as_is)))
    if kind in ("html", "xml", "plain") and (sheet := read_markup_table(text, name, header, limits, as_is)):
        return replace(content, sheets=(sheet,))
    if kind == "plain" and not as_is and (sheet := _read_talk(text, name)):
        return replace(content, sheets=(sheet,))
    if kind == "plain" and not as_is and (delimiter := looks_delimited(text)):
        sheet = read_delimited(text, name, delimiter, header, limits)
        note = f"“{name}” is called a text and looks like a table, and was read as one. {IF_WRONG}"
        return replace(content, sheets=(sheet,), notes=(*content.notes, note))
    shown = _checked(name, _shown(text, name, kind, as_is))
    if as_is:
        return replace(content, text=shown)
    if kind in ("markdown", "org", "rst") and shown.split() == text.split():
        kind = "plain"
    if kind == "xml" and (note := about_left_out(text, name)):
        content = replace(content, notes=(*content.notes, note))
    text, notes, divided = _mended(shown, name, kind, line_ends)
    return replace(content, text=_checked(name, text), notes=(*content.notes, *notes), divided=divided)


def _odd_name(file: Upload) -> str:
    """What to say of a text that is called a file of another kind, or is one that is not read well; "" for others."""
    called = _PRETENDED.get(file.extension)
    return f"“{file.name}” is called {called}, but there is plain text in it. It was read as that." if called else ""


def _shown(text: str, name: str, kind: TextKind, as_is: bool) -> str:
    """What a reader sees of a text in some markup; a page's markup is never text, other markup is where `as_is`."""
    if kind == "html":
        return text_of_html(text, name)
    if kind == "xml":
        return text_of_xml(text, name, as_is) or text_of_html(text, name)
    if as_is:
        return text
    if kind == "wiki":
        return text_of_wiki(text)
    if kind == "latex":
        return text_of_latex(text)
    if kind == "markdown":
        return text_of_markdown(text)
    if kind == "org":
        return text_of_org(text)
    if kind == "rst":
        return text_of_rst(text)
    if kind == "annotated":
        return text_of_annotated(text)
    return text_of_subtitles(text) if kind == "subtitles" else text


def _mended(
    text: str, name: str, kind: TextKind, line_ends: Collection[str]
) -> tuple[str, list[str], tuple[LineEnd, ...]]:
    """`text` without what exports and line ends left in it, notes on that, and words at line ends that were guessed."""
    notes = [f"“{name}” was read as {_CALLED[kind]}. {IF_WRONG}"] if kind in _CALLED else []
    if kind == "plain" and (book := book_in(text)) != text:
        words = len(text.split()) - len(book.split())
        text = _checked(name, book)
        said = f"the header and the licence of Project Gutenberg ({count('word', words)}), left out"
        notes.append(f"“{name}” has {said}. {IF_WRONG}")
    if kind == "plain" and "\f" in text:
        text, note = without_heads(text, name)
        notes += filter(None, [note])
    if kind in ("plain", "xml", "markdown") and find_escapes(text[:_SAMPLE].split("\n"), name).note:
        found = find_escapes(text.split("\n"), name, "line")
        text = found.clean(text)
        notes.append(found.note)
    rejoined = rejoin(text, line_ends) if kind != "html" else None
    if rejoined and (note := rejoined.note(name)):
        return rejoined.text, [*notes, note], rejoined.guessed
    return text, notes, ()


def _read_talk(text: str, name: str) -> Sheet | None:
    """Texts, messages and utterances with what is said of each; None where `text` is none of these."""
    return read_labelled(text, name) or read_chat(text, name) or read_speech(text, name)


def _read_elements(text: str, name: str) -> Sheet | None:
    """Elements that are documents of their own; None where `text` is to be read as a whole."""
    if is_pubmed(text):
        return read_pubmed(text, name)
    if sheet := read_many(text, name):
        return sheet
    has_text = re.search(r">\s*(?:[^\s<]|<!\[CDATA\[)", text) is not None
    return None if has_text else read_attributes(text, name)


def _read_bibliography(text: str, name: str, kind: TextKind) -> Sheet | None:
    if kind == "bibtex":
        return read_bibtex(text, name)
    tagging = tagging_of(text, name)
    return read_references(text, name, tagging) if tagging else None


def _of_mail(name: str, letters: list[Letter]) -> Content:
    """One letter is running text; those of a mailbox are a table of which the headers are columns."""
    import pandas as pd

    notes = (note_on_mail(name, letters),)
    if len(letters) == 1:
        return Content(_checked(name, letters[0].text), notes=notes)
    columns = {"text": [letter.text for letter in letters]}
    columns |= {header: [letter.headers[header] for letter in letters] for header in HEADERS}
    return Content(
        sheets=(Sheet(name, pd.DataFrame(columns, index=range(1, len(letters) + 1), dtype=str)),), notes=notes
    )


def _read_start(text: str, name: str, kind: TextKind, header: bool | None, limits: Limits, as_is: bool) -> list[Sheet]:
    start = text[: text.rfind("\n", 0, _PREVIEW_BYTES) + 1] or text
    if len(text) > _PREVIEW_BYTES and kind != "json":
        try:
            return _read_sheets(start, name, kind, header, limits, as_is)
        except CorpusError:  # the cut may have gone through a quoted cell: the whole tells
            pass
    return _read_sheets(text, name, kind, header, limits, as_is)


def _read_sheets(text: str, name: str, kind: TextKind, header: bool | None, limits: Limits, as_is: bool) -> list[Sheet]:
    if kind in ("json", "jsonl"):
        sheets = (read_json_lines if kind == "jsonl" else read_json_table)(text, name, limits)
        return sheets if as_is else [with_one_text(put_cells_right(sheet)) for sheet in sheets]
    sheet = read_delimited(text, name, "\t" if kind == "tsv" else ",", header, limits, as_is)
    return [sheet if as_is else with_json_cells(sheet)]


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
