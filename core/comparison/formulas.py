"""Words that somebody typed, alone or in a sum such as `king - man + woman`: read, and looked up among known words.

A sign stands between spaces or right before its word (`king -man`). Inside a word it belongs to the word (`well-known`,
`c++`). Where a word is expected, a known word may begin with a sign, or be one.
"""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from core.errors import ComparisonError
from core.text.spelling import did_you_mean, resolve_word

MOST_TERMS = 20
_SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1}
_EXAMPLE = "Write words with + and - between them, for example: king - man + woman."
_SHOWN = 40  # letters of a word that is quoted


class Term(NamedTuple):
    """A word of a formula and whether it is added (1) or taken away (-1)."""

    sign: int
    word: str


def expand_lists(text: str) -> str:
    """A sum in which each word of a list, "he, him - she, her", has the list's sign: "he + him - she - her"."""
    sign, written = "+", list[str]()
    for piece in text.replace(",", " , ").split():
        if piece in _SIGNS:
            sign = piece
        written.append(sign if piece == "," else piece)
    return " ".join(written)


def name_ends(terms: Sequence[Term]) -> tuple[str, str]:
    """What an axis leads away from, "" for nothing, and what it leads to."""
    away, towards = (
        ", ".join(term.word for term in terms if (term.sign > 0) is positive) for positive in (False, True)
    )
    return away, towards


def parse_formula(text: str, known: Collection[str], whose: str = "both models") -> tuple[Term, ...]:
    """Read a word, or a sum of words. Nothing is evaluated: every piece between spaces is a sign or a word.

    Args:
        known: the words that there are (a set or a mapping, for speed).
        whose: words these are, for messages.

    Raises:
        ComparisonError: it is no such sum, has more than 20 words, or has one that is not known; says which.
    """
    pieces = text.split()
    if len(pieces) > 2 * MOST_TERMS:
        raise ComparisonError(f"A formula has {MOST_TERMS} words at most; this one has more. Leave some out.")
    signs: list[int] = []
    words: list[str] = []
    sign: int | None = None
    for number, piece in enumerate(pieces):
        wanted = sign is not None or (number == 0 and piece not in _SIGNS) or len(pieces) == 1
        if piece[0] in _SIGNS and not (wanted and resolve_word(piece, known)):
            if sign is not None:
                raise ComparisonError(f"Two signs follow each other before {_quote(piece)}. {_EXAMPLE}")
            sign, piece = _SIGNS[piece[0]], piece[1:]
            if not piece:
                continue
        elif not wanted:
            raise ComparisonError(f"There is no + or - between {_quote(words[-1])} and {_quote(piece)}. {_EXAMPLE}")
        signs.append(1 if sign is None else sign)
        words.append(piece)
        sign = None
    if sign is not None:
        raise ComparisonError(f"A word is missing after the last sign. {_EXAMPLE}")
    if not words:
        raise ComparisonError(f"There is no word in this formula. {_EXAMPLE}")
    if len(words) > MOST_TERMS:
        raise ComparisonError(f"A formula has {MOST_TERMS} words at most; this one has {len(words)}. Leave some out.")
    return tuple(map(Term, signs, look_up(words, known, whose)))


def look_up(typed: Sequence[str], known: Collection[str], whose: str) -> tuple[str, ...]:
    """The known word that is meant by each of those `typed`: itself, else in another case or Unicode form.

    Raises:
        ComparisonError: one of them is not known; says which, and what was perhaps meant.
    """
    found = [resolve_word(word, known) for word in typed]
    missing = [word for word, form in zip(typed, found, strict=True) if form is None]
    if not missing:
        return tuple(form for form in found if form is not None)
    for word in missing:
        pulled_apart = _pull_apart(word, known)
        if pulled_apart is not None:
            raise ComparisonError(
                f"{_quote(word)} is not a word of {whose}. Put spaces round the sign: “{pulled_apart}”."
            )
    advice = (did_you_mean(missing[0], known) if len(missing) == 1 else "") or f"Use words of {whose}."
    named = ", ".join(map(_quote, missing))
    raise ComparisonError(f"{named} {'is not a word' if len(missing) == 1 else 'are not words'} of {whose}. {advice}")


def write_formula(terms: Sequence[Term]) -> str:
    """The sum as one reads it."""
    first, *rest = terms
    start = f"{'- ' if first.sign < 0 else ''}{first.word}"
    return " ".join([start, *(f"{'-' if term.sign < 0 else '+'} {term.word}" for term in rest)])


def _pull_apart(word: str, known: Collection[str]) -> str | None:
    """`king-man` as `king - man`, where all its parts are known."""
    parts = re.split(r"([+−–-])", word)
    words = [resolve_word(part, known) for part in parts[::2]]
    if len(words) < 2 or None in words:
        return None
    parts[::2] = [str(each) for each in words]
    return " ".join(parts)


def _quote(word: str) -> str:
    return f"“{word[:_SHOWN]}”" if len(word) <= _SHOWN else f"“{word[:_SHOWN]}…”"
