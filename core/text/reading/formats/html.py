"""Text of web pages."""

import re
from collections.abc import Mapping, Sequence
from html import escape

from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import parsing


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


_HIDDEN = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "svg", "math", "rt", "rp", "rtc"),
        *("iframe", "object", "audio", "video", "canvas"),  # what stands in these is for browsers that know none
    )
)
_OF_PRINT = frozenset({"pagebreak", "doc-pagebreak"})
_NOTE_LINKS = frozenset({"noteref", "doc-noteref"})
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_NEVER_CLOSED = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
NOTE_MARK = re.compile(r"[\d*†‡§,\s\[\]]+")
NOTE_PIECES = 12
"""What stands raised behind a word and is no part of it: numbers and signs of notes, within a few elements."""
_CDATA = re.compile(r"<!--.*?(?:-->|$)|<!\[CDATA\[(.*?)(?:\]\]>|$)", re.DOTALL)
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main"),
        *("nav", "ol", "option", "p", "pre", "section", "summary", "table", "td", "th", "title", "tr", "ul"),
    )
)


class _PageText:
    """What lxml's parser tells while it reads a page: no tree, so neither size nor depth of the page matters."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.open: list[bool] = []  # of each element whether it hides what is in it
        self.hidden = 0
        self.raised: list[int] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        roles = {*attributes.get("epub:type", "").split(), *attributes.get("role", "").split()}
        hides = tag in _HIDDEN or "hidden" in attributes or not _OF_PRINT.isdisjoint(roles)
        hides = hides or _HIDDEN_STYLE.search(attributes.get("style", "")) is not None
        if tag not in _NEVER_CLOSED:
            self.open.append(hides)
            self.hidden += hides
        # no text has a zero byte: it stands for a break until spaces are folded
        apart = " " if not (_OF_PRINT | _NOTE_LINKS).isdisjoint(roles) else ""  # a page may end within a sentence
        self.pieces.append("\0" if tag in BLOCKS else apart)
        if tag == "sup":
            self.raised.append(len(self.pieces) - 1)

    def end(self, tag: str) -> None:
        if tag not in _NEVER_CLOSED and self.open:
            self.hidden -= self.open.pop()
        if tag == "sup" and self.raised:
            place = self.raised.pop()
            if len(self.pieces) - place < NOTE_PIECES and NOTE_MARK.fullmatch("".join(self.pieces[place:])):
                self.pieces[place] = " "
        self.pieces.append("\0" if tag in BLOCKS else "")

    def data(self, text: str) -> None:
        if not self.hidden:
            self.pieces.append(text)

    def close(self) -> str:
        return fold(self.pieces)


def fold(pieces: Sequence[str]) -> str:
    """Blocks parted by blank lines, of pieces in which zero bytes part blocks, and white space is as in HTML."""
    text = re.sub(r"\s{2,}|[^\S ]", " ", "".join(pieces))
    return "\n\n".join(filter(None, (block.strip() for block in text.split("\0"))))


def text_of_html(html: str, name: str) -> str:
    """What a reader of the page sees, blocks parted by blank lines.

    Raises `CorpusError` if that cannot be told.
    """
    with parsing(name, "HTML", SAVE_AGAIN):
        from lxml import etree

        if "<![CDATA[" in html:  # a parser of HTML takes it for a comment; pages made of XML have their text in it
            written = escape if re.match(r"\s*<\?xml", html) else str
            html = _CDATA.sub(lambda found: found[0] if found[1] is None else written(found[1]), html)
        parser = etree.HTMLParser(target=_PageText(), encoding="utf-8", no_network=True, huge_tree=True)
        return str(etree.fromstring(html.encode(), parser))
