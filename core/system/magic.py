"""Which format bytes are in, told by the marks they begin with. What to do about it, those who ask must say."""

import re
from typing import Literal

# fmt: off
Format = Literal[
    "zip", "gzip", "bzip2", "xz", "zstd", "7z", "rar", "tar", "pdf", "ole", "rtf", "picture", "sound", "parquet",
    "sqlite", "hdf5", "numpy", "pickle", "fasttext", "git-lfs", "utf-16",
]
# fmt: on

NAMES: dict[Format, str] = {
    "zip": "a zip archive",
    "gzip": "a gzip archive",
    "bzip2": "a bzip2 archive",
    "xz": "an xz archive",
    "zstd": "a Zstandard archive",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "tar": "a tar archive",
    "pdf": "a PDF",
    "ole": "an Office file of the old kind",
    "rtf": "a Rich Text file",
    "picture": "a picture",
    "sound": "a sound file",
    "parquet": "a Parquet table",
    "sqlite": "a database",
    "hdf5": "an HDF5 file",
    "numpy": "a numpy file",
    "pickle": "a Python pickle",
    "fasttext": "a fastText .bin model",
    "git-lfs": "a Git LFS pointer",
    "utf-16": "a text in UTF-16",
}
"""What each is called in a sentence."""

_MARKS: tuple[tuple[bytes, Format], ...] = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # without a file in it
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF89a", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"ID3\x03", "sound"),
    (b"OggS\x00", "sound"),
    (b"PAR1\x15", "parquet"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x89HDF\r\n", "hdf5"),
    (b"\x93NUMPY", "numpy"),
    (b"\xba\x16\x4f\x2f", "fasttext"),
    (b"version https://git-lfs", "git-lfs"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BZIP2 = re.compile(rb"BZh[1-9]1AY")
_PICKLE = re.compile(
    rb"\x80[\2-\5]|[]}]q\0|\(d?p\d|\(lp\d|c(?:__builtin__|builtins|copy_reg|copyreg|collections|numpy[\w.]*|gensim[\w.]*)\r?\n"
)


def format_of(start: bytes) -> Format | None:
    """The format of a file that begins with `start`, of which 512 bytes are enough; None if it has no known mark.

    Texts have none, but for the mark of UTF-16; a few begin as old pickles do, such as "(p1".
    """
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if _BZIP2.match(start):
        return "bzip2"
    if start[257:262] == b"ustar":
        return "tar"
    return "pickle" if _PICKLE.match(start) else None
