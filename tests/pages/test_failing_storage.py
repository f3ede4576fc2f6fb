"""What a visitor is told while nothing can be kept, and that it is kept once there is room again."""

import errno
import os

from app_driver import button, go, open_app
from made_runs import TOKEN, make_workspace
from workspaces import saved

from core.errors import StorageError, WorkspaceError
from core.workspace import store

FULL = StorageError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def failing(error):
    def fail(*arguments, **named):
        raise error

    return fail


def test_changes_that_could_not_be_kept_are_kept_once_there_is_room(vectors_folder, monkeypatch):
    make_workspace(pins=("word3",))
    app = open_app(w=TOKEN)
    go(app, "a_word")
    with monkeypatch.context() as full:
        full.setattr(store, "change_workspace", failing(WorkspaceError("This server cannot keep what you do.")))
        app.text_input(key="word-search").set_value("word5").run()
        app.text_input(key="word-search").set_value("word6").run()
        assert not app.exception
        assert app.session_state["kept-not-kept"] == "This server cannot keep what you do."
        assert saved(TOKEN).pins == ("word3",)
    app.text_input(key="word-search").set_value("word7").run()
    assert not app.session_state["kept-not-kept"]
    assert saved(TOKEN).pins == ("word3", "word5", "word6", "word7")


def test_a_button_that_finds_no_room_ends_in_a_sentence(vectors_folder, monkeypatch):
    app = open_app()
    monkeypatch.setattr("pages.shared.texts.demo.keep_uploads", failing(FULL))
    button(app, "Try the demo").click().run()
    assert not app.exception
    assert "disk is full" in app.session_state["kept-failure"]
