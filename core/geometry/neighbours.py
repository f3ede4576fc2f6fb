"""The nearest neighbours of words by cosine, exact, in the original space: never in two dimensions."""

from dataclasses import dataclass

import numpy as np

from core.geometry.directions import normalise
from core.progress import Progress, silent
from core.system.threads import one_thread

_BLOCK_BYTES = 128 * 2**20
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
    result has n - 1 columns. Memory beside the result is bounded by a block of 128 MB.

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
    """
    from core.geometry.kernels import nearest_in_block

    n = len(keys)
    wide, width = min(topn + _SPARE, n - 1), min(topn, n - 1)
    indices, products = np.empty((n, width), np.int32), np.empty((n, width), np.float32)
    block = max(1, min(n, _BLOCK_BYTES // (4 * n)))
    buffer = np.empty((block, n), np.float32)
    for start in range(0, n, block):
        progress(start / n, "Looking for neighbours")
        part = slice(start, min(start + block, n))
        whole = np.matmul(queries[part], keys.T, out=buffer[: part.stop - start])
        nearest_in_block(whole, start, queries[part], keys, wide, indices[part], products[part])
    progress(1.0, "Found the neighbours")
    return indices, products


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
