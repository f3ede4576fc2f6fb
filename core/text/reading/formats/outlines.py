"""What a reader sees of notes in Org mode and of reStructuredText: without drawers, directives, addresses and code."""

import re

from core.text.reading.formats.spans import leave_out

_DRAWER = re.compile(r"^[ \t]*:[A-Za-z_-]{1,40}:[ \t]*\n", re.MULTILINE)
_CODE = re.compile(r"^[ \t]*#\+begin_(src|example|export|comment)\b[^\n]*\n", re.MULTILINE | re.IGNORECASE)
_ORG: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*#\+(?:title|subtitle|caption):[ \t]*", re.MULTILINE | re.IGNORECASE), ""),
    (re.compile(r"^[ \t]*#(?:\+[^\n]*| [^\n]*|)$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:CLOSED|SCHEDULED|DEADLINE|CLOCK):[^\n]*$", re.MULTILINE), ""),
    (re.compile(r"^(?:\*{1,20}) +(?:(?:TODO|DONE|NEXT|WAITING) +)?(?:\[#[A-Z0-9]\] +)?", re.MULTILINE), ""),
    (re.compile(r"[ \t]{1,40}:(?:[\w@#%]{1,40}:){1,20}[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"^([ \t]{0,40}(?:[-+]|\d{1,4}[.)]) )\[[ xX-]\] ", re.MULTILINE), r"\1"),
    (re.compile(r"\[\[[^\[\]\n]{1,1000}\]\[([^\[\]\n]{1,500})\]\]"), r"\1"),
    (re.compile(r"\[\[[^\[\]\n]{1,1000}\]\]"), " "),
    (re.compile(r"\[fn:[^\[\]\s]{1,60}\]"), " "),
    (re.compile(r"[<\[]\d{4}-\d\d-\d\d[^<>\[\]\n]{0,40}[>\]]"), " "),
    (re.compile(r"^[ \t]*\|[-+]+\|[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*/=~+])([*/=~+])(?=\S)([^\n*/=~+]{1,500})(?<=\S)\1(?![\w*/=~+])"), r"\2"),
)
_TOLD = "note warning tip hint important caution danger error attention admonition epigraph pull-quote topic sidebar"
_DIRECTIVE = re.compile(rf"[ \t]*\.\. (?:({_TOLD.replace(' ', '|')})|[\w:.+-]{{1,60}})::(?:[ \t]+(.*))?$")
_FOOTNOTE = re.compile(r"([ \t]*)\.\. \[[^\[\]\s]{1,60}\][ \t]+")
_RULE = re.compile(r"""([=\-~^"'`#*+.:_])\1{2,}[ \t]*|(?:={2,}[ \t]+){1,50}={2,}[ \t]*|\+[-=+]{3,}[ \t]*""")
_RST: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*:[\w -]{1,40}:(?:[ \t]|$)", re.MULTILINE), ""),
    (re.compile(r"(?::[\w.+:-]{1,60}:)?`([^`<>]{1,500}?)[ \t\n]{0,20}<[^<>`]{1,1000}>`_{0,2}"), r"\1"),
    (re.compile(r":[\w.+:-]{1,60}:`[~!]?([^`]{1,500})`"), r"\1"),
    (re.compile(r"``([^`]{1,500})``|`([^`]{1,500})`_{0,2}"), r"\1\2"),
    (re.compile(r"[ \t]?\[[#*\w]{1,40}\]_"), ""),
    (re.compile(r"(?<![\w*])(\*\*?)(?=[^\s*])([^*]{1,500})(?<=\S)\1(?![\w*])"), r"\2"),
)


def text_of_org(text: str) -> str:
    """Words of headings, lists, tables and paragraphs, those of links' texts too."""
    text = leave_out(text, _DRAWER, lambda _: r"^[ \t]*:end:[ \t]*$", "\n", re.MULTILINE)
    text = leave_out(text, _CODE, lambda found: rf"^[ \t]*#\+end_{found[1]}\b[^\n]*$", "\n", re.MULTILINE)
    for pattern, put in _ORG:
        text = pattern.sub(put, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def text_of_rst(text: str) -> str:
    """Words of the page, those of notes and warnings and of links' texts too."""
    text = "\n".join(_lines_of_rst(text))
    for pattern, put in _RST:
        text = pattern.sub(put, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _lines_of_rst(text: str) -> list[str]:
    """The lines without rules, comments, and directives with what is indented below them, but for what is told."""
    kept: list[str] = []
    deepest: int | None = None  # lines further in than that belong to what is left out
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip())
        if deepest is not None and (not line.strip() or depth > deepest):
            kept += [] if line.strip() else [""]
            continue
        deepest = None
        if found := _DIRECTIVE.match(line):
            deepest = None if found[1] else depth
            kept.append((found[2] or "") if found[1] else "")
        elif found := _FOOTNOTE.match(line):
            kept.append(found[1] + line[found.end() :])
        elif line.lstrip().startswith(".. ") or line.strip() in ("..", "::"):
            deepest = depth
        elif _RULE.fullmatch(line.strip()):
            kept.append("")
        elif line.rstrip().endswith("::"):
            deepest = depth
            kept.append(line.rstrip()[:-1])
        else:
            kept.append(line)
    return kept
