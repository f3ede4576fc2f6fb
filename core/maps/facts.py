"""What a map's tooltips say of each word, packed into as few bytes as they can be: for figures and back."""

from base64 import b64decode, b64encode
from typing import Any

import numpy as np

_HALF = 1 << 16


def pack_facts(counts: np.ndarray, covered: np.ndarray, neighbours: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """`customdata` and `meta` of a map's trace.

    A row of the first, uint16 or, of more than 65,536 words, uint32, has the rows of the nearest neighbours (its own
    row where there is none) and the count; what does not fit into 16 bits of it in one more column. The second has
    the number of neighbours and a bit a word: the pretrained vectors have it.

    Args:
        counts: int (n,), 0 to 2^32 - 1.
        covered: bool (n,).
        neighbours: int (n, k) rows of each word's nearest neighbours, -1 where there is none.
    """
    n = len(counts)
    near = np.where(neighbours < 0, np.arange(n)[:, None], neighbours)
    meta = {"near": near.shape[1], "covered": b64encode(np.packbits(covered, bitorder="little").tobytes()).decode()}
    if n > _HALF:
        return np.column_stack([near, counts]).astype(np.uint32), meta
    columns = [near, counts % _HALF]
    if counts.max(initial=0) >= _HALF:
        columns.append(counts // _HALF)
    return np.column_stack(columns).astype(np.uint16), meta


def read_facts(trace: Any) -> tuple[np.ndarray, np.ndarray]:
    """int64 counts and bool covered of the words of a map's trace, both (n,)."""
    facts, k = np.asarray(trace.customdata).astype(np.int64), trace.meta["near"]
    counts = facts[:, k] + (facts[:, k + 1] * _HALF if facts.shape[1] > k + 1 else 0)
    bits = np.frombuffer(b64decode(trace.meta["covered"]), np.uint8)
    return counts, np.unpackbits(bits, count=len(counts), bitorder="little").astype(bool)
