"""What the commands say: results on stdout, progress on stderr."""

import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from core.prose.cells import one_line
from core.prose.numbers import write_share
from core.system.files import to_json


def print_result(result: dict[str, Any], as_json: bool) -> None:
    """On stdout: one line of JSON, or a line for each key, and for each of its "notes"."""
    if as_json:
        print(to_json(result, sys.stdout.encoding or "utf-8"))
        return
    for key, value in result.items():
        for each in value if key == "notes" else ():
            print(f"note: {one_line(each)}")
        if key != "notes":
            print(one_line(f"{key}: {value}"))


def print_notes(notes: Iterable[str]) -> None:
    """On stderr, beside a result that is about something else."""
    for note in notes:
        print(f"note: {one_line(note)}", file=sys.stderr)


_stopped = threading.Event()


class LineProgress:
    """Progress on stderr: a line a second at most."""

    def __init__(self, title: str = "") -> None:
        self._title = title
        self._last = time.monotonic()

    def __call__(self, fraction: float, message: str) -> None:
        if _stopped.is_set():
            raise KeyboardInterrupt
        if time.monotonic() - self._last > 1:
            self._last = time.monotonic()
            print(f"{self._title} {write_share(fraction, 0)} {message}".strip(), file=sys.stderr)


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C ends works that run beside each other when they next tell how far they are, not when they are done.

    A `LineProgress` within raises `KeyboardInterrupt` from then on, in whatever thread it is told. Pressed again, it
    ends the program at once.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # signals are no matter of other threads, or whoever started this wants none
        return

    def stop(number: int, frame: object) -> None:
        _stopped.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _stopped.clear()
