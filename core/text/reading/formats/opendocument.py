"""Text of OpenDocument files (.odt), as a word processor shows it: what was deleted is not there."""

import io
import re
import zipfile
from typing import Any

from core.text.reading.formats.office import check_office, say_left_out, without_contents
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import LIMITS, Limits, Upload, parsing

_PARAGRAPHS = frozenset({"p", "h"})
_GONE = frozenset(
    {
        *("tracked-changes", "note-citation", "ruby-text", "sequence-decls", "variable-decls", "user-field-decls"),
        *("dde-connection-decls", "forms", "event-listeners", "hidden-text", "script", "scripts", "sender-initials"),
    }
)
"""Elements of which nothing is shown: deletions, numbers of notes, readings above characters, declarations."""
_ABOUT = ("svg-compatible:1.0", "/dc/elements/1.1/")
"""Ends of namespaces whose elements say something of others: what a picture shows, who wrote a comment."""
_STANDS_FOR = {"tab": "\t", "line-break": "\n", "soft-page-break": ""}
_MOST_SPACES = 1_000
_OUTSIDE = frozenset(
    ("body", "text", "list", "list-item", "list-header", "section", "table", "table-row", "table-cell", "frame")
)


def text_of_odt(upload: Upload, limits: Limits = LIMITS, as_is: bool = False) -> tuple[str, list[str]]:
    """Text of an OpenDocument text in reading order, and notes on what was left out; paragraphs parted by blank lines.

    Text boxes follow the paragraph that holds them, footnotes and endnotes the whole text; where `as_is`, comments and
    page headers and footers come last.

    Raises `CorpusError` for a file that is damaged or forged.
    """
    check_office(upload, limits)
    with parsing(upload.name, "an OpenDocument text", SAVE_AGAIN), zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
        body = next(_read(archive, "content.xml").iter("{*}body"), None)
        if body is None:
            raise ValueError("it has no body")
        contents = [] if as_is else without_contents([*body.iter("{*}table-of-content")], upload.name)
        reader = _Reader()
        pieces = [reader.read(body), *reader.notes]
        comments = [text for text in reader.comments if re.search(r"\w", text)]
        styles = _read(archive, "styles.xml") if "styles.xml" in archive.namelist() else None
        edges = {kind: _edges(styles, kind) for kind in ("header", "footer")}
    if as_is:
        pieces += [*comments, *edges["header"], *edges["footer"]]
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(pieces)).strip()
    return text, [] if as_is else [*contents, *say_left_out(upload.name, comments, edges)]


def _read(archive: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    return etree.fromstring(
        archive.read(name), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    )


def _edges(styles: Any, kind: str) -> list[str]:
    """What stands at that edge of pages, each text once."""
    if styles is None:
        return []
    names = [f"{{*}}{kind}{which}" for which in ("", "-left", "-first")]
    found = (_Reader().read(each).strip() for each in styles.iter(*names))
    return sorted({text for text in found if re.search(r"[^\W\d_]", text)})


class _Reader:
    """Reads elements; notes and comments are gathered apart."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.comments: list[str] = []

    def read(self, root: Any) -> str:
        """What is shown of an element and what is in it."""
        pieces: list[str] = []
        boxes: list[str] = []
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            element, closed = stack.pop()
            if isinstance(element, str):
                pieces.append(element)
                continue
            name = _local(element)
            if closed:
                pieces.append("\n\n")
                pieces += [f"{box}\n\n" for box in boxes]
                boxes.clear()
                continue
            if element is not root and name in ("note-body", "annotation", "text-box"):
                into = {"note-body": self.notes, "annotation": self.comments, "text-box": boxes}[name]
                into.append(self.read(element).strip())
                continue
            if name in _GONE or _is_about(element) or _is_hidden(element):
                continue
            if name == "s":
                pieces.append(" " * min(_MOST_SPACES, _number(element, "c")))
            pieces.append(_STANDS_FOR.get(name, ""))
            if name in _PARAGRAPHS:
                stack.append((element, True))
            stack += reversed(_children(element))
        return "".join([*pieces, *(f"\n\n{box}" for box in boxes)])


def _children(element: Any) -> list[tuple[Any, bool]]:
    """Its text and elements in their order; white space is one blank, as in all of OpenDocument."""
    inside = [(_folded(element.text), False)]
    for child in element:
        inside += [(child, False), (_folded(child.tail), False)]
    return inside if _holds_text(element) else [each for each in inside if not isinstance(each[0], str)]


def _holds_text(element: Any) -> bool:
    """Letters right in a table, list or frame are the white space that sets its XML."""
    return _local(element) not in _OUTSIDE


def _folded(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "script"  # a comment of XML


def _attribute(element: Any, name: str) -> str:
    """The attribute of that local name; "" where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _number(element: Any, name: str) -> int:
    written = _attribute(element, name)
    return int(written) if written.isdecimal() and len(written) < 7 else 1


def _is_about(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.rpartition("}")[0].endswith(_ABOUT)


def _is_hidden(element: Any) -> bool:
    name = _local(element)
    if name == "section":
        return _attribute(element, "display") == "none"
    return name in _PARAGRAPHS and any(
        _attribute(each, "is-hidden") == "true" for each in element.iterfind("{*}hidden-paragraph")
    )
