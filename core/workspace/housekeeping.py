"""What the cache folder holds: what can be made again, and what no workspace uses any more."""

import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.maps.pair_store import forget_models
from core.system.files import cache_folder
from core.workspace.references import references_of_all

REMAKEABLE = {
    "layouts": "Maps",
    "neighbours": "Neighbours of words",
    "noise": "Measured noise",
    "coverage": "Coverage of vectors files",
    "exports": "Prepared downloads",
}
"""Folders that may be emptied at any time: what was in them is made again when it is needed."""

USED = {
    "uploads": "Uploaded texts",
    "texts": "Texts cut into words",
    "opened": "How texts were read",
    "rows": "Pretrained rows for a text",
    "runs": "Models",
}
"""Folders whose entries belong to the workspaces that refer to them."""

GRACE_SECONDS = 3600.0
"""Younger entries may be about to be used: a job may just have written them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A folder of the cache: what to call it, entries, bytes; `unused` of both that no workspace refers to."""

    folder: str
    title: str
    entries: int
    bytes: int
    unused_entries: int = 0
    unused_bytes: int = 0


def measure_parts() -> tuple[Part, ...]:
    """Every part of the cache folder that has something in it, the largest first."""
    needed = references_of_all().names
    parts = []
    for folder, title in {**REMAKEABLE, **USED}.items():
        sizes = {path: _size(path) for path in _entries(folder)}
        unused = [path for path in sizes if folder in USED and _is_unused(path, needed)]
        if sizes:
            unused_bytes = sum(sizes[path] for path in unused)
            parts.append(Part(folder, title, len(sizes), sum(sizes.values()), len(unused), unused_bytes))
    return tuple(sorted(parts, key=lambda part: -part.bytes))


def clear_remakeable() -> None:
    """Empty the folders whose content is made again when needed."""
    for folder in REMAKEABLE:
        for path in _entries(folder):
            delete(path)


def clear_unused() -> None:
    """Delete the texts, rows and models that no workspace refers to and that are older than an hour."""
    needed = references_of_all().names
    for folder in USED:
        for path in _entries(folder):
            if _is_unused(path, needed):
                delete(path)


def delete_runs(ids: Iterable[str]) -> None:
    """Delete those of these models that no workspace and no demo refers to any more."""
    unused = frozenset(ids) - references_of_all().runs
    for identity in unused:
        delete(cache_folder("runs", identity))
    forget_models(unused)


def is_shared(upload: str, visitor: str) -> bool:
    """Whether another workspace than `visitor`'s, or a demo, has the same uploaded text."""
    return upload in references_of_all(visitor).uploads


def delete(path: Path) -> None:
    """Delete a file or folder; what is gone already, or being written again, is no error."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _entries(folder: str) -> Iterator[Path]:
    root = cache_folder(folder)
    if root.is_dir():
        yield from (path for path in root.iterdir() if not path.name.startswith("."))


def _is_unused(path: Path, needed: frozenset[str]) -> bool:
    try:
        return path.stem not in needed and time.time() - path.stat().st_mtime > GRACE_SECONDS
    except OSError:
        return False


def _size(path: Path) -> int:
    try:
        return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
    except OSError:
        return 0  # being deleted
