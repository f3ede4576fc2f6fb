"""Zip and tar archives, and files packed by gzip, bzip2 or xz, become what is in them, in memory and within limits."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from core.errors import CorpusError
from core.prose.numbers import readable_size
from core.text.reading.endings import is_called
from core.text.reading.kinds import kind_of
from core.text.reading.uploads import Limits, Problem, Upload, check_expansion, is_litter, parsing, too_large

_AGAIN = "Make it and upload it again."


@dataclass(slots=True)
class Budget:
    """What is left of the limits while a reading goes on."""

    limits: Limits
    files: int
    bytes: int

    @classmethod
    def of(cls, limits: Limits) -> "Budget":
        return cls(limits, limits.archive_files, limits.total_bytes)


def unpack(upload: Upload, budget: Budget, depth: int = 0) -> Iterator[tuple[float, Upload | Problem]]:
    """The files in `upload`, or itself if it is no archive; each with the share of it that is done.

    Hidden files and the litter of operating systems are left out. A file that cannot be had is a `Problem`.
    """
    if depth == 0:
        budget.bytes -= len(upload.data)
    try:
        kind = kind_of(upload)
        if kind not in _UNPACKERS:
            yield 0.0, upload
            return
        if depth >= budget.limits.archive_depth:
            raise CorpusError(
                f"“{upload.name}” lies too deep: archives in archives are opened {budget.limits.archive_depth} levels "
                "deep. Unpack it and upload what is inside."
            )
        for share, member in _UNPACKERS[kind](upload, budget):
            if isinstance(member, Problem):
                yield share, member
            else:
                for _, inner in unpack(member, budget, depth + 1):
                    yield share, inner
    except CorpusError as error:
        yield 1.0, Problem(upload.name, str(error))


def names_in(upload: Upload, most: int) -> list[str]:
    """What the files in a zip archive are called once it is unpacked, the first `most`; else the upload's own name.

    Nothing is unpacked; one that cannot be looked into has its own name too.
    """
    try:
        if kind_of(upload) == "zip":
            with parsing(upload.name, "a zip archive", _AGAIN):
                inside = zipfile.ZipFile(io.BytesIO(upload.data)).infolist()[:most]
            files = [info.filename for info in inside if not info.is_dir()]
            return [f"{upload.name}/{name}" for name in files if not is_litter(name)] or [upload.name]
    except CorpusError:
        pass  # reading it will say what is wrong
    return [upload.name]


def _from_zip(upload: Upload, budget: Budget) -> Iterator[tuple[float, Upload | Problem]]:
    name, limits = upload.name, budget.limits
    with parsing(name, "a zip archive", _AGAIN):
        archive = zipfile.ZipFile(io.BytesIO(upload.data))
        members = [info for info in archive.infolist() if not info.is_dir()]
    for info in members:
        _refuse_traversal(name, info.filename)
    members = [info for info in members if not is_litter(info.filename)]
    if not members:
        raise CorpusError(_nothing_in(name))
    if any(info.flag_bits & 1 for info in members):
        raise CorpusError(
            f"“{name}” is encrypted with a password. Unpack it and upload the files, or zip them without."
        )
    if len(members) > budget.files:
        raise CorpusError(
            f"“{name}” holds {len(members):,} files; archives may hold {limits.archive_files:,} all together. "
            "Join small texts into one file, one on each line."
        )
    check_expansion(name, len(upload.data), sum(info.file_size for info in members), limits)
    expanded = sum(info.file_size for info in members)
    if expanded > budget.bytes:
        raise CorpusError(_too_much(name, limits))
    budget.files -= len(members)
    budget.bytes -= expanded
    for number, info in enumerate(members):
        inner = f"{name}/{info.filename}"
        try:
            if info.file_size > limits.file_bytes:
                raise CorpusError(too_large(inner, info.file_size, limits))
            with parsing(inner, "part of a zip archive", _AGAIN):
                data = archive.read(info)
        except CorpusError as error:
            yield number / len(members), Problem(inner, str(error))
        else:
            yield number / len(members), Upload(inner, data)


def _refuse_traversal(name: str, member: str) -> None:
    path = member.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or path[1:2] == ":":
        raise CorpusError(
            f"“{name}” holds the path “{member[:80]}”, which leads outside, as only forged archives' do. "
            "Unpack it yourself if you trust it, and upload the files."
        )


def _from_tar(upload: Upload, budget: Budget) -> Iterator[tuple[float, Upload | Problem]]:
    name, limits = upload.name, budget.limits
    found = 0
    with parsing(name, "a tar archive", _AGAIN), tarfile.open(fileobj=io.BytesIO(upload.data), mode="r:") as archive:
        for member in archive:
            if not member.isfile() or is_litter(member.name.removeprefix("./")):
                continue
            _refuse_traversal(name, member.name)
            found += 1
            if found > budget.files:
                raise CorpusError(_too_many(name, limits))
            if member.size > budget.bytes:
                raise CorpusError(_too_much(name, limits))
            inner = f"{name}/{member.name.removeprefix('./')}"
            if member.size > limits.file_bytes:
                yield 0.0, Problem(inner, too_large(inner, member.size, limits))
                continue
            file = archive.extractfile(member)
            data = b"" if file is None else file.read()
            budget.bytes -= len(data)
            yield member.offset / len(upload.data), Upload(inner, data)
    if not found:
        raise CorpusError(_nothing_in(name))
    budget.files -= found


def _from_packed(upload: Upload, budget: Budget, what: str) -> Iterator[tuple[float, Upload]]:
    name, limits = upload.name, budget.limits
    allowed = max(limits.ratio_free_bytes, limits.archive_ratio * len(upload.data))
    with parsing(name, what, "It may have been cut in transfer: make it and upload it again."):
        data = _DECOMPRESSORS[what](upload.data, min(limits.file_bytes, budget.bytes, allowed) + 1)
    check_expansion(name, len(upload.data), len(data), limits)
    if len(data) > limits.file_bytes:
        raise CorpusError(too_large(name, len(data), limits))
    if len(data) > budget.bytes:
        raise CorpusError(_too_much(name, limits))
    budget.bytes -= len(data)
    stem = name.removesuffix(name[len(name) - len(upload.extension) :])
    yield (
        0.0,
        Upload(stem if is_called(name, "packed") else f"{stem}.tar" if is_called(name, "packed tar") else name, data),
    )


_MOST_DICTIONARY = 200_000_000
"""Bytes that a file packed by xz may ask for to be unpacked."""


def _unpack_xz(data: bytes, most: int) -> bytes:
    pieces, left = [], most
    while data and left > 0:
        decompressor = lzma.LZMADecompressor(memlimit=_MOST_DICTIONARY)
        pieces.append(decompressor.decompress(data, left))
        left -= len(pieces[-1])
        if not decompressor.eof:
            if left > 0:
                raise EOFError("it ends before its end")
            break
        data = decompressor.unused_data.lstrip(b"\0")
    return b"".join(pieces)


_DECOMPRESSORS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "gzip": lambda data, most: gzip.GzipFile(fileobj=io.BytesIO(data)).read(most),
    "bzip2": lambda data, most: bz2.BZ2File(io.BytesIO(data)).read(most),
    "xz": _unpack_xz,
}
_UNPACKERS: Mapping[str, Callable[[Upload, Budget], Iterator[tuple[float, Upload | Problem]]]] = {
    "zip": _from_zip,
    "tar": _from_tar,
    "gzip": lambda upload, budget: _from_packed(upload, budget, "gzip"),
    "bzip2": lambda upload, budget: _from_packed(upload, budget, "bzip2"),
    "xz": lambda upload, budget: _from_packed(upload, budget, "xz"),
}


def _nothing_in(name: str) -> str:
    return f"“{name}” is an archive without a file in it. Put the texts in, and upload it again."


def _too_many(name: str, limits: Limits) -> str:
    return (
        f"With “{name}” there would be more than {limits.archive_files:,} files, which is what archives may hold all "
        "together. Join small texts into one file, one on each line."
    )


def _too_much(name: str, limits: Limits) -> str:
    return (
        f"With “{name}” there would be more than {readable_size(limits.total_bytes)} of files after unpacking; that is "
        "all that one text may have. Upload fewer files, or a part of them."
    )
