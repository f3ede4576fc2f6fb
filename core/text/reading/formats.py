"""Text of HTML, Word and PDF files."""

import io
import re
import zipfile

from core.errors import CorpusError
from core.progress import Progress, silent
from core.prose.numbers import readable_size
from core.text.reading.kinds import PICTURE, SAVE_AGAIN
from core.text.reading.uploads import LIMITS, Limits, Upload, check_expansion, encrypted, parsing


def declared_encoding(data: bytes) -> str | None:
    """The encoding that an HTML or XML file says it has."""
    found = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", data[:4096], re.IGNORECASE) or re.match(
        rb"\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w-]{2,40})", data
    )
    if not found:
        return None
    declared = found[1].decode("ascii", "ignore").lower()
    # what browsers do: pages that say Latin-1 are written in Windows' superset of it
    return "cp1252" if declared in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else declared


_HIDDEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object"})
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "option", "p", "pre", "section", "summary", "table", "td", "th", "title", "tr", "ul"),
    )
)


class _PageText:
    """What lxml's parser tells while it reads a page: no tree, so neither size nor depth of the page matters."""

    def __init__(self, inline: str) -> None:
        self.inline = inline
        self.pieces: list[str] = []
        self.hidden = 0

    def start(self, tag: str, attributes: object) -> None:
        self.hidden += tag in _HIDDEN
        # no text has a zero byte: it stands for a break until spaces are folded
        self.pieces.append("\0" if tag in _BLOCKS else self.inline)

    def end(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN
        self.pieces.append("\0" if tag in _BLOCKS else self.inline)

    def data(self, text: str) -> None:
        if not self.hidden:
            self.pieces.append(text)

    def close(self) -> str:
        text = re.sub(r"\s{2,}|[^\S ]", " ", "".join(self.pieces))
        blocks = (block.strip() for block in text.split("\0"))
        return "\n\n".join(filter(None, blocks))


def text_of_html(html: str, name: str) -> str:
    """What a reader of the page sees, blocks parted by blank lines. Of XML, the text in its elements.

    Raises `CorpusError` if that cannot be told.
    """
    with parsing(name, "HTML", SAVE_AGAIN):
        from lxml import etree

        is_page = not re.match(r"\s*<\?xml", html) or re.search(r"<html\b", html[:2000], re.IGNORECASE)
        target = _PageText("" if is_page else " ")  # tags inside a word are usual in HTML only
        parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=True)
        return str(etree.fromstring(html.encode(), parser))


def check_office(upload: Upload, limits: Limits) -> None:
    """Raise `CorpusError` for an Office file that would blow up in its parser: a zip bomb, or XML with entities."""
    name = upload.name
    with parsing(name, "an Office file", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        expanded = sum(info.file_size for info in archive.infolist())
        check_expansion(name, len(upload.data), expanded, limits)
        if expanded > limits.total_bytes:
            raise CorpusError(
                f"“{name}” expands to {readable_size(expanded)}; {readable_size(limits.total_bytes)} are allowed. "
                "Upload a part of it, or its text as .txt or .csv."
            )
        for info in archive.infolist():
            if not info.filename.lower().endswith((".xml", ".rels")):
                continue
            with archive.open(info) as part:  # a document type stands before the first element: near the start
                start = part.read(65_536).replace(b"\0", b"")
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise CorpusError(f"“{name}” defines XML entities, as only forged Office files do. {SAVE_AGAIN}")


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAKS = {f"{_WORD}p": "\n\n", f"{_WORD}br": "\n", f"{_WORD}cr": "\n", f"{_WORD}tab": "\t", f"{_WORD}tc": "\n\n"}


def text_of_docx(upload: Upload, limits: Limits = LIMITS) -> str:
    """Text of a Word document in reading order, tables and tracked insertions too; paragraphs parted by blank lines.

    Raises `CorpusError` for a file that is damaged or forged.
    """
    check_office(upload, limits)
    with parsing(upload.name, "a Word document", SAVE_AGAIN):
        import docx

        body = docx.Document(io.BytesIO(upload.data)).element.body
        pieces: list[str] = []
        for element in body.iter():
            if element.tag == f"{_WORD}t":
                pieces.append(element.text or "")
            elif element.tag in _BREAKS:
                pieces.append(_BREAKS[element.tag])
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip()


def text_of_pdf(upload: Upload, limits: Limits = LIMITS, progress: Progress = silent) -> str:
    """Text of a PDF, pages parted by blank lines, words that a line end divides joined again.

    Raises:
        CorpusError: encrypted, scanned or damaged.
        Cancelled: out of `progress`.
    """
    name = upload.name
    pages: list[str] = []
    size = 0
    with parsing(name, "a PDF", SAVE_AGAIN):
        from pypdf import PdfReader

        reader = PdfReader(io.BytesIO(upload.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise CorpusError(encrypted(name))
        n_pages = len(reader.pages)
        for number, page in enumerate(reader.pages):
            progress(number / n_pages, f"Reading page {number + 1:,} of {n_pages:,} of {name}")
            pages.append(page.extract_text())
            size += len(pages[-1])
            if size > limits.file_bytes:
                raise CorpusError(
                    f"“{name}” holds more than {readable_size(limits.file_bytes)} of text. Upload a part of it."
                )
    if not n_pages:
        raise CorpusError(f"“{name}” is a PDF without a page. {SAVE_AGAIN}")
    if not any(re.search(r"\w", page) for page in pages):
        raise CorpusError(f"“{name}” is a PDF of pictures, without text in it: a scan. {PICTURE}")
    text = re.sub(r"(?<=[^\W\d_])[-\u00ad]\n(?=[a-zß-öø-ÿ])", "", "\n\n".join(pages))
    return re.sub("[\ud800-\udfff\0]", "\ufffd", text)
