"""Tokens as GloVe 6B has them, in any script.

What 6B did can be read off its vocabulary: n't, 's, u.s., mr., 1,000, 1980s, 10:30 and "-" are words in it, cannot is
one word, and no frequent word has a hyphen inside. What is decided here beyond that:

- typographic apostrophes and quotes are plain ones, dashes are "--"; the text is in NFC;
- an apostrophe within a word that begins no clitic stays (o'clock, o'neill), and so does Catalan's dot (col·legi);
- addresses (https://, a@b.org, example.com) are one token;
- scripts written without spaces (Chinese, the Hiragana of Japanese, Thai, Lao, Khmer, Burmese) give one token for each
  character with its marks: runs between spaces would hardly ever occur twice. Katakana and Hangul stay words.
"""

import re
from functools import lru_cache

import numpy as np
import regex

from core.prose.letters import compose
from core.text.tokens.glove_sentences import ABBREVIATIONS, beginning_flags, flags_of
from core.text.tokens.invisible import is_invisible
from core.text.tokens.readings import ABSENT, DOCUMENT, DOCUMENT_MARK, END, LINE_MARK, Readings

_CLITIC = r"'(?i:s|re|ve|ll|d|m)(?![\p{L}\p{M}\p{N}])"
_NOT = r"(?i:n't)(?![\p{L}\p{M}\p{N}])"
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_ADDRESS = r"""(?:(?i:https?|ftp)://[^\s<>"'“”]*[^\s<>"'“”.,;:!?)\]}] | (?i:www\.)[^\s<>"'“”]*[^\s<>"'“”.,;:!?)\]}]
        | [\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,63}(?![\p{L}\p{M}\p{N}])
        | (?:[\p{L}\p{N}-]{1,63}\.){1,8}(?i:com|org|net|edu|gov|mil)(?![\p{L}\p{M}\p{N}]))
    |"""
_PATTERN = r"""(?V1x)
    [UNSPACED--\p{N}]\p{M}* | ADDRESS
    (?P<short>(?:\p{L}\.){2,}(?![\p{L}\p{M}]) | (?:\p{L}\.)+\p{L}(?![\p{L}\p{M}\p{N}]) | (?i:ph\.d)\.?
        | (?i:ABBREVIATION)\.(?![\p{L}\p{M}\p{N}]) | [\p{Lu}--I]\.(?![\p{L}\p{M}\p{N}.]))
    | \p{Nd}++(?:[.,:/]\p{Nd}++)*+LETTER*+HYPHENATED
    | CLITIC | NOT | '(?:\p{Nd}\p{Nd}s|(?i:em|tis|twas|til))(?![\p{L}\p{M}\p{N}])
    | \p{Lu}{1,3}&\p{Lu}{1,3}(?![\p{L}\p{M}\p{N}])
    | LETTER+?(?=NOT)
    | [\p{L}\p{N}--[UNSPACED]](?:LETTER | _(?=LETTER) | (?!CLITIC)'(?=\p{L}) | (?<=\p{Hebrew})["״׳](?=\p{Hebrew})
      | (?<=[lL])·(?=[lL]))*+
      HYPHENATED
"""
_PUNCTUATION_PATTERN = r" | \.{2,} | -{2,} | [^\s\p{L}\p{M}\p{N}\p{C}]"
_IGNORED = "\u00ad\u061c\ufeff\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Within a word: hyphens where it may be cut, marks of direction, places where it may not be cut."""
_PLAIN = {
    **dict.fromkeys(map(ord, _IGNORED)),
    **dict.fromkeys(map(ord, "’‘ʼ＇´′"), "'"),
    **dict.fromkeys(map(ord, "“”„‟"), '"'),
}
_PLAIN |= {ord("–"): "--", ord("—"): "--", ord("…"): "...", ord("ŀ"): "l·", ord("Ŀ"): "L·"}
_JOINERS = regex.compile(r"(?<=[\p{Latin}\p{Greek}\p{Cyrillic}])[\u200c\u200d]+(?=[\p{Latin}\p{Greek}\p{Cyrillic}])")
"""Signs that say how letters are joined, between letters that are not; typesetters part ligatures by them."""
_ADDRESS_MARK = re.compile("[@./]")


def plain(text: str) -> str:
    """`text` with plain apostrophes, quotes and dashes, and without what nobody sees within a word."""
    if text.isascii():
        return text
    text = text.translate(_PLAIN)
    return _JOINERS.sub("", text) if "\u200c" in text or "\u200d" in text else text


def read_glove_keys(keys: list[str], keep_hyphens: bool, punctuation: bool) -> Readings:
    """Tokens and flags of keys: with punctuation marks as tokens or without, well-known as one word or two."""
    tokens: list[str] = []
    lengths, flags = [1] * len(keys), [0] * len(keys)
    for place, key in enumerate(keys):
        word, mark = (key, "") if key.isalpha() else (key[:-1], key[-1])
        if mark in ",;:." and word.isalpha() and key.isascii() and not (mark == "." and _is_abbreviation(word)):
            # Most keys: no rule touches them.
            tokens.append(word)
            flags[place] = beginning_flags(key) | (END if mark == "." else 0)
            if mark and punctuation:
                tokens.append(mark)
                lengths[place] = 2
        else:
            before = len(tokens)
            flags[place] = _read(key, tokens, keep_hyphens, punctuation)
            lengths[place] = len(tokens) - before
    return Readings(tokens, np.array(lengths, np.int32), np.array(flags, np.int8))


def _is_abbreviation(word: str) -> bool:
    """Whether a full stop after `word` may belong to it."""
    return len(word) == 1 or word.lower() in ABBREVIATIONS


def _read(chunk: str, tokens: list[str], keep_hyphens: bool, punctuation: bool) -> int:
    """Append the tokens of `chunk`; its flags."""
    if chunk in (LINE_MARK, DOCUMENT_MARK):
        return END | DOCUMENT if chunk == DOCUMENT_MARK else END
    if is_invisible(chunk):
        return ABSENT
    if not chunk.isascii():
        chunk = compose(plain(chunk))
    last_token = None
    for last_token in _pattern(keep_hyphens, punctuation, _ADDRESS_MARK.search(chunk) is not None).finditer(chunk):
        tokens.append(last_token.group())
    return flags_of(chunk, last_token if last_token and last_token.lastgroup == "short" else None)


@lru_cache(maxsize=8)
def _pattern(keep_hyphens: bool, punctuation: bool, addresses: bool) -> regex.Pattern[str]:
    letter = rf"[\p{{L}}\p{{M}}\p{{N}}\u200c\u200d--[{_UNSPACED}--[\p{{M}}\p{{N}}]]]"
    pattern = _PATTERN + (_PUNCTUATION_PATTERN if punctuation else "")
    hyphenated = (
        r"(?:-(?=LETTER)(?:LETTER|(?!CLITIC)'(?=\p{L}))+?(?=NOT|(?!LETTER|'\p{L})|CLITIC))*+" if keep_hyphens else ""
    )
    for name, part in (
        ("ADDRESS", _ADDRESS if addresses else ""),
        ("HYPHENATED", hyphenated),
        ("LETTER", letter),
        ("UNSPACED", _UNSPACED),
        ("CLITIC", _CLITIC),
        ("NOT", _NOT),
        ("ABBREVIATION", "|".join(ABBREVIATIONS)),
    ):
        pattern = pattern.replace(name, part)
    return regex.compile(pattern)
