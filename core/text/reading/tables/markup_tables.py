"""Tables of web programs that are called spreadsheets: a page with a table (.xls), or Excel's XML of 2003."""

import re
from collections.abc import Mapping

from core.text.reading.endings import is_called
from core.text.reading.formats.html import fold
from core.text.reading.kinds import SAVE_AGAIN
from core.text.reading.sheets import Sheet, check_cells, check_columns, with_header
from core.text.reading.uploads import Limits, parsing

_SPREADSHEET = re.compile(r"<(?:\w{1,20}:)?Workbook\b[^<>]{0,2000}urn:schemas-microsoft-com:office:spreadsheet")
_PAGE_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_ROWS, _CELLS = frozenset({"tr", "row"}), frozenset({"td", "th", "data"})
_LAST_COLUMN, _MOST_BLANKS = 16_384, 2_000_000


class _Rows:
    """What lxml's parser tells of rows and cells."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.pieces: list[str] | None = None
        self.place = 0
        self.blanks = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = _local(tag)
        if name in _ROWS:
            self.rows.append([])
            self.place = 0
        elif name == "cell":
            index = next((value for key, value in attributes.items() if _local(key) == "index"), "")
            self.place = int(index) - 1 if index.isdecimal() and 0 < int(index) <= _LAST_COLUMN else self.place
        elif name in _CELLS and self.rows:
            self.pieces = []
        elif name in ("br", "p", "div") and self.pieces is not None:
            self.pieces.append("\0")

    def end(self, tag: str) -> None:
        name = _local(tag)
        if name in _CELLS and self.pieces is not None:
            row = self.rows[-1]
            self.blanks += max(0, self.place - len(row))
            if self.blanks > _MOST_BLANKS:
                raise ValueError("nearly all of its cells are empty")
            row += [""] * (self.place - len(row))
            row.append(fold(self.pieces))
            self.pieces = None
        if name in ("td", "th", "cell"):
            self.place += 1

    def data(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(text)

    def comment(self, text: str) -> None:
        pass

    def close(self) -> list[list[str]]:
        return self.rows


def read_markup_table(text: str, name: str, header: bool | None, limits: Limits, as_is: bool) -> Sheet | None:
    """The table in a file that is called a spreadsheet and is a page or XML; None where it is none of these."""
    if not is_called(name, "spreadsheet"):
        return None
    start = text[:65_536]
    is_xml = _SPREADSHEET.search(start) is not None
    if not is_xml and not _PAGE_TABLE.search(start):
        return None
    import pandas as pd
    from lxml import etree

    with parsing(name, "a table", SAVE_AGAIN):
        text = re.sub(r"^\s*<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
        parser: etree.XMLParser | etree.HTMLParser
        if is_xml:
            parser = etree.XMLParser(
                target=_Rows(), encoding="utf-8", no_network=True, huge_tree=True, resolve_entities=False, recover=True
            )
        else:
            parser = etree.HTMLParser(target=_Rows(), encoding="utf-8", no_network=True, huge_tree=True)
        rows: list[list[str]] = etree.fromstring(text.encode(), parser)
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(map(str.strip, row))]
    width = max((len(row) for _, row in numbered), default=0)
    if width < 2:
        return None
    check_columns(name, width, limits)
    check_cells(name, width * len(numbered), max(limits.cells, len(text)))
    cells = pd.DataFrame([row + [""] * (width - len(row)) for _, row in numbered], dtype=str)
    cells.index = pd.Index([number for number, _ in numbered])
    return with_header(name, cells, header, as_is)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()
