"""One process at a time: a lock that the system takes back from a process that dies."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.progress import Progress

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def hold_lock(file: Path, progress: Progress, waiting: str) -> Iterator[None]:
    """Hold the lock `file`, which is created; while another holds it, `progress` is told the message `waiting`.

    Where the system has no such locks nobody waits, and callers must be safe, if wasteful, without.

    Raises:
        Cancelled: out of `progress`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "wb") as opened:
        while not _try(opened.fileno()):
            progress(0.0, waiting)
            time.sleep(0.1)
        yield


@contextmanager
def try_lock(file: Path) -> Iterator[bool]:
    """Hold the lock `file` if it is free; gives whether it was."""
    with open(file, "wb") as opened:
        yield _try(opened.fileno())


def _try(descriptor: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
