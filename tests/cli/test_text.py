"""`text` on the command line: its keys, what it says about the reading, and the options kept for later commands."""

import json
import shutil
import zipfile
from typing import get_args

import numpy as np
import pytest
from making import zip_of
from small_texts import LINES, small_glove, topical_documents, topical_glove

from core.cli.main import main
from core.text.reading.uploads import read_files
from core.text.tokens.tokenisers import Tokeniser

KEYS = {"documents", "sentences", "tokens", "types", "encodings", "notes", "language"}


def result(capsys, *arguments):
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    rows = [f'{place},{"sea" if place % 2 else "land"},"{line.capitalize()}."' for place, line in enumerate(LINES * 3)]
    path.write_text("\n".join(["id,kind,text", *rows]), encoding="utf-8")
    return path


def test_labels_and_years_of_names_are_told_and_read_where_asked(tmp_path, capsys):
    path = tmp_path / "tales.zip"
    names = ("poe/1841 tale.txt", "poe/1845 raven.txt", "melville/1851 moby.txt")
    path.write_bytes(zip_of(dict.fromkeys(names, b"Some words.")))
    found = result(capsys, "text", path)
    assert [each["year"] for each in found["documents"]] == [1841, 1845, 1851]
    assert {each["label"] for each in found["documents"]} == {None}
    assert any("“poe”, “melville”" in note and '--label "{label}/*"' in note for note in found["notes"])
    found = result(capsys, "text", path, "--label", "{label}/*")
    assert [each["label"] for each in found["documents"]] == ["poe", "poe", "melville"]
    assert not any("--label" in note for note in found["notes"])
    assert main(["text", str(path), "--label", "{label}/*"]) == 0
    assert "1841 to 1851; 2 labels: poe 2, melville 1" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["letters-cp1251.txt", "windows-1252.txt", "CP1250.txt"])
def test_a_code_page_in_a_name_is_no_year(tmp_path, capsys, name):
    path = tmp_path / name
    path.write_text("Some words.")
    assert [each["year"] for each in result(capsys, "text", path)["documents"]] == [None]


def test_what_was_read_and_how_it_was_cut(tmp_path, capsys):
    path = tmp_path / "two.txt"
    path.write_text("The cat sat. The dog ran.\nA cat slept.\n", encoding="utf-8")
    found = result(capsys, "text", path, "--documents", "line", "--words")
    assert set(found) == {*KEYS, "words"}
    assert found["documents"] == [
        {"name": "two.txt, line 1", "label": None, "year": None, "tokens": 6},
        {"name": "two.txt, line 2", "label": None, "year": None, "tokens": 3},
    ]
    assert (found["sentences"], found["tokens"], found["types"]) == (3, 9, 7)
    assert found["encodings"] == {"two.txt": "utf-8"}
    assert found["language"] is None
    assert found["words"] == [["cat", 2], ["the", 2], ["a", 1], ["dog", 1], ["ran", 1], ["sat", 1], ["slept", 1]]
    assert any("too few to say anything" in note for note in found["notes"])
    kept = result(capsys, "text", path, "--tokeniser", "whitespace", "--keep-case", "--words")
    assert dict(kept["words"])["The"] == 2
    assert dict(kept["words"])["sat."] == 1


def test_the_tokenisers_are_those_that_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["text", "--help"])
    assert f"{{{','.join(get_args(Tokeniser))}}}" in capsys.readouterr().out


def test_labels_and_columns(table, capsys):
    plain = result(capsys, "text", table)
    assert {each["label"] for each in plain["documents"]} == {None}
    assert any("“text”, a guess (--column" in note and "“kind” looks like labels" in note for note in plain["notes"])
    labelled = result(capsys, "text", table, "--label", "kind", "--column", "text")
    assert [each["label"] for each in labelled["documents"]][:3] == ["land", "sea", "land"]
    assert any("“text”, as chosen; the labels are the column “kind”" in note for note in labelled["notes"])
    assert result(capsys, "text", table, "--documents", "file")["documents"][0]["name"] == "table.csv"


def test_every_text_file_has_its_encoding_and_every_problem_is_told(tmp_path, capsys):
    (tmp_path / "here").mkdir()
    old = "Le café de la gare était fermé. ".encode("cp1252") * 5
    (tmp_path / "a.txt").write_bytes(old)
    (tmp_path / "here" / "a.txt").write_text("plain words only", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("inside.txt", "more words".encode("utf-16"))
    names = [tmp_path / "a.txt", tmp_path / "here" / "a.txt", tmp_path / "empty.txt", tmp_path / "packed.zip"]
    found = result(capsys, "text", *names)
    assert list(found["encodings"].values()) == ["cp1252", "utf-8", "utf-16"]
    assert [name.rpartition("/")[2] for name in found["encodings"]] == ["a.txt", "a.txt", "inside.txt"]
    assert "Left out: “empty.txt” is empty (0 bytes). Upload a file with text in it." in found["notes"]
    assert any("was read as cp1252, a guess (--encoding overrules it): “Le café" in note for note in found["notes"])
    chosen = result(capsys, "text", tmp_path / "a.txt", "--encoding", "mac-roman")
    assert chosen["encodings"] == {"a.txt": "mac-roman"}


def test_coverage_and_what_would_raise_it(tmp_path, capsys):
    path, glove = tmp_path / "loud.txt", small_glove(tmp_path / "tiny.8d.txt", LINES, without=("bank",))
    path.write_text("\n".join(LINES * 10).upper(), encoding="utf-8")
    alone = result(capsys, "vectors", glove, "--text", path)
    found = result(capsys, "text", path, "--vectors", glove)
    assert set(found) == {*KEYS, "coverage"}
    assert found["coverage"] == alone["coverage"]
    assert 0.8 < found["coverage"]["tokens"] < 1
    loud = result(capsys, "text", path, "--vectors", glove, "--keep-case")
    assert loud["coverage"] == {"types": 0, "tokens": 0}
    assert not any("none of this text's words" in note for note in loud["notes"])  # another reading finds them
    assert any("To do that, leave out --keep-case." in note for note in loud["notes"])
    assert result(capsys, "vectors", glove, "--text", path, "--keep-case")["coverage"]["types"] == 0


def test_copies_and_another_language_are_told(tmp_path, capsys):
    path = tmp_path / "copies.txt"
    german = "Der Hund und die Katze sind in dem Haus, und das Kind ist mit der Mutter auf dem Weg zu der Stadt "
    path.write_text("\n".join(f"{german} {place // 2}" for place in range(40)), encoding="utf-8")
    found = result(capsys, "text", path, "--documents", "line")
    assert found["language"] == "German"
    assert any("documents say nearly word for word what earlier ones said" in note for note in found["notes"])
    assert any("looks German" in note for note in found["notes"])


def test_people_read_a_summary(table, capsys):
    assert main(["text", str(table), "--label", "kind", "--words"]) == 0
    out = capsys.readouterr().out
    assert "documents: 12, of 14 to 16 tokens; 2 labels: land 6, sea 6\n" in out
    assert "encodings: table.csv utf-8\n" in out
    assert "\nnote: The texts of “table.csv” are" in out
    assert "        30 the\n" in out
    assert "{" not in out


def test_a_name_that_the_terminal_cannot_write_is_no_obstacle(tmp_path, monkeypatch):
    import io
    import sys

    path = tmp_path / "näme.txt"
    path.write_text("some words", encoding="utf-8")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main(["text", str(path)]) == 0
    assert b"encodings: n\\xe4me.txt utf-8" in raw.getvalue()


def test_hidden_files_are_left_out_of_folders_and_told_when_named(tmp_path, capsys):
    for name in ("texts/a.txt", "texts/.git/b.txt", "texts/.c.txt", ".own/d.txt", ".e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("some words", encoding="utf-8")
    assert list(result(capsys, "text", tmp_path / "texts")["encodings"]) == ["texts/a.txt"]
    assert list(result(capsys, "text", tmp_path / ".own")["encodings"]) == ["d.txt"]
    found = result(capsys, "text", tmp_path / "texts" / "a.txt", tmp_path / ".e.txt")
    assert "Left out: “.e.txt” is a hidden file." in found["notes"]
    assert main(["text", str(tmp_path / ".e.txt")]) == 2
    assert "“.e.txt” is a hidden file, and those are not read" in capsys.readouterr().err


def test_no_more_is_read_than_is_accepted(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VECTUNE_MAX_TOTAL_BYTES", "1000")
    for place in range(50):
        (tmp_path / f"{place}.txt").write_text("word " * 60, encoding="utf-8")
    assert len(read_files([tmp_path])) == 4
    assert main(["text", str(tmp_path)]) == 2
    assert "1 kB are allowed" in capsys.readouterr().err


def test_a_terminal_obeys_no_file(tmp_path, capsys):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"lab\\u001b[31mel": "x", "te\\nxt": "some words"}\n' * 2, encoding="utf-8")
    assert main(["text", str(path)]) == 0
    assert "the column “te xt”" in capsys.readouterr().out
    assert main(["text", str(path), "--column", "nope"]) == 2
    assert "Choose one of: lab\\x1b[31mel, te xt.\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("{table} --column nope", "“table.csv” has no column “nope”. Choose one of: id, kind, text."),
        ("{table} --label nope", "Choose one of: id, kind, text."),
        ("{table} --label text", "is its text and cannot be its label too"),
        ("{table} --label kind --column kind", "is its text and cannot be its label too"),
        ("{plain} --label kind", "--label names a column, and no table was read"),
        ("{plain} {table} --column nope", "Choose one of: id, kind, text."),
        ("{plain} --encoding nonsense", "no text encoding called “nonsense”. Choose one of: utf-8"),
        ("{plain} --encoding hex", "no text encoding called “hex”"),
        ("{empty}", "is empty (0 bytes)"),
        ("{folder}", "There is no file in"),
        ("{missing}", "Check the path"),
        ("{binary}", "it holds binary data"),
        ("/dev/zero", "one file may have 200 kB"),
        ("{wide} --column nope", "c28, c29 and 1,970 more"),
        ("{plain} --vectors {plain}", "no rows of vectors"),
        ("{plain} --vectors {folder}", "directory"),
        ("{plain} --vectors {missing}", "missing.txt"),
        ("{plain} --vectors {glove} --member x", "no zip archive"),
    ],
)
def test_a_users_mistake_is_one_line_and_nothing_is_made(arguments, says, table, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("VECTUNE_MAX_FILE_BYTES", "200000")
    places = {name: tmp_path / f"{name}.txt" for name in ("plain", "empty", "missing", "binary")}
    places.update(table=table, folder=tmp_path / "folder", wide=tmp_path / "wide.csv")
    places["plain"].write_text("some plain words", encoding="utf-8")
    places["empty"].write_bytes(b"")
    places["binary"].write_bytes(bytes(range(256)) * 20)
    places["folder"].mkdir()
    places["wide"].write_text("\n".join([",".join(f"c{i}" for i in range(2000)), ",".join(["some words"] * 2000)]))
    places["glove"] = small_glove(tmp_path / "tiny.8d.txt")
    command = [part.format(**places) for part in arguments.split()]
    assert main(["text", *command]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: ")
    assert told.err.count("\n") == 1
    assert says in told.err
    if "--vectors" not in arguments:
        assert main(["train", "--text", *command, "--strategy", "counts", "--out", str(tmp_path / "out")]) == 2
        assert says in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("option", "value"), [("--tokeniser", "spacy"), ("--documents", "page")])
def test_a_value_that_is_none_of_the_choices(option, value, table, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["text", str(table), option, value])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith(f"error: argument {option}: invalid choice: '{value}'")


@pytest.mark.parametrize("command", [["text", ""], ["vectors", ""], ["train", "--text", "", "--out", "x"]])
def test_an_empty_argument_is_not_this_folder(command, capsys):
    with pytest.raises(SystemExit):
        main(command)
    assert "it is empty, and must be a path" in capsys.readouterr().err


@pytest.fixture(scope="module")
def capitals(tmp_path_factory):
    """Models of a labelled table that only the right options read as it was read."""
    root = tmp_path_factory.mktemp("capitals")
    topical_glove(root / "tiny.8d.txt")
    documents = topical_documents(40)
    rows = [f'{place % 2},"{text.capitalize()}.",other words' for place, text in enumerate(documents)]
    (root / "table.csv").write_text("\n".join(["kind,body,more", *rows]), encoding="utf-8")
    command = (
        f"train --text {root / 'table.csv'} --column body --label kind --tokeniser whitespace --keep-case "
        f"--vectors {root / 'tiny.8d.txt'} --strategy counts classic --epochs 2 --out {root / 'runs'}"
    )
    assert main(command.split()) == 0
    return root


def test_the_options_are_kept(capitals, capsys):
    whole = json.loads((capitals / "runs" / "run.json").read_text("utf-8"))
    assert whole["reading"]["text_column"] == "body"
    assert whole["reading"]["label_column"] == "kind"
    assert (whole["tokenising"]["tokeniser"], whole["tokenising"]["lowercase"]) == ("whitespace", False)
    words = (capitals / "runs" / "counts" / "words.txt").read_text("utf-8").split("\n")
    assert any(word[0].isupper() for word in words)
    options = "--column body --label kind --tokeniser whitespace --keep-case"
    found = result(capsys, "text", capitals / "table.csv", *options.split())
    corpus = whole["runs"]["counts"]["inputs"]["corpus"]
    assert corpus["digest"] == whole["runs"]["classic"]["inputs"]["corpus"]["digest"]
    assert corpus["options"]["tokeniser"] == "whitespace"
    assert {each["label"] for each in found["documents"]} == {"0", "1"}


def test_a_model_is_scored_and_made_again_with_them(capitals, tmp_path, capsys):
    scored = result(capsys, "score", capitals / "runs")
    assert scored["positions"] > 0
    for source in ("run.json", "counts/run.json"):
        assert main(["train", "--from", str(capitals / "runs" / source), "--out", str(tmp_path / source[0])]) == 0
        for name in ("words.txt", "vectors.npy"):
            assert (tmp_path / source[0] / "counts" / name).read_bytes() == (
                capitals / "runs" / "counts" / name
            ).read_bytes()
    again = json.loads((tmp_path / "r" / "run.json").read_text("utf-8"))
    assert again["tokenising"]["tokeniser"] == "whitespace"
    assert again["reading"]["label_column"] == "kind"
    assert result(capsys, "score", tmp_path / "r")["verdict"] == scored["verdict"]


def test_a_text_that_has_moved_is_read_as_it_was(capitals, tmp_path):
    moved = tmp_path / "elsewhere.csv"
    moved.write_bytes((capitals / "table.csv").read_bytes())
    command = ["train", "--from", str(capitals / "runs" / "counts" / "run.json"), "--text", str(moved)]
    assert main([*command, "--out", str(tmp_path / "out")]) == 0
    vectors = np.load(tmp_path / "out" / "counts" / "vectors.npy")
    assert np.array_equal(vectors, np.load(capitals / "runs" / "counts" / "vectors.npy"))


def test_another_text_is_named_as_such_whatever_its_columns(capitals, tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("words\none two three\nfour five six\n", encoding="utf-8")
    source = capitals / "runs" / "counts" / "run.json"
    assert main(["train", "--from", str(source), "--text", str(other), "--out", str(tmp_path / "out")]) == 2
    assert "The text differs" in capsys.readouterr().err


@pytest.mark.parametrize("alien", ['{"mine": 1}', "[]", "{"])
def test_another_programs_run_json_above_is_no_obstacle(alien, capitals, tmp_path):
    shutil.copytree(capitals / "runs", tmp_path / "runs")
    shutil.copytree(capitals / "runs" / "counts", tmp_path / "apart" / "counts")
    for above in (tmp_path, tmp_path / "apart"):
        (above / "run.json").write_text(alien, encoding="utf-8")
    assert main(["train", "--from", str(tmp_path / "runs" / "run.json"), "--out", str(tmp_path / "again")]) == 0
    command = ["train", "--from", str(tmp_path / "apart" / "counts" / "run.json"), "--out", str(tmp_path / "third")]
    assert main([*command, "--text", str(capitals / "table.csv"), "--column", "body", "--label", "kind"]) == 0


def test_cutting_is_run_jsons_when_it_is_made_again(capitals, tmp_path, capsys):
    source = capitals / "runs" / "run.json"
    assert main(["train", "--from", str(source), "--keep-case", "--out", str(tmp_path / "out")]) == 2
    assert "--tokeniser and --keep-case" in capsys.readouterr().err


def test_a_vectors_file_tells_what_is_odd(tmp_path, capsys):
    path = tmp_path / "messy.txt"
    path.write_text("7 2\nthe 1 2\nzyx 1\nthe 3 4\nzyxw nan 2\n\nzyxv 1 2\n")
    found = result(capsys, "vectors", path)
    assert found["notes"] == [
        "The first line of messy.txt says 7 words, and 5 rows follow it: it was cut off, as it looks. Download it "
        "again if you miss words.",
        "2 of the 5 rows of messy.txt could not be used and were left out "
        "(wrong number of values, or not numbers: 1; nan or infinity: 1; blank line: 1); 2 words remain.",
        "One word was repeated; the first of each counts.",
    ]
    path.write_text("2 300\nthe 1 2\nof 3 4\n")
    assert "says 300 values per word, and its rows have 2" in result(capsys, "vectors", path)["notes"][0]
    path.write_text("2 2\nthe 1 2\nof 3 4\n")
    assert result(capsys, "vectors", path)["notes"] == []
    text = tmp_path / "text.txt"
    text.write_text("quite other words", encoding="utf-8")
    assert any("none of this text's words" in note for note in result(capsys, "vectors", path, "--text", text)["notes"])
