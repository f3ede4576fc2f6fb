"""Which two embeddings are compared, each at which dose, and what the comparison rests on."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import streamlit as st

from core.maps.estimates import estimate_neighbours_seconds
from core.maps.pair_store import has_kept, keep_neighbours
from core.maps.word_sample import MOST_MAPPED_WORDS, add_words
from core.workspace.asked_runs import Run
from core.workspace.texts import TextChoice
from pages.shared import dose_choice, messages, presses, progress, runs, session
from pages.shared.cached import model_cache, pair_cache, server
from pages.shared.compared import Model, Pair, Sides, Trained, Words
from pages.shared.steps import missing

_WORDS_AT_ONCE = 5_000
"""Neighbours of more words than this are found in the background, with progress."""


def choose(rows: Sequence[Any] | None = None, status: Any = None) -> Sides | None:
    """Draw the two selectors and doses; None, with the next action on the page, while there is nothing to compare.

    Args:
        rows: where, left and right, in one line each without labels, as titles of what is below them; else here.
        status: where it is said how far the search for neighbours is, for a page that has something to show meanwhile:
            it gets sides that have none yet.

    Raises:
        RunError: a stored model is damaged.
        ComparisonError: the two share too few words.
    """
    if session.recall("missing-sides"):
        st.warning("The link names a model that is not among these: it was removed, or is somebody else's.")
        session.remember("missing-sides", None)
    finished = runs.finished()
    if len(finished) < 2:
        missing.offer_models(
            "There is one model so far, and nothing to compare it with."
            if len(finished) == 1
            else "There is nothing to compare yet."
        )
        return None
    names = runs.names(finished)
    ids = list(names)
    left_id, right_id = find_wanted(ids)
    brief = rows is not None
    rows = rows or [column.container(horizontal=True, vertical_alignment="bottom") for column in st.columns(2)]
    written = runs.names(finished, text_first=True) if brief else names
    shown: Any = {"format_func": written.__getitem__, "label_visibility": "collapsed" if brief else "visible"}
    left = rows[0].selectbox("Left", ids, index=ids.index(left_id), **shown)
    right = rows[1].selectbox("Right", ids, index=ids.index(right_id), **shown)
    if presses.button("Swap", place=rows[0], icon=":material/swap_horiz:", key="swap", about=f"{left_id} {right_id}"):
        session.update(left=right_id, right=left_id)
        st.rerun()
    if (left, right) != (left_id, right_id):
        if left == right:  # choosing the other side's model swaps the two
            left, right = (left, left_id) if left != left_id else (right_id, right)
        session.update(left=left, right=right)
        st.rerun()
    session.update(shown=(left, right))
    session.put_view_in_url()
    for note in session.recall(f"notes-on-{'-'.join(sorted((left, right)))}", ()):
        st.caption(messages.plain(note))
    chosen = {run.id: run for run in finished}
    return _compare((chosen[left], chosen[right]), (names[left], names[right]), rows, brief, status)


def warn_of_faults(sides: Sides) -> None:
    """Name vectors that are all zeros or equal: what they say is not what it seems."""
    for model, name in zip(sides.models, sides.names, strict=True):
        for fault in model_cache.faults(model):
            st.warning(f"{messages.plain(name)}: {messages.plain(fault)}", icon=":material/warning:")


def _compare(
    pair_of_runs: tuple[Run, Run], names: tuple[str, str], rows: Sequence[Any], brief: bool, status: Any
) -> Sides | None:
    """`rows`: where the doses are asked for, left and right; `brief` without labels."""
    key = pair_of_runs[0].id, pair_of_runs[1].id
    doses = [
        dose_choice.choose(row, run, model_cache.run(run), brief=brief) for row, run in zip(rows, key, strict=True)
    ]
    left, right = (Model(run, dose, model_cache.with_dose(run, dose)) for run, dose in zip(key, doses, strict=True))
    trained = pair_cache.trained(*key, MOST_MAPPED_WORDS)
    extras = _pins_to_add(trained)
    words = Words(trained, extras, add_words(trained.sample, trained.whole, extras))
    pair = Pair(words, (left, right))
    known = len(trained.sample.words) <= _WORDS_AT_ONCE or _has_neighbours(pair, status)
    if not known and status is None:
        return None
    folder = pair_of_runs[1].corpus_folder
    comparison = pair_cache.comparison(pair) if known else pair_cache.first_comparison(pair)
    return Sides(
        words, pair.models, names, runs.texts_of_pair(pair_of_runs), folder, comparison, pair_cache.row_of(words), known
    )


def _has_neighbours(pair: Pair, status: Any) -> bool:
    with nullcontext() if status is None else status:
        return _wait_for_neighbours(pair)


def corpus_folders(sides: Sides) -> tuple[Path, Path]:
    """Where the texts of the left and the right model lie."""
    folders = {run.id: run.corpus_folder for run in session.workspace().runs}
    return folders[sides.runs[0]], folders[sides.runs[1]]


def sources(sides: Sides) -> tuple[TextChoice | None, TextChoice | None]:
    """What the texts of the left and the right model were read from; None where that is not known."""
    found = {run.id: run.source for run in session.workspace().runs}
    return found[sides.runs[0]], found[sides.runs[1]]


def is_left_out(sides: Sides, word: str) -> bool:
    """Both models have the word, but the sample on the maps does not."""
    return bool(sides.omitted) and word not in sides.index and word in pair_cache.row_in_whole(sides.trained)


def _pins_to_add(trained: Trained) -> tuple[str, ...]:
    if trained.sample is trained.whole:
        return ()
    every, shown = pair_cache.row_in_whole(trained), pair_cache.row_of(Words(trained, (), trained.sample))
    return tuple(pin for pin in session.workspace().pins if pin in every and pin not in shown)


def _wait_for_neighbours(pair: Pair) -> bool:
    orders = tuple(pair_cache.neighbours_order(pair.trained, model) for model in pair.models)
    if has_kept(*orders):
        return True
    jobs, name, words = server.map_jobs(), f"neighbours {orders!r}", len(pair.trained.sample.words)
    status = jobs.status(name)
    if status is None or status.state == "done":  # done, and deleted since
        jobs.submit(
            name,
            f"Finding the neighbours of {words:,} words",
            keep_neighbours,
            orders,
            watcher=session.visitor(),
            kind="neighbours",
            seconds=sum(estimate_neighbours_seconds(words, model.embedding.vector_size) for model in pair.models),
        )
    status = progress.follow(jobs, name)
    if status is not None and status.state in ("failed", "cancelled"):
        st.error(messages.plain(status.error or "Finding the neighbours was cancelled."))
        if presses.button("Find them", about=name):
            jobs.forget(name)
            st.rerun()
    return has_kept(*orders)


def find_wanted(ids: list[str]) -> tuple[str, str]:
    """The two of these runs to show: those asked for, else those shown last, else the newest; all of them finished."""
    workspace = session.workspace()
    for pair in ((workspace.left, workspace.right), workspace.shown):
        if len(pair) == 2 and pair[0] in ids and pair[1] in ids:
            return str(pair[0]), str(pair[1])
    left = workspace.left if workspace.left in ids else ids[0]
    return left, next(identity for identity in ids if identity != left)
