"""`score` on the command line: keys that others rely on, and what it says when inputs are not what they were."""

import json
import re
import shutil

import pytest
from small_texts import topical_documents, topical_glove

from core.cli.main import main

MODEL_KEYS = {"cloze", "cloze_ci", "delta", "delta_ci", "wordsim353", "simlex999", "dose"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A text, vectors and three models of them; tests that change something take a copy."""
    root = tmp_path_factory.mktemp("made")
    (root / "text.txt").write_text("\n".join(topical_documents(40)), encoding="utf-8")
    topical_glove(root / "tiny.8d.txt")
    train(root, "tuned counts preview", "runs")
    train(root, "counts", "alone", vectors=False)
    return root


def train(root, strategies, out, vectors=True):
    named = f"--vectors {root / 'tiny.8d.txt'}" if vectors else "--set vector_size=8"
    command = f"train --text {root / 'text.txt'} --documents line {named} --epochs 4 --strategy {strategies}"
    assert main(f"{command} --out {root / out}".split()) == 0


def score(capsys, *arguments):
    code = main(["score", *map(str, arguments)])
    streams = capsys.readouterr()
    return code, streams.out, streams.err.strip().splitlines()


def test_json_has_the_promised_keys_and_the_reference_is_added(made, capsys):
    code, out, _ = score(capsys, made / "runs", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["verdict"] in ("helped", "hurt", "no measurable difference", "not enough text")
    assert (found["reference"], found["chosen"]) == ("pretrained", "tuned")
    assert set(found["models"]) == {"tuned", "counts", "preview", "pretrained"}
    for model in found["models"].values():
        assert set(model) >= MODEL_KEYS
        assert model["cloze_ci"][0] <= model["cloze"] <= model["cloze_ci"][1]
    assert {"cloze", "delta_ci"} <= set(found["placebo"])
    assert found["positions"] > 300
    assert found["documents"] == 6 * found["splits"]  # six of forty documents are tested in each
    assert found["asked"] == "documents"
    assert found["labels"] is None
    assert sum(band["questions"] for band in found["bands"]) == found["positions"]
    for band in found["bands"]:
        assert set(band["models"]) == {"tuned", "counts", "preview"}
        assert (band["delta"], band["delta_ci"]) == tuple(band["models"]["tuned"].values())
    assert found["where_to_expect_gain"].startswith("Words seen ")
    assert found["meaning"] == "cannot tell"  # none of these words is in WordSim or SimLex
    assert found["beside"][-1].startswith("General meaning: cannot tell.")
    assert json.loads((made / "runs" / "score.json").read_text()) == found
    again = score(capsys, made / "runs", "--json")[1]
    assert json.loads(again) == found


def test_labels_have_their_gain_from_few_and_from_most_examples(made, capsys, tmp_path):
    rows = [f"{'ab'[place % 2]},{text}" for place, text in enumerate(topical_documents(40))]
    (tmp_path / "rows.csv").write_text("\n".join(["class,text", *rows]), encoding="utf-8")
    command = f"train --text {tmp_path / 'rows.csv'} --column text --label class --vectors {made / 'tiny.8d.txt'}"
    assert main(f"{command} --epochs 4 --strategy preview --out {tmp_path / 'runs'}".split()) == 0
    code, out, _ = score(capsys, tmp_path / "runs", "--json")
    assert code == 0
    labels = json.loads(out[out.index("{") :])["labels"]
    assert (labels["classes"], labels["documents"], labels["majority"]) == (["a", "b"], 40, 0.5)
    assert 12 <= labels["held_out"] <= 40
    assert labels["draws"] >= 24
    judged, untouched = labels["models"]["preview"], labels["models"]["pretrained"]
    assert [each["examples"] for each in judged] == [3, 8, None]
    for ours, theirs in zip(judged, untouched, strict=True):
        assert ours["share"] - theirs["share"] == pytest.approx(ours["delta"])
        assert ours["delta_ci"][0] <= ours["delta"] <= ours["delta_ci"][1]
        assert ours["outcome"] in ("better", "worse", "no better", "cannot tell")
        assert theirs["outcome"] is None
    code, out, _ = score(capsys, tmp_path / "runs")
    assert "he 2 labels of your documents are told apart" in out
    assert "3 of each label" in out
    assert "nan" not in out


def test_another_reference_and_a_list_of_pairs(made, capsys, tmp_path):
    pairs = tmp_path / "mine.csv"
    pairs.write_text("first,second,score\naaa,aae,8\naaa,aab,1\naac,aag,7\nnever,heard,3\n")
    code, out, _ = score(capsys, made / "runs", "--reference", "counts", "--pairs", pairs, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["reference"] == "counts"
    assert set(found["models"]) == {"tuned", "counts", "preview"}
    assert found["models"]["counts"]["delta"] == 0
    assert found["models"]["tuned"]["mine.csv_pairs"] == 3
    assert found["missing_words"] == {"mine.csv": ["never", "heard"]}


def test_people_read_the_verdict_first(made, capsys):
    code, out, _ = score(capsys, made / "runs")
    assert code == 0
    assert "Fine-tune with dose control" in out.splitlines()[0]
    assert "placebo" in out
    assert "nan" not in out
    assert not re.search(r"\d%", out)
    assert "What to do next" in out
    assert "Seed 1 gives the same numbers again" in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("{made}/nothing", "no run.json"),
        ("{made}/runs --reference nonsense", "no model nonsense"),
        ("{made}/runs --chosen nonsense", "no model nonsense"),
        ("{made}/runs --chosen tuned --reference tuned", "itself"),
        ("{made}/runs --pairs {made}/missing.csv", "missing.csv cannot be read"),
        ("{made}/runs --pairs {made}/tiny.8d.txt", "word, word, score"),
        ("{made}/alone --reference pretrained", "without pretrained vectors"),
        ("{made}/alone", "the only model"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(made, arguments, says, capsys):
    code, _, errors = score(capsys, *arguments.format(made=made).split())
    assert code == 2
    assert errors[-1].startswith("error: ")
    assert says in errors[-1]


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("text.txt", None, "text.txt cannot be read"),
        ("text.txt", "another text altogether", "is not what tuned was trained on"),
        ("tiny.8d.txt", None, "tiny.8d.txt is gone"),
        ("tiny.8d.txt", "aaa 1 2 3 4 5 6 7 8\naab 8 7 6 5 4 3 2 1\n", "is not what tuned was trained on"),
        ("runs/run.json", "{", "cannot be read"),
        ("runs/run.json", '{"text": [], "runs": {}}', "no models"),
    ],
)
def test_inputs_that_are_gone_or_changed(made, name, change, says, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(made, copy)
    about = json.loads((copy / "runs" / "run.json").read_text())
    moved = {**about, "text": [str(copy / "text.txt")], "vectors": str(copy / "tiny.8d.txt")}
    (copy / "runs" / "run.json").write_text(json.dumps(moved))
    (copy / name).unlink()
    if change is not None:
        (copy / name).write_text(change)
    code, _, errors = score(capsys, copy / "runs")
    assert code == 2
    assert says in errors[-1]
