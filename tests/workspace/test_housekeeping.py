"""Nothing that a workspace or a demo session refers to is ever cleared."""

import os

import pytest

from core.system.files import cache_folder, write_json
from core.text.corpus import CorpusOptions
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.workspace.demo_sessions import DemoSession, Step, save_demo
from core.workspace.housekeeping import clear_remakeable, clear_unused, is_shared, measure_parts
from core.workspace.texts import has_text, keep_uploads, kept_text

STANDARD = (ReadOptions(), CorpusOptions())


def make_old():
    for path in cache_folder().rglob("*"):
        os.utime(path, (0, 0))


def entries(folder):
    return sorted(path.name for path in cache_folder(folder).iterdir())


@pytest.fixture
def kept():
    """Digests of a text of a workspace, of one of a demo session, and of one of nobody."""
    digests = [keep_uploads([Upload(f"{name}.txt", f"the words of {name}".encode())]) for name in ("a", "b", "c")]
    for digest in digests:
        kept_text(digest, *STANDARD)
    write_json(cache_folder("workspaces", "alice.json"), {"upload": digests[0], "reading": {}, "tokenising": {}})
    demo = {"upload": digests[1], "reading": {}, "tokenising": {}, "runs": [{"id": "of-the-demo"}]}
    save_demo(DemoSession("Demo", (Step("Look."),), demo), "news")
    for run in ("of-the-demo", "of-nobody"):
        write_json(cache_folder("runs", run, "run.json"), {})
    return digests


def test_what_is_referred_to_stays_and_the_rest_goes(kept):
    make_old()
    clear_unused()
    assert [has_text(digest, *STANDARD) for digest in kept] == [True, True, False]
    assert entries("uploads") == sorted(kept[:2])
    assert entries("runs") == ["of-the-demo"]


def test_what_is_new_stays(kept):
    clear_unused()
    assert all(has_text(digest, *STANDARD) for digest in kept)


def test_removed_runs_that_can_come_back_stay(kept):
    write_json(cache_folder("workspaces", "bob.json"), {"removed": [[{"id": "of-nobody"}]]})
    make_old()
    clear_unused()
    assert entries("runs") == ["of-nobody", "of-the-demo"]


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
    assert has_text(kept[0], *STANDARD)
