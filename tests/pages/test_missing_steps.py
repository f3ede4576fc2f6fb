"""Pages opened without what they need: the step that is missing is offered there, and followed."""

import pytest
from app_driver import button, everything, go, labels, open_app, open_page, paste, press, run, wait
from word_pages import TEXT, word_vectors
from workspaces import saved

from pages.shared.cached import server

PAGES = ("train", "did_it_help", "maps", "what_changed", "a_word", "models")


def token_of(app):
    token = app.query_params["w"]
    return token[0] if isinstance(token, list) else token


@pytest.mark.parametrize("page", PAGES)
def test_without_a_text_the_demo_can_be_tried_on_the_spot(page, vectors_folder):
    app = run(open_page(page))
    assert {"Try the demo", "Bring your own text"} <= set(labels(app))
    press(app, "Bring your own text")
    assert "Bring your own text and a file" in everything(app)


def test_models_are_trained_where_they_are_missing_as_the_train_page_would(vectors_folder):
    glove = word_vectors(vectors_folder)
    app = open_app()
    paste(app, TEXT)
    go(app, "what_changed")
    wait(app, lambda app: any(label.startswith("Train 3 models") for label in labels(app)))
    assert saved(token_of(app)).vectors == glove  # nobody had to choose it on Data
    press(app, "Train 3 models")
    assert {run.config.strategy for run in saved(token_of(app)).runs} == {"pretrained", "scratch", "tied"}
    wait(app, lambda app: "not yet told from noise" in everything(app))
    assert "Train 3 models" not in labels(app)


def test_a_text_that_is_being_read_is_followed_on_every_page(vectors_folder, monkeypatch):
    word_vectors(vectors_folder)

    def take_long(*_):
        raise TimeoutError

    app = open_app()
    with monkeypatch.context() as slow:
        slow.setattr("pages.parts.data.text_panel.reading.submit", lambda wanted: 0.0)
        slow.setattr(type(server.text_jobs()), "result", take_long)
        app.text_area(key="pasted-text").set_value(TEXT).run()
        button(app, "Use this text").click().run()
    assert saved(token_of(app)).pending is not None
    go(app, "models")
    wait(app, lambda app: any(label.startswith("Train 3 models") for label in labels(app)))
    assert saved(token_of(app)).pending is None
