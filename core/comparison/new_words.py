"""Words that a vectors file lacks: they cannot have moved from it. What is told is where they were put, and by what."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.comparison.candidates import Candidates
from core.comparison.pair import Comparison
from core.geometry.directions import normalise
from core.methods import UNTOUCHED
from core.models.embedding import Embedding

NEAREST = 5


def name_what_placed(left: Embedding, right: Embedding) -> str:
    """What put the new words of these models where they are, in the middle of a sentence.

    A neighbour that a new word has by its spelling is no finding about the text, so that is said.
    """
    if not any(model.config.spelled for model in (left, right)):
        return "the words around them"
    return "the words around them and words that are spelled like them"


class NewWord(NamedTuple):
    """A word that a vectors file lacks.

    Attributes:
        row: of the shared word.
        word: itself.
        left_count, right_count: how often each side's text has it.
        left_near, right_near: the nearest words that are not new and carry meaning of their own, nearest first; () for
            a side that is the file itself, where the word has no vector of its own.
    """

    row: int
    word: str
    left_count: int
    right_count: int
    left_near: tuple[str, ...]
    right_near: tuple[str, ...]


def order_new_words(comparison: Comparison, left: Embedding, right: Embedding, candidates: Candidates) -> np.ndarray:
    """Rows of the new words that carry meaning of their own, most frequent first: int64."""
    shared = comparison.shared
    rows = np.flatnonzero(candidates.new & candidates.content)
    counts = left.counts[shared.left_rows[rows]] + right.counts[shared.right_rows[rows]]
    return np.asarray(rows[np.argsort(-counts, kind="stable")])


def describe_new_words(
    comparison: Comparison, left: Embedding, right: Embedding, candidates: Candidates, rows: Sequence[int]
) -> tuple[NewWord, ...]:
    """What is known of some new words. A hundred of them among 20,000 words take about a tenth of a second."""
    shared, rows = comparison.shared, [int(row) for row in rows]
    near = [
        [()] * len(rows)
        if model.config.strategy == UNTOUCHED
        else _find_near(model, places, candidates, rows, shared.words)
        for model, places in ((left, shared.left_rows), (right, shared.right_rows))
    ]
    return tuple(
        NewWord(
            row,
            shared.words[row],
            int(left.counts[shared.left_rows[row]]),
            int(right.counts[shared.right_rows[row]]),
            *found,
        )
        for row, *found in zip(rows, *near, strict=True)
    )


def _find_near(
    model: Embedding, places: np.ndarray, candidates: Candidates, rows: Sequence[int], words: Sequence[str]
) -> list[tuple[str, ...]]:
    """The nearest known words of each; `places` are the rows of the shared words in the model."""
    known = np.flatnonzero(candidates.judged)
    units, asked = (normalise(np.asarray(model.vectors[places[each]])) for each in (known, np.asarray(rows, np.int64)))
    known, units = known[units.any(axis=1)], units[units.any(axis=1)]
    nearest = np.argsort(-(asked @ units.T), axis=1, kind="stable")[:, :NEAREST]
    return [
        tuple(words[known[place]] for place in line) if own.any() else ()
        for own, line in zip(asked, nearest.tolist(), strict=True)
    ]
