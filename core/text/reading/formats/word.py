"""Text of Word documents, as Word shows it without mark-up: what was deleted or moved away is not there."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from core.text.reading.formats.html import NOTE_MARK
from core.text.reading.formats.office import Parts, check_office, say_left_out, without_contents
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import LIMITS, Limits, Upload, parsing

_GONE = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "rPrChange", "pPrChange"})
"""Elements of which nothing is shown: deletions, the codes of fields, the readings above characters (ruby)."""
_STANDS_FOR = {
    "br": "\n",
    "cr": "\n",
    "tab": "\t",
    "ptab": "\t",
    "tc": "\n\n",
    "noBreakHyphen": "-",
    "softHyphen": "\N{SOFT HYPHEN}",
}
_NOTES = {"footnotes": ("footnote", "footnoteReference"), "endnotes": ("endnote", "endnoteReference")}
_SYMBOL = dict(zip("abcdefghijklmnopqrstuvwxyz", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True))
_SYMBOL |= dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True))
_PICTOGRAMS = re.compile("wingdings|webdings|marlett", re.IGNORECASE)


def text_of_docx(upload: Upload, limits: Limits = LIMITS, as_is: bool = False) -> tuple[str, list[str]]:
    """Text of a Word document in reading order, and notes on what was left out; paragraphs parted by blank lines.

    Text boxes follow the paragraph that holds them, footnotes and endnotes the whole text; where `as_is`, comments and
    page headers and footers come last.

    Raises `CorpusError` for a file that is damaged or forged.
    """
    check_office(upload, limits)
    with parsing(upload.name, "a Word document", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        parts = Parts(archive)
        main = (parts.find("officeDocument") or ["word/document.xml"])[0]
        root = parts.read(main)
        body = None if root is None else root.find("{*}body")
        if body is None:
            raise ValueError("it has no body")
        contents = [] if as_is else without_contents([*_contents(body)], upload.name)
        pieces = [_text_under(body)]
        for relation, (element, reference) in _NOTES.items():
            used = {each.get(_attribute(each, "id")) for each in body.iter(f"{{*}}{reference}")}
            for name in parts.find(relation, main):
                notes = parts.read(name).iter(f"{{*}}{element}")
                pieces += [_text_under(note) for note in notes if note.get(_attribute(note, "id")) in used]
        comments = list(_comments(parts, main))
        edges = {kind: _edges(parts, main, kind) for kind in ("header", "footer")}
    if as_is:
        pieces += [*comments, *edges["header"], *edges["footer"]]
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(pieces)).strip()
    return text, [] if as_is else [*contents, *say_left_out(upload.name, comments, edges)]


def _contents(body: Any) -> Iterator[Any]:
    """The tables of contents, whole ones as Word puts them in and paragraphs in their style."""
    for each in body.iter("{*}docPartGallery"):
        if each.get(_attribute(each, "val"), "").lower() == "table of contents":
            yield from each.iterancestors("{*}sdt")
    for each in body.iter("{*}pStyle"):
        if re.fullmatch(r"TOC\d", each.get(_attribute(each, "val"), "")):
            yield from each.iterancestors("{*}p")


def _comments(parts: Parts, main: str) -> Iterator[str]:
    for name in parts.find("comments", main):
        for each in parts.read(name).iter("{*}comment"):
            text = _text_under(each).strip()
            if re.search(r"\w", text):
                yield text


def _edges(parts: Parts, main: str, kind: str) -> list[str]:
    """What stands at that edge of pages, each text once."""
    texts = {_text_under(parts.read(name)).strip() for name in parts.find(kind, main)}
    return sorted(text for text in texts if re.search(r"[^\W\d_]", text))


def _text_under(root: Any) -> str:
    """What is shown of an element and what is in it."""
    pieces: list[str] = []
    boxes: list[Any] = []
    stack = [(root, False)]
    while stack:
        element, closed = stack.pop()
        name = _local(element)
        if closed:
            if not _is_gone_mark(element):
                pieces.append("\n\n")
            while boxes:
                pieces.append(_text_under(boxes.pop(0)) + "\n\n")
            continue
        if name == "txbxContent" and element is not root:
            boxes.append(element)
            continue
        if name in _GONE or _is_hidden(element):
            continue
        if name == "t":
            is_mark = NOTE_MARK.fullmatch(element.text or "") is not None and _is_raised(element)
            pieces.append(" " * is_mark + (element.text or ""))  # the number of a note is no part of the word before it
        elif name == "sym":
            pieces.append(_symbol(element))
        elif name in _STANDS_FOR:
            pieces.append(_STANDS_FOR[name])
        if name == "p":
            stack.append((element, True))
        children = _one_of(element) if name == "AlternateContent" else list(element)
        stack.extend((child, False) for child in reversed(children))
    while boxes:
        pieces.append("\n\n" + _text_under(boxes.pop(0)))
    return "".join(pieces)


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""  # comments have no name


def _attribute(element: Any, name: str) -> str:
    """`name` in the namespace of the element, as Word writes attributes."""
    namespace = element.tag.rpartition("}")[0]
    return f"{namespace}}}{name}" if namespace else name


def _one_of(alternatives: Any) -> list[Any]:
    """The first alternative that shows text: Word writes a text box once for new programs and again for old ones."""
    for each in alternatives:
        if any(text.text for text in each.iter("{*}t")):  # without looking into alternatives in it again and again
            return [each]
    return []


def _is_hidden(element: Any) -> bool:
    """Whether Word shows nothing of it: hidden text, rows and cells whose deletion was tracked, empty form fields."""
    name = _local(element)
    if name == "r":
        return any(_is_on(each) for each in element.iterfind("{*}rPr/{*}vanish"))
    if name == "tr":
        return element.find("{*}trPr/{*}del") is not None
    if name == "tc":
        return element.find("{*}tcPr/{*}cellDel") is not None
    if name == "sdtContent":
        above = element.getparent()
        return above is not None and any(_is_on(each) for each in above.iterfind("{*}sdtPr/{*}showingPlcHdr"))
    return False


def _is_raised(text: Any) -> bool:
    raised = text.getparent().find("{*}rPr/{*}vertAlign")
    return raised is not None and raised.get(_attribute(raised, "val")) == "superscript"


def _is_on(switch: Any) -> bool:
    return switch.get(_attribute(switch, "val"), "true") not in ("0", "false", "off")


def _is_gone_mark(paragraph: Any) -> bool:
    """Whether the end of the paragraph was deleted or moved away: it goes on in the next one."""
    return any(paragraph.find(f"{{*}}pPr/{{*}}rPr/{{*}}{name}") is not None for name in ("del", "moveFrom"))


def _symbol(element: Any) -> str:
    font = element.get(_attribute(element, "font"), "")
    try:
        code = int(element.get(_attribute(element, "char"), ""), 16)
    except ValueError:
        return " "
    code = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if font.lower() == "symbol":
        return _SYMBOL.get(chr(code), " ")
    return " " if _PICTOGRAMS.match(font) or not 32 <= code < 0xD800 else chr(code)
