"""Points drawn together and pushed apart: UMAP's optimisation in compiled code, one thread, the same bits each time.

The rule is umap-learn's (McInnes, Healy & Melville 2018), with four differences. The two forces are read from tables by
squared distance instead of being computed with powers. The points that push are drawn by a hash of seed, round and
edge. The five that push after one pull see the point where the pull has left it, all five alike. And edges that pull in
every third round, say, do not all pull in the same one: each has a phase of its own, which keeps .181 of the 15 nearest
neighbours instead of .177 on 79,000 points (Brown, two ends of a model beside the vectors it began from).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.system import jit  # noqa: F401  (before numba)

import numba  # isort: skip
from numba import float32, int32, uint64  # isort: skip

_PUSHES = 5
"""For each pull."""
_STEEPEST = float32(4)
"""A force along an axis is no larger."""
_STEPS = 64
"""Of a table, while the squared distance doubles: it is right to .8 %."""
_SHIFT = int32(17)  # of a float's bits: its exponent and six bits of its fraction remain
_FIRST = 103 * _STEPS  # a squared distance of 2^-24
_LAST = 145 * _STEPS  # 2^18


def make_tables(a: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Pull and push by squared distance, float32 each, for similarities 1 / (1 + a distance^2b) on the map."""
    bits = (np.arange(_FIRST, _LAST + 1, dtype=np.int32) << _SHIFT) + (1 << (_SHIFT - 1))
    square = bits.view(np.float32).astype(np.float64)
    similarity = 1 / (1 + a * square**b)
    pull = -2 * a * b * square ** (b - 1) * similarity
    push = 2 * b / (0.001 + square) * similarity
    return pull.astype(np.float32), push.astype(np.float32)


@numba.njit(inline="always")
def _read(table: Any, square: Any) -> Any:
    place = (np.float32(square).view(np.int32) >> _SHIFT) - int32(_FIRST)
    return table[max(int32(0), min(int32(_LAST - _FIRST), place))]


@numba.njit(inline="always")
def _limit(force: Any) -> Any:
    return max(-_STEEPEST, min(_STEEPEST, force))


def _make(solid: bool) -> Callable[..., None]:
    def draw_round(
        points: Any,
        starts: Any,
        others: Any,
        rates: Any,
        phases: Any,
        pull: Any,
        push: Any,
        epoch: Any,
        alpha: Any,
        key: Any,
    ) -> None:
        n = uint64(len(points))
        now, before = float32(epoch), float32(epoch - 1)
        for own in range(len(points)):
            x, y = points[own, 0], points[own, 1]
            z = points[own, 2] if solid else float32(0)
            for edge in range(starts[own], starts[own + 1]):
                rate, phase = rates[edge], phases[edge]
                if int32(now * rate + phase) == int32(before * rate + phase):
                    continue
                other = others[edge]
                dx, dy = x - points[other, 0], y - points[other, 1]
                dz = z - points[other, 2] if solid else float32(0)
                force = _read(pull, dx * dx + dy * dy + dz * dz)
                dx, dy, dz = alpha * _limit(force * dx), alpha * _limit(force * dy), alpha * _limit(force * dz)
                x, y, z = x + dx, y + dy, z + dz
                points[other, 0] -= dx
                points[other, 1] -= dy
                if solid:
                    points[other, 2] -= dz
                # splitmix64 (Steele, Lea & Flood 2014) up to its last step, then a linear congruence for each draw
                bits = (key + uint64(edge)) * uint64(0x9E3779B97F4A7C15)
                bits = (bits ^ (bits >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
                bits ^= bits >> uint64(27)
                to_x, to_y, to_z = float32(0), float32(0), float32(0)
                for _ in range(_PUSHES):
                    bits = bits * uint64(0xD1342543DE82EF95) + uint64(0x9E3779B97F4A7C15)
                    one = ((bits >> uint64(32)) * n) >> uint64(32)
                    dx, dy = x - points[one, 0], y - points[one, 1]
                    dz = z - points[one, 2] if solid else float32(0)
                    force = _read(push, dx * dx + dy * dy + dz * dz)
                    to_x, to_y, to_z = to_x + _limit(force * dx), to_y + _limit(force * dy), to_z + _limit(force * dz)
                x, y, z = x + alpha * to_x, y + alpha * to_y, z + alpha * to_z
            points[own, 0], points[own, 1] = x, y
            if solid:
                points[own, 2] = z

    return draw_round


# One for the plane and one for space.
draw_flat_round = numba.njit(cache=True, nogil=True)(_make(False))
draw_solid_round = numba.njit(cache=True, nogil=True)(_make(True))
