"""One word between two embeddings: what it kept, gained and lost, from neighbours that are known already.

Whatever tells this of a word reads it here: tables, marks on the maps, the report.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from core.comparison.pair import Comparison
from core.geometry.directions import normalise
from core.geometry.neighbours import Neighbours
from core.models.embedding import Embedding
from core.pretrained.index import VectorIndex


class NeighbourRows(NamedTuple):
    """Rows of a word's neighbours, nearest first, each with its rank, 1 for the nearest: kept ones by the right list.

    Attributes:
        kept: in both lists.
        gained: only in the right one.
        lost: only in the left one.
    """

    kept: dict[int, int]
    gained: dict[int, int]
    lost: dict[int, int]


class NeighbourWords(NamedTuple):
    """The same as words."""

    kept: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


class NeighbourChange(NamedTuple):
    """A neighbour of a word in one or both of two embeddings.

    Attributes:
        word: the neighbour.
        left_similarity, right_similarity: cosines; nan where a side has a zero vector.
        left_rank, right_rank: 1 for the nearest; how far down a lost or gained one is on the other side.
        left_count, right_count: how often each side's text has it.
        new: the pretrained vectors of neither side had the word (False where no side has pretrained vectors).
    """

    word: str
    left_similarity: float
    right_similarity: float
    left_rank: int
    right_rank: int
    left_count: int
    right_count: int
    new: bool


class NeighbourChanges(NamedTuple):
    """The neighbours of a word: in both lists, only in the right one, only in the left one; nearest first."""

    kept: tuple[NeighbourChange, ...]
    gained: tuple[NeighbourChange, ...]
    lost: tuple[NeighbourChange, ...]


def neighbour_rows(comparison: Comparison, row: int, topn: int) -> NeighbourRows:
    """What the shared word `row` kept, gained and lost of its `topn` neighbours, as rows of the shared words.

    Read from what `comparison` knows: nothing is computed, and there are no more neighbours than it is deep.
    """
    return _compare_lists(
        comparison.left_neighbours.indices[row, :topn].tolist(),
        comparison.right_neighbours.indices[row, :topn].tolist(),
    )


def neighbour_words(comparison: Comparison, row: int, topn: int) -> NeighbourWords:
    """`neighbour_rows` as words."""
    words = comparison.words
    return NeighbourWords(*(tuple(words[other] for other in rows) for rows in neighbour_rows(comparison, row, topn)))


def neighbour_changes(
    comparison: Comparison, left: Embedding, right: Embedding, row: int, topn: int
) -> NeighbourChanges:
    """`neighbour_rows` with what is known about each: similarity and rank on both sides, counts.

    No neighbour is looked for and no matrix is copied. With 20,000 words it takes a few milliseconds: to find how far
    down a side has the neighbours that only the other one lists.
    """
    shared, rows = comparison.shared, neighbour_rows(comparison, row, topn)
    known = bool(left.covered.any() or right.covered.any())
    named = [other for found in rows for other in found]
    sides = (
        _places(left.vectors, shared.left_rows, comparison.left_neighbours, row, named),
        _places(right.vectors, shared.right_rows, comparison.right_neighbours, row, named),
    )
    described: dict[int, NeighbourChange] = {}
    for other, (left_similarity, left_rank), (right_similarity, right_rank) in zip(named, *sides, strict=True):
        i, j = int(shared.left_rows[other]), int(shared.right_rows[other])
        described[other] = NeighbourChange(
            shared.words[other],
            left_similarity,
            right_similarity,
            left_rank,
            right_rank,
            int(left.counts[i]),
            int(right.counts[j]),
            bool(known and not left.covered[i] and not right.covered[j]),
        )
    return _describe(rows, described.__getitem__)


def _compare_lists(before: Sequence[int], after: Sequence[int]) -> NeighbourRows:
    """Two lists of neighbours, nearest first, -1 for none."""
    left = {other: rank for rank, other in enumerate(before, 1) if other >= 0}
    right = {other: rank for rank, other in enumerate(after, 1) if other >= 0}
    return NeighbourRows(
        kept={other: rank for other, rank in right.items() if other in left},
        gained={other: rank for other, rank in right.items() if other not in left},
        lost={other: rank for other, rank in left.items() if other not in right},
    )


def _describe(rows: NeighbourRows, describe: Callable[[int], NeighbourChange]) -> NeighbourChanges:
    return NeighbourChanges(*(tuple(describe(other) for other in found) for found in rows))


def _places(
    vectors: np.ndarray, rows: np.ndarray, near: Neighbours, own: int, others: Sequence[int]
) -> list[tuple[float, int]]:
    """Similarity to the word `own` and rank of each other word on one side, given that side's neighbours.

    `rows` are those of the shared words in `vectors`. All words are looked at for those beyond the known neighbours.
    """
    rank_of = {other: rank for rank, other in enumerate(near.indices[own].tolist(), 1) if other >= 0}
    similarities, cosines = near.similarities[own].tolist(), np.empty(0)
    if any(other not in rank_of for other in others):
        query = normalise(np.asarray(vectors[rows[own]])[None])[0]
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        with np.errstate(divide="ignore", invalid="ignore"):
            cosines = ((vectors @ query) / lengths)[rows].clip(-1, 1)
        cosines[own] = np.nan
    found = []
    for other in others:
        if other in rank_of:
            found.append((similarities[rank_of[other] - 1], rank_of[other]))
        else:
            ahead = int((cosines > cosines[other]).sum())
            found.append((float(cosines[other]), max(ahead, len(rank_of)) + 1))
    return found


def changes_in_file(
    index: VectorIndex, word: str, before: np.ndarray, after: np.ndarray, topn: int, counts: dict[str, int]
) -> NeighbourChanges:
    """Which of its `topn` neighbours among all words of a vectors file a word keeps, gains and loses.

    Args:
        index: of the file, whose rows stay where they are.
        word: itself, left out.
        before, after: (vector_size,) where the word stands, both in the file's own space.
        counts: how often the text has each word; others count 0 and are not `new`: the file has them all.

    Raises:
        ValueError: a vector is all zeros or of another size.
    """
    own = index.rows_for([word])
    sides = []
    for vector in (before, after):
        length = np.linalg.norm(vector)
        if vector.shape != (index.vector_size,) or not 0 < length < np.inf:
            raise ValueError(f"vector of shape {vector.shape} and length {length} has no neighbours in this index")
        with np.errstate(divide="ignore", invalid="ignore"):
            cosines = (index.vectors @ (vector / length).astype(np.float32)) / index.norms
        cosines[~np.isfinite(cosines)] = -np.inf
        cosines[own[own >= 0]] = -np.inf
        width = min(topn, int((cosines > -np.inf).sum()))
        near = np.argpartition(-cosines, width - 1)[:width] if width else np.empty(0, np.int64)
        sides.append((cosines, near[np.lexsort((near, -cosines[near]))].tolist()))
    (left, near_left), (right, near_right) = sides

    def describe(row: int) -> NeighbourChange:
        name = index.word(row)
        count = counts.get(name, 0)
        left_rank, right_rank = (int((cosines > cosines[row]).sum()) + 1 for cosines in (left, right))
        similarities = float(left[row].clip(-1, 1)), float(right[row].clip(-1, 1))
        return NeighbourChange(name, *similarities, left_rank, right_rank, count, count, False)

    return _describe(_compare_lists(near_left, near_right), describe)


def describe_faults(embedding: Embedding) -> tuple[str, ...]:
    """What the user should know about vectors that are all zeros or equal; empty if all is well."""
    vectors = np.ascontiguousarray(embedding.vectors)
    empty = np.flatnonzero(~vectors.any(axis=1))
    whole = vectors.view(np.dtype((np.void, vectors.shape[1] * vectors.itemsize))).ravel()
    _, first, number = np.unique(whole, return_index=True, return_counts=True)
    twice = np.sort(first[(number > 1) & vectors[first].any(axis=1)])
    repeated = int(number[(number > 1) & vectors[first].any(axis=1)].sum())
    found = []
    if len(empty):
        found.append(
            f"{_count(len(empty))} all zeros ({_some(embedding, empty)}): no direction, so no neighbours and no "
            "change. Raise min_count, or train longer."
        )
    if repeated:
        found.append(
            f"{_count(repeated)} equal to another word's ({_some(embedding, twice)}): these words cannot be told "
            "apart, and which of them is the nearer neighbour means nothing."
        )
    return tuple(found)


def _count(number: int) -> str:
    return "1 vector is" if number == 1 else f"{number:,} vectors are"


def _some(embedding: Embedding, rows: np.ndarray) -> str:
    named = ", ".join(embedding.words[row] for row in rows[:3].tolist())
    return f"{named} …" if len(rows) > 3 else named


def similarity_in(embedding: Embedding, first: str, second: str) -> float | None:
    """Cosine of two words' vectors; None where a word is missing or has no direction."""
    if first not in embedding.words or second not in embedding.words:
        return None
    rows = [embedding.words.index(first), embedding.words.index(second)]
    pair = normalise(np.asarray(embedding.vectors[rows]))
    return float(pair[0] @ pair[1]) if pair.any(axis=1).all() else None
