"""Workspaces in the database: nothing another tab did is lost, what was erased stays erased, and no token is kept."""

import os
from dataclasses import replace

import pytest
from databases import PROCESSES, everything_kept

from core.workspace import store
from core.workspace.erasure import erase_workspace, finish_erasures
from core.workspace.store import WorkspaceErased, WorkspaceUnknown, merge_changes
from core.workspace.workspace import Workspace

pytestmark = pytest.mark.usefixtures("databases")


def change(identity, **fields):
    """As a tab that has just seen the workspace."""
    before = store.load_workspace(identity).workspace
    return store.change_workspace(identity, before, replace(before, **fields))


def test_a_token_opens_what_it_was_made_for_and_an_invented_one_nothing(cache):
    identity, token = store.create_workspace()
    assert store.find_workspace(token) == store.Access(identity, may_write=True)
    assert store.find_workspace("a" * 22) is None
    assert store.find_workspace("") is None
    assert identity in everything_kept()
    assert token not in everything_kept()
    assert not [path for path in cache.rglob("*") if path.is_file() and token.encode() in path.read_bytes()]


def test_a_link_to_look_may_not_write_and_a_new_link_ends_the_old_ones():
    identity, token = store.create_workspace()
    look = store.make_token(identity, may_write=False)
    assert store.find_workspace(look) == store.Access(identity, may_write=False)
    new = store.renew_tokens(identity)
    assert store.find_workspace(new) == store.Access(identity, may_write=True)
    assert store.find_workspace(token) is None
    assert store.find_workspace(look) is None


def test_an_older_tab_keeps_what_a_newer_one_did():
    identity, _ = store.create_workspace()
    old = store.load_workspace(identity)
    change(identity, pins=("bank", "river"), colour="count")
    kept = store.change_workspace(identity, old.workspace, replace(old.workspace, pins=("sea",)))
    assert set(kept.workspace.pins) == {"bank", "river", "sea"}
    assert kept.workspace.colour == "count"
    assert kept.version == old.version + 2


@pytest.mark.parametrize(
    ("kept", "before", "after", "merged"),
    [
        (("a", "b"), ("a",), ("a", "c"), ("b", "a", "c")),  # both added
        (("b",), ("a", "b"), ("a", "b", "c"), ("b", "c")),  # one removed, the other added
        (("a", "b", "c"), ("a", "b"), ("b",), ("c", "b")),  # the other way round
        ((), ("a",), ("a",), ()),
        (("a",), ("a",), (), ()),
    ],
)
def test_lists_are_merged_by_entry(kept, before, after, merged):
    sides = (Workspace(pins=pins) for pins in (kept, before, after))
    assert merge_changes(*sides).pins == merged


def test_mappings_are_merged_by_key():
    kept, before, after = (Workspace(doses=doses) for doses in ({"a": 0.1, "b": 0.2}, {"a": 0.1}, {"a": 0.5}))
    assert merge_changes(kept, before, after).doses == {"a": 0.5, "b": 0.2}


def test_what_was_erased_stays_erased_for_a_tab_that_has_it_open():
    identity, token = store.create_workspace()
    old = store.load_workspace(identity).workspace
    store.erase_from_store(identity)
    with pytest.raises(WorkspaceErased):
        store.change_workspace(identity, old, replace(old, pins=("bank",)))
    with pytest.raises(WorkspaceErased):
        store.load_workspace(identity)
    assert store.find_workspace(token) is None
    assert "bank" not in everything_kept()


def test_what_the_database_has_never_heard_of_was_not_erased():
    """It was emptied, or another one stands in its place: what the tab refers to must stay."""
    identity = "0" * 32
    for use in (
        lambda: store.read_version(identity),
        lambda: store.load_workspace(identity),
        lambda: store.change_workspace(identity, Workspace(), Workspace(pins=("bank",))),
        lambda: erase_workspace(identity),
    ):
        with pytest.raises(WorkspaceUnknown, match="Nothing of the workspace was deleted"):
            use()


def test_a_start_leaves_nothing_in_the_log_of_what_a_killed_server_had_deleted(cache):
    identity, _ = store.create_workspace()
    change(identity, pins=("zebra",))
    change(identity, pins=())
    finish_erasures()
    assert not [path for path in cache.rglob("*") if path.is_file() and b"zebra" in path.read_bytes()]


def test_erasing_leaves_nothing_in_the_files_of_the_database(cache):
    identity, _ = store.create_workspace()
    change(identity, pins=tuple(f"zebra{number}" for number in range(2000)))
    change(identity, pins=("zebra",))
    assert "zebra" in everything_kept()
    store.erase_from_store(identity)
    assert "zebra" not in everything_kept()
    assert not [path for path in cache.rglob("*") if path.is_file() and b"zebra" in path.read_bytes()]


def pin_many(environment, identity, worker, times):
    os.environ.update(environment)
    for number in range(times):
        before = store.load_workspace(identity).workspace
        store.change_workspace(identity, before, replace(before, pins=(*before.pins, f"w{worker}-{number}")))


def test_many_processes_change_one_workspace_and_nothing_is_lost():
    identity, _ = store.create_workspace()
    environment = dict(os.environ)
    workers = [PROCESSES.Process(target=pin_many, args=(environment, identity, worker, 25)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 8
    pins = store.load_workspace(identity).workspace.pins
    assert set(pins) == {f"w{worker}-{number}" for worker in range(8) for number in range(25)}
