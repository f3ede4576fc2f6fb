"""The command line: names, JSON keys and exit codes that others rely on."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_texts import LINES, small_glove

from core.cli.main import main
from core.cli.printing import LineProgress

ROOT = Path(__file__).parents[2]


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES * 10), encoding="utf-8")
    return path


@pytest.fixture
def glove(tmp_path):
    return small_glove(tmp_path / "tiny.8d.txt", LINES, without=("chased", "crown"))


@pytest.fixture
def runs(text, glove, tmp_path):
    out = tmp_path / "runs"
    code = main(
        f"train --text {text} --documents line --vectors {glove} --strategy scratch classic --epochs 3 "
        f"--set min_count=1 --out {out}".split()
    )
    assert code == 0
    return out


def test_vectors(glove, text, capsys):
    assert main(["vectors", str(glove), "--json"]) == 0
    alone = json.loads(capsys.readouterr().out)
    assert {"kind", "vector_size", "vocabulary", "skipped_rows", "duplicates"} <= set(alone)
    assert "coverage" not in alone
    assert main(["vectors", str(glove), "--text", str(text), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["vector_size"] == 8
    assert 0 < found["coverage"]["types"] < 1
    assert 0 < found["coverage"]["tokens"] < 1
    assert found["vocabulary"] == alone["vocabulary"]


def test_people_read_coverage_in_words(glove, text, capsys):
    assert main(["vectors", str(glove), "--text", str(text)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^coverage: \d+\.\d % of the text's words, \d+\.\d % of its tokens$", out, re.MULTILINE)
    assert "{" not in out


def test_training_opens_no_database(runs, cache):
    assert not list(cache.glob("vectune.db*"))


def test_train_writes_what_is_promised(runs, glove):
    from gensim.models import KeyedVectors

    whole = json.loads((runs / "run.json").read_text())
    assert set(whole["runs"]) == {"scratch", "classic"}
    record = json.loads((runs / "classic" / "run.json").read_text())
    keys = {"strategy", "config", "seed", "inputs", "versions", "vocabulary", "covered", "seconds"}
    assert keys <= set(record)
    assert record["inputs"]["corpus"]["name"] == "text.txt"
    assert record["inputs"]["pretrained"]["name"] == glove.name
    vectors = KeyedVectors.load_word2vec_format(str(runs / "classic" / "vectors.txt"))
    assert len(vectors) == record["vocabulary"]
    stored = np.load(runs / "classic" / "vectors.npy")
    assert np.array_equal(vectors.vectors, stored)


def test_compare(runs, tmp_path, capsys):
    page = tmp_path / "maps.html"
    command = ["compare", str(runs), "--left", "scratch", "--right", "classic", "--topn", "5", "--html", str(page)]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    n = len(found["words"])
    assert (found["left"], found["right"]) == ("scratch", "classic")
    for side in ("left", "right"):
        assert np.array(found["layout"][side]).shape == (n, 2)
    assert len(found["neighbour_overlap"]) == len(found["change"]) == n
    assert all(0 <= each <= 1 for each in found["neighbour_overlap"])
    html = page.read_text(encoding="utf-8")
    assert html.count("plotly-graph-div") >= 2
    assert "http-equiv" not in html


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("train --text {missing} --strategy scratch --out {out}", "Check the path"),
        ("train --text {text} --strategy nonsense --out {out}", "no strategy called nonsense"),
        ("train --text {text} --strategy classic --out {out}", "--vectors"),
        ("train --text {text} --strategy scratch --epochs 0 --out {out}", "between 1 and"),
        ("train --text {text} --strategy scratch --set epoch=3 --out {out}", "no setting called epoch"),
        (
            "train --text {text} --strategy scratch --set window=wide --out {out}",
            "window is “wide”; it must be a whole number, like 5.",
        ),
        ("train --text {text} --strategy scratch --set min_count=500 --out {out}", "Lower the minimum count"),
        ("train --text {text} --vectors {glove} --strategy classic --set vector_size=9 --out {out}", "9"),
        ("vectors {text}", "text.txt"),
        ("vectors {missing}", "missing"),
        ("compare {out} --left a --right b", "no model a"),
        ("compare {out} --left a --right a", "two different"),
        ("train --text {text} --strategy scratch --set seed=9999999999 --out {out}", "between 0 and 2147483647"),
        ("train --text {text} --strategy scratch --epochs 2 --set epochs=3 --out {out}", "epochs is set twice"),
        ("train --text {text} --strategy scratch --out {text}", "is a file. Choose another --out"),
        ("train --text {text} --strategy scratch --out {text}/deeper", "is a file. Choose another --out"),
        ("train --text {text} --strategy scratch --out {out}/" + 300 * "x", "Choose another --out"),
        ("vectors {glove} --member a.txt", "no zip archive: name no member"),
        ("score {out} --seed -1", "seed is -1; it must lie between"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(arguments, says, text, glove, tmp_path, capsys):
    places = {"text": text, "glove": glove, "out": tmp_path / "out", "missing": tmp_path / "missing.txt"}
    assert main([part.format(**places) for part in arguments.split()]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert errors[-1].startswith("error: ")
    assert says in errors[-1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("compare runs", "error: the following arguments are required: --left, --right (see python -m core compare "),
        ("vectors a.txt --nonsense", "error: unrecognized arguments: --nonsense (see python -m core vectors --help)"),
        ("nonsense", "(see python -m core --help)"),
        ("", "(see python -m core --help)"),
    ],
)
def test_a_mistake_in_the_arguments_is_one_line_and_exit_code_2(arguments, says, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments.split())
    assert caught.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert told.err.count("\n") == 1
    assert says in told.err


def test_the_readme_names_how_counts_get_into_a_second_file(runs, tmp_path, capsys):
    example = next(
        line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if " core export runs " in line
    )
    arguments = (
        example.split(" core ")[1]
        .replace(" runs tied ", f" {runs} classic ")
        .replace(" tied.txt", f" {tmp_path}/a.txt")
    )
    assert main(arguments.split()) == 0
    assert (tmp_path / "a.txt.vocab").read_text("utf-8").splitlines()[0].split()[1].isdigit()


def test_commands_load_no_database():
    modules = {path.stem for path in (ROOT / "core" / "cli").glob("[a-z]*.py")} - {
        "demo"
    }  # it fills the server's cache
    commands = [f"core.cli.{name}" for name in sorted(modules)]
    loads = f"import sys, {', '.join(commands)}; print('sqlalchemy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loads], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"


def test_help_waits_for_no_library():
    code = (
        "import sys\nfrom core.cli.main import main\n"
        "try:\n    main(['train', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'numpy', 'pandas', 'gensim', 'core.text'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)


def test_export_gives_the_same_numbers_alone_and_merged(runs, glove, tmp_path, capsys):
    vectors = np.load(runs / "classic" / "vectors.npy")
    words = (runs / "classic" / "words.txt").read_text(encoding="utf-8").split("\n")
    capsys.readouterr()
    assert main(f"export {runs} classic --format npz --out {tmp_path}/a.npz --json".split()) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"] == [f"{tmp_path}/a.npz"]
    assert told["words"] == len(words)
    with np.load(tmp_path / "a.npz") as alone:
        assert alone["words"].tolist() == words
        assert np.array_equal(alone["vectors"], vectors)
        assert "counts" in alone
    assert main(f"export {runs} classic --format npz --merged --no-counts --out {tmp_path}/b.npz --json".split()) == 0
    assert "bit for bit" in json.loads(capsys.readouterr().out)["others"]
    with np.load(tmp_path / "b.npz") as merged:
        assert merged["words"].tolist()[: len(words)] == words
        assert np.array_equal(merged["vectors"][: len(words)], vectors)
        assert "counts" not in merged


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("export {runs} nobody --format csv --out {out}", "It has: classic, scratch"),
        ("export {runs} classic --format excel --out {out}", "Choose from: word2vec"),
        ("export {runs} classic --format csv --others moved --out {out}", "--merged"),
        ("export {runs} scratch --format csv --merged --others untouched --out {out}", "space of its own"),
        ("export {runs} classic --format csv --merged --vectors {text} --out {out}", "text.txt"),
    ],
)
def test_export_says_what_is_wrong(arguments, says, runs, text, tmp_path, capsys):
    places = {"runs": runs, "text": text, "out": tmp_path / "exported"}
    assert main([part.format(**places) for part in arguments.split()]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "exported").exists()


def test_vectors_counts_the_rows_of_the_whole_file(text, tmp_path, capsys):
    path = tmp_path / "messy.txt"
    path.write_text("the 1 2\nzyx 1\nthe 3 4\nzyxw nan 2\n\nzyxv 1 2\nzyxv 5 6\n")
    wanted = {"vocabulary": 2, "skipped_rows": 3, "duplicates": 2}
    reasons = {"wrong number of values, or not numbers": 1, "nan or infinity": 1, "blank line": 1}
    for more in ([], ["--text", str(text)]):
        assert main(["vectors", str(path), "--json", *more]) == 0
        found = json.loads(capsys.readouterr().out)
        assert {key: found[key] for key in wanted} == wanted
        assert found["reasons"] == reasons


def test_nothing_is_made_where_one_of_the_models_cannot_be(text, glove, tmp_path, capsys):
    nonsense = tmp_path / "nonsense.txt"
    nonsense.write_text("zzxq qqzx zqxx " * 40)
    for arguments in (
        f"--text {text} --strategy scratch classic",
        f"--text {nonsense} --vectors {glove} --strategy scratch classic",
        f"--text {text} --vectors {glove} --strategy scratch classic --set vector_size=9",
    ):
        assert main(f"train {arguments} --out {tmp_path / 'out'}".split()) == 2
        assert not (tmp_path / "out").exists()
        assert capsys.readouterr().out == ""


def test_a_later_training_keeps_the_models_of_an_earlier_one(runs, text, glove):
    assert main(f"train --text {text} --documents line --strategy counts --out {runs}".split()) == 0
    whole = json.loads((runs / "run.json").read_text("utf-8"))
    assert set(whole["runs"]) == {"scratch", "classic", "counts"}
    assert whole["vectors"] == str(glove)
    assert main(["train", "--from", str(runs / "run.json"), "--out", str(runs.parent / "again")]) == 0
    text.write_text("another text altogether " * 20)
    assert main(f"train --text {text} --documents line --strategy counts --out {runs}".split()) == 0
    assert set(json.loads((runs / "run.json").read_text("utf-8"))["runs"]) == {"counts"}


def test_what_is_not_ours_is_left_alone(text, tmp_path, capsys):
    (tmp_path / "run.json").write_text('{"mine": 1}')
    assert main(f"train --text {text} --strategy counts --out {tmp_path}".split()) == 2
    assert (tmp_path / "run.json").read_text() == '{"mine": 1}'
    assert "not Vectune's" in capsys.readouterr().err
    assert not (tmp_path / "counts").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("--left scratch --right classic --topn 0", "--topn is 0; it must be 1 or more"),
        ("--left scratch --right classic --html {folder}", "is a folder. Choose another --html"),
        ("--left scratch --right classic --html {text}/maps.html", "is a file. Choose another --html"),
        ("--left ../runs/scratch --right classic", "no model ../runs/scratch"),
    ],
)
def test_compare_says_what_is_wrong(arguments, says, runs, text, capsys):
    assert main(["compare", str(runs), *arguments.format(folder=runs, text=text).split()]) == 2
    assert says in capsys.readouterr().err


def test_a_guessed_encoding_is_told(tmp_path, capsys):
    path = tmp_path / "old.txt"
    path.write_bytes("Le café de la gare était fermé. ".encode("cp1252") * 5)
    assert main(f"train --text {path} --strategy counts --out {tmp_path / 'out'}".split()) == 0
    assert (
        "note: old.txt was read as cp1252, a guess (--encoding overrules it): “Le café de la gare"
        in capsys.readouterr().err
    )


def test_as_a_program_and_a_name_that_is_no_unicode_is_no_obstacle(text, tmp_path):
    odd = tmp_path / os.fsdecode(b"odd\xff.txt")
    odd.write_bytes(text.read_bytes())
    command = [sys.executable, "-m", "core", "train", "--text", str(odd), "--strategy", "scratch", "--epochs", "1"]
    done = subprocess.run(
        [*command, "--json", "--out", str(tmp_path / "out")], cwd=ROOT, capture_output=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["text"] == [str(odd)]
    assert found["runs"]["scratch"]["vocabulary"] > 0
    assert json.loads((tmp_path / "out" / "run.json").read_bytes())["text"] == [str(odd)]


def test_a_reader_that_stops_is_no_error(text):
    command = f"{sys.executable} -m core text {text} --words --json | true"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Traceback" not in done.stderr


def test_an_encoding_and_a_column_are_kept_for_later(tmp_path, capsys):
    path = tmp_path / "old.csv"
    path.write_bytes(("long,short\n" + 4 * "none of these words is wanted,ñandú y ñu\n").encode("mac-roman"))
    out, again = tmp_path / "out", tmp_path / "again"
    command = f"train --text {path} --encoding mac-roman --column short --strategy counts --out {out}"
    assert main(command.split()) == 0
    assert "ñandú" in (out / "counts" / "words.txt").read_text("utf-8").split("\n")
    assert main(["train", "--from", str(out / "counts" / "run.json"), "--out", str(again)]) == 0
    assert (again / "counts" / "vectors.npy").read_bytes() == (out / "counts" / "vectors.npy").read_bytes()
    capsys.readouterr()
    assert main(command.replace("short", "nope").split()) == 2
    assert "Choose one of: long, short" in capsys.readouterr().err


def test_a_folder_is_all_of_its_files(tmp_path):
    (tmp_path / "texts" / "deep").mkdir(parents=True)
    (tmp_path / "texts" / "b.txt").write_text("one two three one two three")
    (tmp_path / "texts" / "deep" / "a.txt").write_text("four five four five")
    assert main(f"train --text {tmp_path / 'texts'} --strategy counts --out {tmp_path / 'out'}".split()) == 0
    assert (tmp_path / "out" / "counts" / "words.txt").read_text().split() == ["five", "four", "one", "three", "two"]
    assert main(f"train --from {tmp_path / 'out' / 'run.json'} --out {tmp_path / 'again'}".split()) == 0


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("runs", "classic", "inputs", "corpus"), None),
        (("runs", "classic", "inputs", "pretrained"), {}),
        (("runs", "classic", "inputs", "corpus", "options"), "x"),
        (("runs", "classic", "config"), []),
        (("runs", "classic"), 3),
        (("runs",), {}),
        (("text",), [1]),
        (("vectors",), 5),
        (("reading",), {"nonsense": 1}),
    ],
)
def test_a_run_json_that_was_edited_is_named(place, value, runs, tmp_path, capsys):
    whole = json.loads((runs / "run.json").read_text("utf-8"))
    *above, last = place
    part = whole
    for key in above:
        part = part[key]
    part[last] = value
    (runs / "run.json").write_text(json.dumps(whole))
    for command in (f"score {runs}", f"train --from {runs / 'run.json'} --out {tmp_path / 'again'}"):
        capsys.readouterr()
        assert main(command.split()) == 2
        assert "run.json" in capsys.readouterr().err


def test_a_model_whose_run_json_was_edited_is_named(runs, tmp_path, capsys):
    path = runs / "classic" / "run.json"
    whole = json.loads(path.read_text("utf-8"))
    for change in ({"details": None}, {"details": {"dose": "x"}}, {"inputs": {}}):
        path.write_text(json.dumps({**whole, **change}))
        for command in ("compare {} --left scratch --right classic", "export {} classic --format csv --out {}.csv"):
            assert main(command.format(runs, runs).split()) == 2
            assert "classic is damaged" in capsys.readouterr().err


def test_an_interrupted_training_says_so_and_leaves_nothing_half_done(tmp_path, capsys, monkeypatch):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES * 30), encoding="utf-8")
    tell = LineProgress.__call__

    def interrupt(self, fraction, message):
        if fraction > 0.1 and self._title == "scratch":
            signal.raise_signal(signal.SIGINT)
        tell(self, fraction, message)

    monkeypatch.setattr(LineProgress, "__call__", interrupt)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background ignores it
    try:
        assert main(["train", "--text", str(path), "--strategy", "scratch", "--out", str(tmp_path / "out")]) == 130
    finally:
        signal.signal(signal.SIGINT, usual)
    assert capsys.readouterr().err.splitlines()[-1].startswith("error: stopped.")
    assert not (tmp_path / "out").exists()
