"""Compiled inner loops. Importing this imports numba (0.2 s), so functions that need it import it when they run.

numba reads NUMBA_CACHE_DIR once, at import, so every other module that wants compiled code must import this first:
a cache that outlives the process saves up to two minutes of compilation at each start.
"""

import os
import threading
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from core.storage import cache_folder

os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))

import numba


def _pass_over_scipy() -> None:
    """Let numba's first use of any compiled code not import scipy.linalg, a third of the time that use takes.

    It does so only to see whether there is a BLAS for what it may have to compile; scipy is among our requirements.
    Whatever then uses BLAS asks again.
    """
    linear_algebra: Any = import_module("numba.np.linalg")
    ensure_blas = getattr(linear_algebra, "ensure_blas", None)
    if ensure_blas and find_spec("scipy"):
        linear_algebra.ensure_blas = lambda: None
        try:
            import_module("numba.np.arraymath")
        finally:
            linear_algebra.ensure_blas = ensure_blas


_pass_over_scipy()

PARALLEL_LOCK = threading.Lock()
"""Held round every call into numba code that runs in parallel (umap-learn's): where numba has only its `workqueue`
layer, two such calls at once abort the process. The kernels below run in one thread and need no lock."""

_CHUNK = 64


def _chunk_maxima(row: np.ndarray, maxima: np.ndarray) -> None:
    for chunk in range(len(maxima)):
        part = row[chunk * _CHUNK : chunk * _CHUNK + _CHUNK]
        largest = part[0]
        for c in range(_CHUNK):
            if part[c] > largest:
                largest = part[c]
        maxima[chunk] = largest


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    total = 0.0
    for c in range(len(left)):
        total += np.float64(left[c]) * np.float64(right[c])
    return total


def _kth_largest(values: np.ndarray, k: int) -> float:
    smaller: float = np.partition(values, len(values) - k)[len(values) - k]
    return smaller


# These flags let the loops become vector instructions; there is no nan in them.
_chunk_maxima = numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})(_chunk_maxima)
_dot = numba.njit(cache=True, nogil=True, fastmath=True)(_dot)
_kth_largest = numba.njit(cache=True, nogil=True)(_kth_largest)


def _candidates(row: np.ndarray, maxima: np.ndarray, wide: int, near: np.ndarray, value: np.ndarray) -> int:
    """Columns of the `wide` largest finite values of `row` into `near`, of equal ones the first; returns how many.

    `wide` chunks have a maximum of at least the wide-th largest one, so whatever is smaller than that can be passed
    over: most chunks are, at the price of one vectorised maximum.
    """
    _chunk_maxima(row, maxima)
    least = _kth_largest(maxima, wide) if len(maxima) > wide else np.float32(-np.inf)
    found = 0
    for chunk in range(len(maxima) + 1):
        if chunk < len(maxima) and maxima[chunk] < least:
            continue
        for c in range(chunk * _CHUNK, min(chunk * _CHUNK + _CHUNK, len(row))):
            if row[c] >= least and row[c] > -np.inf:
                near[found] = c
                value[found] = row[c]
                found += 1
    if found <= wide:
        return found
    least = _kth_largest(value[:found], wide)
    ties = wide
    for i in range(found):
        ties -= value[i] > least
    kept = 0
    for i in range(found):
        if value[i] > least or (value[i] == least and ties > 0):
            ties -= value[i] == least
            near[kept] = near[i]
            kept += 1
    return kept


_candidates = numba.njit(cache=True, nogil=True)(_candidates)


def _nearest_in_block(
    products: np.ndarray,
    first: int,
    queries: np.ndarray,
    keys: np.ndarray,
    wide: int,
    indices: np.ndarray,
    values: np.ndarray,
) -> None:
    """For each row of `products` = queries @ keys.T, float32 (b, n), the nearest keys: into `indices` and `values`.

    Row r is item first + r of the keys, which is left out. `wide` candidates are taken by `products` and ordered by
    their dot products again, then cut to the width of `indices` (int32 (b, k)) and `values` (float32 (b, k)), where
    k <= wide < n. The second dot product sums in one fixed order: a matrix product sums the same two rows in
    another order in another block, and equal rows would then not tie. `products` is changed.
    """
    n, k = products.shape[1], indices.shape[1]
    maxima = np.empty(n // _CHUNK, np.float32)
    near, value = np.empty(n, np.int32), np.empty(n, np.float32)
    for r in range(len(products)):
        products[r, first + r] = -np.inf
        found = _candidates(products[r], maxima, wide, near, value)
        for i in range(found):
            column = near[i]
            exact = np.float32(_dot(queries[r], keys[column]))
            place = i
            while place > 0 and value[place - 1] < exact:
                value[place], near[place] = value[place - 1], near[place - 1]
                place -= 1
            value[place], near[place] = exact, column
        indices[r], values[r] = near[:k], value[:k]


nearest_in_block = numba.njit(cache=True, nogil=True)(_nearest_in_block)


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
