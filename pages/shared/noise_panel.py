"""How far words move by noise alone: retrainings in the background, and what the page waits for."""

from dataclasses import replace

import streamlit as st

from core.comparison.movers import Movers, NoiseKind
from core.comparison.noise import (
    FEWEST_DOCUMENTS,
    NoisePlan,
    asked_kinds,
    estimate_noise_seconds,
    has_noise,
    measure_movers,
    measured_kinds,
    plan_noise,
    usual_kinds,
)
from core.comparison.retrainings import NoiseSide
from core.config import TrainConfig
from core.models.embedding import Embedding
from core.prose.numbers import readable_seconds
from pages.shared import cached, messages, progress, session, side_choice
from pages.shared.compared import Judgement, Sides

_UNASKED_SECONDS = 180
"""Retrainings that take longer are only made when the user asks for them."""
_PATIENCE, _SHORTEST_LIMIT = 30, 300
_KINDS: dict[NoiseKind, tuple[str, str]] = {
    "permutation": ("Documents dealt out anew", "both trained again on the documents of both texts, dealt out anew"),
    "seed": ("Another seed", "trained again with other random choices"),
    "documents": ("Resampled documents", "trained again on documents drawn anew from the text"),
    "placebo": ("Shuffled words", "trained on the same words in a meaningless order"),
}

_NEEDED: dict[NoiseKind, str] = {
    "permutation": "on the documents of both texts, dealt out anew",
    "seed": "with another seed",
    "documents": "on documents drawn anew from the text",
    "placebo": "on the same words in a meaningless order",
}


def plan(sides: Sides) -> NoisePlan:
    """Which retrainings these two models need."""
    return plan_of(sides.runs, (sides.left, sides.right))


def plan_of(runs: tuple[str, str], models: tuple[Embedding, Embedding]) -> NoisePlan:
    """Which retrainings these two runs need, at the doses that `models` have."""
    asked = {run.id: run for run in session.workspace().runs}
    left, right = (NoiseSide(run, *asked[run].inputs, _config(model)) for run, model in zip(runs, models, strict=True))
    documents = min(cached.corpus(side.corpus_folder).n_documents for side in (left, right))
    return plan_noise(left, right, documents)


def _config(embedding: Embedding) -> TrainConfig:
    # The dose that is shown, which need not be the one that was trained with.
    return replace(embedding.config, dose=embedding.config.dose if embedding.dose is None else embedding.dose)


def known_movers(sides: Sides) -> Movers | None:
    """Which words moved, where that was found out before; draws nothing."""
    judgement = usual(sides)
    return cached.movers(judgement) if judgement.kinds else None


def usual(sides: Sides) -> Judgement:
    """By the usual kinds of noise; by none while the retrainings that tell it are not made."""
    wanted = plan(sides)
    measured = bool(wanted.kinds) and has_noise(wanted)
    return Judgement(sides, wanted, usual_kinds(measured_kinds(wanted)) if measured else ())


def find(sides: Sides) -> Judgement:
    """By the kinds of noise that are chosen. Makes what is missing in the background and says so."""
    wanted = plan(sides)
    if not wanted.kinds:
        st.info(
            "Nothing about these two models is random, and the text has fewer than "
            f"{FEWEST_DOCUMENTS} documents to draw anew: there is no noise to hold the change against. Every change "
            "below is the models' own.",
            icon=":material/info:",
        )
        return Judgement(sides, wanted, ())
    if has_noise(wanted):
        return Judgement(sides, wanted, _choose_kinds(wanted))
    _wait(sides, wanted)
    return Judgement(sides, wanted, ())


def _choose_kinds(wanted: NoisePlan) -> tuple[NoiseKind, ...]:
    kinds = measured_kinds(wanted)
    if len(kinds) == 1:
        return kinds
    chosen = st.pills(
        "To count as moved, a word must change more than by",
        kinds,
        selection_mode="multi",
        default=usual_kinds(kinds),
        format_func=lambda kind: _KINDS[kind][0],
        key=f"noise-kinds-{'-'.join(kinds)}",
        help="; ".join(f"{_KINDS[kind][0]}: {_KINDS[kind][1]}" for kind in kinds),
        persist_state="session",
    )
    if not chosen:
        st.caption("At least one is needed: the usual one is used.")
    return tuple(kind for kind in kinds if kind in chosen) or usual_kinds(kinds)


def _wait(sides: Sides, wanted: NoisePlan) -> None:
    jobs, key = cached.training_jobs(), f"noise {wanted.identity}"
    corpora = [cached.corpus(folder) for folder in side_choice.corpus_folders(sides)]
    seconds = estimate_noise_seconds(wanted, corpora[0], corpora[1])
    if jobs.status(key) is None and seconds <= _UNASKED_SECONDS:
        _start(wanted, seconds)
    status = jobs.status(key)
    needed = ", ".join(f"{wanted.retrainings(kind):d} {_NEEDED[kind]}" for kind in asked_kinds(wanted))
    waiting = status is not None and status.active
    st.info(
        "**Raw change, not yet told from noise.** Retraining alone moves words, rare ones most. "
        + ("Waiting for retrainings" if waiting else "Retrainings tell")
        + f": {needed}. They are kept, so this is done once.",
        icon=":material/hourglass:" if waiting else ":material/info:",
    )
    progress.follow(jobs, key)
    if waiting:
        return
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "The retrainings failed."), icon=":material/error:")
    label = f"Measure the noise (about {readable_seconds(seconds)})"
    if st.button(label, type="primary", icon=":material/play_arrow:"):
        _start(wanted, seconds)
        st.rerun()


def _start(wanted: NoisePlan, seconds: float) -> None:
    jobs, key = cached.training_jobs(), f"noise {wanted.identity}"
    jobs.forget(key)
    limit = _SHORTEST_LIMIT + _PATIENCE * seconds
    jobs.submit(
        key,
        "Measuring the noise",
        measure_movers,
        wanted,
        watcher=session.visitor(),
        kind="noise",
        seconds=seconds,
        limit=limit,
    )
