"""Entries of the cache folder, also those that are in the store that machines share and not here yet."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from core.errors import StoreError
from core.system.files import bring, cache_folder, cache_root, store_copies, storing
from core.system.store.copies import STORED_KINDS
from core.system.store.objects import StoredEntry
from core.system.unfinished import remove

_OF_ANY_MACHINE = re.compile(r"/((?:texts|rows)/[0-9a-f]{32}|uploaded-vectors/[\w-]+/[^/]+|demo/[^/]+)$")
"""What a workspace names by its path."""


def relocate(path: Path) -> Path:
    """What another machine calls by this path in its own cache folder, where they share a store; else `path` itself."""
    if store_copies() is None or path.is_relative_to(cache_root()):
        return path
    found = _OF_ANY_MACHINE.search(path.as_posix())
    return path if found is None or path.exists() else cache_root() / found[1]


def stored_entries(kind: str) -> dict[str, StoredEntry] | None:
    """What the store has of a kind, by name, also what is not here; None where the cache folder is the store.

    `kind`: a folder of the cache folder, or one in it in which there are entries.

    Raises:
        StoreError: the store does not answer.
    """
    copies = store_copies()
    return None if copies is None else copies.listed(kind)


def gather_kind(kind: str) -> Path:
    """The folder of that kind, with all that the store has of it.

    Raises:
        StoreError: the store does not answer.
    """
    copies = store_copies()
    if copies is not None:
        with storing():
            copies.gather(kind)
    return cache_root() / kind


def is_kept(path: Path) -> bool:
    """Whether that entry is there, for whoever would keep it otherwise; also in the store, from now on.

    Raises:
        StoreError: the store does not answer.
    """
    copies = store_copies()
    if path.exists() and copies is not None:
        with storing():
            copies.put_again(path)
    return path.exists()


def is_here(path: Path) -> bool:
    """Whether that path is there, got from the store where it lies in the cache folder.

    Raises:
        StoreError: the store does not answer.
    """
    bring(path)
    return path.exists()


def remove_entry(path: Path) -> bool:
    """Delete an entry of the cache folder, and of the store; whether nothing of it is left."""
    try:
        copies = store_copies()
        if copies is not None:
            copies.delete(path)
    except StoreError:
        return False
    return remove(path)


def paths_of(kind: str) -> Iterator[Path]:
    """Where each entry of that kind lies, or would lie once it is got from the store; `kind` as in `stored_entries`.

    Raises:
        StoreError: the store does not answer.
    """
    folder = cache_folder(kind)
    here = list(folder.iterdir()) if folder.is_dir() else []
    yield from here
    there = {name.split("/")[0] for name in stored_entries(kind) or ()} if kind.split("/")[0] in STORED_KINDS else set()
    yield from (folder / name for name in sorted(there - {path.name for path in here}))


def entries_of(kind: str, digests: Collection[str]) -> Iterator[Path]:
    """Entries of that folder of the cache folder whose names have one of `digests`, among others between hyphens."""
    for path in paths_of(kind):
        if path.name.split(".")[0] in digests or not set(path.stem.split("-")).isdisjoint(digests):
            yield path
