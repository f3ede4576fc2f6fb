"""The layout of both maps: a quick one at once, the one asked for from a background job."""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from core.maps.estimates import estimate_layout_seconds
from core.maps.pair_layout import PairLayout
from core.maps.pair_store import LayoutOrder, find_layout, keep_layout
from core.maps.word_sample import add_places
from pages.parts.maps.layout_settings import LAYOUT_METHODS
from pages.shared import messages, presses, progress, session
from pages.shared.cached import map_cache, server
from pages.shared.compared import Sides

_LAST = "last-layout"


def find(sides: Sides, asked: LayoutOrder, status: Any) -> tuple[PairLayout, LayoutOrder]:
    """The layout to draw now, and its order.

    It is the one that was asked for; until that is ready, the one that was drawn of these two models before, or else a
    quick one. `status`: where it is said how far it is.
    """
    quick = replace(asked, settings=asked.settings.quick, rows=())
    layout, order = None, asked
    if asked.settings.method != "pca" or asked.rows:
        with status:
            layout = _wait_for(sides, asked)
        if layout is None:
            layout, order = _last(sides) or (None, quick)
    if layout is None:
        order = quick
        layout = map_cache.quick_layout(sides.trained, quick)
    session.remember(_LAST, order)
    if sides.trained.is_turned:
        layout = layout.turned
    near = sides.comparison.left_neighbours, sides.comparison.right_neighbours
    return add_places(layout, near, sides.covered_on), order


def _last(sides: Sides) -> tuple[PairLayout, LayoutOrder] | None:
    """What was drawn of these two models last."""
    order: LayoutOrder | None = session.recall(_LAST)
    if order is None or order.pair != sides.trained.order:
        return None
    found = find_layout(order, _covered(sides))
    return None if found is None else (found, order)


def _covered(sides: Sides) -> tuple[np.ndarray, np.ndarray]:
    """As the pair's order has the two."""
    left, right = sides.trained.covered_on
    return (right, left) if sides.trained.is_turned else (left, right)


def _wait_for(sides: Sides, order: LayoutOrder) -> PairLayout | None:
    """The layout asked for, once it is there; else starts it, and draws how far it is."""
    found = find_layout(order, _covered(sides))
    if found is not None:
        return found
    jobs, key, method = server.map_jobs(), f"map {order!r}", LAYOUT_METHODS[order.settings.method]
    status = jobs.status(key)
    if status is None or status.state == "done":  # done, and deleted since
        trained, words = sides.trained, len(order.rows) or len(sides.trained.sample.words)
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
    if status.state in ("failed", "cancelled"):
        text, button = st.columns([5, 2], vertical_alignment="center")
        if status.state == "failed":
            text.error(messages.plain(status.error or "The layout failed."), icon=":material/error:")
        else:
            text.info(f"{method} was cancelled. The maps are as they were.", icon=":material/bolt:")
        if presses.button(f"Lay out with {method}", place=button, about=key, width="stretch"):
            jobs.forget(key)
            st.rerun()
    return find_layout(order, _covered(sides))
