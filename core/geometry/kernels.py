"""Compiled inner loops. Importing this imports numba (0.2 s), so functions that need it import it when they run."""

import core.system.jit  # noqa: F401, I001  (it says where numba keeps compiled code, so it comes first)

import numba
import numpy as np

_BINS = 256


def _bucket_maxima(row: np.ndarray, maxima: np.ndarray) -> None:
    """Into maxima[j], float32 (m,), the largest of row[j], row[j + m], row[j + 2 m] and so on."""
    m, n = len(maxima), len(row)
    maxima[:] = row[:m]
    for start in range(m, n, m):
        part = row[start : min(start + m, n)]
        for j in range(len(part)):
            if part[j] > maxima[j]:
                maxima[j] = part[j]


def _reached_by(values: np.ndarray, k: int, counts: np.ndarray) -> float:
    """A value that at least `k` of the finite `values` reach, and not many more; a histogram tells."""
    low, high = values.min(), values.max()
    scale = np.float32((_BINS - 1) / (high - low)) if high > low else np.float32(0)
    counts[:] = 0
    for value in values:
        counts[int((value - low) * scale)] += 1
    place = _BINS - 1
    total = counts[place]
    while total < k:
        place -= 1
        total += counts[place]
    return float(low + place / scale - (high - low) * 1e-5) if place else float(low)  # rounding must not raise it


def _dot(left: np.ndarray, right: np.ndarray) -> float:
    total = 0.0
    for c in range(len(left)):
        total += np.float64(left[c]) * np.float64(right[c])
    return total


def _kth_largest(values: np.ndarray, k: int) -> float:
    smaller: float = np.partition(values, len(values) - k)[len(values) - k]
    return smaller


# These flags let the loops become vector instructions; there is no nan in them.
_bucket_maxima = numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})(_bucket_maxima)
_reached_by = numba.njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})(_reached_by)
_dot = numba.njit(cache=True, nogil=True, fastmath=True)(_dot)
_kth_largest = numba.njit(cache=True, nogil=True)(_kth_largest)


def _candidates(
    row: np.ndarray,
    maxima: np.ndarray,
    chosen: np.ndarray,
    counts: np.ndarray,
    wide: int,
    near: np.ndarray,
    value: np.ndarray,
) -> int:
    """Write the columns of the largest finite values of `row` into `near`, in order; returns how many.

    They are at least `wide`, if there are so many, and at most twice as many; of equal ones the first.

    Columns are dealt into buckets. At least `wide` buckets have a maximum that reaches `least`, so whatever is
    smaller can be passed over: most buckets are, at the price of one vectorised maximum.
    """
    n, m, found = len(row), len(maxima), 0
    if m == 0:
        for c in range(n):
            if row[c] > -np.inf:
                near[found], value[found] = c, row[c]
                found += 1
    else:
        _bucket_maxima(row, maxima)
        least = np.float32(_reached_by(maxima, wide, counts))
        hot = 0
        for j in range(m):
            if maxima[j] >= least:
                chosen[hot] = j
                hot += 1
        for start in range(0, n, m):
            if start + m > n:  # not every bucket has a column here
                while hot and start + chosen[hot - 1] >= n:
                    hot -= 1
            part = row[start:]
            for h in range(hot):
                product = part[chosen[h]]
                if product >= least:
                    near[found], value[found] = start + chosen[h], product
                    found += 1
    if found <= 2 * wide:
        return found
    limit = _kth_largest(value[:found], wide)
    ties = wide
    for i in range(found):
        ties -= value[i] > limit
    kept = 0
    for i in range(found):
        if value[i] > limit or (value[i] == limit and ties > 0):
            ties -= value[i] == limit
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
    # As many buckets as balance what they cost against the columns of those that are looked through. One item of each
    # bucket may be left out, so a bucket of two has a maximum.
    buckets = max(2 * wide, int(np.sqrt(wide * n / 3)))
    maxima = np.empty(buckets if 2 * buckets <= n else 0, np.float32)
    chosen, counts = np.empty(len(maxima), np.int32), np.empty(_BINS, np.int64)
    near, value, items = np.empty(n, np.int32), np.empty(n, np.float32), np.empty(k + 1, np.int64)
    for r in range(len(products)):
        query = queries[r]
        products[r, first + r] = -np.inf
        found = _candidates(products[r], maxima, chosen, counts, wide, near, value)
        for i in range(found):
            value[i] = _dot(query, keys[near[i]]) + 0.0  # no -0.0, which is smaller as an integer
        bits = value.view(np.int32)
        for i in range(found):  # both in one integer, greater for a greater product and then for a smaller column
            ordered = np.int64(bits[i] if bits[i] >= 0 else bits[i] ^ 0x7FFFFFFF)
            item = (ordered << 32) | np.int64(0x7FFFFFFF - near[i])
            place = min(i, k)
            while place > 0 and items[place - 1] < item:
                items[place] = items[place - 1]
                place -= 1
            items[place] = item
        for i in range(k):
            indices[r, i] = 0x7FFFFFFF - (items[i] & 0x7FFFFFFF)
            ordered = items[i] >> 32
            bits[i] = ordered if ordered >= 0 else ordered ^ 0x7FFFFFFF
        values[r] = value[:k]


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
