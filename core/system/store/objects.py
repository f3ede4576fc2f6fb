"""Entries of the cache folder as objects at an address that fsspec knows: put, got, listed and deleted as wholes.

An entry is one object, named `ENTRY/STAMP`, or `ENTRY/STAMP.zip` where it is a folder; the newest stamp counts. So an
entry is there or not, and whoever lists the store knows which ones have changed.
"""

import errno
import json
import logging
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

from core.errors import StoreError
from core.system.store.address import STORE_VARIABLE, show_address
from core.system.unfinished import give_up, make_claimed

_NAME = re.compile(r"(\d{1,20})(\.zip)?", re.ASCII)
_ABOUT = "store.json"
_DRAFTS = ".drafts"
"""Where nothing appears whole by itself, objects are written here first and moved then."""
_OLD_DRAFT = 600.0
"""Seconds after which a draft that nobody goes on writing was left by killed work."""
_APPEAR_WHOLE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oci", "oss", "cos"})
"""Object stores: what is put there is seen when all of it is there."""
_ID_TRIES, _ID_WAIT = 20, 0.1
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of the store.

    Attributes:
        key: of its object.
        stamp: microseconds since 1970 when it was put last; a later one is greater.
        bytes: of the object.
        older: keys of objects that this one replaces.
    """

    key: str
    stamp: int
    bytes: int
    older: tuple[str, ...] = ()


class Store:
    """The entries at an address. Nothing is connected before the first question.

    Every method raises `StoreError` where the store does not answer, refuses, or what talks to it is not installed, and
    `OSError` where this machine's disk is full.
    """

    def __init__(self, address: str) -> None:
        self.address = show_address(address)
        self._given = address
        self._appears_whole = address.partition("://")[0] in _APPEAR_WHOLE

    @cached_property
    def identity(self) -> str:
        """Names this store: it lies in it, made by whoever came first."""
        found = self.read_identity()
        if found is None:
            made = json.dumps({"id": token_hex(6)}).encode()
            with self._asking():
                self._make_parent(self._path(_ABOUT))
                try:
                    self._system.pipe_file(self._path(_ABOUT), made, mode="create")
                except Exception:  # another machine was first, or this kind of store cannot tell
                    if self.read_identity() is None:
                        self._system.pipe_file(self._path(_ABOUT), made)
            found = self.read_identity()
        if found is None:
            raise StoreError(f"The store at {self.address} does not keep what is put there. Set {STORE_VARIABLE} anew.")
        return found

    def read_identity(self) -> str | None:
        """What `identity` is now; None where nobody has used this store."""
        for _ in range(_ID_TRIES):
            try:
                with self._asking(missing=True), suppress(ValueError, KeyError):
                    return str(json.loads(self._system.cat_file(self._path(_ABOUT)))["id"])
            except FileNotFoundError:
                return None
            time.sleep(_ID_WAIT)  # somebody is writing it
        raise StoreError(f"The store at {self.address} is damaged: {_ABOUT} in it says nothing. Delete that object.")

    def entries(self, prefix: str = "") -> dict[str, StoredEntry]:
        """Every entry of this name, and those below it, such as `runs/ID`, or all of `runs`; all there are for ""."""
        found: dict[str, list[tuple[int, str, int]]] = {}
        for path, about in self._find(prefix).items():
            entry, _, last = path[len(self._root) + 1 :].rpartition("/")
            name = _NAME.fullmatch(last)
            if name and entry and not entry.startswith("."):
                found.setdefault(entry, []).append((int(name[1]), path, int(about.get("size") or 0)))
        newest = {entry: sorted(objects) for entry, objects in found.items()}
        return {
            entry: StoredEntry(each[-1][1], each[-1][0], each[-1][2], tuple(key for _, key, _ in each[:-1]))
            for entry, each in newest.items()
        }

    def put(self, entry: str, source: Path, replaced: Mapping[str, Path] | None = None) -> int:
        """Put a file or folder there, whole or not at all, instead of what was there; gives its stamp.

        `replaced`: files of the folder, by their place in it -> where they lie instead.
        """
        before = self.entries(entry).get(entry)
        stamp = max(time.time_ns() // 1000, 0 if before is None else before.stamp + 1)
        if source.is_dir():
            with draft_beside(source) as folder:
                _pack(source, folder / "packed", replaced or {})
                self._upload(folder / "packed", f"{entry}/{stamp}.zip")
        else:
            self._upload(source, f"{entry}/{stamp}")
        if before is not None:
            self._remove(before.key, *before.older)
        return stamp

    def get(self, found: StoredEntry, target: Path) -> bool:
        """Copy it to `target`, which is not there yet; whether the store still had it."""
        packed = target.with_name(f"{target.name}.packed")
        is_folder = found.key.endswith(".zip")
        try:
            with self._asking(missing=True):
                self._system.get_file(found.key, str(packed if is_folder else target))
        except FileNotFoundError:
            return False
        if is_folder:
            target.mkdir(0o700)
            with zipfile.ZipFile(packed) as archive:
                archive.extractall(target)
            packed.unlink()
        else:
            target.chmod(0o600)
        return True

    def delete(self, prefix: str) -> None:
        """Delete every entry of this name, and those below it."""
        self._remove(*self._find(prefix))

    def delete_old_drafts(self) -> None:
        """Delete what killed work left unfinished."""
        drafts = self._find(_DRAFTS)
        times = {path: about.get("mtime") or about.get("created") for path, about in drafts.items()}
        old = time.time() - _OLD_DRAFT
        self._remove(*(path for path, changed in times.items() if isinstance(changed, float) and changed < old))

    def _find(self, prefix: str) -> dict[str, dict[str, Any]]:
        try:
            with self._asking(missing=True):
                self._system.invalidate_cache()
                found: dict[str, dict[str, Any]] = self._system.find(self._path(prefix), detail=True)
                return found
        except FileNotFoundError:
            return {}

    def _upload(self, file: Path, key: str) -> None:
        path = self._path(key)
        with self._asking():
            if self._appears_whole:
                self._system.put_file(str(file), path)
                return
            draft = self._path(f"{_DRAFTS}/{token_hex(8)}")
            self._make_parent(draft)
            try:
                self._system.put_file(str(file), draft)
                self._make_parent(path)
                self._move(draft, path)
            except BaseException:
                with suppress(Exception):
                    self._system.rm_file(draft)
                raise

    def _move(self, draft: str, path: str) -> None:
        """In one step where the file system has one; else a copy in it, which no reader sees half of in memory."""
        if type(self._system).mv is self._plain.mv:
            self._system.cp_file(draft, path)
            self._system.rm_file(draft)
        else:
            self._system.mv(draft, path)

    def _remove(self, *keys: str) -> None:
        for key in keys:
            with suppress(FileNotFoundError), self._asking(missing=True):
                self._system.rm_file(key)
            if not self._appears_whole:
                parent = key.rpartition("/")[0]
                while len(parent) > len(self._root):  # folders that are empty now
                    try:
                        self._system.rmdir(parent)
                    except Exception:
                        break
                    parent = parent.rpartition("/")[0]

    def _make_parent(self, path: str) -> None:
        if not self._appears_whole:
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)

    def _path(self, key: str) -> str:
        return f"{self._root}/{key}" if key else self._root

    @cached_property
    def _plain(self) -> Any:
        from fsspec import AbstractFileSystem

        return AbstractFileSystem

    @property
    def _system(self) -> Any:
        return self._place[0]

    @property
    def _root(self) -> str:
        return self._place[1]

    @cached_property
    def _place(self) -> tuple[Any, str]:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise StoreError(
                f"{STORE_VARIABLE} is set, and what talks to a store is not installed. Install it: pip install -r "
                "requirements-cluster.txt. Or empty the variable: then the cache folder is the store."
            ) from error
        try:
            system, root = url_to_fs(self._given, use_listings_cache=False)
        except ImportError as error:
            what = "s3fs" if "s3fs" in str(error) else "what it names"
            raise StoreError(
                f"{STORE_VARIABLE} is {self.address}, and what talks to that is not installed ({error}). Install it: "
                f"pip install -c requirements-cluster.txt {what}."
            ) from error
        except ValueError as error:
            raise StoreError(
                f"{STORE_VARIABLE} is {self.address}, and that cannot be opened ({error}). Write s3://BUCKET/FOLDER, "
                "or any other address that fsspec knows."
            ) from error
        return system, root.rstrip("/")

    @contextmanager
    def _asking(self, *, missing: bool = False) -> Iterator[None]:
        """What goes wrong is told in our words; what the store says is for the log, as it may name keys and users.

        `missing`: let a `FileNotFoundError` out.
        """
        try:
            yield
        except (StoreError, MemoryError):
            raise
        except Exception as error:
            if missing and isinstance(error, FileNotFoundError):
                raise
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                raise
            _log.error("the store at %s: %s: %s", self.address, type(error).__name__, error)
            raise StoreError(self._explain(error)) from error

    def _explain(self, error: Exception) -> str:
        kind = type(error).__name__
        if isinstance(error, PermissionError) or "Credentials" in kind or "Token" in kind:
            return (
                f"The store at {self.address} lets nobody in: this machine has no credentials for it, or they may not "
                "read and write there. Whoever runs it has to set them where fsspec looks for them (for s3:// "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY). Nothing that was kept is lost."
            )
        if isinstance(error, FileNotFoundError):
            return f"There is no {self.address}. Make that bucket or folder, or correct {STORE_VARIABLE}."
        return (
            f"The store at {self.address} does not answer ({kind}). Nothing that was kept is lost: try again later, or "
            f"tell whoever runs this; {STORE_VARIABLE} says where it is."
        )


@contextmanager
def draft_beside(path: Path) -> Iterator[Path]:
    """A folder beside `path` for what is unfinished; gone afterwards, also where this process is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder, claim = make_claimed(lambda: Path(tempfile.mkdtemp(prefix=".copy-", dir=path.parent)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        give_up(claim)


def _pack(folder: Path, target: Path, replaced: Mapping[str, Path]) -> None:
    """As an archive, uncompressed, without what is unfinished."""
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    whole = {name: path for name, path in {**there, **replaced}.items() if not _is_hidden(name)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for name in sorted(whole):
            archive.write(whole[name], name)


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
