"""Making a study, and measuring its noise, in the background."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, cast

import streamlit as st

from core.comparison.noise_plan import MOST_DEALS
from core.comparison.study.shown import ShownStudy
from core.comparison.study.steps import Since, estimate_steps_seconds, lacking_noise
from core.comparison.study.store import has_study, keep_study, measure_study, runs_of_study
from core.models.estimates import estimate_seconds
from core.models.runs import keep_pretrained
from core.prose.numbers import count, readable_seconds
from core.system.entries import is_kept
from core.system.jobs.board import Jobs
from core.workspace.asked_studies import AskedStudy, list_study, note_made
from core.workspace.room import check_retrainings
from pages.parts.study.form import Asked
from pages.shared import inputs, messages, presses, progress, session
from pages.shared.cached import server, study_cache, text_cache

_KIND, _NOISE_KIND = "study", "study noise"
_PATIENCE, _SHORTEST_LIMIT = 30, 300
_CORES = 2


def find(asked: Asked) -> ShownStudy | None:
    """The study that is asked for, once it is made; else says what is odd about the texts, and offers to make it.

    Raises:
        CorpusError: the texts cannot be a study.
        RunError: what is kept of it is damaged.
    """
    order = asked.order
    if not has_study(order):
        notes = study_cache.study_notes(order)
        for note in notes:
            st.warning(messages.plain(note), icon=":material/warning:")
        _offer(asked)
        return None
    kept = study_cache.kept_study(order)
    lacking = lacking_noise(kept.study)
    runs = runs_of_study(order)
    if session.workspace().study.runs != runs:
        session.update(study=replace(session.workspace().study, runs=runs))
    _list(asked)
    lacking_first = lacking_noise(kept.study, "first")
    steps = study_cache.study_steps(order, "previous", lacking), study_cache.study_steps(order, "first", lacking_first)
    return ShownStudy(order, kept, steps[0], lacking, steps[1], lacking_first)


def _offer(asked: Asked) -> None:
    """The button, or how far the work is."""
    jobs, key = server.training_jobs(), f"study {asked.order.identity}"
    status = progress.follow(jobs, key)
    if status is not None and status.active:
        st.caption("You may leave this page; the work goes on.")
        return
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "The study failed."), icon=":material/error:")
    elif status is not None and status.state == "cancelled":
        st.caption("It was cancelled. Models that were finished are kept.")
    models = len(asked.order.texts)
    seconds = _estimate(asked)
    wait = readable_seconds(jobs.expect_end(session.visitor(), [(_KIND, seconds)]))
    st.caption(
        "A model of each text is made from the same start with the same settings. Then each word's change from text to "
        f"text is measured. It takes about {wait}."
    )
    if presses.button(
        f"Study these {models:d} texts", type="primary", icon=":material/timeline:", key="make-study", about=key
    ):
        with messages.shown_here() as failed:
            _check_room(asked, 1)
        if not failed:
            _keep_inputs(asked)
            _list(asked)
            _start(jobs, key, f"Studying {models:d} texts", keep_study, asked, _KIND, seconds)
            st.rerun()


def _list(asked: Asked) -> None:
    """Have the Models page list the study, and its models with it once they are made."""
    workspace = session.workspace()
    vectors = None
    if any(text.rows_folder is not None for text in asked.order.texts):
        file = inputs.chosen_file()
        vectors = None if file is None else file.name
    path, member = (workspace.vectors, workspace.member) if vectors else (None, None)
    sources = tuple(text.choice for text in asked.texts)
    known = next((each for each in workspace.studies if each.id == asked.order.identity), None)
    new = AskedStudy(asked.order, sources, vectors, path, member, time.time() if known is None else known.asked)
    studies = list_study(workspace.studies, new) if known is None or known.order != new.order else workspace.studies
    studies = note_made(studies)
    if studies != workspace.studies:
        session.update(studies=studies)


def _estimate(asked: Asked) -> float:
    order = asked.order
    each = [estimate_seconds(text_cache.corpus(text.corpus_folder), order.config) for text in order.texts]
    return max(*each, sum(each) / _CORES)


def _keep_inputs(asked: Asked) -> None:
    """Put the rows of each text where the job reads them."""
    for text, source in zip(asked.texts, asked.order.texts, strict=True):
        if source.rows_folder is not None and not is_kept(source.rows_folder):
            read = inputs.read_text(text)
            vectors = inputs.current_vectors(read)
            if vectors is not None:
                keep_pretrained(vectors, read.corpus)


def _check_room(asked: Asked, times: int) -> None:
    order = asked.order
    work = [(text_cache.corpus(text.corpus_folder), order.config, times) for text in order.texts]
    check_retrainings(session.visitor(), session.workspace(), work)


def _start(jobs: Jobs, key: str, title: str, work: object, asked: Asked, kind: str, seconds: float, *more: str) -> None:
    """`more`: what `work` is told besides the order."""
    jobs.forget(key)
    jobs.submit(
        key,
        title,
        work,  # type: ignore[arg-type]
        asked.order,
        *more,
        watcher=session.visitor(),
        kind=kind,
        seconds=seconds,
        limit=_SHORTEST_LIMIT + _PATIENCE * seconds,
    )


def measure(asked: Asked, shown: ShownStudy) -> None:
    """Offer to measure the noise that was not measured, and name the steps that can have none."""
    for step in shown.steps:
        if step.movers is None and shown.steps.index(step) not in shown.lacking:
            st.info(
                f"From “{messages.plain(step.left)}” to “{messages.plain(step.right)}”: {messages.plain(step.why_not)}",
                icon=":material/info:",
            )
    if shown.lacking:
        _offer_noise(asked, shown, "previous", shown.lacking)
    elif shown.lacking_first:
        _offer_noise(asked, shown, "first", shown.lacking_first)


def _offer_noise(asked: Asked, shown: ShownStudy, since: Since, lacking: Sequence[int]) -> None:
    """The button that measures it, or how far that is."""
    jobs, key = server.training_jobs(), f"study noise {since} {asked.order.identity}"
    status = jobs.status(key)
    waiting = status is not None and status.active
    corpora = [text_cache.corpus(text.corpus_folder) for text in asked.order.texts]
    seconds = estimate_steps_seconds(shown.study, corpora, since)
    most = 2 * MOST_DEALS * len(lacking)
    if since == "previous":
        _explain_noise(most, waiting)
    progress.follow(jobs, key)
    if waiting:
        return
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "The retrainings failed."), icon=":material/error:")
    label, kind = f"Measure the noise (about {readable_seconds(seconds)})", "primary"
    if since == "first":
        name = messages.plain(shown.order.names[0])
        label, kind = f"Measure the noise from “{name}” as well (about {readable_seconds(seconds)})", "secondary"
    if presses.button(
        label,
        about=key,
        type=cast(Literal["primary", "secondary"], kind),
        icon=":material/play_arrow:",
        key=f"measure-study-{since}",
        help=None
        if since == "previous"
        else f"To tell how far words are from the first text by more than noise: up to {count('model', most)} more.",
    ):
        with messages.shown_here() as failed:
            _check_room(asked, math.ceil(most / len(asked.texts)))
        if not failed:
            _keep_inputs(asked)
            title = f"Measuring the noise of {count('step', len(lacking))}"
            _start(jobs, key, title, measure_study, asked, _NOISE_KIND, seconds, since)
            st.rerun()


def _explain_noise(most: int, waiting: bool) -> None:
    st.info(
        "**Raw change, not yet told from noise.** Two texts differ by chance, too: by which documents happen to be in "
        "either. How far that moves each word is told by dealing the documents of each text and the next out anew, and "
        f"training again: up to {count('model', most)}. "
        + ("It is being done." if waiting else "It can be cancelled, and what was made is kept."),
        icon=":material/hourglass:" if waiting else ":material/info:",
    )
