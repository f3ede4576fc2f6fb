"""A page whose job ends while it is drawn is drawn anew."""

import threading

import pytest
import streamlit as st

from core.system.jobs.board import Jobs
from core.system.jobs.executors import ThreadExecutor
from pages.shared import session
from pages.shared.cached import server
from pages.shared.frame import job_ends
from pages.shared.frame.run_ends import PageEnd

ME = "a visitor"


class Anew(Exception):
    """Stands for the rerun of a page."""


@pytest.fixture
def begin(monkeypatch):
    """A function that begins a job for somebody, and gives one that ends it."""
    board = Jobs(ThreadExecutor(), workers=4)

    def anew():
        raise Anew

    monkeypatch.setattr(server, "boards", lambda: {"training": board})
    monkeypatch.setattr(session, "visitor", lambda: ME)
    monkeypatch.setattr(st, "rerun", anew)

    def begin(watcher=ME):
        goes_on = threading.Event()
        board.submit("job", "A job", wait_for, goes_on, watcher=watcher)

        def end():
            goes_on.set()
            board.result("job", 30)
            while board._jobs["job"].settled is None:
                pass

        return end

    return begin


def draw(end, failure):
    with job_ends.noticed():
        end()
        raise failure


def wait_for(progress, goes_on):
    assert goes_on.wait(30)


def test_a_page_is_drawn_anew_where_a_job_ended_meanwhile_and_else_not(begin):
    end = begin()
    with job_ends.noticed():
        pass
    with pytest.raises(Anew), job_ends.noticed():
        end()
    with job_ends.noticed():  # the page that is drawn anew has seen it
        pass


def test_a_page_that_ends_early_is_too(begin):
    end = begin()
    with pytest.raises(Anew):
        draw(end, PageEnd())


def test_what_is_asked_for_and_waited_for_meanwhile_does_not_count(begin):
    with job_ends.noticed():
        begin()()


def test_nobody_elses_job_counts(begin):
    end = begin("somebody else")
    with job_ends.noticed():
        end()


def test_a_page_that_fails_says_so(begin):
    end = begin()
    with pytest.raises(ValueError, match="a page"):
        draw(end, ValueError("a page"))
