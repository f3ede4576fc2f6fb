"""One process at a time: a lock that the system takes back from a process that dies."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.progress import Progress
from core.system.files import storing


@contextmanager
def hold_lock(file: Path, progress: Progress, waiting: str) -> Iterator[None]:
    """Hold the lock `file`, which is created; while another holds it, `progress` is told the message `waiting`.

    Raises:
        Cancelled: out of `progress`.
    """
    with storing():
        file.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file)
    while not _try(lock):
        progress(0.0, waiting)
        time.sleep(0.1)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def try_lock(file: Path) -> Iterator[bool]:
    """Hold the lock `file` if it is free; gives whether it was."""
    lock = FileLock(file)
    free = _try(lock)
    try:
        yield free
    finally:
        lock.release()


def _try(lock: FileLock) -> bool:
    try:
        with storing():
            lock.acquire(timeout=0)
    except Timeout:
        return False
    return True
