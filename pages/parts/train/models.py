"""The models of this workspace: asked for, being made, made."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.config import TrainConfig
from core.methods import ENGINE_NAMES
from core.models.runs import has_run
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import count, readable_seconds, write_share
from core.system.limits import MODELS_UNASKED
from core.text.corpus import Corpus
from core.workspace.asked_runs import Run
from pages.shared import guards, messages, navigation, presses, progress, runs, session
from pages.shared.cached import model_cache, server
from pages.shared.steps import training

_FOLLOWED = 8
"""So many waiting models have a row each."""
_LOOK_SECONDS = 3.0


def confirm(corpus: Corpus, vectors: PretrainedVectors | None, wanted: dict[str, TrainConfig], is_asked: bool) -> bool:
    """Whether to start the models: as soon as they are asked for, where they are many once that is confirmed."""
    missing = {identity: config for identity, config in wanted.items() if not has_run(identity)}
    if len(missing) <= MODELS_UNASKED.value:
        return is_asked
    if session.recall("confirmed") == tuple(missing):
        session.remember("confirmed", None)
        return True
    if is_asked:
        session.remember("to-confirm", tuple(missing))
    if session.recall("to-confirm") != tuple(missing):
        return False
    jobs = server.training_jobs()
    jobs.check_room(session.visitor(), len(missing))
    seconds = training.expect_end(corpus, vectors, list(missing.values()))
    with st.container(border=True):
        st.markdown(
            f"**{len(missing):,} models will be trained.** On this server, as busy as it is now, the last one is done "
            f"in about {readable_seconds(seconds)}. You may leave meanwhile, and cancel what is not done."
        )
        buttons = st.container(horizontal=True)
        label = f"Yes, train all {len(missing):,}"
        buttons.button(label, icon=":material/playlist_play:", on_click=_answer, args=(tuple(missing),))
        buttons.button("Not now", on_click=_answer, args=(None,))
    return False


@guards.callback
def _answer(confirmed: tuple[str, ...] | None) -> None:
    session.remember("to-confirm", None)
    session.remember("confirmed", confirmed)


def start(corpus: Corpus, vectors: PretrainedVectors | None, wanted: dict[str, TrainConfig], scored: bool) -> None:
    """Ask for the models that are not there yet, and remember all of them in the workspace.

    Args:
        scored: a scorecard of them is to follow.

    Raises:
        TrainingError: one of them does not fit into memory; none is started then.
        LimitError: there is no room for all of them in the queue or on the disk; likewise.
    """
    session.remember("skipped", sum(has_run(identity) for identity in wanted))
    training.start(corpus, vectors, wanted, scored)
    session.remember("go-to-maps", list(wanted))


def show(corpus: Corpus, wanted: dict[str, TrainConfig]) -> None:
    """The workspace's models with their progress; goes on to the maps when what was asked for is done.

    Args:
        corpus: the text in use: of its models it is said which the settings no longer make.
    """
    asked = session.workspace().runs
    if not asked:
        return
    jobs = server.training_jobs()
    active = [run.id for run in asked if (status := jobs.status(run.id)) and status.active]
    awaited = session.recall("go-to-maps")
    if awaited and not active:
        session.remember("go-to-maps", None)
        if all(has_run(identity) for identity in awaited) and len(runs.finished()) > 1:
            navigation.go("maps")
    st.header("Models", anchor=False)
    there = session.recall("skipped", 0)
    if there:
        st.caption(f"{there:,} of them had been trained before and were taken from the store.")
    if len(active) > 1:
        st.button("Cancel all", icon=":material/close:", on_click=_cancel, args=(tuple(active),))
    titles, later = runs.names(asked), _find_later(active)
    problems = runs.find_problems(asked)
    _offer_interrupted([run for run in asked if not (jobs.status(run.id) or run.id in problems or has_run(run.id))])
    for run in asked:
        if run.id not in later:
            of_text = run.corpus_folder.name == corpus.digest
            _show_one(run, titles[run.id], run.id in wanted or not of_text, problems.get(run.id))
    if later:
        _follow_later(later)
    followed = [each for each in active if each not in later]
    if followed and not any((status := jobs.status(each)) and status.active for each in followed):
        st.rerun()  # all have ended while they were drawn: nothing asks for them any more
    if len(runs.finished()) >= 1 and not active:
        navigation.link("maps", "Open the maps")
        navigation.link("did_it_help", "Did it help? Open the scorecard")


@guards.callback
def _cancel(active: Sequence[str]) -> None:
    for identity in active:
        server.training_jobs().cancel(identity, session.visitor())


def _offer_interrupted(interrupted: Sequence[Run]) -> None:
    """One button for all that a server which was stopped had in its queue."""
    if len(interrupted) < 2:
        return
    text, button = st.columns([5, 2], vertical_alignment="center")
    text.info(
        f"The server was stopped before {len(interrupted):,} of these models were done.", icon=":material/restart_alt:"
    )
    label = f"Train all {len(interrupted):,} again"
    if presses.button(label, place=button, icon=":material/replay:", width="stretch"):
        for run in interrupted:
            runs.submit(run)
        st.rerun()


def _find_later(active: Sequence[str]) -> tuple[str, ...]:
    """Those that wait behind the next few: they are told of together, or a hundred rows would ask how far they are."""
    jobs = server.training_jobs()
    places = {key: status.place.ahead for key in active if (status := jobs.status(key)) and status.place is not None}
    return tuple(sorted(places, key=lambda key: places[key])[_FOLLOWED:])


@guards.fragment(run_every=_LOOK_SECONDS)
def _follow_later(later: Sequence[str]) -> None:
    last = server.training_jobs().status(later[-1])
    seconds = last.place.seconds if last is not None and last.place is not None else 0.0
    st.caption(
        f":material/hourglass: {count('more model', len(later))} wait behind these; the last of all starts in about "
        f"{readable_seconds(seconds)}."
    )


def _show_one(run: Run, title: str, current: bool, problem: str | None) -> None:
    identity, name = run.id, messages.plain(title)
    status = server.training_jobs().status(identity)
    with st.container(border=True):
        if status is not None and status.active:
            progress.follow(server.training_jobs(), identity, title=title)
            return
        text, button = st.columns([5, 1], vertical_alignment="center")
        if has_run(identity):
            with messages.shown_here() as failed:
                embedding = model_cache.run(identity)
            if failed:
                return
            text_name = messages.plain(runs.text_names([run])[run.id])
            stale = "" if current else "  \n:orange[Settings changed since this was trained.]"
            text.markdown(
                f"**{name}** · {len(embedding.words):,} words × {embedding.vector_size:d} · "
                f"{_say_made(run.config)} in {embedding.sources.seconds:.1f} s from {text_name}"
                f"{_remark(embedding.details)}{stale}"
            )
            return
        if problem:
            text.error(f"**{name}**: {messages.plain(problem)}", icon=":material/error:")
        elif status is not None and status.state == "cancelled":
            text.markdown(f"**{name}** · cancelled")
        else:
            text.markdown(f"**{name}** · interrupted before it was finished")
        if presses.button(
            "Run again", place=button, key=f"again-{identity}", icon=":material/replay:", width="stretch"
        ):
            runs.submit(run)
            st.rerun()


def _say_made(config: TrainConfig) -> str:
    return "made" if config.trained_by is None else f"trained by {ENGINE_NAMES[config.trained_by]}"


def _remark(details: Mapping[str, Any]) -> str:
    """What training found out about itself, for the models that say something."""
    if "negatives_not_in_text" in details:
        share = details["negatives_not_in_text"]
        return f"  \n{write_share(share, 0)} of the noise words it trained against do not occur in your text."
    if details.get("dose_chosen_on_heldout_text"):
        return f"  \nDose {details['dose']:.3f}, chosen on held-out text: that share of the change was kept."
    if details.get("dose") is not None and "dose_chosen_on_heldout_text" in details:
        return f"  \nDose {details['dose']:.3f}: the text is too small to choose it on held-out text."
    return ""
