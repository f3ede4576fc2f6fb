"""How far background jobs are, drawn by a fragment that polls and leaves the rest of the page alone."""

import dataclasses

import streamlit as st

from core.prose.numbers import count, readable_seconds
from core.system.jobs.board import Jobs
from core.system.jobs.job import JobStatus
from core.system.jobs.schedule import Place
from pages.shared import guards, messages, session

_POLL_SECONDS = 0.7
_QUEUE_POLL_SECONDS, _FAR_SECONDS = 3.0, 10.0
"""So seldom is looked after a job that starts later than that: of twenty visitors' jobs most wait, and each look takes
several milliseconds of the one interpreter that draws everybody's pages."""


def follow(
    jobs: Jobs, key: str, cancel_label: str = "Cancel", plain: bool = False, title: str | None = None
) -> JobStatus | None:
    """Draw the job of that key while it is active, then run the whole page again; gives its status.

    Of a job that an earlier server did not end well, or not at all, it says so.

    `plain` is for jobs whose own messages say it all; `title` for jobs whose name depends on what else there is.
    """
    status = jobs.status(key)
    if status is not None and status.active:
        if _is_far(status):
            _watch_seldom(jobs, key, cancel_label, plain, title)
        else:
            _watch_often(jobs, key, cancel_label, plain, title)
    elif status is None:
        for problem in jobs.last_problems([key], session.visitor()).values():
            st.warning(messages.plain(problem), icon=":material/restart_alt:")
    return status


@guards.fragment(run_every=_POLL_SECONDS)
def _watch_often(jobs: Jobs, key: str, cancel_label: str, plain: bool, title: str | None) -> None:
    status = jobs.status(key)
    if status is None or not status.active:
        st.rerun()
    _draw(status, jobs, cancel_label, plain, title)


@guards.fragment(run_every=_QUEUE_POLL_SECONDS)
def _watch_seldom(jobs: Jobs, key: str, cancel_label: str, plain: bool, title: str | None) -> None:
    status = jobs.status(key)
    if status is None or not _is_far(status):
        st.rerun()
    _draw(status, jobs, cancel_label, plain, title)


def _is_far(status: JobStatus) -> bool:
    """The job waits for its turn, and will for a while."""
    return status.state == "queued" and status.place is not None and status.place.seconds > _FAR_SECONDS


def _draw(status: JobStatus, jobs: Jobs, cancel_label: str, plain: bool, title: str | None) -> None:
    if title is not None:
        status = dataclasses.replace(status, title=title)
    bar, button = st.columns([3, 1], vertical_alignment="center")
    text = messages.plain(status.message) if plain and status.message else describe(status)
    bar.progress(min(status.fraction, 1.0), text)
    button.button(
        cancel_label,
        key=f"cancel-{status.key}",
        icon=":material/close:",
        width="stretch",
        on_click=_cancel,
        args=(jobs, status.key),
    )


@guards.callback
def _cancel(jobs: Jobs, key: str) -> None:
    jobs.cancel(key, session.visitor())


def describe(status: JobStatus) -> str:
    """One line of Markdown: what, where it is, time left."""
    title = messages.plain(status.title)
    if status.state == "queued":
        return f"{title}: {_describe_place(status.place)}"
    parts = [f"{title}: {messages.plain(status.message or 'starting')}"]
    if status.seconds_left is not None:
        parts.append(f"about {readable_seconds(status.seconds_left)} left")
    return " · ".join(parts)


def _describe_place(place: Place | None) -> str:
    if place is None:
        return "waiting for its turn"
    before = f"{count('job', place.ahead)} before it" if place.ahead else "next in turn"
    return f"{before}, starts in about {readable_seconds(place.seconds)}"
