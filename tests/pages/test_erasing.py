"""Erasing from the pages: nothing of it stays in memory, other tabs let go of it, and one text can go alone."""

import gc
from pathlib import Path

import pytest
from app_driver import (
    everything,
    go,
    labels,
    open_app,
    paste,
    press,
    run,
    select_rows,
    trained_workspace,
    wait_for_maps,
)
from same_process import wait_for_calls
from small_texts import SENTENCES, small_glove
from workspaces import id_of, save, saved

from core.models.embedding import Embedding
from core.models.runs import has_run
from core.system import database
from core.text.corpus import Corpus
from core.workspace import erasure, store
from core.workspace.workspace import Workspace
from pages.shared import session

TEXT = "\n\n".join(SENTENCES[:3] * 6)
OTHER = TEXT.replace("river", "stream")


@pytest.fixture
def vectors(vectors_folder):
    return small_glove(vectors_folder / "tiny.8d.txt", [*SENTENCES[:3], "stream"])


def held():
    """Models and texts that somebody still holds."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, Embedding | Corpus)]


def mapped(cache):
    """Files of the cache folder that are mapped into memory, deleted ones too."""
    maps = Path("/proc/self/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    # but for the index of the database's log, which has numbers of pages only and stays open with its connections
    return {line for line in lines if str(cache) in line and not line.endswith("vectune.db-shm")}


def run_whole(app):
    """A run as a server makes it: app.py first, which says the news."""
    app.switch_page("app.py")
    run(app)


def test_no_model_and_no_text_stays_in_memory_or_mapped(vectors, cache):
    """They were held by caches, and in circles: deleted files stayed open for minutes."""
    before = held()
    app = open_app(w=trained_workspace(TEXT, vectors))
    go(app, "maps")
    wait_for_maps(app)
    assert wait_for_calls(60)  # a child would hold the models, and end; a thread of this process goes on
    go(app, "a_word")
    assert mapped(cache)
    assert len(held()) > len(before)
    go(app, "about")
    press(app, "Erase everything now")
    assert "Erased: 1 text, 2 models" in everything(app)
    assert [each for each in held() if not any(each is other for other in before)] == []
    assert mapped(cache) == set()


def test_another_tab_lets_go(vectors, cache):
    token = trained_workspace(TEXT, vectors)
    app, other = open_app(w=token), open_app(w=token)
    go(other, "storage")
    assert "Text: my text" in everything(other)
    go(app, "about")
    press(app, "Erase everything now")
    run_whole(other)
    assert "erased in another tab" in everything(other)
    go(other, "storage")
    assert "You have not uploaded anything" in everything(other)
    assert not any("bank" in str(value) for value in other.session_state._state.filtered_state.values())


def test_a_tab_whose_database_was_replaced_deletes_nothing_and_goes_on_when_it_is_back(vectors, cache):
    token = trained_workspace(TEXT, vectors)
    app = open_app(w=token)
    go(app, "storage")
    identity, runs = id_of(token), [each.id for each in saved(token).runs]
    database.close()
    for path in cache.glob("vectune.db*"):
        path.rename(path.with_name(f"away-{path.name}"))
    run_whole(app)
    assert "does not know this workspace" in app.session_state["kept-not-kept"]
    assert all(map(has_run, runs))
    assert app.session_state["visitor"] == identity
    database.close()
    for path in cache.glob("away-*"):
        path.replace(path.with_name(path.name.removeprefix("away-")))
    go(app, "a_word")
    app.text_input(key="word-search").set_value("river").run()
    assert not app.session_state["kept-not-kept"]
    assert [each.id for each in saved(token).runs] == runs
    assert "river" in saved(token).pins


def test_who_only_looks_can_leave_nothing_that_nobody_could_erase(vectors, cache):
    token = trained_workspace(TEXT, vectors)
    owner, before = id_of(token), saved(token)
    look = open_app(w=store.make_token(owner, may_write=False))
    paste(look, "zebras sing in the rain. " * 30)
    assert "nothing of yours is kept" in everything(look)
    assert not [path for path in cache.rglob("*") if path.is_file() and b"zebras" in path.read_bytes()]
    go(look, "models")
    select_rows(look, [0, 1])
    assert "Save the demo" in labels(look)
    look.text_input(key="demo-title").set_value("Mine").run()
    press(look, "Save the demo")
    assert "nothing of yours is kept" in everything(look)
    assert not list(cache.glob("demos/*.json"))
    go(look, "about")
    assert "Erase everything now" not in labels(look)
    assert saved(token) == before


def test_what_another_tab_was_about_to_keep_is_of_a_new_workspace(vectors, cache, monkeypatch):
    """Between two looks at what other tabs do: what is brought then is listed where it can be deleted again."""
    token = trained_workspace(TEXT, vectors)
    other = open_app(w=token)
    erasure.erase_workspace(id_of(token))
    monkeypatch.setattr(session, "take_changes", lambda: False)
    paste(other, "zebras sing. " * 30)
    run_whole(other)
    assert "erased in another tab" in everything(other)
    token = other.query_params["w"]
    new = saved(token[0] if isinstance(token, list) else token)
    assert new.uploads == (new.text.upload,)
    assert new.runs == ()


def two_texts(vectors):
    """Token of a workspace with a text in use and models of it, and models of another text."""
    tokens = [trained_workspace(text, vectors) for text in (TEXT, OTHER)]
    first, second = map(saved, tokens)
    token = "t" * 22
    save(
        token,
        Workspace(
            text=first.text,
            uploads=(second.text.upload, first.text.upload),
            vectors=vectors,
            runs=(*first.runs, *second.runs),
            pins=("stream", "river", "bank"),
        ),
    )
    for each in tokens:
        erasure.erase_workspace(id_of(each))
    return token, first, second


def delete_text(app, upload):
    app.button(key=f"delete-{upload}").click()
    run(app)


def test_one_text_goes_with_its_models_and_the_page_says_so_first(vectors, cache):
    token, first, second = two_texts(vectors)
    app = open_app(w=token)
    go(app, "storage")
    assert "Text: my text · 2 models" in everything(app)
    assert "Text: my text, in use · 2 models" in everything(app)
    assert "with 2 models made from it" in everything(app)
    assert "Your other texts and your vectors files stay." in everything(app)
    delete_text(app, second.text.upload)
    kept = saved(token)
    assert (kept.text, kept.uploads, kept.runs) == (first.text, (first.text.upload,), first.runs)
    assert kept.pins == ("river", "bank")
    assert all(has_run(run.id) for run in first.runs)
    assert not any(has_run(run.id) for run in second.runs)
    assert not any(b"stream" in path.read_bytes() for path in cache.rglob("*") if path.is_file())
    delete_text(app, first.text.upload)
    assert "You have not uploaded anything" in everything(app)
    assert not any(b"river" in path.read_bytes() for path in cache.rglob("*") if path.is_file())
