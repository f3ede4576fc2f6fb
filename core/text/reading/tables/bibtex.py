"""Bibliographies of BibTeX and BibLaTeX (.bib): of each entry its fields, without braces and LaTeX's commands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.errors import CorpusError
from core.text.reading.formats.latex import text_of_latex
from core.text.reading.sheets import Sheet
from core.text.reading.tables.bibliographies import Reference, entries, sheet_of

_AT = r"@[ \t]{0,9}([A-Za-z]{1,40})\s{0,99}([{(])"
_AT_LINE_START = re.compile(rf"^[ \t]*{_AT}", re.MULTILINE)
_ENTRY = re.compile(_AT)
_FIRST = re.compile(rf"{_AT}\s{{0,99}}[^\s,={{}}\"]{{0,300}}\s{{0,99}},\s{{0,99}}[A-Za-z][\w-]{{0,60}}\s{{0,99}}=")
_KEY = re.compile(r"\s*+(?:([^,={}\"\n]{0,300}),|([^\s,={}\"]{1,300})\s+(?=[A-Za-z][\w-]{0,60}\s{0,99}=))?")
_FIELD = re.compile(r"[\s,]*([A-Za-z][\w:+.-]{0,60})\s{0,99}=\s*")
_FIELD_LINE = re.compile(r"^[ \t,]*([A-Za-z][\w:+.-]{0,60})[ \t]{0,99}=[ \t]*(?=[\w\"{])", re.MULTILINE)
_END = re.compile(r"[\s,]*")
_BARE = re.compile(r"[^\s,{}\"#=()]+")
_JOIN = re.compile(r"\s*#\s*")
_IN_QUOTES = re.compile(r"\\.|[{}\"]", re.DOTALL)
_BRACES, _BARE_BRACES = re.compile(r"()([{}])"), re.compile(r"(\\[{}])|([{}])")
_SIGNS = re.compile(r"\\.|(\$(?=[^\s$])[^$\n]{0,300}(?<=[^\s\\])\$(?!\d))|([$%])", re.DOTALL)
"""What LaTeX takes for a formula or a remark: "50% of $5" is neither, "$\\alpha$-helix" has a formula."""
_READ = {
    "title": "title",
    "subtitle": "subtitle",
    "abstract": "abstract",
    "keywords": "keywords",
    "keyword": "keywords",
    "annote": "annote",
    "annotation": "annote",
    "author": "author",
    "editor": "editor",
    "journal": "journal",
    "journaltitle": "journal",
    "booktitle": "journal",
    "year": "year",
    "date": "date",
    "language": "language",
    "langid": "language",
}
"""Fields that are kept, and what they are called here."""
_ABBREVIATED = 1_000_000
_MORE_THAN_WRITTEN = 10
_REMARK = 200


def is_bibtex(text: str, called_so: bool) -> bool:
    """Whether `text` is a bibliography: it begins with an entry, or is called one and has an entry somewhere."""
    found = _AT_LINE_START.search(text) if called_so else _FIRST.search(text[:4000].lstrip()[:1000])
    return found is not None


def read_bibtex(text: str, name: str) -> Sheet | None:
    """The entries of `text`, a row each; None where there is none.

    A brace that is missing or too many costs no other entry: each begins where a line begins with @ and its type. Of
    such an entry the fields are the first and those that begin a line.

    Raises:
        CorpusError: no entry has a title or an abstract, or abbreviations grow as only forged ones do.
    """
    file = _File(name, _MORE_THAN_WRITTEN * len(text) + _ABBREVIATED)
    starts = [found.start() for found in _AT_LINE_START.finditer(text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        file.read(text[start:end])
    if not file.references:
        return None
    notes = []
    if file.broken:
        named = ", ".join(f"“{key}”" for key in file.broken[:3]) + (" …" if len(file.broken) > 3 else "")
        has = "has" if len(file.broken) == 1 else "have"
        notes.append(
            f"{entries(len(file.broken))} of “{name}” {has} a brace or a quotation mark too many or too few ({named}), "
            "of which the fields that begin a line were read. Check what they say."
        )
    return sheet_of(file.references, name, "BibTeX", notes)


@dataclass(slots=True)
class _File:
    """What was read so far.

    Attributes:
        left: letters that abbreviations may still bring.
        broken: keys of entries whose braces do not match.
    """

    name: str
    left: int
    references: list[Reference] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)

    def read(self, chunk: str) -> None:
        """The entries of a stretch of text that begins with one, of which the others do not begin a line."""
        braces: list[Mapping[int, int]] = []
        at = 0
        while found := _ENTRY.search(chunk, at):
            at = found.end()
            before = chunk[max(0, found.start() - _REMARK) : found.start()].rpartition("\n")[2]
            if before.lstrip().startswith("%"):
                continue
            kind = found[1].lower()
            braces = braces or [_match_braces(chunk, _BRACES), _match_braces(chunk, _BARE_BRACES)]
            closed = next((closes for closes in braces if found.end() - 1 in closes or found[2] == "("), None)
            if kind in ("comment", "preamble"):
                at = at if closed is None else closed.get(found.end() - 1, at)
                continue
            read = None if closed is None else self._read_whole(chunk, at, closed, kind == "string", found[2])
            if read is None or _goes_on(chunk, read[2]):
                if kind != "string":
                    self._read_lines(chunk, at, kind)
                return
            key, fields, at = read
            if kind == "string":
                self.strings |= fields
            else:
                self.references.append(Reference(key, kind, _named(fields)))

    def _read_whole(
        self, chunk: str, at: int, closes: Mapping[int, int], is_string: bool, opened: str
    ) -> tuple[str, dict[str, str], int] | None:
        """Key, fields and end of an entry whose braces match; None where it is not written as entries are."""
        key = ""
        if not is_string and (found := _KEY.match(chunk, at)):
            key, at = (found[1] or found[2] or "").strip(), found.end()
        fields: dict[str, str] = {}
        while found := _FIELD.match(chunk, at):
            name = found[1].lower()
            value = self._value(chunk, found.end(), closes, is_string or name in _READ)
            if value is None:
                return None
            fields.setdefault(name, value[0])
            at = value[1]
        at = _end_of(_END, chunk, at)
        return (key, fields, at + 1) if chunk[at : at + 1] == ("}" if opened == "{" else ")") else None

    def _value(self, chunk: str, at: int, closes: Mapping[int, int], kept: bool) -> tuple[str, int] | None:
        """What a field says, and where that ends: texts in braces or quotation marks, numbers, abbreviations, by #."""
        pieces: list[str] = []
        while True:
            if chunk.startswith("{", at):
                if at not in closes:
                    return None
                pieces.append(chunk[at + 1 : closes[at]])
                at = closes[at] + 1
            elif chunk.startswith('"', at):
                end = _end_of_quoted(chunk, at + 1, closes)
                if end is None:
                    return None
                pieces.append(chunk[at + 1 : end])
                at = end + 1
            elif found := _BARE.match(chunk, at):
                pieces.append(self._spell_out(found[0]) if kept else "")
                at = found.end()
            else:
                return None
            if not (joined := _JOIN.match(chunk, at)):
                return "".join(pieces), at
            at = joined.end()

    def _spell_out(self, word: str) -> str:
        """What an abbreviation stands for; a number, or a word that was never said to be one, stands for itself."""
        long = self.strings.get(word.lower(), word)
        self.left -= len(long)
        if self.left < 0:
            raise CorpusError(
                f"“{self.name}” has abbreviations (@string) that stand for far more text than a file of its size has, "
                "as only forged ones do. Leave them out."
            )
        return long

    def _read_lines(self, chunk: str, at: int, kind: str) -> None:
        """The fields that begin a line, of an entry whose braces do not match."""
        key = ""
        if found := _KEY.match(chunk, at):
            key, at = (found[1] or found[2] or "").strip(), found.end()
        first = _FIELD.match(chunk, at)
        lines = [first] if first else []
        lines += _FIELD_LINE.finditer(chunk, first.end() if first else at)
        fields: dict[str, str] = {}
        for line, end in zip(lines, [*(each.start() for each in lines[1:]), len(chunk)], strict=False):
            value = chunk[line.end() : end].rstrip().rstrip(",)}").strip('"{}, \n\t')
            fields.setdefault(line[1].lower(), self._spell_out(value) if value.lower() in self.strings else value)
        self.broken.append(key)
        self.references.append(Reference(key, kind, _named(fields)))


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _goes_on(chunk: str, at: int) -> bool:
    """Whether there are fields behind an entry's end: a brace too many ended it early."""
    following = _ENTRY.search(chunk, at)
    return _FIELD_LINE.search(chunk, at, following.start() if following else len(chunk)) is not None


def _match_braces(chunk: str, pattern: re.Pattern[str]) -> dict[int, int]:
    """Where each brace that is opened is closed; the first group of the pattern is what is no brace."""
    closes: dict[int, int] = {}
    opened: list[int] = []
    for brace in pattern.finditer(chunk):
        if brace[2] == "{":
            opened.append(brace.start())
        elif brace[2] == "}" and opened:
            closes[opened.pop()] = brace.start()
    return closes


def _end_of_quoted(chunk: str, at: int, closes: Mapping[int, int]) -> int | None:
    """Where the next quotation mark stands that is in no braces."""
    while found := _IN_QUOTES.search(chunk, at):
        if found[0] == '"':
            return found.start()
        if found[0] == "}" or (found[0] == "{" and found.start() not in closes):
            return None
        at = closes[found.start()] + 1 if found[0] == "{" else found.end()
    return None


def _named(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that are kept, under one name each, as a reader sees them."""
    shown: dict[str, str] = {}
    for name, value in fields.items():
        if name in _READ and (text := _shown(value)):
            shown.setdefault(_READ[name], text)
    if "date" in shown:
        shown.setdefault("year", shown.pop("date")[:4])
    if "subtitle" in shown:
        shown["title"] = ": ".join(filter(None, (shown.get("title", ""), shown.pop("subtitle"))))
    return shown


def _shown(value: str) -> str:
    if not re.search(r"[\\{}$%~`'-]", value):
        return " ".join(value.split())
    return text_of_latex(_SIGNS.sub(lambda found: found[1] or (f"\\{found[2]}" if found[2] else found[0]), value))
