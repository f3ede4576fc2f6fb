"""Scorecards in the cache folder: made once for each set of models and settings, and found again later.

The models that are asked are runs like any other, so they go through the run store: scoring one more model, or
judging another one of the same set, trains only what is new.
"""

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.config import TrainConfig, default_config
from core.errors import EvaluationError, RunError
from core.methods import METHODS, UNTOUCHED
from core.models.estimates import estimate_seconds
from core.models.runs import find_or_train, load_inputs
from core.models.training_inputs import needed_vectors
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress
from core.score.scorecard import SCORE_VERSION, Scorecard, load_scorecard, save_scorecard
from core.score.stability import BandStability, Train
from core.score.word_pairs import WordPairs
from core.system.entries import gather_kind
from core.system.files import bring, cache_folder, digest_of, room_for
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record
from core.text.corpus import Corpus

_STABILITY_VERSION = "1"
"""Part of the identity of every measured stability: raise it when the same inputs no longer give the same."""
STABILITY_RUNS = 3
_MODELS, _STABILITY = "models", "stability"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ScoreRequest:
    """Which models to score, and how. Picklable.

    Attributes:
        corpus_folder, rows_folder: text and pretrained rows as `runs.keep_corpus` and `keep_pretrained` kept them.
        configs: (name, settings) of each model; names are for people and do not matter otherwise.
        chosen: name of the model that the verdict is about.
        reference: name of the model it is compared with.
        seed: of splits, draws and resampling.
        pairs: digests of the user's own lists, from `keep_pairs`.
    """

    corpus_folder: Path
    rows_folder: Path | None
    configs: tuple[tuple[str, TrainConfig], ...]
    chosen: str
    reference: str
    seed: int
    pairs: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """Equal for everybody who asks for the same."""
        keys = {name: model_key(config) for name, config in self.configs}
        return digest_of(
            SCORE_VERSION,
            self.corpus_folder.name,
            None if self.rows_folder is None else self.rows_folder.name,
            *sorted(keys.values()),
            keys[self.chosen],
            keys[self.reference],
            str(self.seed),
            *self.pairs,
        )


@dataclass(frozen=True, slots=True)
class ScoredText(Record):
    """Of which text a scorecard is: the digest of its corpus."""

    corpus: str


@dataclass(frozen=True, slots=True)
class _LatestScore(Record):
    """A model's held-out score in the newest scorecard that has it, the version of that, and the digest of the text."""

    cloze: float
    scored_by: str = "1"
    corpus: str = ""

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """It was a bare number."""
        return {"cloze": values}


@dataclass(frozen=True, slots=True)
class _Stability(Record):
    bands: tuple[BandStability, ...]
    corpus: str = ""

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """It was a bare list."""
        return {"bands": values}


def _describe_score(folder: Path) -> About:
    return About(uses=frozenset([("texts", read_record(folder / "about.json", ScoredText).corpus)]))


SCORES = Shelf("scores", _describe_score, passed_over=frozenset([_MODELS, _STABILITY]))
PAIRS = Shelf("pairs", ending=".json")


def model_key(config: TrainConfig) -> str:
    """Names a model within a stored scorecard, whatever people call it."""
    return digest_of(config.identity)


def first_to_judge(configs: Mapping[str, TrainConfig]) -> str:
    """Name of the model that people most likely want a verdict about."""
    return min(configs, key=lambda name: METHODS[configs[name].strategy].judged)


def plain_pretrained(rows_folder: Path, like: TrainConfig) -> TrainConfig:
    """The pretrained vectors untouched, as a model with the vocabulary of `like`: the reference when none was made.

    Raises:
        RunError: the vectors are no longer in the cache folder.
    """
    bring(rows_folder)
    try:
        size = int(np.load(rows_folder / "vectors.npy", mmap_mode="r").shape[1])
    except (OSError, ValueError) as error:
        raise RunError("The vectors are no longer in the cache folder. Open them on the Data page again.") from error
    return default_config(UNTOUCHED, vector_size=size, min_count=like.min_count, window=like.window, seed=like.seed)


def score_folder(identity: str) -> Path:
    return cache_folder("scores", identity)


def has_score(identity: str) -> bool:
    return (score_folder(identity) / "scorecard.json").exists()


def score_models(progress: Progress, request: ScoreRequest) -> str:
    """Train the models on a part of the text, score them on the rest, and store the scorecard whole or not at all.

    A plain function of picklable arguments, for a child process. Gives the scorecard's identity.

    Raises:
        EvaluationError, TrainingError: as `evaluate`.
        RunError: the inputs are gone, or the disk is full.
        Cancelled: out of `progress`.
    """
    from core.score.evaluation import evaluate

    identity = request.identity
    if not has_score(identity):
        corpus, pretrained = load_inputs(request.corpus_folder, request.rows_folder)
        card = evaluate(
            corpus,
            dict(request.configs),
            _training_with(pretrained),
            chosen=request.chosen,
            reference=request.reference,
            seed=request.seed,
            pairs=[load_pairs(digest) for digest in request.pairs],
            progress=progress,
        )
        _keep(request, rename_models(card, {name: model_key(config) for name, config in request.configs}))
    progress(1.0, "done")
    return identity


def load_score(identity: str, names: Mapping[str, str]) -> Scorecard:
    """A stored scorecard, its models called by `names` (from `model_key` to name); others are no longer there.

    Raises:
        RunError: it is not there, or damaged.
    """
    card = load_scorecard(score_folder(identity) / "scorecard.json")
    return rename_models(card, {key: names.get(key, f"removed {key[:4]}") for key in card.configs})


def rename_models(card: Scorecard, names: Mapping[str, str]) -> Scorecard:
    """`card` with other names for its models, by their present ones."""
    return replace(
        card,
        models=tuple(replace(model, name=names[model.name]) for model in card.models),
        chosen=names[card.chosen],
        reference=names[card.reference],
        scratch=None if card.scratch is None else names[card.scratch],
        configs={names[name]: config for name, config in card.configs.items()},
    )


def latest_cloze(corpus_folder: Path, rows_folder: Path | None, config: TrainConfig) -> float | None:
    """Held-out score of a model in the newest scorecard that has it; None when it was never scored as it is today."""
    try:
        latest = read_record(_latest_path(corpus_folder, rows_folder, config), _LatestScore)
    except (OSError, ValueError):
        return None
    return latest.cloze if latest.scored_by == SCORE_VERSION else None


def keep_pairs(pairs: WordPairs) -> str:
    """Put a user's list into the cache folder, where a scoring process reads it; gives its digest."""
    digest = digest_of(repr(pairs))
    write_record(cache_folder("pairs", f"{digest}.json"), pairs)
    return digest


def load_pairs(digest: str) -> WordPairs:
    """What `keep_pairs` kept.

    Raises:
        EvaluationError: it is no longer there.
    """
    try:
        return read_record(cache_folder("pairs", f"{digest}.json"), WordPairs)
    except (OSError, ValueError) as error:
        raise EvaluationError("Your list of word pairs is no longer in the cache folder. Upload it again.") from error


def stability_id(corpus_folder: Path, rows_folder: Path | None, config: TrainConfig) -> str:
    return digest_of(_STABILITY_VERSION, "stability", *_made_of(corpus_folder, rows_folder, config))


def estimate_stability_seconds(corpus: Corpus, config: TrainConfig) -> float:
    """Seconds that `stability_of` takes on one core."""
    return STABILITY_RUNS * estimate_seconds(corpus, config)


def stability_of(progress: Progress, corpus_folder: Path, rows_folder: Path | None, config: TrainConfig) -> str:
    """Measure and store how stable a model is over bootstraps of the documents; for a child process.

    Raises:
        EvaluationError: as `measure_stability`.
        RunError: the inputs are gone, or the disk is full.
        Cancelled: out of `progress`.
    """
    from core.score.stability import measure_stability

    identity = stability_id(corpus_folder, rows_folder, config)
    if load_stability(identity) is None:
        corpus, pretrained = load_inputs(corpus_folder, rows_folder)
        train = _training_with(pretrained)
        bands = measure_stability(corpus, config, train, runs=STABILITY_RUNS, seed=config.seed, progress=progress)
        write_record(_stability_path(identity), _Stability(bands, corpus_folder.name))
    progress(1.0, "done")
    return identity


def load_stability(identity: str) -> tuple[BandStability, ...] | None:
    """What `stability_of` stored, None when it is not there."""
    try:
        return read_record(_stability_path(identity), _Stability).bands
    except (OSError, ValueError):
        return None


def _training_with(pretrained: PretrainedVectors | None) -> Train:
    """Makes models of parts of a text, or finds them in the run store."""
    return lambda corpus, config, progress: find_or_train(corpus, pretrained, config, progress)


def _keep(request: ScoreRequest, card: Scorecard) -> None:
    with room_for("The scorecard", RunError, "score the models again"):
        about = ScoredText(request.corpus_folder.name)
        write_record(
            score_folder(request.identity) / "about.json", about
        )  # first: who is killed leaves no nameless one
        save_scorecard(card, score_folder(request.identity) / "scorecard.json")
        configs = {model_key(config): config for _, config in request.configs}
        for model in card.models:
            path = _latest_path(request.corpus_folder, request.rows_folder, configs[model.name])
            write_record(path, _LatestScore(model.cloze.value, SCORE_VERSION, request.corpus_folder.name))
    _log.info("stored scorecard %s", request.identity)


def _latest_path(corpus_folder: Path, rows_folder: Path | None, config: TrainConfig) -> Path:
    return cache_folder("scores", _MODELS, f"{digest_of(*_made_of(corpus_folder, rows_folder, config))}.json")


def _made_of(corpus_folder: Path, rows_folder: Path | None, config: TrainConfig) -> tuple[str | None, ...]:
    """Names what a model depends on."""
    rows = needed_vectors(rows_folder, config)
    return corpus_folder.name, None if rows is None else rows.name, model_key(config)


def numbers_of(texts: Collection[str]) -> Iterator[Path]:
    """Files of what is kept of how single models of these texts (digests) score: numbers only."""
    for folder in (_MODELS, _STABILITY):
        for path in gather_kind(f"scores/{folder}").glob("*.json"):
            with suppress(OSError, ValueError):  # what this version cannot read stays
                if read_record(path, ScoredText).corpus in texts:
                    yield path


def _stability_path(identity: str) -> Path:
    return cache_folder("scores", _STABILITY, f"{identity}.json")
