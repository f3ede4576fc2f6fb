"""Two texts of the study side by side: on the Maps page, with sentences on the page A word."""

from dataclasses import replace

import streamlit as st

from core.comparison.study.shown import ShownStudy
from core.workspace.asked_runs import make_runs
from pages.parts.study.form import Asked
from pages.shared import inputs, messages, navigation, presses, session
from pages.shared.cached import study_cache


def offer(asked: Asked, shown: ShownStudy) -> None:
    """Choose two, and go there."""
    names = shown.order.names
    table = study_cache.study_table(shown)
    step = int(table.when[0]) if len(table.when) else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        left = st.selectbox(
            "Two texts side by side",
            range(len(names)),
            step,
            format_func=names.__getitem__,
            key="study-left",
            width=260,
        )
        right = st.selectbox(
            "and", range(len(names)), step + 1, format_func=names.__getitem__, key="study-right", width=260
        )
        if presses.button(
            "Open their maps",
            icon=":material/compare:",
            disabled=left == right,
            key="study-compare",
            about=f"{left} {right} {asked.order.identity}",
        ):
            with messages.shown_here() as failed:
                _open(asked, shown, (left, right))
            if not failed:
                navigation.go("maps")
    st.caption("Their maps side by side, and each word's sentences in both: the same models, the same noise.")


def _open(asked: Asked, shown: ShownStudy, places: tuple[int, int]) -> None:
    """Put the two models into the workspace's list, and on its maps."""
    workspace = session.workspace()
    new = []
    for place in places:
        side, text = shown.study.sides[place], asked.texts[place]
        if any(run.id == side.run for run in workspace.runs):
            continue
        read = inputs.read_text(text)
        vectors = inputs.current_vectors(read) if side.rows_folder is not None else None
        made = make_runs(
            read.corpus,
            vectors,
            {side.run: side.config},
            source=text.choice,
            vectors_path=workspace.vectors if vectors is not None else None,
            member=workspace.member if vectors is not None else None,
        )
        new += [replace(run, text=text.name) for run in made]
    left, right = (shown.study.sides[place].run for place in places)
    session.update(runs=(*new, *workspace.runs), left=left, right=right)
