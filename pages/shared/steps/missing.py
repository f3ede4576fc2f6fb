"""What a page lacks before it can show anything: said, and offered to be done where the visitor is."""

import streamlit as st

from core.methods import METHODS
from core.prose.numbers import count
from core.system.limits import MODELS_UNASKED
from core.workspace.asked_runs import configs_of, identify
from pages.shared import inputs, messages, navigation, presses, progress, runs, session
from pages.shared.cached import server
from pages.shared.steps import best_vectors, training
from pages.shared.texts import demo, reading

_FOLLOWED = 8
"""So many models that are being made have a row each."""


def has_text(lead: str) -> bool:
    """Whether there is a text to work with; else what brings one is drawn.

    Args:
        lead: what is not there for want of it, a sentence.
    """
    workspace = session.workspace()
    if workspace.text is not None:
        return True
    if workspace.pending is not None:
        st.info("Your text is being read. This page goes on by itself.", icon=":material/hourglass:")
        reading.follow()
        return False
    st.info(f"{messages.plain(lead)} Try the demo here, or bring a text of your own.", icon=":material/description:")
    with st.container(horizontal=True):
        demo.offer(is_first=True)
        navigation.offer("data", "Bring your own text", is_first=False)
    return False


def offer_models(lead: str) -> None:
    """Draw how far the models are that are being made; else what makes them, here and now.

    Args:
        lead: what is not there for want of models, a sentence.

    Raises:
        CorpusError: the text in use cannot be read any more.
        PretrainedError: the chosen vectors cannot be used.
        TrainingError: the settings do not suit the text, or there is no room in memory.
        LimitError: there is no room for more models.
    """
    if runs.are_active():
        _follow_models()
        return
    if not has_text(lead):
        return
    demo.follow()
    text = inputs.current_text()
    if text is None or not best_vectors.settle(text) or inputs.wait_for_vectors():
        return
    rows = inputs.current_vectors(text)
    form, size = session.workspace().settings, None if rows is None else rows.vector_size
    configs = configs_of(form.strategies, form.values, text.corpus, size)
    wanted = identify(text.corpus, rows, configs, session.workspace().runs)
    if len(wanted) < 2 or len(wanted) > MODELS_UNASKED.value:
        st.info(f"{messages.plain(lead)} It takes two models or more: choose them.", icon=":material/model_training:")
        navigation.offer("train", "Choose models")
        return
    source = "" if rows is None else f", with {messages.plain(rows.name)}"
    st.info(
        f"{messages.plain(lead)} What is missing are models of {messages.plain(text.corpus.name)}{source}.",
        icon=":material/model_training:",
    )
    with st.container(horizontal=True):
        label = training.name_button(text.corpus, rows, wanted)
        if presses.button(
            messages.plain(label),
            type="primary",
            icon=":material/play_arrow:",
            key="train-here",
            about=" ".join(wanted),
        ):
            training.start(text.corpus, rows, wanted, session.workspace().score.by_itself)
            st.rerun()
        navigation.offer("train", "Choose models and settings", is_first=False)
    for problem in runs.find_problems([run for run in session.workspace().runs if run.id in wanted]).values():
        st.error(messages.plain(problem), icon=":material/error:")
    names = ", ".join(METHODS[config.strategy].name for config in wanted.values())
    st.caption(f"{names}. This page goes on by itself when they are there.")


def _follow_models() -> None:
    st.info("The models are being made. This page goes on by itself when they are there.", icon=":material/hourglass:")
    jobs, asked = server.training_jobs(), session.workspace().runs
    titles = runs.names(asked)
    active = [run.id for run in asked if (status := jobs.status(run.id)) is not None and status.active]
    for identity in active[:_FOLLOWED]:
        progress.follow(jobs, identity, title=titles[identity])
    if len(active) > _FOLLOWED:
        st.caption(f"{count('more model', len(active) - _FOLLOWED)} wait behind these.")
