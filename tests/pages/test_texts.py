"""Several texts as a user works with them: split, compared with one button, called the same everywhere."""

from dataclasses import replace

import pytest
from app_driver import choose_vectors, everything, go, labels, metric, open_app, press, run, wait
from making import csv_of
from small_texts import small_glove

from core.models.runs import load_run

WORDS = [f"{first}{second}n" for first in "bdfgklmnpr" for second in "aeiouy"]
LINE = " ".join(WORDS) + "."
OTHER = " ".join(reversed(WORDS)) + "."
GENRES = {"press": LINE, "fiction": OTHER}
ROWS = [["id", "genre", "text"], *([f"{genre} {n}", genre, text] for n in range(6) for genre, text in GENRES.items())]

pytestmark = pytest.mark.usefixtures("vectors_folder")


@pytest.fixture
def glove(vectors_folder):
    return small_glove(vectors_folder / "tiny.4d.txt", [LINE], without=(), vector_size=4)


def upload(app, *files):
    uploader = next(each for each in app.file_uploader if each.label == "Upload text files")
    uploader.set_value([(name, data, "application/octet-stream") for name, data in files])
    return run(app)


def texts_of(app):
    return next(table.value for table in app.dataframe if "Text" in table.value).set_index("Text")


def split_by(app, way, number=1):
    app.session_state[f"split-open-{number}"] = True
    run(app)
    control = next(each for each in app.get("button_group") if "go together" in each.label)
    if control.value != way:
        control.set_value(way)
    return run(app)


def test_a_text_is_split_by_label_and_two_parts_are_compared_at_once(glove):
    app = upload(open_app(), ("tales.csv", csv_of(ROWS)))
    choose_vectors(app, "tiny.4d")
    split_by(app, "Label")
    press(app, "Make 2 texts")
    wait(app, lambda app: list(texts_of(app)["Documents"]) == [12, 6, 6])
    assert list(texts_of(app).index) == ["tales", "tales press", "tales fiction"]
    assert metric(app, "Documents") == "12"  # the whole is still in use
    press(app, "Compare the two texts")
    wait(app, lambda app: any(each.label == "Left" for each in app.selectbox))
    sides = {each.label: each.options[each.index] for each in app.selectbox if each.label in ("Left", "Right")}
    assert sides == {"Left": "tales press · Fine-tuned", "Right": "tales fiction · Fine-tuned"}
    go(app, "models")
    table = app.dataframe[0].value
    assert set(table["Text"]) == {"tales press", "tales fiction"}
    assert len(set(table["Name"])) == 2
    workspace = app.session_state["workspace"]
    left, right = (next(run for run in workspace.runs if run.id == side) for side in (workspace.left, workspace.right))
    assert left.config == right.config
    assert (left.config.strategy, left.config.seed) == ("tied", 1)
    doses = {workspace.doses.get(each.id, load_run(each.id).dose) for each in (left, right)}
    assert len(doses) == 1


def test_a_part_is_split_again_by_years_of_another_column():
    rows = [
        ["genre", "date", "text"],
        *([genre, str(1961 + n % 2), text] for n in range(6) for genre, text in GENRES.items()),
    ]
    app = upload(open_app(), ("tales.csv", csv_of(rows)))
    next(each for each in app.selectbox if each.label == "Label column").select("genre")
    run(app)
    split_by(app, "Label")
    press(app, "Make 2 texts")
    wait(app, lambda app: list(texts_of(app)["Documents"]) == [12, 6, 6])
    use(app, 1)
    assert metric(app, "Documents") == "6"
    split_by(app, "Years", 3)
    next(each for each in app.selectbox if each.label == "Column with the dates").select("date")
    run(app)
    press(app, "Make 2 texts")
    wait(app, lambda app: list(texts_of(app)["Documents"]) == [12, 6, 6, 3, 3])
    assert list(texts_of(app).index)[3:] == ["tales press 1961", "tales press 1962"]
    assert list(texts_of(app)["Tokens"])[1:] == [360, 360, 180, 180]
    use(app, 3)
    shown = next(table.value for table in app.dataframe if "Label" in table.value)
    assert list(shown["Label"]) == ["1961"]


def use(app, row):
    """Tick a row of the list of texts."""
    workspace = app.session_state["workspace"]
    key = f"texts-{workspace.text.key}-{len(workspace.texts)}"
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    run(app)
    wait(app, lambda app: app.session_state["workspace"].text == app.session_state["workspace"].texts[row].choice)


def test_documents_are_found_and_picked_among_thousands():
    words = "\n".join(f"Words of document {n}." for n in range(3_000))
    app = upload(open_app(), ("many.txt", words.encode()))
    wait(app, lambda app: metric(app, "Documents") == "3,000")
    split_by(app, "Picked documents", 1)
    assert "the first 500 of 3,000 are listed" in everything(app).replace("The", "the")
    search = next(each for each in app.text_input if each.label == "Find documents")
    search.set_value("line 12*")
    run(app)
    press(app, "Tick all 111 found")
    assert "111 documents ticked." in everything(app)
    next(each for each in app.text_input if each.label == "Find documents").set_value("line 7")
    run(app)
    press(app, "Tick all 111 found")
    assert "222 documents ticked; 111 of them not in this list." in everything(app)
    press(app, "Make 2 texts")
    wait(app, lambda app: list(texts_of(app)["Documents"]) == [3_000, 222, 2_778])
    assert list(texts_of(app).index) == ["many", "many picked", "many others"]
    picked, others = (text.choice.part for text in app.session_state["workspace"].texts[1:])
    assert picked.documents == others.others


def test_two_uploads_are_compared_in_one_click(glove):
    app = upload(open_app(), ("before.txt", (LINE + "\n\n").encode() * 8))
    choose_vectors(app, "tiny.4d")
    upload(app, ("after.txt", (OTHER + "\n\n").encode() * 8))
    press(app, "Compare the two texts")  # the only click after the second upload
    wait(app, lambda app: any(each.label == "Left" for each in app.selectbox))
    assert "Two texts: which words differ by more than chance was not measured yet." in everything(app)
    workspace = app.session_state["workspace"]
    app.session_state["workspace"] = replace(workspace, text=workspace.texts[0].choice)
    go(app, "did_it_help")  # of the text in use, though the other one's model is newer
    box = next(each for each in app.selectbox if each.label == "Text and vectors")
    assert box.options[box.index].startswith("before with")
    go(app, "models")
    made = set(app.dataframe[0].value["Name"])
    assert made == {"Fine-tuned · before", "Fine-tuned · after"}
    press(app, "Compare the two texts")  # nothing is missing: nothing is made
    wait(app, lambda app: any(each.label == "Left" for each in app.selectbox))
    go(app, "models")
    assert set(app.dataframe[0].value["Name"]) == made


def test_years_are_edited_and_nonsense_is_named():
    years = (1790, 1850, 1901, 1950)
    app = upload(open_app(), *((f"letter_{year}.txt", f"Words of {year}.".encode()) for year in years))
    split_by(app, "Years")
    split_by(app, "File name")
    assert "No name fits “{label}-*”" in app.error[0].value.replace("\\", "")
    split_by(app, "Years")
    field = next(each for each in app.text_input if each.label == "A new part begins in")
    assert field.value == "1850, 1901, 1950"
    field.set_value("19oo")
    run(app)
    assert "“19oo” is no year" in app.error[0].value
    next(each for each in app.text_input if each.label == "A new part begins in").set_value("1900")
    run(app)
    press(app, "Make 2 texts")
    wait(app, lambda app: list(texts_of(app)["Documents"]) == [4, 2, 2])
    assert list(texts_of(app).index) == ["letter 1790-1950", "letter 1790-1899", "letter 1900-1950"]


def test_labels_come_from_file_names():
    files = [(f"{author}-{n}.txt", b"Some words of it.") for author in ("poe", "melville") for n in range(3)]
    app = upload(open_app(), *files)
    field = next(each for each in app.text_input if "in a file's name" in each.label)
    assert field.value == "{label}-*"
    assert "melville" in set(next(table.value for table in app.dataframe if "Label" in table.value)["Label"])
    split_by(app, "Label")
    press(app, "Make 2 texts")
    wait(app, lambda app: list(texts_of(app)["Documents"])[1:] == [3, 3])


def test_texts_that_cannot_be_compared_say_why(glove):
    app = upload(open_app(), ("one.txt", (LINE + "\n\n").encode() * 8))
    choose_vectors(app, "tiny.4d")
    upload(app, ("two.txt", b"Quite other words stand here, few of them known. " * 9))
    press(app, "Compare the two texts")
    assert "“one” and “two” share 0 words that both have" in app.error[0].value
    assert "to compare them takes 50" in app.error[0].value
    assert not app.session_state["workspace"].runs
    next(each for each in app.selectbox if each.label == "Text on the right").select_index(0)
    run(app)
    assert "does not differ from itself" in everything(app)
    assert next(each for each in app.button if each.label == "Compare the two texts").disabled
    assert "Compare the two texts" in labels(app)
