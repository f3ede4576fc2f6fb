"""What is to be tried: ways to make a model, ranges of their settings, and how to look for the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from core.config import default_config
from core.methods import METHODS
from core.models.runs import keep_corpus, rows_folder_of
from core.pretrained.files import VectorFile
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.prose.numbers import count
from core.score.sweep.plan import SweptVectors, count_settings, make_plan
from core.score.sweep.ranges import SettingValue, parse_range, parse_seeds
from core.score.sweep.search import TRIALS, SearchWay, check_search
from core.score.sweep.store import SweepOrder
from core.system.files import digest_of
from core.text.corpus import Corpus
from core.text.opened import Text
from core.workspace.vectors import needs_index
from core.workspace.workspace import SweepForm
from pages.shared import index_panel, inputs, messages, session

_FILE = "pretrained"
"""What a vectors file is called in a sweep: one of another visitor with the same rows is the same sweep."""
_MOST_FILES = 8
TITLES = {
    "strategy": "Model",
    "vectors": "Vectors file",
    "epochs": "Passes (epochs)",
    "alpha": "Learning rate (alpha)",
    "window": "Words on each side (window)",
    "min_count": "Least count (min_count)",
}
"""What settings are called, in the order of the form."""
_NO_FIELD = ("strategy", "vectors")
_SEEDS = "seeds"
_USUAL = {"epochs": "2, 5, 10", "window": "3, 5, 10", _SEEDS: "1"}
_WAYS = {False: "All of them", True: "Those that Optuna picks"}
_ADVICE = "or let Optuna pick some of them to try"


@dataclass(frozen=True, slots=True)
class ChosenFile:
    """A vectors file to start from: itself, None where it is the one in use, and the rows of the text's words."""

    file: VectorFile | None
    rows: PretrainedVectors

    @property
    def name(self) -> str:
        return self.rows.name if self.file is None else inputs.name_file(self.file)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for: the text, vectors files by what they are called in the sweep, what a job is told."""

    text: Text
    files: Mapping[str, ChosenFile]
    order: SweepOrder

    @property
    def corpus(self) -> Corpus:
        return self.text.corpus


def choose(text: Text, vectors: PretrainedVectors | None) -> Asked | None:
    """Draw the form; None, with the next action on the page, while there is nothing to try.

    Args:
        vectors: rows of the file in use.

    Raises:
        TrainingError: a range cannot be meant, or all together are too much.
        PretrainedError: a file cannot be used.
    """
    saved, corpus = session.initial_sweep(), text.corpus
    st.caption(f"**{messages.plain(corpus.name)}** ({corpus.n_tokens:,} tokens){_name_start(vectors)}")
    chosen, wanted = _choose_files(saved, vectors)
    strategies = _choose_strategies(saved, bool(chosen) or (vectors is not None and wanted is None))
    ranges = _choose_ranges(saved, strategies, corpus)
    optuna, trials = _choose_way(saved)
    form = SweepForm(tuple(strategies), ranges, optuna, trials, wanted)
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
    if _awaits_index(chosen):
        return None
    opened = [ChosenFile(file, inputs.rows_of(file, text)) for file in chosen]
    if wanted is None and vectors is not None:
        opened = [ChosenFile(None, vectors)]
    names = [_FILE if len(opened) == 1 else f"{_FILE} {place + 1}" for place in range(len(opened))]
    swept = [SweptVectors(name, each.rows.vector_size) for name, each in zip(names, opened, strict=True)]
    plan = make_plan(strategies, axes, parse_seeds(ranges.get(_SEEDS) or _USUAL[_SEEDS]), swept)
    way = SearchWay("optuna", trials) if optuna else SearchWay()
    check_search(plan, way, _ADVICE)
    if optuna:
        st.caption(f"Of {count('setting', count_settings(plan))}.")
    rows = tuple(rows_folder_of(each.rows, corpus) for each in opened)
    order = SweepOrder(keep_corpus(corpus), rows, plan, way)
    return Asked(text, dict(zip(names, opened, strict=True)), order)


def _name_start(vectors: PretrainedVectors | None) -> str:
    """Where no file can be chosen here: from what models start."""
    if len(_usable_files()) > 1:
        return ""
    start = "no pretrained vectors" if vectors is None else f"**{messages.plain(vectors.name)}**"
    return f", starting from {start}"


def _usable_files() -> list[VectorFile]:
    return [file for file in inputs.vectors_files() if not file.problem]


def _choose_files(
    saved: SweepForm, vectors: PretrainedVectors | None
) -> tuple[list[VectorFile], tuple[tuple[Path, str | None], ...] | None]:
    """The files to start from, in the order of the list, and what the form keeps of them; [] and None: that in use."""
    there = {(file.path, file.member): file for file in _usable_files()}
    if len(there) < 2:
        return [], None
    used = inputs.chosen_file() if vectors is not None else None
    current = [] if used is None else [(used.path, used.member)]
    kept = [each for each in saved.files or () if each in there]
    chosen = st.multiselect(
        "Vectors files to start from",
        list(there),
        default=kept if kept or saved.files == () else current,
        format_func=lambda each: f"{inputs.name_file(there[each])} ({there[each].vector_size} dimensions)",
        max_selections=_MOST_FILES,
        key=f"sweep-files-{digest_of(*map(str, current))}",
        help="Each way to make a model that starts from vectors is tried with each file. All are asked about the same "
        "words: those that every one of them has.",
        placeholder="None: only ways that need no vectors",
        persist_state="session",
    )
    if sorted(map(str, chosen)) == sorted(map(str, current)):
        return [], None
    return [file for each, file in there.items() if each in chosen], tuple(each for each in there if each in chosen)


def _awaits_index(files: Sequence[VectorFile]) -> bool:
    """Whether one of them has to be indexed first, which begins and is shown here."""
    missing = [file for file in files if needs_index(file) and not index_panel.has_index(file)]
    for file in missing:
        st.markdown(f"**{messages.plain(inputs.name_file(file))}**")
        index_panel.follow(file)
    return bool(missing)


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
    names = [name for name in (*TITLES, _SEEDS) if name not in _NO_FIELD]
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
