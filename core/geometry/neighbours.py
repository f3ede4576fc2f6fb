"""The nearest neighbours of words by cosine, exact, in the original space: never in two dimensions."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.geometry.directions import normalise
from core.progress import Progress, silent
from core.system.threads import one_thread

_BLOCK_BYTES = 128 * 2**20
_TILE = 512  # rows and columns whose products stay in the second cache of a processor
_EVERY = 16  # of so many keys one is in the sample by which is guessed what is large
_MANY = 2_000  # so many keys are worth a guess
_FEW = 64  # rows that are looked through again at a time
_SPARE = 8  # candidates beyond topn, so that rounding in the matrix product cannot decide who is in


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The neighbours of every row, nearest first; ties in float32 go by row. Arrays are read-only.

    Attributes:
        indices: int32 (rows, k); -1 where there are no more neighbours.
        similarities: float32 (rows, k), cosines; nan where there are no more neighbours.
    """

    indices: np.ndarray
    similarities: np.ndarray

    def __post_init__(self) -> None:
        if self.indices.shape != self.similarities.shape:
            raise ValueError(f"{self.indices.shape} indices and {self.similarities.shape} similarities do not match")
        self.indices.flags.writeable = False
        self.similarities.flags.writeable = False

    def first(self, topn: int) -> "Neighbours":
        """The `topn` nearest, without computing anything again."""
        return Neighbours(self.indices[:, :topn], self.similarities[:, :topn])


@one_thread()
def nearest_neighbours(vectors: np.ndarray, topn: int, progress: Progress = silent) -> Neighbours:
    """The `topn` nearest rows of every row of `vectors`, float32 (n, d), by cosine, itself left out.

    A zero vector has no direction, so it has no neighbours and is nobody's. With fewer than topn + 1 rows the
    result has n - 1 columns. Memory beside the result is bounded by 128 MB of candidates and a sample of the products.

    Raises:
        Cancelled: out of `progress`.
    """
    _check(vectors, topn)
    n, width = len(vectors), min(topn, max(len(vectors) - 1, 0))
    indices = np.full((n, width), -1, np.int32)
    similarities = np.full((n, width), np.nan, np.float32)
    real = np.flatnonzero(vectors.any(axis=1)).astype(np.int32)
    if width and len(real) > 1:
        unit = normalise(vectors if len(real) == n else vectors[real])
        near, cosines = _largest_products(unit, unit, width, progress)
        indices[real, : near.shape[1]] = real[near]
        similarities[real, : near.shape[1]] = cosines.clip(-1, 1)
    return Neighbours(indices, similarities)


@one_thread()
def nearest_by_distance(vectors: np.ndarray, topn: int, progress: Progress = silent) -> tuple[np.ndarray, np.ndarray]:
    """The `topn` nearest rows of every row of `vectors`, float32 (n, d), by Euclidean distance, itself left out.

    Returns int32 indices and float32 distances, both (n, min(topn, n - 1)), nearest first, equal ones by row.

    Raises:
        Cancelled: out of `progress`.
    """
    _check(vectors, topn)
    width = min(topn, len(vectors) - 1)
    if width < 1:
        return np.empty((len(vectors), 0), np.int32), np.empty((len(vectors), 0), np.float32)
    # |v - w|^2 = |v|^2 - 2 (v.w - |w|^2 / 2), so the nearest w has the largest bracket: a product with one more column.
    rows = np.ascontiguousarray(vectors - vectors.mean(axis=0, dtype=np.float64), np.float32)
    queries = np.column_stack([rows, np.ones(len(rows), np.float32)])
    keys = np.column_stack([rows, (rows**2).sum(axis=1) / -2])
    near, _ = _largest_products(queries, keys, width, progress)
    distances = np.empty(near.shape, np.float32)
    for column in range(width):  # from differences: |v|^2 - 2 v.w + |w|^2 cancels for close rows
        distances[:, column] = np.linalg.norm(rows - rows[near[:, column]], axis=1)
    order = np.lexsort((near, distances))
    return np.take_along_axis(near, order, axis=1), np.take_along_axis(distances, order, axis=1)


def _check(vectors: np.ndarray, topn: int) -> None:
    if topn < 1:
        raise ValueError(f"topn is {topn}; it must be at least 1")
    if not np.isfinite(vectors).all():
        raise ValueError("vectors contain nan or infinity")


def _largest_products(
    queries: np.ndarray, keys: np.ndarray, topn: int, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """For each item i the other items j with the largest products queries[i] . keys[j], and these; ties go by row.

    queries and keys float32 (n, d) with n > 1; returns int32 and float32 (n, min(topn, n - 1)).

    Products are made in tiles that stay in the processor's cache, and looked through there. Where queries are keys,
    the product of i and j is that of j and i, too, and is made once for both. What is too small is passed over by a
    guess; rows for which that was too high are looked through again.
    """
    from core.geometry.kernels import gather, order

    n = len(keys)
    wide, width = min(topn + _SPARE, n - 1), min(topn, n - 1)
    indices, products = np.empty((n, width), np.int32), np.empty((n, width), np.float32)
    room = 3 * wide + 32
    rows = max(1, min(n, _BLOCK_BYTES // (8 * room)))
    ranks = np.empty((rows, room), np.int64)
    buffer = np.empty(min(_TILE, n) ** 2, np.float32)
    done = 0
    for start in range(0, n, rows):
        part = slice(start, min(start + rows, n))
        found, least = np.zeros(part.stop - start, np.int32), _guess_least(queries[part], keys, wide)
        for line, column, mirrored in _tiles(part, n, queries is keys):
            if line.start != done:
                progress((done := line.start) / n, "Looking for neighbours")
            shape = line.stop - line.start, column.stop - column.start
            tile = np.matmul(queries[line], keys[column].T, out=buffer[: shape[0] * shape[1]].reshape(shape))
            gather(tile, line.start, column.start, start, mirrored, wide, ranks, found, least)
        short = np.flatnonzero(found < wide)
        found[short], least[short] = 0, -np.inf
        for batch in np.split(short, range(_FEW, len(short), _FEW)):
            for row, line in zip(batch + start, queries[batch + start] @ keys.T, strict=True):
                gather(line[None], row, 0, start, False, wide, ranks, found, least)
        order(queries[part], keys, wide, ranks, found, indices[part], products[part])
    progress(1.0, "Found the neighbours")
    return indices, products


def _guess_least(queries: np.ndarray, keys: np.ndarray, wide: int) -> np.ndarray:
    """For each query a value that more than `wide` of its products with `keys` reach, but for a few queries.

    float32 (queries,), from a sample of the keys; -inf where there are few keys.
    """
    sample = keys[::_EVERY]
    least = np.full(len(queries), -np.inf, np.float32)
    place = int(1.6 * wide / _EVERY) + 5
    if len(sample) < 2 * place or len(keys) < _MANY:
        return least
    for line in _cut(0, len(queries)):
        least[line] = np.partition(queries[line] @ sample.T, -place, axis=1)[:, -place]
    return least


def _tiles(part: slice, n: int, symmetric: bool) -> Iterator[tuple[slice, slice, bool]]:
    """(rows, columns, whether it stands for its mirror image) of tiles that cover `part` of n rows, and n columns."""
    own = list(_cut(part.start, part.stop))
    if not symmetric:
        yield from ((line, column, False) for line in own for column in _cut(0, n))
        return
    yield from ((line, column, False) for line in own for column in _cut(0, part.start))
    for number, line in enumerate(own):
        yield line, line, False
        yield from ((line, column, True) for column in own[number + 1 :])
    yield from ((line, column, False) for line in own for column in _cut(part.stop, n))


def _cut(start: int, stop: int) -> Iterator[slice]:
    return (slice(begin, min(begin + _TILE, stop)) for begin in range(start, stop, _TILE))


def neighbours_of(
    vectors: np.ndarray, query: int | np.ndarray, topn: int, *, norms: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The `topn` nearest rows of one row (given by its index, itself left out) or of any vector (d,), by cosine.

    One matrix-vector product, no compiled code: quick even over 400,000 rows. `norms` float32 (n,), the lengths of
    the rows, spares computing them. Returns int32 indices and float32 similarities, both (at most topn,), nearest
    first, equal ones by row; empty for a zero vector.
    """
    _check(np.empty(0), topn)
    vector = np.asarray(vectors[query] if isinstance(query, int | np.integer) else query)
    if norms is None:
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    if not vector.any():
        return np.empty(0, np.int32), np.empty(0, np.float32)
    unit = normalise(vector[None])[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        rough = vectors @ unit / norms
    rough[norms == 0] = -np.inf
    if isinstance(query, int | np.integer):
        rough[query] = -np.inf
    wide = min(topn + _SPARE, len(rough))
    near = np.argpartition(-rough, wide - 1)[:wide] if wide < len(rough) else np.arange(len(rough))
    near = near[np.isfinite(rough[near])].astype(np.int32)
    exact = (normalise(vectors[near]).astype(np.float64) @ unit.astype(np.float64)).astype(np.float32)
    order = np.lexsort((near, -exact))[:topn]
    return near[order], exact[order]


def overlaps(left: Neighbours, right: Neighbours, topn: int) -> tuple[np.ndarray, np.ndarray]:
    """Jaccard and average overlap of two neighbour lists of the same rows, cut to `topn`, each float32 (rows,).

    Both are nan for a row that has no neighbours on a side. Arrays are read-only.
    """
    from core.geometry.kernels import overlap_prefixes

    if topn < 1:
        raise ValueError(f"topn is {topn}; it must be at least 1")
    if left.indices.shape != right.indices.shape:
        raise ValueError(f"{left.indices.shape} and {right.indices.shape} neighbours are not of the same words")
    a, b = (np.ascontiguousarray(side.indices[:, :topn]) for side in (left, right))
    share, weighted = np.empty(len(a), np.float32), np.empty(len(a), np.float32)
    overlap_prefixes(a, b, len(a), share, weighted)
    share.flags.writeable = weighted.flags.writeable = False
    return share, weighted
