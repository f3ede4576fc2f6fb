"""What can be done with the ticked models: all of it in sight before anything is ticked, so that it is found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from core.models.runs import is_whole
from core.workspace.asked_runs import Run
from core.workspace.workspace import remove_runs
from pages.parts.models import again, demo, export, report
from pages.shared import guards, messages, navigation, presses, session
from pages.shared.cached import server

_LONGEST_NAME = 200
_RENAME, _EXPORT, _AGAIN, _REPORT, _SHARE = "Rename", "Export", "Make it again", "Report", "Share"


def show(chosen: Sequence[Run], names: Mapping[str, str]) -> None:
    """Buttons for the models as they are, and a tab for each thing to be made of them.

    Args:
        names: of all models, by id.
    """
    whole = [run for run in chosen if is_whole(run.id)]
    pair = len(chosen) == len(whole) == 2
    with st.container(horizontal=True):
        _open_maps(whole if pair else [])
        _offer_removal(chosen)
    titles = [_RENAME, _EXPORT, _AGAIN, _REPORT, _SHARE]
    # of two models the tab for two is open first, which only tabs of another name begin with
    tabs = st.tabs(titles, default=_REPORT if pair else _RENAME, key="models-of-two" if pair else "models-of-one")
    one = chosen[0] if len(chosen) == 1 else None
    with tabs[0]:
        if one is None:
            st.caption("Tick one model to give it another name.")
        else:
            _rename(one, names[one.id])
    finished = one if whole and one is not None else None
    with tabs[1], messages.shown_here():
        if finished is None:
            st.caption("Tick one finished model to save its vectors for gensim, R, spreadsheets and other programs.")
        else:
            export.show(finished, names[finished.id])
    with tabs[2], messages.shown_here():
        if finished is None:
            st.caption(
                "Tick one finished model to see how it was made, to have that checked, or to make it elsewhere, by a "
                "short program in Python."
            )
        else:
            again.show(finished, names[finished.id])
    with tabs[3], messages.shown_here():
        if pair:
            report.show(whole[0], whole[1], names)
        else:
            st.caption(
                "Tick two finished models for a report on them: one file with both maps, what moved, the scorecard and "
                "how it was done, and the maps as a picture for a paper."
            )
    with tabs[4]:
        if len(whole) == len(chosen) > 1:
            demo.offer(whole, names)
        else:
            st.caption(
                "Tick two finished models or more to make a link that opens a copy of them, with steps to present. "
                "A link to look at everything that is here is made on the About page."
            )
    demo.show_saved()


def _open_maps(pair: Sequence[Run]) -> None:
    pressed = presses.button(
        "Open the maps",
        icon=":material/scatter_plot:",
        disabled=not pair,
        help=None if pair else "Tick two finished models.",
        key="open-maps",
        about=" ".join(run.id for run in pair),
    )
    if pressed:
        session.update(left=pair[0].id, right=pair[1].id)
        navigation.go("maps")


def _offer_removal(chosen: Sequence[Run]) -> None:
    st.button(
        f"Remove {len(chosen)}" if chosen else "Remove",
        icon=":material/delete:",
        disabled=not chosen,
        help="It can be undone." if chosen else "Tick the models to remove. It can be undone.",
        key="remove-models",
        on_click=_remove,
        args=(frozenset(run.id for run in chosen),),
    )


@guards.callback
def _remove(ids: frozenset[str]) -> None:
    for identity in ids:
        server.training_jobs().cancel(identity, session.visitor())
    session.put(remove_runs(session.workspace(), ids))


def _rename(run: Run, name: str) -> None:
    given = name[:_LONGEST_NAME]  # the field cuts what is longer, which is no wish to rename
    wanted = st.text_input("Name", value=given, key=f"name-{run.id}", max_chars=_LONGEST_NAME)
    if wanted.strip() and wanted != given:
        renamed = replace(run, title=wanted.strip())
        session.update(runs=tuple(renamed if each.id == run.id else each for each in session.workspace().runs))
        st.rerun()
