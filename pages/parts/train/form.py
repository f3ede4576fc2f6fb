"""The settings of the Train page: which models, and how they are made."""

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from core import config as settings
from core.config import Range, TrainConfig, default_config
from core.methods import METHODS, Pace, usual_strategies
from core.pretrained.vectors import PretrainedVectors
from core.prose.glossary import explain
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.workspace.asked_runs import configure
from core.workspace.workspace import TrainForm
from pages.shared import messages, presses, session

_COLUMNS = 4
_PACES: Mapping[Pace, str] = {"scratch": "scratch", "tuned": "tuned", "tied": "tied"}
"""A strategy of each, to ask for its usual values."""
_PACE_NAMES: Mapping[Pace, str] = {"scratch": "from scratch", "tuned": "fine-tuning", "tied": "one vector a word"}
_ENGINES = {"usual": "Usual", "vectune": "Vectune", "gensim": "gensim"}


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
    engine = session.widget("setting-engine") if session.has_widget("setting-engine") else saved.values.get("engine")
    chosen = ticked = _choose_models(saved.strategies, vectors is not None, by_gensim=engine == "gensim")
    with st.expander("Settings", icon=":material/tune:", key="settings"):
        values = _choose_values(saved.values, corpus, vectors, chosen)
    words = corpus.vocabulary_size(values["min_count"])
    st.caption(messages.plain(_summarise(values, words)))
    if not words:
        often = count("time", int(corpus.counts[0]))
        st.error(f"No word of this text is seen that often: the most frequent one is seen {often}. Lower min_count.")
        chosen = []
    usual = _sized_values(corpus)
    kept = {**session.workspace().settings.values, **values}
    session.update(
        settings=TrainForm(
            tuple(ticked),
            # what is usual for this text is not kept: with another text, what is usual for that one is shown
            {name: value for name, value in kept.items() if name in saved.values or value != usual.get(name)},
        )
    )
    configs: list[TrainConfig] = []
    with messages.shown():
        for strategy in chosen:
            configs += configure(strategy, values, corpus, values.get("seeds", 1))
    return configs


def ask(label: str, wanted: Collection[str]) -> tuple[bool, bool]:
    """Draw the button and, beside it, whether a scorecard follows; gives whether it was pressed, and that.

    Args:
        wanted: ids of the models that it makes.
    """
    score = session.workspace().score
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        pressed = presses.button(
            messages.plain(label),
            type="primary",
            icon=":material/play_arrow:",
            disabled=not wanted,
            key="train",
            about=" ".join(wanted),
        )
        follows = st.toggle(
            "Then test whether it helped",
            score.by_itself,
            key="score-by-itself",
            help="Each model is trained once more on a part of the text and asked about the rest. The answer stands "
            "above the maps; you may look at them meanwhile.",
            persist_state="session",
        )
    if follows != score.by_itself:
        session.update(score=dataclasses.replace(score, by_itself=follows))
    return pressed, follows


def _choose_models(saved: Sequence[str] | None, has_vectors: bool, by_gensim: bool) -> list[str]:
    """The usual ones in sight, the others folded away, with a line that says which of them are ticked."""
    usual = usual_strategies()
    ticked = usual if saved is None else saved
    others = [strategy for strategy in METHODS if strategy not in usual]
    chosen: list[str] = []
    for column, strategy in zip(st.columns(len(usual), gap="medium"), usual, strict=True):
        with column:
            chosen += _offer_model(strategy, strategy in ticked, has_vectors, by_gensim)
    with st.expander(f"{count('more way', len(others))} to make a model", icon=":material/add:", key="more-ways"):
        columns = st.columns(2, gap="large")
        for place, strategy in enumerate(others):
            with columns[2 * place // len(others)]:
                chosen += _offer_model(strategy, strategy in ticked, has_vectors, by_gensim)
    also = [METHODS[strategy].name for strategy in others if strategy in chosen]
    if also:
        st.caption(f"Of these: {', '.join(also)}.")
    return [strategy for strategy in METHODS if strategy in chosen]


def _offer_model(strategy: str, is_ticked: bool, has_vectors: bool, by_gensim: bool) -> list[str]:
    """Draw its box; gives it where it is to be made."""
    method = METHODS[strategy]
    trainable = method.gensim_can or not by_gensim
    possible = trainable and (has_vectors or not method.needs_vectors)
    with st.container(gap=None):
        ticked = st.checkbox(
            f"**{method.name}**",
            value=is_ticked,
            key=f"make-{strategy}",
            help=f"Source: {method.source}"
            + ("" if trainable else ". gensim cannot make it: choose another engine in the settings."),
            disabled=not possible,
            persist_state="session",
        )
        st.caption(method.explanation)
    return [strategy] if ticked and possible else []


def _summarise(values: Mapping[str, Any], words: int) -> str:
    """The settings in a line, plain words first.

    Args:
        words: how many get a vector.
    """
    parts = [
        f"{count('word', values['window'])} on each side (window)",
        f"{count('word', words)} seen {count('time', values['min_count'])} or more (min_count)",
    ]
    passes = [f"{values[f'epochs_{pace}']} {name}" for pace, name in _PACE_NAMES.items() if f"epochs_{pace}" in values]
    if passes:
        parts.append(f"passes over the text (epochs): {', '.join(passes)}")
    parts.append(f"{values['vector_size']} values a vector (vector_size)")
    return " · ".join(parts)


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
    usual = {pace: default_config(strategy, corpus.n_tokens) for pace, strategy in _PACES.items()}
    scratch = usual["scratch"]
    methods = [METHODS[strategy] for strategy in chosen]

    def is_read(setting: str, pace: Pace | None = None) -> bool:
        return any(setting in each.reads and pace in (None, each.pace) for each in methods)

    def number(
        name: str, allowed: Range, usual: float, term: str = "", label: str = "", **options: Any
    ) -> tuple[str, Callable[[], Any]]:
        text = explain(term or name)
        if name not in saved:
            _follow(name, usual)
        return name, lambda: _number(name, label or name, allowed, saved.get(name, usual), text, **options)

    yield "vector_size", lambda: _choose_size(saved, vectors)
    yield number("window", settings.WINDOW, scratch.window, label="words on each side (window)")
    yield number("min_count", settings.MIN_COUNT, scratch.min_count, label="least count of a word (min_count)")
    if is_read("negative"):
        yield number("negative", settings.NEGATIVE, scratch.negative, label="noise words (negative)")
    for pace, allowed in settings.EPOCHS_BY_PACE.items():
        if is_read("epochs", pace):
            yield number(f"epochs_{pace}", allowed, usual[pace].epochs, label=f"passes, {_PACE_NAMES[pace]} (epochs)")
    if is_read("seed"):
        yield number("seed", settings.SEED, scratch.seed)
    if is_read("algorithm"):
        yield "algorithm", lambda: _choose_algorithm(saved)
    rate: dict[str, Any] = {"term": "alpha", "step": 0.005, "format": "%.4f"}
    for pace, allowed in settings.ALPHA_BY_PACE.items():
        if is_read("alpha", pace):
            yield number(
                f"alpha_{pace}", allowed, usual[pace].alpha, label=f"learning rate, {_PACE_NAMES[pace]} (alpha)", **rate
            )
    if any(method.random for method in methods):
        yield "seeds", lambda: _choose_seeds(saved)
    if is_read("engine"):
        yield "engine", lambda: _choose_engine(saved)
    if is_read("spelled"):
        yield "spelled", lambda: _choose_spelled(saved)
    if is_read("as_published"):
        yield "as_published", lambda: _choose_as_published(saved, vectors)


def _sized_values(corpus: Corpus) -> dict[str, float]:
    """The fields whose usual value depends on the size of the text, and that value for `corpus`."""
    usual = {pace: default_config(strategy, corpus.n_tokens) for pace, strategy in _PACES.items()}
    epochs = {f"epochs_{pace}": config.epochs for pace, config in usual.items()}
    return {**epochs, "min_count": usual["scratch"].min_count}


def _follow(name: str, usual: float) -> None:
    """Where another text was chosen since, that field goes on with the `usual` value if it had the usual one before."""
    key = f"setting-{name}"
    before = session.recall(key, usual)
    session.remember(key, usual)
    if before != usual and session.has_widget(key) and session.widget(key) == before:
        session.set_widget(key, usual)


def _choose_size(saved: Mapping[str, Any], vectors: PretrainedVectors | None) -> int:
    if vectors is None:
        usual = saved.get("vector_size", settings.VECTOR_SIZE.default)
        size: int = _number(
            "vector_size", "values a vector (vector_size)", settings.VECTOR_SIZE, usual, explain("vector_size")
        )
        return size
    st.number_input(
        "values a vector (vector_size)",
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


def _choose_engine(saved: Mapping[str, Any]) -> str:
    """The engine of all models; "usual" is each strategy's own."""
    engines = list(_ENGINES)
    return st.selectbox(
        "engine",
        engines,
        index=engines.index(saved.get("engine", engines[0])),
        format_func=_ENGINES.__getitem__,
        key="setting-engine",
        help=explain("engine"),
        persist_state="session",
    )


def _choose_seeds(saved: Mapping[str, Any]) -> int:
    text = "How many models of each kind, with this seed and the next ones. What differs between them is noise."
    seeds: int = _number("seeds", "seeds to train with", settings.SEEDS, saved.get("seeds", 1), text)
    return seeds


def _choose_spelled(saved: Mapping[str, Any]) -> bool:
    return st.checkbox(
        "new words by spelling too (spelled)",
        value=bool(saved.get("spelled", True)),
        key="setting-spelled",
        help=explain("spelled"),
        persist_state="session",
    )


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
