"""Tags and entities of HTML within cells and plain texts, and line ends written as \\n: what exports leave in a text.

Whether they are that is judged on many cells together. Where text was made HTML, it has no bare & or < of its own; a
text on programming has, or speaks of tags, and stays as it is.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from html.entities import html5

from core.prose.numbers import count
from core.text.reading.formats.spans import leave_out
from core.text.reading.uploads import IF_WRONG

_VOID = frozenset({"br", "hr", "img", "p", "li"})
_BLOCK = "address|blockquote|br|center|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tbody|thead|tr|ul|section|article"
_INLINE = "a|abbr|b|big|cite|code|del|em|font|i|img|ins|mark|q|s|small|span|strike|strong|sub|sup|tt|u|figure"
_NAMES = f"{_BLOCK}|{_INLINE}|td|th"
_TAG = re.compile(rf"<(/?)({_NAMES})(?:\s[^<>]{{0,2000}}|/)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"\s{{0,99}}<(?:/?)(?:{_BLOCK})(?:\s[^<>]{{0,2000}}|/)?>[ \t]*", re.IGNORECASE)
_CELL_TAG = re.compile(r"</?t[dh](?:\s[^<>]{0,2000})?>", re.IGNORECASE)
_HIDDEN = re.compile(r"<!--|<(script|style)\b[^<>]{0,500}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TWICE = re.compile(r"&amp;(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|(?:amp|lt|gt|quot|apos|nbsp|[a-zA-Z]{3,8}));")
_ESCAPED_TAG = re.compile(rf"&lt;(/?)({_NAMES})(?:\s(?:(?!&[lg]t;).){{0,500}})?/?&gt;", re.IGNORECASE)
_BARE = re.compile(r"[&<]")
_MENTION = re.compile(r"\b(?:tags?|html|xml|elements?|entit(?:y|ies)|mark-?up)\b", re.IGNORECASE)
_QUOTED = re.compile(r"`[<&]|(['\"“‘])(?:</?\w+ ?/?>|&#?\w+;)['\"”’]")
_SHARE = 0.34
_SAMPLE_CELLS, _SAMPLE_LETTERS = 2000, 20_000


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be done to texts.

    Attributes:
        clean: does it to one of them.
        note: on it, with its extent; "" if nothing is to be done.
    """

    clean: Callable[[str], str]
    note: str = ""


def find_escapes(texts: Sequence[str], name: str, what: str = "text") -> Found:
    """What exports left in `texts`, which are the cells of a column or the lines of file `name`; `what` is one."""
    sample = [text[:_SAMPLE_LETTERS] for text in texts[:_SAMPLE_CELLS]]
    broken = _has_written_line_ends(sample)
    marked = [text for text in sample if "<" in text or "&" in text]
    escaped = _are_escaped_pages(marked)
    is_html = escaped or _are_html(marked)
    if not (broken or is_html):
        return Found(str)

    def clean(text: str) -> str:
        if broken and "\\" in text:
            text = _write_line_ends(text)
        return _read_html(text, escaped) if is_html and ("<" in text or "&" in text) else text

    changed = [text for text in texts if clean(text) != text]
    marks = Counter(found[0] for text in changed[:200] for found in (*_TAG.finditer(text), *_ENTITY.finditer(text)))
    shown = [mark for mark, _ in marks.most_common(3)] if is_html else []
    shown += ["\\n"] if broken else []
    kinds = " and ".join(["tags and entities of HTML"] * is_html + ["line ends written as \\n"] * broken)
    found = ", ".join(mark[:20] for mark in shown)
    return Found(
        clean,
        f"“{name}” has {kinds} in {count(what, len(changed))} of {len(texts):,}, read as such ({found}). {IF_WRONG}",
    )


def _are_html(texts: Sequence[str]) -> bool:
    """Whether tags and entities are what they are in HTML, in nearly all texts that have signs of it."""
    marked = bare = mentions = 0
    opened: Counter[str] = Counter()
    closed: Counter[str] = Counter()
    entities = 0
    for text in texts:
        tags = _TAG.findall(text)
        own = sum(_is_entity(found) for found in _ENTITY.findall(text))
        if tags or own:
            marked += 1
            mentions += _QUOTED.search(text) is not None or _MENTION.search(_TAG.sub(" ", text)) is not None
        entities += own
        for slash, tag in tags:
            (closed if slash else opened)[tag.lower()] += 1
        bare += _BARE.search(_ENTITY.sub("", _TAG.sub("", _without_hidden(text)))) is not None
    used = any(tag in _VOID or 2 * min(opened[tag], closed[tag]) >= max(opened[tag], closed[tag]) for tag in opened)
    return bool(marked) and (used or entities > 0) and bare <= _SHARE * marked and mentions <= _SHARE * marked


def _is_entity(name: str) -> bool:
    return name.startswith("#") or f"{name};" in html5


def _are_escaped_pages(texts: Sequence[str]) -> bool:
    """Whether all tags are written with &lt; and &gt;, as feeds hold pages."""
    if any(_TAG.search(text) for text in texts):
        return False
    tags = Counter((found[1], found[2].lower()) for text in texts for found in _ESCAPED_TAG.finditer(text))
    paired = any(slash and tags["", tag] for slash, tag in tags)
    return paired and not any(_MENTION.search(text) for text in texts[:200])


def _without_hidden(text: str) -> str:
    return leave_out(text, _HIDDEN, lambda found: rf"</{found[1].lower()}\s{{0,9}}>" if found[1] else "-->")


def _read_html(text: str, escaped: bool) -> str:
    if escaped:
        text = unescape(text)
    text = _BLOCK_TAG.sub("\n", _without_hidden(text))
    text = _TAG.sub("", _CELL_TAG.sub(" ", text))
    twice = _TWICE.search(text) is not None
    text = unescape(text)
    text = unescape(text) if twice else text
    return re.sub(r"\n{3,}", "\n\n", text.replace("\xa0", " ")).strip("\n")


_BACKSLASHED = re.compile(r"\\(.)", re.DOTALL)
_WRITTEN_END = re.compile(r"\\n")
_AT_AN_END = re.compile(
    r"(?:[.!?…,:;\"”)\]]|\\[nrt])\\n|\\n(?=\\[nrt]|\s|$|[\p{Lu}\"“(\d*•-])".replace(r"\p{Lu}", "A-ZÀ-ÞА-ЯΑ-Ω")
)
_MEANT = {"n": "\n", "r": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\", "/": "/"}


def _has_written_line_ends(texts: Sequence[str]) -> bool:
    """Whether \\n stands for line ends: between sentences, and no backslash stands for itself as in C:\\new."""
    backslashed = [letter for text in texts if "\\" in text for letter in _BACKSLASHED.findall(text)]
    ends = sum(letter == "n" for letter in backslashed)
    if ends < 2 or sum(letter in _MEANT for letter in backslashed) < len(backslashed):
        return False
    if any(re.search(r"\b[A-Za-z]:\\(?!\\)", text) for text in texts):
        return False
    at_ends = sum(len(_AT_AN_END.findall(text)) for text in texts if "\\n" in text)
    return 2 * at_ends >= sum(len(_WRITTEN_END.findall(text)) for text in texts)


def _write_line_ends(text: str) -> str:
    text = text.replace("\\r\\n", "\\n")
    return _BACKSLASHED.sub(lambda found: _MEANT.get(found[1], found[0]), text)
