"""Models made again to see how far they go by noise alone: with other seeds, and on other documents.

Each goes into the run store, so what was made once, or before a cancellation, is not made again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.comparison.measurements import retraining_configs
from core.comparison.movers import NOISE_TEXTS, NoiseKind
from core.config import TrainConfig
from core.methods import METHODS, Method
from core.models.beside import run_beside
from core.models.dose import at_dose, has_dose
from core.models.embedding import Embedding
from core.models.estimates import estimate_seconds
from core.models.runs import find_or_train, find_run_id, is_whole, load_inputs, load_run
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, portion
from core.text.corpus import Corpus
from core.text.resampling import DealtUnit, Pool, deal, pool, resample_documents, shuffle_tokens

SEEDS, RESAMPLES = 2, 4
"""Retrainings of a side with other seeds, and on resampled documents."""


@dataclass(frozen=True, slots=True)
class NoiseSide:
    """One of the two models compared.

    Attributes:
        run: its id in the run store.
        corpus_folder, rows_folder: what it was made from.
        config: its settings, at the dose that it is shown at.
    """

    run: str
    corpus_folder: Path
    rows_folder: Path | None
    config: TrainConfig

    @property
    def method(self) -> Method:
        return METHODS[self.config.strategy]


class Retraining(NamedTuple):
    """A model to be made.

    Attributes:
        side: 0 for the left one, 1 for the right one.
        kind, number: for which noise, and which one of that.
        config: its settings, with a dose where it has one.
        seconds: it takes about.
    """

    side: int
    kind: NoiseKind
    number: int
    config: TrainConfig
    seconds: float


class Retrainer:
    """Two models with their inputs loaded, and what they are made again on."""

    def __init__(self, left: NoiseSide, right: NoiseSide) -> None:
        """Load them.

        Raises:
            RunError: the models or what they were made from are gone.
        """
        self.sides = (left, right)
        self.models = tuple(shown(load_run(side.run), side.config) for side in self.sides)
        inputs = [load_inputs(side.corpus_folder, side.rows_folder) for side in self.sides]
        self.corpora = tuple(corpus for corpus, _ in inputs)
        self.rows = tuple(rows for _, rows in inputs)

    @property
    def one_text(self) -> bool:
        return self.corpora[0].digest == self.corpora[1].digest

    @cached_property
    def pool(self) -> Pool:
        return pool(*self.corpora)

    @property
    def dealt_unit(self) -> DealtUnit:
        return self.pool.unit

    def plan(self, kind: NoiseKind, numbers: Sequence[int] = ()) -> Iterator[Retraining]:
        """What is made for `kind`; `numbers` are those of the deals."""
        for side, (model, method) in enumerate(zip(self.models, (each.method for each in self.sides), strict=True)):
            wanted: Mapping[NoiseKind, Sequence[int]] = {
                "seed": range(SEEDS if method.random else 0),
                "documents": range(RESAMPLES if method.from_text else 0),
                "placebo": range(1),
                "permutation": numbers,
            }
            configs = retraining_configs(model, max(wanted[kind], default=0) + 1)
            seconds = estimate_seconds(self.corpora[side], configs[0])
            for number in wanted[kind]:
                yield Retraining(side, kind, number, configs[number], seconds)

    def make(self, asked: Sequence[Retraining], progress: Progress) -> dict[tuple[NoiseKind, int, int], Embedding]:
        """Models by kind, number and side. What two sides ask for alike is made once.

        Raises:
            TrainingError: a text made anew is too small to train on.
            Cancelled: out of `progress`; finished retrainings stay.
        """
        unlike = {self._identity(each): each for each in asked}

        def make(number: int, each: Retraining, report: Progress) -> Embedding:
            name = METHODS[each.config.strategy].name
            prefix = f"retraining {number + 1} of {len(unlike)} ({name}, {NOISE_TEXTS[each.kind]}): "
            return self._make(each, portion(report, 0, 1, prefix))

        works = [partial(make, number, each) for number, each in enumerate(unlike.values())]
        made = run_beside(works, progress, [each.seconds for each in unlike.values()]) if works else []
        model_of = dict(zip(unlike, made, strict=True))
        return {(each.kind, each.number, each.side): model_of[self._identity(each)] for each in asked}

    def find(self, asked: Sequence[Retraining]) -> dict[tuple[NoiseKind, int, int], Embedding] | None:
        """What `make` gives, if all of it was made before; else None.

        Raises:
            RunError: a stored model is damaged.
        """
        found = {}
        for each in asked:
            text, rows = self._inputs(each)
            identity = find_run_id(text, rows, _whole_dose(each.config))
            if not is_whole(identity):
                return None
            found[each.kind, each.number, each.side] = shown(load_run(identity), each.config)
        return found

    def _identity(self, each: Retraining) -> tuple[Any, ...]:
        """Equal for those that make the same model."""
        side = self.sides[each.side]
        text: tuple[Any, ...] = () if each.kind == "seed" else (each.kind, each.number)
        if each.kind == "permutation":
            text = (*text, each.side)
        return side.corpus_folder, side.rows_folder, text, each.config.identity

    def _make(self, each: Retraining, progress: Progress) -> Embedding:
        return shown(find_or_train(*self._inputs(each), _whole_dose(each.config), progress), each.config)

    def _inputs(self, each: Retraining) -> tuple[Corpus, PretrainedVectors | None]:
        text, rows = self.corpora[each.side], self.rows[each.side]
        if each.kind == "documents":
            # Both models of one text are made on the same documents; those of two texts have nothing to share.
            text = resample_documents(text, 1 + each.number + (0 if self.one_text else RESAMPLES * each.side))
        elif each.kind == "placebo":
            text = shuffle_tokens(text, 1)
        elif each.kind == "permutation":
            text = deal(self.pool, 1 + each.number)[each.side]
            rows = _join_rows(rows, self.rows[1 - each.side])
        return text, rows


def _whole_dose(config: TrainConfig) -> TrainConfig:
    """A dose is no training: one retraining serves every dose that the model is shown at."""
    return replace(config, dose=1.0) if config.dose is not None else config


def shown(embedding: Embedding, config: TrainConfig) -> Embedding:
    """The embedding at the dose of `config`, if it has one."""
    return at_dose(embedding, config.dose) if has_dose(embedding) else embedding


def _join_rows(own: PretrainedVectors | None, other: PretrainedVectors | None) -> PretrainedVectors | None:
    """Rows for the words of both texts, where both are of one file; else those of the own text's words."""
    if own is None or other is None or own.digest != other.digest:
        return own
    known = set(own.words)
    more = [row for row, word in enumerate(other.words) if word not in known]
    words = own.words + tuple(other.words[row] for row in more)
    return replace(own, words=words, vectors=np.concatenate([own.vectors, other.vectors[more]]))
