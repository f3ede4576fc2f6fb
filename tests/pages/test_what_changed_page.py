"""The page What changed as a user walks through it, without a browser."""

import re

import numpy as np
import pytest
from app_driver import everything, labels, open_page, press, run, trained_workspace, wait
from word_pages import TEXT, pretrained_and_classic, tables, two_texts, word_vectors


@pytest.fixture(autouse=True)
def glove(vectors_folder):
    return word_vectors(vectors_folder)


def open_on(token):
    """The page as it is drawn the second time: in AppTest the first one has widgets of another address."""
    return run(open_page("what_changed", w=token))


@pytest.fixture
def app(glove):
    return open_on(pretrained_and_classic(glove))


def open_tab(app, name):
    app.session_state["change-tab"] = name
    run(app)


def moved_rows(app):
    return next(table for table in tables(app) if "Count" in table and "Change" in table)


def test_what_moved_waits_for_noise_and_then_says_what_is_more(app, monkeypatch):
    assert "not yet told from noise" in everything(app)
    assert "can be cancelled" in everything(app)
    assert "Cancel" not in labels(app)  # it does not begin by itself
    assert "Verdict" not in moved_rows(app)
    with monkeypatch.context() as limited:
        limited.setenv("VECTUNE_BYTES_PER_WORKSPACE", "1")
        press(app, "Measure the noise (about")
        assert "the most for one workspace" in everything(app)
        assert "Cancel" not in labels(app)
    press(app, "Measure the noise (about")
    assert "Cancel" in labels(app)
    wait(app, lambda app: "moved from “Pretrained only” to" in everything(app))
    (sentence,) = [each.value for each in app.header if "moved from “Pretrained only” to" in each.value]
    judged = int(re.search(r"of (\d+) judged words", sentence)[1])
    assert judged > 5
    for said in ("further than retraining alone", "than another sample of your documents", "in random order"):
        assert said in sentence or sentence.startswith("None of")
    shown = moved_rows(app)
    assert list(shown["Verdict"].isin(["moved", "could be noise"])).count(True) == judged
    assert set(shown["Verdict"]) <= {"moved", "could be noise", "too rare"}
    assert len(shown) >= 20
    assert not {"the", "chased", "crown"} & set(shown["Word"])
    open_tab(app, "New words")
    new = next(table for table in tables(app) if "Near on the right" in table)
    assert set(new["Word"]) == {"chased", "crown"}
    assert "Near on the left" not in new  # that is the file
    assert all(word in line.split() for word, line in zip(new["Word"], new["In the text"], strict=True))
    open_tab(app, "Moved words")
    (kinds,) = [toggle for toggle in app.toggle if "function words" in toggle.label]
    assert str(36 - 2 - len(shown)) in kinds.label
    kinds.set_value(True).run()
    assert len(moved_rows(app)) == 34
    assert set(moved_rows(app).set_index("Word").loc[["the"], "Verdict"]) == {"not judged"}
    app.text_input(key="moved-filter").set_value("river Bank " + " ".join(f"q{i}" for i in range(10_000))).run()
    assert "2 of the 10,002 words" in everything(app)
    assert set(moved_rows(app)["Word"]) == {"river", "bank"}
    app.text_input(key="moved-filter").set_value("river crown").run()
    assert set(moved_rows(app)["Word"]) == {"river"}
    assert "Among the new words, which have a list of their own: crown" in everything(app)
    app.text_input(key="moved-filter").set_value("qqq").run()
    assert "No word is left" in everything(app)
    app.text_input(key="moved-filter").set_value("").run()
    app.session_state["moved-histogram"] = {"selection": {"points": [], "box": [{"x": [900, 999]}]}}
    run(app)
    assert "No word is left" in everything(app)
    app.session_state["moved-histogram"] = {"selection": {"points": [], "box": []}}
    app.session_state["moved-table"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    run(app)
    press(app, "Look at")
    shown = everything(app)
    assert "Neighbours of" in shown
    assert "moved: more than noise" in shown or "It would have had to change by" in shown
    app.session_state["moved-table"] = {"selection": {"rows": [], "columns": [], "cells": []}}
    press(app, "See it in “What changed”")
    (word,) = moved_rows(app)["Word"]
    assert app.text_input(key="moved-filter").value == word


def test_function_words_among_key_words_are_listed_by_a_switch(glove, monkeypatch):
    def is_content_of(words, languages):
        return np.array([word != "river" for word in words], bool)

    monkeypatch.setattr("pages.parts.what_changed.key_words.is_content_of", is_content_of)
    app = open_on(two_texts(glove))
    open_tab(app, "Key words")
    having = [number for number in (0, 1) if any(each.key == f"key-words-all-{number}" for each in app.toggle)]
    assert having
    assert not any("river" in set(table["Word"]) for table in tables(app) if "Elsewhere" in table)
    for number in having:
        app.toggle(key=f"key-words-all-{number}").set_value(True)
    run(app)
    assert any("river" in set(table["Word"]) for table in tables(app) if "Elsewhere" in table)


def test_another_seed_alone_is_warned_of_between_two_texts(glove, monkeypatch):
    plans = []
    monkeypatch.setattr("pages.shared.noise_panel._ask_for", lambda *_: plans.append(1))
    app = open_on(two_texts(glove))
    monkeypatch.setattr("pages.shared.noise_panel.measured_kinds", lambda _: ("seed",))
    monkeypatch.setattr("pages.shared.cached.change_cache.moved_sentence", lambda *_: "5 of 9 words moved.")
    run(app)
    (questions,) = [each for each in app.get("button_group") if "marked as moved" in each.label]
    assert plans
    assert not app.warning
    questions.set_value(["seed"]).run()
    assert "even two random halves of one text would differ by more" in everything(app)


def test_key_words_of_two_texts(glove):
    app = open_on(two_texts(glove))
    open_tab(app, "Key words")
    assert sum("Elsewhere" in table for table in tables(app)) == 2
    assert "Monroe et al. 2008" in everything(app)
    open_tab(app, "New words")
    assert "lacks these 2 words" in everything(app)
    assert "come of the words around them and words that are spelled like them" in everything(app)


def test_models_made_in_different_ways_offer_the_start_of_the_fine_tuned_one(glove):
    token = trained_workspace(TEXT, glove, ("scratch", "tied", "pretrained"), 2)
    app = open_on(token)
    assert "made in different ways" in everything(app)
    press(app, "Compare Pretrained only and Fine-tune, one vector a word")
    assert "made in different ways" not in everything(app)
    assert not any(label.startswith("Compare Pretrained only") for label in labels(app))
