"""Who draws a page now: a few visitors at a time, and who was done soonest the last time comes first.

Threads of one Python process share one processor, with the loop that sends to all browsers what was drawn. Of twenty
pages drawn at once each is there when the last one is, and somebody's click beside them takes twenty times as long.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.runtime.scriptrunner import get_script_run_ctx

_MOST_NAMES = 10_000


@dataclass(slots=True, eq=False)
class _Asked:
    """Somebody who waits or computes: their place among those who wait, and until when they wait, or count."""

    place: tuple[float, int]
    until: float


class Turns:
    """Turns by name.

    Args:
        together: so many compute at once.
        short: seconds; who was done as soon as that the last time may compute beside them, one at a time.
        lease: who has had a turn for so many seconds counts no more: they may wait for a disk or a child themselves.
        patience: nobody waits for more seconds.
        unknown: seconds that are expected of a name's first turn.
    """

    def __init__(
        self,
        together: int = 1,
        short: float = 0.03,
        lease: float = 0.25,
        patience: float = 4.0,
        unknown: float = 0.2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._together, self._short, self._lease, self._patience = together, short, lease, patience
        self._unknown, self._clock = unknown, clock
        self._changed = threading.Condition()
        self._waiting: list[_Asked] = []
        self._computing: list[_Asked] = []
        self._took: dict[str, float] = {}
        self._numbers = itertools.count()

    @contextmanager
    def taken(self, name: str) -> Iterator[None]:
        """Wait for a turn of that name; it ends with the block."""
        asked = self._wait(name)
        began = time.thread_time()
        try:
            yield
        finally:
            self._end(name, asked, time.thread_time() - began)

    def _wait(self, name: str) -> _Asked:
        with self._changed:
            expected = self._took.get(name, self._unknown)
            asked = _Asked((expected, next(self._numbers)), self._clock() + self._patience)
            self._waiting.append(asked)
            while (seconds := self._still_waits(asked)) > 0:
                self._changed.wait(seconds)
            self._waiting.remove(asked)
            asked.until = self._clock() + self._lease
            self._computing.append(asked)
            self._changed.notify_all()
            return asked

    def _still_waits(self, asked: _Asked) -> float:
        """Seconds after which to look again at the latest; 0 where it is this one's turn."""
        now = self._clock()
        counting = [each.until for each in self._computing if each.until > now]
        is_next = asked is min(self._waiting, key=lambda each: each.place)
        most = self._together + (asked.place[0] <= self._short)
        if asked.until <= now or (is_next and len(counting) < most):
            return 0.0
        return min([asked.until, *counting]) - now

    def _end(self, name: str, asked: _Asked, took: float) -> None:
        with self._changed:
            self._computing.remove(asked)
            self._took.pop(name, None)
            self._took[name] = took
            if len(self._took) > _MOST_NAMES:
                del self._took[next(iter(self._took))]
            self._changed.notify_all()


_turns = Turns()


@contextmanager
def taken_by_tab(page: str) -> Iterator[None]:
    """Draw that page in a turn of this tab's."""
    context = get_script_run_ctx()
    with _turns.taken(f"{context.session_id} {page}" if context else page):
        yield
