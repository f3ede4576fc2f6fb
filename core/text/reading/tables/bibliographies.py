"""Bibliographies: lists of what was published, of which title, abstract and keywords are the text.

Programs for references write each field on a line of its own, behind a tag of two to four letters (RIS, PubMed, Web of
Science) or a percent sign and one (EndNote); of BibTeX, see `core/text/reading/tables/bibtex.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Literal

from core.errors import CorpusError
from core.text.reading.endings import is_called
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

Tagging = Literal["RIS", "PubMed", "EndNote", "Web of Science"]

_TEXT = ("title", "abstract", "keywords", "annote")
_COLUMNS = ("type", "year", "title", "abstract", "keywords", "author", "journal", "language")
_TAGGED: dict[Tagging, re.Pattern[str]] = {
    "RIS": re.compile(r"([A-Z][A-Z0-9])  -(?: |$)"),
    "PubMed": re.compile(r"([A-Z]{4}|[A-Z]{3} |[A-Z]{2}  )- "),
    "EndNote": re.compile(r"%([^\s\w]|[0-9A-Z])(?: |$)"),
    "Web of Science": re.compile(r"([A-Z][A-Z0-9])(?: |$)"),
}
_FIRST_TAG: dict[Tagging, str] = {"RIS": "TY", "PubMed": "PMID", "EndNote": "0", "Web of Science": "PT"}
"""With which each reference begins."""


def _tags(**written: str) -> dict[str, str]:
    """What each tag means, of the tags of each meaning; of several the first that is there counts."""
    return {tag: meaning for meaning, tags in written.items() for tag in tags.split()}


_MEANING: dict[Tagging, dict[str, str]] = {
    "RIS": _tags(
        type="TY",
        title="TI T1",
        abstract="AB N2",
        keywords="KW",
        author="AU A1",
        journal="JO JF T2 BT JA",
        key="ID",
        year="PY Y1 DA",
        language="LA",
    ),
    "PubMed": _tags(
        type="PT",
        title="TI",
        abstract="AB",
        keywords="OT",
        author="AU",
        journal="JT",
        key="PMID",
        year="DP",
        language="LA",
    ),
    "EndNote": _tags(
        type="0",
        title="T",
        abstract="X",
        keywords="K",
        author="A",
        journal="J B",
        key="F",
        year="D",
        language="G",
    ),
    "Web of Science": _tags(
        type="PT",
        title="TI",
        abstract="AB",
        keywords="DE",
        author="AU",
        journal="SO",
        key="UT",
        year="PY",
        language="LA",
    ),
}
_OF_PUBMED = {"title": "ArticleTitle", "abstract": "AbstractText", "keywords": "Keyword", "author": "LastName"}
_OF_PUBMED |= {"journal": "ISOAbbreviation", "language": "Language"}
_LISTED = ("keywords", "author")
"""What a reference has several of; of the others the first counts."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of a bibliography; `fields` has title, abstract, keywords, annote, author, journal, year, language."""

    key: str
    kind: str
    fields: dict[str, str]

    @property
    def text(self) -> str:
        """What there is to read of it; "" where it has neither title nor abstract."""
        if not (self.fields.get("title") or self.fields.get("abstract")):
            return ""
        return "\n\n".join(filter(None, (self.fields.get(name, "") for name in _TEXT)))


def entries(n: int) -> str:
    """ "1 entry", "2,400 entries"."""
    return f"{n:,} {'entry' if n == 1 else 'entries'}"


def sheet_of(references: Sequence[Reference], name: str, written: str, notes: Sequence[str] = ()) -> Sheet:
    """`references` as a table, without those that there is nothing to read of; `written` is their format.

    Raises:
        CorpusError: there is nothing to read of any.
    """
    import pandas as pd

    kept = [(number, reference) for number, reference in enumerate(references, 1) if reference.text]
    if not kept:
        raise CorpusError(
            f"“{name}” is a bibliography ({written}) of {entries(len(references))} without title or abstract. Upload "
            "one whose entries have them."
        )
    keys = _distinct([reference.key for _, reference in kept])
    columns = {"text": [reference.text for _, reference in kept]}
    for column in _COLUMNS:
        cells = [reference.kind if column == "type" else reference.fields.get(column, "") for _, reference in kept]
        if any(cells):
            columns[column] = cells
    columns["key"] = keys
    bare = sum(not reference.fields.get("abstract") for _, reference in kept)
    said = f"“{name}” was read as a bibliography ({written}): of {entries(len(references))} title, abstract and"
    said += " keywords are the text, what else is told of them columns of their own or left out."
    if left_out := len(references) - len(kept):
        said += f" {entries(left_out)} without title or abstract left out."
    if bare:
        said += f" {entries(bare)} {'has' if bare == 1 else 'have'} no abstract."
    cells = pd.DataFrame(columns, index=[number for number, _ in kept], dtype=str)
    return Sheet(name, cells, (f"{said} {IF_WRONG}", *notes), names="key")


def _distinct(keys: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
        distinct.append(f"{key} ({seen[key]})" if key and seen[key] > 1 else key)
    return distinct


def tagging_of(text: str, name: str) -> Tagging | None:
    """By which tags a file's `text` is a bibliography; None where it is none."""
    lines = [line for line in text[:4000].lstrip("\ufeff \n").split("\n", 30)[:30] if line.strip()]
    for tagging, tagged in _TAGGED.items():
        found = [tagged.match(line) for line in lines]
        tags = [each[1].strip() if each else "" for each in found]
        start = 0
        if tagging == "Web of Science":
            start = 2 if tags[:2] == ["FN", "VR"] else len(tags)
        elif tagging == "RIS" and is_called(name, "references"):  # what provides them is told above
            start = tags.index("TY") if "TY" in tags else len(tags)
        if tags[start : start + 1] == [_FIRST_TAG[tagging]] and sum(map(bool, tags[start : start + 3])) > 1:
            return tagging
    return None


def read_references(text: str, name: str, tagging: Tagging) -> Sheet:
    """The references of `text`, a row each.

    Raises:
        CorpusError: none has a title or an abstract.
    """
    references: list[Reference] = []
    said: dict[str, list[list[str]]] = {}  # of each tag the lines of each time it is there
    tagged, first = _TAGGED[tagging], _FIRST_TAG[tagging]
    current: list[str] = []
    for line in text.split("\n"):
        found = tagged.match(line)
        if found is None:
            current.append(line.strip())
            continue
        if found[1] == first and said:
            references.append(_reference(said, tagging))
            said = {}
        current = [line[found.end() :].strip()]
        said.setdefault(found[1].strip(), []).append(current)
    references.append(_reference(said, tagging))
    return sheet_of([reference for reference in references if reference.fields or reference.kind], name, tagging)


def is_pubmed(text: str) -> bool:
    """Whether an XML text is a list of articles as PubMed gives it out."""
    return (
        re.match(r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!DOCTYPE[^>]{0,300}>\s*)?<PubmedArticleSet\b", text) is not None
    )


def read_pubmed(markup: str, name: str) -> Sheet:
    """The articles of PubMed's XML, a row each.

    Raises:
        CorpusError: none has a title or an abstract.
    """
    references = []
    for article in markup.split("<PubmedArticle>")[1:]:
        said = {
            meaning: "; ".join(_said_in(article, element))
            if meaning in _LISTED
            else " ".join(_said_in(article, element))
            for meaning, element in _OF_PUBMED.items()
        }
        year = re.search(r"<PubDate>.{0,200}?(\d{4})", article, re.DOTALL)
        said["year"] = year[1] if year else ""
        key = next(iter(_said_in(article.partition("<ReferenceList>")[0], "PMID")), "")
        references.append(Reference(key, "", {field: value for field, value in said.items() if value}))
    return sheet_of(references, name, "PubMed")


def _said_in(article: str, element: str) -> list[str]:
    end = f"</{element}>"
    upto = (
        article[: article.rfind(end) + len(end)] if end in article else ""
    )  # so that what is never closed is no search
    found = re.findall(rf"<{element}\b[^<>]{{0,300}}>(.*?)</{element}>", upto, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^<>]{0,300}>", "", each)).split()) for each in found]


def _reference(said: dict[str, list[list[str]]], tagging: Tagging) -> Reference:
    fields: dict[str, str] = {}
    for tag, meaning in _MEANING[tagging].items():
        values = [" ".join(filter(None, lines)) for lines in said.get(tag, ())]
        if meaning in _LISTED:
            values = ["; ".join(filter(None, [fields.get(meaning, ""), *values]))]
        if values and not (fields.get(meaning) and meaning not in _LISTED):
            fields[meaning] = values[0]
    if year := re.search(r"(?<!\d)\d{4}(?!\d)", fields.pop("year", "")):
        fields["year"] = year[0]
    return Reference(
        fields.pop("key", ""), fields.pop("type", ""), {name: said for name, said in fields.items() if said}
    )
