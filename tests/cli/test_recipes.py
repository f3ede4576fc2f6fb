"""A run.json makes the same bits again, or says what differs; and so does the copied program."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_texts import LINES, small_glove

from core.cli.main import main
from core.config import default_config
from core.export.script import write_script
from core.models.dose import DoseChoice
from core.models.embedding import describe_run, load_embedding
from core.models.training import train
from core.system.typed_json import write_record
from core.text.opened import open_text
from core.text.part import LabelSource, TextPart
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import read_files
from core.text.tokens.casing import is_read_anew

ROOT = Path(__file__).parents[2]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "my text.txt"
    path.write_text("\n".join(LINES * 10), encoding="utf-8")
    return path


@pytest.fixture
def glove(tmp_path):
    return small_glove(tmp_path / "tiny.8d.txt", LINES, without=("chased", "crown"))


@pytest.fixture
def made(text, glove, tmp_path):
    code = main(
        ["train", "--text", str(text), "--documents", "line", "--vectors", str(glove), "--strategy", "scratch",
         "classic", "tuned", "--epochs", "2", "--set", "min_count=1", "--out", str(tmp_path / "made")]
    )  # fmt: skip
    assert code == 0
    return tmp_path / "made"


def again(source, out, *more):
    return main(["train", "--from", str(source), "--out", str(out), *map(str, more)])


def bits(folder, name):
    return (folder / name / "words.txt").read_bytes() + (folder / name / "vectors.txt").read_bytes()


def test_the_whole_folder_and_one_model_come_out_bit_for_bit(made, tmp_path):
    assert again(made / "run.json", tmp_path / "all") == 0
    for name in ("scratch", "classic", "tuned"):
        assert bits(made, name) == bits(tmp_path / "all", name)
    assert again(made / "classic" / "run.json", tmp_path / "one") == 0
    assert bits(made, "classic") == bits(tmp_path / "one", "classic")
    assert [path.name for path in (tmp_path / "one").iterdir() if path.is_dir()] == ["classic"]
    # what was made again can be made again in turn
    assert again(tmp_path / "one" / "run.json", tmp_path / "third") == 0


def test_a_dose_that_was_chosen_is_not_chosen_anew(text, glove, tmp_path, monkeypatch):
    """The rule that chooses changes between versions; the vectors of a record come out all the same."""
    chosen = [0.125]
    monkeypatch.setattr("core.models.training.choose_dose", lambda *_: DoseChoice(chosen[0], (0.5,), (), 99))
    assert main(
        ["train", "--text", str(text), "--documents", "line", "--vectors", str(glove), "--strategy", "tuned",
         "--epochs", "1", "--set", "min_count=1", "--out", str(tmp_path / "made")]
    ) == 0  # fmt: skip
    chosen[0] = 0.875
    assert again(tmp_path / "made" / "run.json", tmp_path / "again") == 0
    made, repeated = (load_embedding(tmp_path / each / "tuned") for each in ("made", "again"))
    assert bits(tmp_path / "made", "tuned") == bits(tmp_path / "again", "tuned")
    assert (repeated.dose, repeated.config.dose) == (0.125, None)
    assert repeated.details == made.details  # with the curve that led to the choice
    assert "dose=0.125" in write_script(made, "Mine", ReadOptions(unit="line"), files=[text.name], vectors=glove)


def test_a_run_json_alone_finds_how_its_text_was_cut(made, text, glove, tmp_path):
    alone = tmp_path / "elsewhere" / "run.json"
    alone.parent.mkdir()
    alone.write_text((made / "classic" / "run.json").read_text(encoding="utf-8"), encoding="utf-8")
    assert again(alone, tmp_path / "one", "--text", text, "--vectors", glove) == 0
    assert bits(made, "classic") == bits(tmp_path / "one", "classic")


def change(path, **changes):
    about = json.loads(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        place = about
        *parents, last = key.split("__")
        for parent in parents:
            place = place[parent]
        place[last] = value
    path.write_text(json.dumps(about), encoding="utf-8")


def refused(capsys, source, out, *more):
    capsys.readouterr()
    assert again(source, out, *more) == 2
    assert not (out / "classic").exists()
    return capsys.readouterr().err.strip().splitlines()[-1]


def test_what_differs_is_named(made, text, glove, tmp_path, capsys):
    run, out = made / "classic" / "run.json", tmp_path / "out"
    other = tmp_path / "other.txt"
    other.write_text("\n".join([*LINES * 10, "one more line of text"]), encoding="utf-8")
    assert "The text differs" in refused(capsys, run, out, "--text", other)
    assert "cut into documents by file" in refused(capsys, run, out, "--documents", "file", "--text", text)
    vectors = tmp_path / "other.8d.txt"
    vectors.write_text(glove.read_text(encoding="utf-8").replace("1", "2"), encoding="utf-8")
    assert "The vectors differ" in refused(capsys, run, out, "--vectors", vectors)
    assert "--seed" in refused(capsys, run, out, "--seed", "3")
    change(run, versions__numpy="1.0.0", result="0" * 32)
    assert "numpy 1.0.0 then" in refused(capsys, run, out)
    change(run, versions__numpy=np.__version__)
    assert "processor" in refused(capsys, run, out)
    change(run, config__lookahead=3)
    assert "option lookahead" in refused(capsys, run, out)


def test_a_text_whose_letters_earlier_versions_read_otherwise_says_so(tmp_path, capsys):
    text = tmp_path / "old.txt"
    text.write_text("The \ufb01rst of\ufb01ce was \ufb01ne.\n" * 20, "utf-8")
    made = tmp_path / "made"
    train = f"train --text {text} --strategy scratch --epochs 1 --set vector_size=4 --set min_count=1 --out {made}"
    assert main([*train.split(), "--documents", "line"]) == 0
    assert again(made / "run.json", tmp_path / "again") == 0  # of this version
    run = made / "scratch" / "run.json"
    change(run, inputs__corpus__digest="0" * 32)  # as one of an earlier version has another
    said = refused(capsys, run, tmp_path / "out", "--text", text)
    assert "The text differs" in said
    assert "earlier versions of Vectune read otherwise" in said
    text.write_text("Plain letters are here.\n" * 20, "utf-8")
    assert "earlier versions" not in refused(capsys, run, tmp_path / "out", "--text", text)


@pytest.mark.parametrize(
    ("text", "anew"), [("plain", False), ("café", False), ("cafe\u0301", True), ("of\ufb01ce", True), ("ışık", True)]
)
def test_letters_that_are_read_anew(text, anew):
    assert is_read_anew(text) == anew


def test_a_file_that_is_no_run_json_is_refused(text, tmp_path, capsys):
    nothing = tmp_path / "x.json"
    nothing.write_text("[]", encoding="utf-8")
    assert "no run.json" in refused(capsys, nothing, tmp_path / "out")
    assert "cannot be read" in refused(capsys, text, tmp_path / "out")
    assert "cannot be read" in refused(capsys, tmp_path / "missing.json", tmp_path / "out")


def test_an_older_run_json_is_made_but_not_checked(made, tmp_path, capsys):
    change(made / "classic" / "run.json", result=None)
    assert again(made / "classic" / "run.json", tmp_path / "out") == 0
    assert "nothing was checked" in capsys.readouterr().err
    assert bits(made, "classic") == bits(tmp_path / "out", "classic")


def test_the_copied_programs_yield_the_same_numbers(made, text, glove, tmp_path):
    names = ("scratch", "classic")
    for name in names:
        title = 'Mine """ \\ é'
        embedding = load_embedding(made / name)
        script = write_script(embedding, title, ReadOptions(unit="line"), files=[text.name], vectors=glove)
        assert len(script.splitlines()) < 45
        folder = tmp_path / "programs" / name
        folder.mkdir(parents=True)
        (folder / "program.py").write_text(script, encoding="utf-8")
        (folder / text.name).write_bytes(text.read_bytes())
    both = f"import os, runpy\nfor name in {names}:\n"
    both += "    os.chdir(name)\n    runpy.run_path('program.py', run_name='__main__')\n    os.chdir('..')"
    done = subprocess.run(
        [sys.executable, "-c", both], cwd=tmp_path / "programs", env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same as on the page") == len(names)
    for name in names:
        made_again = (tmp_path / "programs" / name / "vectors.txt").read_bytes()
        assert made_again == (made / name / "vectors.txt").read_bytes()


def test_the_copied_program_of_the_demo_asks_for_no_file(made):
    script = write_script(load_embedding(made / "classic"), "Demo", ReadOptions(unit="line"))
    assert "uploads = demo_uploads()" in script
    assert "open_pretrained(build_demo_vectors(), corpus.words)" in script
    compile(script, "demo", "exec")


def test_a_model_of_a_part_is_made_again_from_its_record_and_from_the_program(text, tmp_path):
    within = TextPart(others=(f"{text.name}, line 60",), by=LabelSource(pattern="{label}-*"))
    part = TextPart(documents=tuple(f"{text.name}, line {line}" for line in range(1, 41)), within=within)
    uploads, reading = read_files([text]), ReadOptions(unit="line")
    corpus = open_text(uploads, reading, part=part).corpus
    assert corpus.n_documents == 40
    embedding = train(corpus, default_config("scratch", min_count=1, vector_size=8, epochs=2))
    about = replace(describe_run(embedding), reading=reading, part=part)
    write_record(tmp_path / "run.json", about)
    assert again(tmp_path / "run.json", tmp_path / "out", "--text", text) == 0
    write_record(tmp_path / "run.json", replace(about, part=TextPart(years=(1900, 1901))))
    assert again(tmp_path / "run.json", tmp_path / "other", "--text", text) == 2
    script = write_script(embedding, "Mine", reading, part=part, files=[text.name])
    (text.parent / "again.py").write_text(script, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "again.py"], cwd=text.parent, env=environment, capture_output=True, text=True, check=True
    )
    assert "the same as on the page" in done.stdout
