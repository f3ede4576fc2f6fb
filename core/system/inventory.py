"""What lies on the shelves, as tables of the database: sizes, titles, and what was made from what.

The files are the truth. Whoever asks compares names and times with the tables first, looks only at what is new, and
writes down what it found, for all servers. So nothing has to be told when something is kept or deleted, a child process
needs no database, and a database that was lost is made again from the files.
"""

import logging
import os
import re
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sql

from core.errors import UserError, WorkspaceError
from core.system.database import lock_table, reading, writing
from core.system.entries import stored_entries
from core.system.files import cache_folder
from core.system.shelves import About, Shelf
from core.system.store.objects import StoredEntry
from core.system.tables import ENTRIES, USES

_MAY_STILL_CHANGE = 2 * 10**9
"""Nanoseconds: an entry so young may change once more without another time of change; it is looked at again."""
_UNSETTLED = -1

_MAY_BE_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)

_log = logging.getLogger(__name__)
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """What lies on a shelf.

    Attributes:
        shelf: its folder.
        name: usually a digest.
        bytes: that it takes on the disk.
        changed: when it was changed last, in seconds since 1970.
        title, uses: as in `About`.
        damaged: it does not say what it should, or only a later version can read it.
    """

    shelf: Shelf
    name: str
    bytes: int
    changed: float
    title: str = ""
    uses: frozenset[tuple[str, str]] = frozenset()
    damaged: bool = False

    @property
    def path(self) -> Path:
        """Where it lies, or would lie once it is got from the store."""
        return self.shelf.place_of(self.name)

    def is_made_of(self, texts: Collection[str]) -> bool:
        """Whether it was made of one of these texts (digests)."""
        return any(kind == "texts" and name in texts for kind, name in self.uses)


def holder_of(folder: str, name: str) -> str:
    """Names an entry in the table of uses; a workspace is named by its id there."""
    return f"{folder}/{name}"


def take_inventory(shelves: Iterable[Shelf]) -> tuple[ShelfEntry, ...]:
    """Everything that lies on these shelves now.

    Where the database does not answer, or has no room, the files are asked alone.
    """
    by_folder = {shelf.folder: shelf for shelf in shelves}
    known: dict[_Key, tuple[int, ShelfEntry]] = {}
    with suppress(WorkspaceError):
        known = _read(by_folder)
    found: dict[_Key, ShelfEntry] = {}
    new: dict[_Key, tuple[int, ShelfEntry]] = {}
    for shelf in by_folder.values():
        stored = stored_entries(shelf.folder)
        there = None if stored is None else _look_into(stored, shelf)
        times = _look_around(shelf) if there is None else ((name, changed) for name, (changed, _) in there.items())
        for name, changed in times:
            key = (shelf.folder, name)
            if key in known and known[key][0] == changed:
                found[key] = known[key][1]
            else:
                found[key] = _look_at(shelf, name, changed, None if there is None else there[name][1])
                settled = abs(time.time_ns() - changed) > _MAY_STILL_CHANGE
                new[key] = (changed if settled else _UNSETTLED, found[key])
    gone = known.keys() - found.keys()
    if new or gone:
        try:
            _write(new, gone)
        except WorkspaceError as error:
            _log.warning("the inventory is not written: %s", error)
    return tuple(found.values())


def _look_around(shelf: Shelf) -> Iterator[tuple[str, int]]:
    """Names of the entries, and when each was changed, in nanoseconds."""
    with suppress(FileNotFoundError), os.scandir(cache_folder(shelf.folder)) as there:
        for each in there:
            name = each.name.removesuffix(shelf.ending)
            if each.name.endswith(shelf.ending) and _MAY_BE_NAME.fullmatch(name) and name not in shelf.passed_over:
                with suppress(FileNotFoundError):
                    yield name, each.stat().st_mtime_ns


def _look_into(stored: Mapping[str, StoredEntry], shelf: Shelf) -> dict[str, tuple[int, int]]:
    """Of what is in the store: when each entry was changed, the same on every machine, and its bytes there."""
    parts: dict[str, list[StoredEntry]] = {}
    for entry, found in stored.items():
        name = entry.partition("/")[0]
        if name.endswith(shelf.ending):
            parts.setdefault(name.removesuffix(shelf.ending), []).append(found)
    return {
        # where files are entries of their own within one of the shelf, one more or less is a change, too
        name: (max(each.stamp for each in found) * 1000 + len(found) - 1, sum(each.bytes for each in found))
        for name, found in parts.items()
        if _MAY_BE_NAME.fullmatch(name) and name not in shelf.passed_over
    }


def _look_at(shelf: Shelf, name: str, changed: int, size: int | None) -> ShelfEntry:
    """`size`: where the store tells it."""
    path = shelf.path_of(name) if shelf.describes else shelf.place_of(name)
    try:
        about, damaged = shelf.describe(path), False
    except (OSError, ValueError, UserError):
        about, damaged = About(), True
    size = measure_path(path) if size is None else size
    return ShelfEntry(shelf, name, size, changed / 1e9, about.title, about.uses, damaged)


def measure_path(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 where it is gone."""
    try:
        return sum(file.stat().st_size for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
    except OSError:
        return 0  # being deleted


def _read(shelves: dict[str, Shelf]) -> dict[_Key, tuple[int, ShelfEntry]]:
    chosen = ENTRIES.c.folder.in_(shelves)
    holder = ENTRIES.c.folder + "/" + ENTRIES.c.name
    with reading() as connection:
        rows = connection.execute(sql.select(ENTRIES).where(chosen)).all()
        joined = sql.select(USES).join(ENTRIES, USES.c.holder == holder).where(chosen)
        uses: dict[str, set[tuple[str, str]]] = {}
        for row in connection.execute(joined):
            uses.setdefault(row.holder, set()).add((row.kind, row.name))
    return {
        (row.folder, row.name): (
            row.changed,
            ShelfEntry(
                shelves[row.folder],
                row.name,
                row.bytes,
                row.changed / 1e9,
                row.title,
                frozenset(uses.get(holder_of(row.folder, row.name), ())),
                row.damaged,
            ),
        )
        for row in rows
    }


def _write(new: dict[_Key, tuple[int, ShelfEntry]], gone: Collection[_Key]) -> None:
    old = [{"of_folder": folder, "of_name": name} for folder, name in {*new, *gone}]
    holders = [{"of_holder": holder_of(folder, name)} for folder, name in {*new, *gone}]
    entries = [
        {
            "folder": folder,
            "name": name,
            "bytes": entry.bytes,
            "changed": changed,
            "title": entry.title.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", ""),
            "damaged": entry.damaged,
        }
        for (folder, name), (changed, entry) in new.items()
    ]
    uses = [
        {"holder": holder_of(*key), "kind": kind, "name": name}
        for key, (_, entry) in new.items()
        for kind, name in entry.uses
    ]
    same = (ENTRIES.c.folder == sql.bindparam("of_folder")) & (ENTRIES.c.name == sql.bindparam("of_name"))
    with writing() as connection:
        lock_table(connection, ENTRIES)
        connection.execute(ENTRIES.delete().where(same), old)
        connection.execute(USES.delete().where(USES.c.holder == sql.bindparam("of_holder")), holders)
        if entries:
            connection.execute(ENTRIES.insert(), entries)
        if uses:
            connection.execute(USES.insert(), uses)
