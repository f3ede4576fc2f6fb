"""The Sweep page as a user walks through it, without a browser."""

import json

import pytest
from app_driver import everything, labels, open_page, press, run, trained_workspace, wait
from small_texts import topical_documents, topical_glove
from workspaces import id_of, saved

from core.cli.main import main
from core.models import runs
from core.models.runs import has_run
from core.score.sweep.store import SWEEPS, find_sweep
from core.system.inventory import take_inventory
from core.system.typed_json import as_values
from core.workspace.erasure import erase_workspace

TEXT = "\n\n".join(topical_documents(40))


@pytest.fixture
def vectors(vectors_folder):
    topical_glove(vectors_folder / "tiny.8d.txt")
    return vectors_folder / "tiny.8d.txt"


@pytest.fixture
def token(vectors):
    """Of a workspace with a text and vectors."""
    return trained_workspace(TEXT, vectors, strategies=("pretrained",))


def write(app, **ranges):
    for name, text in ranges.items():
        app.text_input(key=f"sweep-{name}").set_value(text)
    run(app)


def open_small(token):
    app = open_page("sweep", w=token)
    app.multiselect(key="sweep-strategies-True").set_value(["tuned"])
    write(app, epochs="1, 8", alpha="0.0001, 0.05", window="", min_count="1")
    return app


def make(app):
    press(app, "Try 4 settings")
    wait(app, lambda app: "Cancel" not in labels(app))


def kept():
    (entry,) = take_inventory([SWEEPS])
    return find_sweep(entry.name)


def test_try_choose_and_have_a_row_as_a_model(token):
    app = open_page("sweep", w=token)
    assert any(label.startswith("Try 18 settings (about ") for label in labels(app))  # without a choice of anybody's
    app = open_small(token)
    make(app)
    assert app.header[0].value.startswith(":green[:material/trending_up: Helped]")
    said = everything(app)
    assert "The best of 4 settings is “Fine-tune with dose control”, epochs 8, alpha 0.05. In 6 documents that" in said
    assert "against the untouched vectors of tiny.8d.txt" in said
    assert "It was chosen among 4 for its score" in said
    table = app.dataframe[0].value
    assert list(table) == ["Passes (epochs)", "Learning rate (alpha)", "Score", "Dose", "Seconds"]
    assert list(table["Score"]) == sorted(table["Score"], reverse=True)
    assert (table["Passes (epochs)"][0], table["Learning rate (alpha)"][0]) == (8, 0.05)

    press(app, "Make this model of the whole text")
    wait(app, lambda app: "Cancel" not in labels(app))
    model = saved(token).runs[0]
    assert has_run(model.id)
    assert (model.config.epochs, model.config.alpha, model.config.dose, model.config.min_count) == (8, 0.05, None, 1)
    (entry,) = take_inventory([SWEEPS])
    app.session_state[f"sweep-table-{entry.name}"] = {"selection": {"rows": [3], "columns": [], "cells": []}}
    run(app)
    press(app, "Make this model of the whole text")
    wait(app, lambda app: "Cancel" not in labels(app))
    assert saved(token).runs[0].config != model.config
    assert len(saved(token).runs) == 3


def test_several_vectors_files_and_a_row_of_another_one_as_a_model(token, vectors, vectors_folder):
    wide = vectors_folder / "wide <b>.12d.txt"
    topical_glove(wide, size=12)
    app = open_small(token)
    (box,) = [each for each in app.multiselect if each.label == "Vectors files to start from"]
    assert box.value == [(vectors, None)]  # the one in use
    assert saved(token).sweep.files is None
    box.set_value([(wide, None), (vectors, None)])
    write(app, epochs="8", alpha="0.05")
    press(app, "Try 2 settings")
    wait(app, lambda app: "Cancel" not in labels(app))
    assert saved(token).sweep.files == ((vectors, None), (wide, None))  # in the order of the list
    table = app.dataframe[0].value
    assert list(table) == ["Vectors file", "Score", "Dose", "Seconds"]
    assert sorted(table["Vectors file"]) == [vectors.name, wide.name]
    assert "The best of 2 settings is “Fine-tune with dose control”, vectors " in everything(app)
    (entry,) = take_inventory([SWEEPS])
    row = list(table["Vectors file"]).index(wide.name)
    app.session_state[f"sweep-table-{entry.name}"] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    run(app)
    app.button(key="sweep-open-row").click()
    run(app)
    wait(app, lambda app: "Cancel" not in labels(app))
    model = saved(token).runs[0]
    assert (model.vectors, model.vectors_path, model.config.vector_size) == (wide.name, wide, 12)
    assert has_run(model.id)
    again = open_page("sweep", w=token)
    assert "It was chosen among 2" in everything(again)


def test_it_finds_what_the_command_line_finds(token, vectors, tmp_path):
    app = open_small(token)
    make(app)
    (tmp_path / "text.txt").write_text(TEXT, "utf-8")
    line = ["sweep", str(tmp_path / "text.txt"), "--documents", "paragraph", "--vectors", str(vectors)]
    line += ["--strategies", "tuned", "--epochs", "1,8", "--alpha", "0.0001,0.05", "--min-count", "1"]
    assert main([*line, "--out", str(tmp_path / "out")]) == 0
    written = json.loads((tmp_path / "out" / "sweep.json").read_text("utf-8"))
    shown = as_values(kept())
    for found in (written, shown):
        found.pop("sentence"), found["test"].pop("reference")
        for each in (*found["settings"], found["chosen"]):
            each["values"].pop("vectors")
    written.pop("version")
    assert json.loads(json.dumps(shown)) == written  # seconds and runs too: the models are the same


def test_a_form_is_kept_and_what_was_found_with_it(token):
    app = open_small(token)
    make(app)
    form = saved(token).sweep
    assert (form.strategies, form.ranges["epochs"], form.ranges["alpha"]) == (("tuned",), "1, 8", "0.0001, 0.05")
    again = open_page("sweep", w=token)
    assert "It was chosen among 4" in everything(again)
    write(again, epochs="1, 8, 9")
    assert "It was chosen" not in everything(again)
    assert any(label.startswith("Try 6 settings") for label in labels(again))


def test_what_was_finished_when_it_failed_is_shown_and_gone_on_from(token, monkeypatch):
    train = runs._train

    def fail(corpus, config, pretrained, progress):
        if config.epochs == 8 and config.alpha > 0.01:
            raise OSError(28, "No space left on device")
        return train(corpus, config, pretrained, progress)

    monkeypatch.setattr("core.models.beside.available_cores", lambda: 1)
    monkeypatch.setattr(runs, "_train", fail)
    app = open_small(token)
    make(app)
    assert "the disk is full" in everything(app)
    monkeypatch.setattr(runs, "_train", train)
    press(app, "settings (about" if "Go on" not in " ".join(labels(app)) else "Go on with")
    wait(app, lambda app: "Cancel" not in labels(app))
    assert kept().tried == 4


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ({"epochs": "many"}, "it must be whole numbers, like 5,10,20"),
        ({"epochs": "0"}, "epochs is 0; it must lie between 1 and 200"),
        ({"epochs": "1..200", "window": "1..50"}, "20,000 settings; a sweep trains up to 1,000 models"),
        ({"seeds": "1..1000000"}, "which are 1,000,000 values"),
    ],
)
def test_ranges_that_cannot_be_tried_say_what_to_do(token, ranges, said):
    app = open_page("sweep", w=token)
    write(app, **ranges)
    assert said in app.error[0].value
    assert not [label for label in labels(app) if label.startswith("Try ")]


def test_optuna_is_offered_where_a_grid_is_too_large(token):
    app = open_page("sweep", w=token)
    write(app, epochs="1..200", window="1..50")
    assert "or let Optuna pick some of them to try" in app.error[0].value
    app.segmented_control(key="sweep-way").set_value(True)
    run(app)
    assert "Of 20,000 settings." in everything(app)
    app.number_input(key="sweep-trials").set_value(7)
    run(app)
    assert any(label.startswith("Try 7 settings") for label in labels(app))


def test_without_a_text_and_without_vectors(vectors_folder):
    app = open_page("sweep")
    assert "There is no text yet" in everything(app)
    topical_glove(vectors_folder / "tiny.8d.txt")
    token = trained_workspace(TEXT, vectors_folder / "tiny.8d.txt", strategies=("pretrained",))
    (vectors_folder / "tiny.8d.txt").unlink()
    app = open_page("sweep", w=token)
    assert app.multiselect(key="sweep-strategies-False").value == ["scratch", "counts"]


def test_erasing_takes_it_along(token):
    make(open_small(token))
    assert kept() is not None
    erase_workspace(id_of(token))
    assert not take_inventory([SWEEPS])
