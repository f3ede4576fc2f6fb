"""What a killed process left goes; what somebody is writing stays, whoever looks."""

import os
import subprocess
import sys

import pytest

from core.system.entries import entries_of
from core.system.files import cache_folder, new_folder, whole_file, write_text
from core.system.unfinished import remove, sweep

DIE = """
import os, sys
from core.system.files import cache_folder, new_folder, whole_file
with new_folder(cache_folder("runs", "abc")) as folder, whole_file(cache_folder("opened", "abc.json")) as file:
    (folder / "words.txt").write_text("zebra")
    file.write_text("zebra")
    print("written", flush=True)
    sys.stdin.read() if sys.argv[1:] else os.kill(os.getpid(), 9)
"""


def hidden(folder):
    return sorted(path.parent.name for path in folder.rglob(".*"))


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(cache):
    """Two folders and a file of each: the names of one process begin with a dot like those of the other."""
    writer = subprocess.Popen([sys.executable, "-c", DIE, "waits"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout.readline() == b"written\n"
    assert subprocess.run([sys.executable, "-c", DIE], capture_output=True, check=False).returncode == -9
    assert hidden(cache) == ["opened", "opened", "runs", "runs"]
    assert sweep(cache) == 0
    assert hidden(cache) == ["opened", "runs"]
    writer.stdin.close()
    assert writer.wait(20) == 0
    assert hidden(cache) == []
    assert (cache / "runs" / "abc" / "words.txt").read_text() == "zebra"
    assert (cache / "opened" / "abc.json").read_text() == "zebra"


def test_what_this_process_writes_stays_and_locks_stay(cache):
    (cache / "indexes").mkdir(parents=True)
    (cache / "indexes" / ".abc.lock").touch()
    with new_folder(cache_folder("texts", "abc")) as folder, whole_file(cache_folder("scores", "a", "b.json")):
        assert sweep(cache) == 0
        assert folder.is_dir()
    assert hidden(cache) == ["indexes"]


def test_a_sweep_between_the_making_and_the_claim_loses_nothing(cache, monkeypatch):
    make, swept = os.open, []

    def sweep_first(path, *args, **kwargs):
        if not swept and ".abc." in str(path):
            swept.append(path)
            sweep(cache)
        return make(path, *args, **kwargs)

    monkeypatch.setattr("core.system.unfinished.os.open", sweep_first)
    with new_folder(cache_folder("texts", "abc")) as folder:
        (folder / "words.txt").touch()
    assert swept
    assert (cache / "texts" / "abc" / "words.txt").exists()


def test_what_a_killed_child_left_in_a_folder_that_is_in_use_goes(cache):
    with new_folder(cache_folder("progress", "abc")) as folder:
        (folder / ".job.json").touch()
        with whole_file(folder / "other.json"):
            assert sweep(cache) == 0
            assert len(list(folder.iterdir())) == 1
    assert [path.name for path in (cache / "progress" / "abc").iterdir()] == ["other.json"]


def test_where_nothing_can_be_locked_age_tells(cache, monkeypatch):
    monkeypatch.setattr("core.system.unfinished.fcntl", None)
    for name, changed in ((".old", 0), (".young", None)):
        write_text(cache_folder("texts", name, "words.txt"), "zebra")
        if changed is not None:
            os.utime(cache_folder("texts", name), (changed, changed))
    sweep(cache)
    assert [path.name for path in cache_folder("texts").iterdir()] == [".young"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_cannot_be_deleted_is_told(cache, monkeypatch, kind):
    path = cache_folder("texts", "abc")
    write_text(path / "words.txt" if kind == "folder" else path, "zebra")

    def refuse(*args, **kwargs):
        raise PermissionError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        for name in ("unlink", "rename", "rmdir"):
            patch.setattr(f"core.system.unfinished.os.{name}", refuse)
            patch.setattr(f"pathlib.Path.{name}", refuse)
        assert not remove(path)
        assert path.exists()
    assert remove(path)
    assert remove(path)


def test_entries_are_found_by_any_digest_in_their_names(cache):
    for name in ("aa-bb-cc", "dd-aa-ee.json", "aa.json", "bb", "xaa"):
        write_text(cache_folder("layouts", name), "")
    assert sorted(path.name for path in entries_of("layouts", {"aa"})) == ["aa-bb-cc", "aa.json", "dd-aa-ee.json"]
    assert list(entries_of("nowhere", {"aa"})) == []
