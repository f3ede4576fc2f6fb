"""The models that a visitor asked for: what a workspace remembers of each, and which two to show first."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.config import TrainConfig, default_config
from core.methods import METHODS, UNTOUCHED, usual_strategies
from core.models.estimates import estimate_seconds
from core.models.runs import find_run_id, keep_corpus, keep_pretrained
from core.pretrained.vectors import PretrainedVectors
from core.text.corpus import Corpus
from core.workspace.texts import TextChoice

_PATIENCE, _SHORTEST_LIMIT = 30, 300
"""A training is ended after so many times its estimate, and never before so many seconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """A model that was asked for: enough to make it, name it and show it.

    Attributes:
        id: its name in the run store.
        config: its settings.
        text: what its text is called.
        corpus_folder, rows_folder: the text and the pretrained rows, where a training process reads them.
        vectors: what the vectors file is called that was chosen; None without one.
        source: what the text was read from; None where that is not known.
        vectors_path: where the vectors file lay.
        member: the file inside it where it is an archive.
        asked: when, in seconds since 1970.
        limit: seconds after which its training is ended.
        title: what its visitor calls it; "" for the usual name.
    """

    id: str
    config: TrainConfig
    text: str
    corpus_folder: Path
    rows_folder: Path | None = None
    vectors: str | None = None
    source: TextChoice | None = None
    vectors_path: Path | None = None
    member: str | None = None
    asked: float = 0.0
    limit: float = _SHORTEST_LIMIT
    title: str = ""

    @property
    def inputs(self) -> tuple[Path, Path | None]:
        """Folders of the text and of the pretrained rows."""
        return self.corpus_folder, self.rows_folder

    @property
    def seconds(self) -> float:
        """That its training will take, as estimated when it was asked for."""
        return (self.limit - _SHORTEST_LIMIT) / _PATIENCE


def training_kind(config: TrainConfig) -> str:
    """The kind of work that a training is: what others of its strategy and engine took tells how long it takes."""
    return f"training {config.strategy} with {config.trained_by or 'nothing'}"


def make_runs(
    corpus: Corpus,
    vectors: PretrainedVectors | None,
    wanted: Mapping[str, TrainConfig],
    *,
    source: TextChoice | None = None,
    vectors_path: Path | None = None,
    member: str | None = None,
) -> tuple[Run, ...]:
    """The `wanted` runs (id -> settings); keeps their inputs where a training process reads them.

    `source`, `vectors_path` and `member` say where the inputs came from.
    """
    corpus_folder = keep_corpus(corpus)
    rows_folder = None if vectors is None else keep_pretrained(vectors, corpus)
    return tuple(
        Run(
            id=identity,
            config=config,
            text=corpus.name,
            corpus_folder=corpus_folder,
            rows_folder=rows_folder,
            vectors=None if vectors is None else vectors.name,
            source=source,
            vectors_path=vectors_path,
            member=member,
            asked=time.time(),
            limit=_SHORTEST_LIMIT + _PATIENCE * estimate_seconds(corpus, config, vectors),
        )
        for identity, config in wanted.items()
    )


def identify(
    corpus: Corpus, vectors: PretrainedVectors | None, configs: Sequence[TrainConfig], known: Sequence[Run] = ()
) -> dict[str, TrainConfig]:
    """Run id -> configuration of each chosen model; `known` are the workspace's runs."""
    return {_named_before(corpus, config, known) or find_run_id(corpus, vectors, config): config for config in configs}


def _named_before(corpus: Corpus, config: TrainConfig, known: Sequence[Run]) -> str | None:
    """The id of the same model among `known`, where it needs no vectors.

    Earlier versions named it by the vectors file that was chosen then; it is the same whatever is chosen now.
    """
    if METHODS[config.strategy].needs_vectors:
        return None
    same = (run.id for run in known if run.corpus_folder.name == corpus.digest and run.config == config)
    return next(same, None)


def find_start(run: Run, among: Iterable[Run]) -> Run | None:
    """The pretrained vectors from which `run` started, as a model of the same text and words; None if not `among` them.

    What differs between these two is what the text did.
    """
    if not METHODS[run.config.strategy].needs_vectors or run.config.strategy == UNTOUCHED:
        return None
    same = ("min_count", "context", "vector_size")
    for other in among:
        if (
            other.config.strategy == UNTOUCHED
            and (other.corpus_folder, other.rows_folder) == (run.corpus_folder, run.rows_folder)
            and all(getattr(other.config, name) == getattr(run.config, name) for name in same)
        ):
            return other
    return None


def choose_sides(wanted: Mapping[str, TrainConfig]) -> tuple[str, str | None]:
    """Ids of the two to compare: the best opponent on the left, what the user came for on the right."""
    best: dict[str, str] = {}
    for identity, config in wanted.items():
        method = METHODS[config.strategy]
        if method.side and (
            method.side not in best or method.judged <= METHODS[wanted[best[method.side]].strategy].judged
        ):
            best[method.side] = identity
    sides = [best[side] for side in ("left", "right") if side in best]
    order = [*sides, *(identity for identity in wanted if identity not in sides)]
    return order[0], order[1] if len(order) > 1 else None


def configure(strategy: str, values: Mapping[str, Any], corpus: Corpus, seeds: int = 1) -> list[TrainConfig]:
    """The Train form's values of the settings that `strategy` reads, the usual ones of the others: one for each seed.

    Raises:
        TrainingError: a value is out of its range.
    """
    method = METHODS[strategy]
    given = {name: values.get(name, values.get(f"{name}_{method.pace}")) for name in method.reads}
    changes = {name: value for name, value in given.items() if value not in (None, "usual")}
    first = default_config(strategy, corpus.n_tokens, **changes)
    return [replace(first, seed=first.seed + extra) for extra in range(seeds if method.random else 1)]


def configs_of(
    strategies: Collection[str] | None, values: Mapping[str, Any], corpus: Corpus, vector_size: int | None
) -> list[TrainConfig]:
    """What the Train form would make if it were drawn for this text now.

    Args:
        strategies: those that are ticked in it; None for the usual ones.
        values: of its fields.
        vector_size: of the chosen vectors; None where there are none, and models that need them are left out.

    Raises:
        TrainingError: a value is out of its range.
    """
    values = values if vector_size is None else {**values, "vector_size": vector_size}
    ticked = usual_strategies() if strategies is None else strategies
    by_gensim = values.get("engine") == "gensim"
    configs: list[TrainConfig] = []
    for strategy, method in METHODS.items():
        possible = (method.gensim_can or not by_gensim) and (vector_size is not None or not method.needs_vectors)
        if strategy in ticked and possible:
            configs += configure(strategy, values, corpus, int(values.get("seeds") or 1))
    return configs
