"""The page Did it help? as a user walks through it, without a browser."""

import pytest
from app_driver import (
    choose_vectors,
    everything,
    go,
    labels,
    open_app,
    paste,
    press,
    run,
    tick,
    train_and_wait,
    wait,
)
from same_process import hold_calls, wait_for_calls
from small_texts import TOPICAL_WORDS, topical_documents, topical_glove
from streamlit.testing.v1 import AppTest


@pytest.fixture(autouse=True)
def vectors(vectors_folder):
    topical_glove(vectors_folder / "tiny.8d.txt")


def trained(*strategies, text=None, with_vectors=True):
    """An app in which these models are made."""
    app = open_app()
    paste(app, text or "\n\n".join(topical_documents(32)))
    choose_vectors(app, "tiny.8d.txt" if with_vectors else "No file")
    go(app, "train")
    for strategy in ("tied", "scratch", "pretrained") if with_vectors else ("scratch",):
        tick(app, strategy, strategy in strategies)
    for strategy in strategies:
        tick(app, strategy, True)
    train_and_wait(app)
    go(app, "did_it_help")
    return app


def score(app):
    press(app, "Score these")
    wait(app, lambda app: "Cancel" not in labels(app))


def pick(app, label, value):
    next(box for box in app.selectbox if box.label == label).select(value).run()
    assert not app.exception


def tables(app):
    return [frame.value for frame in app.dataframe]


def test_score_change_the_roles_score_again_reload_and_measure_stability(monkeypatch):
    app = trained("preview", "counts")
    assert "Score these 3 models" in labels(app)  # the pretrained vectors are added
    with monkeypatch.context() as limited:
        limited.setenv("VECTUNE_BYTES_PER_WORKSPACE", "1")
        press(app, "Score these")
        assert "the most for one workspace" in everything(app)
        assert "Cancel" not in labels(app)
    score(app)
    shown = everything(app)
    assert "Every model" in shown
    assert "guessing gives 50 %" in shown
    assert "up to ten alternatives" in shown
    assert "They were trained on the training part only" in shown
    assert "General meaning: cannot tell." in shown
    assert "Words seen " in shown
    assert "These were picked by their numbers alone" in shown
    assert "its size does not carry over" in shown
    assert "Score these 3 models" not in labels(app)
    assert app.get("plotly_chart")
    assert set(tables(app)[0]["Model"]) == {
        "Instant preview · judged",
        "From scratch, counting method",
        "Pretrained only · reference",
        "Placebo: your words in random order",
    }
    assert any("Seed 1 gives the same numbers again" in each.value for each in app.markdown)
    pick(app, "Against", "From scratch, counting method")
    assert "The scores below were made with other models" in everything(app)
    score(app)
    assert "The scores below were made" not in everything(app)
    assert "From scratch, counting method · reference" in set(tables(app)[0]["Model"])
    go(app, "models")
    assert all(40 < each < 100 for each in app.dataframe[0].value["Score"])
    token = app.query_params["w"]
    again = open_app(w=token[0] if isinstance(token, list) else token)
    go(again, "did_it_help")
    assert "Every model" in everything(again)
    press(again, "Measure “Instant preview” and “From scratch, counting method”")
    wait(again, lambda app: "Cancel" not in labels(app))
    stability = next(frame for frame in tables(again) if "5 to 19 times" in frame.columns)
    assert len(stability) == 2
    assert not any(label.startswith("Measure") for label in labels(again))


def test_own_word_pairs_cancelling_and_choosing_nothing(monkeypatch):
    app = trained("counts")
    upload = app.file_uploader(key="score-pairs")
    upload.set_value(("bad.csv", b"just,words\nand,more\n", "text/csv")).run()
    assert "bad.csv" in " ".join(error.value for error in app.error)
    lines = "".join(f"{a},{b},{i}\n" for i, (a, b) in enumerate(zip(TOPICAL_WORDS, TOPICAL_WORDS[4:], strict=False)))
    data = f"first,second,score\n{lines}never,heard,5\naaa,aab,high\n".encode()
    app.file_uploader(key="score-pairs").set_value(("mi_ne.csv", data, "text/csv")).run()
    shown = everything(app)
    assert "317 pairs" in shown
    assert "“high” in the score column is not a number" in shown
    score(app)
    meaning = next(frame for frame in tables(app) if "List" in frame.columns)
    assert "mi_ne.csv" in set(meaning["List"])
    assert "that the models do not have: aax, " in everything(app).replace("\\", "")
    press(app, "Do without them")
    assert "317 pairs" not in everything(app)
    hold_calls(monkeypatch)
    press(app, "Score these")
    assert "Cancel" in labels(app)
    press(app, "Cancel")
    wait(app, lambda app: "Cancel" not in labels(app))
    assert "Scoring was cancelled" in everything(app)
    assert "Score these 2 models" in labels(app)
    app.multiselect[0].set_value([]).run()
    assert "Choose at least one model" in everything(app)


def test_a_text_that_cannot_be_scored_is_explained_on_the_page():
    text = "\n\n".join(topical_documents(1) * 40)
    app = open_app()
    paste(app, text)
    choose_vectors(app, "No file")
    go(app, "train")
    for strategy in ("scratch", "counts"):
        tick(app, strategy, True)
    app.number_input(key="setting-vector_size").set_value(4).run()
    app.number_input(key="setting-min_count").set_value(1).run()
    train_and_wait(app)
    go(app, "did_it_help")
    score(app)
    assert "repeat the text that the models learn from" in " ".join(error.value for error in app.error)
    assert "Score these 2 models" in labels(app)


def test_one_model_without_vectors_has_nothing_to_be_compared_with():
    app = trained("counts", with_vectors=False)
    assert "Train a second one" in everything(app)


@pytest.mark.scored
def test_a_training_is_followed_by_its_scorecard_unless_that_is_switched_off():
    app = trained("tied", "scratch")
    wait_for_calls(90)
    run(app)
    assert "Score these" not in " ".join(labels(app))  # what the page asks for is there
    answer = app.header[0].value
    go(app, "maps")
    line = next(each.proto.body for each in app.get("html") if "class='verdict'" in each.proto.body)
    assert answer.split()[1] in line or "random order gains as much" in line
    assert "“Pretrained only”" in line
    go(app, "train")
    app.toggle(key="score-by-itself").set_value(False).run()
    app.number_input(key="setting-window").set_value(3).run()
    train_and_wait(app)
    go(app, "did_it_help")
    assert "Score these 5 models" in labels(app)


def test_empty_states_name_the_next_step():
    app = open_app()
    go(app, "did_it_help")
    assert "There is nothing to test yet. Try the demo here, or bring a text of your own." in everything(app)
    go(app, "data")
    paste(app, "\n\n".join(topical_documents(3)))
    go(app, "did_it_help")
    assert "What is missing are models of pasted text" in everything(app)


def draw_labels():
    from made_scores import card, model

    from core.score.bootstrap import Estimate
    from core.score.scorecard import FewExamplesScore, Labels
    from pages.parts.did_it_help import details

    score = FewExamplesScore(3, Estimate(0.5, 0.4, 0.6), Estimate(0.02, 0.01, 0.03))
    each = {
        "few_examples": (score,),
        "classification": Estimate(0.6, 0.5, 0.7),
        "classification_delta": Estimate(0, 0, 0),
    }
    models = (model("pretrained", **each), model("tuned", **each))
    labels = Labels(("a*b", "c"), 60, 0.5, ("d",), "", held_out=18, draws=24)
    details.show_labels(card(models=models, scratch=None, labels=labels))
    details.show_labels(card())


def test_labels_are_told_apart_in_a_table_of_every_model_or_it_is_said_why_not():
    app = AppTest.from_function(draw_labels, default_timeout=60).run()
    assert not app.exception
    (shown,) = tables(app)
    assert list(shown["Examples"]) == ["3 of each label"] * 2 + ["four fifths of all"] * 2
    assert list(shown["Own label"]) == [50, 50, 60, 60]
    text = app.markdown[0].value
    assert "drawn 24 times from the training part; the documents to tell apart, 18, were set aside" in text
    assert "over 60 documents" in text
    assert "Too few documents: d." in text
    assert r"a\*b" in text
    assert "The documents have no labels." in app.info[0].value
