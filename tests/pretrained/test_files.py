"""Damaged, foreign and odd vector files: what is said about each, and which rows survive."""

import gzip
import io
import pickle
import struct
import tarfile
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import PretrainedError
from core.pretrained import binary_rows, text_rows, unpacking
from core.pretrained.files import describe_file, find_vectors
from core.pretrained.rows import read_rows
from core.pretrained.stream import open_bytes
from core.pretrained.tally import BLANK, CUT_OFF, MALFORMED, NOT_FINITE, NOT_UTF8, TOO_LARGE, Tally
from core.pretrained.vectors import open_pretrained

ROW = b"cat 1 2 3\n"
BINARY = b"2 3\n" + b"cat " + struct.pack("<3f", 1, 2, 3) + b"\ndog " + struct.pack("<3f", 4, 5, 6) + b"\n"


def zipped(*members, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def tarred(content):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("vectors.txt")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return packed.getvalue()


ENCRYPTED = bytearray(zipped(("a.txt", ROW)))
for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
    ENCRYPTED[ENCRYPTED.index(signature) + flags] |= 1

REFUSED = {
    "empty": (b"", "is empty"),
    "blank lines only": (b"\n\n\n", "no rows of vectors"),
    "header only": (b"5 3\n", "no rows of vectors"),
    "prose": (b"It was a dark and stormy night.\nThe rain fell in torrents.\n", "no rows of vectors"),
    "words only": (b"cat\ndog\n", "no rows of vectors"),
    "one value a row": (b"cat 1\ndog 2\n", "no rows of vectors"),
    "values only": (b" 1 2 3\n 4 5 6\n", "has no words"),
    "matrix": (b"0.5 0.25 -1.5\n0.1 0.2 0.3\n" * 20, "numbers and no words"),
    "matrix with a header": (b"40 3\n" + b"0.5\t0.25\t-1.5\n0.1\t0.2\t0.3\n" * 20, "numbers and no words"),
    "matrix of exponents": (b"5e-1 2.5e-1 1e0 3.1\n" * 9, "numbers and no words"),
    "MatrixMarket": (b"%%MatrixMarket matrix coordinate real general\n2 3 2\n1 1 0.5\n2 3 0.7\n", "MatrixMarket"),
    "cells": (b"1 1 0.5\n1 7 0.25\n2 3 0.75\n" * 9, "cells of a matrix"),
    "counts of documents": (b"40\n9\n30\n" + b"1 2 7\n3 4 1\n" * 30, "cells of a matrix"),
    "sparse": (b"cat 1:0.5 7:2\ndog 2:0.25 9:1.5\n", "sparse vectors"),
    "sparse, of classes": (b"+1 1:0.5 7:2\n-1 2:0.25 9:1.5\n", "sparse vectors"),
    "zeros": (b"".join(b"w%d 0 0.0 -0\n" % i for i in range(9)), "nothing but zeros"),
    "all values beyond a million": (b"cat 2e6 1 1\ndog 1 -1e25 1\n", "no usable row"),
    "only Mac line ends": (b"cat 1 2 3\rdog 4 5 6\r", "no rows of vectors"),
    "JSON of something else": (b'{"cat": {"legs": 4}}\n', "no rows of vectors"),
    "binary without words": (bytes(range(256)) * 8, "is a binary file"),
    "UTF-16": ("cat 1 2 3\n".encode("utf-16"), "UTF-16"),
    "pickle 4": (pickle.dumps({"cat": [1.0]}, 4), "Python pickle"),
    "pickle 2": (pickle.dumps({"cat": [1.0]}, 2), "Python pickle"),
    "pickle 0": (pickle.dumps({"cat": [1.0]}, 0), "Python pickle"),
    "pickle, gzipped": (gzip.compress(pickle.dumps({"cat": [1.0]})), "Python pickle"),
    "numpy": (b"\x93NUMPY\x01\x00", "damaged NumPy file"),
    "numpy archive": (zipped(("a.npy", b"\x93NUMPY")), "a.npy is a damaged NumPy file"),
    "fastText .bin": (b"\xba\x16\x4f\x2f" + bytes(400), "fastText model of version 0"),
    "HDF5": (b"\x89HDF\r\n\x1a\n", "HDF5"),
    "web page": (b"<!DOCTYPE html><html>404</html>", "web page"),
    "LFS pointer": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    "PDF": (b"%PDF-1.7\n", "is a PDF"),
    "bzip2": (b"BZh91AY", "damaged or cut-off"),
    "xz": (b"\xfd7zXZ\0", "damaged or cut-off"),
    "tar": (tarred(ROW), "tar archive"),
    "tar, gzipped": (gzip.compress(tarred(ROW)), "tar archive"),
    "gzipped twice": (gzip.compress(gzip.compress(ROW)), "packed twice"),
    "gzip cut off": (gzip.compress(ROW * 50)[:-9], "damaged or cut-off"),
    "gzip with wrong bytes": (gzip.compress(ROW * 50)[:20] + b"\xff" * 40, "damaged or cut-off"),
    "zip cut off": (zipped(("a.txt", ROW))[:40], "damaged or cut-off"),
    "empty zip": (zipped(), "empty archive"),
    "zip without vectors": (zipped(("readme.md", b"Hello.\n")), "no rows of vectors"),
    "zip in a zip": (zipped(("a.zip", zipped(("a.txt", ROW)))), "archive inside an archive"),
    "Word file in a zip": (zipped(("a.DOCX", zipped(("word/document.xml", b"<a/>")))), "a.DOCX is a document, not vec"),
    "encrypted zip": (bytes(ENCRYPTED), "encrypted"),
    "header claims 10^9 rows": (b"1000000000 3\n" + ROW, "1,000,000,000 words of 3 values, which do not fit"),
    "header claims 10^9 rows, gzipped": (gzip.compress(b"1000000000 3\n" + ROW), "do not fit"),
    "header claims 10^18 values": (b"1 100000000000000000\n\x00\x01", "values per word"),
    "binary header claims 10^9 rows": (BINARY.replace(b"2 3", b"1000000000 3"), "do not fit"),
    "binary header of no rows": (BINARY.replace(b"2 3", b"0 3"), "do not fit"),
    "word2vec binary of one value": (BINARY.replace(b"2 3", b"2 1"), "values per word"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name, tmp_path):
    content, message = REFUSED[name]
    path = tmp_path / "vectors.txt"
    path.write_bytes(content)
    with pytest.raises(PretrainedError, match=message) as caught:
        open_pretrained(path)
    assert str(caught.value).startswith("vectors.txt") or "vectors.txt" in str(caught.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(PretrainedError, match="still there"):
        open_pretrained(tmp_path / "gone.txt")
    with pytest.raises(PretrainedError, match="cannot be read"):
        open_pretrained(tmp_path)


CAT, DOG = ("cat", [1, 2, 3]), ("dog", [4, 5, 6])
# content, words and vectors that survive, skipped rows by reason, duplicates
ACCEPTED = {
    "plain": (b"cat 1 2 3\ndog 4 5 6\n", [CAT, DOG], {}, 0),
    "no newline at the end": (b"cat 1 2 3\ndog 4 5 6", [CAT, DOG], {}, 0),
    "CRLF": (b"cat 1 2 3\r\ndog 4 5 6\r\n", [CAT, DOG], {}, 0),
    "blanks at the ends of lines": (b"cat 1 2 3 \ndog 4 5 6 \n", [CAT, DOG], {}, 0),
    "byte order mark": (b"\xef\xbb\xbfcat 1 2 3\ndog 4 5 6\n", [CAT, DOG], {}, 0),
    "header": (b"2 3\ncat 1 2 3\ndog 4 5 6\n", [CAT, DOG], {}, 0),
    "header after a byte order mark": (b"\xef\xbb\xbf2 3\r\ncat 1 2 3\r\ndog 4 5 6\r\n", [CAT, DOG], {}, 0),
    "header of another size": (b"2 4\ncat 1 2 3\ndog 4 5 6\n", [CAT, DOG], {MALFORMED: 1}, 0),
    "tabs": (b"cat\t1\t2\t3\ndog\t4\t5\t6\n", [CAT, DOG], {}, 0),
    "tabs and words with spaces": (b"cat\t1\t2\t3\na b\t4\t5\t6\n", [CAT, ("a b", [4, 5, 6])], {}, 0),
    "duplicate": (b"cat 1 2 3\ncat 7 8 9\ndog 4 5 6\ncat 0 0 0\n", [CAT, DOG], {}, 2),
    "duplicate of an unusable row": (b"cat nan 2 3\ncat 1 2 3\ndog 4 5 6\n", [CAT, DOG], {NOT_FINITE: 1}, 0),
    "nan and infinity": (b"cat 1 2 3\na nan 1 1\nb 1 inf 1\nc 1 1 -Infinity\n", [CAT], {NOT_FINITE: 3}, 0),
    "too large for float32": (b"cat 1 2 3\na 1e39 1 1\nb 1 -4e38 1\n", [CAT], {NOT_FINITE: 2}, 0),
    "blank lines": (b"\ncat 1 2 3\n\n  \ndog 4 5 6\n\n", [CAT, DOG], {BLANK: 4}, 0),
    "short row": (b"cat 1 2 3\na 1 2\ndog 4 5 6\n", [CAT, DOG], {MALFORMED: 1}, 0),
    "long row": (b"cat 1 2 3\na 1 2 3 4\ndog 4 5 6\n", [CAT, DOG], {MALFORMED: 1}, 0),
    "cut-off last row": (b"cat 1 2 3\ndog 4 5 6\nbird 7 8", [CAT, DOG], {MALFORMED: 1}, 0),
    "no word": (b"cat 1 2 3\n 1 2 3\ndog 4 5 6\n", [CAT, DOG], {MALFORMED: 1}, 0),
    "not a number": (b"cat 1 2 3\na 1 x 3\nb 1 1.2.3 3\ndog 4 5 6\n", [CAT, DOG], {MALFORMED: 2}, 0),
    "values beyond a million": (
        b"cat 1 2 3\na 1e25 1 1\nb 1 -1000001 1\nc 1e6 1 1\n",
        [CAT, ("c", [1e6, 1, 1])],
        {TOO_LARGE: 2},
        0,
    ),
    "binary value beyond a million": (
        BINARY.replace(struct.pack("<f", 5), struct.pack("<f", 1e7)),
        [CAT],
        {TOO_LARGE: 1},
        0,
    ),
    "decimal commas": (b"cat 0,5 2 3\ndog 4 5,0 6\n", [("cat", [0.5, 2, 3]), DOG], {}, 0),
    "tab, then spaces": (b"cat\t1 2 3\ndog\t4 5 6\n", [CAT, DOG], {}, 0),
    "tab, then spaces, a header": (b"2 3\ncat\t1 2 3\ndog\t4 5 6\n", [CAT, DOG], {}, 0),
    "aligned columns": (b"  cat   1  2   3\n  a     1  2\n  dog   4  5   6  \n", [CAT, DOG], {MALFORMED: 1}, 0),
    "two blanks after the word": (b"cat  1 2 3\r\n 1 2 3\r\ndog  4 5 6\r\n", [CAT, DOG], {MALFORMED: 1}, 0),
    "words of several numbers": (
        b"cat 1.5 2 3\n10 000 4 5.5 6\nto infinity 7 8 9.5\nthe 0.5 1 2 3.5\na 1 1 1\nb 1 1 1\nc 1 1 1\n",
        [("cat", [1.5, 2, 3]), ("10 000", [4, 5.5, 6]), ("to infinity", [7, 8, 9.5]), *((w, [1] * 3) for w in "abc")],
        {MALFORMED: 1},
        0,
    ),
    "another normal form": (
        "e\u0301te\u0301 1 2 3\n\u212bngstr\u00f6m 4 5 6\n\u00e9t\u00e9 7 8 9\n".encode(),
        [("\u00e9t\u00e9", [1, 2, 3]), ("\u00c5ngstr\u00f6m", [4, 5, 6])],
        {},
        1,
    ),
    "another normal form, binary": (
        b"1 3\n" + "caf\u0065\u0301 ".encode() + struct.pack("<3f", 1, 2, 3),
        [("caf\u00e9", [1, 2, 3])],
        {},
        0,
    ),
    "ligature": ("\ufb01rst 1 2 3\nfirst 4 5 6\n".encode(), [("\ufb01rst", [1, 2, 3]), ("first", [4, 5, 6])], {}, 0),
    "ConceptNet": (
        b"/c/en/cat 1 2 3\n" + b"".join(b"/c/en/w%d 4 5 6\n" % i for i in range(8)),
        [CAT, *((f"w{i}", [4, 5, 6]) for i in range(8))],
        {},
        0,
    ),
    "capitals": (
        b"CAT 1 2 3\n" + b"".join(b"W%d 4 5 6\n" % i for i in range(8)),
        [CAT, *((f"w{i}", [4, 5, 6]) for i in range(8))],
        {},
        0,
    ),
    "a capital first": (
        b"Cat 1 2 3\nThe 0 0 1\nOf 0 1 0\n" + b"".join(b"W%d 4 5 6\n" % i for i in range(8)),
        [CAT, ("the", [0, 0, 1]), ("of", [0, 1, 0]), *((f"w{i}", [4, 5, 6]) for i in range(8))],
        {},
        0,
    ),
    "names": (
        b"Cat 1 2 3\n" + b"".join(b"W%d 4 5 6\n" % i for i in range(8)),
        [("Cat", [1, 2, 3]), *((f"W{i}", [4, 5, 6]) for i in range(8))],
        {},
        0,
    ),
    "word classes": (
        b"cat_NOUN 1 2 3\ncat_VERB 0 0 0\n" + b"".join(b"w%d_ADJ 4 5 6\n" % i for i in range(8)),
        [CAT, *((f"w{i}", [4, 5, 6]) for i in range(8))],
        {},
        1,
    ),
    **{
        f"words as {left}dog{right}": (
            b"".join(f"{left}{word}{right} 4 5 6\n".encode() for word in ("dog", *(f"w{i}" for i in range(8)))),
            [DOG, *((f"w{i}", [4, 5, 6]) for i in range(8))],
            {},
            0,
        )
        for left, right in (('"', '"'), ("b'", "'"), ('b"', '"'), ("", ":"))
    },
    "counts before the values": (
        b"".join(b"w%d %d 0.5 0.25 -0.75\n" % (i, 90_000 // (i + 1)) for i in range(20)),
        [(f"w{i}", [0.5, 0.25, -0.75]) for i in range(20)],
        {},
        0,
    ),
    "counts at the end": (
        b"".join(b"w%d 0.5 0.25 -0.75 %d\n" % (i, 90_000 // (i + 1)) for i in range(20)),
        [(f"w{i}", [0.5, 0.25, -0.75]) for i in range(20)],
        {},
        0,
    ),
    "doubled separator": (b"cat 1 2 3\na 1  3\ndog 4 5 6\n", [CAT, DOG], {MALFORMED: 1}, 0),
    "words with spaces": (b"cat 1 2 3\n. . . 4 5 6\n", [CAT, (". . .", [4, 5, 6])], {}, 0),
    "no-break space, next line, line separator in words": (
        "a\u00a0b 1 2 3\n\u0085 4 5 6\nc\u2028 7 8 9\n".encode(),
        [("a\u00a0b", [1, 2, 3]), ("\u0085", [4, 5, 6]), ("c\u2028", [7, 8, 9])],
        {},
        0,
    ),
    "words that look like something else": (
        b'<unk> 1 2 3\nNA 4 5 6\n" 7 8 9\n# 1 1 1\n12 2 2 2\nnan 3 3 3\n',
        [("<unk>", [1, 2, 3]), ("NA", [4, 5, 6]), ('"', [7, 8, 9]), ("#", [1] * 3), ("12", [2] * 3), ("nan", [3] * 3)],
        {},
        0,
    ),
    "word that is not UTF-8": (b"cat 1 2 3\ncaf\xe9 1 2 3\ndog 4 5 6\n", [CAT, DOG], {NOT_UTF8: 1}, 0),
    "exponents and signs": (
        b"cat 1 2 3\na +1 -2e0 3E-3\nb .5 5. -0.0\n",
        [CAT, ("a", [1, -2, 0.003]), ("b", [0.5, 5, -0.0])],
        {},
        0,
    ),
    "word2vec binary": (BINARY, [CAT, DOG], {}, 0),
    "word2vec binary without newlines": (BINARY.replace(b"\ndog", b"dog"), [CAT, DOG], {}, 0),
    "word2vec binary cut off": (BINARY[:-5], [CAT], {CUT_OFF: 1}, 0),
    "word2vec binary with nan": (
        BINARY.replace(struct.pack("<f", 5), struct.pack("<f", np.nan)),
        [CAT],
        {NOT_FINITE: 1},
        0,
    ),
    "word2vec binary, not UTF-8": (BINARY.replace(b"dog", b"d\xe9g"), [CAT], {NOT_UTF8: 1}, 0),
    "word2vec binary with a duplicate": (BINARY.replace(b"dog", b"cat"), [CAT], {}, 1),
    "gzip": (gzip.compress(b"cat 1 2 3\n") + gzip.compress(b"dog 4 5 6\n"), [CAT, DOG], {}, 0),
    "gzipped binary": (gzip.compress(BINARY), [CAT, DOG], {}, 0),
    "zip of one": (zipped(("a.txt", b"cat 1 2 3\ndog 4 5 6\n")), [CAT, DOG], {}, 0),
    "zip with a readme": (zipped(("README", b"Hello.\n"), ("a.bin", BINARY)), [CAT, DOG], {}, 0),
}


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("name", ACCEPTED)
def test_what_survives(name, compiled, tmp_path, monkeypatch):
    content, rows, reasons, duplicates = ACCEPTED[name]
    path = tmp_path / "vectors.txt"
    path.write_bytes(content)
    monkeypatch.setattr(text_rows, "_kernels_are_loaded", lambda: compiled)
    opened = open_pretrained(path)
    assert opened.words == tuple(word for word, _ in rows)
    assert np.array_equal(opened.vectors, np.array([vector for _, vector in rows], np.float32))
    assert (dict(opened.reasons), opened.duplicates) == (reasons, duplicates)
    assert (opened.vocabulary, opened.skipped_rows) == (len(rows), sum(reasons.values()))
    some = open_pretrained(path, [rows[-1][0], "unicorn"])
    assert some.words == (rows[-1][0],)
    assert np.array_equal(some.vectors, opened.vectors[-1:])


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (ROW, "a.bin", "glove"),
        (b"1 3\n" + ROW, "glove.txt", "glove-header"),
        (b"1 3\n" + ROW, "a.txt", "word2vec-text"),
        (b"1 3\n" + ROW, "wiki.vec", "fasttext"),
        (gzip.compress(b"1 3\n" + ROW), "wiki.vec.gz", "fasttext"),
        (BINARY, "a.txt", "word2vec-binary"),
    ],
)
def test_kind_is_told_from_the_content(content, name, kind, tmp_path):
    (tmp_path / name).write_bytes(content)
    (file,) = describe_file(tmp_path / name)
    assert (file.kind, file.vector_size) == (kind, 3)


def test_listing_estimates_the_vocabulary(tmp_path):
    rows = b"".join(b"word%d 0.123 -0.456\n" % i for i in range(30_000))
    for name, content in (("a.txt", rows), ("a.gz", gzip.compress(rows)), ("a.zip", zipped(("a.txt", rows)))):
        (tmp_path / name).write_bytes(content)
        (file,) = describe_file(tmp_path / name)
        assert 0.9 < file.vocabulary / 30_000 < 1.1


def test_endless_line_in_an_archive_is_refused(tmp_path):
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(ROW * 30_000 + b"x" * (3 << 20), 1))
    for compiled in (False, True):
        file = find_vectors(tmp_path / "bomb.gz")
        with open_bytes(file) as stream, pytest.raises(PretrainedError, match="a line of more than 1 MB"):
            list(read_rows(file, stream, None, Tally(), compiled=compiled))


def read(path, compiled, wanted=None):
    file = find_vectors(path)
    tally = Tally()
    words, vectors = [], [np.empty((0, file.vector_size), np.float32)]
    with open_bytes(file) as stream:
        for batch, rows in read_rows(file, stream, wanted, tally, compiled=compiled):
            words += batch
            vectors.append(rows.copy())
        return words, np.concatenate(vectors), tally, stream.digest()


def assert_readers_agree(path, wanted=None):
    words, vectors, tally, digest = read(path, False, wanted)
    fast_words, fast_vectors, fast_tally, fast_digest = read(path, True, wanted)
    assert (fast_words, fast_tally, fast_digest) == (words, tally, digest)
    assert fast_vectors.tobytes() == vectors.tobytes()
    assert np.isfinite(vectors).all()
    return words


NUMBERS = st.one_of(
    st.floats(width=32).map(repr),
    st.floats().map("{:.6g}".format),
    st.floats(-10, 10).map("{:.5f}".format),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(["-", "", "+1", "1_0", "1e", "1e5", "1E-7", "0x1", "1.", ".5", "-.", "9" * 16, "0." + "9" * 20]),
    st.sampled_from(["nan", "-inf", "1e400", "1\x1c", "1\x0c", "\xa01", "\r1", "\u0661", '"1"', "#1", "1\0"]),
)
WORDS = st.one_of(
    st.sampled_from(["cat", "dog", ". .", "", "\x85", "a\tb", "ü", "7"]),
    st.text(st.characters(codec="utf-8"), max_size=4),
)
LINES = st.lists(st.tuples(WORDS, st.lists(NUMBERS, min_size=1, max_size=4)), max_size=30)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\t "]), st.sampled_from([1, 1 << 19]))
def test_compiled_and_plain_readers_agree(tmp_path, lines, line_end, tail, batch):
    text = line_end.join(" ".join([word, *values]) + tail for word, values in lines)
    path = tmp_path / "vectors.txt"
    path.write_bytes(b"".join(b"first%d 1 2 3\n" % i for i in range(31)) + text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_rows, "_BATCH", batch)  # one odd row has its whole batch read number by number
        assert b"first0" in assert_readers_agree(path)
        assert_readers_agree(path, frozenset([b"first7", b"cat", b". .", "ü".encode(), b"7"]))
        assert_readers_agree(path, frozenset())


def test_rows_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(text_rows, "_BLOCK", 64)
    monkeypatch.setattr(text_rows, "_BATCH", 30)
    long_word = b"x" * 500
    rows = [b"%d 1 2 %d\n" % (i, i) for i in range(40)]
    (tmp_path / "a.txt").write_bytes(b"42 3\n" + b"".join(rows[:20]) + long_word + b" 1 2 3\n" + b"".join(rows[20:]))
    words = assert_readers_agree(tmp_path / "a.txt")
    assert words == [*(b"%d" % i for i in range(20)), long_word, *(b"%d" % i for i in range(20, 40))]


LONG = b" 0.5" * 100 + b"\n"


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        b"cat" + LONG + (b"a" + LONG) * 12_000,
        (b"cat" + LONG) * 99 + (b"x" * 20_000 + b"\n") * 250,
        (b"cat" + LONG) * 999 + (b"a 1" + LONG) * 8_000,
        BINARY + bytes(5_000_000),
    ],
    ids=["duplicates", "long lines", "long rows", "binary with zeros behind"],
)
def test_small_archive_of_a_large_file_takes_little_memory(content, compiled, tmp_path, monkeypatch):
    for name, size in (("_BUFFER", 1 << 14), ("_BLOCK", 1 << 16), ("_BATCH", 1 << 14), ("_MOST_ROWS", 1 << 10)):
        monkeypatch.setattr(text_rows, name, size)
    monkeypatch.setattr(binary_rows, "_BUFFER", 1 << 14)
    text_rows.prepare_kernels()  # what compiling takes is not counted
    monkeypatch.setattr(text_rows, "_kernels_are_loaded", lambda: compiled)
    path = tmp_path / "vectors.gz"
    path.write_bytes(gzip.compress(content, 1))
    tracemalloc.start()
    try:
        opened = open_pretrained(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "cat" in opened.words
    assert peak < 2_500_000


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"", ROW, b"2 3\n", b"3 2\ncat ", BINARY[:20], b"\x1f\x8b\x08\0", b"PK\x03\x04"]),
    st.binary(max_size=300) | st.text(alphabet="ab 0123.-e\n\t\r", max_size=300).map(str.encode),
)
@example(b"999999999999999999 999999999999999999\n", b"a 1 2\n")
def test_arbitrary_bytes_open_or_are_refused(tmp_path, beginning, rest):
    path = tmp_path / "vectors.txt"
    path.write_bytes(beginning + rest)
    try:
        opened = open_pretrained(path)
    except PretrainedError:
        return
    assert np.isfinite(opened.vectors).all()
    assert len(set(opened.words)) == len(opened.words) == opened.vocabulary
    assert opened.vectors.nbytes <= 4 * path.stat().st_size * 1032


def test_a_gzip_file_with_a_small_part_behind_a_large_one_is_large(tmp_path):
    path = tmp_path / "two.gz"
    rows = ROW * 30_000
    path.write_bytes(gzip.compress(rows) + gzip.compress(ROW))
    assert find_vectors(path).unpacked == len(rows) + len(ROW)
    path.write_bytes(gzip.compress(rows) + gzip.compress(bytes(2 * unpacking.COUNTED_BYTES), 1) + gzip.compress(ROW))
    assert find_vectors(path).unpacked > unpacking.COUNTED_BYTES


def test_a_damaged_gzip_file_is_described_all_the_same(tmp_path):
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(b"".join(b"word%d 0.%d 0.5 0.5\n" % (n, n) for n in range(30_000)))[:-100])
    assert find_vectors(path).vector_size == 3


@pytest.mark.parametrize("comment", [b"", b"a comment"])
def test_an_archive_that_lists_very_many_files_is_refused(tmp_path, comment):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = comment
        for number in range(300):
            archive.writestr(f"{number:0200}.txt", b"")
    with zipfile.ZipFile(path) as archive:
        listed = archive.start_dir
    data = path.read_bytes()
    entry_count, end = 300, data.rfind(b"PK\5\6")
    directory = data[listed:end] * 40
    end_record = data[end : end + 8] + bytes(4) + len(directory).to_bytes(4, "little") + data[end + 16 :]
    path.write_bytes(data[:listed] + directory + end_record)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.infolist()) > entry_count
    with pytest.raises(PretrainedError, match="far more than an archive of vectors does"):
        describe_file(path)


def test_a_file_that_goes_on_in_small_letters_is_not_taken_for_one_of_capitals(tmp_path):
    path = tmp_path / "a.txt"
    capitals = [f"W{n:05d}X {n % 7} 2 3\n" for n in range(30_000)]
    path.write_text("".join(capitals))
    assert find_vectors(path).spelling == "DOG"
    path.write_text("".join([*capitals, *map(str.lower, capitals)]))
    assert find_vectors(path).spelling == ""
