"""Which rows and columns an Excel file of before 2007 (.xls) hides: what the library that reads cells does not say.

The file is a compound one: a stream of records, `Workbook`, lies in it in sectors that a table chains (MS-CFB). Records
have a kind, a length and a content (MS-XLS): BOUNDSHEET names a sheet and says where its records begin, ROW and COLINFO
say what is hidden.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

_FREE = 0xFFFFFFF0
_IN_HEADER = 109
"""Sectors of the table of chains that the header names; a chain of sectors of their own names more."""
_SMALL = 4096
_STREAMS = ("Workbook", "Book")
_BOUNDSHEET, _ROW, _COLINFO, _EOF = 0x85, 0x208, 0x7D, 0x0A
_BOFS = (0x809, 0x409)


@dataclass(slots=True)
class Hidden:
    """First and last, from 1, of the rows and of the columns of a sheet that are hidden together."""

    rows: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)


def find_hidden(data: bytes) -> Iterator[tuple[str, Hidden]]:
    """Each sheet's title and what it hides.

    Raises:
        ValueError, IndexError, struct.error: the file is damaged.
    """
    book = _stream(data)
    is_unicode = struct.unpack_from("<H", book, 4)[0] >= 0x600
    left = len(book) // 4  # records of all sheets: forged ones may have them in common
    for kind, at, length in _records(book, 0):
        if kind == _BOUNDSHEET:
            (begins,) = struct.unpack_from("<I", book, at)
            hidden = Hidden()
            for each, place, size in islice(_records(book, begins), left):
                left -= 1
                if each == _ROW and size >= 16 and book[place + 12] & 0x20:
                    row = 1 + int.from_bytes(book[place : place + 2], "little")
                    hidden.rows.append((row, row))
                elif each == _COLINFO and size >= 10 and book[place + 8] & 1:
                    first, last = struct.unpack_from("<HH", book, place)
                    hidden.columns.append((first + 1, last + 1))
            yield _title(book[at + 6 : at + length], is_unicode), hidden


def _title(written: bytes, is_unicode: bool) -> str:
    """The name of a sheet, its length before it; outside of Unicode names are told in a code page, here but ASCII."""
    if not is_unicode:
        return written[1 : 1 + written[0]].decode("ascii", "replace")
    if written[1] & 1:
        return written[2 : 2 + 2 * written[0]].decode("utf-16-le", "replace")
    return written[2 : 2 + written[0]].decode("latin-1")


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its content begins, how long that is) of the records from `at` to the end of what they belong to."""
    depth = 0  # charts within a sheet have records of their own
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        depth += kind in _BOFS
        if kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth == 1:
            yield kind, at + 4, length
        at += 4 + length


def _stream(data: bytes) -> bytes:
    """The records of the workbook."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError("sectors of no known size")
    (directory,), (more,) = struct.unpack_from("<I", data, 48), struct.unpack_from("<I", data, 68)
    n_sectors = len(data) // size

    def sector(number: int) -> bytes:
        return data[(number + 1) * size : (number + 2) * size]

    def numbers(of: int) -> tuple[int, ...]:
        found = sector(of)
        return struct.unpack(f"<{len(found) // 4}I", found[: len(found) // 4 * 4])

    tables = list(struct.unpack_from(f"<{_IN_HEADER}I", data, 76))
    for _ in range(n_sectors):
        if more >= _FREE:
            break
        *named, more = numbers(more) or (_FREE,)
        tables += named
    chain = [number for table in tables[:n_sectors] if table < _FREE for number in numbers(table)]

    def follow(first: int) -> Iterator[int]:
        for _ in range(n_sectors):
            if first >= len(chain):
                return
            yield first
            first = chain[first]

    entries = b"".join(map(sector, follow(directory)))
    for at in range(0, len(entries) - 127, 128):
        name = entries[at : at + max(0, min(64, entries[at + 64] - 2))].decode("utf-16-le", "replace")
        if name in _STREAMS:
            first, length = struct.unpack_from("<II", entries, at + 116)
            if length >= _SMALL:  # smaller ones lie elsewhere, and no program writes such a workbook
                return b"".join(map(sector, follow(first)))[:length]
    raise ValueError("no workbook in it")
