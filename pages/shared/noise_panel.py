"""What is known of how far noise alone moves words, which question decides, and retrainings for it when asked for."""

import math
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from core.comparison.kept_noise import has_noise, measured_kinds
from core.comparison.movers import Movers, NoiseKind
from core.comparison.noise import measure_movers
from core.comparison.noise_plan import (
    FEWEST_DOCUMENTS,
    NoisePlan,
    asked_kinds,
    estimate_noise_seconds,
    plan_noise,
    usual_kinds,
)
from core.comparison.retrainings import NoiseSide
from core.config import TrainConfig
from core.methods import METHODS
from core.models.embedding import Embedding
from core.prose.numbers import readable_seconds
from core.workspace.room import check_retrainings
from pages.shared import messages, presses, progress, session
from pages.shared.cached import change_cache, server, text_cache
from pages.shared.compared import Judgement, Sides

_PATIENCE, _SHORTEST_LIMIT = 30, 300
_QUESTIONS: dict[NoiseKind, str] = {
    "permutation": "Do the texts differ more than the same documents dealt out at random?",
    "documents": "Would other documents like these say the same?",
    "seed": "Would training again say the same?",
    "placebo": "Does it move further than on shuffled words?",
}
_MEANINGS: dict[NoiseKind, str] = {
    "permutation": "the documents of both texts are dealt out to two sides at random, and both sides trained again",
    "documents": "trained again on documents drawn anew from the text",
    "seed": "trained again on the same text with other random choices",
    "placebo": "trained again on the same words in a meaningless order",
}
_NEEDED: dict[NoiseKind, str] = {
    "permutation": "on the documents of both texts, dealt out anew",
    "documents": "on documents drawn anew from the text",
    "seed": "with another seed",
    "placebo": "on the same words in a meaningless order",
}
_TOO_LITTLE: dict[NoiseKind, str] = {
    "seed": "training again",
    "documents": "a sample of the same documents",
    "placebo": "shuffling the words",
}


def plan(sides: Sides) -> NoisePlan:
    """Which retrainings these two models need."""
    return plan_of(sides.runs, (sides.left, sides.right))


def plan_of(runs: tuple[str, str], models: tuple[Embedding, Embedding]) -> NoisePlan:
    """Which retrainings these two runs need, at the doses that `models` have."""
    asked = {run.id: run for run in session.workspace().runs}
    left, right = (NoiseSide(run, *asked[run].inputs, _config(model)) for run, model in zip(runs, models, strict=True))
    documents = min(text_cache.corpus(side.corpus_folder).n_documents for side in (left, right))
    found = plan_noise(left, right, documents)
    # Neither change nor noise has a direction: what was measured before the sides were swapped holds as well.
    return max(found, replace(found, left=right, right=left), key=lambda each: len(measured_kinds(each)))


def _config(embedding: Embedding) -> TrainConfig:
    # The dose that is shown, which need not be the one that was trained with.
    return replace(embedding.config, dose=embedding.config.dose if embedding.dose is None else embedding.dose)


def known_movers(sides: Sides) -> Movers | None:
    """Which words moved, where that was found out before; draws nothing."""
    judgement = current(sides)
    return change_cache.movers(judgement) if judgement.kinds else None


def tell_moved(sides: Sides) -> str:
    """How many words moved, in a sentence; "" while no noise was measured. Draws nothing."""
    wanted = plan(sides)
    measured = measured_kinds(wanted) if wanted.kinds else ()
    return (
        change_cache.moved_sentence(Judgement(sides, wanted, measured), _short_names(wanted, sides)) if measured else ""
    )


def current(sides: Sides) -> Judgement:
    """By the questions that were chosen; by none of them while the retrainings that answer them are not made."""
    wanted = plan(sides)
    return _judge(sides, wanted, session.recall(_key(wanted), usual_kinds(wanted.kinds)))


def _key(wanted: NoisePlan) -> str:
    return f"noise-kinds-{'-'.join(wanted.kinds)}"


def _judge(sides: Sides, wanted: NoisePlan, kinds: Sequence[NoiseKind]) -> Judgement:
    chosen = tuple(kind for kind in wanted.kinds if kind in kinds)
    return Judgement(sides, wanted, chosen if has_noise(wanted, chosen) else ())


def find(sides: Sides) -> Judgement:
    """Say what is known, and ask which question decides. Nothing is measured unless the visitor asks for it."""
    wanted = plan(sides)
    if not wanted.kinds:
        st.info(
            "Nothing about these two models is random, and the text has fewer than "
            f"{FEWEST_DOCUMENTS} documents to draw anew: there is no noise to hold the change against. Every change "
            "below is the models' own.",
            icon=":material/info:",
        )
        return Judgement(sides, wanted, ())
    measured = measured_kinds(wanted)
    if not measured:
        _ask_for(sides, wanted, asked_kinds(wanted), "**Raw change, not yet told from noise.** ")
        return Judgement(sides, wanted, ())
    everything = Judgement(sides, wanted, measured)
    st.header(messages.plain(change_cache.moved_sentence(everything, _short_names(wanted, sides))), anchor=False)
    chosen = _choose_kinds(wanted, measured)
    missing = tuple(kind for kind in chosen if kind not in measured)
    if missing:
        _ask_for(sides, wanted, missing, "")
    _warn(wanted, chosen)
    return _judge(sides, wanted, chosen)


def _short_names(wanted: NoisePlan, sides: Sides) -> tuple[str, str]:
    """What the sentence calls the two: of two texts these, else the ways to make a model, where that tells them apart.

    What the visitor called a model stays.
    """
    if wanted.two_texts:
        return sides.texts
    ways = tuple(METHODS[model.config.strategy].name for model in (sides.left, sides.right))
    plain = all(name.startswith(way) for name, way in zip(sides.names, ways, strict=True))
    return (ways[0], ways[1]) if plain and ways[0] != ways[1] else sides.names


def _choose_kinds(wanted: NoisePlan, measured: Sequence[NoiseKind]) -> tuple[NoiseKind, ...]:
    """The questions that a word has to pass to be marked as moved."""
    usual = usual_kinds(wanted.kinds)
    if len(wanted.kinds) == 1:
        return usual
    chosen = st.pills(
        "A word is marked as moved if the answer is yes",
        wanted.kinds,
        selection_mode="multi",
        default=usual,
        format_func=lambda kind: _QUESTIONS[kind] + ("" if kind in measured else " (not asked yet)"),
        key=_key(wanted),
        help="\n".join(f"- {_QUESTIONS[kind]} {_MEANINGS[kind].capitalize()}." for kind in wanted.kinds),
        persist_state="session",
    )
    kinds = tuple(kind for kind in wanted.kinds if kind in chosen) or usual
    if not chosen:
        st.caption(f"One is needed: “{_QUESTIONS[usual[0]]}” is used.")
    session.remember(_key(wanted), kinds)
    return kinds


def _warn(wanted: NoisePlan, chosen: Sequence[NoiseKind]) -> None:
    """Of two texts any question but how they are divided is too easily passed."""
    if wanted.two_texts and "permutation" not in chosen:
        done = " and ".join(_TOO_LITTLE[kind] for kind in chosen)
        st.warning(
            f"Two texts differ by which documents happen to be in either, and {done} does not show how much: even two "
            "random halves of one text would differ by more in most words. Ask "
            f"“{_QUESTIONS['permutation']}” before you call a difference one of the texts.",
            icon=":material/warning:",
        )


def _ask_for(sides: Sides, wanted: NoisePlan, kinds: tuple[NoiseKind, ...], opening: str) -> None:
    """Say what would be trained and how long that takes; do it when asked, until it is cancelled."""
    jobs, key = server.training_jobs(), f"noise {wanted.identity} {' '.join(kinds)}"
    left, right = (text_cache.corpus(side.corpus_folder) for side in (wanted.left, wanted.right))
    seconds = estimate_noise_seconds(wanted, left, right, kinds)
    status = jobs.status(key)
    waiting = status is not None and status.active
    needed = ", ".join(f"{wanted.retrainings(kind):d} times {_NEEDED[kind]}" for kind in kinds)
    told = f"{opening}Words move by chance, too, rare ones most. How far is told by training again"
    times = f"{'at most ' if 'permutation' in kinds else ''}{needed}"
    st.info(
        f"{told}: {times}. "
        + (
            "It is being done."
            if waiting
            else f"It takes about {readable_seconds(seconds)}, can be cancelled, and what was made is kept."
        ),
        icon=":material/hourglass:" if waiting else ":material/info:",
    )
    progress.follow(jobs, key)
    if waiting:
        return
    if status is not None and status.state == "failed":
        st.error(messages.plain(status.error or "The retrainings failed."), icon=":material/error:")
    label = f"Measure the noise (about {readable_seconds(seconds)})"
    if presses.button(
        label, type="primary", icon=":material/play_arrow:", key=f"measure-{'-'.join(kinds)}", about=wanted.identity
    ):
        with messages.shown_here() as failed:
            _check_room(wanted, kinds)
        if not failed:
            _start(key, wanted, kinds, seconds)
            st.rerun()


def _check_room(wanted: NoisePlan, kinds: tuple[NoiseKind, ...]) -> None:
    """Half of the retrainings are of either side, at most."""
    times = math.ceil(sum(map(wanted.retrainings, kinds)) / 2)
    sides = [(text_cache.corpus(side.corpus_folder), side.config, times) for side in (wanted.left, wanted.right)]
    check_retrainings(session.visitor(), session.workspace(), sides)


def _start(key: str, wanted: NoisePlan, kinds: tuple[NoiseKind, ...], seconds: float) -> None:
    jobs = server.training_jobs()
    jobs.forget(key)
    limit = _SHORTEST_LIMIT + _PATIENCE * seconds
    jobs.submit(
        key,
        "Measuring the noise",
        measure_movers,
        wanted,
        kinds,
        watcher=session.visitor(),
        kind="noise",
        seconds=seconds,
        limit=limit,
    )
