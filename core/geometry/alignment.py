"""Orthogonal Procrustes: the rotation that lays one embedding over another.

Two trainings find the same relations between words in differently turned spaces; a rotation changes no cosine
within a space and makes cosines between the two mean something (Schönemann 1966; Hamilton et al. 2016 for words).
"""

from dataclasses import dataclass

import numpy as np

from core.geometry.neighbours import normalise
from core.system.threads import one_thread

_ROUNDING = 1e-6  # a direction this near the mean of all is rounding error, not a direction


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Two sets of vectors of the same words in one space. Arrays are read-only.

    Attributes:
        left: float32 (n, d).
        right: float32 (n, d), turned onto `left`.
        residual: what the rotation cannot reconcile: 0 all words coincide, 1 nothing in common.
    """

    left: np.ndarray
    right: np.ndarray
    residual: float

    def __post_init__(self) -> None:
        self.left.flags.writeable = False
        self.right.flags.writeable = False


@one_thread()
def align(left: np.ndarray, right: np.ndarray, *, keep_lengths: bool = False) -> Alignment:
    """Turn `right` (n, d2) onto `left` (n, d1); row i of both is the same word. The narrower gets columns of zeros.

    Both are centred first: embeddings share a large common component (3.4 of 5.7 of GloVe's length)
    that differs between recipes without meaning anything. Left in, it keeps the two sides of a map apart like two
    islands (counted against fine-tuned vectors: 6 % of a word's neighbours on the map were from the other side,
    42 % with centring), and Schlechtweg et al. (2019) found changes of meaning measured best without it.

    Rows have length 1 afterwards, so that frequent words, with their long vectors, do not decide alone; a zero row
    stays zero. With `keep_lengths` only the two sides' mean squared lengths are made equal.
    """
    if len(left) != len(right):
        raise ValueError(f"{len(left)} rows on the left and {len(right)} on the right are not the same words")
    size = max(left.shape[1], right.shape[1])
    prepare = _centre if keep_lengths else directions
    a, b = (np.pad(prepare(side), ((0, 0), (0, size - side.shape[1]))) for side in (left, right))
    u, singular, vt = np.linalg.svd(b.T.astype(np.float64) @ a)
    turned = (b @ (u @ vt)).astype(np.float32)
    # |a - bR|^2 = |a|^2 + |b|^2 - 2 sum(singular), as a share of its value when nothing agrees.
    total = float((a.astype(np.float64) ** 2).sum() + (b.astype(np.float64) ** 2).sum())
    residual = max(0.0, 1 - 2 * float(singular.sum()) / total) if total else 0.0
    return Alignment(a, turned if keep_lengths else normalise(turned), residual)


def directions(vectors: np.ndarray) -> np.ndarray:
    """Unit rows of `vectors` seen from the mean of its unit rows, float32 (n, d); zero rows stay zero."""
    unit = normalise(vectors)
    filled = unit.any(axis=1)
    if filled.any():
        unit[filled] -= unit[filled].mean(axis=0, dtype=np.float64).astype(np.float32)
    unit[np.linalg.norm(unit, axis=1) < _ROUNDING] = 0
    return normalise(unit)


@one_thread()
def superimpose(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    """`right` turned, mirrored, scaled and shifted onto `left`, both (n, d) layouts; and what is left over, 0 to 1."""
    a, b = (side - side.mean(axis=0, dtype=np.float64) for side in (left, right))
    u, singular, vt = np.linalg.svd(b.T @ a)
    scale = singular.sum() / max(float((b**2).sum()), 1e-12)
    turned = scale * b @ (u @ vt)
    residual = float(((a - turned) ** 2).sum() / max(float((a**2).sum()), 1e-12))
    return (turned + left.mean(axis=0, dtype=np.float64)).astype(np.float32), residual


def _centre(vectors: np.ndarray) -> np.ndarray:
    wide = vectors - vectors.mean(axis=0, dtype=np.float64)
    return np.asarray(wide / max(float(np.sqrt((wide**2).sum(axis=1).mean())), 1e-12), np.float32)
