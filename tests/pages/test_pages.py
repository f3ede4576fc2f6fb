"""The pages as a user walks through them, without a browser."""

from dataclasses import replace

import pytest
import streamlit as st
from app_driver import (
    APP,
    button,
    choose_vectors,
    everything,
    go,
    labels,
    metric,
    open_app,
    paste,
    press,
    run,
    tick,
    train_and_wait,
    trained_workspace,
    wait,
    wait_for_maps,
)
from same_process import hold_calls
from small_texts import SENTENCES, small_glove
from streamlit.testing.v1 import AppTest
from workspaces import content_of, id_of, save, saved, spoil

from core.system.jobs.outcomes import KeptProblems
from core.text.reading.documents import Document
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.demo_data import counted_vectors, demo_uploads
from core.workspace.workspace import TrainForm, Workspace
from pages.shared.cached import server

TEXT = "\n\n".join(SENTENCES * 12)
SHORT = "\n\n".join(SENTENCES)


pytestmark = pytest.mark.usefixtures("vectors_folder")


@pytest.fixture
def glove(vectors_folder):
    """A small vectors file in the folder."""
    return small_glove(vectors_folder / "tiny.8d.txt", without=("chased", "crown"))


def test_paste_train_and_compare(glove):
    app = open_app()
    paste(app, TEXT)
    assert metric(app, "Documents") == "48"
    choose_vectors(app, "tiny.8d.txt")
    assert metric(app, "vector_size") == "8"
    assert 0 < float(metric(app, "Coverage by word").rstrip("%")) < 100
    press(app, "Continue to training")
    go(app, "train")
    tick(app, "tied", False)
    tick(app, "pretrained", False)
    tick(app, "classic", True)
    train_and_wait(app)
    go(app, "maps")
    wait_for_maps(app)
    assert len(app.get("plotly_chart")) == 2
    assert "distances between clusters on a map are not evidence" in everything(app)
    app.text_input(key="find-word").set_value("river").run()
    assert "Neighbours of “river”" in everything(app)
    app.text_input(key="find-word").set_value("rivr").run()
    assert "Did you mean “river”" in everything(app)


def few_articles(progress):
    """In place of Wikipedia's."""
    lines = demo_uploads()[0].data.decode().splitlines()
    return [Document(f"{number}", line) for number, line in enumerate(lines[:60])]


def test_demo_from_data_through_train_to_compare(monkeypatch):
    monkeypatch.setattr("core.workspace.demo_data._articles", few_articles)
    app = open_app()
    app.session_state["map-method"] = "pca"
    press(app, "Try the demo")
    wait(app, lambda _: counted_vectors().exists(), 120)
    run(app)
    assert metric(app, "Documents") == "300"
    rows = counted_vectors().read_bytes().count(b"\n")
    assert metric(app, "Words in the file") == f"{rows:,}"
    assert "excerpt of English Wikipedia" in everything(app)
    go(app, "train")
    for strategy in ("tied", "scratch"):
        tick(app, strategy, False)
    tick(app, "preview", True)
    train_and_wait(app)
    go(app, "maps")
    wait_for_maps(app)
    assert len(app.get("plotly_chart")) == 2


@pytest.mark.parametrize("page", ["train", "maps"])
def test_a_page_opened_first_on_a_fresh_server_says_what_to_do(page):
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert "Data" in everything(app) or "text" in everything(app)


@pytest.mark.children
def test_changed_settings_are_named_on_the_old_result():
    app = open_app()
    paste(app, TEXT)
    go(app, "train")
    app.number_input(key="setting-vector_size").set_value(8).run()
    train_and_wait(app)
    assert "Settings changed since this was trained" not in everything(app)
    app.number_input(key="setting-window").set_value(3).run()
    assert "Settings changed since this was trained" in everything(app)
    app.number_input(key="setting-min_count").set_value(1000).run()
    assert "the most frequent one is seen" in " ".join(error.value for error in app.error)
    assert app.button(key="train").disabled
    app.number_input(key="setting-min_count").set_value(1).run()
    assert not app.button(key="train").disabled


def test_the_usual_min_count_follows_the_text_and_a_chosen_one_stays(monkeypatch):
    monkeypatch.setattr("core.config.MIN_COUNT_BY_TOKENS", ((100, 5),))
    monkeypatch.setattr("core.config.LARGE_TEXT_TOKENS", 100)
    app = open_app()

    def shown_for(text, *settings):
        go(app, "data")
        paste(app, text)
        assert [box.value for box in app.number_input if box.label == "min_count"] == [2 if text == SHORT else 5]
        go(app, "train")
        return tuple(app.number_input(key=f"setting-{name}").value for name in ("min_count", "epochs_scratch"))

    assert shown_for(SHORT) == (2, 20)
    assert shown_for(TEXT) == (5, 10)
    assert shown_for(SHORT) == (2, 20)
    token = app.query_params["w"]
    app = open_app(w=token[0] if isinstance(token, list) else token)  # what nobody chose was not kept
    assert shown_for(TEXT) == (5, 10)
    app.number_input(key="setting-epochs_scratch").set_value(7).run()
    assert shown_for(SHORT) == (2, 7)
    token = app.query_params["w"]
    app = open_app(w=token[0] if isinstance(token, list) else token)
    assert shown_for(TEXT) == (5, 7)


def test_what_an_earlier_version_kept_of_the_form_stays(monkeypatch):
    monkeypatch.setattr("core.config.MIN_COUNT_BY_TOKENS", ((100, 5),))
    app = open_app()
    paste(app, TEXT)
    token = app.query_params["w"]
    token = token[0] if isinstance(token, list) else token
    save(token, replace(saved(token), settings=TrainForm(values={"min_count": 2, "window": 5})))
    app = open_app(w=token)
    go(app, "train")
    assert app.number_input(key="setting-min_count").value == 2
    assert saved(token).settings.values["min_count"] == 2


def test_a_reload_finds_everything_again(glove):
    app = open_app()
    paste(app, TEXT)
    choose_vectors(app, "tiny.8d.txt")
    token = app.query_params["w"]
    again = open_app(w=token[0] if isinstance(token, list) else token)
    assert metric(again, "Documents") == "48"
    assert metric(again, "vector_size") == "8"
    stranger = open_app()
    assert not stranger.metric


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"... !!! --- ???", "word"),
        (bytes(range(256)) * 20, "not text"),
    ],
)
def test_bad_text_is_explained_and_the_text_in_use_stays(data, says):
    app = open_app()
    paste(app, TEXT)
    app.file_uploader(key="text-files").set_value([("bad.txt", data, "text/plain")]).run()
    assert not app.exception
    shown = " ".join(error.value for error in app.error)
    assert "bad.txt" in shown
    assert says in shown
    assert metric(app, "Documents") == "48"


def test_a_file_that_is_no_vectors_file_is_refused(vectors_folder):
    (vectors_folder / "notes.txt").write_text("this is not\na file of vectors\n")
    (vectors_folder / "empty.txt").write_bytes(b"")
    app = open_app()
    shown = everything(app)
    assert "notes.txt" in shown
    assert "empty.txt" in shown
    box = next(box for box in app.selectbox if box.label == "Vectors file")
    assert len(box.options) == 1


@pytest.mark.parametrize(("text", "says"), [("word", "seen 1 time. Lower"), ("one two three one two three", "")])
def test_very_small_texts(text, says):
    app = open_app()
    paste(app, text)
    go(app, "train")
    if says:
        assert says in " ".join(error.value for error in app.error)
        app.number_input(key="setting-min_count").set_value(1).run()
    train_and_wait(app)
    tick(app, "counts", True)
    train_and_wait(app)
    go(app, "maps")
    assert not app.exception


def test_another_script_has_no_coverage_and_still_trains(glove):
    app = open_app()
    paste(app, "Собака пьёт воду из реки. Кошка пьёт молоко. Собака и кошка спят у реки.\n\n" * 20)
    choose_vectors(app, "tiny.8d.txt")
    assert metric(app, "Coverage by word") == "0.0 %"
    assert "none of this text's words" in everything(app)
    go(app, "train")
    tick(app, "tied", False)
    tick(app, "pretrained", False)
    train_and_wait(app)
    assert "trained by Vectune in" in everything(app)


def test_options_are_hashable_keys():
    assert hash(CorpusOptions()) == hash(CorpusOptions())


def test_runs_can_be_removed_restored_renamed_and_filtered():
    app = open_app()
    paste(app, TEXT)
    go(app, "train")
    app.number_input(key="setting-vector_size").set_value(8).run()
    tick(app, "counts", True)
    train_and_wait(app)
    go(app, "models")
    assert list(app.dataframe[0].value["Name"]) == ["From scratch", "From scratch, counting method"]
    assert set(app.dataframe[0].value["State"]) == {"finished"}
    select_rows(app, [0])
    app.text_input[1].set_value("My first model").run()
    assert "My first model" in list(app.dataframe[0].value["Name"])
    app.text_input(key="run-filter").set_value("counts").run()
    assert list(app.dataframe[0].value["Name"]) == ["From scratch, counting method"]
    app.text_input(key="run-filter").set_value("From scratch").run()  # renamed, and still what its strategy is called
    assert list(app.dataframe[0].value["Name"]) == ["My first model", "From scratch, counting method"]
    app.text_input(key="run-filter").set_value("").run()
    assert {"Open the maps", "Remove"} <= set(labels(app))  # in sight before anything is ticked, and so are the tabs
    assert [tab.label for tab in app.tabs] == ["Rename", "Export", "Make it again", "Report", "Share"]
    assert button(app, "Open the maps").disabled
    select_rows(app, [0, 1])
    assert not button(app, "Open the maps").disabled
    assert {"Prepare the report", "Save the demo"} <= set(labels(app))
    select_rows(app, [0])
    press(app, "Remove 1")
    assert len(app.dataframe[0].value) == 1
    assert "Remove 1" not in labels(app)  # the run that moved up was not ticked
    press(app, "Undo removing 1 model")
    assert list(app.dataframe[0].value["Name"]) == ["My first model", "From scratch, counting method"]


@pytest.mark.parametrize("content", ['{"version": 99}', "{", '{"runs": [{"id": 5}]}', '{"left": 5, "version": 1}'])
def test_a_workspace_that_cannot_be_read_is_named_and_left_as_it_is(content):
    token = "w" * 22
    save(token, Workspace())
    spoil(token, content)
    app = open_app(w=token)
    shown = everything(app).replace("\\", "")
    assert "This workspace cannot be opened" in shown
    paste(app, "The river runs past the old bank.")
    assert app.query_params["w"] not in (token, [token])
    assert content_of(token) == content


def test_ticking_a_run_with_a_long_name_does_not_rename_it(glove):
    token = trained_workspace("\n\n".join(SENTENCES[:3] * 6), glove)
    workspace = saved(token)
    long = "a corpus with a name that says everything " * 6
    runs = tuple(replace(asked, title=f"{long}{place}") for place, asked in enumerate(workspace.runs))
    save(token, replace(workspace, runs=runs))
    app = open_app(w=token)
    go(app, "models")
    select_rows(app, [0])
    assert [asked.title for asked in saved(token).runs] == [f"{long}{place}" for place in range(2)]


def select_rows(app, rows):
    _, times = app.session_state["kept-run-table-rows"]
    app.session_state[f"run-table-{times}"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    run(app)


@pytest.mark.children
def test_an_interrupted_training_is_named_and_offered_again():
    app = open_app()
    paste(app, TEXT)
    go(app, "train")
    app.number_input(key="setting-vector_size").set_value(8).run()
    app.number_input(key="setting-epochs_scratch").set_value(200).run()
    press(app, "Train ")
    assert "Cancel" in labels(app)
    press(app, "Cancel")
    token = app.query_params["w"]
    token = token[0] if isinstance(token, list) else token
    st.cache_resource.clear()  # as after a restart: no job is known any more
    again = open_app(w=token)
    go(again, "train")
    assert "interrupted before it was finished" in everything(again)
    assert "Run again" in labels(again)
    for asked in saved(token).runs:
        KeptProblems().keep(asked.id, [id_of(token)], "The server before this one ran out of *memory*.")
    go(again, "train")
    assert "interrupted" not in everything(again)
    assert r"ran out of \*memory\*" in everything(again)
    go(again, "models")
    assert set(again.dataframe[0].value["State"]) == {"failed"}
    for asked in saved(token).runs:
        KeptProblems().begin(asked.id, id_of(token))  # as a server does that is killed before it has ended them
    go(again, "models")
    assert set(again.dataframe[0].value["State"]) == {"interrupted"}


def queue(app):
    """What the lines of progress say, each up to its colon."""
    return [bar.proto.text.split(":")[0] for bar in app.get("progress")]


def test_models_that_differ_in_their_seed_are_told_apart_while_they_are_trained(monkeypatch):
    app = open_app()
    paste(app, TEXT)
    hold_calls(monkeypatch)  # of training; the text had to be read
    go(app, "train")
    app.number_input(key="setting-vector_size").set_value(8).run()
    press(app, "Train ")
    assert queue(app) == ["From scratch"]
    app.number_input(key="setting-seeds").set_value(2).run()
    press(app, "Train ")
    assert sorted(queue(app)) == ["From scratch (seed 1)", "From scratch (seed 2)"]
    press(app, "Cancel all")
    go(app, "models")
    assert sorted(app.dataframe[0].value["Name"]) == ["From scratch (seed 1)", "From scratch (seed 2)"]
    for asked in saved(app.session_state["token"]).runs:
        server.training_jobs().forget(asked.id)  # as after a restart
    go(app, "train")
    press(app, "Train all 2 again")
    assert sorted(queue(app)) == ["From scratch (seed 1)", "From scratch (seed 2)"]
    press(app, "Cancel all")
