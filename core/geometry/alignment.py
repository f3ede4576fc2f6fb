"""Orthogonal Procrustes: the rotation that lays one set of points over another, and the movement made from it.

Two trainings find the same relations between words in differently turned spaces. A rotation changes no cosine within a
space, and makes cosines between the two mean something (Schönemann 1966; Hamilton et al. 2016 for words).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.geometry.directions import directions, normalise
from core.system.threads import one_thread


class Rotation(NamedTuple):
    """A rotation, with a mirror if need be. Made by `find_rotation`.

    Attributes:
        matrix: float64 (d1, d2), for rows on its left.
        agreement: sum of the singular values: the rotated rows' products with the goal's, as large as they get.
    """

    matrix: np.ndarray
    agreement: float


class Movement(NamedTuple):
    """(rows - `start`) @ `turn` + `goal`: a rotation with one scale, and a shift. Made by `find_movement`."""

    start: np.ndarray
    turn: np.ndarray
    goal: np.ndarray

    @property
    def single(self) -> "Movement":
        """The same in float32."""
        return Movement(*(part.astype(np.float32) for part in self))

    def apply(self, rows: np.ndarray) -> np.ndarray:
        """float32 (n, d2)."""
        return np.asarray((rows - self.start) @ self.turn + self.goal, np.float32)


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


def find_rotation(rows: np.ndarray, goal: np.ndarray, weights: np.ndarray | None = None) -> Rotation:
    """The rotation of `rows` (n, d1) that comes nearest to `goal` (n, d2), in float64; row i of both is the same thing.

    `weights` (n,): how much a row counts; None for all alike. Nothing is centred here.
    """
    source = rows if weights is None else rows * weights[:, None]
    u, singular, vt = np.linalg.svd(source.T.astype(np.float64) @ goal)
    return Rotation(u @ vt, singular.sum())


def find_movement(rows: np.ndarray, goal: np.ndarray) -> Movement:
    """How to turn, mirror, scale and shift `rows` (n, d) to come nearest to `goal` (n, d), in float64."""
    a, b = np.asarray(rows, np.float64), np.asarray(goal, np.float64)
    start, end = a.mean(axis=0), b.mean(axis=0)
    a, b = a - start, b - end
    rotation = find_rotation(a, b)
    scale = rotation.agreement / max(float((a**2).sum()), 1e-12)
    return Movement(start, scale * rotation.matrix, end)


@one_thread()
def align(left: np.ndarray, right: np.ndarray, *, keep_lengths: bool = False) -> Alignment:
    """Turn `right` (n, d2) onto `left` (n, d1); row i of both is the same word. The narrower gets columns of zeros.

    Both are centred first. Embeddings share a large common component (3.4 of 5.7 of GloVe's length), which differs
    between recipes and means nothing. Left in, it keeps the two sides of a map apart like two islands: of counted
    against fine-tuned vectors, 6 % of a word's neighbours on the map came from the other side, with centring 42 %.
    Schlechtweg et al. (2019) measured changes of meaning best without it, too.

    Rows have length 1 afterwards, so that frequent words, with their long vectors, do not decide alone; a zero row
    stays zero. With `keep_lengths` only the two sides' mean squared lengths are made equal.
    """
    if len(left) != len(right):
        raise ValueError(f"{len(left)} rows on the left and {len(right)} on the right are not the same words")
    size = max(left.shape[1], right.shape[1])
    prepare = _even_out if keep_lengths else directions
    a, b = (np.pad(prepare(side), ((0, 0), (0, size - side.shape[1]))) for side in (left, right))
    rotation = find_rotation(b, a)
    turned = (b @ rotation.matrix).astype(np.float32)
    # |a - bR|^2 = |a|^2 + |b|^2 - 2 sum(singular), as a share of its value when nothing agrees.
    total = float((a.astype(np.float64) ** 2).sum() + (b.astype(np.float64) ** 2).sum())
    residual = max(0.0, 1 - 2 * float(rotation.agreement) / total) if total else 0.0
    return Alignment(a, turned if keep_lengths else normalise(turned), residual)


@one_thread()
def superimpose(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
    """`right` turned, mirrored, scaled and shifted onto `left`, both (n, d) layouts; and what is left over, 0 to 1."""
    movement = find_movement(right, left)
    goal = left - movement.goal
    turned = (right - movement.start) @ movement.turn
    residual = float(((goal - turned) ** 2).sum() / max(float((goal**2).sum()), 1e-12))
    return movement.apply(right), residual


def _even_out(vectors: np.ndarray) -> np.ndarray:
    """`vectors` seen from their mean, with a mean squared length of 1, float32."""
    wide = vectors - vectors.mean(axis=0, dtype=np.float64)
    return np.asarray(wide / max(float(np.sqrt((wide**2).sum(axis=1).mean())), 1e-12), np.float32)
