"""Who refers to what stands in a table: always what the workspaces say, whoever wrote them."""

from dataclasses import replace

import pytest
import sqlalchemy as sql
from databases import SCHEMA_1, everything_kept, run_script
from workspaces import save, saved, spoil

from core.config import TrainConfig
from core.system.database import reading, writing
from core.system.files import cache_folder
from core.system.inventory import take_inventory
from core.system.tables import USES, WORKSPACES
from core.system.typed_json import encode_record
from core.text.reading.uploads import Upload
from core.workspace import store
from core.workspace.asked_runs import Run
from core.workspace.erasure import erase_workspace
from core.workspace.references import references_of_all
from core.workspace.shelves import SHELVES
from core.workspace.texts import TextChoice, keep_uploads, kept_text
from core.workspace.uses import named_by
from core.workspace.workspace import ScoreForm, ShownScore, Workspace, remove_runs, restore_runs

pytestmark = pytest.mark.usefixtures("databases")


def run_called(name):
    text = TextChoice(f"upload of {name}")
    return Run(name, TrainConfig(strategy="counts"), "text", cache_folder("texts", f"text of {name}"), source=text)


def noted(holder):
    with reading() as connection:
        chosen = sql.select(USES.c.kind, USES.c.name).where(USES.c.holder == holder)
        return {(row.kind, row.name) for row in connection.execute(chosen)}


def test_the_table_follows_every_change():
    save("alice", Workspace())
    changes = (
        lambda was: replace(was, text=TextChoice("first"), runs=(run_called("a"), run_called("b"))),
        lambda was: replace(was, pins=("dog",)),
        lambda was: remove_runs(was, ["a"]),
        lambda was: replace(was, text=TextChoice("second"), pending=TextChoice("third")),
        lambda was: replace(restore_runs(was), score=ScoreForm(pairs="pairs", shown=ShownScore("card", "text of a"))),
        lambda was: replace(was, vectors=cache_folder("uploaded-vectors", "\udcff.txt"), pending=None),
        lambda was: replace(was, runs=()),
    )
    for change in changes:
        save("alice", change(saved("alice")))
        assert noted("alice") == named_by(saved("alice")).pairs_of_kind
    references = references_of_all()
    assert references.runs == references.rows == set()
    assert (references.uploads, references.scores, references.pairs) == ({"second"}, {"card"}, {"pairs"})
    assert references_of_all("alice").names == set()


def test_what_schema_1_kept_and_what_it_cannot_read_are_referred_to():
    run_script(SCHEMA_1)
    found = references_of_all("2" * 32)
    assert (found.uploads, found.runs, found.texts, found.scores) == ({"a" * 32}, {"b" * 32}, {"c" * 32}, {"d" * 32})
    damaged = references_of_all("1" * 32)
    assert {"a" * 32, "b" * 32, "c" * 32} <= damaged.runs
    assert "d" * 32 in damaged.scores


def test_an_erased_workspace_refers_to_nothing():
    save("alice", Workspace(runs=(run_called("a"),)))
    references_of_all()
    store.erase_from_store("alice")
    assert noted("alice") == set()
    assert references_of_all().names == set()


def test_what_a_server_of_an_earlier_version_writes_meanwhile_counts():
    save("alice", Workspace(runs=(run_called("a"),)))
    references_of_all()
    later = encode_record(Workspace(runs=(run_called("b"),)))
    with writing() as connection:
        version = WORKSPACES.c.version + 1
        connection.execute(WORKSPACES.update().where(WORKSPACES.c.id == "alice").values(content=later, version=version))
    assert references_of_all().runs == {"b"}


def test_a_workspace_that_is_damaged_later_still_has_what_it_had():
    save("alice", Workspace(runs=(run_called("a"),)))
    references_of_all()
    spoil("alice", '{"runs": [{"i')
    assert references_of_all().runs == {"a"}


def test_erasing_takes_what_the_tables_say_of_a_text_too(vectors_folder):
    upload = keep_uploads([Upload("zebra.txt", b"a few words of a zebra, and a few more words")])
    kept_text(TextChoice(upload))
    save("alice", Workspace(text=TextChoice(upload)))
    take_inventory(SHELVES)
    assert "zebra" in everything_kept()
    assert upload in everything_kept()
    erase_workspace("alice")
    assert "zebra" not in everything_kept()
    assert upload not in everything_kept()
