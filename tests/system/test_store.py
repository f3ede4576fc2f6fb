"""A store that machines share without a common folder: what each has in its cache folder is a copy of it."""

import importlib
import os
import pickle
import secrets
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from cluster_machine import require_cluster

from core.errors import StoreError, WorkspaceError
from core.prose.about import PRIVACY, PRIVACY_WITH_A_STORE
from core.system import database
from core.system.entries import entries_of, is_kept, paths_of, relocate, remove_entry
from core.system.files import cache_folder, cache_root, new_folder, room_for, store_copies, write_text
from core.system.store.address import find_store, show_address
from core.system.store.upkeep import settle_copies

ROOT = Path(__file__).parents[2]
DIGEST = "0123456789abcdef" * 2


STORE_OF_TESTS = os.environ.get("VECTUNE_TEST_STORE", "").strip()
"""Address of a bucket, or another place, in which tests may make stores of their own; they do not delete these."""


@pytest.fixture(params=["memory", "file", "named"] if STORE_OF_TESTS else ["memory", "file"])
def address(request, tmp_path):
    """An empty store in each kind of place."""
    require_cluster()  # fsspec comes with Dask
    name = secrets.token_hex(8)
    return {"memory": f"memory://{name}", "file": f"file://{tmp_path}/bucket", "named": f"{STORE_OF_TESTS}/{name}"}[
        request.param
    ]


@pytest.fixture
def machine(address, tmp_path, monkeypatch):
    """Go on as the machine of that name, with a cache folder of its own."""

    def go(name):
        monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / name))
        store_copies().forget_looks()  # as if some seconds had passed

    monkeypatch.setenv("VECTUNE_STORE", address)
    go("one")
    return go


def keep(kind, name, **files):
    with new_folder(cache_folder(kind, name)) as new:
        for file, text in files.items():
            (new / file).write_text(text)
    return cache_folder(kind, name)


def in_store(prefix=""):
    return set(store_copies().store.entries(prefix))


def objects():
    store = store_copies().store
    return sorted(key[len(store._root) + 1 :] for key in store._find(""))


def test_what_one_machine_keeps_is_there_for_another_and_the_same(machine):
    one = keep("texts", DIGEST, words="a dog", counts="1 1")
    write_text(cache_folder("opened", "key.json"), "{}")
    write_text(cache_folder("scores", "models", "m.json"), "1")
    write_text(cache_folder("uploaded-vectors", "me") / "mine [1]*?#%.vec", "dog 1 2")
    assert in_store() == {
        f"texts/{DIGEST}",
        "opened/key.json",
        "scores/models/m.json",
        "uploaded-vectors/me/mine [1]*?#%.vec",
    }
    machine("other")
    other = cache_folder("texts", DIGEST)
    assert other != one
    assert sorted((path.name, path.read_text()) for path in other.iterdir()) == [("counts", "1 1"), ("words", "a dog")]
    assert cache_folder("opened", "key.json").read_text() == "{}"
    assert cache_folder("scores", "models", "m.json").read_text() == "1"
    (vectors,) = cache_folder("uploaded-vectors", "me").iterdir()
    assert vectors.read_text() == "dog 1 2"
    machine("one")
    assert (cache_folder("uploaded-vectors", "me") / vectors.name).stat().st_mtime_ns == vectors.stat().st_mtime_ns


def test_what_is_not_there_is_looked_for_again_only_after_a_moment(machine):
    machine("other")
    assert not cache_folder("runs", DIGEST).exists()
    machine("one")
    keep("runs", DIGEST, words="dog")
    os.environ["VECTUNE_CACHE"] = str(cache_root().parent / "other")  # without forgetting looks
    assert not cache_folder("runs", DIGEST).exists()
    store_copies().forget_looks()
    assert cache_folder("runs", DIGEST).is_dir()


def test_work_that_fails_or_is_killed_leaves_nothing_in_the_store(machine, monkeypatch):
    with suppress(ZeroDivisionError), new_folder(cache_folder("runs", DIGEST)) as new:
        (new / "words").write_text("dog")
        raise ZeroDivisionError
    assert objects() == []
    store = store_copies().store

    def fail(local, there, **options):
        if not store._appears_whole:
            store._system.pipe_file(there, Path(local).read_bytes()[:5])
        raise ConnectionError("the network is gone, and the key is hunter2")

    monkeypatch.setattr(store._system, "put_file", fail)
    with pytest.raises(StoreError, match=r"does not answer \(ConnectionError\)") as found:
        keep("runs", DIGEST, words="dog")
    assert "hunter2" not in str(found.value)
    assert (in_store(), list((cache_root() / "runs").iterdir())) == (set(), [])
    told = pytest.raises(WorkspaceError, match=r"The text cannot be kept. The store at .* does not answer")
    with told, room_for("The text", WorkspaceError):
        keep("runs", DIGEST, words="dog")


def test_what_killed_work_left_half_put_is_no_entry_and_goes(machine, monkeypatch):
    store = store_copies().store
    if store._appears_whole:
        pytest.skip("it has no drafts")
    draft = store._path(".drafts/abc")
    store._make_parent(draft)
    store._system.pipe_file(draft, b"half")
    assert in_store() == set()
    settle_copies()
    assert ".drafts/abc" in objects()  # somebody may be at it
    now = time.time()
    monkeypatch.setattr("core.system.store.objects.time.time", lambda: now + 3600)
    settle_copies()
    assert objects() == ["store.json"]


def test_what_is_written_anew_is_so_on_every_machine(machine):
    keep("texts", DIGEST, names="Ann's diary", words="dog")
    write_text(cache_folder("demos", "d.json"), "first")
    machine("other")
    copy = cache_folder("texts", DIGEST)
    assert cache_folder("demos", "d.json").read_text() == "first"
    machine("one")
    write_text(cache_folder("texts", DIGEST) / "names", "text")
    write_text(cache_folder("demos", "d.json"), "second")
    assert len(objects()) == 3  # the store's own, and one for each: nothing of the diary is left
    machine("other")
    assert cache_folder("demos", "d.json").read_text() == "second"  # what may change is compared at once
    settle_copies()
    assert sorted((path.name, path.read_text()) for path in copy.iterdir()) == [("names", "text"), ("words", "dog")]


def test_erased_is_erased_in_the_store_and_on_every_machine(machine):
    keep("texts", DIGEST, words="dog")
    keep("layouts", f"{DIGEST}-x", left="1")
    machine("other")
    cache_folder("texts", DIGEST)
    mine = cache_root() / "layouts" / "never-in-the-store"
    mine.mkdir(parents=True)
    gone = []
    machine("third")  # has copies of neither, and finds them by the digest
    found = [*entries_of("texts", {DIGEST}), *entries_of("layouts", {DIGEST})]
    assert all(map(remove_entry, found))
    assert (len(found), objects()) == (2, ["store.json"])
    machine("other")
    settle_copies(before_removal=gone.append)
    assert gone == [cache_root() / "texts" / DIGEST]
    assert [path for path in cache_root().rglob("*") if DIGEST in path.name] == []
    assert mine.is_dir()


def test_what_is_kept_again_while_another_machine_erases_it_is_put_again(machine):
    folder = keep("uploads", DIGEST, words="dog")
    machine("other")
    remove_entry(cache_root() / "uploads" / DIGEST)
    machine("one")
    assert is_kept(folder)
    settle_copies()
    assert (is_kept(folder), in_store()) == (True, {f"uploads/{DIGEST}"})


def test_a_cache_folder_that_was_there_before_is_taken_over(machine, monkeypatch):
    address = os.environ.pop("VECTUNE_STORE")
    keep("texts", DIGEST, words="dog")
    write_text(cache_folder("scores", "models", "m.json"), "1")
    write_text(cache_folder("uploaded-vectors", "me", "mine.vec"), "dog 1 2")
    monkeypatch.setenv("VECTUNE_STORE", address)
    settle_copies()
    assert (in_store(), is_there := cache_folder("texts", DIGEST).is_dir()) == (set(), True)
    settle_copies(adopt=True)
    assert is_there
    assert in_store() == {f"texts/{DIGEST}", "scores/models/m.json", "uploaded-vectors/me/mine.vec"}


def test_a_store_that_was_emptied_takes_no_copies_along(machine):
    folder = keep("texts", DIGEST, words="dog")
    store_copies().store.delete("")
    with pytest.raises(StoreError, match=r"is no longer the one that this machine has copies of"):
        settle_copies()
    assert folder.is_dir()


def test_paths_lead_to_the_same_on_every_machine(machine):
    pytest.importorskip("distributed")
    from core.system.cluster.calls import pack_value, unpack_value

    text = keep("texts", DIGEST, words="dog")
    vectors = cache_folder("uploaded-vectors", "me", "mine.vec")
    packed = pack_value((text, vectors, Path("/elsewhere/texts"), "word"))
    assert str(cache_root()).encode() not in packed
    machine("other")
    other, *rest = unpack_value(packed)
    assert (other / "words").read_text() == "dog"
    assert rest == [cache_root() / "uploaded-vectors/me/mine.vec", Path("/elsewhere/texts"), "word"]
    assert relocate(text) == text  # it is there, as this is the same machine
    away = Path("/not/here") / "texts" / DIGEST
    assert relocate(away) == other
    assert relocate(Path("/not/here/texts/mine.vec")) == Path("/not/here/texts/mine.vec")
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(packed)


def test_names_are_those_of_the_store_and_of_this_machine(machine):
    keep("runs", "a" * 32, words="dog")
    machine("other")
    keep("runs", "b" * 32, words="cat")
    assert {path.name for path in paths_of("runs")} == {"a" * 32, "b" * 32}
    assert not (cache_root() / "runs" / ("a" * 32)).exists()  # naming it gets nothing


def test_without_a_database_for_all_nothing_is_begun(machine, monkeypatch):
    monkeypatch.delenv(database.DATABASE_VARIABLE, raising=False)
    told = pytest.raises(WorkspaceError, match=r"VECTUNE_STORE is set, and VECTUNE_DATABASE is not.*postgresql://")
    with told, database.reading():
        pass


@pytest.mark.parametrize("given", ["bucket/folder", "s3:/bucket", "s3://", "s3://a b"])
def test_an_address_of_a_store_that_is_none_is_told(given, monkeypatch):
    monkeypatch.setenv("VECTUNE_STORE", given)
    with pytest.raises(StoreError, match=r"VECTUNE_STORE is no address\. Write s3://BUCKET/FOLDER"):
        find_store()


def test_what_is_said_of_privacy_is_true_of_a_store():
    plain, stored = dict(PRIVACY), dict(PRIVACY_WITH_A_STORE)
    assert plain.keys() == stored.keys()
    assert "one folder" in plain["Where"]
    assert not [text for text in stored.values() if "folder" in text or "Nothing is sent to anybody" in text]


def test_a_password_in_the_address_is_shown_to_nobody():
    assert show_address("sftp://ann:hunter2@host/x") == "sftp://host/x"
    assert show_address("s3://bucket/x") == "s3://bucket/x"


def refuse(*arguments, **options):
    raise PermissionError("Access Key Id AKIA1 does not exist")


def test_what_a_store_refuses_is_told_without_what_it_says(machine, monkeypatch, caplog):
    monkeypatch.setattr(store_copies().store._system, "find", refuse)
    with pytest.raises(StoreError, match=r"lets nobody in.*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY") as found:
        cache_folder("runs", DIGEST)
    assert "AKIA1" not in str(found.value)
    assert "AKIA1" in caplog.text
    assert not remove_entry(cache_root() / "runs" / DIGEST)


def test_a_kind_of_store_that_nobody_knows_is_told(monkeypatch):
    require_cluster()
    monkeypatch.setenv("VECTUNE_STORE", "s4://bucket")
    with pytest.raises(StoreError, match=r"VECTUNE_STORE is s4://bucket, and that cannot be opened"):
        cache_folder("runs", DIGEST)


def test_without_what_talks_to_s3_it_says_so(monkeypatch):
    require_cluster()
    registry = importlib.import_module("fsspec.registry")
    monkeypatch.setitem(sys.modules, "s3fs", None)
    for protocol in ("s3", "s3a"):  # a test before may have talked to it
        monkeypatch.delitem(registry._registry, protocol, raising=False)
    monkeypatch.setenv("VECTUNE_STORE", "s3://bucket/folder")
    with pytest.raises(StoreError, match=r"s3://bucket/folder.*pip install -c requirements-cluster\.txt s3fs"):
        cache_folder("runs", DIGEST)


def test_without_what_talks_to_a_store_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setenv("VECTUNE_STORE", "memory://not-installed")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(StoreError, match=r"pip install -r requirements-cluster\.txt"):
        cache_folder("runs", DIGEST)
    cache_folder("numba", "x")  # what is each machine's own asks nobody


def test_without_a_store_nothing_of_fsspec_is_imported():
    code = (
        "import sys, core.system.store.upkeep\n"
        "from core.system.files import cache_folder\n"
        "cache_folder('runs', 'x')\n"
        "assert 'fsspec' not in sys.modules\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "VECTUNE_STORE"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
