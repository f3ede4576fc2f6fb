"""What a user hands over, as bytes under a name, and how much of it is accepted."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from core.errors import Cancelled, CorpusError, UserError
from core.prose.numbers import readable_size

MEGABYTE = 1_000_000
IF_WRONG = "If that was wrong, have files read as they are."
"""Ends a note on what was mended: it can be left be (`ReadOptions.as_is`)."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came. The name may hold folders ("letters/1912/may.txt"); it labels and is never a path to open."""

    name: str
    data: bytes

    @property
    def extension(self) -> str:
        """Lower-case, with its dot; "" without one."""
        return os.path.splitext(self.name)[1].lower()


def read_files(paths: Iterable[Path]) -> tuple[Upload, ...]:
    """Files of this machine as if they were uploaded; of a folder, every file in it that is not hidden, by name.

    Nothing is read beyond the limits, only so much that whoever reads the documents sees that they are passed.

    Raises:
        CorpusError: one cannot be read, or a folder has none.
    """
    limits = limits_from(os.environ)
    uploads: list[Upload] = []
    left = limits.total_bytes
    for name, path in _named_files(list(paths)):
        with _readable(path), open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size  # 0 of pipes and devices, which may never end
            uploads.append(Upload(name, file.read(min(size or limits.file_bytes, limits.file_bytes) + 1)))
        left -= len(uploads[-1].data)
        if left < 0:
            break
    return tuple(uploads)


def _named_files(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Each file with a name for it: of files of one name, with the folders that tell them apart."""
    for path in paths:
        with _readable(path):
            folder = path.is_dir()
            inside = [each for each in sorted(path.rglob("*")) if each.is_file()] if folder else []
        if folder:
            above = path if path.name.startswith(".") else path.parent  # who names a hidden folder means it
            named = [(each.relative_to(above).as_posix(), each) for each in inside]
            named = [(name, each) for name, each in named if not is_litter(name)]
            if not named:
                raise CorpusError(f"There is no file in {path} but hidden ones. Name a folder with texts in it.")
            yield from named
        else:
            folders = [each.absolute().parent for each in paths if each.name == path.name]
            yield path.absolute().relative_to(os.path.commonpath(folders)).as_posix(), path


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}. Check the path.") from error


def is_litter(name: str) -> bool:
    """Whether an operating system put the file there, or it or its folder is hidden."""
    parts = name.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return hidden or "__MACOSX" in parts or parts[-1].lower() in ("thumbs.db", "desktop.ini", "")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one file; `used` tells whether it was read all the same."""

    file: str
    message: str
    used: bool = False

    @property
    def sentence(self) -> str:
        """What is wrong, with the file's name."""
        name = f"“{self.file}”"
        return self.message if name in self.message else f"{name}: {self.message}"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is accepted; every reader keeps to the same object.

    Attributes:
        file_bytes: of one file, as uploaded or as it comes out of an archive.
        total_bytes: of all files of one reading, after expansion.
        archive_files: files that archives may hold, all together.
        archive_depth: how deep archives may lie in archives; 1 allows none inside another.
        archive_ratio: bytes out of an archive for each byte of it; counts from `ratio_free_bytes` on, since a small
            repetitive text is no danger.
        ratio_free_bytes: expanded size below which the ratio does not matter.
        cells: of one table.
        columns: of one table; Excel has no more.
        documents: of one reading.
        file_seconds: of processor time for one file in a confined child, besides what its size explains.
        memory_bytes: for one file there, likewise.
    """

    file_bytes: int = 200 * MEGABYTE
    total_bytes: int = 500 * MEGABYTE
    archive_files: int = 20_000
    archive_depth: int = 3
    archive_ratio: int = 100
    ratio_free_bytes: int = 10 * MEGABYTE
    cells: int = 20_000_000
    columns: int = 16_384
    documents: int = 5_000_000
    file_seconds: int = 20
    memory_bytes: int = 1_000 * MEGABYTE


LIMITS = Limits()


def limits_from(environment: Mapping[str, str]) -> Limits:
    """`LIMITS` with what the deployment changes: VECTUNE_MAX_FILE_BYTES, VECTUNE_MAX_ARCHIVE_FILES and so on.

    Raises `ValueError` for a value that is no positive number.
    """
    changes = {}
    for name in (field.name for field in fields(Limits)):
        value = environment.get(f"VECTUNE_MAX_{name.upper()}")
        if value is not None:
            if not value.isdecimal() or int(value) < 1:
                raise ValueError(f"VECTUNE_MAX_{name.upper()} is {value!r}; it must be a positive whole number")
            changes[name] = int(value)
    return Limits(**changes)


_NO_MEMORY = re.compile(
    "out of memory|memory allocation failed|cannot allocate memory|unable to allocate", re.IGNORECASE
)


@contextmanager
def parsing(name: str, kind: str, remedy: str) -> Iterator[None]:
    """Whatever a library raises over the bytes of file `name` becomes a `CorpusError` that says it is damaged.

    Parsers of other people's formats raise nearly anything (KeyError, RecursionError, struct.error ...) on bytes that
    were cut or forged; none of these is a bug of ours.
    """
    try:
        yield
    except (UserError, Cancelled, MemoryError):
        raise
    except Exception as error:
        if _NO_MEMORY.search(str(error)):  # libraries written in C say it in words of their own
            raise MemoryError from error
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise CorpusError(damaged(name, kind, reason, remedy)) from error


def damaged(name: str, kind: str, reason: str, remedy: str) -> str:
    """What to say about a file whose parser gave up for this reason."""
    return f"“{name}” cannot be read as {kind}: it is damaged ({reason}). {remedy}"


def encrypted(name: str) -> str:
    """What to say about an Office file or PDF that opens with a password only."""
    return f"“{name}” is encrypted with a password. Save it without one and upload it again."


def check_expansion(name: str, packed: int, expanded: int, limits: Limits) -> None:
    """Raise `CorpusError` if an archive of `packed` bytes would grow as only a zip bomb does."""
    if expanded > limits.ratio_free_bytes and expanded > limits.archive_ratio * packed:
        raise CorpusError(
            f"“{name}” would expand to more than {limits.archive_ratio} times its size ({readable_size(expanded)}), as "
            "only forged archives do. If you trust it, unpack it and upload the files."
        )


def check_size(upload: Upload, limits: Limits) -> None:
    """Raise `CorpusError` if the file is empty or too large."""
    if not upload.data:
        raise CorpusError(f"“{upload.name}” is empty (0 bytes). Upload a file with text in it.")
    if len(upload.data) > limits.file_bytes:
        raise CorpusError(too_large(upload.name, len(upload.data), limits))


def too_large(name: str, size: int, limits: Limits) -> str:
    """What to say about a file of `size` bytes."""
    return (
        f"“{name}” has {readable_size(size)} or more; one file may have {readable_size(limits.file_bytes)}. "
        "Split it, or upload a part of it."
    )
