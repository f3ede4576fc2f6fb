"""Erasing takes everything of one workspace and nothing of another."""

import numpy as np
import pytest
from app_driver import everything, go, open_app, press, trained_workspace
from small_texts import SENTENCES, small_glove
from workspaces import all_demos, content_of, id_of, save, saved, spoil

from core.errors import WorkspaceError
from core.models.runs import has_run
from core.prose.glossary import GLOSSARY
from core.system import unfinished
from core.system.files import cache_folder
from core.system.typed_json import encode_record
from core.workspace import erasure, store
from core.workspace.demo_sessions import Step, gather_demo, save_demo
from core.workspace.erasure import erase_workspace, finish_erasures
from core.workspace.texts import has_text, kept_text
from core.workspace.workspace import Workspace

TEXT = "\n\n".join(SENTENCES[:3] * 6)
_WORDS = ["zebra", *("abcdefghij"[i // 10] + "aeiouylmns"[i % 10] + "x" for i in range(100))]
SECRET = "\n\n".join(" ".join(["zebra", *np.random.default_rng(place).choice(_WORDS, 40)]) + "." for place in range(40))


pytestmark = pytest.mark.usefixtures("vectors_folder")


@pytest.fixture
def vectors(vectors_folder):
    return small_glove(vectors_folder / "tiny.8d.txt", [*SENTENCES[:3], SECRET])


def files_that_mention(folder, *needles):
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [path.relative_to(folder) for needle in needles if needle.encode() in data]
    return found


def test_what_somebody_else_uses_stays(vectors, cache):
    mine, same, other = (trained_workspace(text, vectors) for text in (SECRET, SECRET, TEXT))
    runs = [run.id for run in saved(mine).runs]
    assert runs == [run.id for run in saved(same).runs]
    before = {path.relative_to(cache) for path in cache.rglob("*") if "numba" not in path.parts}
    assert erase_workspace(mine).models == 0
    gone = before - {path.relative_to(cache) for path in cache.rglob("*")}
    assert {str(path) for path in gone} <= {"exports"}
    assert erase_workspace(same).models == 2
    assert not any(has_run(run) for run in runs)
    assert all(has_run(run.id) for run in saved(other).runs)


def test_a_text_that_somebody_else_reads_stays_without_a_model_of_theirs(vectors):
    """Erasing asked only runs for texts: the words of a text that another had merely opened were erased."""
    mine, other = trained_workspace(TEXT, vectors), "o" * 22
    text = saved(mine).text
    digest = kept_text(text).corpus.digest
    save(other, Workspace(text=text))
    erase_workspace(mine)
    assert has_text(text)
    assert cache_folder("texts", digest).is_dir()


def test_what_cannot_be_read_keeps_all_that_it_names_and_stays(vectors):
    mine = trained_workspace(TEXT, vectors)
    workspace = saved(mine)
    later = encode_record(workspace).replace('"version": 1', '"version": 99')
    for unreadable in (later, later[:-400], '{"runs": [{"id": "' + workspace.runs[0].id):
        spoil("o" * 22, unreadable)
        damaged = cache_folder("runs", "damaged", "run.json")
        damaged.parent.mkdir(parents=True, exist_ok=True)
        damaged.write_text(unreadable, "utf-8")
        assert erase_workspace(mine).models <= len(workspace.runs) - 1
        assert has_run(workspace.runs[0].id)
        assert content_of("o" * 22) == damaged.read_text("utf-8") == unreadable
        mine = f"{mine}-"
        save(mine, workspace)


def test_a_demo_keeps_its_models_until_its_owner_erases(vectors):
    owner = trained_workspace(TEXT, vectors)
    runs = saved(owner).runs
    identity = save_demo(gather_demo("T", [Step("See")], saved(owner), runs, owner))
    audience = open_app(demo=identity)
    token = audience.query_params["w"]
    erase_workspace(id_of(token[0] if isinstance(token, list) else token))
    assert all(has_run(run.id) for run in runs)
    erase_workspace(owner)
    assert not any(has_run(run.id) for run in runs)
    assert all_demos() == ()


def test_the_button_erases_and_gives_a_new_workspace(vectors):
    token = trained_workspace(TEXT, vectors)
    runs = saved(token).runs
    app = open_app(w=token)
    go(app, "about")
    assert "What is stored" in everything(app)
    press(app, "Erase everything now")
    assert "Erased: 1 text, 2 models" in everything(app)
    assert not any(has_run(run.id) for run in runs)
    new = app.query_params["w"]
    assert (new[0] if isinstance(new, list) else new) != token
    assert store.find_workspace(token) is None


def test_about_names_versions_licences_and_works():
    app = open_app()
    go(app, "about")
    table = app.dataframe[0].value
    assert set(table["Package"]) >= {"vectune", "gensim", "umap-learn", "streamlit"}
    assert table["Licence"].str.len().min() > 2
    for work in ("Pennington", "Mikolov", "McInnes", "Wortsman", "Khodak"):
        assert work in everything(app)


def test_the_glossary_lists_every_term_and_filters():
    app = open_app()
    go(app, "glossary")
    for entry in GLOSSARY.values():
        assert entry.text in everything(app)
    app.text_input(key="glossary-filter").set_value("procrustes").run()
    assert "alignment" in everything(app)
    assert GLOSSARY["window"].text not in everything(app)
    app.text_input(key="glossary-filter").set_value("xyzzy").run()
    assert "No term has that" in everything(app)


def test_a_newcomer_gets_three_lines_until_there_is_a_text(vectors):
    assert "Bring a text" in everything(open_app())
    assert "Bring a text" not in everything(open_app(w=trained_workspace(TEXT, vectors)))


def test_on_a_full_disk_the_files_go_first_and_make_room(vectors, cache, monkeypatch):
    token = trained_workspace(SECRET, vectors)
    identity, calls = id_of(token), []

    def erase_where_there_is_room(workspace, remains):
        calls.append(workspace)
        if has_run(run):
            raise WorkspaceError("disk I/O error")
        store.erase_from_store(workspace, remains)

    run = saved(token).runs[0].id
    monkeypatch.setattr(erasure, "erase_from_store", erase_where_there_is_room)
    assert erase_workspace(identity).models == 2
    assert calls == [identity] * 2
    assert not files_that_mention(cache, "zebra", "my text.txt")


def test_what_cannot_be_deleted_is_counted_and_goes_at_the_next_start(vectors, cache, monkeypatch):
    token = trained_workspace(SECRET, vectors)
    identity, runs = id_of(token), [run.id for run in saved(token).runs]

    def refuse_runs(path):
        return path.parent.name != "runs" and unfinished.remove(path)

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "remove_entry", refuse_runs)
        found = erase_workspace(identity)
    assert (found.models, found.left) == (2, 2)
    assert store.find_workspace(token) is None
    assert all(map(has_run, runs))
    assert not files_that_mention(cache / "texts", "zebra")
    assert finish_erasures() == 0
    assert not files_that_mention(cache, "zebra", "my text.txt")
    assert store.unfinished_erasures() == {}


def test_where_the_database_cannot_be_written_that_is_said_and_the_files_go(vectors, cache, monkeypatch):
    token = trained_workspace(SECRET, vectors)

    def refuse(*args):
        raise WorkspaceError("attempt to write a readonly database")

    monkeypatch.setattr(erasure, "erase_from_store", refuse)
    with pytest.raises(WorkspaceError, match="could not be erased: its settings and names are still in the database"):
        erase_workspace(id_of(token))
    assert not files_that_mention(cache / "runs", "zebra")
    assert not files_that_mention(cache / "uploads", "zebra")
