"""One form for each word, so that those of a text and those of a vectors file meet.

Unicode writes many letters in two ways: é as one character or as e with an accent, Bengali য় as one or as two (the
normal form takes two), the letter Å as a sign of its own. Words are kept in normal form C. In those of a text ligatures
of Latin letters, which are a matter of typesetting, are letters; a vectors file has them for words of their own, beside
the plain ones (GloVe 6B: ﬁrst, beside first).
"""

from unicodedata import is_normalized, normalize

import regex

_LIGATURES = {ord(sign): normalize("NFKC", sign) for sign in map(chr, range(0xFB00, 0xFB07))}
_LIGATURE = regex.compile("[\ufb00-\ufb06]")
_MANY_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")


def compose(word: str) -> str:
    """`word` in NFC, of at most 30 combining marks in a row (the stream-safe form of UAX #15: more take long)."""
    return normalize("NFC", _MANY_MARKS.sub(r"\1", word) if len(word) > 30 else word)


def one_form(word: str) -> str:
    """A word of a text in the form in which words meet."""
    composed = compose(word)
    return composed.translate(_LIGATURES) if _LIGATURE.search(composed) else composed


def is_composed(text: str) -> bool:
    """Whether every word of `text` is in NFC already; as quick as a search."""
    return text.isascii() or is_normalized("NFC", text)
