"""The layout of both maps: a quick one at once, the one asked for from a background job."""

import streamlit as st

from core.maps.estimates import estimate_layout_seconds
from core.maps.layout import Frame, LayoutSettings
from core.maps.pair_layout import PairLayout
from core.maps.pair_store import LayoutOrder, find_layout, keep_layout
from core.maps.word_sample import add_places
from pages.parts.compare.layout_settings import LAYOUT_METHODS
from pages.shared import cached, messages, progress, session
from pages.shared.compared import Sides


def find(sides: Sides, choices: LayoutSettings, frame: Frame) -> tuple[PairLayout, LayoutSettings]:
    """The layout to draw now and its settings: those asked for, or quick ones while these are not ready."""
    layout = None
    with st.container():  # in a place of its own: a fragment that moves down the page sends all that it has again
        if choices.method != "pca":
            layout = _wait_for(sides, LayoutOrder(sides.trained.order, choices, frame))
    if layout is None:
        choices = choices.quick
        layout = cached.quick_layout(sides.trained, choices, frame)
    near = sides.comparison.left_neighbours, sides.comparison.right_neighbours
    return add_places(layout, near, sides.covered_on), choices


def _wait_for(sides: Sides, order: LayoutOrder) -> PairLayout | None:
    """The layout asked for, once it is there; else starts it, and draws how far it is."""
    found = find_layout(order, sides.trained.covered_on)
    if found is not None:
        return found
    jobs, key, method = cached.map_jobs(), f"map {order!r}", LAYOUT_METHODS[order.settings.method]
    status = jobs.status(key)
    if status is None or status.state == "done":  # done, and deleted since
        trained, words = sides.trained, len(sides.trained.sample.words)
        with messages.shown_here():
            jobs.submit(
                key,
                f"Laying out {words:,} words with {method}",
                keep_layout,
                order,
                watcher=session.visitor(),
                kind=f"layout {order.settings.method}",
                seconds=estimate_layout_seconds(trained.left, trained.right, words, order.settings, order.frame),
            )
    status = progress.follow(jobs, key)
    if status is None:
        return None
    if status.active:
        st.caption(f":material/bolt: A quick layout (PCA), until {method} is ready.")
    if status.state in ("failed", "cancelled"):
        text, button = st.columns([5, 2], vertical_alignment="center")
        if status.state == "failed":
            text.error(messages.plain(status.error or "The layout failed."), icon=":material/error:")
        else:
            text.info(f"{method} was cancelled. This is the quick layout (PCA).", icon=":material/bolt:")
        if button.button(f"Lay out with {method}", width="stretch"):
            jobs.forget(key)
            st.rerun()
    return find_layout(order, sides.trained.covered_on)
