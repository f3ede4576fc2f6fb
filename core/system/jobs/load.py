"""How much lasting work this machine has: the threads that run or wait for a core, counted several times a second."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LOOK_EVERY = 0.25  # seconds
_LOOKS, _LASTING = 40, 0.2
"""Remembered, and the share of them at which lasting work is looked for. A page that is being drawn, by the server and
by a browser on the same machine, wants five to ten threads for a second or three: that is no reason to expect that a
training will take five times as long."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment: `at` is a clock's, `stretched` the seconds until then, each times how much longer work took."""

    at: float = 0.0
    stretched: float = 0.0


class Load:
    """What is wanted of some cores, now and on the average since a moment. One thread notes, any may ask."""

    def __init__(self, cores: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`cores`: that work may use; infinity for machines of which nothing is known here."""
        self._cores = cores
        self._clock = clock
        self._looks: deque[float] = deque(maxlen=_LOOKS)
        self._last = Moment(clock())

    def note(self, wanting: float) -> None:
        """So many threads run or wait for a core, and have since this was noted last."""
        now = self._clock()
        self._looks.append(wanting)
        self._last = Moment(now, self._last.stretched + (now - self._last.at) * self.slowdown())

    def wanting(self) -> float:
        """Threads that have wanted a core for some seconds."""
        looks = sorted(self._looks.copy() or [0.0])
        return looks[int(_LASTING * (len(looks) - 1))]

    def slowdown(self) -> float:
        """How many times longer work takes now than on an idle machine."""
        return self.slowdown_by(self.wanting())

    def slowdown_by(self, wanting: float) -> float:
        """How many times longer work takes while so many threads want a core, its own among them."""
        return max(1.0, wanting / self._cores)

    def mark(self) -> Moment:
        """This moment, for `slowdown_since`."""
        return self._last

    def slowdown_since(self, mark: Moment) -> float:
        """How many times longer work took on the average since then."""
        last = self._last
        return (last.stretched - mark.stretched) / (last.at - mark.at) if last.at > mark.at else self.slowdown()


@cache
def load_here() -> Load:
    """Of the cores that this process may use; a thread of its own looks at them from now on."""
    load = Load(_count_cores())
    threading.Thread(target=_watch, args=(load,), name="load", daemon=True).start()
    return load


def _watch(load: Load) -> None:
    while True:
        load.note(count_wanting())
        time.sleep(_LOOK_EVERY)


def count_wanting(path: Path = Path("/proc/loadavg")) -> float:
    """Threads that run or wait for a core at this moment, but for the one that asks.

    Where the system does not tell, their mean over the last minute; where it does not tell that either, 0.
    """
    with suppress(OSError, ValueError, IndexError):
        return max(0.0, float(path.read_text().split()[3].split("/")[0]) - 1)
    with suppress(OSError, AttributeError):
        return os.getloadavg()[0]
    return 0.0


def _count_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # no Linux
        return os.cpu_count() or 1
