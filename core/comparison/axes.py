"""Semantic axes: directions given by words or simple sums of words, and where two embeddings lie on them.

An axis is made in each embedding from that embedding's own vectors, so both are measured by the same words and
nothing has to be aligned (as in Parallax, Molino et al. 2019).
"""

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.comparison.formulas import Term, write_formula
from core.errors import ComparisonError
from core.geometry.directions import directions

_WITHIN = math.sqrt(-2 * math.log(0.05))
"""So many standard deviations from its middle an ellipse has 95 % of a normal distribution in the plane."""

_EXAMPLES = (
    ("she, her, woman - he, him, man", "good - bad"),
    ("new - old", "good - bad"),
    ("city - country", "new - old"),
)
_EXAMPLE_WORDS = (
    "mother", "father", "child", "president", "teacher", "doctor", "nurse", "soldier", "police", "artist",
    "money", "work", "home", "church", "science", "war", "peace",
)  # fmt: skip
_LEAST_EXAMPLE_WORDS = 5


@dataclass(frozen=True, slots=True)
class AxesExample:
    """Two axes, as somebody would write them, and words to place on them."""

    across: str
    up: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AxisPlaces:
    """Words on two axes in two embeddings, by cosine. Arrays float32 (words, 2), read-only; nan for zero vectors.

    `spread`: the standard deviation of the way from left to right on each axis by noise alone
    (`core.comparison.axis_noise`); None where that is not known.
    """

    left: np.ndarray
    right: np.ndarray
    spread: np.ndarray | None = None

    def __post_init__(self) -> None:
        self.left.flags.writeable = False
        self.right.flags.writeable = False

    @property
    def band(self) -> np.ndarray | None:
        """Half the width and half the height of the ellipse around the left place in which 95 % of noise ends."""
        return None if self.spread is None else np.float32(_WITHIN) * self.spread

    @property
    def beyond(self) -> np.ndarray:
        """bool (words,): the right place lies outside that ellipse."""
        if self.band is None:
            return np.zeros(len(self.left), bool)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((((self.right - self.left) / self.band) ** 2).sum(axis=1) > 1)


def find_example(known: Collection[str]) -> AxesExample | None:
    """Axes whose words are all among the `known`, to show what axes are; None where none is, as in other languages."""
    words = tuple(word for word in _EXAMPLE_WORDS if word in known)
    for across, up in _EXAMPLES:
        if len(words) >= _LEAST_EXAMPLE_WORDS and all(word in known for word in re.findall(r"\w+", f"{across} {up}")):
            return AxesExample(across, up, words)
    return None


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
    return AxisPlaces(*(place_words(vectors, index, across, up, rows) for vectors in (left, right)))


def place_words(
    vectors: np.ndarray, index: Mapping[str, int], across: Sequence[Term], up: Sequence[Term], rows: Sequence[int]
) -> np.ndarray:
    """`place_on_axes` of one embedding: float32 (rows, 2)."""
    unit = directions(vectors)
    sides = []
    for terms in (across, up):
        axis = sum((term.sign * unit[index[term.word]].astype(np.float64) for term in terms), np.zeros(unit.shape[1]))
        length = float(np.linalg.norm(axis))
        if length < 1e-6:
            written = write_formula(terms)
            raise ComparisonError(f"“{written}” adds up to nothing, so it gives no direction. Choose other words.")
        sides.append(unit[list(rows)] @ (axis / length).astype(np.float32))
    found = np.column_stack(sides).astype(np.float32)
    found[~unit[list(rows)].any(axis=1)] = np.nan
    return found
