"""How long work takes on this server: estimates for one idle core, corrected by load and by what jobs took before."""

import math
from dataclasses import dataclass

from core.system.jobs.load import Load, load_here

_OWN_ESTIMATE = 1.0
"""As much as one job that took what was estimated: what counts before any job has ended."""
_MEMORY = 10.0
"""Jobs: the newest always counts a tenth, however many there were."""
_FARTHEST = 4.0
"""One job moves its kind's ratio as if it had taken at most so many times longer or shorter than the ratio says."""


@dataclass(slots=True)
class _Pace:
    """Of one kind of work: the mean logarithm of what jobs took by what was estimated, and of how many."""

    log_ratio: float = 0.0
    weight: float = _OWN_ESTIMATE


class Paces:
    """Kinds of work, each with the ratio by which its jobs took longer than estimated; kept in memory, moves slowly."""

    def __init__(self, load: Load | None = None) -> None:
        """`load`: of the machine that does the work; None for this one."""
        self.load = load or load_here()
        self._paces: dict[str, _Pace] = {}

    def ratio(self, kind: str) -> float:
        """How many times their estimate jobs of `kind` took here, load left out of account."""
        return math.exp(self._paces.get(kind, _Pace()).log_ratio)

    def expect(self, kind: str, estimate: float) -> float:
        """Seconds that work of `kind` takes now that was estimated at `estimate` for one idle core."""
        return estimate * self.ratio(kind) * self.load.slowdown()

    def learn(self, kind: str, estimate: float, took: float, slowdown: float) -> None:
        """A job of `kind` has taken `took` seconds, while everything took `slowdown` times longer than usual."""
        pace = self._paces.setdefault(kind, _Pace())
        found = math.log(max(took, 0.1) / (max(estimate, 0.1) * slowdown)) - pace.log_ratio
        found = min(max(found, -math.log(_FARTHEST)), math.log(_FARTHEST))
        pace.weight = min(pace.weight + 1, _MEMORY)
        pace.log_ratio += found / pace.weight
