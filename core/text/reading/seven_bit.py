"""Encodings that write every letter in the bytes of ASCII: ISO-2022, HZ and UTF-7, told by their escapes.

All are valid UTF-8, so they have to be looked for before it. Escapes alone do not make one: what they enclose has to be
letters of the languages that these were made for.
"""

import re

import regex

_ESCAPES = re.compile(rb"\x1b\$[@AB(]|\x1b\([IJ]|\x1b\.[AF]")
_KOREAN = b"\x1b$)C"
CHINESE_ESCAPES = (b"\x1b$)A", b"\x1b$)G", b"\x1b$*H")
"""Of ISO-2022-CN, which nothing here reads."""
_JAPANESE = ("iso-2022-jp", "iso-2022-jp-2", "iso-2022-jp-2004", "iso-2022-jp-ext")
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){1,2000}~\}")
_UTF_7 = re.compile(rb"\+[A-Za-z0-9/+]{2,}-?")
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_USUAL = regex.compile(r"[\p{L}\p{M}\p{P}\p{Sc}\p{Zs}°№€]")
_SCRIPTS = tuple(
    regex.compile(rf"[{script}]")
    for script in (
        *(r"\p{Latin}", r"\p{Cyrillic}", r"\p{Greek}", r"\p{Han}\p{Hiragana}\p{Katakana}ー", r"\p{Hangul}\p{Han}"),
        *(r"\p{Arabic}", r"\p{Hebrew}", r"\p{Thai}", r"\p{Devanagari}", r"\p{Armenian}", r"\p{Georgian}"),
    )
)
_FEWEST, _MANY, _SHARE = 2, 6, 0.95
_SAMPLE = 200_000


def find_seven_bit(data: bytes) -> str | None:
    """The encoding that `data` is in; None if it is in none of these."""
    if b"\x1b" not in data and b"~{" not in data and b"+" not in data:
        return None
    if not data.isascii():
        return None
    escaped = b"\x1b" in data  # looked for first: of a long text without one nothing else need be searched
    if escaped and _KOREAN in data[:_SAMPLE]:
        return _first(data, ("iso-2022-kr",))
    if escaped and _ESCAPES.search(data):
        return _first(data, _JAPANESE)
    if b"~{" in data and _HZ.search(data):
        return _first(data, ("hz",))
    return "utf-7" if _UTF_7.search(data) and _is_utf_7(data) else None


def _first(data: bytes, encodings: tuple[str, ...]) -> str | None:
    for encoding in encodings:
        text = _decoded(data, encoding)
        if text is not None and len(_EAST_ASIAN.findall(text[:_SAMPLE])) >= _FEWEST:
            return encoding
    return None


def _is_utf_7(data: bytes) -> bool:
    """Whether all that follows a plus sign is letters of one script, in two places or more of them."""
    text = _decoded(data, "utf-7")
    special = [] if text is None else re.findall(r"[^\x00-\x7f]", text.removeprefix("\ufeff"))
    usual = sum(_USUAL.match(letter) is not None for letter in special)
    of_one = max(len(script.findall("".join(special))) for script in _SCRIPTS)
    letters = sum(letter.isalpha() for letter in special)
    places = len(_UTF_7.findall(data[:_SAMPLE]))
    enough = of_one >= _FEWEST and (places >= _FEWEST or of_one >= _MANY)
    return enough and usual >= _SHARE * len(special) and of_one >= _SHARE * letters


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
