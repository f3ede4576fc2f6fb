"""How long work takes on this server: estimates for one idle core, corrected by load and by what jobs took before."""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass

_OWN_ESTIMATE = 1.0
"""As much as one job that took what was estimated: what counts before any job has ended."""
_MEMORY = 10.0
"""Jobs: the newest always counts a tenth, however many there were."""
_FARTHEST = 4.0
"""One job moves its kind's ratio as if it had taken at most so many times longer or shorter than the ratio says."""


def find_slowdown() -> float:
    """How many times longer work takes now than on an idle machine: those who want a core, by the cores there are.

    By the load of the last minute, which counts what runs here as well; 1 where the system does not tell.
    """
    try:
        load = os.getloadavg()[0]
        cores = len(os.sched_getaffinity(0))
    except (OSError, AttributeError):
        return 1.0
    return max(1.0, load / cores)


@dataclass(slots=True)
class _Pace:
    """Of one kind of work: the mean logarithm of what jobs took by what was estimated, and of how many."""

    log_ratio: float = 0.0
    weight: float = _OWN_ESTIMATE


class Paces:
    """Kinds of work, each with the ratio by which its jobs took longer than estimated; kept in memory, moves slowly."""

    def __init__(self, slowdown: Callable[[], float] = find_slowdown) -> None:
        """`slowdown` says how many times longer work takes at the moment than on an idle machine."""
        self.slowdown = slowdown
        self._paces: dict[str, _Pace] = {}

    def ratio(self, kind: str) -> float:
        """How many times their estimate jobs of `kind` took here, load left out of account."""
        return math.exp(self._paces.get(kind, _Pace()).log_ratio)

    def expect(self, kind: str, estimate: float) -> float:
        """Seconds that work of `kind` takes now that was estimated at `estimate` for one idle core."""
        return estimate * self.ratio(kind) * self.slowdown()

    def learn(self, kind: str, estimate: float, took: float, slowdown: float) -> None:
        """A job of `kind` has taken `took` seconds, while everything took `slowdown` times longer than usual."""
        pace = self._paces.setdefault(kind, _Pace())
        found = math.log(max(took, 0.1) / (max(estimate, 0.1) * slowdown)) - pace.log_ratio
        found = min(max(found, -math.log(_FARTHEST)), math.log(_FARTHEST))
        pace.weight = min(pace.weight + 1, _MEMORY)
        pace.log_ratio += found / pace.weight
