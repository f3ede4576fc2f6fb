"""Compiled inner loops. Importing this imports numba (0.2 s), so functions that need it import it when they run.

numba reads NUMBA_CACHE_DIR once, at import, so every other module that wants compiled code must import this first:
a cache that outlives the process saves up to two minutes of compilation at each start.
"""

import os
import threading

import numpy as np

from core.storage import cache_folder

os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))

import numba

PARALLEL_LOCK = threading.Lock()
"""Held round every call into numba code that runs in parallel (umap-learn's): where numba has only its `workqueue`
layer, two such calls at once abort the process. The kernels below run in one thread and need no lock."""

_CHUNK = 32


def _keep_largest(
    products: np.ndarray, first: int, penalties: np.ndarray, indices: np.ndarray, values: np.ndarray
) -> None:
    """For each row of `products` (float32 (b, n)) the columns of its largest values, by falling value.

    Row r belongs to item first + r, whose own column is left out. `indices` int32 (b, k) and `values` float32 (b, k)
    are the output. `penalties` float32 (n,) are subtracted from each row.
    """
    n = products.shape[1]
    k = indices.shape[1]
    for r in range(products.shape[0]):
        row = products[r]
        own = first + r
        index, value = indices[r], values[r]
        for j in range(k):
            index[j] = -1
            value[j] = -np.inf
        for start in range(0, n, _CHUNK):
            stop = min(start + _CHUNK, n)
            # Most chunks hold nothing that is large enough: one vectorised maximum passes them by.
            largest = np.float32(-np.inf)
            for c in range(start, stop):
                largest = max(largest, row[c] - penalties[c])
            if largest <= value[k - 1]:
                continue
            for c in range(start, stop):
                candidate = row[c] - penalties[c]
                if candidate > value[k - 1] and c != own:
                    place = k - 1
                    while place > 0 and value[place - 1] < candidate:
                        value[place] = value[place - 1]
                        index[place] = index[place - 1]
                        place -= 1
                    value[place] = candidate
                    index[place] = c


keep_largest = numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})(_keep_largest)


def _dot_pairs(left: np.ndarray, right: np.ndarray, pairs: np.ndarray, out: np.ndarray) -> None:
    """out[i, j] = left[i] . right[pairs[i, j]], summed in float64 in the order of the columns; nan where pairs is -1.

    A matrix product may sum the same two rows in another order in another block: equal rows would then not tie.
    """
    d = left.shape[1]
    for i in range(pairs.shape[0]):
        for j in range(pairs.shape[1]):
            p = pairs[i, j]
            if p < 0:
                out[i, j] = np.nan
                continue
            even = 0.0
            odd = 0.0
            for c in range(0, d - 1, 2):
                even += np.float64(left[i, c]) * np.float64(right[p, c])
                odd += np.float64(left[i, c + 1]) * np.float64(right[p, c + 1])
            if d % 2:
                even += np.float64(left[i, d - 1]) * np.float64(right[p, d - 1])
            out[i, j] = even + odd


dot_pairs = numba.njit(cache=True, nogil=True)(_dot_pairs)


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
