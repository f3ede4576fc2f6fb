"""Semantic axes: directions given by words or simple sums of words, and where two embeddings lie on them.

An axis is made in each embedding from that embedding's own vectors, so both are measured by the same words and
nothing has to be aligned (as in Parallax, Molino et al. 2019).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from core.errors import ComparisonError
from core.geometry.directions import directions

MOST_TERMS = 20


class Term(NamedTuple):
    """A word and its sign in a sum: +1 or -1."""

    sign: int
    word: str


@dataclass(frozen=True, slots=True, eq=False)
class AxisPlaces:
    """Words on two axes in two embeddings, by cosine. Arrays float32 (words, 2), read-only; nan for zero vectors."""

    left: np.ndarray
    right: np.ndarray

    def __post_init__(self) -> None:
        self.left.flags.writeable = False
        self.right.flags.writeable = False


def parse_formula(text: str, known: Collection[str]) -> tuple[Term, ...]:
    """Read a word, or a sum such as "king - man + woman"; signs stand between spaces, words may contain them.

    Nothing is evaluated: the text is cut at spaces, and every piece is a sign or a word. `known` is the words that
    there are (a set or a mapping, for speed).

    Raises:
        ComparisonError: it is empty or no such sum, or has a word that is not known; says which.
    """
    pieces = text.split()
    if not pieces:
        raise ComparisonError("Write a word, or a sum of words such as “king - man”.")
    if len(pieces) > 2 * MOST_TERMS:
        raise ComparisonError(f"A sum may have {MOST_TERMS} words; this one has more. Leave some out.")
    terms: list[Term] = []
    sign = 0 if pieces[0] in _SIGNS else 1
    for piece in pieces:
        if piece in _SIGNS and not (sign and piece in known):
            if sign:
                raise ComparisonError(f"“{text.strip()}” has two signs in a row, or ends with one. Write “king - man”.")
            sign = _SIGNS[piece]
        elif not sign:
            raise ComparisonError(f"There is no + or - before “{piece}”. Write the sum as “king - man”.")
        else:
            terms.append(Term(sign, _look_up(piece, known)))
            sign = 0
    if sign:
        raise ComparisonError(f"“{text.strip()}” ends with a sign. Add a word after it, or remove it.")
    return tuple(terms)


_SIGNS = {"+": 1, "-": -1, "−": -1, "–": -1}


def _look_up(piece: str, known: Collection[str]) -> str:
    for word in (piece, piece.lower()):
        if word in known:
            return word
    for sign in "+-":
        parts = [part for part in piece.split(sign) if part]
        if len(parts) > 1 and all(part in known for part in parts):
            raise ComparisonError(
                f"“{piece}” is no word of both models. Put spaces round the sign: “{f' {sign} '.join(parts)}”."
            )
    close = get_close_matches(piece.lower(), known, n=3, cutoff=0.75)
    advice = (
        f" Did you mean {' or '.join(f'“{each}”' for each in close)}?" if close else " Choose a word that both have."
    )
    raise ComparisonError(f"“{piece}” is not a word of both models.{advice}")


def place_on_axes(
    left: np.ndarray,
    right: np.ndarray,
    index: Mapping[str, int],
    across: Sequence[Term],
    up: Sequence[Term],
    rows: Sequence[int],
) -> AxisPlaces:
    """Where the words of `rows` lie on two axes in two embeddings: the cosine of each word's direction with the axis's.

    Directions are seen from the mean of all words, whose common part would give every word nearly the same place.

    Args:
        left, right: float32 (words, d1) and (words, d2), the same words in the same order.
        index: row of each word.
        across, up: the axes, from `parse_formula`.
        rows: of the words that are wanted.

    Raises:
        ComparisonError: an axis has no direction in one of the embeddings ("king - king").
    """
    places = []
    for vectors in (left, right):
        unit = directions(vectors)
        sides = []
        for terms in (across, up):
            axis = sum(
                (term.sign * unit[index[term.word]].astype(np.float64) for term in terms), np.zeros(unit.shape[1])
            )
            length = float(np.linalg.norm(axis))
            if length < 1e-6:
                written = write_formula(terms)
                raise ComparisonError(f"“{written}” adds up to nothing, so it gives no direction. Choose other words.")
            sides.append(unit[list(rows)] @ (axis / length).astype(np.float32))
        found = np.column_stack(sides).astype(np.float32)
        found[~unit[list(rows)].any(axis=1)] = np.nan
        places.append(found)
    return AxisPlaces(*places)


def write_formula(terms: Sequence[Term]) -> str:
    """The sum as one reads it."""
    first, *rest = terms
    start = f"{'- ' if first.sign < 0 else ''}{first.word}"
    return " ".join([start, *(f"{'-' if term.sign < 0 else '+'} {term.word}" for term in rest)])
