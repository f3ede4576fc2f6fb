"""Vector files of every kind and every defect, opened for a corpus; values as gensim reads them."""

import gzip
import pickle
import zipfile

import numpy as np
import pytest
from conftest import SHARED_DATA

from core.errors import Cancelled, PretrainedError
from core.pretrained import text_rows
from core.pretrained.files import list_vector_files, vectors_folder
from core.pretrained.index import build_index
from core.pretrained.vectors import coverage, load_pretrained, open_pretrained, save_pretrained, write_glove
from core.progress import silent

REAL = ("glove.6B.100d.top2604.txt", "glove.6B.50d.top2445.txt")
GLOVE = b"the 0.1 0.2 0.3\ncat -1 2e-05 3\ndog 4 5.5 -6\n"


@pytest.fixture
def write(tmp_path):
    """Writes bytes to a file in a temporary folder."""

    def write_bytes(content, name="vectors.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write_bytes


def test_reads_only_wanted_rows_in_the_files_order(write):
    opened = open_pretrained(write(GLOVE), ["dog", "unicorn", "the"])
    assert opened.words == ("the", "dog")
    assert opened.vectors.dtype == np.float32
    assert opened.vectors.tolist() == np.array([[0.1, 0.2, 0.3], [4, 5.5, -6]], np.float32).tolist()
    assert (opened.kind, opened.vocabulary, opened.vector_size) == ("glove", 3, 3)
    assert not opened.vectors.flags.writeable
    assert opened.rows_for(["dog", "cat", "the"]).tolist() == [1, -1, 0]


def test_no_wanted_word_is_no_error(write):
    opened = open_pretrained(write(GLOVE), ["unicorn"])
    assert opened.vectors.shape == (0, 3)


def test_digest_is_of_the_content(write):
    digest = open_pretrained(write(GLOVE)).digest
    assert open_pretrained(write(GLOVE, "other.txt"), ["cat"]).digest == digest
    assert open_pretrained(write(gzip.compress(GLOVE), "packed.txt")).digest == digest
    assert open_pretrained(write(GLOVE.replace(b"5.5", b"5.6"))).digest != digest


def test_archive_members(tmp_path):
    path = tmp_path / "glove.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.3d.txt", GLOVE)
        archive.writestr("b.2d.txt", b"the 1 2\n")
        archive.writestr("readme.md", b"Vectors.\n")
    assert [(f.member, f.vector_size) for f in list_vector_files(tmp_path)] == [("a.3d.txt", 3), ("b.2d.txt", 2)]
    assert open_pretrained(path, member="b.2d.txt").vectors.tolist() == [[1, 2]]
    with pytest.raises(PretrainedError, match=r"holds 2 sets.*a\.3d\.txt, b\.2d\.txt"):
        open_pretrained(path)
    with pytest.raises(PretrainedError, match=r"There is no “c\.txt”"):
        open_pretrained(path, member="c.txt")


def test_folder_lists_bad_files_with_their_problem(write, tmp_path):
    write(GLOVE, "good.txt")
    write(b"", "empty.txt")
    write(pickle.dumps({"a": 1}), "model.kv")
    write(b"half", "new.txt.part")
    listed = {file.name: file.problem for file in list_vector_files(tmp_path)}
    assert listed.keys() == {"good.txt", "empty.txt", "model.kv"}
    assert not listed["good.txt"]
    assert "empty" in listed["empty.txt"]
    assert "pickle" in listed["model.kv"]
    assert list_vector_files(tmp_path / "nowhere") == ()


def test_vectors_folder_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("VECTUNE_VECTORS", str(tmp_path))
    assert vectors_folder() == tmp_path


def test_coverage(write):
    opened = open_pretrained(write(b"cat 1 2 3\nthe 4 5 6\n"))
    found = coverage(["the", "cat", "zebra", "axolotl"], [6, 2, 1, 1], opened)
    assert (found.types, found.tokens) == (0.5, 0.8)
    assert coverage([], [], opened).tokens == 0


def test_saved_rows_come_back(write, tmp_path):
    opened = open_pretrained(write(GLOVE + b"cat 1 1 1\n\nodd nan 1 1\n"))
    save_pretrained(opened, tmp_path / "saved")
    again = load_pretrained(tmp_path / "saved")
    for field in ("name", "words", "digest", "kind", "vocabulary", "skipped_rows", "duplicates", "reasons", "declared"):
        assert getattr(again, field) == getattr(opened, field)
    assert np.array_equal(again.vectors, opened.vectors)


def test_written_glove_reads_back_bit_for_bit(tmp_path):
    vectors = np.random.default_rng(1).normal(size=(50, 7)).astype(np.float32)
    words = [f"w\x85{i}" for i in range(50)]
    write_glove(tmp_path / "out.txt", words, vectors)
    again = open_pretrained(tmp_path / "out.txt")
    assert again.words == tuple(words)
    assert np.array_equal(again.vectors, vectors)
    with pytest.raises(ValueError, match="cannot be written"):
        write_glove(tmp_path / "out.txt", ["a\nb"], vectors[:1])
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == ["out.txt"]


def test_cancel(write):
    def cancel(fraction, message):
        raise Cancelled

    with pytest.raises(Cancelled):
        open_pretrained(write(GLOVE), progress=cancel)


def assert_same_as_gensim(path, monkeypatch, **options):
    from gensim.models import KeyedVectors

    theirs = KeyedVectors.load_word2vec_format(path, unicode_errors="replace", **options)
    both = [word for word in theirs.index_to_key if word and "\ufffd" not in word]  # we leave out what is not UTF-8
    some = both[:: max(1, len(both) // 50)]
    for compiled in (False, True):
        monkeypatch.setattr(text_rows, "_kernels_are_loaded", lambda compiled=compiled: compiled)
        ours = open_pretrained(path)
        assert list(ours.words) == both
        assert ours.vectors.tobytes() == theirs[both].tobytes()
        assert open_pretrained(path, some).vectors.tobytes() == theirs[some].tobytes()
    build_index(silent, path)
    assert open_pretrained(path).vectors.tobytes() == theirs[both].tobytes()
    assert open_pretrained(path, some).vectors.tobytes() == theirs[some].tobytes()


@pytest.mark.parametrize("name", REAL)
def test_real_glove_is_read_as_gensim_reads_it(name, monkeypatch):
    if not (SHARED_DATA / name).exists():
        pytest.skip("the shared data is not here")
    assert_same_as_gensim(SHARED_DATA / name, monkeypatch, no_header=True)


@pytest.mark.parametrize("number", ["%.5g", "%.6f", "%.4f", "%.9g", "%r", "%.17g", "%.3e", "%d", "% .5f"])
def test_every_way_to_write_numbers_is_read_as_gensim_reads_it(number, tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    values = rng.normal(size=(60, 8)) * 10.0 ** rng.integers(-12, 5, (60, 8))
    rows = [f"w{i} " + " ".join((number % value).strip() for value in row) for i, row in enumerate(values.tolist())]
    path = tmp_path / "vectors.txt"
    path.write_text("\n".join(rows) + "\n")
    assert_same_as_gensim(path, monkeypatch, no_header=True)


@pytest.mark.parametrize("name", ["a.bin", "a.txt", "a.bin.gz", "a.vec.gz"])
def test_gensims_own_files_are_read_as_it_reads_them(name, tmp_path, monkeypatch):
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(6)
    words = ["</s>", "cat", "naïve", "\u00a0x", "\x85", "a\u2028b", *(f"w{i}" for i in range(300))]
    vectors.add_vectors(words, np.random.default_rng(2).normal(size=(len(words), 6)).astype(np.float32))
    vectors.save_word2vec_format(tmp_path / name, binary=".bin" in name)
    assert_same_as_gensim(tmp_path / name, monkeypatch, binary=".bin" in name)


def test_open_says_how_far_it_is(write):
    reports = []
    open_pretrained(write(GLOVE), progress=lambda fraction, message: reports.append((fraction, message)))
    assert reports[-1][0] == 1.0
    assert "vectors.txt" in reports[0][1]
