"""Arithmetic with words, and the odd one out, in one embedding."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from core.comparison.formulas import MOST_TERMS, Term, look_up
from core.errors import ComparisonError
from core.geometry.directions import normalise


class Scored(NamedTuple):
    """A word and its cosine similarity to what was asked for, -1 to 1."""

    word: str
    similarity: float


def parse_words(text: str) -> tuple[str, ...]:
    """The words of a list, separated by spaces, commas or semicolons, each once.

    Raises:
        ComparisonError: there are fewer than three, or more than 20.
    """
    words = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", text)))
    if len(words) < 3:
        raise ComparisonError("One of two words cannot be the odd one out. List three or more: cat, dog, horse, bank.")
    if len(words) > MOST_TERMS:
        raise ComparisonError(f"The list has {len(words):,} words; {MOST_TERMS} are the most. Use fewer.")
    return words


def solve_formula(
    terms: Sequence[Term], vectors: np.ndarray, index: Mapping[str, int], words: Sequence[str], topn: int = 10
) -> tuple[Scored, ...]:
    """The words nearest to the sum of the terms' unit vectors, the terms left out (3CosAdd, Mikolov et al. 2013).

    Args:
        vectors: float32 (words, vector_size).
        index: row of each word.

    Raises:
        ComparisonError: a word is not there, or the sum points nowhere.
    """
    rows = _rows([term.word for term in terms], vectors, index)
    target = np.array([term.sign for term in terms], np.float32) @ normalise(vectors[rows])
    if np.linalg.norm(target) < 1e-6:
        raise ComparisonError("The words of this formula cancel each other out. Change one of them.")
    return _nearest(target, vectors, words, rows, topn)


def _nearest(
    target: np.ndarray, vectors: np.ndarray, words: Sequence[str], without: Sequence[int], topn: int
) -> tuple[Scored, ...]:
    cosines = normalise(vectors) @ normalise(target[None])[0]
    cosines[list(without)] = -np.inf
    cosines[~vectors.any(axis=1)] = -np.inf
    best = np.argsort(-cosines, kind="stable")[:topn].tolist()
    return tuple(Scored(words[row], float(cosines[row].clip(-1, 1))) for row in best if np.isfinite(cosines[row]))


def find_odd_one(chosen: Sequence[str], vectors: np.ndarray, index: Mapping[str, int]) -> tuple[Scored, ...]:
    """Each of the words with its mean similarity to the others, the odd one first.

    Raises:
        ComparisonError: a word is not there.
    """
    unit = normalise(vectors[_rows(chosen, vectors, index)])
    cosines = unit @ unit.T
    means = (cosines.sum(axis=1) - np.diag(cosines)) / (len(unit) - 1)
    order = np.argsort(means, kind="stable").tolist()
    return tuple(Scored(chosen[place], float(means[place])) for place in order)


def _rows(chosen: Sequence[str], vectors: np.ndarray, index: Mapping[str, int]) -> list[int]:
    rows = [index[word] for word in look_up(chosen, index, "this model")]
    empty = [word for word, row in zip(chosen, rows, strict=True) if not vectors[row].any()]
    if empty:
        raise ComparisonError(f"The vector of “{empty[0]}” is all zeros here, so it has no direction. Leave it out.")
    return rows
