"""Two embeddings side by side: how many neighbours each shared word kept, and how far it moved."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.errors import ComparisonError
from core.geometry.alignment import align
from core.geometry.neighbours import Neighbours, nearest_neighbours, overlaps
from core.models.embedding import Embedding
from core.progress import Progress, silent

FEWEST_SHARED_WORDS = 3
"""With fewer there is nothing a neighbour could be exchanged for."""


class SharedWords(NamedTuple):
    """The words of two embeddings, matched.

    Attributes:
        words: those that both have, in the order of the left one.
        left_rows, right_rows: int64 (words,), where each is.
        only_left, only_right: the others, in their embedding's order.
    """

    words: tuple[str, ...]
    left_rows: np.ndarray
    right_rows: np.ndarray
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What two embeddings make of their shared words. Arrays are read-only, rows are `shared.words`.

    Attributes:
        shared: the words.
        topn: how many neighbours `overlap` looks at.
        left_neighbours, right_neighbours: among the shared words, as their row numbers; at least topn of them. Any
            number up to their width needs no new computation.
        change: float32 (words,), 1 - cosine after centring and orthogonal Procrustes: 0 unmoved, 1 unrelated, up
            to 2; nan where a side has a zero vector.
        residual: of the Procrustes alignment: 0 when the spaces coincide, 1 when they have nothing in common.
    """

    shared: SharedWords
    topn: int
    left_neighbours: Neighbours
    right_neighbours: Neighbours
    change: np.ndarray
    residual: float

    @property
    def words(self) -> tuple[str, ...]:
        return self.shared.words

    @property
    def overlap(self) -> np.ndarray:
        """Neighbour overlap at `topn`: `overlap_at(topn)`."""
        return self.overlap_at(self.topn)

    def overlap_at(self, topn: int) -> np.ndarray:
        """Jaccard of each word's two sets of `topn` neighbours, float32 (words,), 0 to 1; nan where there are none."""
        return overlaps(self.left_neighbours, self.right_neighbours, topn)[0]

    def weighted_overlap_at(self, topn: int) -> np.ndarray:
        """Average overlap (Fagin et al. 2003) of each word's two lists, float32 (words,), 0 to 1.

        The mean over all depths d up to `topn`: which share of their first d words the lists have in common. What is
        lost at the top of a list counts more than what is lost at its end.
        """
        return overlaps(self.left_neighbours, self.right_neighbours, topn)[1]


def match_words(left: Embedding, right: Embedding) -> SharedWords:
    """Match the words of two embeddings.

    Raises:
        ComparisonError: they share fewer than 3.
    """
    row_of = {word: row for row, word in enumerate(right.words)}
    pairs = [(row, row_of[word]) for row, word in enumerate(left.words) if word in row_of]
    if len(pairs) < FEWEST_SHARED_WORDS:
        raise ComparisonError(
            f"{left.name} ({len(left.words):,} words) and {right.name} ({len(right.words):,} words) share "
            f"{len(pairs) or 'none'}; a comparison needs at least {FEWEST_SHARED_WORDS} shared words. "
            "Choose two embeddings of the same language and of texts that have more words in common."
        )
    rows = np.array(pairs, np.int64).T
    words = tuple(left.words[row] for row in rows[0])
    shared = frozenset(words)
    return SharedWords(
        words,
        rows[0],
        rows[1],
        tuple(word for word in left.words if word not in shared),
        tuple(word for word in right.words if word not in shared),
    )


def compare(
    left: Embedding, right: Embedding, topn: int = 10, *, depth: int = 100, progress: Progress = silent
) -> Comparison:
    """Compare two embeddings on the words they share.

    Neighbours are looked for among the shared words only: a word that one side lacks can be neither kept nor lost.
    max(topn, depth) of them are found, so that a user may go from 5 to 100 without waiting.

    Raises:
        ComparisonError: they share fewer than 3 words.
        Cancelled: out of `progress`.
    """
    shared = match_words(left, right)
    a, b = left.vectors[shared.left_rows], right.vectors[shared.right_rows]
    depth = max(topn, depth)
    near_a = nearest_neighbours(a, depth, lambda f, message: progress(0.45 * f, message))
    near_b = nearest_neighbours(b, depth, lambda f, message: progress(0.45 + 0.45 * f, message))
    change, residual = changes(a, b)
    progress(1.0, "Compared")
    return Comparison(shared, topn, near_a, near_b, change, residual)


def changes(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    """How far each word moved: 1 - cosine after centring and orthogonal Procrustes, float32 (n,); and the residual.

    left float32 (n, d1), right float32 (n, d2); nan where a side has a zero vector.
    """
    aligned = align(left, right)
    moved = 1 - np.einsum("ij,ij->i", aligned.left, aligned.right, dtype=np.float64)
    moved[~(left.any(axis=1) & right.any(axis=1))] = np.nan
    change = moved.clip(0, 2).astype(np.float32)
    change.flags.writeable = False
    return change, aligned.residual
