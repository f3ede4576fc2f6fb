"""The answer in a line above the maps: whether it helped, or of two texts whether they differ; or how far it is."""

from html import escape

import streamlit as st

from core.score.summary import summarise
from core.workspace.asked_runs import Run
from pages.shared import guards, messages, navigation, noise_panel, progress, scoring, session
from pages.shared.cached import server
from pages.shared.compared import Sides

_POLL_SECONDS = 2.0


def show(sides: Sides) -> None:
    """Draw it, of the models of the text of both; nothing where nothing can be asked.

    Nor in a demo session, which has a step for it. Of two texts it says what is known of their difference: whether
    either model helped is another question, which its own text answers.

    Raises:
        RunError: the stored scorecard is damaged, or the pretrained vectors are gone.
    """
    left, right = _find_runs(sides)
    if session.workspace().demo is not None:
        return
    if left.corpus_folder.name != right.corpus_folder.name:
        _tell_difference(sides)
        return
    told = scoring.find_told(right if right.rows_folder else left)
    if told is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="verdict-line"):
        if told.card is not None:
            _say(summarise(told.card))
            navigation.link("did_it_help", "Why")
        elif told.status is not None and told.status.active:
            _watch(told.key)
        else:
            st.markdown(messages.plain(_tell_why_not(told)))
            navigation.link("did_it_help", "Did it help?")


def _say(told: str) -> None:
    """All of it; on a phone, where it would push the maps out of sight, its first sentence: the link has the rest."""
    first, stop, rest = told.partition(". ")
    more = f"<span class='verdict-rest'> {escape(rest)}</span>" if rest else ""
    st.html(f"<span class='verdict'>{escape(first + stop.strip())}{more}</span>")


def _tell_difference(sides: Sides) -> None:
    said = noise_panel.tell_moved(sides)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="verdict-line"):
        st.markdown(messages.plain(said or "Two texts: which words differ by more than chance was not measured yet."))
        navigation.link("what_changed", "What changed")


def _find_runs(sides: Sides) -> tuple[Run, Run]:
    known = {run.id: run for run in session.workspace().runs}
    return known[sides.runs[0]], known[sides.runs[1]]


def _tell_why_not(told: scoring.Told) -> str:
    if told.status is not None and told.status.state == "failed":
        return f"Whether it helped could not be tested: {told.status.error or 'scoring failed.'}"
    if told.status is not None and told.status.state == "cancelled":
        return "Whether it helped is open: the test was cancelled."
    return "Whether it helped was not tested yet."


@guards.fragment(run_every=_POLL_SECONDS)
def _watch(key: str) -> None:
    status = server.training_jobs().status(key)
    if status is None or not status.active:
        st.rerun()
    st.markdown(f":material/hourglass: Did it help? {progress.describe(status)}")
