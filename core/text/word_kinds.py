"""Which words of a text carry meaning of their own, and which rankings of words hide.

A list of the most changed words is about words such as "bank". That "the", "'s", "1961" or "j." changed may be true,
but it is not what a reader looks for; there are enough of them to fill the top of a list.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np

from core.text.languages import stop_words

_APOSTROPHES = str.maketrans("’ʼ‘´`", "'''''")
_CLITIC = re.compile(r"[^\W\d_]{1,2}'|'[^\W\d_]{1,2}|[^\W\d_]'[^\W\d_]")  # l', qu', 's, 're, n't
_NUMBER = re.compile(r"\W*\d[\d\W]*(?:st|nd|rd|th|s)?\W*")  # 7, 1,000, $3.50, 19th, 1960s, 2-1
_FIRST_PICTURE = "\u2600"
"""Symbols from here on are pictures (☺, 🎉), which are used like words; those before are signs (©, °, →)."""


def is_content(words: Sequence[str], language: str | None) -> np.ndarray:
    """Whether each word carries meaning of its own: bool (len(words),).

    It does not if it is a number ("1,000", "19th", "1960s"), a single letter of an alphabet with capitals ("x", "j."),
    a clitic ("'s", "n't", "l'"), without letters ("...", "%"; pictures such as emoji are words), or a function word of
    `language`, as `core.text.languages` names it. Where the language is not known (None) no word is taken for a
    function word: what is one in English may mean something elsewhere. Upper and lower case are the same here.
    """
    hidden = frozenset[str]() if language is None else stop_words(language)
    return np.fromiter((_is_content(word, hidden) for word in words), bool, len(words))


def is_content_of(words: Sequence[str], languages: Iterable[str | None]) -> np.ndarray:
    """`is_content` of words that several texts share: for the languages that are known, a word of any of them."""
    known = sorted({language for language in languages if language is not None})
    if not known:
        return is_content(words, None)
    return np.asarray(np.any([is_content(words, language) for language in known], axis=0))


def _is_content(word: str, hidden: frozenset[str]) -> bool:
    plain = unicodedata.normalize("NFC", word).lower().translate(_APOSTROPHES)
    if plain in hidden or _CLITIC.fullmatch(plain) or _NUMBER.fullmatch(plain):
        return False
    letters = [each for each in plain if each.isalpha()]
    if not letters:
        return any(unicodedata.category(each) == "So" and each >= _FIRST_PICTURE for each in plain)
    # A sign of a script without capitals is often a whole word; with other marks a letter is a name, such as c++.
    return len(letters) > 1 or letters[0].upper() == letters[0] or plain.strip(".")[1:] != ""
