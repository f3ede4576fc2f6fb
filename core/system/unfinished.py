"""Unfinished files and folders: whose maker lives, and what killed ones left behind.

Their names begin with a dot, or they lie in `PROGRESS`. Whoever makes one holds a lock on it that the system takes back
from a process that dies: what nobody holds is a leftover, whichever process or server finds it.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # no such locks on Windows
    fcntl = None  # type: ignore[assignment]

PROGRESS = "progress"
"""Folder of the cache folder in which every server has a folder while it runs."""

_OLD_SECONDS = 24 * 3600.0
"""Where nothing can be locked, a leftover is what is older."""
_LOCK_SUFFIX = ".lock"
_NO_CLAIM = -1


def make_claimed(make: Callable[[], Path]) -> tuple[Path, int]:
    """What `make` makes, a file or folder of a new name, and the claim on it, for `give_up`."""
    while True:
        path = make()
        claim = _open(path)
        if path.exists() if claim == _NO_CLAIM else _lock(claim, alone=False) is not False and _is_at(claim, path):
            return path, claim
        give_up(claim)  # a sweep came between the two


def give_up(claim: int) -> None:
    """Its maker has finished with it."""
    if claim != _NO_CLAIM:
        os.close(claim)


def sweep(root: Path) -> int:
    """Delete every leftover in the folders of `root` and in their folders; gives how many could not be deleted."""
    kept = sum(not _sweep_one(Path(entry.path)) for entry in _entries(root / PROGRESS))
    for folder in _folders(root):
        for part in (folder, *_folders(folder)):
            kept += sum(not _sweep_one(path) for path in _hidden(part))
    return kept


def remove(path: Path) -> bool:
    """Delete a file or folder as far as the system lets us; whether nothing of it is left.

    A folder is hidden first: nobody opens half of it, and one that is not deleted to the end is a leftover.
    """
    if path.is_dir() and not path.is_symlink():
        doomed = path if path.name.startswith(".") else path.with_name(f".{path.name}.deleted")
        with suppress(OSError):
            path.rename(doomed)
        for folder in {doomed, path}:
            shutil.rmtree(folder, ignore_errors=True)
        return not (doomed.exists() or path.exists())
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return not os.path.lexists(path)


def _folders(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
            yield Path(entry.path)


def _hidden(folder: Path) -> Iterator[Path]:
    for entry in _entries(folder):
        if entry.name.startswith(".") and not entry.name.endswith(_LOCK_SUFFIX):
            yield Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as entries:
        return list(entries)
    return []


def _sweep_one(path: Path) -> bool:
    """Whether it is gone, or its maker may live, and so with what a child of that maker left in it."""
    claim = _open(path)
    free = None if claim == _NO_CLAIM else _lock(claim, alone=True)
    try:
        if free or (free is None and _is_old(path)):
            return remove(path)
        return not sum(not _sweep_one(each) for each in _hidden(path))
    finally:
        give_up(claim)


def _open(path: Path) -> int:
    with suppress(OSError):
        return os.open(path, os.O_RDONLY)
    return _NO_CLAIM


def _lock(claim: int, *, alone: bool) -> bool | None:
    """Whether the lock was free, which is ours then; None where this file system has none."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(claim, fcntl.LOCK_NB | (fcntl.LOCK_EX if alone else fcntl.LOCK_SH))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _is_at(claim: int, path: Path) -> bool:
    with suppress(OSError):
        return os.path.samestat(os.fstat(claim), path.stat())
    return False


def _is_old(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime > _OLD_SECONDS
    return False
