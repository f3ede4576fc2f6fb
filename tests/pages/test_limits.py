"""Limits as a visitor meets them: a question, or a sentence that says which, and nothing lost."""

from concurrent.futures import Future

import pytest
from app_driver import everything, go, labels, metric, open_app, paste, press, run
from small_texts import SENTENCES

from core.system.files import cache_folder
from core.system.jobs.board import Jobs
from pages.shared import session

pytestmark = pytest.mark.usefixtures("vectors_folder")


def errors(app):
    return " ".join(error.value for error in app.error).replace("\\", "")


def test_many_models_are_asked_for_once_more_and_never_above_the_limit(monkeypatch):
    asked = []
    monkeypatch.setattr("pages.shared.runs.submit", asked.append)
    monkeypatch.setenv("VECTUNE_MODELS_UNASKED", "2")
    app = open_app()
    paste(app, "\n".join(SENTENCES))
    go(app, "train")
    app.number_input(key="setting-seeds").set_value(3).run()
    press(app, "Train 3 models")
    assert not asked
    assert "**3 models will be trained.**" in everything(app)
    assert "the last one is done in about" in everything(app)
    press(app, "Not now")
    assert "Yes, train all 3" not in labels(app)
    assert not asked
    press(app, "Train 3 models")
    monkeypatch.setenv("VECTUNE_JOBS_PER_WORKSPACE", "2")
    run(app)
    assert "3 more would be above 2" in errors(app)
    monkeypatch.delenv("VECTUNE_JOBS_PER_WORKSPACE")
    run(app)
    press(app, "Yes, train all 3")
    assert len(asked) == 3
    assert "Yes, train all 3" not in labels(app)


def test_a_text_above_the_limit_is_refused_with_a_sentence_and_the_one_in_use_stays(monkeypatch):
    app = open_app()
    paste(app, "\n".join(SENTENCES))
    documents = metric(app, "Documents")
    monkeypatch.setenv("VECTUNE_BYTES_PER_WORKSPACE", "2000")
    paste(app, "\n\n".join(SENTENCES * 12))
    assert "VECTUNE_BYTES_PER_WORKSPACE" in errors(app)
    assert "Storage page" in errors(app)
    assert metric(app, "Documents") == documents
    assert len(list(cache_folder("uploads").iterdir())) == 1
    go(app, "storage")
    assert "of 2 kB" in everything(app)


def test_new_workspaces_above_the_limit_are_refused_and_those_that_are_there_open(monkeypatch):
    monkeypatch.setattr(session, "network_address", lambda: "192.0.2.1")
    monkeypatch.setattr(session, "_arrivals", session.Arrivals())
    monkeypatch.setenv("VECTUNE_WORKSPACES_PER_ADDRESS", "1")
    app = open_app()
    link = app.query_params["w"]
    refused = open_app()
    assert "in the last 24 hours: 1, the most" in errors(refused)
    assert not refused.button
    again = open_app(w=link[0] if isinstance(link, list) else link)
    assert "Try the demo" in labels(again)
    go(again, "about")
    press(again, "Erase everything now")  # which gives a new one in the place of the old
    assert "You have a new, empty workspace" in everything(again)


def test_of_many_waiting_models_the_next_ones_have_a_row_each_and_the_others_one(monkeypatch):
    class Never:
        def submit(self, *_):
            return Future()

        def shutdown(self, wait):
            pass

    jobs = Jobs(Never(), workers=2)
    monkeypatch.setattr("pages.parts.train.models.server.training_jobs", lambda: jobs)
    app = open_app()
    paste(app, "\n".join(SENTENCES))
    go(app, "train")
    app.number_input(key="setting-seeds").set_value(20).run()
    press(app, "Train 20 models")
    press(app, "Yes, train all 20")
    rows = len(app.get("progress"))
    waiting = jobs.count_waiting(next(iter(jobs.entries())).owner)
    assert rows == 20 - waiting + 8
    assert f"{waiting - 8} more models wait behind these" in everything(app)
    jobs.end()
