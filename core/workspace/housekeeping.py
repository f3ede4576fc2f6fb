"""What the cache folder holds: what can be made again, and what no workspace uses any more."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.models.runs import ROWS, RUNS, TEXTS
from core.system.database import with_reserve
from core.system.entries import paths_of, remove_entry, stored_entries
from core.system.inventory import ShelfEntry, measure_path, take_inventory
from core.workspace.erasure import release
from core.workspace.references import references_of_all
from core.workspace.texts import OPENED, UPLOADS
from core.workspace.uses import References

REMAKEABLE = {
    "layouts": "Maps",
    "neighbours": "Neighbours of words",
    "noise": "Measured noise",
    "studies": "Studies of several texts",
    "sweeps": "Sweeps over settings",
    "coverage": "Coverage of vectors files",
    "exports": "Prepared downloads",
}
"""Folders that may be emptied at any time: what was in them is made again when it is needed."""

USED = {
    UPLOADS: "Uploaded texts",
    TEXTS: "Texts cut into words",
    OPENED: "How texts were read",
    ROWS: "Pretrained rows for a text",
    RUNS: "Models",
}
"""Shelves whose entries belong to the workspaces that refer to them."""

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
    parts = []
    for folder, title in REMAKEABLE.items():
        stored = stored_entries(folder)
        if stored is None:
            sizes = [measure_path(path) for path in _entries(folder)]
        else:
            sizes = [each.bytes for each in stored.values()]
        parts.append(Part(folder, title, len(sizes), sum(sizes)))
    entries, needed = take_inventory(USED), references_of_all().names
    for shelf, title in USED.items():
        there = [entry.bytes for entry in entries if entry.shelf == shelf]
        unused = [entry.bytes for entry in entries if entry.shelf == shelf and _is_unused(entry, needed)]
        parts.append(Part(shelf.folder, title, len(there), sum(there), len(unused), sum(unused)))
    return tuple(sorted((part for part in parts if part.entries), key=lambda part: -part.bytes))


@with_reserve()
def clear_remakeable() -> None:
    """Empty the folders whose content is made again when needed."""
    for folder in REMAKEABLE:
        for path in _entries(folder):
            remove_entry(path)


@with_reserve()
def clear_unused() -> None:
    """Delete the texts, rows and models that no workspace refers to and that are older than an hour.

    What was made of such a text goes along, and what killed work left.
    """
    entries, others = take_inventory(USED), references_of_all()
    unused = [entry for entry in entries if _is_unused(entry, others.names)]
    release(References.of_pairs((entry.shelf.folder, entry.name) for entry in unused), others)
    for entry in unused:
        remove_entry(entry.path)


def is_shared(upload: str, visitor: str) -> bool:
    """Whether another workspace than `visitor`'s, or a demo, has the same uploaded text."""
    return upload in references_of_all(visitor).uploads


def _entries(folder: str) -> Iterator[Path]:
    yield from (path for path in paths_of(folder) if not path.name.startswith("."))


def _is_unused(entry: ShelfEntry, needed: frozenset[str]) -> bool:
    return entry.name not in needed and time.time() - entry.changed > GRACE_SECONDS
