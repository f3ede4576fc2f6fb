"""The settings of the Train page: which models, and how they are made."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from core import config as settings
from core.config import Range, TrainConfig, default_config
from core.methods import METHODS, usual_strategies
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.text.corpus import Corpus
from core.workspace.workspace import TrainForm
from pages.shared import messages, session

_COLUMNS = 4


def choose(corpus: Corpus, vectors: PretrainedVectors | None) -> list[TrainConfig]:
    """Draw the form; gives one configuration for each chosen model."""
    if vectors is None:
        st.info(
            "No pretrained vectors are chosen, so only models that learn from your text alone can be made.",
            icon=":material/info:",
        )
    else:
        covered = int((vectors.rows_for(corpus.words) >= 0).sum())
        st.caption(
            f"**{messages.plain(corpus.name)}** ({corpus.n_tokens:,} tokens) and **{messages.plain(vectors.name)}** "
            f"({vectors.vector_size:d} dimensions; has {covered:,} of your {len(corpus.words):,} words)"
        )
    saved = session.initial_settings()
    chosen = _choose_models(saved.strategies, vectors is not None)
    with st.expander("Settings", expanded=True, icon=":material/tune:"):
        values = _choose_values(saved.values, corpus, vectors, chosen)
    kept = session.workspace().settings.values
    session.update(settings=TrainForm(tuple(chosen), {**kept, **values}))
    configs: list[TrainConfig] = []
    with messages.shown():
        for strategy in chosen:
            seeds = values["seeds"] if METHODS[strategy].random else 1
            first = _configure(strategy, values, corpus)
            configs += [dataclasses.replace(first, seed=first.seed + extra) for extra in range(seeds)]
    return configs


def _choose_models(saved: Sequence[str] | None, has_vectors: bool) -> list[str]:
    usual = usual_strategies() if saved is None else saved
    st.subheader("Models to make", anchor=False)
    chosen: list[str] = []
    columns = st.columns(2, gap="large")
    half = (len(METHODS) + 1) // 2
    for place, (strategy, method) in enumerate(METHODS.items()):
        possible = has_vectors or not method.needs_vectors
        with columns[place // half], st.container(gap=None):
            ticked = st.checkbox(
                f"**{method.name}**",
                value=strategy in usual,
                key=f"make-{strategy}",
                help=f"Source: {method.source}",
                disabled=not possible,
                persist_state="session",
            )
            st.caption(method.explanation)
        if ticked and possible:
            chosen.append(strategy)
    return chosen


def _number(name: str, label: str, allowed: Range, value: float, text: str, **options: Any) -> Any:
    whole = all(float(each).is_integer() for each in (allowed.minimum, allowed.default))
    kind = int if whole else float
    return st.number_input(
        label,
        kind(allowed.minimum),
        kind(allowed.maximum),
        kind(value),
        key=f"setting-{name}",
        help=f"{text} From {allowed.minimum:g} to {allowed.maximum:g}.",
        persist_state="session",
        **options,
    )


def _choose_values(
    saved: Mapping[str, Any], corpus: Corpus, vectors: PretrainedVectors | None, chosen: list[str]
) -> dict[str, Any]:
    """The settings that a chosen strategy reads, drawn in rows; all of them while none is chosen."""
    values: dict[str, Any] = {}
    row: list[Any] = []
    for name, draw in _fields(saved, corpus, vectors, chosen or list(METHODS)):
        row = row or st.columns(_COLUMNS, vertical_alignment="bottom")
        with row.pop(0):
            values[name] = draw()
    if values.get("algorithm") == "cbow" and corpus.n_tokens < settings.LARGE_TEXT_TOKENS:
        st.warning(
            f"CBOW from scratch learns next to nothing from {corpus.n_tokens:,} tokens "
            "(with gensim's default of 5 epochs it is at chance). Skip-gram is the better choice here."
        )
    return values


def _fields(
    saved: Mapping[str, Any], corpus: Corpus, vectors: PretrainedVectors | None, chosen: list[str]
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Name of each setting, and what draws it and gives its value."""
    scratch, tuned = (default_config(each, corpus.n_tokens) for each in ("scratch", "tuned"))
    methods = [METHODS[strategy] for strategy in chosen]

    def is_read(setting: str, needs_vectors: bool | None = None) -> bool:
        return any(setting in each.reads and needs_vectors in (None, each.needs_vectors) for each in methods)

    def number(
        name: str, allowed: Range, usual: float, term: str = "", label: str = "", **options: Any
    ) -> tuple[str, Callable[[], Any]]:
        text = explain(term or name)
        return name, lambda: _number(name, label or name, allowed, saved.get(name, usual), text, **options)

    yield "vector_size", lambda: _choose_size(saved, vectors)
    yield number("window", settings.WINDOW, scratch.window)
    yield number("min_count", settings.MIN_COUNT, scratch.min_count)
    if is_read("negative"):
        yield number("negative", settings.NEGATIVE, scratch.negative)
    if is_read("epochs", needs_vectors=False):
        yield number("epochs_scratch", settings.EPOCHS_SCRATCH, scratch.epochs, label="epochs, from scratch")
    if is_read("epochs", needs_vectors=True):
        yield number("epochs_tuned", settings.EPOCHS_TUNED, tuned.epochs, label="epochs, fine-tuning")
    if is_read("seed"):
        yield number("seed", settings.SEED, scratch.seed)
    if is_read("algorithm"):
        yield "algorithm", lambda: _choose_algorithm(saved)
    rate: dict[str, Any] = {"term": "alpha", "step": 0.005, "format": "%.4f"}
    if is_read("alpha", needs_vectors=False):
        yield number("alpha_scratch", settings.ALPHA, scratch.alpha, label="alpha, from scratch", **rate)
    if is_read("alpha", needs_vectors=True):
        yield number("alpha_tuned", settings.ALPHA_TUNED, tuned.alpha, label="alpha, fine-tuning", **rate)
    if any(method.random for method in methods):
        yield "seeds", lambda: _choose_seeds(saved)
    if is_read("as_published"):
        yield "as_published", lambda: _choose_as_published(saved, vectors)


def _choose_size(saved: Mapping[str, Any], vectors: PretrainedVectors | None) -> int:
    if vectors is None:
        usual = saved.get("vector_size", settings.VECTOR_SIZE.default)
        size: int = _number("vector_size", "vector_size", settings.VECTOR_SIZE, usual, explain("vector_size"))
        return size
    st.number_input(
        "vector_size",
        value=vectors.vector_size,
        disabled=True,
        key=f"fixed-size-{vectors.vector_size}",
        help="Values per word vector: fixed by the pretrained file.",
    )
    return vectors.vector_size


def _choose_algorithm(saved: Mapping[str, Any]) -> str:
    algorithms = ["skip-gram", "cbow"]
    return st.selectbox(
        "algorithm",
        algorithms,
        index=algorithms.index(saved.get("algorithm", algorithms[0])),
        format_func=lambda each: "CBOW" if each == "cbow" else each,
        key="setting-algorithm",
        help=explain("algorithm"),
        persist_state="session",
    )


def _choose_seeds(saved: Mapping[str, Any]) -> int:
    text = "How many models of each kind, with this seed and the next ones. What differs between them is noise."
    seeds: int = _number("seeds", "seeds to train with", settings.SEEDS, saved.get("seeds", 1), text)
    return seeds


def _choose_as_published(saved: Mapping[str, Any], vectors: PretrainedVectors | None) -> bool:
    return st.checkbox(
        "classic: as published",
        value=bool(saved.get("as_published", False)),
        key="setting-as-published",
        help="Add the file's whole vocabulary to the classic recipe, as the copied recipe does, and see what that "
        "does to its noise words.",
        disabled=vectors is None,
        persist_state="session",
    )


def _configure(strategy: str, values: dict[str, Any], corpus: Corpus) -> TrainConfig:
    """The form's values of the settings that `strategy` reads; the usual ones of the others."""
    method = METHODS[strategy]
    group = "tuned" if method.needs_vectors else "scratch"
    given = {name: values.get(name, values.get(f"{name}_{group}")) for name in method.reads}
    changes = {name: value for name, value in given.items() if value is not None}
    return default_config(strategy, corpus.n_tokens, **changes)
