"""No page goes on showing a job as on its way that has ended: nothing would ask for it any more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.shared import session
from pages.shared.cached import server
from pages.shared.frame.run_ends import PageEnd


@contextmanager
def noticed() -> Iterator[None]:
    """Around a page or a part of it: draw the page anew where a job of this visitor ended meanwhile.

    A page looks at a job more than once while it is drawn. One that is on its way when the page decides what to show,
    and has ended when the part that polls for it would be drawn, is shown as on its way, and nothing polls. What was
    asked for meanwhile does not count: a page that waits for it itself has just said what became of it.
    """
    began = time.monotonic()
    try:
        yield
    except PageEnd:
        _look(began)
        raise
    _look(began)


def _look(began: float) -> None:
    seconds = time.monotonic() - began
    if any(board.has_ended_within(seconds, session.visitor()) for board in server.boards().values()):
        st.rerun()
