"""The cache folder: where it is, content digests that name things in it, and writes that are whole or absent.

Where machines share a store at `VECTUNE_STORE` instead of the folder, what is kept here is kept there as well, and what
is asked for here and is not here is got from there (`core.system.store.copies`).
"""

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from core.errors import RunError, StorageError, StoreError, UserError
from core.system.store.copies import STORED_KINDS, StoreCopies, copies_in
from core.system.unfinished import give_up, make_claimed

CACHE_VARIABLE = "VECTUNE_CACHE"


def cache_folder(*parts: str) -> Path:
    """The cache folder ($VECTUNE_CACHE, else the user's own) or a folder below it.

    Its parents exist afterwards where they can be made: who only reads finds nothing otherwise, who writes is told.
    What lies there is got from the store, where machines share one.

    Raises:
        StoreError: the store does not answer.
    """
    folder = cache_root().joinpath(*parts)
    if not folder.parent.is_dir():
        with suppress(OSError):
            folder.parent.mkdir(parents=True, exist_ok=True)
    if len(parts) > 1 and parts[0] in STORED_KINDS:
        bring(folder)
    return folder


def bring(path: Path) -> None:
    """Have here what lies at this place of the cache folder, where the store has it.

    Raises:
        StoreError: the store does not answer.
    """
    copies = store_copies()
    if copies is not None:
        with storing():
            copies.bring(path)


def store_copies() -> StoreCopies | None:
    """The copies of the store in the cache folder; None where the folder is the store."""
    return copies_in(cache_root())


def cache_root() -> Path:
    """$VECTUNE_CACHE, else the user's own cache folder."""
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("vectune"))


def digest_of(*parts: bytes | str | np.ndarray | None) -> str:
    """32 hexadecimal digits that name the content of `parts`; the boundaries between parts count."""
    hasher = hashlib.blake2b(digest_size=16)
    data: bytes | memoryview
    for part in parts:
        if isinstance(part, np.ndarray):
            hasher.update(f"{part.dtype}{part.shape}".encode())
            data = np.ascontiguousarray(part).reshape(-1).view(np.uint8).data
        elif part is None:
            data = b"\0none"
        else:
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(8, "little"))
        hasher.update(data)
    return hasher.hexdigest()


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that becomes `target` when the block ends well, and vanishes otherwise.

    Names in the cache are digests of content. So when `target` is there already, the two are equal and the first one
    stays: two writers never disturb each other or a reader.
    """
    with storing():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary, claim = make_claimed(lambda: Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent)))
    try:
        with storing():
            yield temporary
            if (copies := store_copies()) is not None:
                copies.put_new(target, temporary)
        try:
            temporary.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        give_up(claim)


def write_json(path: Path, content: Any) -> None:
    """Write `content` to `path` whole or not at all."""
    write_text(path, to_json(content, indent=1))


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8, whole or not at all."""
    with whole_file(path) as new:
        new.write_text(text, encoding="utf-8")


@contextmanager
def whole_file(path: Path, mode: int = 0o600) -> Iterator[Path]:
    """An empty file beside `path` that takes its place when the block ends well, and vanishes otherwise.

    It has the ending of `path`; `mode` says who may read the result.
    """
    with storing():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary, claim = make_claimed(lambda: _new_file(path))
    try:
        with storing():
            yield temporary
            temporary.chmod(mode)
            copies = store_copies()
            note = copies.put_changed(path, temporary) if copies is not None else lambda: None
            temporary.replace(path)
            note()
    finally:
        temporary.unlink(missing_ok=True)
        give_up(claim)


def _new_file(beside: Path) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{beside.name[:50]}.", suffix=beside.suffix, dir=beside.parent)
    os.close(handle)
    return Path(name)


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_MAY_NOT = {errno.EROFS, errno.EACCES, errno.EPERM}
_CUT_SHORT = re.compile(r"requested and \d+ written")
"""What numpy says, without a number, of an array that did not fit on the disk."""


@contextmanager
def storing() -> Iterator[None]:
    """A disk that is full or may not be written becomes a `StorageError`, one sentence for people."""
    try:
        yield
    except StorageError:
        raise
    except OSError as found:
        number = errno.ENOSPC if _CUT_SHORT.search(str(found)) and found.errno is None else found.errno
        if number not in _NO_ROOM | _MAY_NOT:
            raise
        raise StorageError(number, os.strerror(number)) from found


@contextmanager
def room_for(what: str, error: type[UserError], advice: str = "try again") -> Iterator[None]:
    """A disk that is full or may not be written becomes an `error` that says what has no room, and no path.

    Args:
        what: cannot be kept, e.g. "The text".
        advice: what to do once there is room.
    """
    try:
        with storing():
            yield
    except StoreError as found:
        raise error(f"{what} cannot be kept. {found}") from found
    except StorageError as found:
        if found.errno in _NO_ROOM:
            raise error(f"{what} cannot be kept: the disk is full. Free some space, then {advice}.") from found
        raise error(
            f"{what} cannot be kept: this server's storage cannot be written ({found.strerror}). Change its "
            f"permissions, then {advice}."
        ) from found


def to_json(content: Any, encoding: str = "utf-8", indent: int | None = None) -> str:
    """JSON as people can read it, escaped where `encoding` could not hold it (a file's name may be no UTF-8)."""
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return json.dumps(content, indent=indent)
    return text


@contextmanager
def writing_to(path: Path, choose: str = "another place") -> Iterator[None]:
    """What keeps the block from writing `path` becomes a `RunError` that says what to `choose` instead."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror or error}. Choose {choose}.") from error


def check_place(path: Path, choose: str = "another place") -> None:
    """Raise `RunError` unless files could be made below the folder `path`; it need not be there, and is not made."""
    with writing_to(path, choose):
        there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
        if not there.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, f"{there} is a file")
        with tempfile.TemporaryDirectory(prefix=".", dir=there):
            pass


def check_file(path: Path, choose: str = "another place") -> None:
    """Raise `RunError` unless a file could be made, or replaced, at `path`."""
    check_place(path.parent, choose)
    if path.is_dir():
        raise RunError(f"{path} is a folder. Choose {choose}.")


def read_json(path: Path) -> Any:
    """What `write_json` wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_words(path: Path, words: tuple[str, ...]) -> None:
    """Words as UTF-8 lines; a word never contains a newline."""
    path.write_bytes("\n".join(words).encode("utf-8"))


def read_words(path: Path) -> tuple[str, ...]:
    """What `write_words` wrote. Splits on the newline only: words may contain U+0085 or U+2028."""
    text = path.read_bytes().decode("utf-8")
    return tuple(text.split("\n")) if text else ()
