"""Workspaces on a disk that is full or may not be written: they open, change with a sentence, and can be erased."""

from dataclasses import replace

import pytest
from made_runs import LEFT, TOKEN, make_workspace
from small_disk import fill, mounted, read_only
from workspaces import id_of, saved

from core.errors import WorkspaceError
from core.models.runs import run_folder
from core.system import database
from core.workspace.erasure import erase_workspace
from core.workspace.store import WorkspaceErased, change_workspace, load_workspace


@pytest.fixture
def disk(tmp_path, monkeypatch):
    with mounted(tmp_path / "disk", 3) as place:
        monkeypatch.setenv("VECTUNE_CACHE", str(place / "cache"))
        make_workspace(pins=("word3",))
        yield place
        database.close()


def test_on_a_full_disk_a_workspace_opens_and_can_be_erased(disk):
    identity = id_of(TOKEN)
    fill(disk)
    before = saved(TOKEN)
    with pytest.raises(WorkspaceError, match="disk is full"):
        change_workspace(identity, before, replace(before, pins=()))
    database.close()  # as after a restart
    assert saved(TOKEN).pins == ("word3",)
    erase_workspace(identity)
    assert not run_folder(LEFT).exists()
    with pytest.raises(WorkspaceErased):
        load_workspace(identity)


def test_on_a_disk_that_may_only_be_read_a_workspace_opens(disk):
    with read_only(disk):
        database.close()  # what is open already may be written through this second mount
        before = saved(TOKEN)
        assert before.pins == ("word3",)
        with pytest.raises(WorkspaceError, match="cannot be written"):
            change_workspace(id_of(TOKEN), before, replace(before, pins=()))
        database.close()
        assert saved(TOKEN) == before
    change_workspace(id_of(TOKEN), before, replace(before, pins=()))  # as soon as it can be written again
    assert saved(TOKEN).pins == ()
