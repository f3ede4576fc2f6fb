"""How much memory this process holds, and a new one may take: what machine and container have left; giving it back."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import fields, is_dataclass
from itertools import islice
from mmap import mmap
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # glibc's names in malloc.h
_ARENAS, _LARGE = 2, 1 << 18
_WEIGHED = 50


class _Files(NamedTuple):
    """What the memory files of a control group are called in a version of the kernel's interface."""

    limit: str
    used: str
    cached: str
    """The line of memory.stat that says how much of what is used the kernel would give back at once."""


_FIRST = _Files("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_SECOND = _Files("memory.max", "memory.current", "inactive_file")


def available_bytes(root: Path = Path("/")) -> int | None:
    """Memory that a new process may take: free, or used only for caches. None where the system does not tell.

    In a container /proc/meminfo is the host's, so the limits of its control group, and of those around it, count too.
    `root`: where the system's files are.
    """
    rooms = [_room_of_machine(root), *(_room_of_group(folder, files) for folder, files in _groups(root))]
    return min((room for room in rooms if room is not None), default=None)


def used_bytes() -> int | None:
    """Memory that this process holds and would give back if it ended: no mapped files. None where nobody tells."""
    try:
        _, resident, shared, *_ = Path("/proc/self/statm").read_text("ascii").split()
        return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def held_bytes(value: Any) -> int:
    """Memory that `value` holds, about: of long collections some entries are weighed; mapped files weigh nothing."""
    return _weigh(value, set())


def _weigh(value: Any, seen: set[int]) -> int:
    if value is None or isinstance(value, bool | type | ModuleType | FunctionType) or id(value) in seen:
        return 0
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        return _weigh_array(value, seen)
    size = sys.getsizeof(value)
    if isinstance(value, str | bytes | int | float | np.generic):
        return size
    if isinstance(value, Mapping):
        return size + _weigh_some(value.keys(), len(value), seen) + _weigh_some(value.values(), len(value), seen)
    if isinstance(value, Sequence | Set):
        return size + _weigh_some(value, len(value), seen)
    if is_dataclass(value):
        return size + sum(_weigh(getattr(value, each.name), seen) for each in fields(value))
    return size + sum(_weigh(each, seen) for each in getattr(value, "__dict__", {}).values())


def _weigh_some(entries: Any, number: int, seen: set[int]) -> int:
    weighed = min(number, _WEIGHED)
    return sum(_weigh(each, seen) for each in islice(entries, weighed)) * number // max(weighed, 1)


def _weigh_array(array: np.ndarray, seen: set[int]) -> int:
    """The array that owns the numbers, which `array` may be a part of; once."""
    owner = array
    while isinstance(owner.base, np.ndarray):
        owner = owner.base
        if id(owner) in seen:
            return 0
    seen.add(id(owner))
    return 0 if isinstance(owner.base, mmap) else owner.nbytes


def settle_allocator() -> None:
    """Ask the C library to give large arrays back when they are freed, and threads to share what they keep.

    glibc otherwise keeps arrays of up to 32 MB between small things that live on, and a heap for each of 8 threads a
    core: sixty threads that had worked with arrays of up to 12 MB left 340 to 390 MB, of which 235 to 250 stayed after
    `give_back`; like this, 5 and 3. Does nothing elsewhere.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Find what is held in circles, and give back what the C library has kept of freed memory."""
    gc.collect()
    with suppress(OSError, AttributeError):  # glibc's alone
        ctypes.CDLL(None).malloc_trim(0)


def _room_of_machine(root: Path) -> int | None:
    try:
        facts = dict(line.split(":", 1) for line in (root / "proc/meminfo").read_text("ascii").splitlines())
        return int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def _groups(root: Path) -> Iterator[tuple[Path, _Files]]:
    """The folders of this process's control group and of all above it; not every one need be there.

    A container that sees only its own groups has them at the top of the mount, whatever path it is told.
    """
    mounts = root / "sys/fs/cgroup"
    try:
        lines = (root / "proc/self/cgroup").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        number, controllers, path = [*line.split(":", 2), "", ""][:3]
        if number == "0" and not controllers:
            found = [(mounts, _SECOND), (mounts / "unified", _SECOND)]
        elif "memory" in controllers.split(","):
            found = [(mounts / "memory", _FIRST)]
        else:
            continue
        names = [name for name in path.split("/") if name not in ("", "..")]
        for mount, files in found:
            yield from ((mount.joinpath(*names[:depth]), files) for depth in range(len(names), -1, -1))


def _room_of_group(folder: Path, files: _Files) -> int | None:
    """None without a limit; one that cannot be read counts as none."""
    try:
        limit, used = (int((folder / name).read_text("ascii")) for name in (files.limit, files.used))
        lines = (folder / "memory.stat").read_text("ascii").splitlines()
        cached = dict(line.split(" ", 1) for line in lines).get(files.cached, "0")
        return max(0, limit - used + int(cached))
    except (OSError, ValueError):  # "max" among them
        return None
