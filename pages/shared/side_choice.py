"""Which two embeddings are compared, each at which dose, and what the comparison rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from core.comparison.pair import Comparison, SharedWords
from core.maps.word_sample import MOST_MAPPED_WORDS, add_words
from core.models.embedding import Embedding
from core.progress import Progress
from core.workspace.records import inputs
from pages.shared import cached, dose_choice, progress, runs, session

_WORDS_AT_ONCE = 8_000
"""Neighbours of more words than this are found in the background, with progress."""


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Two finished runs, each at the chosen dose, and their comparison.

    Attributes:
        key: ids of the left and the right run.
        names: of both, for people.
        doses: of both; None for a run without a dose.
        trained: both as they were trained.
        left, right: both at the chosen dose.
        comparison: of left and right.
        index: row of each shared word, on the maps and everywhere.
        corpus_folder: of the right one's text.
        sample: the words that are laid out: all shared ones, or of too many a sample.
        extras: pinned words that the sample lacks; they are the last rows.
        omitted: how many shared words are not shown.
    """

    key: tuple[str, str]
    names: tuple[str, str]
    doses: tuple[float | None, float | None]
    trained: tuple[Embedding, Embedding]
    left: Embedding
    right: Embedding
    comparison: Comparison
    index: dict[str, int]
    corpus_folder: str
    sample: SharedWords
    extras: tuple[str, ...]
    omitted: int

    @property
    def shared(self) -> SharedWords:
        return self.comparison.shared

    @property
    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """Of the shared words, left and right."""
        return self.left.vectors[self.shared.left_rows], self.right.vectors[self.shared.right_rows]

    @property
    def counts(self) -> np.ndarray:
        """Of the shared words in the right one's text."""
        return np.asarray(self.right.counts[self.shared.right_rows])

    @property
    def covered_on(self) -> tuple[np.ndarray, np.ndarray]:
        """bool each: that side's pretrained vectors have the word."""
        return self.left.covered[self.shared.left_rows], self.right.covered[self.shared.right_rows]

    @property
    def covered(self) -> np.ndarray:
        """bool: the pretrained vectors of either side have the word."""
        left, right = self.covered_on
        return np.asarray(left | right)


def choose() -> Sides | None:
    """Draw the two selectors and doses; None, with the next action on the page, while there is nothing to compare.

    Raises:
        RunError: a stored model is damaged.
        ComparisonError: the two share too few words.
    """
    if session.recall("missing-sides"):
        st.warning("The link names a model that is not among these: it was removed, or is somebody else's.")
        session.remember("missing-sides", None)
    records = runs.finished()
    if len(records) < 2:
        _say_what_is_missing(len(records))
        return None
    names = runs.names(records)
    ids = list(names)
    left_id, right_id = _wanted(ids)
    columns = st.columns(2, gap="small")  # as the maps are
    rows = [column.container(horizontal=True, vertical_alignment="bottom") for column in columns]
    left = rows[0].selectbox("Left", ids, index=ids.index(left_id), format_func=names.__getitem__)
    right = rows[1].selectbox("Right", ids, index=ids.index(right_id), format_func=names.__getitem__)
    if rows[0].button("Swap", icon=":material/swap_horiz:"):
        session.update(left=right_id, right=left_id)
        st.rerun()
    if (left, right) != (left_id, right_id):
        if left == right:  # choosing the other side's model swaps the two
            left, right = (left, left_id) if left != left_id else (right_id, right)
        session.update(left=left, right=right)
        st.rerun()
    session.update(shown=[left, right])
    session.put_view_in_url()
    folder = next(record["corpus_folder"] for record in records if record["id"] == right)
    return _compare((left, right), (names[left], names[right]), folder, rows)


def _compare(key: tuple[str, str], names: tuple[str, str], folder: str, rows: Sequence[Any]) -> Sides | None:
    """`rows`: where the doses are asked for, left and right."""
    left, right = cached.run(key[0]), cached.run(key[1])
    doses = dose_choice.choose(rows[0], key[0], left), dose_choice.choose(rows[1], key[1], right)
    dosed = cached.with_dose(key[0], doses[0], left), cached.with_dose(key[1], doses[1], right)
    whole = cached.shared_words(*key, left, right)
    sample = cached.sampled_words(key, MOST_MAPPED_WORDS, whole)
    extras = _pins_to_add(key, whole, sample)
    shared = add_words(sample, whole, extras)
    vectors = dosed[0].vectors[shared.left_rows], dosed[1].vectors[shared.right_rows]
    n = len(sample.words)
    laid_out = vectors[0][:n], vectors[1][:n]
    if n > _WORDS_AT_ONCE and not _wait_for_neighbours(key, doses, laid_out):
        return None
    near = tuple(cached.neighbours(key, *side) for side in zip(key, doses, laid_out, strict=True))
    comparison = cached.comparison(key, doses, extras, shared, vectors, (near[0], near[1]))
    index = cached.row_of(key, extras, shared)
    omitted = len(whole.words) - len(shared.words)
    return Sides(key, names, doses, (left, right), *dosed, comparison, index, folder, sample, extras, omitted)


def corpus_folders(sides: Sides) -> tuple[Path, Path]:
    """Where the texts of the left and the right model lie."""
    records = {record["id"]: record for record in session.workspace().runs}
    left, right = (inputs(records[run])[0] for run in sides.key)
    return left, right


def is_left_out(sides: Sides, word: str) -> bool:
    """Both models have the word, but the sample on the maps does not."""
    return bool(sides.omitted) and word not in sides.index and word in cached.row_of(sides.key, ("*",), _whole(sides))


def _whole(sides: Sides) -> SharedWords:
    return cached.shared_words(*sides.key, *sides.trained)


def _pins_to_add(key: tuple[str, str], whole: SharedWords, sample: SharedWords) -> tuple[str, ...]:
    if sample is whole:
        return ()
    every, shown = cached.row_of(key, ("*",), whole), cached.row_of(key, (), sample)
    return tuple(pin for pin in session.workspace().pins if pin in every and pin not in shown)


def _wait_for_neighbours(key: tuple[str, str], doses: cached.Doses, vectors: cached.Vectors) -> bool:
    jobs = cached.map_jobs()
    name = f"neighbours {key} {doses}"

    def find(report: Progress) -> None:
        for side, run in enumerate(key):
            cached.neighbours(key, run, doses[side], vectors[side], report)

    if jobs.status(name) is None:
        jobs.submit(name, f"Finding the neighbours of {len(vectors[0]):,} words", find, watcher=session.visitor())
    status = progress.follow(jobs, name)
    if status is not None and status.state in ("failed", "cancelled"):
        st.error(status.error or "Finding the neighbours was cancelled.")
        if st.button("Find them"):
            jobs.forget(name)
            st.rerun()
    return status is not None and status.state == "done"


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
        session.offer("train", "See how far they are")
    elif finished == 1:
        st.info("There is one model so far. Train a second one to lay the two side by side.", icon=":material/info:")
        session.offer("train", "Train another model")
    elif session.workspace().upload is None:
        st.info("There is nothing to compare yet. Bring a text, or try the demo.", icon=":material/description:")
        session.offer("data", "Go to Data")
    else:
        st.info("Nothing is trained yet. Choose the models to make.", icon=":material/model_training:")
        session.offer("train", "Go to Train")
