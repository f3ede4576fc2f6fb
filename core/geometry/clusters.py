"""Regions of words that are near each other in both embeddings, from coarse to fine, and their names.

k-means in the original space, not on the map: a word is described by its two aligned directions together, so it is in
one region, which means the same on both maps. The coarse regions are the best of three starts by k-means++ (Arthur and
Vassilvitskii 2007); each is divided again, and those once more, as long as there are words enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from core.geometry.alignment import align
from core.geometry.directions import normalise
from core.system.threads import one_thread

CLUSTERS = 7
"""As many as there are colours that any eye can tell apart."""
NAMING_NOTE = (
    "Regions are found in the original vectors of both models together (k-means of directions), not on the map. Each "
    "has the name of its most typical words: near its centre, far from the next one's, and frequent."
)
_DIVISIONS = (4, 4)
"""Into so many parts a region is divided, level by level."""
_FEWEST = 40
"""A part has so many words, in the mean, or the region stays whole."""
_FITTED = 4_000
"""Centres are those of the most frequent words, so many; every other word goes to the nearest."""
_STARTS, _ROUNDS = 3, 30
_NAME_WORDS = (3, 2, 2)
_NEXT = 0.5
"""How much nearness to the next centre takes away."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Regions of one level. Arrays are read-only.

    Attributes:
        labels: int64 (words,), places in `names`; -1 for words with a zero vector.
        names: the most typical words of each, of two regions never the same; "" where none can lend its name.
        parents: the region of the level before that each is a part of; -1 on the first level.
    """

    labels: np.ndarray
    names: tuple[str, ...]
    parents: tuple[int, ...]

    def __post_init__(self) -> None:
        self.labels.flags.writeable = False


def find_regions(
    words: tuple[str, ...],
    left: np.ndarray,
    right: np.ndarray,
    counts: np.ndarray,
    content: np.ndarray,
    clusters: int = CLUSTERS,
) -> tuple[Regions, ...]:
    """Regions of `words` by their vectors left, float32 (words, d1), and right, (words, d2), level by level.

    On the first level they are numbered from the largest on. The same input gives the same regions.

    Args:
        words: n words.
        left, right: their vectors in both models.
        counts: int (n,): of two words that are equally typical the more frequent one lends its name.
        content: bool (n,): which words may lend their names. A region without any has no name, unless it is of the
            first level.
        clusters: of the first level, at most.
    """
    with one_thread():
        aligned = align(left, right)
        rows = normalise(np.concatenate([aligned.left, aligned.right], axis=1))
        order = np.argsort(-counts, kind="stable")
        order = order[rows[order].any(axis=1)]
        labels = np.full(len(words), -1)
        labels[order] = _split(rows[order], clusters, _STARTS)
        labels = _by_size(labels)
        used: set[str] = set()
        names = _name(words, rows, counts, content, labels, _NAME_WORDS[0], used)
        levels = [Regions(labels, names, (-1,) * len(names))]
        for parts, letters in zip(_DIVISIONS, _NAME_WORDS[1:], strict=True):
            finer, parents = _divide(rows, order, levels[-1].labels, parts)
            if len(parents) == len(levels[-1].names):
                break
            names = _name(words, rows, counts, content, finer, letters, used)
            levels.append(Regions(finer, names, parents))
    return tuple(levels)


def _divide(rows: np.ndarray, order: np.ndarray, labels: np.ndarray, parts: int) -> tuple[np.ndarray, tuple[int, ...]]:
    """Finer labels, int64 (n,), and the label before of each; `order`: rows that are not zero, most frequent first."""
    finer, parents = np.full(len(labels), -1), list[int]()
    for region in range(int(labels.max(initial=-1)) + 1):
        members = order[labels[order] == region]
        wanted = min(parts, len(members) // _FEWEST)
        found = _split(rows[members], wanted, 1) if wanted > 1 else np.zeros(len(members), np.int64)
        finer[members] = len(parents) + found
        parents += [region] * (int(found.max(initial=-1)) + 1)
    return finer, tuple(parents)


def _split(rows: np.ndarray, clusters: int, starts: int) -> np.ndarray:
    """The cluster of each of `rows`, float32 unit (n, d), most frequent first: int64 (n,), numbered without gaps."""
    if not len(rows):
        return np.zeros(0, np.int64)
    tries = (_fit(rows[:_FITTED], clusters, np.random.default_rng(seed)) for seed in range(starts))
    centres = min(tries, key=lambda each: each[1])[0]
    return np.asarray(np.unique(_nearest(rows, centres)[0], return_inverse=True)[1], np.int64)


def _fit(rows: np.ndarray, clusters: int, chance: np.random.Generator) -> tuple[np.ndarray, float]:
    """Lloyd's rounds from a start by k-means++: centres, float32 (clusters, d), and the squared distances from them."""
    first = int(chance.integers(len(rows)))
    centres, apart = [rows[first]], _squares(rows, rows[first])
    while len(centres) < clusters and apart.max() > 1e-6:
        centres.append(rows[int(chance.choice(len(rows), p=apart / apart.sum()))])
        apart = np.minimum(apart, _squares(rows, centres[-1]))
    middle, before = np.stack(centres), None
    for _ in range(_ROUNDS):
        labels, distances = _nearest(rows, middle)
        if before is not None and np.array_equal(labels, before):
            break
        before = labels
        kept = np.unique(labels)
        middle = np.stack([rows[labels == each].mean(axis=0) for each in kept])
        before = None if len(kept) < len(centres) else before
    labels, distances = _nearest(rows, middle)
    return middle, float(distances.sum(dtype=np.float64))


def _squares(rows: np.ndarray, centre: np.ndarray) -> np.ndarray:
    return np.asarray(((rows - centre) ** 2).sum(axis=1), np.float64)


def _nearest(rows: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest centre of each unit row, int64 (n,), and its squared distance."""
    distances = 1 + (centres**2).sum(axis=1) - 2 * (rows @ centres.T)
    labels = np.argmin(distances, axis=1)
    return labels, distances[np.arange(len(rows)), labels].clip(0)


def _by_size(labels: np.ndarray) -> np.ndarray:
    """`labels` numbered from the largest cluster on."""
    sizes = np.bincount(labels[labels >= 0])
    place = np.empty(len(sizes), np.int64)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return np.where(labels < 0, -1, place[labels] if len(place) else -1)


def _name(
    words: tuple[str, ...],
    rows: np.ndarray,
    counts: np.ndarray,
    content: np.ndarray,
    labels: np.ndarray,
    length: int,
    used: set[str],
) -> tuple[str, ...]:
    """A name for each region: its most typical words, as many as `length`, or more where `used` has that name."""
    regions = int(labels.max(initial=-1)) + 1
    weights = np.log1p(counts).astype(np.float32)
    members = [np.flatnonzero(labels == region) for region in range(regions)]
    centres = normalise(np.stack([weights[each] @ rows[each] for each in members])) if members else rows[:0]
    names = []
    for region, everyone in enumerate(members):
        known = everyone[content[everyone]]
        known = everyone if not len(known) and length == _NAME_WORDS[0] else known
        near = rows[known] @ centres.T
        own = near[:, region].copy()
        near[:, region] = -1 if regions > 1 else 0
        typical = (own - _NEXT * near.max(axis=1, initial=-1)) * weights[known]
        names.append(_join(words, known[np.argsort(-typical, kind="stable")].tolist(), length, used))
    return tuple(names)


def _join(words: tuple[str, ...], typical: list[int], length: int, used: set[str]) -> str:
    """The first words that are no forms of each other, and one more for as long as there is such a name already."""
    chosen: list[str] = []
    for word in _different(words[row] for row in typical):
        chosen.append(word)
        name = ", ".join(chosen)
        if len(chosen) >= length and name not in used:
            break
    name = ", ".join(chosen)
    used.add(name)
    return name


def _different(words: Iterator[str]) -> Iterator[str]:
    """Of words that differ by their last letters alone, such as cost and costs, the first."""
    taken: list[str] = []
    for word in words:
        if not any(_is_form(word, other) for other in taken):
            taken.append(word)
            yield word


def _is_form(word: str, other: str) -> bool:
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    return alike >= 4 and max(len(word), len(other)) - alike <= 3
