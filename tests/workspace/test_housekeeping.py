"""Nothing that a workspace or a demo session refers to is ever cleared."""

import os

import pytest
from workspaces import content_of, save, spoil

from core.comparison.study.store import StudyOrder, StudySource
from core.config import TrainConfig
from core.system.files import cache_folder, write_json
from core.system.typed_json import encode_record
from core.text.reading.uploads import Upload
from core.workspace.asked_runs import Run
from core.workspace.asked_studies import AskedStudy
from core.workspace.demo_sessions import DemoSession, Step, save_demo
from core.workspace.housekeeping import clear_remakeable, clear_unused, is_shared, measure_parts
from core.workspace.texts import TextChoice, has_text, keep_uploads, kept_text
from core.workspace.workspace import RemovedRun, Workspace


def make_old():
    for path in cache_folder().rglob("*"):
        os.utime(path, (0, 0))


def entries(folder):
    return sorted(path.name for path in cache_folder(folder).iterdir())


def run_called(identity, **fields):
    return Run(identity, TrainConfig(strategy="counts"), "text", cache_folder("texts", "gone"), **fields)


@pytest.fixture
def kept():
    """Digests of a text of a workspace, of one of a demo session, and of one of nobody."""
    digests = [keep_uploads([Upload(f"{name}.txt", f"the words of {name}".encode())]) for name in ("a", "b", "c")]
    for digest in digests:
        kept_text(TextChoice(digest))
    save("alice", Workspace(text=TextChoice(digests[0])))
    demo = Workspace(text=TextChoice(digests[1]), runs=(run_called("of-the-demo"),))
    save_demo(DemoSession("Demo", (Step("Look."),), demo), "news")
    for run in ("of-the-demo", "of-nobody"):
        write_json(cache_folder("runs", run, "run.json"), {})
    return digests


def test_what_is_referred_to_stays_and_the_rest_goes(kept):
    make_old()
    clear_unused()
    assert [has_text(TextChoice(digest)) for digest in kept] == [True, True, False]
    assert entries("uploads") == sorted(kept[:2])
    assert entries("runs") == ["of-the-demo"]


def test_what_is_new_stays(kept):
    clear_unused()
    assert all(has_text(TextChoice(digest)) for digest in kept)


def test_removed_runs_that_can_come_back_stay(kept):
    save("bob", Workspace(removed=((RemovedRun(run_called("of-nobody"), 0),),)))
    make_old()
    clear_unused()
    assert entries("runs") == ["of-nobody", "of-the-demo"]


def test_the_upload_of_a_listed_run_stays_and_how_it_was_read(kept):
    """It was cleared once the workspace had another text: "Copy as Python" needs the names of its files."""
    source = TextChoice(kept[2])
    save("bob", Workspace(text=TextChoice(kept[0]), runs=(run_called("of-nobody", source=source),)))
    make_old()
    clear_unused()
    assert kept[2] in entries("uploads")
    assert has_text(source)


def test_the_models_of_a_study_stay_that_was_made_while_nobody_looked(kept):
    """The workspace knows what it asked for; which models came of it says the study itself, once there is one."""
    sources = tuple(StudySource(name, cache_folder("texts", name), None) for name in "ab")
    order = StudyOrder(sources, TrainConfig(strategy="counts"))
    study = AskedStudy(order, (TextChoice(kept[0]), TextChoice(kept[1])))
    save("bob", Workspace(studies=(study,)))
    clear_unused()  # what the workspace refers to is noted, and the study is not made yet
    about = {"texts": ["a", "b"], "runs": ["of-nobody", "other"], "documents": [1, 1], "tokens": [9, 9]}
    write_json(order.folder / "about.json", {**about, "languages": [None, None], "version": 1})
    make_old()
    clear_unused()
    assert entries("runs") == ["of-nobody", "of-the-demo"]
    save("bob", Workspace())
    clear_unused()
    assert entries("runs") == ["of-the-demo"]


def test_what_a_workspace_names_that_this_version_cannot_read_stays(kept):
    mine = encode_record(Workspace(text=TextChoice(kept[2]), runs=(run_called("of-nobody"),)))
    for unreadable in (mine.replace('"version": 1', '"version": 99'), mine.replace('"counts"', '"magic"'), mine[:-9]):
        spoil("bob", unreadable)
        make_old()
        clear_unused()
        assert kept[2] in entries("uploads")
        assert "of-nobody" in entries("runs")
        assert is_shared(kept[2], "alice")
        assert content_of("bob") == unreadable


def test_parts_say_what_is_unused(kept):
    make_old()
    parts = {part.folder: part for part in measure_parts()}
    assert (parts["uploads"].entries, parts["uploads"].unused_entries) == (3, 1)
    assert 0 < parts["uploads"].unused_bytes < parts["uploads"].bytes


def test_a_text_of_another_workspace_or_demo_is_shared(kept):
    assert not is_shared(kept[0], "alice")
    assert is_shared(kept[0], "bob")
    assert is_shared(kept[1], "alice")
    assert not is_shared(kept[2], "alice")


def test_results_that_can_be_made_again_are_cleared(kept):
    write_json(cache_folder("layouts", "x", "layout.json"), {})
    clear_remakeable()
    assert entries("layouts") == []
    assert has_text(TextChoice(kept[0]))
