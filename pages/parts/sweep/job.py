"""Trying settings in the background."""

import streamlit as st

from core.models.runs import keep_pretrained
from core.prose.numbers import count, readable_seconds, readable_size
from core.score.sweep.cost import SweepCost, check_memory, estimate_sweep
from core.score.sweep.record import SweepRecord
from core.score.sweep.store import find_sweep, keep_sweep
from core.workspace.room import check_kept
from pages.parts.sweep.form import Asked
from pages.shared import messages, presses, progress, session
from pages.shared.cached import server

_KIND = "sweep"
_PATIENCE, _SHORTEST_LIMIT = 30, 300


def show(asked: Asked) -> bool:
    """The button, or how far the work is; gives whether it goes on."""
    jobs, key = server.sweep_jobs(), f"sweep {asked.order.identity}"
    status = progress.follow(jobs, key)
    if status is not None and status.active:
        st.caption("You may leave this page; the work goes on. What is finished stays, should you cancel.")
        return True
    record = find_sweep(asked.order.identity)
    if record is not None and record.chosen is not None:
        return False
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "The sweep failed."), icon=":material/error:")
    elif status is not None and status.state == "cancelled":
        st.caption("It was cancelled. What was finished is kept.")
    cost = estimate_sweep(asked.corpus, asked.order.plan, asked.order.way, server.training_places())
    left = _left(record)
    seconds, stored = left * cost.wall_seconds, int(left * cost.stored_bytes)
    wait = readable_seconds(jobs.expect_end(session.visitor(), [(_KIND, seconds)]))
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = presses.button(
            _label(cost, record, wait),
            type="primary",
            icon=":material/play_arrow:",
            key="make-sweep",
            about=asked.order.identity,
        )
        seeds = len(asked.order.plan.seeds)
        trainings = f"{count('training', cost.trainings)}, " if seeds > 1 else ""
        st.caption(f"{trainings}{readable_size(stored)} of models, which later sweeps take again.", width="content")
    if pressed:
        with messages.shown_here() as failed:
            check_memory(cost)
            check_kept(session.visitor(), session.workspace(), stored)
        if not failed:
            _start(asked, cost, seconds)
            st.rerun()
    return False


def _label(cost: SweepCost, record: SweepRecord | None, wait: str) -> str:
    if record is not None and record.settings:
        return f"Go on with {count('setting', cost.settings - len(record.settings))} (about {wait})"
    return f"Try {count('setting', cost.settings)} (about {wait})"


def _left(record: SweepRecord | None) -> float:
    """Share of the work."""
    return 1.0 if record is None or not record.planned else 1 - len(record.settings) / (record.planned + 1)


def _start(asked: Asked, cost: SweepCost, seconds: float) -> None:
    for each in asked.files.values():
        keep_pretrained(each.rows, asked.corpus)
    jobs, key = server.sweep_jobs(), f"sweep {asked.order.identity}"
    jobs.forget(key)
    jobs.submit(
        key,
        f"Trying {count('setting', cost.settings)}",
        keep_sweep,
        asked.order,
        watcher=session.visitor(),
        kind=_KIND,
        seconds=seconds,
        limit=_SHORTEST_LIMIT + _PATIENCE * cost.seconds,
    )
