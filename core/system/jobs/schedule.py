"""Whose work is next: turns between workspaces, and a lane of its own for short work. Pure functions, no threads.

Waiting work is taken by turns: of the owners who wait, the one with the least work running, then the one who was
served least, then the one who waits longest. One owner's work is taken in the order it came. Work that is expected to
take less than `SHORT_SECONDS` may use every worker, other work all but one: so the short never waits for the long.
Work that was expected to be short and is not leaves the lane of the short: these have one worker more until it ends.
Where an owner may hold only so many workers at a time, the others are for everybody else.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

SHORT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that waits.

    Attributes:
        key: names it.
        owner: whose turn it takes.
        seconds: it will run, by estimate.
        queued: when it was asked for; any clock, the same for all.
    """

    key: str
    owner: str
    seconds: float
    queued: float

    @property
    def is_short(self) -> bool:
        return self.seconds < SHORT_SECONDS


@dataclass(frozen=True, slots=True)
class Running:
    """Work that runs.

    Attributes:
        owner: whose turn it is.
        is_short: see `Waiting.is_short`.
        seconds_left: that it will still take, by estimate.
        seconds_done: that it has run so far.
        was_short: it began as short work and turned out not to be.
    """

    owner: str
    is_short: bool
    seconds_left: float
    seconds_done: float = 0.0
    was_short: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where work stands in the queue.

    Attributes:
        ahead: how much will start before it.
        seconds: until it starts, by estimate.
        end: seconds until it is done.
    """

    ahead: int
    seconds: float
    end: float = field(default=math.inf, compare=False)


def choose_next(
    waiting: Sequence[Waiting],
    running: Sequence[Running],
    served: Mapping[str, float],
    workers: int,
    most_of_one: int | None = None,
) -> Waiting | None:
    """The work to start now; None when no worker is free for any that waits.

    Args:
        waiting: in any order.
        running: what the workers do now.
        served: seconds of work done so far by owner, as far back as turns are to remember.
        workers: how many there are. With one, short work comes first but waits for what runs.
        most_of_one: so many of them may work for one owner at a time; None for all.
    """
    if most_of_one is not None:
        held = Counter(each.owner for each in running)
        waiting = [each for each in waiting if held[each.owner] < most_of_one]
    free = workers - len(running)
    one_more = any(each.was_short for each in running)
    short = [each for each in waiting if each.is_short]
    if short and free + one_more > 0:
        return _by_turns(short, running, served)
    long_running = sum(not each.is_short for each in running)
    long_may = free > 0 and (workers == 1 or long_running < workers - 1)
    return _by_turns(waiting, running, served) if waiting and long_may else None


def _by_turns(waiting: Iterable[Waiting], running: Sequence[Running], served: Mapping[str, float]) -> Waiting:
    def turn(each: Waiting) -> tuple[int, float, float]:
        return sum(other.owner == each.owner for other in running), served.get(each.owner, 0.0), each.queued

    return min(waiting, key=turn)


def _steady(jobs: int) -> float:
    return 1.0


def find_places(
    waiting: Sequence[Waiting],
    running: Sequence[Running],
    served: Mapping[str, float],
    workers: int,
    most_of_one: int | None = None,
    stretch: Callable[[int], float] = _steady,
) -> dict[str, Place]:
    """The place of everything that waits, by key, if nothing else comes: the queue played forward by estimates.

    `stretch`: how many times longer work takes while so many jobs run than its estimate says.
    """
    lines = _line_up(waiting)
    now, clock = [("", each) for each in running], 0.0
    done = dict(served)
    starts: dict[str, float] = {}
    ends: dict[str, float] = {}
    while lines or now:
        heads, busy = [line[0] for line in lines.values()], [each for _, each in now]
        chosen = choose_next(heads, busy, done, workers, most_of_one) if heads else None
        if chosen is None:
            step = min(each.seconds_left for each in busy)
            took = step * stretch(len(now))
            clock += took
            for key, each in now:
                if each.seconds_left <= step:
                    done[each.owner] = done.get(each.owner, 0.0) + each.seconds_done + took
                    ends[key] = clock
            now = [
                (key, replace(each, seconds_left=each.seconds_left - step, seconds_done=each.seconds_done + took))
                for key, each in now
                if each.seconds_left > step
            ]
            continue
        starts[chosen.key] = clock
        line = lines[chosen.owner, chosen.is_short]
        line.popleft()
        if not line:
            del lines[chosen.owner, chosen.is_short]
        now.append((chosen.key, Running(chosen.owner, chosen.is_short, max(chosen.seconds, 0.1))))
    return {key: Place(ahead, start, ends[key]) for ahead, (key, start) in enumerate(starts.items())}


def _line_up(waiting: Sequence[Waiting]) -> dict[tuple[str, bool], deque[Waiting]]:
    """The short and the long work of each owner, in order: only the first of each can be next."""
    lines: dict[tuple[str, bool], deque[Waiting]] = {}
    for each in sorted(waiting, key=lambda each: each.queued):
        lines.setdefault((each.owner, each.is_short), deque()).append(each)
    return lines
