"""The Data and Storage pages as a user works with them, without a browser."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from app_driver import choose_vectors, everything, go, labels, metric, open_app, paste, press, run, wait
from making import csv_of, docx_of, gzip_of, jsonl_of, ods_of, pdf_of, xlsx_of, zip_of
from small_texts import small_glove

from core.pretrained.files import VectorFile
from core.pretrained.index import build_index
from core.pretrained.vectors import write_glove
from core.system.files import cache_folder
from core.workspace import vectors
from pages.parts.data import text_panel
from pages.parts.data.vectors_fit import say_words
from pages.shared.texts import reading

SENTENCES = [
    "The river runs past the old bank of stone.",
    "The bank lends money to the town of Leeds.",
    "A king and a queen rule the town.",
    "Dogs and cats drink water from the river.",
]
TEXT = "\n\n".join(SENTENCES * 6)
ROWS = [["id", "topic", "text"], *([f"n{n}", "ab"[n % 2], SENTENCES[n % 4]] for n in range(24))]


pytestmark = pytest.mark.usefixtures("vectors_folder")


@pytest.fixture
def glove(vectors_folder):
    """A vectors file that has the sentences' words in lower case, but for a few."""
    return small_glove(vectors_folder / "tiny.4d.txt", SENTENCES, without=("leeds", "queen"), vector_size=4)


def upload(app, *files, label="Upload text files"):
    uploader = next(each for each in app.file_uploader if each.label == label)
    uploader.set_value([(name, data, "application/octet-stream") for name, data in files])
    return run(app)


def texts_of(app):
    """The list of texts, by name."""
    return next(table.value for table in app.dataframe if "Text" in table.value).set_index("Text")


def test_an_estimated_number_of_words_is_said_to_be_one():
    file = VectorFile(Path("glove.txt"), None, 1, "glove", 50, 400_123)
    assert say_words(file) == "about 400,123"
    assert say_words(replace(file, declared=400_123)) == "400,123"


def test_texts_are_listed_switched_renamed_and_removed():
    app = open_app()
    upload(app, ("one.txt", b"The first text."))
    assert not [table for table in app.dataframe if "Text" in table.value]
    upload(app, ("two.txt", b"Another one."))
    assert texts_of(app)["Tokens"].to_dict() == {"one": 3, "two": 2}
    assert metric(app, "Tokens") == "2"
    app.text_input(key=next(each.key for each in app.text_input if each.label == "Name of this text")).set_value(
        "  one "
    )
    run(app)
    assert "Another text is called “one”" in app.error[0].value
    next(each for each in app.text_input if each.label == "Name of this text").set_value("My second")
    run(app)
    assert list(texts_of(app).index) == ["one", "My second"]
    press(app, "Remove it from the list")
    assert metric(app, "Tokens") == "3"
    assert next(each.value for each in app.text_input if each.label == "Name of this text") == "one"
    go(app, "storage")
    assert {"Delete this text"} <= set(labels(app))  # the files of both are still there


def box(app, label):
    return next(each for each in app.selectbox if each.label == label)


@pytest.mark.parametrize(
    ("name", "data", "documents"),
    [
        ("a.txt", TEXT.encode(), 24),
        ("a.csv", csv_of(ROWS), 24),
        ("a.tsv", csv_of(ROWS, "\t"), 24),
        ("a.jsonl", jsonl_of([{"text": line} for line in SENTENCES]), 4),
        ("a.xlsx", xlsx_of({"one": ROWS}), 24),
        ("a.ods", ods_of({"one": ROWS}), 24),
        ("a.html", f"<p>{SENTENCES[0]}</p>".encode(), 1),
        ("a.docx", docx_of(SENTENCES), 1),
        ("a.pdf", pdf_of([SENTENCES]), 1),
        ("a.zip", zip_of({"one.txt": TEXT.encode(), "deep/two.txt": TEXT.encode()}), 2),
        ("a.txt.gz", gzip_of(TEXT.encode()), 24),
    ],
)
def test_every_format_becomes_a_text(name, data, documents):
    app = upload(open_app(), (name, data))
    assert metric(app, "Documents") == str(documents)
    assert not app.error


def test_a_table_asks_for_its_columns_with_guesses_and_a_preview():
    app = upload(open_app(), ("rows.csv", csv_of(ROWS)))
    assert [box(app, f"{name} column").value for name in ("Text", "Label", "Id")] == ["text", "topic", "id"]
    assert len(app.dataframe[0].value) == 10
    assert "rows.csv, n0 · a" in everything(app).replace("\\", "")
    box(app, "Label column").select_index(0)
    run(app)
    box(app, "Text column").select("topic")
    run(app)
    assert metric(app, "Vocabulary") == "2"
    assert "rows.csv, n0 · a" not in everything(app).replace("\\", "")


def test_one_bad_file_is_listed_and_the_others_are_used():
    good = [(f"{n}.txt", TEXT.encode()) for n in range(3)]
    app = upload(open_app(), *good, ("broken.pdf", b"%PDF-1.4 nothing"), ("empty.txt", b""))
    assert metric(app, "Documents") == "3"
    shown = everything(app).replace("\\", "")
    assert "Left out: “broken.pdf”" in shown
    assert "Left out: “empty.txt”" in shown


def test_many_bad_files_are_one_list():
    bad = [(f"{n}.txt", b"") for n in range(5)]
    app = upload(open_app(), ("good.txt", TEXT.encode()), *bad)
    assert any("5 files were left out" in each.label for each in app.expander)


def test_the_encoding_is_shown_and_can_be_changed():
    app = upload(open_app(), ("a.txt", ("Café crème, déjà vu à Genève. " * 20).encode("cp1252")))
    assert "read as cp1252" in everything(app)
    box(app, "Encoding").select("cp1251")
    run(app)
    assert "read as cp1251" in everything(app)
    words = next(each.value for each in app.dataframe if "Word" in each.value)
    assert "cafй" in set(words["Word"])


def test_one_of_several_files_can_have_an_encoding_of_its_own():
    text = "Café crème, déjà vu à Genève. " * 20
    app = upload(open_app(), ("a.txt", text.encode("cp1252")), ("b.txt", text.encode("utf-8")))
    box(app, "Encoding of").select("a.txt")
    run(app)
    box(app, "Encoding").select("cp1251")
    run(app)
    used = next(each.value for each in app.dataframe if "Read as" in each.value)
    assert dict(zip(used["File"], used["Read as"], strict=True)) == {"a.txt": "cp1251", "b.txt": "utf-8"}
    words = next(each.value for each in app.dataframe if "Word" in each.value)
    assert {"cafй", "café"} <= set(words["Word"])
    box(app, "Encoding").select_index(0)
    run(app)
    words = next(each.value for each in app.dataframe if "Word" in each.value)
    assert "cafй" not in set(words["Word"])


def test_what_a_document_is_can_be_changed():
    app = open_app()
    paste(app, TEXT)
    assert metric(app, "Documents") == "24"
    next(each for each in app.get("button_group") if each.label == "A document is").set_value("file")
    run(app)
    assert metric(app, "Documents") == "1"


def take_long(progress, choice):
    while True:
        progress(0.5, "reading")
        time.sleep(0.05)


def test_a_large_text_is_read_in_the_background_and_can_be_cancelled(monkeypatch):
    monkeypatch.setattr(text_panel, "_PATIENCE", 0.0)
    with monkeypatch.context() as while_it_takes_long:
        while_it_takes_long.setattr(reading, "keep_text", take_long)
        app = open_app()
        paste(app, TEXT)
        assert "Cancel" in labels(app)
        press(app, "Cancel")
        wait(app, lambda app: "Read it after all" in labels(app))
    press(app, "Read it after all")
    wait(app, lambda app: "Documents" in [each.label for each in app.metric])
    assert metric(app, "Documents") == "24"


def test_a_better_way_of_cutting_words_is_recommended_and_applied(glove):
    app = open_app()
    paste(app, TEXT)
    choose_vectors(app, "tiny.4d.txt")
    assert "raises coverage" not in everything(app)
    next(each for each in app.toggle if each.label == "Lower-case every word").set_value(False)
    run(app)
    before = metric(app, "Coverage by token")
    assert "Lower-casing raises coverage from" in everything(app)
    press(app, "Do that")
    assert float(metric(app, "Coverage by token").rstrip("%")) > float(before.rstrip("%"))
    assert "raises coverage" not in everything(app)


def test_words_at_line_ends_are_read_as_the_vectors_file_has_them(vectors_folder):
    small_glove(vectors_folder / "tiny.4d.txt", ["market place the boat went down river of town"], vector_size=4)
    app = open_app()
    paste(
        app, "The boat went down the river to the market-\nplace of the town before.\n\nThe boat went down the river."
    )
    choose_vectors(app, "tiny.4d.txt")
    assert "should be read 1 with a hyphen: market-place" in everything(app).replace("\\", "")
    app.button(key="apply-line-ends").click()
    run(app)
    assert "should be read" not in everything(app)
    assert app.session_state["workspace"].text.reading.line_ends == ("market-place",)


def test_a_column_with_a_word_a_row_is_asked_about(vectors_folder):
    app = open_app()
    upload(app, ("letters.csv", csv_of(ROWS)))
    next(each for each in app.selectbox if each.label == "Label column").select_index(0)
    next(each for each in app.selectbox if each.label == "Text column").select("topic")
    run(app)
    assert metric(app, "Tokens") == "24"
    assert "The rows of “topic” have a word or two each. Did you mean “text”?" in everything(app)
    app.button(key="apply-column").click()
    run(app)
    assert metric(app, "Documents") == "24"
    assert int(metric(app, "Tokens")) > 200
    assert "Did you mean" not in everything(app)


def test_joining_words_follows_the_chosen_file(vectors_folder):
    app = open_app()
    paste(app, "The river of the town. The old bank.\n\nNothing at all.")
    next(each for each in app.toggle if each.label == "Join words that go together").set_value(True)
    run(app)
    assert "No vectors file is chosen: only pairs that meet often in the text" in everything(app)
    for name, pair in (("rivers.txt", "the_river"), ("banks.txt", "old_bank")):
        write_glove(vectors_folder / name, ["the", "town", pair], np.ones((3, 2)))
    run(app)
    choose_vectors(app, "rivers.txt")
    run(app)
    assert "Pairs that rivers.txt has as one word are joined too" in everything(app)
    assert metric(app, "Tokens") == "10"
    choose_vectors(app, "banks.txt")
    run(app)
    assert "Pairs that banks.txt has as one word" in everything(app)
    assert metric(app, "Tokens") == "10"
    write_glove(vectors_folder / "banks.txt", ["the", "nothing_at", "old_bank"], np.ones((3, 2)))
    run(app)
    run(app)
    assert metric(app, "Tokens") == "9"  # the file was replaced, so the text is cut anew
    next(each for each in app.toggle if each.label == "Join words that go together").set_value(False)
    run(app)
    assert metric(app, "Tokens") == "11"


def test_the_file_that_covers_most_is_chosen_until_another_one_is(vectors_folder):
    write_glove(vectors_folder / "few.txt", ["the"], np.ones((1, 2)))
    write_glove(vectors_folder / "many.txt", ["the", "river", "town"], np.ones((3, 2)))
    app = open_app()
    paste(app, "The river of the town.")
    run(app)
    assert "many.txt" in vectors_label(app)
    assert "Chosen for you: it covers 80 % of the text, more than the other 1 file." in everything(app)
    choose_vectors(app, "few.txt")
    run(app)
    assert "Chosen for you" not in everything(app)
    paste(app, "The river of another town.")
    run(app)
    assert "few.txt" in vectors_label(app)  # what was chosen by hand stays


def vectors_label(app):
    return next(each.value for each in app.selectbox if each.label == "Vectors file")


def test_the_report_lists_the_words_that_the_file_lacks(glove):
    app = open_app()
    paste(app, TEXT)
    choose_vectors(app, "tiny.4d.txt")
    words = next(each.value for each in app.dataframe if "What happens to it" in each.value)
    assert set(words["Word"]) == {"leeds", "queen"}
    app.text_input(key="find-words").set_value("qu").run()
    words = next(each.value for each in app.dataframe if "What happens to it" in each.value)
    assert list(words["Word"]) == ["queen"]
    assert len(app.get("plotly_chart")) == 3
    assert "too few to say anything" in everything(app)
    assert "20 of 24 documents say nearly word for word" in everything(app)


def test_a_click_is_heard_though_the_page_begins_anew_before_its_button(glove, monkeypatch):
    app = open_app()
    paste(app, TEXT)
    found = iter([True])
    monkeypatch.setattr("pages.shared.steps.best_vectors.prefer_best", lambda *_: next(found, False))
    press(app, "Continue to training")
    assert [title.value for title in app.title] == ["Train"]


def test_files_are_compared_by_their_coverage(glove, vectors_folder):
    write_glove(vectors_folder / "other.2d.txt", ["river", "unheard"], np.ones((2, 2)))
    (vectors_folder / "two.zip").write_bytes(zip_of({"a.txt": glove.read_bytes(), "b.txt": b"sea 1 2\nsky 3 4\n"}))
    app = open_app()
    paste(app, TEXT)
    table = next(each.value for each in app.dataframe if "Covers" in each.value)
    assert set(table["File"]) == {"tiny.4d.txt", "other.2d.txt", "two.zip/a.txt", "two.zip/b.txt"}
    assert list(table["Covers"]) == sorted(table["Covers"], reverse=True)
    choose_vectors(app, "two.zip/b.txt")
    assert metric(app, "vector_size") == "2"


def test_skipped_and_repeated_rows_are_explained(vectors_folder):
    (vectors_folder / "messy.txt").write_text("the 1 2\nthe 3 4\nriver 1\nbank 1 2\ntown nan 2\n")
    app = open_app()
    paste(app, TEXT)
    choose_vectors(app, "messy.txt")
    shown = everything(app)
    assert "2 of the 5 rows of messy.txt could not be used and were left out" in shown
    assert "repeated" in shown


_may_index = threading.Event()


def _index_when_let(*arguments):
    assert _may_index.wait(30)
    return build_index(*arguments)


def test_a_large_vectors_file_is_indexed_before_it_is_used(glove, monkeypatch):
    _may_index.clear()  # a file of a few rows would be indexed before the page is drawn
    monkeypatch.setattr("pages.shared.index_panel.build_index", _index_when_let)
    monkeypatch.setattr(vectors, "INDEX_FIRST_BYTES", 10)
    monkeypatch.setattr("pages.shared.index_panel.QUICK_BYTES", 10)
    app = open_app()
    paste(app, TEXT)
    choose_vectors(app, "tiny.4d.txt")
    assert next(each for each in app.button if "Continue" in each.label).disabled
    assert "being indexed" in everything(app)
    go(app, "train")
    assert "being indexed" in everything(app)
    assert "No pretrained vectors are chosen" not in everything(app)
    assert "train" not in {button.key for button in app.button}
    _may_index.set()
    wait(app, lambda app: "train" in {button.key for button in app.button})
    assert "tiny.4d.txt" in everything(app)
    go(app, "data")
    wait(app, lambda app: "Indexed: it opens at once" in everything(app))
    assert metric(app, "Coverage by word")


def test_uploads_are_seen_in_their_own_workspace_only(glove):
    app = open_app()
    paste(app, TEXT)
    app.file_uploader(key="vectors-file").set_value(("mine.txt", glove.read_bytes(), "text/plain"))
    run(app)
    assert "mine.txt" in box(app, "Vectors file").value
    go(app, "storage")
    assert "mine.txt" in everything(app)
    stranger = open_app()
    paste(stranger, TEXT)
    assert not any("mine.txt" in option for option in box(stranger, "Vectors file").options)
    go(stranger, "storage")
    assert "mine.txt" not in everything(stranger)


def test_a_bad_vectors_upload_is_explained_and_the_choice_stays(glove):
    app = open_app()
    paste(app, TEXT)
    choose_vectors(app, "tiny.4d.txt")
    app.file_uploader(key="vectors-file").set_value(("model.kv", b"\x80\x04\x95gensim", "text/plain"))
    run(app)
    assert "model.kv" in " ".join(error.value for error in app.error)
    assert metric(app, "vector_size") == "4"


def test_a_download_without_a_network_fails_with_a_sentence(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    app = open_app()
    assert "Licence: [Public Domain" in everything(app)
    press(app, "Download")
    assert "Cancel" in labels(app)
    wait(app, lambda app: app.error, 60)
    assert "Check the network" in app.error[0].value


def test_what_was_downloaded_is_chosen(vectors_folder, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    app = open_app()
    app.selectbox(key="catalogue").set_value("glove-wiki-gigaword-100").run()
    press(app, "Download")
    (vectors_folder / "glove-wiki-gigaword-100.gz").write_bytes(
        gzip_of(b"the 1 2 3\nriver 4 5 6\n")
    )  # as if it had come
    wait(app, metric_labels, 60)
    assert metric(app, "vector_size") == "3"


def metric_labels(app):
    return [each.label for each in app.metric]


def test_own_uploads_can_be_deleted(glove):
    app = open_app()
    paste(app, TEXT)
    app.file_uploader(key="vectors-file").set_value(("mine.txt", glove.read_bytes(), "text/plain"))
    run(app)
    go(app, "storage")
    press(app, "Delete mine.txt")
    assert "mine.txt" not in everything(app)
    press(app, "Delete this text")
    assert "You have not uploaded anything" in everything(app)
    assert not any(cache_folder("uploads").iterdir())
    go(app, "data")
    assert "Try the demo" in labels(app)
    assert not app.metric


def test_a_text_that_another_workspace_uses_is_not_deleted():
    app, other = open_app(), open_app()
    paste(app, TEXT)
    paste(other, TEXT)
    go(app, "storage")
    press(app, "Delete this text")
    st.cache_resource.clear()
    run(other)
    assert metric(other, "Documents") == "24"
