"""What a user hands over, as bytes under a name, and how much of it is accepted."""

import os
from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came. The name may hold folders ("letters/1912/may.txt"); it labels and is never a path to open."""

    name: str
    data: bytes

    @property
    def extension(self) -> str:
        """Lower-case, with its dot; "" without one."""
        return os.path.splitext(self.name)[1].lower()


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
        rows: of one table.
        documents: of one reading.
    """

    file_bytes: int = 200 * MEGABYTE
    total_bytes: int = 500 * MEGABYTE
    archive_files: int = 20_000
    archive_depth: int = 3
    archive_ratio: int = 100
    ratio_free_bytes: int = 10 * MEGABYTE
    rows: int = 2_000_000
    documents: int = 5_000_000


LIMITS = Limits()


def readable_size(size: int) -> str:
    """A number of bytes for people: "12 bytes", "3.4 kB", "200 MB"."""
    if size < 1000:
        return f"{size} byte" + "s" * (size != 1)
    value = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f}".removesuffix(".0") + f" {unit}"
    return f"{value:,.0f} TB"
