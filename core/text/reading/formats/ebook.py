"""Text of e-books (EPUB): the pages of the book in the order in which they are read."""

import io
import posixpath
import zipfile
from typing import Any
from urllib.parse import unquote

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.encodings import decode
from core.text.reading.formats.html import declared_encoding, text_of_html
from core.text.reading.formats.office import check_packed
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import IF_WRONG, LIMITS, Limits, Upload, parsing

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


def text_of_epub(upload: Upload, limits: Limits = LIMITS, as_is: bool = False) -> tuple[str, list[str]]:
    """Text of an e-book, its parts parted by blank lines, and notes on what was left out.

    The table of contents repeats the headings and is left out, unless `as_is`.

    Raises `CorpusError` for a book that is protected, damaged or forged.
    """
    check_packed(upload, limits, "an e-book")
    name = upload.name
    with parsing(name, "an e-book", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        package = _find_package(archive)
        pages, contents, pictures = _list_pages(archive, package)
        if _are_protected(archive, [*pages, *contents]):
            raise CorpusError(
                f"“{name}” is protected against copying, so it cannot be read. Upload its text as .txt, or a copy "
                "without protection."
            )
        texts = [_text_of_page(archive, page) for page in ([*contents, *pages] if as_is else pages)]
    text = "\n\n".join(filter(None, texts))
    if not text:
        raise CorpusError(f"“{name}” is an e-book without a page of text: perhaps its pages are pictures.")
    notes = []
    if contents and not as_is:
        notes.append(f"The table of contents of “{name}” was left out. {IF_WRONG}")
    if pictures:
        notes.append(f"“{name}” has {count('picture', pictures)}, of which no text is read.")
    return text, notes


def _find_package(archive: zipfile.ZipFile) -> str:
    """The file that says what the book consists of."""
    root = _read(archive, _CONTAINER).find(".//{*}rootfile")
    if root is None or not root.get("full-path"):
        raise ValueError("it does not say what it consists of")
    return str(root.get("full-path"))


def _list_pages(archive: zipfile.ZipFile, package: str) -> tuple[list[str], list[str], int]:
    """Paths of the pages in reading order, of the table of contents, and how many pictures there are."""
    root = _read(archive, package)
    there = set(archive.namelist())
    items = {item.get("id"): item for item in root.iterfind(".//{*}manifest/{*}item")}
    guides = {_join(each.get("href", ""), package) for each in root.iterfind(".//{*}guide/{*}reference[@type='toc']")}
    pages: list[str] = []
    contents: list[str] = []
    for reference in root.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES:
            continue
        path = _join(item.get("href", ""), package)
        if path in there:
            is_contents = path in guides or "nav" in item.get("properties", "").split()
            (contents if is_contents else pages).append(path)
    pictures = sum(str(item.get("media-type")).startswith("image/") for item in items.values())
    return list(dict.fromkeys(pages)), list(dict.fromkeys(contents)), pictures


def _join(link: str, package: str) -> str:
    """The path in the archive that a link in the package file leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(package), unquote(link).partition("#")[0]))


def _are_protected(archive: zipfile.ZipFile, pages: list[str]) -> bool:
    """Whether pages are encrypted; fonts often are, which does not matter."""
    if _ENCRYPTION not in archive.namelist():
        return False
    hidden = {unquote(each.get("URI", "")) for each in _read(archive, _ENCRYPTION).iter("{*}CipherReference")}
    return not hidden.isdisjoint(pages)


def _read(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    return etree.fromstring(
        archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )


def _text_of_page(archive: zipfile.ZipFile, path: str) -> str:
    data = archive.read(path)
    if not data.strip():
        return ""
    return text_of_html(decode(data, path, _encoding_of(data)).text, path)


def _encoding_of(data: bytes) -> str | None:
    """As the page says, else UTF-8 as the standard has it, where that is possible."""
    declared = declared_encoding(data)
    if declared is not None or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return declared
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
