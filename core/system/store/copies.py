"""A machine's cache folder as a copy of the store: what it makes is put there, what it lacks is got from there.

The store comes first. What is made here is in the store before it is seen here, and what is deleted is deleted there
first. So what was copied and is no longer in the store was deleted by somebody, and goes here as well. A mark for each
copy, beside the cache folder's entries, says which version it is; what has no mark was never in this store.
"""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import StoreError
from core.system.store.address import STORE_VARIABLE, find_store
from core.system.store.objects import Store, StoredEntry, draft_beside
from core.system.unfinished import remove, sweep

STORED_KINDS = frozenset(
    {
        "coverage",
        "demo",
        "demos",
        "exports",
        "layouts",
        "neighbours",
        "noise",
        "opened",
        "pairs",
        "people",
        "rows",
        "runs",
        "scores",
        "studies",
        "sweeps",
        "texts",
        "uploaded-vectors",
        "uploads",
    }
)
"""Folders of the cache folder whose entries are in the store; what is in others is each machine's own."""

_CHANGING = frozenset({"demos", "people", "scores", "sweeps", "uploaded-vectors"})
"""What may be written again, or get more: a copy that is here is compared with the store when somebody asks for it."""
_WRITTEN_HERE = "sweeps"
"""Has a database open while it is made: a copy that is here is not replaced under whoever writes it."""
_INNER_FOLDERS = frozenset({("scores", "models"), ("scores", "stability")})
_LOOK_EVERY = 2.0
"""Seconds after which what was not there is looked for again: pages ask all the time."""
_MOST_LOOKS = 10_000
_MARKS = "cluster"
_UNKNOWN = 0
"""In the place of a stamp: a copy, of which version is not known."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An entry, such as `runs/ID`, and a file in it, "" for all of it; or, as no entry, a folder of entries."""

    name: str
    inner: str
    is_entry: bool


class StoreCopies:
    """The copies of a store in the cache folder `root`.

    Every method raises `StoreError` and `OSError` as `Store` does.
    """

    def __init__(self, root: Path, store: Store) -> None:
        self.store = store
        self._root = Path(os.path.abspath(root))
        self._looks: dict[str, float] = {}
        self._locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)

    def bring(self, path: Path) -> None:
        """Have here what the store has of this path: an entry, what it lies in, or all that lies in it."""
        place = self._place_of(path)
        if place is None:
            return
        kind = place.name.split("/")[0]
        local = self._root / place.name
        if place.is_entry and kind not in _CHANGING and local.exists():
            return
        with self._locks[place.name]:
            if time.monotonic() - self._looks.get(place.name, -_LOOK_EVERY) < _LOOK_EVERY:
                return
            self.gather(place.name)
            if len(self._looks) > _MOST_LOOKS:
                self.forget_looks()
            self._looks[place.name] = time.monotonic()

    def gather(self, prefix: str) -> None:
        """Have here every entry of this name and below it, such as all of `runs`, as the store has it now."""
        for entry, found in self.store.entries(prefix).items():
            now: StoredEntry | None = found
            while now is not None and self._is_old(entry, now) and not self._copy(entry, now):
                now = self.store.entries(entry).get(entry)  # deleted, or put anew, meanwhile

    def forget_looks(self) -> None:
        """What was not there a moment ago may be now."""
        self._looks.clear()

    def put_new(self, target: Path, made: Path) -> None:
        """Before `made` becomes `target`: put it into the store, unless that has it; then the first one stays."""
        place = self._place_of(target)
        if place is None or not place.is_entry or place.inner:
            return
        found = self.store.entries(place.name).get(place.name)
        if found is None or not (target.exists() or self._copy(place.name, found)):
            self._set_mark(place.name, self.store.put(place.name, made))

    def put_changed(self, path: Path, new: Path) -> Callable[[], None]:
        """Before the file `new` takes the place of `path`: put it, or the entry with it; gives what to call after."""
        place = self._place_of(path)
        if place is None or not place.is_entry:
            return lambda: None
        if place.inner:
            stamp = self.store.put(place.name, self._root / place.name, {place.inner: new})
        else:
            stamp = self.store.put(place.name, new)
            _set_time(new, stamp)
        self._set_mark(place.name, _UNKNOWN)
        return lambda: self._set_mark(place.name, stamp)

    def put_again(self, path: Path) -> None:
        """Put an entry that is here once more where another machine has just deleted it."""
        place = self._place_of(path)
        if place is not None and place.is_entry and place.name not in self.store.entries(place.name):
            self._set_mark(place.name, self.store.put(place.name, self._root / place.name))

    def delete(self, path: Path) -> None:
        """Delete an entry, or all of a visitor's folder, from the store."""
        place = self._place_of(path)
        if place is not None and not place.inner:
            self.store.delete(place.name)
            remove(self._mark_file(place.name))

    def listed(self, prefix: str) -> dict[str, StoredEntry]:
        """What the store has below this name, such as all of `runs`, by its name within it."""
        return {entry.removeprefix(f"{prefix}/"): found for entry, found in self.store.entries(prefix).items()}

    def settle(self, *, adopt: bool, before_removal: Callable[[Path], object]) -> None:
        """Delete copies of what others deleted, get anew what others changed, delete what killed work left.

        Args:
            adopt: also put into the store what was here before there was one.
            before_removal: is called with each copy that goes.
        """
        known = self.store.identity
        if self.store.read_identity() != known:
            raise StoreError(
                f"The store at {self.store.address} is no longer the one that this machine has copies of: it was "
                f"emptied, or {STORE_VARIABLE} leads elsewhere. Copies stay as they are. Start anew to begin with it."
            )
        marks = dict(self._marks())  # first: what is marked now was in the store before
        stored = self.store.entries()
        for entry, stamp in marks.items():
            local = self._root / entry
            if entry not in stored:
                if self.store.entries(entry):
                    continue  # what is put anew while a long list is made may be missing in it
                before_removal(local)
                if remove(local):
                    remove(self._mark_file(entry))
            elif stored[entry].stamp != stamp and local.exists() and not entry.startswith(f"{_WRITTEN_HERE}/"):
                self._copy(entry, stored[entry])
        if adopt:
            for entry in self._unmarked():
                if entry in stored:
                    self._copy(entry, stored[entry])
                else:
                    self._set_mark(entry, self.store.put(entry, self._root / entry))
        self.store.delete_old_drafts()
        sweep(self._root)

    def _place_of(self, path: Path) -> _Place | None:
        absolute = Path(os.path.abspath(path))
        if not absolute.is_relative_to(self._root):
            return None
        parts = absolute.relative_to(self._root).parts
        if len(parts) < 2 or parts[0] not in STORED_KINDS or any(part.startswith(".") for part in parts):
            return None
        depth = _depth_of(parts)
        return _Place("/".join(parts[:depth]), "/".join(parts[depth:]), len(parts) >= depth)

    def _is_old(self, entry: str, found: StoredEntry) -> bool:
        return not (self._root / entry).exists() or self._mark(entry) not in (None, found.stamp)

    def _copy(self, entry: str, found: StoredEntry) -> bool:
        """Whether the store still had it."""
        local = self._root / entry
        with draft_beside(local) as folder:
            made = folder / "made"
            if not self.store.get(found, made):
                return False
            self._set_mark(entry, _UNKNOWN)  # who is killed now leaves a copy that is known to be one
            if made.is_dir():
                try:
                    made.rename(local)
                except OSError:
                    if not local.is_dir():
                        raise
                    _bring_up_to_date(local, made)
            else:
                _set_time(made, found.stamp)
                made.replace(local)
        self._set_mark(entry, found.stamp)
        return True

    @property
    def _marks_folder(self) -> Path:
        return self._root / _MARKS / f"copies-{self.store.identity}"

    def _mark_file(self, entry: str) -> Path:
        return self._marks_folder / entry

    def _mark(self, entry: str) -> int | None:
        """The stamp of the version that is here, or `_UNKNOWN`; None where it was never in the store."""
        try:
            return int(self._mark_file(entry).read_text("ascii"))
        except ValueError:
            return _UNKNOWN
        except OSError:
            return None

    def _set_mark(self, entry: str, stamp: int) -> None:
        file = self._mark_file(entry)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(str(stamp), "ascii")

    def _marks(self) -> Iterator[tuple[str, int]]:
        for file in self._marks_folder.rglob("*"):
            if file.is_file():
                entry = file.relative_to(self._marks_folder).as_posix()
                yield entry, self._mark(entry) or _UNKNOWN

    def _unmarked(self) -> Iterator[str]:
        """Entries of the cache folder that are in no store yet."""
        for kind in sorted(STORED_KINDS):
            for path in _visible(self._root / kind):
                parts = path.relative_to(self._root).parts
                inner = _visible(path) if len(parts) < _depth_of(parts) and path.is_dir() else [path]
                for each in inner:
                    entry = each.relative_to(self._root).as_posix()
                    if self._mark(entry) is None and not (each.is_dir() and not _visible(each)):
                        yield entry


@cache
def _copies_at(address: str, root: Path) -> StoreCopies:
    return StoreCopies(root, Store(address))


def copies_in(root: Path) -> StoreCopies | None:
    """The copies of the store in the cache folder `root`; None where there is no store beside it.

    Raises:
        StoreError: the variable holds no address.
    """
    address = find_store()
    return None if address is None else _copies_at(address, root)


def _depth_of(parts: tuple[str, ...]) -> int:
    """Of how many parts the name of an entry is that lies there."""
    return 3 if parts[0] == "uploaded-vectors" or parts[:2] in _INNER_FOLDERS else 2


def _visible(folder: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in folder.iterdir() if not path.name.startswith(".")]
    return []


def _set_time(file: Path, stamp: int) -> None:
    """The same on every machine: indexes of a vectors file are named by it, among others."""
    os.utime(file, ns=(stamp * 1000, stamp * 1000))


def _bring_up_to_date(local: Path, made: Path) -> None:
    """Let the folder have the files of `made`, each replaced as a whole: somebody may be reading."""
    new = {path.relative_to(made) for path in made.rglob("*") if path.is_file()}
    for name in new:
        (local / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(local / name)
    for path in local.rglob("*"):
        if path.is_file() and path.relative_to(local) not in new and not path.name.startswith("."):
            path.unlink(missing_ok=True)
