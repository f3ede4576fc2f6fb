"""The settings of the Train page: which models, and how they are made."""

import dataclasses
from typing import Any

import streamlit as st

from core import config as settings
from core.config import NEEDS_PRETRAINED, Range, StrategyName, TrainConfig, default_config
from core.models.strategies import STRATEGY_TEXTS
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.text.corpus import Corpus
from pages.shared import messages, session

_USUAL: tuple[StrategyName, ...] = ("tuned", "scratch", "pretrained")
_UNTRAINED: frozenset[StrategyName] = frozenset({"pretrained", "preview"})


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
            f"**{corpus.name}** ({corpus.n_tokens:,} tokens) and **{vectors.name}** "
            f"({vectors.vector_size} dimensions; has {covered:,} of your {len(corpus.words):,} words)"
        )
    saved = session.initial_settings()
    chosen = _choose_models(saved, vectors is not None)
    with st.expander("Settings", expanded=True, icon=":material/tune:"):
        values = _choose_values(saved, corpus, vectors)
    session.update(settings={**values, "strategies": chosen})
    configs: list[TrainConfig] = []
    with messages.shown():
        for strategy in chosen:
            seeds = 1 if strategy in _UNTRAINED else values["seeds"]
            first = _configure(strategy, values, corpus)
            configs += [dataclasses.replace(first, seed=first.seed + extra) for extra in range(seeds)]
    return configs


def _choose_models(saved: dict[str, Any], has_vectors: bool) -> list[StrategyName]:
    usual = saved.get("strategies", list(_USUAL))
    st.subheader("Models to make", anchor=False)
    chosen: list[StrategyName] = []
    columns = st.columns(2, gap="large")
    offered = list(STRATEGY_TEXTS.items())
    half = (len(offered) + 1) // 2
    for place, (strategy, words) in enumerate(offered):
        possible = has_vectors or strategy not in NEEDS_PRETRAINED
        with columns[place // half], st.container(gap=None):
            ticked = st.checkbox(
                f"**{words.name}**",
                value=strategy in usual,
                key=f"make-{strategy}",
                help=f"Source: {words.source}",
                disabled=not possible,
                persist_state="session",
            )
            st.caption(words.explanation)
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


def _choose_values(saved: dict[str, Any], corpus: Corpus, vectors: PretrainedVectors | None) -> dict[str, Any]:
    scratch, tuned = (default_config(each, corpus.n_tokens) for each in ("scratch", "tuned"))
    values: dict[str, Any] = {}
    first, second = st.columns(4), st.columns(4)
    with first[0]:
        if vectors is None:
            values["vector_size"] = _number(
                "vector_size",
                "vector_size",
                settings.VECTOR_SIZE,
                saved.get("vector_size", scratch.vector_size),
                explain("vector_size"),
            )
        else:
            values["vector_size"] = vectors.vector_size
            st.number_input(
                "vector_size",
                value=vectors.vector_size,
                disabled=True,
                key=f"fixed-size-{vectors.vector_size}",
                help="Values per word vector: fixed by the pretrained file.",
            )
    fields: list[tuple[Any, str, str, Range, float, str]] = [
        (
            first[1],
            "window",
            "window",
            settings.WINDOW,
            scratch.window,
            explain("window"),
        ),
        (
            first[2],
            "min_count",
            "min_count",
            settings.MIN_COUNT,
            scratch.min_count,
            explain("min_count"),
        ),
        (
            first[3],
            "negative",
            "negative",
            settings.NEGATIVE,
            scratch.negative,
            explain("negative"),
        ),
        (
            second[0],
            "epochs_scratch",
            "epochs, from scratch",
            settings.EPOCHS_SCRATCH,
            scratch.epochs,
            explain("epochs_scratch"),
        ),
        (
            second[1],
            "epochs_tuned",
            "epochs, fine-tuning",
            settings.EPOCHS_TUNED,
            tuned.epochs,
            explain("epochs_tuned"),
        ),
        (
            second[2],
            "seed",
            "seed",
            settings.SEED,
            scratch.seed,
            explain("seed"),
        ),
    ]
    for column, name, label, allowed, usual, text in fields:
        with column:
            values[name] = _number(name, label, allowed, saved.get(name, usual), text)
    third = st.columns(4, vertical_alignment="bottom")
    with third[2]:
        values["seeds"] = _number(
            "seeds",
            "seeds to train with",
            settings.SEEDS,
            saved.get("seeds", 1),
            "How many models of each kind, with this seed and the next ones: how far they differ is noise.",
        )
    for column, name, label, allowed, rate in (
        (third[0], "alpha_scratch", "alpha, from scratch", settings.ALPHA, scratch.alpha),
        (third[1], "alpha_tuned", "alpha, fine-tuning", settings.ALPHA_TUNED, tuned.alpha),
    ):
        with column:
            values[name] = _number(
                name,
                label,
                allowed,
                saved.get(name, rate),
                explain("alpha"),
                step=0.005,
                format="%.4f",
            )
    with third[3]:
        values["as_published"] = st.checkbox(
            "classic: as published",
            value=bool(saved.get("as_published", False)),
            key="setting-as-published",
            help="Add the file's whole vocabulary to the classic recipe, as the copied recipe does, and see what that "
            "does to its noise words.",
            disabled=vectors is None,
            persist_state="session",
        )
    with second[3]:
        values["algorithm"] = st.selectbox(
            "algorithm",
            ["skip-gram", "cbow"],
            index=["skip-gram", "cbow"].index(saved.get("algorithm", "skip-gram")),
            format_func=lambda each: "CBOW" if each == "cbow" else each,
            key="setting-algorithm",
            help=explain("algorithm"),
            persist_state="session",
        )
    if values["algorithm"] == "cbow" and corpus.n_tokens < settings.LARGE_TEXT_TOKENS:
        st.warning(
            f"CBOW from scratch learns next to nothing from {corpus.n_tokens:,} tokens "
            "(with gensim's default of 5 epochs it is at chance). Skip-gram is the better choice here."
        )
    return values


def _configure(strategy: StrategyName, values: dict[str, Any], corpus: Corpus) -> TrainConfig:
    kind = "tuned" if strategy in NEEDS_PRETRAINED else "scratch"
    shared = {name: values[name] for name in ("vector_size", "window", "min_count", "negative", "seed", "algorithm")}
    changes = {**shared, "epochs": values[f"epochs_{kind}"], "alpha": values[f"alpha_{kind}"]}
    if strategy == "classic":
        changes["as_published"] = values["as_published"]
    return default_config(strategy, corpus.n_tokens, **changes)
