"""Guards around what Streamlit runs beside a page's script: callbacks of fields and buttons, and fragments.

`app.py` shows what a visitor can cause, such as a full disk, as a sentence for a whole page. A callback runs before
that and a fragment without it, so each is made here.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from pages.shared import messages, session
from pages.shared.frame import job_ends

_Parameters = ParamSpec("_Parameters")


def callback(function: Callable[_Parameters, None]) -> Callable[_Parameters, None]:
    """`function` for a field or button; what a visitor can cause is shown on the page that is drawn after it."""

    @wraps(function)
    def guarded(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> None:
        with messages.kept_back() as failed:
            function(*arguments, **named)
        if failed:
            session.remember_failure(messages.sentence(failed[0]))

    return guarded


def fragment(
    run_every: float | None = None,
) -> Callable[[Callable[_Parameters, None]], Callable[_Parameters, None]]:
    """A part of a page that runs by itself, or every so many seconds; what a visitor can cause is shown there."""

    def guard(function: Callable[_Parameters, None]) -> Callable[_Parameters, None]:
        @wraps(function)
        def guarded(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> None:
            session.show_failure()
            with job_ends.noticed(), messages.shown_here():
                function(*arguments, **named)

        return st.fragment(guarded, run_every=run_every)

    return guard
