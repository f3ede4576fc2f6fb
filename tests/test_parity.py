"""The pages and the command line give the same numbers for the same input."""

import base64
import json

import numpy as np
import pytest
import streamlit as st
from app_driver import choose_vectors, everything, go, labels, open_app, press, run, tick, train_and_wait, wait
from workspaces import saved

from core.cli.main import main
from core.models.runs import load_run
from core.pretrained.vectors import write_glove
from core.score.as_json import as_json
from core.score.store import load_score, model_key
from core.system.files import read_json
from core.workspace.texts import kept_text

WORDS = ["zebra", *("abcdefghij"[i // 10] + "aeiouylmns"[i % 10] + "x" for i in range(100))]
TEXT = "\n\n".join(
    " ".join(np.random.default_rng(place).choice(WORDS, 40, p=np.arange(101, 0, -1) / sum(range(102)))) + "."
    for place in range(40)
)


@pytest.fixture(autouse=True)
def vectors(cache, tmp_path, monkeypatch):
    st.cache_resource.clear()
    folder = tmp_path / "vectors"
    monkeypatch.setenv("VECTUNE_VECTORS", str(folder))
    path = folder / "tiny.8d.txt"
    write_glove(path, WORDS[:90], np.random.default_rng(1).normal(size=(90, 8)).astype(np.float32))
    return path


def numbers(packed):
    """An array as plotly sends it."""
    if isinstance(packed, list):
        return np.array(packed, np.float32)
    return np.frombuffer(base64.b64decode(packed["bdata"]), np.dtype(packed["dtype"])).astype(np.float32)


def workspace_of(app):
    token = app.query_params["w"]
    return saved(token[0] if isinstance(token, list) else token)


def text_of(app):
    """The text that the Data page has in use."""
    return kept_text(workspace_of(app).text)


def test_the_data_page_and_the_command_line_read_the_same_text(tmp_path, capsys):
    """A table in an old encoding with labels, read and cut in several ways; the notes name what the page shows."""
    table = tmp_path / "rows.csv"
    lines = [f'{place},{"sea" if place % 2 else "land"},"Café {part}"' for place, part in enumerate(TEXT.split("\n\n"))]
    table.write_bytes("\n".join(["id,kind,text", *lines]).encode("cp1252"))
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")

    app = open_app()
    files = [(each.name, each.read_bytes(), "text/csv") for each in (table,)]
    app.file_uploader(key="text-files").set_value(files).run()

    def compare(*options, files=(table,)):
        capsys.readouterr()
        named = [str(each) for each in files]
        assert main(["text", *named, *options, "--words", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        out = tmp_path / f"out {len(list(tmp_path.iterdir()))}"
        assert main(["train", "--text", *named, *options, "--strategy", "counts", "--out", str(out), "--json"]) == 0
        trained = json.loads(capsys.readouterr().out)["runs"]["counts"]["inputs"]["corpus"]
        text = text_of(app)
        corpus = text.corpus
        assert trained["digest"] == corpus.digest
        assert found["words"] == [list(pair) for pair in zip(corpus.words, corpus.counts.tolist(), strict=True)]
        assert [each["label"] for each in found["documents"]] == list(corpus.labels)
        assert [each["tokens"] for each in found["documents"]] == np.diff(corpus.document_starts).tolist()
        assert found["encodings"] == text.reading.encodings
        metrics = {each.label: each.value for each in app.metric}
        for label, key in (("Sentences", "sentences"), ("Tokens", "tokens"), ("Vocabulary", "types")):
            assert metrics[label] == f"{found[key]:,}"
        shown = everything(app).replace("\\", "")
        for problem in text.reading.problems:
            assert problem.sentence in shown
            assert f"Left out: {problem.sentence}" in found["notes"]
        hints = [note for note in found["notes"] if "tokens are" in note]
        assert hints
        assert all(hint in shown for hint in hints)

    compare("--label", "kind")
    next(each for each in app.radio if each.label == "Tokeniser").set_value("whitespace")
    next(each for each in app.toggle if each.label == "Lower-case every word").set_value(False)
    run(app)
    compare("--label", "kind", "--tokeniser", "whitespace", "--keep-case")
    next(each for each in app.selectbox if each.label == "Label column").select_index(0)
    next(each for each in app.selectbox if each.label == "Text column").select("kind")
    next(each for each in app.selectbox if each.label == "Encoding").select("latin-1")
    run(app)
    compare("--column", "kind", "--encoding", "latin-1", "--tokeniser", "whitespace", "--keep-case")

    app = open_app()
    text = tmp_path / "made up.txt"
    text.write_text(TEXT, encoding="utf-8")
    files = [(each.name, each.read_bytes(), "text/plain") for each in (text, empty)]
    app.file_uploader(key="text-files").set_value(files).run()
    compare(files=(text, empty))
    next(each for each in app.radio if each.label == "Tokeniser").set_value("nltk")
    run(app)
    compare("--tokeniser", "nltk", files=(text, empty))


def test_pages_and_command_line_agree_on_every_number(vectors, tmp_path, capsys):
    text = tmp_path / "made up.txt"
    text.write_text(TEXT, encoding="utf-8")

    app = open_app()
    app.file_uploader(key="text-files").set_value([(text.name, text.read_bytes(), "text/plain")]).run()
    choose_vectors(app, "tiny.8d.txt")
    coverage = {each.label: float(each.value.rstrip("%")) / 100 for each in app.metric if "Coverage" in each.label}
    go(app, "train")
    tick(app, "pretrained", False)
    app.number_input(key="setting-epochs_scratch").set_value(3).run()
    app.number_input(key="setting-epochs_tied").set_value(2).run()
    app.number_input(key="setting-window").set_value(4).run()
    train_and_wait(app)
    runs = {asked.config.strategy: asked for asked in workspace_of(app).runs}
    go(app, "maps")
    wait(app, lambda app: app.get("plotly_chart") and "A quick layout" not in everything(app), 120)
    maps = [json.loads(chart.proto.spec)["data"][0] for chart in app.get("plotly_chart")]
    maps = [trace for trace in maps if trace.get("mode") == "none"]  # which are painted, the other figures drawn
    go(app, "did_it_help")
    press(app, "Score these")
    wait(app, lambda app: not any("Cancel" in label for label in labels(app)), 120)
    titles = {model_key(asked.config): strategy for strategy, asked in runs.items()}
    shown = workspace_of(app).score.shown.identity

    out = tmp_path / "out"
    train = f"--vectors {vectors} --documents paragraph --set window=4 --out {out}".split()
    both = {}
    for strategy, epochs in (("scratch", 3), ("tied", 2)):
        command = ["train", "--text", str(text), *train, "--strategy", strategy, "--epochs", str(epochs), "--json"]
        assert main(command) == 0
        both.update(json.loads(capsys.readouterr().out)["runs"])
    whole = read_json(out / "run.json")
    (out / "run.json").write_text(json.dumps({**whole, "runs": both}), encoding="utf-8")

    def result(*command):
        capsys.readouterr()
        assert main([*map(str, command), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    found = result("vectors", vectors, "--text", text, "--documents", "paragraph")["coverage"]
    assert coverage["Coverage by word"] == pytest.approx(found["types"], abs=6e-4)
    assert coverage["Coverage by token"] == pytest.approx(found["tokens"], abs=6e-4)

    for strategy, asked in runs.items():
        made = load_run(asked.id)
        assert made.vectors.tobytes() == np.load(out / strategy / "vectors.npy").tobytes(), strategy
        assert made.counts.tolist() == np.load(out / strategy / "counts.npy").tolist()
        assert "\n".join(made.words) == (out / strategy / "words.txt").read_text(encoding="utf-8")
        described = read_json(out / strategy / "run.json")
        assert made.config.as_dict() == described["config"]
        assert json.loads(json.dumps(dict(made.details))) == described["details"]

    compared = result("compare", out, "--left", "scratch", "--right", "tied")
    assert maps[0]["text"] == compared["words"]
    for side, trace in zip(("left", "right"), maps, strict=True):
        drawn = np.column_stack([numbers(trace["x"]), numbers(trace["y"])])
        np.testing.assert_array_equal(drawn, np.array(compared["layout"][side], np.float32))

    scored = result("score", out)
    card = as_json(load_score(shown, titles))
    assert card["verdict"] == scored["verdict"]
    assert card["positions"] == scored["positions"] > 0
    for strategy in runs:
        page, line = card["models"][strategy], scored["models"][strategy]
        assert {**page, "seconds": 0} == {**line, "seconds": 0}, strategy
