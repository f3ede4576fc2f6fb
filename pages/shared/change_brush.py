"""The histogram of change, to brush: a range of it selects its words, in the table and on both maps."""

from typing import Any

import numpy as np
import streamlit as st

from core.comparison.table import MovedTable, between
from pages.shared import noise_panel, selection, session
from pages.shared.appearance import figures
from pages.shared.cached import change_cache
from pages.shared.compared import Sides
from pages.shared.selection import Brush

_LOW = 210
"""Height in pixels of the histogram below the maps."""


def ask(key: str, sides: Sides, facts: MovedTable, histogram: Any) -> Brush | None:
    """Draw the histogram; the range that selects words of these models, None for none."""
    key = selection.chart_key(key)
    drawn_before = session.has_widget(key)
    event: Any = figures.show(
        histogram,
        key,
        "How many words have which change. The table of all shared words on the page What changed has the same.",
        on_select="rerun",
        selection_mode="box",
        config={"displaylogo": False, "modeBarButtonsToRemove": ["lasso2d", "toImage"]},
    )
    boxes = event["selection"].get("box", [])
    if boxes:
        low, high = sorted(float(end) for end in boxes[-1]["x"])
        brush = Brush(_pair(sides), facts.movers is not None, low, high)
        if brush != selection.current_brush():
            selection.select(_words(facts, brush), brush)
    elif drawn_before and session.recall(f"brushed-{key}"):  # a chart that is drawn anew has no range of its own yet
        selection.clear()
    session.remember(f"brushed-{key}", bool(boxes))
    return current(sides, facts.movers is not None)


def ask_below_the_maps(sides: Sides) -> None:
    """The histogram on the Maps page, sent only while it is open."""
    box = st.expander("Select by change", icon=":material/bar_chart:", key="select-by-change", on_change="rerun")
    if not box.open:
        return
    with box:
        judgement = noise_panel.current(sides)
        facts = change_cache.moved_table(judgement)
        ask("map-histogram", sides, facts, change_cache.moved_histogram(judgement, _LOW))
        st.caption("Drag across the bars: both maps grey all other words. Double-click to give the range up.")


def current(sides: Sides, measured: bool) -> Brush | None:
    """The brushed range, if it is one of these models and of this measure."""
    brush = selection.current_brush()
    return brush if brush is not None and brush.pair == _pair(sides) and brush.measured == measured else None


def describe(sides: Sides) -> str:
    """What a brushed range says of the selected words, "" when they were not brushed or not in these models."""
    brush = selection.current_brush()
    return brush.text if brush is not None and brush.pair == _pair(sides) else ""


def _pair(sides: Sides) -> tuple[object, ...]:
    return (*sides.runs, *sides.doses)


def _words(facts: MovedTable, brush: Brush) -> frozenset[str]:
    return frozenset(facts.words[row] for row in np.flatnonzero(between(facts, brush.low, brush.high)).tolist())
