"""Exports of MediaWiki: a row for each page, with its title and what kind of page it is."""

import re
from html import unescape

from core.errors import CorpusError
from core.prose.numbers import count
from core.text.reading.formats.wiki import text_of_wiki
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

_TEXT = re.compile(r"<text\b[^<>]{0,500}>")
_FIELDS = {
    "title": re.compile(r"<title>([^<>]{0,1000})</title>"),
    "namespace": re.compile(r"<ns>\s*(-?\d{1,6})\s*</ns>"),
    "year": re.compile(r"<timestamp>\s*(\d{4})-"),
}
_CODE = frozenset({"8", "10", "828"})
"""Namespaces of messages, templates and modules."""
_KINDS = {"": "", "0": "article", "1": "talk", "2": "user", "3": "user talk", "4": "project", "5": "project talk"}
_KINDS |= {"6": "file", "12": "help", "14": "category", "100": "portal"}


def read_export(markup: str, name: str) -> Sheet:
    """The pages of an export, without those that lead to another page, and templates and modules.

    Raises:
        CorpusError: there is no page with text.
    """
    import pandas as pd

    rows: list[dict[str, str]] = []
    left_out = 0
    for page in markup.split("<page>")[1:]:
        begin = _TEXT.search(page)
        head = page[: begin.start()] if begin else page
        row = {field: unescape(found[1]) if (found := told.search(head)) else "" for field, told in _FIELDS.items()}
        text = text_of_wiki(unescape(page[begin.end() :].partition("</text>")[0])) if begin else ""
        if "<redirect" in head or row["namespace"] in _CODE or not text:
            left_out += 1
            continue
        row["namespace"] = _KINDS.get(row["namespace"], row["namespace"])
        rows.append({"text": "\n\n".join(filter(None, (row["title"], text))), **row})
    if not rows:
        raise CorpusError(f"“{name}” is the export of a wiki without a page of text. Export the pages, not their list.")
    said = f"“{name}” was read as {count('page', len(rows))} of a wiki, without templates and references."
    if left_out:
        said += f" {count('page', left_out)} that {'is' if left_out == 1 else 'are'} empty, a template, a module or"
        said += f" only {'leads' if left_out == 1 else 'lead'} to another, left out."
    cells = pd.DataFrame(rows, index=range(1, len(rows) + 1), dtype=str)
    return Sheet(name, cells, (f"{said} {IF_WRONG}",), names="title")
