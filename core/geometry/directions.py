"""Rows of length 1, and directions as seen from the middle of many vectors.

All take (n, d) and give (n, d). They differ in two things that decide the last bits of a result:

- dtype: `normalise` and `directions` give float32 whatever comes in, with lengths in float64. `unit`, `centre` and
  `centred_directions` keep the dtype of what comes in, lengths included: training works in float32, and the sums over
  contexts in float64.
- zeros: a row of zeros has no direction and stays zero in all of them. `normalise` brings every other row to length 1,
  however short; `unit` leaves rows shorter than 1e-9 shorter than 1; `centre` and `directions` take what is next to
  nothing for nothing.
"""

import numpy as np

_NOTHING = 1e-12  # what a decomposition leaves in a row of zeros is shorter; no vector that means something is
_SHORTEST = 1e-9
_ROUNDING = 1e-6  # a direction this near the mean of all is rounding error, not a direction


def normalise(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1, float32 (n, d); zero rows stay zero."""
    # Lengths in float64: float32 squares overflow above 1e19 and vanish below 1e-23.
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    lengths[lengths == 0] = 1
    return np.ascontiguousarray(vectors / lengths[:, None], np.float32)


def unit(vectors: np.ndarray) -> np.ndarray:
    """`vectors` with rows of length 1, in the dtype they have; rows of zeros stay zero."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _SHORTEST))


def centre(vectors: np.ndarray, rows: np.ndarray | slice) -> np.ndarray:
    """`unit` directions of `vectors` from the mean of their `rows`, in the dtype they have; rows of zeros stay zero."""
    empty = np.linalg.norm(vectors, axis=1) < _NOTHING
    centred = unit(vectors - vectors[rows].mean(axis=0))
    centred[empty] = 0
    return centred


def centred_directions(vectors: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """`centre` of the `covered` rows, bool (n,), among themselves; zeros elsewhere."""
    found = np.zeros_like(vectors)
    found[covered] = centre(vectors[covered], slice(None))
    return found


def directions(vectors: np.ndarray) -> np.ndarray:
    """Unit rows of `vectors` seen from the mean of its unit rows, float32 (n, d); zero rows stay zero.

    Long vectors have no more say in where the middle is than short ones, and a row that lies in the middle is zero.
    """
    rows = normalise(vectors)
    filled = rows.any(axis=1)
    if filled.any():
        rows[filled] -= rows[filled].mean(axis=0, dtype=np.float64).astype(np.float32)
    rows[np.linalg.norm(rows, axis=1) < _ROUNDING] = 0
    return normalise(rows)
