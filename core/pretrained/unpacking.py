"""Files as they are, gzipped, or inside zip archives: their bytes, and one sentence when they cannot be read."""

import bz2
import gzip
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from core.errors import PretrainedError
from core.prose.numbers import readable_size
from core.system.magic import Format, format_of

_CORRUPT = (
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    NotImplementedError,
    RuntimeError,
)

COUNTED_BYTES = 64 << 20
"""A gzip file that says it unpacks to no more is unpacked to see whether that is so."""
_PART = 1 << 16
_LONGEST_DIRECTORY = 1_000_000
_LARGEST_SWELLING, _SMALL = 100, 10_000_000
"""Text of numbers or words shrinks to a third when it is packed, to a hundredth only where it was made for that."""
_END_BYTES, _END64_BYTES = 22, 76
"""Of the records at the end of a zip archive."""


@contextmanager
def named_errors(name: str) -> Iterator[None]:
    """Errors of reading and unpacking become one sentence about the file called `name`."""
    try:
        yield
    except PermissionError as error:
        raise PretrainedError(f"{name} may not be read. Change its permissions.") from error
    except _CORRUPT as error:
        if "password" in str(error) or "encrypted" in str(error):
            raise PretrainedError(f"{name} is encrypted. Unpack it with its password first.") from error
        raise PretrainedError(f"{name} is a damaged or cut-off archive ({error}). Download it again.") from error
    except UnicodeDecodeError as error:  # of a zip archive, the name of a member
        raise PretrainedError(f"{name} is a damaged archive ({error.reason}). Download it again.") from error
    except OSError as error:
        if error.errno is None:  # bzip2's way to say so
            raise PretrainedError(f"{name} is a damaged or cut-off archive ({error}). Download it again.") from error
        raise PretrainedError(f"{name} cannot be read ({error.strerror or error}). Check the path.") from error


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip archive, unless its directory is so long that reading it would take minutes and gigabytes.

    Raises:
        PretrainedError: it is.
    """
    with open(path, "rb") as file:
        size = _directory_size(file)
        if size > _LONGEST_DIRECTORY:
            raise PretrainedError(
                f"{path.name} lists {readable_size(size)} of names of files, far more than an archive of vectors does. "
                "Unpack it, and pick a file of vectors."
            )
        with zipfile.ZipFile(file) as archive:
            yield archive


def refuse_bomb(path: Path, member: str) -> None:
    """Raise where a member of a zip archive that is to be read whole is far larger than its packed size explains.

    Raises:
        PretrainedError: it is.
    """
    with open_archive(path) as archive:
        info = archive.getinfo(member)
    if info.file_size > max(_SMALL, _LARGEST_SWELLING * info.compress_size):
        raise PretrainedError(
            f"{path.name}/{member} would be {readable_size(info.file_size)} when unpacked, more than "
            f"{_LARGEST_SWELLING} times its size: it is damaged or forged. Unpack it, and pick "
            "the files of vectors and words together."
        )


def _directory_size(file: IO[bytes]) -> int:
    """Bytes of a zip archive's directory, as its end says where `zipfile` looks for it; 0 where that finds no end."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _END_BYTES - 65_535 - _END64_BYTES)
    file.seek(start)
    tail = file.read()
    at = len(tail) - _END_BYTES
    if at < 0 or tail[at : at + 4] != b"PK\5\6" or tail[-2:] != b"\0\0":  # a comment stands behind it
        at = tail.rfind(b"PK\5\6")
    if at < 0:
        return 0
    found = int.from_bytes(tail[at + 12 : at + 16], "little")
    if tail[at - 20 : at - 16] == b"PK\6\7":  # of a large archive, before that
        found = max(found, int.from_bytes(tail[at - _END64_BYTES + 40 : at - _END64_BYTES + 48], "little"))
    return min(found, size)


@contextmanager
def open_unpacked(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    """The bytes of a file, gzipped or not, or of a member of a zip archive. A gzipped one has its file as `fileobj`."""
    if member is not None:
        with open_archive(path) as archive, archive.open(member) as inside:
            yield inside
        return
    with open(path, "rb", buffering=0) as plain:
        packed = _PACKED.get(format_of(plain.read(8)) or "zip")
        plain.seek(0)
        if packed is None:
            yield cast(IO[bytes], plain)
        else:
            with packed(plain) as unzipped:
                yield cast(IO[bytes], unzipped)


class _Bzip2(bz2.BZ2File):
    """With its file as `fileobj`, as gzip has it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.fileobj = file


class _Xz(lzma.LZMAFile):
    """With its file as `fileobj`, as gzip has it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.fileobj = file


_PACKED: dict[Format, Callable[[Any], Any]] = {
    "gzip": lambda plain: gzip.GzipFile(fileobj=plain),
    "bzip2": _Bzip2,
    "xz": _Xz,
}


def read_head(stream: IO[bytes], size: int) -> bytes:
    """The first `size` bytes of `stream`; a raw stream may give fewer than asked for at once."""
    parts = []
    missing = size
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def unpacked_size(path: Path, estimate: int) -> int:
    """The unpacked size of a packed file. A gzip file ends with that size modulo 2**32; `estimate` tells the rest.

    That is the size of its last part only, of which it may have many, a small one after a large one: of a file that
    seems small, the bytes are counted.
    """
    with open(path, "rb") as file:
        if format_of(file.read(8)) != "gzip":
            return estimate
        file.seek(-4, os.SEEK_END)
        remainder = int.from_bytes(file.read(4), "little")
        file.seek(0)
        told = remainder + max(0, round((estimate - remainder) / 2**32)) * 2**32
        return told if told > COUNTED_BYTES else _count_unpacked(file, told)


def _count_unpacked(file: IO[bytes], told: int) -> int:
    """The unpacked size of a gzip file if that is at most `COUNTED_BYTES`, else a guess above it."""
    counted = 0
    with gzip.GzipFile(fileobj=file) as unzipped:
        while counted <= COUNTED_BYTES:
            try:
                part = unzipped.read(_PART)
            except _CORRUPT:  # whoever reads it will say so
                return max(counted, told)
            if not part:
                return counted
            counted += len(part)
    return max(counted, os.fstat(file.fileno()).st_size * counted // file.tell())
