"""Files as they are, gzipped, or inside zip archives: their bytes, and one sentence when they cannot be read."""

import gzip
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from core.errors import PretrainedError
from core.system.magic import format_of

_CORRUPT = (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError, RuntimeError)


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
    except OSError as error:
        raise PretrainedError(f"{name} cannot be read ({error.strerror or error}). Check the path.") from error


@contextmanager
def open_unpacked(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    """The bytes of a file, gzipped or not, or of a member of a zip archive. A gzipped one has its file as `fileobj`."""
    if member is not None:
        with zipfile.ZipFile(path) as archive, archive.open(member) as inside:
            yield inside
        return
    with open(path, "rb", buffering=0) as plain:
        if format_of(plain.read(2)) == "gzip":
            plain.seek(0)
            with gzip.GzipFile(fileobj=plain) as unzipped:
                yield cast(IO[bytes], unzipped)
        else:
            plain.seek(0)
            yield cast(IO[bytes], plain)


def read_head(stream: IO[bytes], size: int) -> bytes:
    """The first `size` bytes of `stream`; a raw stream may give fewer than asked for at once."""
    parts = []
    missing = size
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def unpacked_size(path: Path, estimate: int) -> int:
    """The unpacked size of a gzip file: it ends with that size modulo 2**32; `estimate` tells the rest."""
    with open(path, "rb") as file:
        file.seek(-4, os.SEEK_END)
        remainder = int.from_bytes(file.read(4), "little")
    return remainder + max(0, round((estimate - remainder) / 2**32)) * 2**32
