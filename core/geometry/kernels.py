"""Compiled inner loops. Importing this imports numba (0.2 s), so functions that need it import it when they run."""

from typing import Any

import numba
import numpy as np

import core.system.jit  # noqa: F401  (it says where numba keeps compiled code, so it comes first)

_STRIDE = 64  # products that are looked at together; of fewer the compiler makes no vectors


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    total = 0.0
    for c in range(len(left)):
        total += np.float64(left[c]) * np.float64(right[c])
    return total


# This flag lets the loop become vector instructions; there is no nan in it.
_dot = numba.njit(cache=True, nogil=True, fastmath=True)(_dot)


def _rank(value: Any, item: Any) -> Any:
    """Both in one integer, greater for a greater value and then for a smaller item."""
    bits = np.float32(value + np.float32(0)).view(np.int32)  # no -0.0, which is smaller as an integer
    return (np.int64(bits if bits >= 0 else bits ^ 0x7FFFFFFF) << 32) | np.int64(0x7FFFFFFF - item)


def _item_of(rank: Any) -> Any:
    return 0x7FFFFFFF - (rank & 0x7FFFFFFF)


def _value_of(rank: Any) -> Any:
    bits = np.int32(rank >> 32)
    return np.int32(bits if bits >= 0 else bits ^ 0x7FFFFFFF).view(np.float32)


_rank = numba.njit(cache=True, nogil=True)(_rank)
_item_of = numba.njit(cache=True, nogil=True)(_item_of)
_value_of = numba.njit(cache=True, nogil=True)(_value_of)


def _tighten(ranks: np.ndarray, wide: int) -> int:
    """Move the `wide` largest of `ranks`, in no order, to the front; the smallest of them."""
    sorted_out = np.partition(ranks, len(ranks) - wide)[len(ranks) - wide :]
    ranks[:wide] = sorted_out
    smallest: int = sorted_out[0]
    return smallest


_tighten = numba.njit(cache=True, nogil=True)(_tighten)


def _gather(
    products: np.ndarray,
    row: int,
    column: int,
    start: int,
    mirrored: bool,
    wide: int,
    ranks: np.ndarray,
    found: np.ndarray,
    least: np.ndarray,
) -> None:
    """Keep what is large in `products`, float32 (b, c), of the items from `row` on with those from `column` on.

    Row k of `ranks`, int64 (rows, more than wide), holds the candidates of item start + k, value and item in one;
    found[k] of them. least[k] is a value that `wide` of them reach, -inf before there are so many. With `mirrored` the
    products are those of the columns with the rows as well.
    """
    height, width = products.shape
    room = ranks.shape[1]
    bounds = least[column - start : column - start + width] if mirrored else np.full(width, np.inf, np.float32)
    for r in range(height):
        own = row + r - start
        for begin in range(0, width, _STRIDE):
            bound, large = least[own], begin + _STRIDE > width
            if not large:
                for c in range(begin, begin + _STRIDE):
                    large |= (products[r, c] >= bound) | (products[r, c] >= bounds[c])
            if not large:
                continue
            for c in range(begin, min(begin + _STRIDE, width)):
                value = products[r, c]
                if not ((value >= bound) | (value >= bounds[c])):
                    continue
                if value >= least[own] and row + r != column + c:
                    ranks[own, found[own]] = _rank(value, column + c)
                    found[own] += 1
                    if found[own] == room:
                        least[own], found[own] = _value_of(_tighten(ranks[own], wide)), wide
                if value >= bounds[c]:
                    other = column + c - start
                    ranks[other, found[other]] = _rank(value, row + r)
                    found[other] += 1
                    if found[other] == room:
                        bounds[c], found[other] = _value_of(_tighten(ranks[other], wide)), wide


gather = numba.njit(cache=True, nogil=True)(_gather)


def _order(
    queries: np.ndarray,
    keys: np.ndarray,
    wide: int,
    ranks: np.ndarray,
    found: np.ndarray,
    indices: np.ndarray,
    products: np.ndarray,
) -> None:
    """Of the candidates of each of `queries`, as `gather` left them, the nearest: into `indices` and `products`.

    They are ordered by their dot products again, which sum in one fixed order: a matrix product sums the same two rows
    in another order in another place, and equal rows would then not tie. indices int32 and products float32 (b, k).
    """
    k = indices.shape[1]
    for r in range(len(queries)):
        own = ranks[r, : found[r]]
        if len(own) > wide:
            _tighten(own, wide)
            own = own[:wide]
        for i in range(len(own)):
            item = _item_of(own[i])
            own[i] = _rank(np.float32(_dot(queries[r], keys[item])), item)
        own.sort()
        for i in range(k):
            last = own[len(own) - 1 - i]
            indices[r, i], products[r, i] = _item_of(last), _value_of(last)


order = numba.njit(cache=True, nogil=True)(_order)


def _overlap_prefixes(left: np.ndarray, right: np.ndarray, n: int, share: np.ndarray, weighted: np.ndarray) -> None:
    """For each row of two lists of ids below `n`, int32 (rows, k) with -1 for none, how far they agree.

    share: |A and B| / |A or B|. weighted: the mean of |A_d and B_d| / d over the depths d = 1..k. nan for two
    empty lists or one.
    """
    rows, k = left.shape
    seen = np.full((2, n), -1, np.int32)  # the last row in which each side had the id: no clearing between rows
    for r in range(rows):
        common = 0
        sizes = 0
        total = 0.0
        for d in range(k):
            a, b = left[r, d], right[r, d]
            if a >= 0:
                sizes += 1
                seen[0, a] = r
                if seen[1, a] == r:
                    common += 1
            if b >= 0:
                sizes += 1
                seen[1, b] = r
                if seen[0, b] == r:
                    common += 1
            total += common / (d + 1)
        if k == 0 or left[r, 0] < 0 or right[r, 0] < 0:
            share[r] = np.nan
            weighted[r] = np.nan
        else:
            share[r] = common / (sizes - common)
            weighted[r] = total / k


overlap_prefixes = numba.njit(cache=True, nogil=True)(_overlap_prefixes)
