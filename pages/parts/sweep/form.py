"""What is to be tried: ways to make a model, ranges of their settings, and how to look for the best."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from core.config import default_config
from core.methods import METHODS
from core.models.runs import keep_corpus, rows_folder_of
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.prose.numbers import count
from core.score.sweep.plan import SweptVectors, count_settings, make_plan
from core.score.sweep.ranges import SettingValue, parse_range, parse_seeds
from core.score.sweep.search import TRIALS, SearchWay, check_search
from core.score.sweep.store import SweepOrder
from core.text.corpus import Corpus
from core.text.opened import Text
from core.workspace.workspace import SweepForm
from pages.shared import messages, session

FILE = "pretrained"
"""What the vectors file is called in a sweep: one of another visitor with the same rows is the same sweep."""
TITLES = {
    "strategy": "Model",
    "epochs": "Passes (epochs)",
    "alpha": "Learning rate (alpha)",
    "window": "Words on each side (window)",
    "min_count": "Least count (min_count)",
}
"""What settings are called, in the order of the form."""
_SEEDS = "seeds"
_USUAL = {"epochs": "2, 5, 10", "window": "3, 5, 10", _SEEDS: "1"}
_WAYS = {False: "All of them", True: "Those that Optuna picks"}
_ADVICE = "or let Optuna pick some of them to try"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for: the text, the rows of its words, and what a job is told."""

    text: Text
    vectors: PretrainedVectors | None
    order: SweepOrder

    @property
    def corpus(self) -> Corpus:
        return self.text.corpus


def choose(text: Text, vectors: PretrainedVectors | None) -> Asked | None:
    """Draw the form; None, with the next action on the page, while there is nothing to try.

    Raises:
        TrainingError: a range cannot be meant, or all together are too much.
    """
    saved, corpus = session.initial_sweep(), text.corpus
    start = "no pretrained vectors" if vectors is None else f"**{messages.plain(vectors.name)}**"
    st.caption(f"**{messages.plain(corpus.name)}** ({corpus.n_tokens:,} tokens), starting from {start}")
    strategies = _choose_strategies(saved, vectors is not None)
    ranges = _choose_ranges(saved, strategies, corpus)
    optuna, trials = _choose_way(saved)
    form = SweepForm(tuple(strategies), ranges, optuna, trials)
    if form != session.workspace().sweep:
        session.update(sweep=form)
    if not strategies:
        st.info("Choose at least one way to make a model.", icon=":material/arrow_upward:")
        return None
    axes: dict[str, tuple[SettingValue, ...]] = {
        name: parse_range(name, ranges[name])
        for name in TITLES
        if ranges.get(name) and any(name in METHODS[strategy].reads for strategy in strategies)
    }
    files = () if vectors is None else (SweptVectors(FILE, vectors.vector_size),)
    plan = make_plan(strategies, axes, parse_seeds(ranges.get(_SEEDS) or _USUAL[_SEEDS]), files)
    way = SearchWay("optuna", trials) if optuna else SearchWay()
    check_search(plan, way, _ADVICE)
    rows = () if vectors is None else (rows_folder_of(vectors, corpus),)
    if optuna:
        st.caption(f"Of {count('setting', count_settings(plan))}.")
    return Asked(text, vectors, SweepOrder(keep_corpus(corpus), rows, plan, way))


def _choose_strategies(saved: SweepForm, has_vectors: bool) -> list[str]:
    """Those that can be made, in the order of the form."""
    possible = [
        name for name, method in METHODS.items() if method.from_text and (has_vectors or not method.needs_vectors)
    ]
    usual = ["tied", "tuned"] if has_vectors else ["scratch", "counts"]
    wanted = [name for name in saved.strategies or usual if name in possible]
    chosen: list[str] = st.multiselect(
        "Ways to make a model",
        possible,
        default=wanted or usual,
        format_func=lambda name: METHODS[name].name,
        key=f"sweep-strategies-{has_vectors}",
        persist_state="session",
    )
    return chosen


def _choose_ranges(saved: SweepForm, strategies: list[str], corpus: Corpus) -> Mapping[str, str]:
    """Draw a field for each setting that is read; gives what stands in them."""
    ranges: dict[str, str] = {}
    names = [name for name in (*TITLES, _SEEDS) if name != "strategy"]
    row = st.columns(len(names), vertical_alignment="bottom")
    for column, name in zip(row, names, strict=True):
        read = name == _SEEDS or any(name in METHODS[strategy].reads for strategy in strategies)
        ranges[name] = column.text_input(
            "Seeds" if name == _SEEDS else TITLES[name],
            saved.ranges.get(name, _USUAL.get(name, "")),
            key=f"sweep-{name}",
            placeholder=_write_usual(name, strategies, corpus),
            disabled=not read,
            help=_explain(name),
            persist_state="session",
        ).strip()
    return ranges


def _write_usual(name: str, strategies: list[str], corpus: Corpus) -> str:
    """What stands where nothing was written."""
    if name == _SEEDS:
        return _USUAL[_SEEDS]
    usual = {
        f"{getattr(default_config(strategy, corpus.n_tokens), name):g}"
        for strategy in strategies
        if name in METHODS[strategy].reads
    }
    return f"usual: {' or '.join(sorted(usual, key=float))}" if usual else ""


def _explain(name: str) -> str:
    how = "Values with commas between them, or 1..5; log 0.001..0.1 x5 are five values with equal ratios."
    if name == _SEEDS:
        return f"Each setting is trained with each seed, and their mean decides. {how}"
    return f"{explain(name)} {how} Left empty, each way to make a model has its usual value."


def _choose_way(saved: SweepForm) -> tuple[bool, int]:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        optuna = st.segmented_control(
            "Try",
            list(_WAYS),
            default=saved.optuna,
            format_func=_WAYS.__getitem__,
            key="sweep-way",
            required=True,
            help="Optuna goes by what the earlier ones scored, so that of very many settings few have to be tried.",
            persist_state="session",
        )
        if not optuna:
            return False, saved.trials
        trials = st.number_input(
            "How many",
            int(TRIALS.minimum),
            int(TRIALS.maximum),
            saved.trials,
            key="sweep-trials",
            width=140,
            persist_state="session",
        )
    return True, int(trials)
