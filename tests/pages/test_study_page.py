"""The Study page as a user walks through it, without a browser."""

import json
from dataclasses import replace

import pytest
from app_driver import everything, go, labels, open_page, press, run, wait
from made_studies import split_workspace, table_of
from small_texts import topical_documents, topical_glove
from workspaces import save, saved

from core.cli.main import main
from core.comparison.study.record import describe_study
from core.comparison.study.steps import leave_out_noise
from core.comparison.study.store import STUDIES
from core.comparison.study.store import open_study as open_kept_study
from core.system.inventory import take_inventory
from core.system.typed_json import as_values, encode_record, from_values
from core.workspace.erasure import plan_text_removal
from core.workspace.uses import named_by
from core.workspace.workspace import StudyForm, Workspace

TOKEN = "s" * 22
NAMES = ("old", "mid", "new")


@pytest.fixture
def vectors(vectors_folder):
    topical_glove(vectors_folder / "tiny.8d.txt")
    return vectors_folder / "tiny.8d.txt"


def documents_of(seed, number=24):
    return topical_documents(number, 500, seed)


@pytest.fixture
def three(vectors):
    return split_workspace(TOKEN, {name: documents_of(seed) for seed, name in enumerate(NAMES)}, vectors)


def open_study(token, pins=()):
    if pins:
        save(token, replace(saved(token), pins=pins))
    return open_page("study", w=token)


def make(app):
    press(app, "Study these")
    wait(app, lambda app: "Cancel" not in labels(app))


def test_make_measure_follow_reorder_and_look_at_two(three, monkeypatch):
    for module in ("noise", "noise_plan"):
        monkeypatch.setattr(f"core.comparison.{module}.FEWEST_DEALS", 2)
    monkeypatch.setattr("core.comparison.noise_plan.MOST_DEALS", 2)
    app = open_study(three)
    assert "**3 texts:** letters old, letters mid, letters new" in everything(app)
    make(app)
    assert "changed most from text to text. Whether that is more than noise is not known yet" in everything(app)
    assert "not yet told from noise" in everything(app)
    made = saved(three).study.runs
    assert len(made) == 3
    (study,) = (each for each in take_inventory([STUDIES]) if "-map" not in each.name)

    press(app, "Measure the noise")
    wait(app, lambda app: "Cancel" not in labels(app))
    assert "judged words changed in 2 steps by more than" in everything(app)

    press(app, "Measure the noise from “old” as well")
    wait(app, lambda app: "Cancel" not in labels(app))
    assert not any("Measure the noise" in label for label in labels(app))

    listing = app.dataframe[0].value
    assert {"Word", "Above noise", "Mean change", "Most from", "to"} <= set(listing.columns)
    first = listing["Word"].iloc[0]
    app.text_input(key="study-find").set_value(first.upper()).run()
    assert not app.exception
    assert saved(three).pins == (first,)
    assert len(app.get("plotly_chart")) == 3
    story = next(each.value for each in app.get("html") if "<table" in each.value)
    assert story.count("<tr") == 4
    for name in NAMES:
        assert name in story

    app.text_input(key="study-find").set_value("nowhere").run()
    assert "“nowhere” cannot be followed: “old”, “mid”, “new” has it" in everything(app)

    app.button(key="study-move-later-0").click()
    run(app)
    assert "letters mid, letters old, letters new" in everything(app)
    assert "Study these 3 texts" in labels(app)
    app.button(key="study-move-earlier-1").click()
    run(app)
    assert "Study these 3 texts" not in labels(app)
    assert study.path.is_dir()

    app.button(key="study-compare").click()
    run(app)
    opened = saved(three)
    assert {opened.left, opened.right} <= set(made)
    assert {run.id for run in opened.runs} == {opened.left, opened.right}
    assert len({run.source.part.labels for run in opened.runs}) == 2


def row_of(app, study):
    app.session_state[f"study-row-{study}"] = True
    return run(app)


def test_a_studys_models_are_on_runs_without_opening_it_and_in_the_list_when_asked(three):
    app = open_study(three)
    press(app, "Study these")
    (asked,) = saved(three).studies
    go(app, "models")  # before anything of it was looked at
    wait(app, lambda app: saved(three).studies[0].runs)
    assert not saved(three).runs
    row_of(app, asked.id)
    table = next(each.value for each in app.dataframe if "In the list" in each.value)
    assert list(table["Text"]) == [f"letters {name}" for name in NAMES]
    assert all(table["Words"] > 50)
    app.session_state[f"study-models-{asked.id}"] = {"selection": {"rows": [0, 2], "columns": [], "cells": []}}
    run(app)
    press(app, "Put 2 into the list")
    opened = saved(three)
    assert [each.id for each in opened.runs] == [opened.studies[0].runs[place] for place in (0, 2)]
    assert [each.text for each in opened.runs] == ["letters old", "letters new"]
    assert opened.studies[0].runs[1] in named_by(opened).runs
    app.button(key=f"compare-{opened.studies[0].runs[0]}").click()
    run(app)
    wait(app, lambda app: any(each.label == "Left" for each in app.selectbox))
    save(three, replace(saved(three), study=StudyForm()))
    go(app, "models")
    row_of(app, asked.id)
    press(app, "Open the study")
    assert "Study these" not in " ".join(labels(app))
    assert "letters old, letters mid, letters new" in everything(app)
    go(app, "models")
    row_of(app, asked.id)
    press(app, "Remove the study")
    assert not saved(three).studies
    assert len(saved(three).runs) == 2


def test_a_study_of_texts_that_are_read_otherwise_now_says_so(three):
    app = open_study(three)
    make(app)
    (asked,) = saved(three).studies
    workspace = saved(three)
    save(three, replace(workspace, texts=workspace.texts[:2], text=workspace.texts[0].choice))
    app = row_of(open_page("models", w=three), asked.id)
    press(app, "Open the study")
    assert "A text of this study was removed from the list" in app.error[0].value
    again = from_values(json.loads(encode_record(saved(three))), Workspace)
    assert again.studies == saved(three).studies
    after = plan_text_removal(again, asked.sources[0].upload).after
    assert not after.studies


def test_it_finds_what_the_command_line_finds(three, tmp_path, vectors):
    parts = {name: documents_of(seed) for seed, name in enumerate(NAMES)}
    (tmp_path / "letters.csv").write_text(table_of(parts), encoding="utf-8")
    app = open_study(three)
    make(app)
    found = app.session_state["kept-study-order"][1]
    line = ["study", "--text", f"letters={tmp_path / 'letters.csv'}", "--column", "text", "--label", "part"]
    line += ["--split-by", "label", "--vectors", str(vectors), "--noise", "none", "--out", str(tmp_path / "out")]
    assert main(line) == 0
    written = json.loads((tmp_path / "out" / "study.json").read_text("utf-8"))
    kept = open_kept_study(found)
    steps = leave_out_noise(kept.study)
    first = leave_out_noise(kept.study, "first")
    shown = as_values(describe_study(kept.study, kept.tokens, kept.trajectories, steps, first))
    assert json.loads(json.dumps(shown)) == {key: value for key, value in written.items() if key != "version"}


def test_one_text_is_told_what_to_do(vectors):
    token = split_workspace(TOKEN, {"only": documents_of(1)}, vectors)
    save(token, replace(saved(token), texts=saved(token).texts[:1]))
    app = open_study(token)
    assert "A study needs two to 12 texts. There is one, “letters”." in everything(app)
    assert "Go to the Data page" in labels(app)


def test_without_vectors_it_leads_to_the_data_page(three):
    save(three, replace(saved(three), vectors=None))
    app = open_study(three)
    assert "No vectors are chosen" in everything(app)
    assert not any("Study these" in each for each in labels(app))


def test_texts_that_share_too_few_words_are_named(vectors):
    other = [" ".join(f"mot{number}" for number in range(90)) for _ in range(12)]
    app = open_study(split_workspace(TOKEN, {"english": documents_of(0), "french": other}, vectors))
    assert "share 0 words" in everything(app)
    assert "Study these 2 texts" not in labels(app)


def test_a_part_with_two_documents_is_studied_without_noise_there(vectors):
    whole = documents_of(2)
    few = [" ".join(whole[:12]), " ".join(whole[12:])]
    app = open_study(split_workspace(TOKEN, {"old": documents_of(0), "mid": documents_of(1), "few": few}, vectors))
    make(app)
    assert "“mid” has 24 documents and “few” has 2 documents: too few to be dealt out anew" in everything(app).replace(
        "\\", ""
    )
    assert any("Measure the noise" in each for each in labels(app))  # of the other step


def test_erasing_a_text_ends_its_study(three):
    app = open_study(three)
    make(app)
    assert len(take_inventory([STUDIES])) >= 1
    go(app, "storage")
    press(app, "Delete")
    for each in labels(app):
        if each.startswith(("Delete for good", "Yes")):
            press(app, each)
            break
    assert not saved(three).study.runs
    assert not take_inventory([STUDIES])
