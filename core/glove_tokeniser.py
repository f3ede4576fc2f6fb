"""Tokens as GloVe 6B has them, in any script.

What 6B did can be read off its vocabulary: n't, 's, u.s., mr., 1,000, 1980s, 10:30 and "-" are words in it, cannot is
one word, and no frequent word has a hyphen inside. What is decided here beyond that:

- typographic apostrophes and quotes are plain ones, dashes are "--"; the text is in NFC;
- an apostrophe within a word that begins no clitic stays (o'clock, o'neill);
- addresses (https://, a@b.org, example.com) are one token;
- scripts written without spaces (Chinese, the Hiragana of Japanese, Thai, Lao, Khmer, Burmese) give one token for each
  character with its marks: runs between spaces would hardly ever occur twice. Katakana and Hangul stay words.
"""

import re
from functools import lru_cache
from unicodedata import normalize

import regex

from core.keys import (
    DOCUMENT,
    DOCUMENT_MARK,
    END,
    END_IF_NOT_LOWER,
    END_IF_STARTS,
    LINE_MARK,
    NOT_LOWER,
    STARTS,
    Readings,
)

_MANY_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
_CLITIC = r"'(?i:s|re|ve|ll|d|m)(?![\p{L}\p{M}\p{N}])"
_NOT = r"(?i:n't)(?![\p{L}\p{M}\p{N}])"
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TITLES = "mr|mrs|ms|dr|prof|st|sen|rep|gov|gen|lt|col|sgt|capt|rev"
_ABBREVIATION = _TITLES + "|jr|sr|inc|corp|co|ltd|bros|dept|vs|etc|jan|feb|aug|sept|oct|nov|dec"
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
    | [\p{L}\p{N}--[UNSPACED]](?:LETTER | _(?=LETTER) | (?!CLITIC)'(?=\p{L}) | (?<=\p{Hebrew})["״׳](?=\p{Hebrew}))*+
      HYPHENATED
"""
_PUNCTUATION_PATTERN = r" | \.{2,} | -{2,} | [^\s\p{L}\p{M}\p{N}\p{C}]"
_STOPS, _CLOSING = ".!?…。｡！？؟।॥", "\"'”’»」』)]}）"
_OPENING = "\"'“‘«„([{「『（"
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\ufeff\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_PLAIN = {**_INVISIBLE, **dict.fromkeys(map(ord, "’‘ʼ＇"), "'"), **dict.fromkeys(map(ord, "“”„‟"), '"')}
_PLAIN |= {ord("–"): "--", ord("—"): "--", ord("…"): "..."}
_STARTER_WORDS = """
A After All Also Although An And Another As At Because Before Both But By During Each Even For From He Her Here His How
However I If In It Its Last Many Meanwhile Most My No Not Now Of On One Once Only Or Other Our She Since So Some Such
That The Their Then There These They This Those Though Today Two Under Until We What When Where Which While Who Why With
Yes Yesterday You Your It's He's She's That's There's I'm We're They're Don't
"""
_STARTERS = frozenset(_STARTER_WORDS.split())
# Chunks of the commonest shapes, for which `re`, which is quicker, finds what the pattern would.
_ADDRESS_MARK = re.compile("[@./]")
_LETTERS = re.compile("[A-Za-zÀ-ÖØ-öø-ɏΈ-ΊΎ-ΡΣ-ώЀ-ҁҊ-ԯԱ-Ֆա-ևא-תء-غف-ي]+")
_EASY = re.compile(
    r"""["(\[]*(?:([A-Za-z]+?(?:-[A-Za-z]+?)*)(n't|'(?:s|re|ve|ll|d|m))?|([0-9]+(?:[.,:/][0-9]+)*))"""
    r"""(\.*)[,;:?!]*["')\]]*[.,;:]*""",
    re.IGNORECASE | re.ASCII,
)
_LONG = 40  # _EASY may go back over the marks at the end, which takes long if they are many
_ABBREVIATIONS = frozenset(_ABBREVIATION.split("|"))
_NAMES_FOLLOW = tuple(f"{title}." for title in _TITLES.split("|"))


def compose(token: str) -> str:
    """`token` in NFC, of at most 30 combining marks in a row (the stream-safe form of UAX #15: more take long)."""
    return normalize("NFC", _MANY_MARKS.sub(r"\1", token) if len(token) > 30 else token)


def read_chunks(chunks: list[str], keep_hyphens: bool, punctuation: bool) -> Readings:
    """Tokens and flags of chunks: with punctuation marks as tokens or without, well-known as one word or two."""
    tokens: list[str] = []
    lengths, flags = [1] * len(chunks), [0] * len(chunks)
    for place, chunk in enumerate(chunks):
        if chunk.isalpha() and chunk.isascii():
            tokens.append(chunk)
            if not chunk.islower():
                flags[place] = _beginning(chunk)
        else:
            before = len(tokens)
            flags[place] = _read(chunk, tokens, keep_hyphens, punctuation)
            lengths[place] = len(tokens) - before
    return tokens, lengths, flags


def _read(chunk: str, tokens: list[str], keep_hyphens: bool, punctuation: bool) -> int:
    """Append the tokens of `chunk`; its flags."""
    if not punctuation:
        word, last = chunk[:-1], chunk[-1]
        if last in ",.;:!?" and _is_plain(word) and not (last == "." and _is_abbreviation(word)):
            tokens.append(word)
            return _beginning(word) | (END if last in ".!?" else 0)
        match = _EASY.fullmatch(chunk) if len(chunk) <= _LONG else None
        if match and _add_easy(match, keep_hyphens, tokens):
            return _flags(chunk)
    if chunk in (LINE_MARK, DOCUMENT_MARK):
        return END | DOCUMENT if chunk == DOCUMENT_MARK else END
    if not chunk.isascii():
        chunk = compose(chunk.translate(_PLAIN))
    last_token = None
    for last_token in _pattern(keep_hyphens, punctuation, _ADDRESS_MARK.search(chunk) is not None).finditer(chunk):
        tokens.append(last_token.group())
    return _flags(chunk, last_token if last_token and last_token.lastgroup == "short" else None)


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
        ("ABBREVIATION", _ABBREVIATION),
    ):
        pattern = pattern.replace(name, part)
    return regex.compile(pattern)


def _is_plain(word: str) -> bool:
    """Whether it is letters that no rule touches and that are composed already."""
    return word.isalpha() and (word.isascii() or _LETTERS.fullmatch(word) is not None)


def _is_abbreviation(word: str) -> bool:
    return len(word) == 1 or word.lower() in _ABBREVIATIONS


def _add_easy(match: re.Match[str], keep_hyphens: bool, tokens: list[str]) -> bool:
    """Append the tokens of what _EASY matched, unless they may be others after all."""
    word, clitic, number, stop = match.groups()
    if number:
        tokens.append(number)
        return True
    words = word.split("-") if "-" in word else (word,)
    if stop and not clitic and _is_abbreviation(words[-1]):
        return False
    if keep_hyphens:
        tokens.append(word)
    else:
        tokens.extend(words)
    if clitic:
        tokens.append(clitic)
    return True


def _beginning(bare: str) -> int:
    """Flags of a chunk about the sentence that may begin with it."""
    if bare[:1].islower():
        return 0
    return NOT_LOWER | STARTS if bare.rstrip(",.;:!?") in _STARTERS else NOT_LOWER


def _flags(chunk: str, short: regex.Match[str] | None = None) -> int:
    """Flags of `chunk`, whose last token is the abbreviation `short`, if it is one."""
    flags = _beginning(chunk if chunk[0].isalpha() else chunk.lstrip(_OPENING))
    open_end = chunk.rstrip(_CLOSING) if chunk[-1] in _CLOSING else chunk
    if not open_end or open_end[-1] not in _STOPS:
        return flags
    stops = open_end[len(open_end.rstrip(_STOPS)) :]
    if short and stops == "." and short.end() == len(open_end):
        return flags if short.group().lower() in _NAMES_FOLLOW else flags | END_IF_STARTS
    if stops.startswith("..") or (len(open_end) < len(chunk) and stops[-1] in "!?"):
        return flags | END_IF_NOT_LOWER
    return flags | END
