"""`moved` and `compare` of two folders of models: keys, names, noise that is measured once, and what can be wrong."""

import json
import os
import shutil

import numpy as np
import pytest
from small_texts import TOPICAL_WORDS, topical_documents, topical_glove

from core.cli.main import main

SWAPPED = {word: TOPICAL_WORDS[row ^ 2] for row, word in enumerate(TOPICAL_WORDS[:80])}
KEYS = {"judged", "moved", "noise", "sentence", "new_words", "left", "right"}
WORD_KEYS = {"word", "change", "count_left", "count_right", "gained", "lost"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Models of two texts, below folders of their own: one vector a word of both, and what is beside it."""
    folder = tmp_path_factory.mktemp("moved")
    topical_glove(folder / "topics.8d.txt")
    for name, strategies, seed in (("old", "pretrained tied", 0), ("new", "tied", 5)):
        documents = topical_documents(24, 300, seed)
        if name == "new":  # where words of one topic stand where those of another did
            documents = [" ".join(SWAPPED.get(word, word) for word in document.split()) for document in documents]
        (folder / f"{name}.txt").write_text("\n".join(documents), "utf-8")
        arguments = f"train --text {folder}/{name}.txt --documents line --vectors {folder}/topics.8d.txt"
        settings = "--epochs 10 --set dose=1 --set min_count=1"
        assert main(f"{arguments} --strategy {strategies} {settings} --out {folder}/{name}".split()) == 0
    (folder / "other.txt").write_text(" ".join(f"mot{number % 90}" for number in range(400)), "utf-8")
    assert main(f"train --text {folder}/other.txt --strategy counts --out {folder}/other".split()) == 0
    return folder


@pytest.fixture
def copied(made, tmp_path):
    """The same, to be damaged."""
    shutil.copytree(made, tmp_path / "copied")
    return tmp_path / "copied"


def moved(*arguments):
    return main(["moved", *map(str, arguments)])


def test_the_keys_that_others_rely_on(made, capsys):
    assert moved(made / "old" / "tied", made / "new" / "tied", "--noise", "seed", "--json") == 0
    told = capsys.readouterr()
    found = json.loads(told.out, parse_constant=pytest.fail)
    assert set(found) == KEYS
    assert (found["left"], found["right"], found["noise"]) == ("old/tied", "new/tied", "seed")
    assert found["sentence"].endswith(".")
    assert 0 < len(found["moved"]) <= found["judged"] <= len(TOPICAL_WORDS)
    counts = {}
    for side in ("old", "new"):
        tokens = (made / f"{side}.txt").read_text("utf-8").split()
        counts[side] = {word: tokens.count(word) for word in set(tokens)}
    for each in found["moved"]:
        assert set(each) == WORD_KEYS
        assert (each["count_left"], each["count_right"]) == tuple(counts[side][each["word"]] for side in counts)
        assert not set(each["gained"]) & set(each["lost"])
    assert set(found["new_words"]) == {word for word in counts["old"] if word[-1] in "xyz"} & counts["new"].keys()
    assert "retrainings, about" in told.err


def test_two_texts_are_dealt_out_anew_and_one_is_resampled(made, capsys):
    assert moved(made / "old", made / "new", "--json") == 0
    told = capsys.readouterr()
    two = json.loads(told.out)
    assert two["noise"] == "permutation"
    assert (
        "differ between “old/tied” and “new/tied” by more than dealing the same documents out anew" in two["sentence"]
    )
    assert two["sentence"].startswith(f"{len(two['moved'])} of {two['judged']} judged words")
    hits = sum(each["word"] in SWAPPED for each in two["moved"])
    assert hits >= 0.9 * len(two["moved"]) > 0
    assert "at most 10 retrainings, about" in told.err
    assert moved(made / "old" / "pretrained", made / "old", "--json") == 0
    one = json.loads(capsys.readouterr().out)
    assert one["noise"] == "documents"
    for part in ("moved from “pretrained” to “tied” further than retraining alone", "your words in random order"):
        assert part in one["sentence"]


def test_texts_of_few_documents_are_dealt_out_in_stretches_and_it_is_said(tmp_path, capsys):
    for name, seed in (("a", 0), ("b", 1)):
        (tmp_path / f"{name}.txt").write_text(" ".join(topical_documents(12, 700, seed)), "utf-8")
        given = f"train --text {tmp_path}/{name}.txt --documents file --strategy counts --set vector_size=4"
        assert main(f"{given} --out {tmp_path}/{name}".split()) == 0
    capsys.readouterr()
    assert moved(tmp_path / "a", tmp_path / "b") == 0
    told = capsys.readouterr()
    assert "stretches of 200 words" in told.out.splitlines()[0]
    assert "not whether other documents like them would" in told.err
    assert moved(tmp_path / "a", tmp_path / "b", "--noise", "documents") == 2
    assert "a text has 1 document. Use --noise permutation, or leave it out." in capsys.readouterr().err


def test_noise_is_measured_once_whichever_side_is_named_first(made, capsys):
    sides = made / "old" / "tied", made / "new" / "tied"
    assert moved(*sides, "--noise", "seed", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert moved(*reversed(sides), "--noise", "seed", "--json") == 0
    told = capsys.readouterr()
    again = json.loads(told.out)
    assert "retraining" not in told.err
    assert again["judged"] == first["judged"]
    lost = {each["word"]: each["lost"] for each in first["moved"]}
    gained = {each["word"]: each["gained"] for each in again["moved"]}
    both = lost.keys() & gained.keys()  # of words seen equally often the left side tells who is next in rank
    assert len(both) >= 0.9 * max(len(lost), len(gained))
    assert sum(lost[word] == gained[word] for word in both) >= 0.9 * len(both)
    assert moved(*sides, "--noise", "seed", "--json", "--top", 3) == 0
    assert json.loads(capsys.readouterr().out)["moved"] == first["moved"][:3]


def test_people_read_the_sentence_first_and_a_line_for_each_word(made, capsys):
    assert moved(made / "old", made / "new", "--noise", "seed", "--top", 4) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(".")
    assert lines[2].endswith("moved further than another seed would move them:")
    assert lines[3].startswith("word ")
    assert lines[3].endswith("gained in new/tied | lost from old/tied")
    rows = lines[4:8]
    assert all(row.split()[0] in TOPICAL_WORDS for row in rows)
    assert "more: --top" in lines[8]
    assert "which the pretrained file lacks" in lines[-1]


def test_a_folder_means_its_one_trained_model(made, capsys):
    for path in (made / "old", made / "old" / "tied", made / "old" / "tied" / "run.json"):
        assert main(["compare", str(made / "old" / "pretrained"), str(path), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert (found["left"], found["right"]) == ("pretrained", "tied")
        assert len(found["words"]) == len(found["change"]) == len(found["layout"]["right"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("{made}/old/tied {made}/old", "Both sides are"),
        (
            "{made}/old/none {made}/new",
            "no folder {made}/old/none. Check the path. {made}/old has: pretrained, ",
        ),
        ("{made} {made}/new", "holds several models: new, old, other. Name one of them, as in {made}/new"),
        ("{made}/old.txt {made}/new", "is a file. Name the folder of a model"),
        ("{empty} {made}/new", "has no run.json of a model, so it is none. Name a folder DIR/NAME"),
        ("{made}/old {made}/other", "in common, too few to compare them. Name two models of one language"),
        ("{made}/old {made}/new --top 0", "--top is 0; it must be 1 or more"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(arguments, says, made, tmp_path, capsys):
    assert moved(*arguments.format(made=made, empty=tmp_path).split()) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert errors[-1].startswith("error: ")
    assert says.format(made=made) in errors[-1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("{made}/old --left tied", "required: --right (see"),
        ("{made}/old", "required: --left, --right (see"),
        ("{made}/old {made}/new --left tied", "name one folder with --left and --right, or two folders of models"),
        ("{made}/old {made}/new {made}/other", "or two folders of models"),
    ],
)
def test_compare_takes_one_folder_and_two_names_or_two_folders(arguments, says, made, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["compare", *arguments.format(made=made).split()])
    assert caught.value.code == 2
    assert says in capsys.readouterr().err


def test_a_noise_that_cannot_be_measured_says_why_and_what_can(made, capsys):
    assert moved(made / "old", made / "other" / "counts", "--noise", "shuffled") == 2
    capsys.readouterr()
    assert moved(made / "old" / "pretrained", made / "old", "--noise", "permutation") == 2
    told = capsys.readouterr().err.strip().splitlines()[-1]
    assert "two texts" in told
    assert "Use --noise" in told


def break_text(folder):
    (folder / "new.txt").write_text("Another text altogether. " * 40, "utf-8")


def move_text(folder):
    (folder / "new.txt").rename(folder / "elsewhere.txt")


def move_vectors(folder):
    (folder / "topics.8d.txt").rename(folder / "elsewhere.txt")


def break_vectors(folder):
    topical_glove(folder / "topics.8d.txt", seed=9)


def lose_description(folder):
    (folder / "new" / "run.json").unlink()


def forge_model(folder):
    path = folder / "new" / "tied" / "vectors.npy"
    np.save(path, np.load(path)[::-1])


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (break_text, "new.txt: that is no longer what"),
        (move_text, "is no longer at {}/new.txt, and measuring noise trains on it again. Put it back"),
        (move_vectors, "is no longer at {}/topics.8d.txt. Put it back there"),
        (break_vectors, "topics.8d.txt: that is no longer what"),
        (lose_description, "does not say where its text is"),
        (forge_model, "a file in it was changed. Train that model again."),
    ],
)
def test_inputs_that_have_moved_or_changed_are_named(harm, says, copied, capsys):
    for name in ("old", "new"):  # their run.json names the files of the first folder
        path = copied / name / "run.json"
        whole = json.loads(path.read_text("utf-8"))
        whole |= {"text": [str(copied / f"{name}.txt")], "vectors": str(copied / "topics.8d.txt")}
        path.write_text(json.dumps(whole), "utf-8")
    harm(copied)
    assert moved(copied / "old" / "tied", copied / "new" / "tied", "--noise", "seed") == 2
    assert says.format(copied) in capsys.readouterr().err.strip().splitlines()[-1]


def test_a_model_and_its_copy_are_one(made, copied, capsys):
    assert moved(made / "old", os.path.relpath(copied / "old")) == 2
    assert "are the same model" in capsys.readouterr().err
