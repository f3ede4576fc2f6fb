"""What a map's tooltips say of each word, packed into as few bytes as they can be: for figures and back."""

from typing import Any

import numpy as np

from core.maps.payload import Names, Tooltips, pack_bits, read_bits
from core.system.typed_json import as_values

_HALF = 1 << 16


def pack_tooltips(
    counts: np.ndarray, covered: np.ndarray, neighbours: np.ndarray, names: Names | None = None
) -> tuple[np.ndarray, dict[str, Any]]:
    """`customdata` and `meta` of a map's trace.

    `customdata` is uint16, or uint32 for more than 65,536 words. A word's row has the rows of its nearest neighbours
    (its own row where there is none), then its count. What does not fit into 16 bits of the counts goes into one more
    column. `meta` says how to read it (`core.maps.payload.Tooltips`).

    Args:
        counts: int (n,), 0 to 2^32 - 1.
        covered: bool (n,).
        neighbours: int (n, k) rows of each word's nearest neighbours, -1 where there is none.
        names: what is written on the map.
    """
    n = len(counts)
    near = np.where(neighbours < 0, np.arange(n)[:, None], neighbours)
    meta = as_values(Tooltips(near.shape[1], pack_bits(covered), names))
    if n > _HALF:
        return np.column_stack([near, counts]).astype(np.uint32), meta
    columns = [near, counts % _HALF]
    if counts.max(initial=0) >= _HALF:
        columns.append(counts // _HALF)
    return np.column_stack(columns).astype(np.uint16), meta


def read_tooltips(trace: Any) -> tuple[np.ndarray, np.ndarray]:
    """int64 counts and bool covered of the words of a map's trace, both (n,)."""
    numbers, how = np.asarray(trace.customdata).astype(np.int64), Tooltips(**trace.meta)
    counts = numbers[:, how.near] + (numbers[:, how.near + 1] * _HALF if numbers.shape[1] > how.near + 1 else 0)
    return counts, read_bits(how.covered, len(counts))
