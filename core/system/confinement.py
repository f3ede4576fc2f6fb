"""What a piece of work may take of processor time and memory, held by the kernel in a child that is confined.

Forged files are read so: a few kilobytes can keep a parser busy for hours, or grow to more than there is. Work that
goes beyond its allowance is interrupted. Compiled code that cannot be interrupted is ended a moment later, and its
process with it; whoever waits for that process is told beforehand what it was at. In a process that is not confined
nothing is held.
"""

import math
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.system.memory import available_bytes

_GRACE, _LEAST_GRACE = 0.1, 0.5
"""What could not be interrupted is ended after such a share of its time more, or so many seconds."""
_AGAIN = 0.5  # seconds, after which somebody who caught the interruption gets another one
_WALL_TIMES = 3
"""Work that waits, or shares the processor with many, is interrupted after so many times longer by the clock."""
_SHARE_OF_ROOM = 0.8
_LOOK_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much one piece of work may take.

    Attributes:
        seconds: of processor time.
        memory: bytes, beyond what the process holds when it begins; never more than most of what the machine has left.
    """

    seconds: float
    memory: int


class Exceeded(Exception):
    """The work in `allow` took more than its allowance of `what`."""

    def __init__(self, what: Literal["time", "memory"]) -> None:
        super().__init__(what)
        self.what: Literal["time", "memory"] = what


class _OutOfTime(BaseException):
    """No `Exception`: parsers catch these and go on."""


class _Confinement:
    """Whether and how this process is confined."""

    def __init__(self) -> None:
        self.tell: Callable[[str], None] | None = None
        self.exceeded = False
        self.armed = False
        self._room: int | None = None
        self._looked = -math.inf

    def room(self) -> float:
        """Bytes that the machine has left for this process, as of a moment ago."""
        if time.monotonic() - self._looked > _LOOK_EVERY:
            self._room, self._looked = available_bytes(), time.monotonic()
        return math.inf if self._room is None else _SHARE_OF_ROOM * self._room


_confinement = _Confinement()


def confine(tell: Callable[[str], None]) -> None:
    """Have allowances bind in this process from now on; for the main thread of a child that may be ended.

    Args:
        tell: is called with what each piece of work is, before it begins.
    """
    if sys.platform == "win32":  # which has none of these limits
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _interrupt)
    signal.signal(signal.SIGALRM, _interrupt)
    _confinement.tell = tell


def is_confined() -> bool:
    """Whether allowances bind in this process."""
    return _confinement.tell is not None


def has_exceeded() -> bool:
    """Whether work in this process was interrupted: whatever it was at may be in any state."""
    return _confinement.exceeded


@contextmanager
def allow(what: str, allowance: Allowance) -> Iterator[None]:
    """Hold the block to `allowance`, where this process is confined. Blocks do not nest.

    Args:
        what: it is, for whoever waits for this process.
        allowance: for all of the block.

    Raises:
        Exceeded: it took more.
    """
    if _confinement.tell is None:
        yield
        return
    _confinement.tell(what)
    try:
        try:
            _arm(allowance)
            yield
        finally:
            _confinement.armed = False
            _disarm()
    except _OutOfTime:
        _confinement.exceeded = True
        raise Exceeded("time") from None
    except MemoryError:
        _confinement.exceeded = True
        raise Exceeded("memory") from None
    finally:
        _confinement.tell("")


def spent_seconds() -> float:
    """Processor time of this process so far, and of the children that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _interrupt(number: int, frame: Any) -> None:
    if _confinement.armed:
        raise _OutOfTime


def _arm(allowance: Allowance) -> None:
    import resource

    most = min(allowance.memory, _confinement.room())
    _set_soft_limit(resource.RLIMIT_AS, int(_virtual_bytes() + most))
    grace = max(_LEAST_GRACE, _GRACE * allowance.seconds)
    _set_soft_limit(resource.RLIMIT_CPU, math.ceil(time.process_time() + allowance.seconds + grace))
    _confinement.armed = True
    signal.setitimer(signal.ITIMER_REAL, _WALL_TIMES * allowance.seconds, _AGAIN)
    signal.setitimer(signal.ITIMER_PROF, allowance.seconds, _AGAIN)


def _disarm() -> None:
    import resource

    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        _set_soft_limit(kind, resource.getrlimit(kind)[1])


def _set_soft_limit(kind: int, soft: int) -> None:
    import resource

    hard = resource.getrlimit(kind)[1]
    with suppress(ValueError, OSError):  # not on this system; the process is still one of its own
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _virtual_bytes() -> int:
    """Address space in use; where nobody tells, more than there can be."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 8 << 30
