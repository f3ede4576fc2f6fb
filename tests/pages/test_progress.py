"""How often a page looks after its jobs."""

import pytest
from streamlit.testing.v1 import AppTest

from core.system.jobs.job import JobStatus
from core.system.jobs.schedule import Place
from pages.shared import progress


class Board:
    """A board with one job."""

    def __init__(self, state, place=None):
        self.now = JobStatus("key", "Training", state, 0.0, "", 1.0, place=place)

    def status(self, key):
        return self.now

    def last_problems(self, keys, watcher):
        return {key: f"*{key}* of {watcher} was interrupted." for key in keys}


@pytest.mark.parametrize(
    ("board", "watch"),
    [
        (Board("queued", Place(7, 240.0)), "_watch_seldom"),
        (Board("queued", Place(0, 2.0)), "_watch_often"),
        (Board("queued"), "_watch_often"),
        (Board("running"), "_watch_often"),
        (Board("done"), None),
    ],
)
def test_a_job_whose_turn_is_far_off_is_looked_after_seldom(board, watch, monkeypatch):
    used = []
    for name in ("_watch_seldom", "_watch_often"):
        monkeypatch.setattr(progress, name, lambda *_, name=name: used.append(name))
    assert progress.follow(board, "key") is board.now
    assert used == [watch] * (watch is not None)


def test_it_is_looked_after_often_once_its_turn_is_near():
    def page(board):
        import streamlit as st

        from pages.shared import progress

        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        if st.session_state["runs"] == 1:
            progress._watch_seldom(board, "key", "Cancel", False, None)
        st.text(f"{st.session_state['runs']} runs")

    test = AppTest.from_function(page, args=(Board("running"),)).run()
    assert not test.exception
    assert [each.value for each in test.text] == ["2 runs"]


def test_what_an_earlier_server_did_not_end_is_said():
    def page(board):
        import streamlit as st

        from pages.shared import progress

        st.session_state["visitor"] = "me"
        assert progress.follow(board, "score") is None

    board = Board("done")
    board.now = None
    test = AppTest.from_function(page, args=(board,)).run()
    assert not test.exception
    assert [each.value for each in test.warning] == [r"\*score\* of me was interrupted."]
