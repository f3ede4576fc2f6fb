"""What a reader sees of a Markdown page: without front matter, addresses of links, code and the templates of sites."""

import re
from html import unescape

from core.text.reading.formats.html import BLOCKS
from core.text.reading.formats.spans import leave_out

_FRONT = re.compile(r"\s{0,99}(---|\+\+\+)[ \t]*\n")
_FIELD = re.compile(r"[ \t]*(?:[\w\"'.-]{1,60}[ \t]*[:=]|- |#|\])|[ \t]*$|[ \t]+\S")
_MOST_FRONT_LINES = 200
_FENCE = re.compile(r"^[ \t]{0,3}(```+|~~~+)[^`\n]*\n", re.MULTILINE)
_HIDDEN = re.compile(r"<!--|\{%|\{\{[<%]|^:::+[^\n]*\n", re.MULTILINE)
_ENDS = {"<!--": "-->", "{%": r"%\}", "{{<": r">\}\}", "{{%": r"%\}\}"}
_DEFINITION = re.compile(r"^[ \t]{0,3}\[(?!\^)[^\[\]\n]{1,200}\]:[ \t]*\S[^\n]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\](?:\([^()\n]{0,1000}\)|\[[^\[\]\n]{0,200}\])")
_LINK = re.compile(
    r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)|\[[^\[\]\n]{0,200}\])"
)
_NOTE = re.compile(r"\[\^[^\[\]\s]{1,60}\]:?")
_ADDRESS = re.compile(r"<(?:https?|ftp|mailto):[^<>\s]{1,2000}>")
_TASK = re.compile(r"^([ \t]{0,20}[-*+] )\[[ xX]\] ", re.MULTILINE)
_INLINE = "a abbr b big center code del em font i img ins kbd mark s samp small span strike strong sub sup tt u var"
_HTML = re.compile(
    rf"(`+[^`\n]{{1,500}}`+)|</?({'|'.join((*sorted(BLOCKS), *_INLINE.split()))})(?:\s[^<>]{{0,1000}})?/?>"
    r"|(&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});)",
    re.IGNORECASE,
)
_CELLS = re.compile(r"^(?=[ \t:-]{0,300}\|)[ \t:|-]+$", re.MULTILINE)


def has_front_matter(text: str) -> bool:
    """Whether `text` begins with fields between two lines of dashes or plus signs."""
    return _end_of_front(text) > 0


def text_of_markdown(text: str) -> str:
    """Words of the page, those of footnotes and of links' texts too."""
    text = text[_end_of_front(text) :]
    text = leave_out(
        text, _FENCE, lambda found: rf"^[ \t]{{0,3}}{re.escape(found[1])}[`~]{{0,99}}[ \t]*$", "\n", re.MULTILINE
    )
    text = leave_out(text, _HIDDEN, _end_of_hidden)
    steps: tuple[tuple[re.Pattern[str], str], ...] = (
        *((_DEFINITION, ""), (_IMAGE, ""), (_LINK, r"\1"), (_NOTE, " "), (_ADDRESS, " "), (_TASK, r"\1"), (_CELLS, "")),
    )
    for pattern, put in steps:
        text = pattern.sub(put, text)
    text = _HTML.sub(_read_html, text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _read_html(found: re.Match[str]) -> str:
    """A tag as the blank or nothing that it looks like, an entity as its letter; code stays as it is."""
    if found[1]:
        return found[1]
    if found[3]:
        return unescape(found[3])
    return "\n" if found[2].lower() in BLOCKS else ""


def _end_of_hidden(found: re.Match[str]) -> str:
    return _ENDS.get(found[0], r"(?<=\n)")  # a line of colons ends with itself


def _end_of_front(text: str) -> int:
    """Where the front matter ends; 0 where there is none."""
    begun = _FRONT.match(text)
    if begun is None:
        return 0
    at = begun.end()
    for number in range(_MOST_FRONT_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        if line.rstrip() == begun[1] or (begun[1] == "---" and line.rstrip() == "..."):
            return (end + 1 if end >= 0 else len(text)) if number else 0
        if end < 0 or not _FIELD.match(line):
            return 0
        at = end + 1
    return 0
