"""Text of XML, in which no name of an element is special but those that say how lines and words are set."""

import re
from dataclasses import dataclass, field
from html import escape, unescape

from core.text.reading.formats.html import BLOCKS, NOTE_MARK, NOTE_PIECES, fold
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.uploads import IF_WRONG, parsing

_PARTED = BLOCKS | {
    "ab",
    "body",
    "cell",
    "div1",
    "div2",
    "doc",
    "entry",
    "head",
    "item",
    "l",
    "lg",
    "list",
    "note",
    "para",
}
_PARTED |= {"row", "s", "sentence", "sp", "speaker", "stage", "text", "u", "utterance"}
"""Elements that begin anew even where text stands right before them."""
_OF_TEI = frozenset({"teiheader", "fw", "del"})
_ONE_OF = frozenset({"sic", "orig", "abbr", "rdg"})
"""Of two readings in a `choice` or `app`, the one that an editor put another one beside."""
_FEEDS = frozenset({"rss", "feed", "rdf"})
_OF_FEEDS = frozenset(
    (
        "link",
        "guid",
        "id",
        "pubdate",
        "lastbuilddate",
        "updated",
        "published",
        "generator",
        "language",
        "docs",
        "ttl",
        "creator",
    )
)
_OF_WORDPRESS = re.compile(r"\{[^{}]*wordpress\.org/export/|wp:")
"""What a blog's program keeps of each post besides its text."""
_BOOKS = {"fictionbook": "book"}
_OF_BOOKS = frozenset({"binary", "description", "stylesheet"})
_ALL = "vectune-all"
_LINE_BREAKS = frozenset({"lb", "pb", "cb", "gb", "milestone"})  # of TEI
_NOTE_LINKS = frozenset({"sup", "xref"})  # of JATS
_WORDS = frozenset({"w", "tok", "token", "word"})
_OUTERMOST = 2
"""So deep, elements that hold no text themselves are documents or parts of one."""
_ENTITY = re.compile(r"&([A-Za-z][\w.-]{0,63});")
_DECLARED = re.compile(r"""<!ENTITY\s+([A-Za-z][\w.-]{0,63})\s+(?:"([^"<&%]{0,200})"|'([^'<&%]{0,200})')\s*>""")
_CDATA_OR_REST = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|$))", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(?:\[.*?\]\s*)?>", re.DOTALL)
_DOCTYPE_WITHIN = 10_000
_KNOWN = frozenset({"amp", "lt", "gt", "quot", "apos"})


def is_page(markup: str) -> bool:
    """Whether a text with an XML declaration is XHTML, whose elements are those of a web page."""
    return re.search(r"<(?:!DOCTYPE\s+)?html\b", markup[:4000], re.IGNORECASE) is not None


def about_left_out(markup: str, name: str) -> str:
    """A note on what of TEI is no text, and `text_of_xml` leaves out; "" where there is nothing of it."""
    if "<FictionBook" in markup[:2000]:
        return f"“{name}” is a FictionBook: what describes it, and its pictures, were left out. {IF_WRONG}"
    if "<teiHeader" not in markup:
        return ""
    return (
        f"“{name}” is TEI: its header, deletions, running heads and uncorrected readings are not part of the text and "
        f"were left out. {IF_WRONG}"
    )


def text_of_xml(markup: str, name: str, as_is: bool = False) -> str:
    """The text in all elements, CDATA sections too; blocks parted by blank lines.

    Of TEI without its header, deletions and double readings, of feeds without addresses and dates, unless `as_is`.

    Raises `CorpusError` if that cannot be told.
    """
    with parsing(name, "XML", SAVE_AGAIN):
        from lxml import etree

        markup = _without_entities(re.sub(r"^\s*<\?xml.*?\?>", "", markup, count=1, flags=re.DOTALL))
        parser = etree.XMLParser(
            target=_ElementText(as_is),
            encoding="utf-8",
            no_network=True,
            huge_tree=True,
            resolve_entities=False,
            recover=True,
        )
        # what follows the first element of several would be lost
        return str(etree.fromstring(f"<{_ALL}>{markup}</{_ALL}>".encode(), parser))


def _without_entities(markup: str) -> str:
    """`markup` with letters for the entities that it declares, and for those of HTML; nothing else is resolved."""
    begin = markup.find("<!DOCTYPE", 0, _DOCTYPE_WITHIN)
    doctype = _DOCTYPE.match(markup, begin) if begin >= 0 else None
    letters = (
        {} if doctype is None else {found[1]: found[2] or found[3] or "" for found in _DECLARED.finditer(doctype[0])}
    )
    markup = markup if doctype is None else markup[: doctype.start()] + markup[doctype.end() :]

    def write(found: re.Match[str]) -> str:
        name = found[1]
        if name in _KNOWN:
            return found[0]
        return escape(unescape(letters.get(name, found[0])))

    parts = _CDATA_OR_REST.split(markup)
    return "".join(part if part.startswith("<![CDATA[") else _ENTITY.sub(write, part) for part in parts)


@dataclass(slots=True)
class _Element:
    """One that is open: whether text stands in it itself, and where in the pieces its children begin and end."""

    name: str
    begins: int
    has_text: bool = False
    seams: list[int] = field(default_factory=list)


class _ElementText:
    """What lxml's parser tells while it reads XML: no tree, so neither size nor depth matters.

    Elements within text are marks on it, as in <p>The <hi>d</hi>octor</p>; elsewhere a new element is a new word.
    """

    def __init__(self, as_is: bool) -> None:
        self.pieces: list[str] = []
        self.open: list[_Element] = []
        self.joining = False
        self.as_is = as_is
        self.kind = ""  # "tei", "feed" or "book"
        self.hidden = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _ALL:
            return
        name = _local(tag)
        if not self.open:
            self.kind = "tei" if name.startswith("tei") else "feed" if name in _FEEDS else _BOOKS.get(name, "")
        if self.hidden or self._hides(name, tag):
            self.hidden += 1
            return
        if name in _LINE_BREAKS:
            self._break_line(joins=attributes.get("break") == "no")
        else:
            self._part(name)
        self.open.append(_Element(name, len(self.pieces)))

    def end(self, tag: str) -> None:
        if self.hidden:
            self.hidden -= 1
            return
        if not self.open:  # of all
            return
        closed = self.open.pop()
        if closed.name in _NOTE_LINKS and 0 < len(self.pieces) - closed.begins < NOTE_PIECES:
            is_mark = NOTE_MARK.fullmatch("".join(self.pieces[closed.begins :])) is not None
            self.pieces[closed.begins] = " " * is_mark + self.pieces[closed.begins]
        if closed.has_text:
            for seam in closed.seams:
                self.pieces[seam] = ""
        if closed.name not in _LINE_BREAKS:
            self._part(closed.name)

    def data(self, text: str) -> None:
        if self.hidden:
            return
        if self.joining and text.strip():
            text, self.joining = text.lstrip(), False
        if self.open and text.strip():
            self.open[-1].has_text = True
        self.pieces.append(text)

    def comment(self, text: str) -> None:
        pass

    def pi(self, target: str, data: str | None = None) -> None:
        pass

    def close(self) -> str:
        return fold(self.pieces)

    def _hides(self, name: str, tag: str) -> bool:
        """Whether an element that begins here is no text, in TEI, feeds and books; elsewhere no name means anything."""
        if self.as_is or not self.open:
            return False
        if self.kind == "feed":
            return name in _OF_FEEDS or _OF_WORDPRESS.match(tag) is not None
        if self.kind == "book":
            return name in _OF_BOOKS
        within = self.open[-1].name in ("choice", "app")
        return name == "teiheader" or (self.kind == "tei" and (name in _OF_TEI or (within and name in _ONE_OF)))

    def _part(self, name: str) -> None:
        """Mark where an element begins or ends; what is a block parts in any case."""
        if name in _PARTED or len(self.open) < _OUTERMOST:
            self.pieces.append("\0")
        elif name in _WORDS:
            self.pieces.append(" ")
        elif self.open:
            self.open[-1].seams.append(len(self.pieces))
            self.pieces.append(" ")

    def _break_line(self, joins: bool) -> None:
        """A line ends: between two words, or within one, whose hyphen belongs to the line then."""
        if not joins:
            self.pieces.append(" ")
            return
        self.joining = True
        for place in range(len(self.pieces) - 1, -1, -1):
            said = self.pieces[place].rstrip(" \t\r\n")
            self.pieces[place] = re.sub(r"[-\u00ad\u2010\u00ac]$", "", said)
            if said:
                return


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()
