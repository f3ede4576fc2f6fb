"""Orthogonal Procrustes: the rotation that lays one embedding over another.

Two trainings find the same relations between words in differently turned spaces; a rotation changes no cosine
within a space and makes cosines between the two mean something (Schönemann 1966; Hamilton et al. 2016 for words).
"""

from dataclasses import dataclass

import numpy as np

from core.neighbours import normalise


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Two sets of unit vectors of the same words in one space. Arrays are read-only.

    Attributes:
        left: float32 (n, d), rows of length 1 (zero rows stay zero).
        right: float32 (n, d), rows of length 1, turned onto `left`.
        residual: what the rotation cannot reconcile: 0 all words coincide, 1 nothing in common.
    """

    left: np.ndarray
    right: np.ndarray
    residual: float

    def __post_init__(self) -> None:
        self.left.flags.writeable = False
        self.right.flags.writeable = False


def align(left: np.ndarray, right: np.ndarray, *, centre: bool) -> Alignment:
    """Turn `right` (n, d2) onto `left` (n, d1); row i of both is the same word. The narrower gets columns of zeros.

    Rows are scaled to length 1 first, so that frequent words, which have the long vectors, do not decide alone.
    With `centre` the mean of the rows is taken off (and the rows scaled again): embeddings share a large common
    component (science.md: 3.4 of 5.7 of GloVe's length) that differs between two recipes without meaning anything,
    so changes of words are measured without it (Schlechtweg et al. 2019 found the same). Without `centre`, cosines
    within each side stay exactly what they were, so a map shows the neighbours that the lists name.
    """
    if len(left) != len(right):
        raise ValueError(f"{len(left)} rows on the left and {len(right)} on the right are not the same words")
    size = max(left.shape[1], right.shape[1])
    a, b = (_prepare(vectors, size, centre) for vectors in (left, right))
    u, singular, vt = np.linalg.svd(b.T.astype(np.float64) @ a)
    turned = (b @ (u @ vt)).astype(np.float32)
    # |a - bR|^2 = |a|^2 + |b|^2 - 2 sum(singular), over its value when nothing agrees.
    total = float((a.astype(np.float64) ** 2).sum() + (b.astype(np.float64) ** 2).sum())
    residual = max(0.0, 1 - 2 * float(singular.sum()) / total) if total else 0.0
    return Alignment(a, normalise(turned), residual)


def _prepare(vectors: np.ndarray, size: int, centre: bool) -> np.ndarray:
    unit = normalise(vectors)
    if centre:
        filled = unit.any(axis=1)
        unit[filled] -= unit[filled].mean(axis=0, dtype=np.float64).astype(np.float32) if filled.any() else 0
        unit = normalise(unit)
    return np.pad(unit, ((0, 0), (0, size - unit.shape[1])))
