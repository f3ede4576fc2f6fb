"""How much memory this process holds, and a new one may take: what machine and container have left."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


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
