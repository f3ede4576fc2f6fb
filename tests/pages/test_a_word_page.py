"""The page A word as a user walks through it, without a browser."""

import re

import pytest
from app_driver import APP, everything, go, open_app, open_page, paste, press, run, train_and_wait, wait
from streamlit.testing.v1 import AppTest
from word_pages import find, pretrained_and_classic, tables, two_texts, word_vectors


@pytest.fixture(autouse=True)
def glove(vectors_folder):
    return word_vectors(vectors_folder)


@pytest.fixture
def app(glove):
    return open_page("a_word", w=pretrained_and_classic(glove))


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


@pytest.mark.parametrize("query", [{}, {"w": "x"}])
def test_the_page_without_models_says_what_to_do(query):
    app = AppTest.from_file(APP, default_timeout=60)
    app.switch_page("pages/a_word.py").run()
    assert not app.exception
    assert "nothing to compare" in everything(app)


def test_models_without_a_common_word_are_refused():
    app = open_app()
    for text in ("one two three four five. " * 9, "eins zwei drei vier elf. " * 9):
        go(app, "data")
        paste(app, text)
        go(app, "train")
        train_and_wait(app)
    go(app, "a_word")
    assert "share none" in everything(app)


def test_with_two_texts_every_number_says_whose_it_is(glove):
    app = open_page("a_word", w=two_texts(glove))
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
    find(app, "river")
    assert sum("Log-likelihood" in table for table in tables(app)) >= 1
    go(app, "what_changed")
    assert "made in different ways" not in everything(app)
    assert "16 times on the documents of both texts, dealt out anew" in everything(app)
    (facts,) = [table for table in tables(app) if "Change" in table]
    river = facts.set_index("Word").loc["river"]
    assert (river["Count L"], river["Count R"]) == (int(times[1]), int(times[2]))


def test_a_concordance_of_a_phrase_and_of_patterns(app):
    find(app, "river")
    app.session_state["word-tab"] = "Search the text"
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
