"""Which two embeddings are compared, and what the comparison rests on."""

from dataclasses import dataclass

import streamlit as st

from core.comparison import Comparison
from core.embedding import Embedding
from pages.shared import cached, run_list, session


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Two finished runs and their comparison. `key` names both; `index` gives a shared word's row on the maps."""

    key: tuple[str, str]
    names: tuple[str, str]
    left: Embedding
    right: Embedding
    comparison: Comparison
    index: dict[str, int]


def choose() -> Sides | None:
    """Draw the two selectors; None, with the next action on the page, while there are not two finished models.

    Raises:
        RunError: a stored model is damaged.
        ComparisonError: the two share too few words.
    """
    records = run_list.finished()
    if len(records) < 2:
        _say_what_is_missing(len(records))
        return None
    names = run_list.names(records)
    ids = list(names)
    left_id, right_id = _wanted(ids)
    columns = st.columns([5, 1, 5], vertical_alignment="bottom")
    left = columns[0].selectbox("Left", ids, index=ids.index(left_id), format_func=names.__getitem__)
    if columns[1].button("Swap", icon=":material/swap_horiz:", width="stretch"):
        session.update(left=right_id, right=left_id)
        st.rerun()
    right = columns[2].selectbox("Right", ids, index=ids.index(right_id), format_func=names.__getitem__)
    if (left, right) != (left_id, right_id):
        if left == right:  # choosing the other side's model swaps the two
            left, right = (left, left_id) if left != left_id else (right_id, right)
        session.update(left=left, right=right)
        st.rerun()
    session.update(shown=[left, right])
    embeddings = cached.run(left), cached.run(right)
    comparison = cached.comparison(left, right, *embeddings)
    index = {word: row for row, word in enumerate(comparison.words)}
    return Sides((left, right), (names[left], names[right]), *embeddings, comparison, index)


def _wanted(ids: list[str]) -> tuple[str, str]:
    """The two runs to show: those asked for, else those shown last, else the newest; all of them finished."""
    workspace = session.workspace()
    for pair in ([workspace.left, workspace.right], workspace.shown):
        if len(pair) == 2 and pair[0] in ids and pair[1] in ids:
            return str(pair[0]), str(pair[1])
    left = workspace.left if workspace.left in ids else ids[0]
    return left, next(identity for identity in ids if identity != left)


def _say_what_is_missing(finished: int) -> None:
    if any(
        (status := cached.training_jobs().status(each["id"])) and status.active for each in session.workspace().runs
    ):
        st.info("The models are still being trained.", icon=":material/hourglass:")
        session.link("train", "See how far they are")
    elif finished == 1:
        st.info("There is one model so far. Train a second one to lay the two side by side.", icon=":material/info:")
        session.link("train", "Train another model")
    elif session.workspace().upload is None:
        st.info("There is nothing to compare yet. Bring a text, or try the demo.", icon=":material/description:")
        session.link("data", "Go to Data")
    else:
        st.info("Nothing is trained yet. Choose the models to make.", icon=":material/model_training:")
        session.link("train", "Go to Train")
