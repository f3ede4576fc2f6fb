"""The studies of a workspace on the Models page: a row for each, which opens to its models."""

from dataclasses import replace
from datetime import datetime

import pandas as pd
import streamlit as st

from core.errors import CorpusError
from core.methods import METHODS
from core.workspace.asked_runs import Run
from core.workspace.asked_studies import AskedStudy, note_made, runs_in
from core.workspace.workspace import StudyForm
from pages.shared import guards, messages, navigation, presses, progress, runs, session
from pages.shared.cached import model_cache, server

_NAMED = 4


def show() -> None:
    """Draw them, where there are some."""
    studies = note_made(session.workspace().studies)
    if studies != session.workspace().studies:  # what was made is kept from now on
        session.update(studies=studies)
    if not studies:
        return
    st.header("Studies", anchor=False)
    for study in studies:
        box = st.expander(_title(study), icon=":material/timeline:", key=f"study-row-{study.id}", on_change="rerun")
        if box.open:
            with box, messages.shown_here():
                _show_one(study)


def _title(study: AskedStudy) -> str:
    names = study.order.names
    shown = ", ".join(names if len(names) <= _NAMED else (*names[:2], "…", names[-1]))
    when = datetime.fromtimestamp(study.asked)
    made = "" if study.runs else " · not finished"
    method = METHODS[study.order.config.strategy].name
    return messages.plain(f"{shown} · {method} · {when.day} {when:%b %Y, %H:%M}{made}")


def _show_one(study: AskedStudy) -> None:
    """Its models with what can be done with them; of one that is not made how far it is.

    Raises:
        CorpusError: a text of it is no longer in the list.
    """
    models = runs_in(study)
    if not models:
        progress.follow(server.training_jobs(), f"study {study.id}")
        st.caption("Its models are not made. Open the study to see why, or to have them made.")
    chosen = _choose(study, models) if models else []
    with st.container(horizontal=True):
        if models:
            _act(models, chosen)
        if presses.button("Open the study", icon=":material/timeline:", key=f"open-{study.id}"):
            _open(study)
        st.button(
            "Remove the study",
            icon=":material/delete:",
            key=f"remove-{study.id}",
            help="From this list; models that were put into the list above stay there.",
            on_click=_remove,
            args=(study.id,),
        )


@guards.callback
def _remove(identity: str) -> None:
    session.update(studies=tuple(each for each in session.workspace().studies if each.id != identity))


def _choose(study: AskedStudy, models: tuple[Run, ...]) -> list[Run]:
    """The models as a table; gives those that are ticked."""
    listed = {run.id for run in session.workspace().runs}
    texts, embeddings = runs.text_names(models), [model_cache.run(run.id) for run in models]
    answer = st.dataframe(
        pd.DataFrame(
            {
                "Text": [texts[run.id] for run in models],
                "Words": [len(each.words) for each in embeddings],
                "Dose": [each.dose for each in embeddings],
                "Seconds": [each.sources.seconds for each in embeddings],
                "In the list": ["yes" if run.id in listed else "" for run in models],
            }
        ),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"study-models-{study.id}",
        placeholder="",
        column_config={
            "Words": st.column_config.NumberColumn(format="localized"),
            "Dose": st.column_config.NumberColumn(format="%.3f", help="Share of the change that was kept."),
            "Seconds": st.column_config.NumberColumn(format="%.1f", help="How long training took."),
            "In the list": st.column_config.TextColumn(
                help="Models in the list above can be chosen on every page, exported and scored."
            ),
        },
    )
    return [models[row] for row in answer["selection"]["rows"] if row < len(models)]


def _act(models: tuple[Run, ...], chosen: list[Run]) -> None:
    """What can be done with those that are ticked, or with all."""
    wanted = chosen or list(models)
    listed = {run.id for run in session.workspace().runs}
    new = [run for run in wanted if run.id not in listed]
    key = models[0].id
    ids = " ".join(run.id for run in wanted)
    if len(chosen) == 2 and presses.button(
        "Open the maps", icon=":material/scatter_plot:", key=f"compare-{key}", about=ids
    ):
        _list(new)
        session.update(left=chosen[0].id, right=chosen[1].id)
        navigation.go("maps")
    label = f"Put {len(wanted)} into the list" if chosen else f"Put all {len(wanted)} into the list"
    if presses.button(
        label,
        icon=":material/playlist_add:",
        key=f"list-{key}",
        about=ids,
        disabled=not new,
        help="So that they can be chosen on every page, exported and scored.",
    ):
        _list(new)
        st.rerun()


def _list(new: list[Run]) -> None:
    names = runs.text_names(new)
    named = [replace(run, text=names[run.id]) for run in new]
    session.update(runs=(*named, *session.workspace().runs))


def _open(study: AskedStudy) -> None:
    """Leave for the Study page, its form filled in for this study.

    Raises:
        CorpusError: a text of it is no longer in the list.
    """
    texts = tuple(source.id for source in study.sources)
    there = {text.id: text.choice for text in session.workspace().texts}
    if any(there.get(source.id) != source for source in study.sources):
        raise CorpusError(
            "A text of this study was removed from the list of texts, or is read in another way now, so the study is "
            "another one. Its models are here; to study the texts as they are now, open the Study page."
        )
    config = study.order.config
    session.update(study=StudyForm(texts, config.strategy, study.runs))
    for key, value in (
        ("study-min-count", config.min_count),
        ("study-seed", config.seed),
        ("study-texts", list(texts)),
    ):
        session.set_widget(key, value)
    navigation.go("study")
