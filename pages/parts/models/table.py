"""The Models page's table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.methods import METHODS
from core.models.runs import has_run, is_whole
from core.prose.numbers import count
from core.score.store import latest_cloze
from core.workspace.asked_runs import Run
from core.workspace.workspace import restore_runs
from pages.parts.models import actions
from pages.shared import guards, messages, runs, session
from pages.shared.cached import model_cache, server

_SAID_ONCE = {
    "Text": "All models are of “{}”.",
    "Dimensions": "All have {} dimensions.",
    "Vectors": "Those that start from vectors start from {}.",
}
"""What stands above the table, by column, where it is the same in all rows: their names have its room then."""


def show() -> None:
    """Filter, table, what can be done with the chosen rows."""
    asked = session.workspace().runs
    names, texts = runs.names(asked), runs.text_names(asked)
    wanted = st.text_input(
        "Filter",
        placeholder="Part of a name, strategy, text or vectors file",
        key="run-filter",
        icon=":material/search:",
    )
    rows = [run for run in asked if _matches(run, names[run.id], texts[run.id], wanted)]
    if not rows:
        st.caption("No model matches." if asked else "All models were removed.")
    else:
        st.caption("Tick a model, or two for their maps and a report. What can be done with them is below the table.")
        same = _same_for_all(asked, texts)
        if same:
            st.caption(" ".join(_SAID_ONCE[what].format(messages.plain(value)) for what, value in same.items()))
        actions.show(_choose(rows, names, texts, tuple(same)), names)
    _offer_undo()
    for run in asked:
        if has_run(run.id) and not is_whole(run.id):
            st.warning(
                f"{messages.plain(names[run.id])}: its files were changed or cut short, so this "
                "model is left out of comparisons. Remove it and train it again."
            )


def _matches(run: Run, name: str, text: str, wanted: str) -> bool:
    strategy = run.config.strategy
    haystack = " ".join((name, strategy, METHODS[strategy].name, text, _vectors(run))).lower()
    return all(part in haystack for part in wanted.lower().split())


def _state(run: Run, problems: Mapping[str, str]) -> str:
    if has_run(run.id):
        return "finished" if is_whole(run.id) else "damaged"
    status = server.training_jobs().status(run.id)
    if status is not None:
        return status.state
    return "failed" if run.id in problems else "interrupted"


def _score(run: Run) -> float | None:
    cloze = latest_cloze(*run.inputs, run.config)
    return None if cloze is None else 100 * cloze


def _vectors(run: Run) -> str:
    """The vectors file that the run was made from; a strategy that uses none has none."""
    return run.vectors or "" if METHODS[run.config.strategy].needs_vectors else ""


def _same_for_all(asked: Sequence[Run], texts: Mapping[str, str]) -> dict[str, str]:
    """The columns of `_SAID_ONCE` that have one value, and it."""
    columns = {
        "Text": {texts[run.id] for run in asked},
        "Dimensions": {f"{run.config.vector_size:d}" for run in asked},
        "Vectors": {_vectors(run) for run in asked} - {""},
    }
    return {name: values.pop() for name, values in columns.items() if len(values) == 1 and all(values)}


def _choose(rows: Sequence[Run], names: dict[str, str], texts: dict[str, str], left_out: tuple[str, ...]) -> list[Run]:
    problems = runs.find_problems(rows)
    states = [_state(run, problems) for run in rows]
    embeddings = [
        model_cache.run(run.id) if state == "finished" else None for run, state in zip(rows, states, strict=True)
    ]
    table = pd.DataFrame(
        {
            "Name": [names[run.id] for run in rows],
            "Strategy": [METHODS[run.config.strategy].name for run in rows],
            "Text": [texts[run.id] for run in rows],
            "When": [datetime.fromtimestamp(run.asked) for run in rows],
            "Seconds": [None if each is None else each.sources.seconds for each in embeddings],
            "Score": [_score(run) for run in rows],
            "Vectors": [_vectors(run) for run in rows],
            "Dimensions": [run.config.vector_size for run in rows],
            "Words": [None if each is None else len(each.words) for each in embeddings],
            "Dose": [None if each is None else each.dose for each in embeddings],
            "State": states,
        }
    ).drop(columns=list(left_out))
    chosen = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=_table_key(rows),
        placeholder="",
        column_config=_columns(left_out),
    )
    return [rows[place] for place in chosen["selection"]["rows"] if place < len(rows)]


def _table_key(rows: Sequence[Run]) -> str:
    """Another one whenever the rows change: the table remembers ticks by place, where another run would stand then."""
    ids = [run.id for run in rows]
    before, times = session.recall("run-table-rows", (ids, 0))
    if ids != before:
        times += 1
    session.remember("run-table-rows", (ids, times))
    return f"run-table-{times}"


def _columns(left_out: tuple[str, ...]) -> dict[str, Any]:
    """Together as wide as a page of 1280 pixels; name and strategy have the room of the columns that are left out."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    widths = {"Text": 98, "Vectors": 92, "Dimensions": 84}
    room = sum(widths[each] for each in left_out)
    return {
        "Name": text(width=250 + room - room // 3),
        "Strategy": text(width=108 + room // 3),
        "Text": text(width=widths["Text"]),
        "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", width=128),
        "Seconds": number(format="%.1f", width=70, help="How long training took."),
        "Score": number(
            format="%.1f %%",
            width=62,
            help="To what share of the alternatives a hidden word was preferred on held-out text, in the newest "
            "scorecard with this model; guessing gives 50 %.",
        ),
        "Vectors": text(width=widths["Vectors"]),
        "Dimensions": number(width=widths["Dimensions"]),
        "Words": number(format="localized", width=60),
        "Dose": number(format="%.3f", width=54, help="Share of the change that was kept."),
        "State": text(width=70),
    }


def _offer_undo() -> None:
    workspace = session.workspace()
    if not workspace.removed:
        return
    label = f"Undo removing {count('model', len(workspace.removed[0]))}"
    st.button(label, icon=":material/undo:", on_click=_undo)


@guards.callback
def _undo() -> None:
    session.put(restore_runs(session.workspace()))
