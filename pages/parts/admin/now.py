"""What the server does at the moment: memory, disk, queues, jobs, and what failed."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.prose.numbers import count, readable_seconds, readable_size
from core.system.files import cache_folder
from core.system.jobs.board import JobEntry, Jobs
from core.system.memory import available_bytes, used_bytes
from core.workspace.overview import short_name
from core.workspace.room import measure_server
from pages.shared import guards, messages
from pages.shared.cached import server

_LOOK_SECONDS = 5.0
_MOST_JOBS = 20


@guards.fragment(run_every=_LOOK_SECONDS)
def show_numbers() -> None:
    """Memory, disk, and the numbers of each queue."""
    st.header("Now", anchor=False)
    free = shutil.disk_usage(cache_folder("any").parent).free
    boxes = st.columns(4)
    for box, label, size in (
        (boxes[0], "Memory of the server", used_bytes()),
        (boxes[1], "Memory that is free", available_bytes()),
        (boxes[2], "Kept for workspaces", measure_server()),
        (boxes[3], "Disk that is free", free),
    ):
        box.metric(label, "not known" if size is None else readable_size(size))
    rows = []
    for kind, board in server.boards().items():
        counts = board.counts()
        ended = sum(counts.ended.values())
        rows.append(
            {
                "Queue": kind,
                "Waiting": counts.queued,
                "Running": counts.running,
                "Longest wait": readable_seconds(counts.oldest_wait) if counts.queued else "",
                "Done": counts.ended["done"],
                "Refused": counts.ended["refused"],
                "Cancelled": counts.ended["cancelled"],
                "Failed": counts.ended["failed"],
                "Mean wait": readable_seconds(counts.waited / ended) if ended else "",
                "Mean work": readable_seconds(counts.worked / ended) if ended else "",
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True)


@guards.fragment(run_every=_LOOK_SECONDS)
def show_jobs() -> None:
    """What runs and what waits, each with a button that ends it."""
    st.header("Jobs", anchor=False)
    found = [(board, entry) for board in server.boards().values() for entry in board.entries()]
    if not found:
        st.caption("Nothing runs and nothing waits.")
        return
    found.sort(key=lambda row: row[1].state != "running")
    for number, (board, entry) in enumerate(found[:_MOST_JOBS]):
        text, button = st.columns([5, 1], vertical_alignment="center")
        text.markdown(_describe(entry))
        button.button(
            "Cancel",
            key=f"admin-end-{number}",
            icon=":material/close:",
            width="stretch",
            on_click=guards.callback(board.end_job),  # the job that was drawn here, even if another has moved up since
            args=(entry.key,),
        )
    if len(found) > _MOST_JOBS:
        st.caption(f"And {count('job', len(found) - _MOST_JOBS)} more, which wait.")
    waiting = [(board, entry) for board, entry in found if entry.state == "queued"]
    if len(waiting) > 1:
        label = f"Cancel all that wait ({len(waiting):,})"
        st.button(label, icon=":material/delete_sweep:", on_click=_end, args=(waiting,))


@guards.callback
def _end(found: Sequence[tuple[Jobs, JobEntry]]) -> None:
    for board, entry in found:
        board.end_job(entry.key)


def _describe(entry: JobEntry) -> str:
    whose = f"**{messages.plain(entry.kind)}** · {messages.plain(short_name(entry.owner))}"
    since, left = readable_seconds(entry.seconds), readable_seconds(entry.seconds_left)
    if entry.state == "running":
        return f"{whose} · running for {since}, about {left} left"
    return f"{whose} · waiting for {since}, starts in about {left}"


def show_failures() -> None:
    """Jobs that failed by a fault of ours."""
    st.header("Errors", anchor=False)
    failures: list[dict[str, Any]] = [
        {"When": datetime.fromtimestamp(each.when), "Job": each.kind, "What": each.what}
        for board in server.boards().values()
        for each in board.failures()
    ]
    if not failures:
        st.caption("No job has failed by a fault of Vectune since the server's start, or since they were cleared.")
        return
    failures.sort(key=lambda row: row["When"], reverse=True)
    st.dataframe(
        pd.DataFrame(failures),
        hide_index=True,
        column_config={"When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss")},
    )
    st.caption("Where it happened, without what was said: that may hold words of a text. The log has no more.")
    st.button("Clear errors", icon=":material/delete_sweep:", on_click=_clear_errors)


@guards.callback
def _clear_errors() -> None:
    for board in server.boards().values():
        board.forget_failures()
