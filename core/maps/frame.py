"""The part of the plane that maps show at first: where the words lie, and not what few far ones would make of it."""

import numpy as np

from core.system.threads import one_thread

Extent = tuple[tuple[float, float], ...]
_MARGIN = 0.06  # of the extent, on each side
MANY_WORDS = 1_000
"""Maps of fewer words show all of them."""
STEPS = (0.05, 0.04, 0.03, 0.02, 0.015, 0.01, 0.0075, 0.005, 0.0025, 0.001, 0.0)
"""Shares of the points that may lie beyond one side."""
_TURNS, _TRIED = 36, 6_000
SPARSE = 0.1
"""So dense, beside the nine tenths in the middle, must points lie to be worth the room they take."""


def find_frame(points: np.ndarray, many: bool) -> Extent:
    """(low, high) of each axis of `points`, float (n, 2 or 3): of few, all; of `many`, those that lie near each other.

    Each side begins with a twentieth of the points beyond it and moves outwards as long as what it reaches is dense
    enough. The script of the maps has the same rule (`frame.js`).
    """
    sides = []
    for values in np.sort(points.astype(np.float64), axis=0).T:
        low, high = (_reach(values), -_reach(-values[::-1])) if many else (values[0], values[-1])
        margin = max((high - low) * _MARGIN, 1e-3)
        sides.append((float(low - margin), float(high + margin)))
    return tuple(sides)


@one_thread()
def turn_wide(points: np.ndarray) -> np.ndarray:
    """`points`, float (n, 2), turned so that they spread most along the first axis, float32: maps are broad.

    The twentieth of them that lies farthest out has no say.
    """
    centred = points - np.median(points.astype(np.float64), axis=0)
    far = np.linalg.norm(centred, axis=1)
    core = centred[far <= np.quantile(far, 0.95)]
    _, axes = np.linalg.eigh(core.T @ core)
    axes = axes[:, ::-1]
    return np.asarray(centred @ (axes * np.where(np.diag(axes) < 0, -1, 1)), np.float32)


def turn_to_fill(points: np.ndarray, many: bool, aspect: float) -> np.ndarray:
    """`turn_wide`, then turned on where what `find_frame` shows is seen larger so in a place `aspect` as broad as high.

    The best of 36 turns, by an even sample of the points; float32 (n, 2).
    """
    wide = turn_wide(points)
    sample = wide[:: max(1, len(wide) // _TRIED)]
    turns = [_rotation(np.pi * step / _TURNS) for step in range(_TURNS)]
    sizes = []
    for turn in turns:
        (left, right), (low, high) = find_frame(sample @ turn, many)
        sizes.append(max((right - left) / aspect, high - low))
    return np.asarray(wide @ turns[int(np.argmin(sizes))], np.float32)


def _rotation(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _reach(values: np.ndarray) -> float:
    """How far down the frame of `values`, float (n,) in rising order, reaches."""
    n = len(values)
    places = [values[int(n * share)] for share in STEPS]
    middle = values[n - 1 - int(n * STEPS[0])] - places[0]
    least = SPARSE * (1 - 2 * STEPS[0]) / max(middle, 1e-12)
    at = 0
    while further := [
        step for step in range(at + 1, len(STEPS)) if STEPS[at] - STEPS[step] >= least * (places[at] - places[step])
    ]:
        at = further[0]
    return float(places[at])
