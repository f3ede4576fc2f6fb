"""First bytes of known formats."""

import bz2
import gzip
import io
import lzma
import pickle
import zipfile

import numpy as np
import pytest

from core.system.magic import NAMES, format_of


def zipped() -> bytes:
    buffer = io.BytesIO()
    zipfile.ZipFile(buffer, "w").close()
    return buffer.getvalue()


def saved() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (zipped(), "zip"),
        (gzip.compress(b"words"), "gzip"),
        (bz2.compress(b"words", 5), "bzip2"),
        (lzma.compress(b"words"), "xz"),
        (saved(), "numpy"),
        *((pickle.dumps({"cat": [1.0]}, protocol), "pickle") for protocol in range(6)),
        (bytes(257) + b"ustar", "tar"),
        ("cat 1 2 3\n".encode("utf-16"), "utf-16"),
    ],
)
def test_formats_are_known_by_what_writes_them(data: bytes, name: str) -> None:
    assert format_of(data[:512]) == name
    assert name in NAMES


@pytest.mark.parametrize(
    "data", [b"", b"the 0.1 0.2\n", b"400000 50\n", b"PKs are killed", b"BZh0", b"ID3 tags", b"\x1f"]
)
def test_text_has_no_mark(data: bytes) -> None:
    assert format_of(data) is None
