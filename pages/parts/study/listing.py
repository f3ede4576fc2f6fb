"""All words that can have changed, those that changed most first; a click follows one."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.comparison.study.shown import ShownStudy
from core.comparison.study.table import StudyTable
from core.prose.numbers import count
from pages.parts.study import pins
from pages.shared import session
from pages.shared.cached import study_cache

_MOST = 1000


def show(shown: ShownStudy) -> None:
    """The list; the row that was clicked last is followed."""
    table = study_cache.study_table(shown)
    st.header("Words by how much they changed", anchor=False)
    if not len(table.rows):
        st.caption("No word can be judged: none is frequent enough in two texts that follow each other.")
        return
    with st.container():
        st.caption(_explain(shown, table))
    event = st.dataframe(
        _frame(shown, table),
        hide_index=True,
        height=400,
        column_config=_columns(shown),
        on_select="rerun",
        selection_mode="single-row",
        key="study-listing",
    )
    rows = event.selection.rows
    if rows != session.recall("study-clicked"):
        session.remember("study-clicked", rows)
        if rows and rows[0] < len(table.rows):
            pins.pin(shown.study.words[table.rows[rows[0]]])
            st.rerun(scope="fragment")


def _explain(shown: ShownStudy, table: StudyTable) -> str:
    more = len(table.rows) - _MOST
    cut = f" The first {_MOST:,} of {len(table.rows):,}; the CSV has all." if more > 0 else ""
    judged = count("word", len(table.rows))
    if not shown.has_noise:
        return f"{judged}, by the mean change from text to text. Rare words move most by chance alone.{cut}"
    moved = int(table.moved.sum())
    first = f"First {count('word', moved)} that moved, the surest first; then the others" if moved else "Ordered"
    return f"{judged}. {first} by how far each stands above noise, over all steps in which it is judged.{cut}"


def _frame(shown: ShownStudy, table: StudyTable) -> Any:
    rows, when = table.rows[:_MOST], table.when[:_MOST]
    columns: dict[str, Any] = {"Word": [shown.study.words[row] for row in rows.tolist()]}
    if shown.has_noise:
        if table.moved.any():
            columns["Moved"] = table.moved[:_MOST]
        columns["Above noise"] = table.above[:_MOST]
        columns["× noise"] = table.times[:_MOST]
    columns |= {
        "Mean change": table.change[:_MOST],
        "Step by step": shown.kept.trajectories.from_previous[:, rows].T.tolist(),
        "Most from": np.array(shown.order.names)[when],
        "to": np.array(shown.order.names)[when + 1],
        "Steps": table.steps[:_MOST],
    }
    return pd.DataFrame(columns)


def _columns(shown: ShownStudy) -> dict[str, Any]:
    column = st.column_config
    highest = float(np.nanmax(shown.kept.trajectories.from_previous))
    return {
        "Word": column.TextColumn(width="medium"),
        "Moved": column.CheckboxColumn(width="small", help="In at least one step by more than noise."),
        "Above noise": column.NumberColumn(
            format="%.1f",
            width="small",
            help="How far all its steps together stand above noise, in standard deviations. Many steps tell more.",
        ),
        "× noise": column.NumberColumn(
            format="%.2f", width="small", help="How many times as far as noise alone takes it; 1 is what chance does."
        ),
        "Mean change": column.NumberColumn(format="%.3f", width="small", help="From each text to the next."),
        "Step by step": column.LineChartColumn(y_min=0, y_max=highest, help="Change from each text to the next."),
        "Most from": column.TextColumn(help="The step of its largest change, beside its noise where that is known."),
        "Steps": column.NumberColumn(
            width="small", help="In how many steps both texts have it often enough to be judged; of these is the mean."
        ),
    }
