"""The one map that moves through the texts, drawn by a script over an ordinary chart."""

from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.study.shown import ShownStudy
from core.maps.page import frames_script, moving_script
from core.maps.payload import StudyMap, Trail
from core.maps.study_layout import (
    MOST_WORDS,
    estimate_study_layout_seconds,
    find_study_layout,
    keep_study_layout,
)
from core.prose.colours import OTHER
from core.system.typed_json import as_values
from pages.parts.study import pins
from pages.shared import messages, presses, progress, session
from pages.shared.appearance import figures
from pages.shared.cached import server, study_cache

_KEY = "study-map"
_STYLE = """<style>
.st-key-study-map { flex: none; height: clamp(360px, min(46vw, 100vh - 330px), 620px); }
@media (max-width: 640px) { .st-key-study-map { height: clamp(280px, 94vw, 68vh); } }
</style>"""
_CONFIG = {"scrollZoom": True, "displaylogo": False, "modeBarButtonsToRemove": ["toImage"]}
_frames = st.components.v2.component("vectune_study_frames", js=frames_script())
_move = st.components.v2.component("vectune_moving_map", js=moving_script())


def show(shown: ShownStudy, chosen: tuple[str, ...]) -> None:
    """Draw it where it is laid out; else have it laid out, and say how far that is."""
    places = None
    with st.container():
        places = _wait_for(shown)
    if places is None:
        return
    frames, ends = study_cache.study_frames(shown, places)
    st.html(_STYLE)
    with st.container(key=_KEY, height="stretch"):
        st.plotly_chart(
            study_cache.study_figure(shown, places),
            key="study-chart",
            config=_CONFIG,
            height="stretch",
            alt=f"Map of {places.shape[1]:,} words in {len(shown.order.names):d} texts. The list below has the same.",
        )
    _frames(key="study-frames", data=as_values(frames), height="content")
    trails = tuple(
        Trail(shown.row_of[word], pins.colour_of(place))
        for place, word in enumerate(chosen)
        if shown.row_of[word] < places.shape[1]
    )
    result = _move(
        key="study-moving",
        data=as_values(StudyMap(id=frames.id, key=_KEY, trails=trails)),
        on_clicked_change=lambda: None,
        height="content",
    )
    _explain(frames.palette, ends, shown, places, chosen)
    figures.offer((_KEY,), "study-map", lambda: _tabulate(shown, places))
    clicked = result.get("clicked")
    if clicked is not None and int(clicked) < places.shape[1]:
        pins.pin(shown.study.words[int(clicked)])
        st.rerun(scope="fragment")


def _tabulate(shown: ShownStudy, places: np.ndarray) -> pd.DataFrame:
    """A row for each word on the map: how often each text has it, and where its map does."""
    n = places.shape[1]
    columns: dict[str, Any] = {"Word": shown.study.words[:n]}
    for text, name in enumerate(shown.order.names):
        columns |= {
            f"{name}, count": shown.study.counts[text, :n],
            f"{name}, x": places[text, :, 0],
            f"{name}, y": places[text, :, 1],
        }
    return pd.DataFrame(columns)


def _wait_for(shown: ShownStudy) -> np.ndarray | None:
    places = find_study_layout(shown.order)
    if places is not None:
        return places
    jobs, key = server.map_jobs(), f"study map {shown.order.identity}"
    status = jobs.status(key)
    words, texts = len(shown.study.words), len(shown.order.names)
    if status is None or status.state == "done":  # done, and deleted since
        with messages.shown_here():
            jobs.submit(
                key,
                f"Laying out {min(words, MOST_WORDS):,} words in {texts:d} texts",
                keep_study_layout,
                shown.order,
                watcher=session.visitor(),
                kind="study layout",
                seconds=estimate_study_layout_seconds(words, texts),
            )
    status = progress.follow(jobs, key)
    if status is not None and status.state in ("failed", "cancelled"):
        st.error(messages.plain(status.error or "The map was cancelled."), icon=":material/error:")
        if presses.button("Lay it out again", key="study-map-again", about=key):
            jobs.forget(key)
            st.rerun(scope="fragment")
    return find_study_layout(shown.order)


def _explain(
    palette: tuple[str, ...], ends: tuple[str, str], shown: ShownStudy, places: Any, chosen: tuple[str, ...]
) -> None:
    low, high = ends
    stops = escape(", ".join(palette[::9]))
    st.html(
        f"<small style='line-height:1.9'><b>Change from “{escape(shown.order.names[0])}”</b> &nbsp; {escape(low)} "
        "<span style='display:inline-block;width:9rem;height:.7em;border-radius:3px;margin:0 .3em;"
        f"background:linear-gradient(to right, {stops})'></span> {escape(high)} &nbsp;·&nbsp; "
        f"<span style='color:{OTHER}'>●</span> too rare, a function word, or in no vectors file &nbsp;·&nbsp; larger "
        "points occur more often</small>"
    )
    more = len(shown.study.words) - places.shape[1]
    left_out = f" Shown are the {places.shape[1]:,} most frequent; {more:,} more are in the list." if more else ""
    away = [word for word in chosen if shown.row_of[word] >= places.shape[1]]
    lacking = f" Not on the map: {messages.plain(', '.join(away))}." if away else ""
    st.caption(
        "One frame for all texts: what they have in common is laid out once, and each text's map is drawn from there "
        "by its own neighbours. Small moves are chance; neighbours and changes are computed from the full vectors."
        f"{left_out}{lacking} Click a word to follow it: its line shows its way through the texts."
    )
