"""The Admin page: closed without the token, and without words or names once it is open."""

import secrets
import time

import pytest
import streamlit as st
from app_driver import everything, go, labels, metric, new_app, open_app, paste, press, run
from cluster_machine import require_cluster
from small_texts import SENTENCES
from workspaces import id_of

from core.system.files import cache_folder
from core.system.jobs.executors import ThreadExecutor
from core.text.reading.uploads import Upload
from core.workspace.door import Door
from core.workspace.overview import short_name
from core.workspace.texts import keep_uploads
from pages.shared import session
from pages.shared.cached import server

pytestmark = pytest.mark.usefixtures("vectors_folder")
SILENT = "tcp://127.0.0.1:1"
"""Where no scheduler is."""
TEXT = "\n\n".join(SENTENCES * 12)
TOKEN = "a-secret-of-the-server"


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", TOKEN)


def open_admin(given):
    app = open_app()
    go(app, "admin")
    app.text_input[0].set_value(given)
    press(app, "Open")
    return app


def token_of(app):
    value = app.query_params["w"]
    return value[0] if isinstance(value, list) else value


@pytest.mark.parametrize("value", ["", "short"])
def test_without_a_good_token_the_page_says_how_to_set_one(monkeypatch, value):
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", value)
    app = open_app()
    go(app, "admin")
    assert "VECTUNE_ADMIN_TOKEN" in app.info[0].value
    assert not app.text_input
    assert not app.header


def test_a_wrong_token_opens_nothing_and_has_to_wait(token, monkeypatch):
    clock = [0.0]
    door = Door(lambda: clock[0])
    monkeypatch.setattr(server, "admin_door", lambda: door)
    monkeypatch.setattr(session, "network_address", lambda: "192.0.2.1")
    app = open_admin("a-secret-of-another")
    assert "That is not the token" in app.error[0].value
    app.text_input[0].set_value(TOKEN)
    press(app, "Open")
    assert "Wait 1 s" in app.error[0].value
    assert not app.header
    clock[0] += 1
    app.text_input[0].set_value(TOKEN)
    press(app, "Open")
    assert "Workspaces" in everything(app)


def test_the_token_stays_in_no_session_and_another_one_closes_the_page(token, monkeypatch):
    app = open_admin(TOKEN)
    assert "Workspaces" in everything(app)
    assert TOKEN not in repr(app.session_state._state.filtered_state)
    assert TOKEN not in repr(dict(app.query_params))
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", "another-secret-of-it")
    run(app)
    assert not app.header
    monkeypatch.setenv("VECTUNE_ADMIN_TOKEN", TOKEN)
    run(app)
    press(app, "Close the admin page")
    assert not app.header


def frames(app):
    return "\n".join(frame.value.to_string() for frame in app.dataframe)


def test_who_keeps_how_much_is_shown_without_names_and_words(token):
    visitor = open_app()
    visitor.file_uploader(key="text-files").set_value(("secret-name.txt", TEXT.encode(), "text/plain"))
    run(visitor)
    app = open_admin(TOKEN)
    shown = everything(app) + frames(app)
    assert short_name(id_of(token_of(visitor))) in shown
    assert "VECTUNE_BYTES_PER_WORKSPACE" in shown
    assert metric(app, "Kept for workspaces")
    for hidden in ("secret-name", "river", token_of(visitor), id_of(token_of(visitor)), str(cache_folder())):
        assert hidden not in shown


def sleep(progress):
    while True:
        progress(0.5, "asleep")
        time.sleep(0.02)


def test_jobs_are_shown_by_their_kind_and_can_be_ended(token):
    board = server.reading_jobs()
    board._executor = ThreadExecutor()
    board.submit("secret-key", "Indexing secret-name", sleep, watcher=secrets.token_hex(16), kind="index")
    app = open_admin(TOKEN)
    assert "**index**" in everything(app)
    assert "secret" not in everything(app).replace("VECTUNE", "")
    press(app, "Cancel")
    while board.status("secret-key").active:
        time.sleep(0.02)
    run(app)
    assert "Nothing runs and nothing waits." in everything(app)


def fail(progress):
    raise KeyError("a word of somebody's text")


def test_errors_are_named_by_where_they_happened_and_can_be_cleared(token):
    board = server.map_jobs()
    board.submit("key", "Laying out", fail, watcher="ann", kind="layout umap")
    while board.status("key").active:
        time.sleep(0.02)
    app = open_admin(TOKEN)
    assert "layout umap" in frames(app)
    assert "KeyError" in frames(app)
    assert "somebody" not in frames(app)
    press(app, "Clear errors")
    assert "No job has failed" in everything(app)


def test_what_nobody_uses_is_cleared_and_the_rest_stays(token, monkeypatch):
    visitor = open_app()
    paste(visitor, TEXT)
    keep_uploads([Upload("nobody's.txt", "\n".join(SENTENCES).encode())])
    monkeypatch.setattr("core.workspace.housekeeping.GRACE_SECONDS", 0.0)
    time.sleep(0.01)
    app = open_admin(TOKEN)
    assert len(list(cache_folder("uploads").iterdir())) == 2
    press(app, "Clear what nobody uses")
    assert len(list(cache_folder("uploads").iterdir())) == 1
    st.cache_resource.clear()
    run(visitor)
    assert metric(visitor, "Documents")


def test_visitors_see_their_own_storage_only():
    app = open_app()
    paste(app, TEXT)
    go(app, "storage")
    assert "You keep" in everything(app)
    assert not [label for label in labels(app) if "nobody" in label or "indexes" in label or "maps" in label]
    assert not app.dataframe


def test_the_page_says_what_does_the_work_and_how_to_have_more_machines_do_it(token):
    app = open_admin(TOKEN)
    assert "Child processes of this machine: two trainings and two maps at a time." in [
        each.value for each in app.markdown
    ]
    assert "VECTUNE_SCHEDULER=tcp://HOST:8786 python -m core worker" in app.code[0].value


@pytest.mark.parametrize(
    ("address", "says"),
    [("localhost:8786", "it must be tcp"), (SILENT, "pip install -r requirements-cluster.txt")],
)
def test_a_cluster_that_cannot_be_asked_is_one_sentence_on_every_page(token, monkeypatch, address, says):
    monkeypatch.setattr("core.system.cluster.address.find_spec", lambda name: None)
    monkeypatch.setenv("VECTUNE_SCHEDULER", address)
    for page in ("data", "train"):
        app = new_app()
        app.switch_page(f"pages/{page}.py")
        assert any(says in each.value for each in run(app).error)


@pytest.mark.cluster
def test_the_page_says_that_the_scheduler_does_not_answer(token, monkeypatch):
    require_cluster()
    monkeypatch.setenv("VECTUNE_SCHEDULER", SILENT)
    app = open_admin(TOKEN)
    assert "does not answer. Start it: python -m core scheduler" in app.error[0].value
