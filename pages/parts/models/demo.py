"""Saving chosen runs as a demo session, and the sessions that this workspace has saved."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.prose.numbers import count
from core.workspace.asked_runs import Run
from core.workspace.demo_sessions import STEP_PAGES, Step, delete_demo, demos_of, gather_demo, save_demo
from pages.shared import guards, messages, presses, session
from pages.shared.frame import menu

_SENTENCE = "Hover any word: it lights up on both maps."
_PAGE_TITLES = {page: menu.PAGES[page].title for page in STEP_PAGES}


def offer(chosen: Sequence[Run], names: Mapping[str, str]) -> None:
    """Offer to save the chosen finished runs, two or more."""
    st.caption(
        "A demo is a link that opens a copy of these models with their text and settings, and leads through the steps "
        "below. Whoever opens it can try everything and changes nothing of the demo."
    )
    chosen = sorted(chosen, key=lambda run: run.id != session.workspace().left)
    titles = [names[run.id] for run in chosen]
    title = st.text_input("Title", key="demo-title", max_chars=80, placeholder="What people will see at the top")
    edited = st.data_editor(
        pd.DataFrame(
            {
                "What to say": [_SENTENCE],
                "Page": [_PAGE_TITLES["maps"]],
                "Left": [titles[0]],
                "Right": [titles[1]],
                "Pinned words": [", ".join(session.workspace().pins)],
            }
        ),
        num_rows="dynamic",
        hide_index=True,
        key=f"demo-steps-{'-'.join(run.id[:6] for run in chosen)}",
        column_config={
            "What to say": st.column_config.TextColumn(width="large", required=True, max_chars=400),
            "Page": st.column_config.SelectboxColumn(options=list(_PAGE_TITLES.values()), default=_PAGE_TITLES["maps"]),
            "Left": st.column_config.SelectboxColumn(options=titles, default=titles[0]),
            "Right": st.column_config.SelectboxColumn(options=titles, default=titles[1]),
            "Pinned words": st.column_config.TextColumn(help="With commas between them; the last one is explained."),
        },
    )
    if presses.button("Save the demo", about=title, icon=":material/save:", type="primary", disabled=not title.strip()):
        ids = {names[run.id]: run.id for run in chosen}
        with messages.shown_here() as failed:
            session.check_own()  # a demo keeps the models though their owner erases them
            steps = [_step(row, ids) for row in edited.fillna("").to_dict("records")]
            save_demo(gather_demo(title, steps, session.workspace(), chosen, session.visitor()))
        if not failed:
            st.rerun()
    if not title.strip():
        st.caption("Give it a title to save it.")


def _step(row: dict[Any, Any], ids: dict[str, str]) -> Step:
    page = next((page for page, title in _PAGE_TITLES.items() if title == row["Page"]), "maps")
    pins = tuple(word.strip() for word in str(row["Pinned words"]).split(",") if word.strip())
    return Step(str(row["What to say"]), page, ids.get(row["Left"]), ids.get(row["Right"]), pins)


def show_saved() -> None:
    """List what was saved."""
    with messages.shown_here():
        saved = demos_of(session.visitor())
    if not saved:
        return
    st.header("Your demos", anchor=False)
    st.caption("Open a link in a private window to see what your audience sees.")
    for identity, demo in saved.items():
        title, link, delete = st.columns([3, 5, 1.4], vertical_alignment="center")
        title.markdown(f"**{messages.plain(demo.title)}**  \n{count('step', len(demo.steps))}")
        link.code(f"{session.address()}/?demo={identity}", language=None)
        delete.button(
            "Delete", key=f"delete-demo-{identity}", icon=":material/delete:", on_click=_delete, args=(identity,)
        )


@guards.callback
def _delete(identity: str) -> None:
    delete_demo(identity, session.visitor())
