"""Lower case as Turkish and Azerbaijani have it: I becomes ı, and İ becomes i."""

from collections.abc import Sequence
from itertools import islice

from core.prose.letters import one_form
from core.text.reading.documents import Document

_DOCUMENTS, _LETTERS = 200, 2_000
_FEWEST = 4
_READ_ANEW = ("İ", "ı", "l·l", "ŀ", "´", "′", "\u200c", "\u200d")
_SHARE = 0.015
"""Of all letters of a Turkish text 5 % are ı or İ, of an Azerbaijani one 4 %; of other texts with such names 0.1 %."""

_OWN = frozenset(("ve", "və", "bir", "bu", "da", "də", "için", "üçün", "ile", "ilə", "o", "çok", "çox", "ne", "nə"))
_FOREIGN = frozenset(("the", "of", "and", "with", "was", "und", "der", "die", "das", "et", "les", "des", "y", "los"))
_FEWEST_FOREIGN = 3
"""In a short text of another language, a few Turkish names are many of its letters; its little words tell it."""


def looks_turkish(documents: Sequence[Document]) -> bool:
    """Whether texts are of a language that has a dotless i; judged by the beginnings of 200 of them."""
    step = max(1, len(documents) // _DOCUMENTS)
    letters = dotless = own = foreign = 0
    for document in islice(documents, 0, None, step):
        text = document.text[:_LETTERS]
        if text.isascii():
            letters += len(text)
            continue
        letters += sum(map(str.isalpha, text))
        small = text.lower().split()
        own += sum(map(_OWN.__contains__, small))
        foreign += sum(map(_FOREIGN.__contains__, small))
        dotless += text.count("ı") + text.count("İ") + text.count("I\u0307")
    return dotless >= _FEWEST and dotless >= _SHARE * letters and foreign <= own + _FEWEST_FOREIGN


def is_read_anew(text: str) -> bool:
    """Whether it has letters that early versions read otherwise.

    They kept ligatures and both forms of a letter, lower-cased Turkish as English, and cut words at col·legi's dot, at
    accents in the place of apostrophes, and at joiners.
    """
    if text.isascii():
        return False
    return any(letter in text for letter in _READ_ANEW) or one_form(text) != text


def lower(tokens: list[str], turkish: bool) -> list[str]:
    """`tokens` in lower case; İ is i in every language, and I is ı where the text is `turkish`."""
    together = "".join(tokens)
    if not together.isascii() and ("İ" in together or "I\u0307" in together):
        tokens = [token.replace("İ", "i").replace("I\u0307", "i") for token in tokens]
    if turkish and "I" in together:
        tokens = [token.replace("I", "ı") for token in tokens]
    return list(map(str.lower, tokens))
