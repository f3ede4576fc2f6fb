"""The inventory says what is on the disk, looks at each thing once, and does without the database where it must."""

import os
import shutil
import threading

import pytest
from databases import everything_kept

from core.errors import WorkspaceError
from core.system import database, inventory
from core.system.files import cache_folder
from core.system.inventory import take_inventory
from core.system.shelves import About, Shelf
from core.system.tables import ENTRIES, USES


class Reader:
    """Of what entries say of themselves: a title, then the texts that they were made of."""

    def __init__(self):
        self.looks = []

    def __call__(self, path):
        self.looks.append(path.stem)
        title, *texts = (path / "about" if path.is_dir() else path).read_text("utf-8").split()
        return About(title, frozenset(("texts", text) for text in texts))


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def shelf(reader, databases):
    return Shelf("things", reader, passed_over=frozenset(["models"]))


def put(name, about, age=100, **files):
    folder = cache_folder("things", name)
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in {"about": about, **files}.items():
        (folder / file).write_text(content, "utf-8")
    stamp = inventory.time.time() - age
    os.utime(folder, (stamp, stamp))


def taken(shelf):
    return {
        entry.name: (entry.title, {name for _, name in entry.uses}, entry.bytes) for entry in take_inventory([shelf])
    }


def test_it_says_what_is_there_and_looks_at_each_thing_once(shelf, reader):
    assert taken(shelf) == {}
    put("a", "first t1 t2", words="dog")
    put("b", "second t1")
    expected = {"a": ("first", {"t1", "t2"}, 14), "b": ("second", {"t1"}, 9)}
    assert taken(shelf) == taken(shelf) == expected
    assert sorted(reader.looks) == ["a", "b"]
    shutil.rmtree(cache_folder("things", "a"))
    put("b", "renamed t3", age=50)
    assert taken(shelf) == {"b": ("renamed", {"t3"}, 10)}
    assert "first" not in everything_kept()
    assert "t1" not in everything_kept()


def test_what_is_young_is_looked_at_until_it_is_settled(shelf, reader):
    put("a", "first t1", age=0)
    taken(shelf)
    taken(shelf)
    assert reader.looks == ["a", "a"]
    put("a", "first t1", age=10)
    taken(shelf)
    taken(shelf)
    assert reader.looks == ["a", "a", "a"]


def test_one_that_is_damaged_spoils_itself_alone(shelf):
    put("a", "first t1")
    put("b", "")
    for _ in range(2):
        assert {entry.name: entry.damaged for entry in take_inventory([shelf])} == {"a": False, "b": True}


def test_what_nobody_here_has_made_is_passed_over(shelf):
    put("a", "first t1")
    for name in (".a.unfinished", "models", "x" * 65, "what is this", "\udcff"):
        put(name, "stranger t1")
    assert taken(shelf).keys() == {"a"}


def test_files_are_named_without_their_ending(reader, databases):
    cache_folder("things", "a.json").write_text("first t1", "utf-8")
    cache_folder("things", "a.json.part").write_text("first t1", "utf-8")
    (entry,) = take_inventory([Shelf("things", reader, ".json")])
    assert (entry.name, entry.bytes, entry.path) == ("a", 8, cache_folder("things", "a.json"))


def test_a_database_that_was_lost_is_made_again(shelf, cache):
    put("a", "first t1")
    before = taken(shelf)
    with database.writing() as connection:
        connection.execute(ENTRIES.delete())
        connection.execute(USES.delete())
    for path in cache.glob("vectune.db*"):
        path.unlink()
    assert taken(shelf) == before


@pytest.mark.parametrize("broken", ["reading", "writing"])
def test_without_room_or_a_database_the_files_are_asked_alone(shelf, monkeypatch, broken):
    put("a", "first t1")
    put("b", "second t1")

    def fail():
        raise WorkspaceError("disk full")

    monkeypatch.setattr(inventory, broken, fail)
    assert taken(shelf).keys() == {"a", "b"}


def test_a_title_that_no_database_takes_is_escaped(shelf):
    put("a", "x")
    shelf = Shelf("things", lambda path: About("caf\udce9\0.txt"))
    assert [entry.title for entry in take_inventory([shelf])] == ["caf\udce9\0.txt"]
    assert [entry.title for entry in take_inventory([shelf])] == ["caf\\udce9.txt"]


def test_two_servers_may_take_it_at_once(shelf):
    for number in range(30):
        put(f"n{number}", f"title t{number}")
    found, problems = [], []

    def take():
        try:
            found.append(taken(shelf))
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert len(found) == 4
    assert all(each == found[0] for each in found)
    assert len(found[0]) == 30
