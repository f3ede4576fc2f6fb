"""A disk that is full or may not be written: one sentence, nothing half-written, and who only reads goes on."""

import errno
import os
import pickle
import tempfile

import numpy as np
import pytest

from core.errors import RunError, StorageError, UserError
from core.system.files import cache_folder, new_folder, room_for, whole_file, write_json
from core.system.locking import hold_lock

SENTENCES = {errno.ENOSPC: "disk is full", errno.EROFS: "Read-only file system", errno.EACCES: "Permission denied"}


def failing(number):
    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", SENTENCES)
def test_what_cannot_be_begun_is_one_sentence(number, tmp_path, monkeypatch):
    for name in ("mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, failing(number))
    with pytest.raises(StorageError, match=SENTENCES[number]) as found:
        write_json(tmp_path / "a.json", {})
    assert str(tmp_path) not in str(found.value)
    with pytest.raises(StorageError, match=SENTENCES[number]), new_folder(tmp_path / "b"):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", SENTENCES)
def test_what_fails_midway_leaves_nothing(number, tmp_path):
    def write_half(path):
        path.write_text("half")
        failing(number)()

    with pytest.raises(StorageError), new_folder(tmp_path / "b") as new:
        write_half(new / "half")
    with pytest.raises(StorageError), whole_file(tmp_path / "a") as new:
        write_half(new)
    assert not list(tmp_path.iterdir())


def test_an_array_that_numpy_cuts_short_is_a_full_disk(tmp_path):
    with pytest.raises(StorageError, match="disk is full"), new_folder(tmp_path / "b"):
        raise OSError("1000000 requested and 16384 written")  # it has no number


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")
def test_numpy_says_so_of_a_device_without_room(tmp_path):
    with pytest.raises(StorageError, match="disk is full"), new_folder(tmp_path / "b"), open("/dev/full", "wb") as full:
        np.save(full, np.zeros(1_000_000))


def test_other_faults_stay_bugs(tmp_path):
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "b"):
        (tmp_path / "nowhere").read_bytes()


def test_whose_place_knows_better_names_what_has_no_room(tmp_path):
    told = pytest.raises(RunError, match=r"^The model cannot be kept: the disk is full")
    with told, room_for("The model", RunError), new_folder(tmp_path / "b"):
        failing(errno.ENOSPC)()


def test_a_child_hands_the_error_on():
    error = pickle.loads(pickle.dumps(StorageError(errno.ENOSPC, "No space left on device")))
    assert isinstance(error, UserError)
    assert error.errno == errno.ENOSPC
    assert "disk is full" in str(error)


def test_who_only_looks_finds_nothing_where_no_folder_can_be_made(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "file" / "cache"))
    assert not cache_folder("runs", "x").exists()


def test_a_lock_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("filelock.FileLock.acquire", failing(errno.EROFS))
    with pytest.raises(StorageError), hold_lock(tmp_path / "lock", lambda *_: None, "waiting"):
        pass
