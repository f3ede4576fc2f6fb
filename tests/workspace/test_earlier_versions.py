"""What the version before records had types wrote still opens: a cache folder and a folder of the command line.

`tests/data/cache-v0` was made by walking through the app at commit aab8db7: a table of topics with labels, vectors that
the visitor uploaded, four models (one renamed, one removed), noise, a scorecard with word pairs, stability, a demo
session, an index; then `train` and `score`. Where it lay is called /frozen in it.
"""

import os
import shutil
from pathlib import Path

import pytest
import streamlit as st
from app_driver import everything, go, labels, open_app, press
from workspaces import id_of, save, saved

from core.cli.main import main
from core.models.embedding import result_digest
from core.models.runs import RUNS, is_whole, load_run
from core.pretrained.files import describe_file
from core.pretrained.index import open_index
from core.pretrained.vectors import load_pretrained
from core.score.scorecard import Scorecard, load_scorecard
from core.score.store import has_score, load_pairs
from core.system.files import read_json
from core.system.inventory import take_inventory
from core.system.typed_json import as_values, from_values, read_record
from core.text.reading.documents import ReadOptions
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.erasure import erase_workspace
from core.workspace.named_texts import list_texts
from core.workspace.references import references_of_all
from core.workspace.shelves import SHELVES
from core.workspace.texts import OPENED, OpenedUpload, TextChoice, kept_text, upload_names
from core.workspace.workspace import ShownScore

FROZEN = Path(__file__).parents[1] / "data" / "cache-v0"
TOKEN = "frozen-workspace-of-v0"
CHANGED = 1_700_000_000 * 10**9
"""When the vectors file was changed last, of which its index tells."""

BEFORE_THE_CHOICES = {"engine": "gensim", "dosed": False, "spelled": False}
"""What a record says that is older than the choices."""


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    """A copy of the frozen folder, as if it had been made there."""
    st.cache_resource.clear()
    root = tmp_path / "frozen"
    shutil.copytree(FROZEN, root)
    for path in root.rglob("*.json"):
        path.write_text(path.read_text("utf-8").replace("/frozen", str(root)), "utf-8")
    os.utime(root / "vectors" / "tiny.8d.txt", ns=(CHANGED, CHANGED))
    monkeypatch.setenv("VECTUNE_CACHE", str(root / "cache"))
    monkeypatch.setenv("VECTUNE_VECTORS", str(root / "vectors"))
    return root


def test_models_open(frozen):
    for folder in (frozen / "cache" / "runs").iterdir():
        assert is_whole(folder.name)
        model = load_run(folder.name)
        about = read_json(folder / "run.json")
        assert result_digest(model) == about["result"]
        assert model.config.as_dict() == about["config"] | BEFORE_THE_CHOICES
        assert model.sources.corpus.digest == about["inputs"]["corpus"]["digest"]
        assert (model.dose is None) == (model.config.strategy != "tuned")
        assert dict(model.details) == about["details"]


def test_the_folder_is_taken_over_by_either_database(frozen, databases):
    runs = {folder.name for folder in (frozen / "cache" / "runs").iterdir()}
    entries = take_inventory(SHELVES)
    assert {entry.name for entry in entries if entry.shelf == RUNS} == runs
    assert not any(entry.damaged for entry in entries)
    assert {run.id for run in saved(TOKEN).runs} <= references_of_all().runs <= runs
    assert saved(TOKEN).text.upload in references_of_all().uploads
    (opened, *_) = (entry for entry in entries if entry.shelf == OPENED)
    assert opened.title == "topics.csv"
    assert {kind for kind, _ in opened.uses} == {"uploads", "texts"}


def test_the_workspace_is_as_it_was(frozen):
    """Every field; what was a dict then has a type now."""
    old = read_json(frozen / "cache" / "workspaces" / f"{TOKEN}.json")
    opened = saved(TOKEN)
    assert opened.text == TextChoice(old["upload"], ReadOptions(**old["reading"]), CorpusOptions(**old["tokenising"]))
    assert [(text.name, text.choice, text.pins) for text in list_texts(opened)] == [("topics", opened.text, ())]
    assert str(opened.vectors) == old["vectors"].replace(TOKEN, id_of(TOKEN))
    assert opened.settings.strategies == tuple(old["settings"].pop("strategies"))
    assert opened.settings.values == old["settings"]
    assert [opened.left, opened.right, *opened.shown, *opened.pins] == [
        old["left"], old["right"], *old["shown"], *old["pins"]
    ]  # fmt: skip
    assert opened.doses == old["doses"]
    assert opened.score.left_out == tuple(old["score"]["left_out"])
    assert opened.score.shown == ShownScore(**old["score"]["shown"])
    assert opened.score.pairs == old["score"]["pairs"]
    pairs = zip([*opened.runs, opened.removed[0][0].run], [*old["runs"], old["removed"][0][0]], strict=True)
    for run, before in pairs:
        assert (run.id, run.text, run.vectors, run.asked, run.limit) == tuple(
            before[key] for key in ("id", "text", "vectors", "asked", "limit")
        )
        assert run.config.as_dict() == before["config"] | BEFORE_THE_CHOICES
        assert [str(each) for each in run.inputs] == [before["corpus_folder"], before["rows_folder"]]
        assert run.source.upload == before["upload"]
        assert run.title == before.get("title", "")
    assert opened.removed[0][0].place == old["removed"][0][0]["place"]
    save(TOKEN, opened)
    assert saved(TOKEN) == opened


def test_the_pages_open_it(frozen):
    app = open_app(w=TOKEN)
    assert "topics.csv" in everything(app)
    go(app, "models")
    assert set(app.dataframe[0].value["State"]) == {"finished"}
    assert app.dataframe[0].value["Score"].isna().all()  # three have one, of an earlier version: it asked otherwise
    assert "my best" in set(app.dataframe[0].value["Name"])
    press(app, "Undo removing 1 model")
    assert len(app.dataframe[0].value) == 4
    go(app, "what_changed")
    assert "Raw change, not yet told from noise" in everything(app)  # retrainings are the engine's now: not mixed
    go(app, "did_it_help")
    shown = everything(app)
    assert "Every model" in shown
    assert "were made by an earlier version" in shown
    assert "Score these" in " ".join(labels(app))
    again = [label for label in labels(app) if label.startswith("Measure")]
    assert not any("my best" in label for label in again)  # its stability is still known
    app = open_app(demo="frozen-demo")
    assert "step 1 of 2" in everything(open_app(w=app.query_params["w"]))


def test_what_else_was_kept_opens(frozen):
    cache = frozen / "cache"
    workspace = saved(TOKEN)
    pairs = load_pairs(workspace.score.pairs)
    assert len(pairs.pairs) > 80
    assert pairs.analogies == (("aaa", "aab", "aac", "aad"),)
    assert upload_names(workspace.text.upload) == ("topics.csv",)
    for folder in (cache / "scores").glob("*/scorecard.json"):
        card = load_scorecard(folder)
        assert repr(from_values(as_values(card), Scorecard)) == repr(card)
        assert card.positions == read_json(folder)["positions"]
    assert kept_text(workspace.text).corpus.digest == workspace.runs[0].corpus_folder.name
    corpora = {read_record(path, OpenedUpload).corpus for path in (cache / "opened").glob("*.json")}
    assert corpora >= {workspace.runs[0].corpus_folder.name}
    (file,) = describe_file(frozen / "vectors" / "tiny.8d.txt")
    assert open_index(file) is not None
    for folder in (cache / "rows").iterdir():
        assert load_pretrained(folder).digest == read_json(folder / "pretrained.json")["digest"]


def test_erasing_leaves_nothing_of_it(frozen):
    app = open_app(demo="frozen-demo")
    token = app.query_params["w"]
    erased = erase_workspace(id_of(TOKEN))  # the audience's copy keeps the models
    assert (erased.demos, erased.vectors_files) == (1, 1)
    copy = token[0] if isinstance(token, list) else token
    assert all(map(is_whole, (run.id for run in saved(copy).runs)))
    scored = saved(copy).score.shown.identity
    erase_workspace(id_of(copy))
    for kind in ("workspaces", "demos", "runs", "noise", "pairs", "uploaded-vectors"):
        assert list((frozen / "cache" / kind).iterdir()) == []
    assert not has_score(scored)


def test_a_model_is_made_again(frozen, tmp_path, capsys):
    made = frozen / "folder"
    assert main(["train", "--from", str(made / "pretrained" / "run.json"), "--out", str(tmp_path / "one")]) == 0
    for name in ("words.txt", "vectors.txt"):
        assert (tmp_path / "one" / "pretrained" / name).read_bytes() == (made / "pretrained" / name).read_bytes()
    code = main(["train", "--from", str(made / "run.json"), "--out", str(tmp_path / "all")])
    said = capsys.readouterr().err
    assert code == 0 or "What differs: " in said or "the processor may differ" in said  # another machine, other bits


def test_a_folder_is_compared_exported_and_scored(frozen, capsys):
    made = frozen / "folder"
    assert main(["compare", str(made), "--left", "counts", "--right", "classic", "--json"]) == 0
    assert main(["export", str(made), "classic", "--format", "csv", "--merged", "--out", str(made / "x.csv")]) == 0
    before = read_json(made / "score.json")
    assert main(["score", str(made), "--reference", "counts"]) == 0
    after = read_json(made / "score.json")
    for key in ("verdict", "reference", "chosen", "positions", "documents", "vocabulary", "evaluated"):
        assert after[key] == before[key], key
    assert after["models"]["counts"]["cloze"] != before["models"]["counts"]["cloze"]  # other questions
    for name, model in after["models"].items():  # what is no answer to them is as it was
        for key in ("strategy", "dose", "classification", "wordsim353", "alarms"):
            assert model[key] == before["models"][name][key], (name, key)
