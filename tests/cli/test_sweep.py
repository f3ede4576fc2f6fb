"""`sweep`: keys, the same numbers twice, folders that other commands take, a kill in the middle, and bad input."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_texts import topical_documents, topical_glove

from core.cli.main import main

ROOT = Path(__file__).parents[2]
RANGES = ("--strategies", "tuned,pretrained", "--epochs", "1,8", "--alpha", "0.0001,0.05", "--min-count", "1")
SETTING_KEYS = {"values", "development", "seconds", "run"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    topical_glove(folder / "topics.8d.txt")
    topical_glove(folder / "wide.12d.txt", size=12)
    (folder / "text.txt").write_text("\n".join(topical_documents(40)), "utf-8")
    (folder / "short.txt").write_text("\n".join(topical_documents(2, 30)), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(files, tmp_path_factory):
    """The sweep of five settings, and the cache folder in which it was made."""
    cache, out = tmp_path_factory.mktemp("cache"), tmp_path_factory.mktemp("out") / "swept"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(cache))
        assert main(command(files, out)) == 0
    return out, cache


def command(files, out, *more, ranges=RANGES, text="text.txt", vectors=("topics.8d.txt",)):
    named = ["--vectors", *(files / each for each in vectors)] if vectors else []
    return list(map(str, ["sweep", files / text, "--documents", "line", *named, *ranges, *more, "--out", out]))


def result(out):
    return json.loads((out / "sweep.json").read_text("utf-8"), parse_constant=pytest.fail)


def numbers(found):
    """Without what the clock says."""
    for tried in (*found["settings"], found["chosen"]):
        for each in (tried, *tried["seeds"]):
            del each["seconds"]
    return found


def error_of(capsys):
    return capsys.readouterr().err.strip().splitlines()[-1]


def test_the_keys_that_others_rely_on(made, files):
    found = result(made[0])
    assert set(found) >= {"version", "settings", "tried", "chosen", "test", "sentence"}
    assert (found["version"], found["tried"], len(found["settings"])) == (1, 5, 5)
    assert all(set(each) >= SETTING_KEYS for each in found["settings"])
    assert found["chosen"] in found["settings"]
    assert found["chosen"]["values"] == {
        "strategy": "tuned", "vectors": str(files / "topics.8d.txt"), "epochs": 8, "alpha": 0.05, "window": 5,
        "min_count": 1,
    }  # fmt: skip
    assert found["chosen"]["development"] == max(each["development"] for each in found["settings"])
    assert set(found["test"]) >= {"cloze", "delta", "delta_ci"}
    assert found["test"]["delta_ci"][0] <= found["test"]["delta"] <= found["test"]["delta_ci"][1]
    assert found["test"]["outcome"] == "helped"


def test_the_same_numbers_twice_and_anew(made, files, tmp_path, monkeypatch):
    first = numbers(result(made[0]))
    for place, cache in (("again", made[1]), ("anew", tmp_path / "cache")):
        monkeypatch.setenv("VECTUNE_CACHE", str(cache))
        assert main(command(files, tmp_path / place)) == 0
        assert numbers(result(tmp_path / place)) == first
        vectors = (made[0] / "chosen/vectors.npy").read_bytes()
        assert (tmp_path / place / "chosen/vectors.npy").read_bytes() == vectors


def test_the_chosen_model_is_what_train_makes_and_what_other_commands_take(made, files, tmp_path, monkeypatch, capsys):
    out, cache = made
    monkeypatch.setenv("VECTUNE_CACHE", str(cache))
    text = ["--text", str(files / "text.txt"), "--documents", "line", "--vectors", str(files / "topics.8d.txt")]
    settings = ["--strategy", "tuned", "--epochs", "8", "--set", "alpha=0.05", "--set", "min_count=1", "--seed", "1"]
    assert main(["train", *text, *settings, "--out", str(tmp_path)]) == 0
    for name in ("vectors.npy", "vectors.txt", "words.txt", "dose1.npy"):
        assert (tmp_path / "tuned" / name).read_bytes() == (out / "chosen" / name).read_bytes()
    assert main(["train", *text, "--strategy", "pretrained", "--set", "min_count=1", "--out", str(tmp_path)]) == 0
    assert main(["compare", str(out / "chosen"), str(tmp_path / "pretrained"), "--json"]) == 0
    assert main(["export", str(out), "chosen", "--format", "word2vec", "--out", str(tmp_path / "chosen.txt")]) == 0
    assert main(["train", "--from", str(out / "chosen/run.json"), "--out", str(tmp_path / "again")]) == 0
    again = (tmp_path / "again/tuned/vectors.npy").read_bytes()
    assert again == (out / "chosen/vectors.npy").read_bytes()
    capsys.readouterr()


def test_what_people_read(made, files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_CACHE", str(made[1]))
    assert main(command(files, tmp_path / "out")) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Helped: the best of 5 settings is tuned, epochs 8, alpha 0.05.")
    rows = [line for line in told.out.splitlines() if " % " in line and "settings" not in line]
    assert len(rows) == 5
    assert rows[0].endswith("tuned, epochs 8, alpha 0.05")
    assert "note: 5 settings: about" in told.err  # before it begins
    assert main(command(files, tmp_path / "out", "--json")) == 0
    assert json.loads(capsys.readouterr().out) == result(tmp_path / "out")


def test_killed_in_the_middle_it_goes_on_from_there(files, made, tmp_path):
    """What was trained is there; the file is whole at any time; in the end the numbers are the same."""
    environment = {**os.environ, "VECTUNE_CACHE": str(tmp_path / "cache")}
    arguments = [sys.executable, "-m", "core", *command(files, tmp_path / "out", "--seeds", "1..4")]
    with open(tmp_path / "told", "w") as told:
        child = subprocess.Popen(arguments, cwd=ROOT, env=environment, stderr=told)
    runs, end = tmp_path / "cache/runs", time.monotonic() + 120
    while len(list(runs.glob("*/run.json"))) < 4 and time.monotonic() < end:
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    finished = {path.parent.name: path.stat().st_mtime_ns for path in runs.glob("*/run.json")}
    assert 4 <= len(finished) < 17
    assert result(tmp_path / "out")["chosen"] is None
    assert not (tmp_path / "out/chosen").exists()
    assert subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0
    for name, changed in finished.items():
        assert (runs / name / "run.json").stat().st_mtime_ns == changed  # not trained again
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VECTUNE_CACHE", str(made[1]))
        assert main(command(files, tmp_path / "whole", "--seeds", "1..4")) == 0
    assert numbers(result(tmp_path / "out")) == numbers(result(tmp_path / "whole"))


def test_optuna_picks_and_keeps_its_notes_beside(files, made, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_CACHE", str(made[1]))
    ranges = (*RANGES[:4], "--alpha", "log 0.0001..0.05 x9", "--min-count", "1", "--search", "optuna", "--trials", "5")
    assert main(command(files, tmp_path / "out", ranges=ranges)) == 0
    first = result(tmp_path / "out")
    assert (first["search"], first["tried"], first["planned"]) == ("optuna", 5, 5)
    assert (tmp_path / "out/optuna.db").exists()
    assert main(command(files, tmp_path / "out", ranges=ranges)) == 0
    assert result(tmp_path / "out") == first
    capsys.readouterr()


def test_several_files_and_text_named_as_elsewhere(files, tmp_path, capsys):
    ranges = ("--strategies", "tuned", "counts", "--set", "window=2,5", "--epochs", "1", "--min-count", "1")
    arguments = command(files, tmp_path / "out", ranges=ranges, vectors=("topics.8d.txt", "wide.12d.txt"))
    text = arguments.pop(1)
    assert main([*arguments, "--text", text]) == 0
    found = result(tmp_path / "out")
    assert len(found["settings"]) == 2 * 2 + 2  # counting needs no file
    about = json.loads((tmp_path / "out/run.json").read_text("utf-8"))
    assert about["runs"]["chosen"]["strategy"] == found["chosen"]["values"]["strategy"]
    assert found["test"]["reference"] in (str(files / "topics.8d.txt"), str(files / "wide.12d.txt"))
    capsys.readouterr()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"more": ("--strategies", "fancy")}, "There is no strategy called fancy. Choose from: tied,"),
        ({"vectors": ()}, "The strategy tuned starts from pretrained vectors. Name a file with --vectors."),
        ({"more": ("--window", "0")}, "window is 0; it must lie between 1 and 50."),
        ({"more": ("--window", "five")}, "window is “five”; it must be whole numbers, like 5,10,20 or 1..5."),
        ({"more": ("--seeds", "1..1000000")}, "seed is “1..1000000”, which are 1,000,000 values"),
        (
            {"more": ("--window", "1..50", "--set", "negative=1..50", "--set", "sample=0..1 x100")},
            "These ranges make 1,000,001 settings; a sweep trains up to 1,000 models. Give fewer values, or have "
            "Optuna pick some to try: --search optuna --trials 60.",
        ),
        ({"more": ("--set", "epochs=3")}, "epochs is given twice. Leave one of the two out."),
        ({"more": ("--set", "depth=3")}, "There is no setting called depth that a sweep could change."),
        ({"more": ("--set", "window")}, "--set window has no =. Write KEY=RANGE"),
        ({"more": ("--trials", "5")}, "--trials is how many settings Optuna picks. Add --search optuna"),
        ({"more": ("--search", "optuna", "--trials", "0")}, "trials is 0; it must lie between 1 and 1000."),
        ({"text": "short.txt"}, "too few to set some aside"),
        ({"text": "gone.txt"}, "gone.txt"),
        ({"ranges": ("--strategies", "pretrained", "--epochs", "5")}, "epochs changes nothing about pretrained: only"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(changes, said, files, tmp_path, capsys):
    more = changes.get("more", ())
    named = {key: value for key, value in changes.items() if key != "more"}
    assert main(command(files, tmp_path / "out", *more, **named)) == 2
    error = error_of(capsys)
    assert error.startswith("error: ")
    assert said in error
    assert not (tmp_path / "out/sweep.json").exists()


def test_a_cluster_that_is_not_there_is_said_before_anything_is_read(files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_SCHEDULER", "here:8786")
    assert main(command(files, tmp_path / "out", text="gone.txt")) == 2
    assert "VECTUNE_SCHEDULER is “here:8786”; it must be tcp://HOST:PORT" in error_of(capsys)


def test_nothing_that_is_not_its_own_is_replaced(files, tmp_path, capsys):
    (tmp_path / "sweep.json").write_text('{"mine": 1}')
    assert main(command(files, tmp_path)) == 2
    assert "exists and is not what a sweep wrote" in error_of(capsys)
    assert (tmp_path / "sweep.json").read_text() == '{"mine": 1}'
