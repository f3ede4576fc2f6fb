"""One word between two embeddings: what it kept, gained and lost, from neighbours that are known already."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.comparison.pair import Comparison, NeighbourChange, NeighbourChanges
from core.geometry.directions import normalise
from core.models.embedding import Embedding
from core.pretrained.index import VectorIndex


class NearWords(NamedTuple):
    """A word's neighbours on the right, nearest first: those that it has on the left too, and the others."""

    kept: tuple[str, ...]
    gained: tuple[str, ...]


def near_words(comparison: Comparison, row: int, topn: int) -> NearWords:
    """Names only of what the shared word `row` kept and gained among its `topn` neighbours: nothing is computed."""
    before, after = (
        [each for each in near.indices[row, :topn].tolist() if each >= 0]
        for near in (comparison.left_neighbours, comparison.right_neighbours)
    )
    words, both = comparison.shared.words, set(before)
    return NearWords(
        kept=tuple(words[other] for other in after if other in both),
        gained=tuple(words[other] for other in after if other not in both),
    )


def changes_at(comparison: Comparison, left: Embedding, right: Embedding, row: int, topn: int) -> NeighbourChanges:
    """`pair.neighbour_changes` of the shared word `row`, read from the neighbours that `comparison` holds.

    No neighbour is looked for, and no matrix is copied: a few milliseconds with 20,000 words. `topn` may be as large
    as the comparison is deep.
    """
    shared = comparison.shared
    sides = [
        _Side(embedding.vectors, rows, near.indices[row], near.similarities[row], row)
        for embedding, rows, near in (
            (left, shared.left_rows, comparison.left_neighbours),
            (right, shared.right_rows, comparison.right_neighbours),
        )
    ]
    near_left, near_right = ([each for each in side.near[:topn].tolist() if each >= 0] for side in sides)
    both = set(near_left) & set(near_right)
    known = bool(left.covered.any() or right.covered.any())
    named = dict.fromkeys([*near_left, *near_right])
    left_places, right_places = (side.places(list(named)) for side in sides)
    described: dict[int, NeighbourChange] = {}
    for other, (left_similarity, left_rank), (right_similarity, right_rank) in zip(
        named, left_places, right_places, strict=True
    ):
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
    return NeighbourChanges(
        kept=tuple(described[other] for other in near_right if other in both),
        gained=tuple(described[other] for other in near_right if other not in both),
        lost=tuple(described[other] for other in near_left if other not in both),
    )


class _Side(NamedTuple):
    """A word's neighbours on one side; `rows` are those of the shared words in `vectors`, `own` is the word's."""

    vectors: np.ndarray
    rows: np.ndarray
    near: np.ndarray
    similarities: np.ndarray
    own: int

    def places(self, others: Sequence[int]) -> list[tuple[float, int]]:
        """Similarity and rank of each other word; for those beyond the known neighbours all words are looked at."""
        rank_of = {other: place for place, other in enumerate(self.near.tolist()) if other >= 0}
        cosines = np.empty(0)
        if any(other not in rank_of for other in others):
            query = normalise(np.asarray(self.vectors[self.rows[self.own]])[None])[0]
            lengths = np.sqrt(np.einsum("ij,ij->i", self.vectors, self.vectors))
            with np.errstate(divide="ignore", invalid="ignore"):
                cosines = ((self.vectors @ query) / lengths)[self.rows].clip(-1, 1)
            cosines[self.own] = np.nan
        found = []
        for other in others:
            if other in rank_of:
                found.append((float(self.similarities[rank_of[other]]), rank_of[other] + 1))
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
    both = set(near_left) & set(near_right)

    def describe(row: int) -> NeighbourChange:
        name = index.word(row)
        count = counts.get(name, 0)
        left_rank, right_rank = (int((cosines > cosines[row]).sum()) + 1 for cosines in (left, right))
        similarities = float(left[row].clip(-1, 1)), float(right[row].clip(-1, 1))
        return NeighbourChange(name, *similarities, left_rank, right_rank, count, count, False)

    return NeighbourChanges(
        kept=tuple(describe(row) for row in near_right if row in both),
        gained=tuple(describe(row) for row in near_right if row not in both),
        lost=tuple(describe(row) for row in near_left if row not in both),
    )


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
