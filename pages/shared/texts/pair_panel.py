"""Two texts compared with one button: the models that are missing are made alike on both, then the maps open."""

import streamlit as st

from core.comparison.study.models import find_common_dose
from core.comparison.study.texts import StudyText
from core.config import TrainConfig
from core.methods import METHODS
from core.models.runs import has_run, is_whole
from core.workspace.asked_runs import identify
from core.workspace.named_texts import find_text
from core.workspace.text_pairs import PairPlan, plan_pair, propose_pair, shares_documents, tell_sizes
from core.workspace.workspace import NamedText
from pages.shared import inputs, messages, navigation, presses, progress, runs, session
from pages.shared.cached import model_cache, server, text_cache

_AWAITED = "texts-awaited"


def show() -> None:
    """Draw the two texts to be chosen and the button, where there are two; opens the maps once they can be drawn."""
    proposed = propose_pair(session.workspace())
    if proposed is None:
        return
    pair = _choose(proposed)
    awaited = session.recall(_AWAITED)
    if awaited:
        _await(tuple(awaited))
    if pair is None:
        return
    if pair[0].choice.tokenising != pair[1].choice.tokenising:
        st.caption(
            "The two are cut into words in different ways, and words will differ by that. Use either and choose the "
            "same under “How it is cut into words”."
        )
    if shares_documents(*pair):
        st.caption("One of the two is a part of the other: its documents are on both sides.")
    with messages.kept_back():  # a text that is not read yet has no size
        sizes = [(text.name, text_cache.text_size(text.choice)) for text in pair]
        for note in tell_sizes(*sizes):
            st.caption(messages.plain(note))


def _choose(proposed: tuple[NamedText, NamedText]) -> tuple[NamedText, NamedText] | None:
    """The two texts; None where one is chosen twice."""
    texts = {text.id: text.name for text in inputs.texts()}
    ids = list(texts)
    key = "-".join(each[:6] for each in ids)  # another list has another proposal
    row = st.container(horizontal=True, vertical_alignment="bottom", key="text-pair")
    chosen = [
        row.selectbox(
            label,
            ids,
            index=ids.index(text.id),
            format_func=texts.__getitem__,
            key=f"pair-{label}-{key}-{text.id[:6]}",
            width=260,
            persist_state="session",
        )
        for label, text in zip(("Text on the left", "Text on the right"), proposed, strict=True)
    ]
    same = chosen[0] == chosen[1]
    pressed = presses.button(
        "Compare the two texts",
        place=row,
        about=" ".join(chosen),
        type="primary",
        icon=":material/compare:",
        disabled=same or bool(session.recall(_AWAITED)) or not inputs.is_ready(),
        key="compare-texts",
        help="Makes a model of each where it is missing, with the same vectors and settings, and opens the maps.",
    )
    if waiting := inputs.waiting_for():
        st.caption(messages.plain(waiting))
    if same:
        st.caption("A text does not differ from itself: choose another one for either side.")
        return None
    left, right = (find_text(session.workspace(), each) for each in chosen)
    if left is None or right is None:
        return None
    if pressed:
        with messages.shown_here():
            _start(left, right)
            st.rerun()
    return left, right


def _start(left: NamedText, right: NamedText) -> None:
    """Ask for what is missing of the two models.

    Raises:
        UserError: a text cannot be read, or the two cannot be compared; nothing is started then.
    """
    sides = [_read(text) for text in (left, right)]
    plan = plan_pair(*sides)
    known = session.workspace().runs
    wanted = [identify(side.corpus, side.pretrained, [plan.config], known) for side in sides]
    for text, side, models in zip((left, right), sides, wanted, strict=True):
        runs.order(text.choice, side.corpus, side.pretrained, models)
    ids = tuple(next(iter(models)) for models in wanted)
    session.update(left=ids[0], right=ids[1])
    session.remember("pair-made", _tell(plan))
    session.remember(f"notes-on-{'-'.join(sorted(ids))}", plan.notes)
    session.remember(_AWAITED, ids)


def _read(text: NamedText) -> StudyText:
    read = inputs.read_text(text)
    return StudyText(text.name, read.corpus, inputs.current_vectors(read))


def _tell(plan: PairPlan) -> str:
    config: TrainConfig = plan.config
    method = METHODS[config.strategy]
    alone = "" if method.needs_vectors else " No vectors are chosen, so each learns from its text alone."
    return (
        f"Both models are made alike: {method.name}, words seen {config.min_count:d} times or more, seed "
        f"{config.seed:d}.{alone}"
    )


def _await(ids: tuple[str, ...]) -> None:
    """The two models while they are made; opens the maps when they are."""
    st.caption(messages.plain(session.recall("pair-made", "")))
    jobs = server.training_jobs()
    titles = runs.names(session.workspace().runs)
    active = [each for each in ids if (status := jobs.status(each)) is not None and status.active]
    for each in active:
        progress.follow(jobs, each, title=titles.get(each))
    if active:
        return
    session.remember(_AWAITED, None)
    if all(has_run(each) and is_whole(each) for each in ids):
        _open_maps(ids)
    for each, problem in runs.find_problems([run for run in session.workspace().runs if run.id in ids]).items():
        st.error(messages.plain(f"{titles.get(each, 'A model')}: {problem}"), icon=":material/error:")


def _open_maps(ids: tuple[str, ...]) -> None:
    """Show both at one dose, that which answers most questions of both texts: else words seem to move by it."""
    dose = find_common_dose([model_cache.run(each) for each in ids])
    if dose is not None:
        session.show_at_dose(ids, dose)
    navigation.go("maps")
