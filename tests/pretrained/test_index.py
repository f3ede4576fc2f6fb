"""Indexes of whole vector files: what they hold, and that they are whole, current, shared, and evicted."""

import os
import signal
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from core.errors import Cancelled, PretrainedError
from core.pretrained import index as vector_index
from core.pretrained import text_rows
from core.pretrained.files import find_vectors, list_vector_files
from core.pretrained.index import (
    build_index,
    clear_indexes,
    delete_index,
    list_indexes,
    open_index,
    trim_indexes,
)
from core.pretrained.vectors import coverage_of_files, open_pretrained, write_glove
from core.progress import silent
from core.system.files import read_json, write_json

ROOT = Path(__file__).parents[2]
WORDS = tuple(f"w{i}" for i in range(500))


@pytest.fixture
def path(tmp_path):
    """A GloVe file of 500 words."""
    vectors = np.random.default_rng(1).normal(size=(500, 5)).astype(np.float32)
    write_glove(tmp_path / "vectors.txt", WORDS, vectors)
    return tmp_path / "vectors.txt"


def built(path, member=None):
    build_index(silent, path, member)
    index = open_index(find_vectors(path, member))
    assert index is not None
    return index


def test_gives_what_the_file_gives(path):
    path.write_bytes(path.read_bytes() + b"w3 0 0 0 0 0\nbad x 0 0 0 0\n\n")
    wanted = ["w499", "unicorn", "w7", "w0"]
    parsed, parsed_some = open_pretrained(path), open_pretrained(path, wanted)
    index = built(path)
    assert np.allclose(index.norms, np.linalg.norm(parsed.vectors, axis=1), rtol=1e-6, atol=0)
    opened, some = open_pretrained(path), open_pretrained(path, wanted)
    for one, other in ((opened, parsed), (some, parsed_some)):
        assert one.words == other.words
        assert one.vectors.tobytes() == other.vectors.tobytes()
        assert (one.digest, one.name, one.kind, one.declared) == (other.digest, other.name, other.kind, other.declared)
    assert (opened.vocabulary, opened.skipped_rows, opened.duplicates) == (500, 2, 1)
    assert (opened.reasons, opened.duplicates) == (parsed.reasons, parsed.duplicates)
    assert some.words == ("w0", "w7", "w499")


def test_words_with_the_same_key_are_told_apart(tmp_path):
    # The CRC-32 of both is 0x4ddb0c25.
    write_glove(tmp_path / "a.txt", ["plumless", "buckeroo", "cat"], np.eye(3, dtype=np.float32))
    index = built(tmp_path / "a.txt")
    assert len(np.unique(index.keys)) == 2
    assert index.rows_for(["buckeroo", "plumless", "dog"]).tolist() == [1, 0, -1]


def test_lengths_of_rows_of_any_size(tmp_path):
    rows = np.array([[0, 0], [3, 4], [3e5, 4e5], [3e-30, 4e-30]], np.float32)
    write_glove(tmp_path / "a.txt", ["zero", "one", "huge", "tiny"], rows)
    assert built(tmp_path / "a.txt").norms == pytest.approx([0, 5, 5e5, 5e-30])


def test_replaced_file_is_noticed(path):
    status = path.stat()
    before = built(path)
    content = path.read_bytes()
    place = content.index(b"\nw400 ") + 6
    path.write_bytes(content[:place] + b"9" + content[place + 1 :])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # same name, size and time
    assert open_index(find_vectors(path)) is None
    assert built(path).digest != before.digest


def test_large_file_changed_between_the_samples_is_noticed_by_its_time(path, monkeypatch):
    monkeypatch.setattr(vector_index, "_SAMPLES", 1)
    monkeypatch.setattr(vector_index, "_SAMPLE_BYTES", 10)
    before = built(path)
    path.write_bytes(path.read_bytes()[:-3] + b"11\n")
    assert open_index(find_vectors(path)) is None
    assert built(path).digest != before.digest


def test_moved_file_keeps_its_index(path):
    built(path)
    path.rename(path.with_name("renamed.txt"))
    index = open_index(find_vectors(path.with_name("renamed.txt")))
    assert index is not None
    assert index.name == "renamed.txt"


def test_members_of_an_archive_have_indexes_of_their_own(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "cat 1 2\n")
        archive.writestr("b.txt", "dog 1 2 3\n")
    assert built(tmp_path / "a.zip", "a.txt").words() == ("cat",)
    assert open_index(find_vectors(tmp_path / "a.zip", "b.txt")) is None
    assert built(tmp_path / "a.zip", "b.txt").words() == ("dog",)


def test_cancelled_leaves_nothing(path):
    def cancel(fraction, message):
        raise Cancelled

    with pytest.raises(Cancelled):
        build_index(cancel, path)
    assert open_index(find_vectors(path)) is None
    assert [entry.name for entry in vector_index.cache_folder("indexes").iterdir() if entry.is_dir()] == []


def test_file_that_changes_while_it_is_read(path):
    def change(fraction, message):
        if message.startswith("Reading"):
            os.utime(path, ns=(1, 1))

    with pytest.raises(PretrainedError, match="changed while it was read"):
        build_index(change, path)
    assert list_indexes() == ()


def test_full_disk_is_a_sentence(path, monkeypatch):
    usage = vector_index.shutil.disk_usage(path)
    monkeypatch.setattr(vector_index.shutil, "disk_usage", lambda folder: usage._replace(free=100))
    with pytest.raises(PretrainedError, match="needs 30"):
        build_index(silent, path)


def test_damaged_index_is_built_again(path):
    build_index(silent, path)
    (stored,) = list_indexes()
    with open(stored.folder / "vectors.f32", "r+b") as file:
        file.truncate(100)
    assert open_index(find_vectors(path)) is None
    assert open_pretrained(path, ["w3"]).words == ("w3",)
    assert built(path).vocabulary == 500


def test_killed_builder_leaves_nothing_and_blocks_nobody(path, cache):
    script = """
import os, signal, sys
from pathlib import Path
from core.pretrained import text_rows
from core.pretrained.index import build_index
text_rows._BLOCK = 4096
def kill(fraction, message):
    if fraction > 0.5:
        os.kill(os.getpid(), signal.SIGKILL)
build_index(kill, Path(sys.argv[1]))
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VECTUNE_CACHE": str(cache)}
    killed = subprocess.run([sys.executable, "-c", script, str(path)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    (half,) = [entry for entry in (cache / "indexes").iterdir() if entry.is_dir()]
    assert (half / "vectors.f32").exists()
    assert open_index(find_vectors(path)) is None
    assert list_indexes() == ()
    assert built(path).vocabulary == 500
    assert not half.exists()


def test_two_sessions_build_one_index(path):
    waiting = threading.Event()
    readers = set()

    def progress(fraction, message):
        if message.startswith("Waiting"):
            waiting.set()
        elif message.startswith("Reading"):
            readers.add(threading.get_ident())
            assert waiting.wait(20)

    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(lambda _: build_index(progress, path), range(2)))
    assert folders[0] == folders[1]
    assert len(readers) == 1
    assert len(list_indexes()) == 1


def test_least_recently_used_goes_first(tmp_path, monkeypatch):
    paths = [tmp_path / f"{name}.txt" for name in "abc"]
    for number, each in enumerate(paths):
        write_glove(each, WORDS, np.full((500, 5), number + 1, np.float32))
    for number, each in enumerate(paths[:2]):
        build_index(silent, each)
        os.utime(open_folder(each) / "index.json", (number, number))
    size = list_indexes()[0].size
    assert [index.name for index in list_indexes()] == ["b.txt", "a.txt"]
    open_pretrained(paths[0], ["w1"])
    assert [index.name for index in list_indexes()] == ["a.txt", "b.txt"]
    monkeypatch.setenv("VECTUNE_INDEX_LIMIT", str(2 * size + size // 2))
    build_index(silent, paths[2])
    assert {index.name for index in list_indexes()} == {"a.txt", "c.txt"}
    monkeypatch.setenv("VECTUNE_INDEX_LIMIT", "1")
    build_index(silent, paths[1])
    assert [index.name for index in list_indexes()] == ["b.txt"]


def open_folder(path):
    return Path(build_index(silent, path))


def test_delete_and_clear(path):
    index = built(path)
    delete_index(list_indexes()[0])
    assert list_indexes() == ()
    assert index.vectors[3, 0] == open_pretrained(path, ["w3"]).vectors[0, 0]
    built(path)
    clear_indexes()
    assert list_indexes() == ()
    trim_indexes(0)


def test_coverage_of_every_file(path, tmp_path):
    write_glove(tmp_path / "other.txt", ["w1"], np.ones((1, 3), np.float32))
    (tmp_path / "bad.txt").write_bytes(b"")
    build_index(silent, path)
    reports = []
    found = coverage_of_files(
        list_vector_files(tmp_path), ["w1", "x"], [3, 1], lambda fraction, message: reports.append(fraction)
    )
    assert [(each.file.name, each.coverage and each.coverage.tokens) for each in found] == [
        ("bad.txt", None),
        ("other.txt", 0.75),
        ("vectors.txt", 0.75),
    ]
    assert "empty" in found[0].problem
    assert reports == sorted(reports)


def test_kernels_are_prepared_once(cache):
    text_rows.prepare_kernels()
    assert text_rows.kernels_are_ready()


@pytest.mark.parametrize(
    ("word", "value", "opens"), [("caf\u00e9", 1, True), ("cafe\u0301", 1, False), ("cat", 2e6, False)]
)
def test_an_index_of_an_earlier_version_opens_where_it_would_be_built_so(word, value, opens, tmp_path):
    (tmp_path / "a.txt").write_text(f"{word} {value} 1\ndog 3 4\n", "utf-8")
    folder = Path(build_index(silent, tmp_path / "a.txt"))
    about = read_json(folder / "index.json")
    (folder / "words.txt").write_bytes(f"{word}\ndog\n".encode())
    lengths = np.cumsum([0, len(word.encode()) + 1, 4])
    np.save(folder / "word_starts.npy", lengths)
    rows = np.array([[value, 1], [3, 4]], np.float32)
    rows.tofile(folder / "vectors.f32")
    np.save(folder / "norms.npy", np.linalg.norm(rows, axis=1))
    write_json(folder / "index.json", {**about, "vocabulary": 2, "reading": 0})
    assert (open_index(find_vectors(tmp_path / "a.txt")) is not None) == opens
    assert (read_json(folder / "index.json")["reading"] == 1) == opens
