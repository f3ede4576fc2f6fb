"""The layout of both maps: a quick one at once, the one asked for from a background job."""

import streamlit as st

from core.maps.layout import Frame, LayoutSettings
from core.maps.pair_layout import PairLayout, has_pair_layout
from core.maps.word_sample import add_places
from pages.parts.compare.layout_settings import LAYOUT_METHODS
from pages.shared import cached, progress, session
from pages.shared.compared import Sides


def find(sides: Sides, choices: LayoutSettings, frame: Frame) -> tuple[PairLayout, LayoutSettings]:
    """The layout to draw now and its settings: those asked for, or quick ones while these are not ready."""
    with st.container():  # in a place of its own: a fragment that moves down the page sends all that it has again
        if choices.method != "pca" and not _lay_out(sides, choices, frame):
            choices = choices.quick
    keep = choices.method != "pca"  # PCA takes no time and needs no room on disk
    layout = cached.pair_layout(sides.trained, choices, frame, keep)
    near = sides.comparison.left_neighbours, sides.comparison.right_neighbours
    return add_places(layout, near, sides.covered_on), choices


def _lay_out(sides: Sides, choices: LayoutSettings, frame: Frame) -> bool:
    """True when the layout asked for is there; else starts it, and draws how far it is."""
    jobs, trained = cached.map_jobs(), sides.trained
    key = f"map {sides.runs} {frame} {choices!r}"
    status = jobs.status(key)
    if session.recall(key) or (status is not None and status.state == "done"):
        return True
    if status is None:
        if has_pair_layout(trained.left, trained.right, trained.sample, choices, frame):
            session.remember(key, True)
            return True
        title = f"Laying out {len(trained.sample.words):,} words with {LAYOUT_METHODS[choices.method]}"
        jobs.submit(
            key,
            title,
            lambda report: cached.pair_layout(trained, choices, frame, True, report),
            watcher=session.visitor(),
        )
    status = progress.follow(jobs, key)
    if status is not None and status.active:
        st.caption(f":material/bolt: A quick layout (PCA), until {LAYOUT_METHODS[choices.method]} is ready.")
    if status is not None and status.state in ("failed", "cancelled"):
        text, button = st.columns([5, 2], vertical_alignment="center")
        if status.state == "failed":
            text.error(status.error or "The layout failed.", icon=":material/error:")
        else:
            text.info(
                f"{LAYOUT_METHODS[choices.method]} was cancelled. This is the quick layout (PCA).",
                icon=":material/bolt:",
            )
        if button.button(f"Lay out with {LAYOUT_METHODS[choices.method]}", width="stretch"):
            jobs.forget(key)
            st.rerun()
    return status is not None and status.state == "done"
