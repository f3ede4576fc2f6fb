"""Files of many documents in elements one after another, as corpora are given out: a row for each.

<doc id="1" title="…"> of extracts of Wikipedia, <DOC><DOCNO> of TREC and the LDC, <REUTERS NEWID="1"> … XML has one
outermost element, and what followed the first one would be lost to its parser.
"""

import re
from collections import Counter
from html import unescape

from core.prose.numbers import count
from core.text.reading.formats.xml_text import text_of_xml
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

_PROLOGUE = r"\s*(?:<\?xml[^<>]{0,300}\?>\s*)?(?:<!DOCTYPE[^<>\[]{0,300}>\s*)?"
_FIRST = re.compile(rf"{_PROLOGUE}(?=<([A-Za-z][\w.-]{{0,40}})[\s>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:.-]{0,40})\s{0,9}=\s{0,9}(?:"([^"<>]{0,1000})"|'([^'<>]{0,1000})')""")
_ABOUT = re.compile(r"<(DOCNO|DOCID|DATE|DATETIME)\b[^<>]{0,100}>([^<>]{0,200})</\1\s*>", re.IGNORECASE)
"""Elements that say something of a document and are no text of it."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n(?=[^<\n])")
_NAMES = ("title", "docno", "docid", "newid", "id", "name", "n")
_MOST_ATTRIBUTES = 20
_FEWEST_ROWS = 2
_ROW = re.compile(
    r"<([A-Za-z][\w:.-]{0,40})((?:\s+[A-Za-z][\w:.-]{0,40}\s{0,9}=\s{0,9}(?:\"[^\"<]*\"|'[^'<]*'))+)\s*/?>"
)
_ROW_ATTRIBUTE = re.compile(r"([A-Za-z][\w:.-]{0,40})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")


def has_many(text: str) -> bool:
    """Whether `text` is elements of one name, one after another, as far as its beginning tells."""
    first = _FIRST.match(text)
    if first is None:
        return False
    name = re.escape(first[1])
    end = re.search(rf"</{name}\s{{0,9}}>\s{{0,99}}(?:<({name})[\s>])?", text, re.IGNORECASE)
    return end is not None and end[1] is not None


def read_attributes(text: str, name: str) -> Sheet | None:
    """The elements of XML whose texts are in their attributes, as dumps of Stack Exchange have them, a row each.

    None where fewer than two elements of a name have attributes.
    """
    import pandas as pd

    elements = [(found[1], found[2]) for found in _ROW.finditer(text)]
    often = Counter(tag for tag, _ in elements).most_common(1)
    if not often or often[0][1] < _FEWEST_ROWS:
        return None
    rows = [
        {one[1]: unescape(one[2] or one[3] or "") for one in _ROW_ATTRIBUTE.finditer(head)}
        for tag, head in elements
        if tag == often[0][0]
    ]
    columns = list(dict.fromkeys(column for row in rows for column in row))[:_MOST_ATTRIBUTES]
    cells = pd.DataFrame([[row.get(column, "") for column in columns] for row in rows], columns=columns, dtype=str)
    cells.index = pd.RangeIndex(1, len(rows) + 1)
    note = f"“{name}” has its texts in the attributes of its elements (<{often[0][0]}>), each read as a row. {IF_WRONG}"
    return Sheet(name, cells, (note,))


def read_many(text: str, name: str) -> Sheet | None:
    """The documents of `text`, each a row with the attributes of its element; None where it is one element.

    Raises:
        CorpusError: one cannot be read.
    """
    first = _FIRST.match(text)
    if first is None or not has_many(text):
        return None
    import pandas as pd

    begins = re.compile(rf"<{re.escape(first[1])}(?=[\s>])", re.IGNORECASE)
    ends = re.compile(rf"</{re.escape(first[1])}\s{{0,9}}>\s*(?=<{re.escape(first[1])}[\s>]|$)", re.IGNORECASE)
    rows: list[dict[str, str]] = []
    at = first.end()
    while at < len(text) and begins.match(text, at):
        end = ends.search(text, at)
        piece = text[at : end.end() if end else len(text)]
        at += len(piece)
        head = piece[: piece.find(">") + 1]
        row = {found[1].lower(): found[2] or found[3] or "" for found in _ATTRIBUTE.finditer(head)}
        row |= {found[1].lower(): found[2].strip() for found in _ABOUT.finditer(piece)}
        shown = _ABOUT.sub(" ", piece)
        shown = shown if "<![CDATA[" in shown else _BLANK_LINE.sub("\n<br/>", shown)  # paragraphs of plain text
        rows.append({"text": text_of_xml(shown, name), **row})
    columns = list(dict.fromkeys(column for row in rows for column in row))[:_MOST_ATTRIBUTES]
    cells = pd.DataFrame([[row.get(column, "") for column in columns] for row in rows], columns=columns, dtype=str)
    cells.index = pd.RangeIndex(1, len(rows) + 1)
    note = f"“{name}” has {count('document', len(rows))} one after another (<{first[1]}>), each read as one. {IF_WRONG}"
    return Sheet(name, cells, (note,), names=next((each for each in _NAMES if each in columns), ""))
