"""One word between two embeddings: what it kept, gained and lost, from neighbours that are known already.

Whatever tells this of a word reads it here: tables, marks on the maps, groups, the report, the command line. To cross
the end of a list of neighbours is no news by itself: the tenth and the eleventh often differ by less than a retraining
moves either. So a neighbour is gained only if it came nearer, and lost only if it went away, by more than noise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.comparison.movers import Movers
from core.comparison.pair import Comparison
from core.geometry.directions import normalise
from core.geometry.neighbours import Neighbours
from core.models.embedding import Embedding
from core.pretrained.index import VectorIndex

LEAST_SEEN = 5
"""A neighbour that the text has more rarely is neither gained nor lost."""
DEFAULT_MARGIN = 0.05
"""So far a similarity must rise or fall where no noise was measured: 2.5 standard deviations of what another seed does
to fine-tuned vectors of a million tokens."""
_DEVIATIONS = 2.5
"""Beyond so many of them 2 to 4 % of the neighbours count that cross between models that ought to be the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhoods:
    """Two embeddings with all that says which neighbours their shared words gained and lost.

    Attributes:
        comparison: of `left` and `right`.
        movers: how far noise moves its words; None where that was not measured.
        least_seen: a neighbour that the text of the side that lists it has more rarely is neither gained nor lost.
    """

    comparison: Comparison
    left: Embedding
    right: Embedding
    movers: Movers | None = None
    least_seen: int = LEAST_SEEN


class NeighbourRows(NamedTuple):
    """Rows of a word's neighbours, nearest first, each with its rank, 1 for the nearest: kept ones by the right list.

    Attributes:
        kept: in both lists.
        gained: only in the right one, nearer than before by more than noise, and seen often enough.
        lost: only in the left one, farther than before by more than noise, and seen often enough.
        borderline: in one list only, without that: first those of the right list, then those of the left one.
    """

    kept: dict[int, int]
    gained: dict[int, int]
    lost: dict[int, int]
    borderline: dict[int, int]


class NeighbourWords(NamedTuple):
    """The same as words."""

    kept: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    borderline: tuple[str, ...]


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

    @property
    def entered(self) -> bool:
        """Nearer by rank on the right than on the left."""
        return self.right_rank < self.left_rank


class NeighbourChanges(NamedTuple):
    """The neighbours of a word, as `NeighbourRows` has them."""

    kept: tuple[NeighbourChange, ...]
    gained: tuple[NeighbourChange, ...]
    lost: tuple[NeighbourChange, ...]
    borderline: tuple[NeighbourChange, ...]


def neighbour_rows(near: Neighbourhoods, row: int, topn: int) -> NeighbourRows:
    """What the shared word `row` kept, gained and lost of its `topn` neighbours, as rows of the shared words.

    No neighbour is looked for, and there are no more than the comparison is deep. How far noise moves a similarity
    follows from how far it moves the two words (`margins`). Formula and error rates: docs/science.md, section 10.
    """
    return _sort_out(near, row, topn)[0]


def neighbour_words(near: Neighbourhoods, row: int, topn: int) -> NeighbourWords:
    """`neighbour_rows` as words."""
    words = near.comparison.words
    return NeighbourWords(*(tuple(words[other] for other in rows) for rows in neighbour_rows(near, row, topn)))


def neighbour_changes(near: Neighbourhoods, row: int, topn: int) -> NeighbourChanges:
    """`neighbour_rows` with what is known about each: similarity and rank on both sides, counts.

    No neighbour is looked for and no matrix is copied. With 20,000 words it takes a few milliseconds: to find how far
    down a side has the neighbours that only the other one lists.
    """
    comparison, left, right = near.comparison, near.left, near.right
    shared = comparison.shared
    rows, similarity_of = _sort_out(near, row, topn)
    known = bool(left.covered.any() or right.covered.any())
    named = [other for found in rows for other in found]
    ranks = (
        _ranks(left.vectors, shared.left_rows, comparison.left_neighbours, row, named),
        _ranks(right.vectors, shared.right_rows, comparison.right_neighbours, row, named),
    )
    described: dict[int, NeighbourChange] = {}
    for other, left_rank, right_rank in zip(named, *ranks, strict=True):
        i, j = int(shared.left_rows[other]), int(shared.right_rows[other])
        described[other] = NeighbourChange(
            shared.words[other],
            *similarity_of[other],
            left_rank,
            right_rank,
            int(left.counts[i]),
            int(right.counts[j]),
            bool(known and not left.covered[i] and not right.covered[j]),
        )
    return _describe(rows, described.__getitem__)


def margins(noise: np.ndarray, similarities: np.ndarray, vector_size: int) -> np.ndarray:
    """How far a similarity of two words must rise or fall to be more than noise: (n,).

    A vector that noise turns by a change of c (1 - cosine), in no particular direction, changes its cosine s with
    another one by a standard deviation of sqrt(c (2 - c) (1 - s^2) / (vector_size - 1)); both words are turned.

    Args:
        noise: (2, n), change of each of the two words by noise alone; nan where it is not known.
        similarities: (n,), cosines.
        vector_size: of the vectors.
    """
    turned = (noise * (2 - noise)).sum(axis=0)
    found = _DEVIATIONS * np.sqrt(turned * (1 - similarities**2) / max(vector_size - 1, 1))
    return np.where(np.isfinite(found), found, DEFAULT_MARGIN)


def _sort_out(near: Neighbourhoods, row: int, topn: int) -> tuple[NeighbourRows, dict[int, tuple[float, float]]]:
    """The rows, and the similarity of each, left and right."""
    comparison, left, right = near.comparison, near.left, near.right
    shared = comparison.shared
    before, after = (
        _rank_list(side.indices[row, :topn].tolist())
        for side in (comparison.left_neighbours, comparison.right_neighbours)
    )
    others = list(before | after)
    similarities = np.stack(
        [
            _similarities(left.vectors, shared.left_rows, row, others),
            _similarities(right.vectors, shared.right_rows, row, others),
        ]
    )
    noise = np.full((2, len(others)), np.nan)
    if near.movers is not None:
        noise = np.stack([np.full(len(others), near.movers.floor[row]), near.movers.floor[others]]).astype(np.float64)
    size = min(left.vector_size, right.vector_size)
    rises = _rises(similarities, margins(noise, similarities.mean(axis=0), size))
    counts = left.counts[shared.left_rows[others]], right.counts[shared.right_rows[others]]
    went, came = ((rises == sign) & (side >= near.least_seen) for sign, side in zip((-1, 1), counts, strict=True))
    rows = _compare_lists(before, after, dict(zip(others, came, strict=True)), dict(zip(others, went, strict=True)))
    return rows, dict(zip(others, zip(*similarities.tolist(), strict=True), strict=True))


def _rises(similarities: np.ndarray, margin: np.ndarray) -> np.ndarray:
    """1 where a similarity, (2, n), rose by more than the margin, -1 where it fell by more, 0 elsewhere: (n,)."""
    risen = similarities[1] - similarities[0]
    return np.asarray(np.where(np.abs(risen) > margin, np.sign(risen), 0))


def _rank_list(neighbours: Sequence[int]) -> dict[int, int]:
    """Rank of each neighbour in a list, nearest first, -1 for none."""
    return {other: rank for rank, other in enumerate(neighbours, 1) if other >= 0}


def _compare_lists(
    left: dict[int, int], right: dict[int, int], came: dict[int, bool], went: dict[int, bool]
) -> NeighbourRows:
    """Two lists of neighbours by rank; which came nearer, and which went away, by more than noise."""
    entered = {other: rank for other, rank in right.items() if other not in left}
    departed = {other: rank for other, rank in left.items() if other not in right}
    return NeighbourRows(
        kept={other: rank for other, rank in right.items() if other in left},
        gained={other: rank for other, rank in entered.items() if came[other]},
        lost={other: rank for other, rank in departed.items() if went[other]},
        borderline={other: rank for other, rank in entered.items() if not came[other]}
        | {other: rank for other, rank in departed.items() if not went[other]},
    )


def _describe(rows: NeighbourRows, describe: Callable[[int], NeighbourChange]) -> NeighbourChanges:
    return NeighbourChanges(*(tuple(describe(other) for other in found) for found in rows))


def _similarities(vectors: np.ndarray, rows: np.ndarray, own: int, others: Sequence[int]) -> np.ndarray:
    """Cosines of the word `own` and each other one, float64; `rows` are those of the shared words in `vectors`."""
    units = normalise(np.asarray(vectors[rows[[own, *others]]])).astype(np.float64)
    found = (units[1:] @ units[0]).clip(-1, 1)
    found[~(units[1:].any(axis=1) & units[0].any())] = np.nan
    return np.asarray(found)


def _ranks(vectors: np.ndarray, rows: np.ndarray, near: Neighbours, own: int, others: Sequence[int]) -> list[int]:
    """Rank of each other word among the neighbours of the word `own` on one side, whose nearest are `near`.

    `rows` are those of the shared words in `vectors`. All words are looked at for those beyond the known neighbours.
    """
    rank_of = _rank_list(near.indices[own].tolist())
    cosines = np.empty(0)
    if any(other not in rank_of for other in others):
        query = normalise(np.asarray(vectors[rows[own]])[None])[0]
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        with np.errstate(divide="ignore", invalid="ignore"):
            cosines = ((vectors @ query) / lengths)[rows].clip(-1, 1)
        cosines[own] = np.nan
    return [
        rank_of[other] if other in rank_of else max(int((cosines > cosines[other]).sum()), len(rank_of)) + 1
        for other in others
    ]


def changes_in_file(
    index: VectorIndex,
    word: str,
    before: np.ndarray,
    after: np.ndarray,
    topn: int,
    counts: dict[str, int],
    noise: float = np.nan,
) -> NeighbourChanges:
    """Which of its `topn` neighbours among all words of a vectors file a word keeps, gains and loses.

    The file's vectors stand still, so that it does not matter how often the text has the neighbours.

    Args:
        index: of the file, whose rows stay where they are.
        word: itself, left out.
        before, after: (vector_size,) where the word stands, both in the file's own space.
        counts: how often the text has each word; others count 0 and are not `new`: the file has them all.
        noise: how far the word changes by noise alone; nan where it is not known.

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

    ranks = _rank_list(near_left), _rank_list(near_right)
    others = list(ranks[0] | ranks[1])
    similarities = np.stack([left[others], right[others]]).clip(-1, 1).astype(np.float64)
    moving = np.stack([np.full(len(others), noise), np.zeros(len(others))])
    rises = _rises(similarities, margins(moving, similarities.mean(axis=0), index.vector_size))
    came, went = (dict(zip(others, rises == sign, strict=True)) for sign in (1, -1))
    return _describe(_compare_lists(*ranks, came, went), describe)


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
    named = ", ".join(f"“{embedding.words[row]}”" for row in rows[:3].tolist())
    return f"{named} …" if len(rows) > 3 else named


def similarity_in(embedding: Embedding, first: str, second: str) -> float | None:
    """Cosine of two words' vectors; None where a word is missing or has no direction."""
    if first not in embedding.words or second not in embedding.words:
        return None
    rows = [embedding.words.index(first), embedding.words.index(second)]
    pair = normalise(np.asarray(embedding.vectors[rows]))
    return float(pair[0] @ pair[1]) if pair.any(axis=1).all() else None
