"""The Words page as a user walks through it, without a browser."""

import re
from dataclasses import replace

import numpy as np
import pytest
from app_driver import (
    APP,
    everything,
    go,
    labels,
    open_app,
    open_page,
    paste,
    press,
    run,
    train_and_wait,
    trained_workspace,
    wait,
)
from small_texts import SENTENCES, small_glove
from streamlit.testing.v1 import AppTest
from workspaces import save, saved

TEXT = "\n\n".join([*SENTENCES * 12, "Once only."])


@pytest.fixture(autouse=True)
def glove(vectors_folder):
    """A folder with one small vectors file."""
    elsewhere = [f"elsewhere{number}" for number in range(30)]
    return small_glove(vectors_folder / "tiny.8d.txt", without=("chased", "crown"), extra=elsewhere)


@pytest.fixture
def app(glove):
    """Pretrained on the left, classic fine-tuning on the right, on the Words page."""
    return open_page("words", w=trained_workspace(TEXT, glove, ("pretrained", "classic"), min_count=2))


def find(app, word):
    app.text_input(key="word-search").set_value(word).run()
    assert not app.exception, app.exception[0].value


def tables(app):
    return [each.value for each in app.dataframe]


def test_a_word_from_search_to_sentences(app):
    assert "Type a word, or start with one of those" in everything(app)
    find(app, "RIVER")
    shown = everything(app)
    assert "Neighbours of “river”" in shown
    assert "seen 36 times" in shown
    assert sum(len(table) for table in tables(app)) >= 10
    html = "".join(each.proto.body for each in app.get("html"))
    assert "<bdi dir='ltr'>river</bdi>" in html
    assert html.count("<summary>") >= 10  # as it was written
    assert "36 times in 24 documents" in shown
    app.slider[0].set_value(30).run()
    assert sum(len(table) for table in tables(app)) >= 30


def test_why_a_word_is_not_there(app):
    find(app, "rivr")
    assert "“rivr” does not occur in the text" in everything(app)
    press(app, "river")
    assert "Neighbours of “river”" in everything(app)
    find(app, "only")
    assert "was seen once in the text, below min\\_count 2" in everything(app)
    find(app, "new york")
    assert "more than one word" in everything(app)
    find(app, "x" * 10_000)
    assert "10,000 characters" in everything(app)
    find(app, "river")
    assert not app.warning


def test_the_whole_vectors_file_is_indexed_when_asked_for(app):
    find(app, "river")
    app.session_state["neighbour-scope"] = "Whole vectors file"
    run(app)
    assert "needs an index" in everything(app)
    press(app, "Index the whole file")
    wait(app, lambda app: "which stay where the file has them" in everything(app))
    assert any(word.startswith("elsewhere") for table in tables(app) for word in table["Word"])


def open_questions(app, name):
    app.session_state["word-questions"] = name
    run(app)


def test_questions_about_several_words(app):
    find(app, "river")
    app.text_input(key="pair-second").set_value("water").run()
    table = next(table for table in tables(app) if "Model" in table)
    assert len(table) == 2
    assert table["Similarity"].notna().all()
    app.text_input(key="pair-second").set_value("nowhere").run()
    table = next(table for table in tables(app) if "Model" in table)
    assert table["Remark"].str.contains("“nowhere”: below min_count").all()
    open_questions(app, "Analogy")
    for formula, says in [
        ("king man", "There is no + or -"),
        ("king - nowhere", "“nowhere” is not a word of either model"),
    ]:
        app.text_input(key="formula").set_value(formula).run()
        assert says in everything(app)
    app.text_input(key="formula").set_value("king - queen + river").run()
    assert not app.error
    open_questions(app, "Odd one out")
    app.text_input(key="odd-words").set_value("king queen").run()
    assert "three or more" in everything(app)
    app.text_input(key="odd-words").set_value("king, queen, river").run()
    assert not app.error


def open_moved(app):
    app.session_state["words-tab"] = "What moved"
    run(app)


def moved_rows(app):
    return next(table for table in tables(app) if "Count" in table and "Change" in table)


def test_what_moved_waits_for_noise_and_then_says_what_is_more(app, monkeypatch):
    open_moved(app)
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
    (sentence,) = [each.value for each in app.subheader if "moved from “Pretrained only” to" in each.value]
    judged = int(re.search(r"of (\d+) judged words", sentence)[1])
    assert judged > 5
    for said in ("further than retraining alone", "than another sample of your documents", "in random order"):
        assert said in sentence or sentence.startswith("None of")
    shown = moved_rows(app)
    assert list(shown["Verdict"].isin(["moved", "could be noise"])).count(True) == judged
    assert set(shown["Verdict"]) <= {"moved", "could be noise", "too rare"}
    assert len(shown) >= 20
    assert not {"the", "chased", "crown"} & set(shown["Word"])
    new = next(table for table in tables(app) if "Near on the right" in table)
    assert set(new["Word"]) == {"chased", "crown"}
    assert "Near on the left" not in new  # that is the file
    assert all(word in line.split() for word, line in zip(new["Word"], new["In the text"], strict=True))
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
    assert "Among the new words, below: crown" in everything(app)
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
    assert "Neighbours of" in everything(app)
    shown = everything(app)
    assert "moved: more than noise" in shown or "It would have had to change by" in shown
    app.session_state["moved-table"] = {"selection": {"rows": [], "columns": [], "cells": []}}
    press(app, "See it in “What moved”")
    (word,) = moved_rows(app)["Word"]
    assert app.text_input(key="moved-filter").value == word


@pytest.mark.parametrize("query", [{}, {"w": "x"}])
def test_the_page_without_models_says_what_to_do(query):
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page("pages/words.py").run()
    assert not app.exception
    assert "nothing to compare" in everything(app)


def test_models_without_a_common_word_are_refused():
    app = open_app()
    for text in ("one two three four five. " * 9, "eins zwei drei vier elf. " * 9):
        go(app, "data")
        paste(app, text)
        go(app, "train")
        train_and_wait(app)
    go(app, "words")
    assert "share none" in everything(app)


def two_texts(glove):
    """The same strategy on two texts that say the same words unequally often, both called alike."""
    first, second = (
        saved(trained_workspace("\n\n".join(SENTENCES * 12 + more * 12), glove, ("tied",), min_count=2))
        for more in (SENTENCES[:6], SENTENCES[6:12])
    )
    ((left,), (right,)) = first.runs, second.runs
    token = "twotextstwotextstwo01"
    save(token, replace(first, runs=(left, right), left=left.id, right=right.id, pins=("river",)))
    return token


def test_with_two_texts_every_number_says_whose_it_is(glove):
    app = open_page("words", w=two_texts(glove))
    shown = everything(app)
    times = re.search(r"seen (\d+) times in my text \(left\), (\d+) times in my text \(right\)", shown)
    assert times[1] != times[2]
    assert "In my text (left), left:" in shown
    assert "In my text (right), right:" in shown
    for number in (1, 2):
        assert f"{times[number]} times in" in shown
    assert all("n L" in table and "n R" in table for table in tables(app) if "Left" in table)
    find(app, "rivr")
    assert "“rivr” does not occur in either text" in everything(app)
    open_moved(app)
    assert "made in different ways" not in everything(app)
    assert "16 times on the documents of both texts, dealt out anew" in everything(app)
    (facts,) = [table for table in tables(app) if "Change" in table]
    river = facts.set_index("Word").loc["river"]
    assert (river["Count L"], river["Count R"]) == (int(times[1]), int(times[2]))


def test_collocates_and_key_words_of_two_texts(glove):
    app = open_page("words", w=two_texts(glove))
    find(app, "river")
    assert sum("Log-likelihood" in table for table in tables(app)) >= 1
    app.session_state["words-tab"] = "Key words"
    run(app)
    assert sum("Elsewhere" in table for table in tables(app)) == 2
    assert "Monroe et al. 2008" in everything(app)


def test_function_words_among_key_words_are_listed_by_a_switch(glove, monkeypatch):
    def is_content_of(words, languages):
        return np.array([word != "river" for word in words], bool)

    monkeypatch.setattr("pages.parts.words.key_words.is_content_of", is_content_of)
    app = open_page("words", w=two_texts(glove))
    app.session_state["words-tab"] = "Key words"
    run(app)
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
    app = open_page("words", w=two_texts(glove))
    monkeypatch.setattr("pages.shared.noise_panel.measured_kinds", lambda _: ("seed",))
    monkeypatch.setattr("pages.shared.cached.moved_sentence", lambda *_: "5 of 9 words moved.")
    open_moved(app)
    (questions,) = [each for each in app.get("button_group") if "marked as moved" in each.label]
    assert plans
    assert not app.warning
    questions.set_value(["seed"]).run()
    assert "even two random halves of one text would differ by more" in everything(app)


def test_a_concordance_of_a_phrase_and_of_patterns(app):
    find(app, "river")
    app.session_state["words-tab"] = "Concordance"
    run(app)
    assert "Type a word, a phrase" in everything(app)
    sought = app.text_input(key="concordance-sought")
    sought.set_value("the riv*").run()
    shown = everything(app)
    assert "**36 times** · 45,340 in a million tokens" in shown
    assert "in 24 of 49 documents" in shown
    html = "".join(each.proto.body for each in app.get("html"))
    assert html.count("<summary>") == 10
    assert "<bdi dir='ltr'>the river</bdi>" in html
    app.text_input(key="concordance-sought").set_value("ri* *x* b?").run()
    assert "Not found in the" in everything(app)
    app.text_input(key="concordance-sought").set_value("*").run()
    assert [error.value for error in app.error] == [
        "“\\*” names no word to look for. Type a word, a phrase, or the beginning of a word and \\*."
    ]
    assert app.text_input(key="concordance-sought").value == "*"
