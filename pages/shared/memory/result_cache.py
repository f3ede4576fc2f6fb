"""What is kept in memory for everybody: results by name, bounded in bytes, dropped when nobody asks for them."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.system.memory import held_bytes

_T = TypeVar("_T")


@dataclass(slots=True, eq=False)
class _Kept:
    value: Any
    size: int
    used: float


@dataclass(slots=True, eq=False)
class _Turn:
    """The lock of those who want the same result, and how many they are."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted_by: int = 0


class ResultCache:
    """Results that threads share. Each is made once, whoever asks; what was asked for longest ago goes first.

    What two results have in common is counted twice, so no more memory is held than is allowed. One result that alone
    is larger is kept until the next comes: it would otherwise be made again at every click.
    """

    def __init__(
        self, most_bytes: int, idle_seconds: float = float("inf"), clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Keep at most `most_bytes`, each for `idle_seconds` after it was last asked for (`drop_idle`)."""
        self._most_bytes = most_bytes
        self._idle_seconds = idle_seconds
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._turns: dict[Hashable, _Turn] = {}
        self._bytes = 0
        self._cleared = 0
        self._lock = threading.Lock()

    def get(self, name: Hashable, make: Callable[[], _T]) -> _T:
        """The result of that name; `make` makes it where it is not kept. What `make` raises is not kept."""
        found = self._find(name)
        if found is None:
            with self._turn(name):
                found = self._find(name) or self._make(name, make)
        value: _T = found.value
        return value

    @property
    def held(self) -> int:
        """Bytes that are kept, about."""
        return self._bytes

    def drop_idle(self) -> int:
        """Drop what nobody has asked for during the idle time; gives how many results that were."""
        with self._lock:
            before, oldest = len(self._kept), self._clock() - self._idle_seconds
            while self._kept and next(iter(self._kept.values())).used < oldest:
                self._drop_first()
            return before - len(self._kept)

    def clear(self) -> None:
        """Drop everything, and what is being made just now once it is there."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0
            self._cleared += 1

    def _find(self, name: Hashable) -> _Kept | None:
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                found.used = self._clock()
                self._kept.move_to_end(name)
            return found

    def _make(self, name: Hashable, make: Callable[[], Any]) -> _Kept:
        cleared = self._cleared
        value = make()
        made = _Kept(value, held_bytes(value), self._clock())
        with self._lock:
            if cleared == self._cleared:
                self._kept[name] = made
                self._bytes += made.size
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                self._drop_first()
        return made

    def _drop_first(self) -> None:
        """The lock is held."""
        _, dropped = self._kept.popitem(last=False)
        self._bytes -= dropped.size

    @contextmanager
    def _turn(self, name: Hashable) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(name, _Turn())
            turn.wanted_by += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.wanted_by -= 1
                if not turn.wanted_by:
                    del self._turns[name]
