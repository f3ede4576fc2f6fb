"""One entry point: a corpus, a configuration and pretrained vectors become an embedding."""

import logging
import platform
import time
from importlib.metadata import version
from typing import Any

import numpy as np

import core
from core import strategies
from core.config import NEEDS_PRETRAINED, TrainConfig
from core.corpus import Corpus
from core.embedding import Embedding
from core.errors import TrainingError
from core.passages import Passages, cut_passages
from core.pretrained import PretrainedVectors
from core.progress import Progress, silent
from core.strategies import Made, Material

logger = logging.getLogger(__name__)


def train(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None, progress: Progress = silent
) -> Embedding:
    """Make the model that `config` describes.

    The vocabulary is `corpus.words[: corpus.vocabulary_size(config.min_count)]`, whatever the strategy. The same
    input gives the same bits, in any process. `pretrained` is not looked at by strategies that do not need it.

    Raises:
        TrainingError: this text, these vectors and these settings do not go together.
        Cancelled: out of `progress`; no thread is left behind.
    """
    began = time.perf_counter()
    if config.strategy not in NEEDS_PRETRAINED:
        pretrained = None
    material = prepare(corpus, config, pretrained)
    made = _make(material, config, progress)
    seconds = time.perf_counter() - began
    covered, size = int(material.covered.sum()), len(material.covered)
    logger.info("trained %s on %s: %d words in %.1f s", config.strategy, corpus.name, size, seconds)
    return Embedding(
        name=config.strategy,
        words=corpus.words[:size],
        vectors=made.vectors,
        counts=np.array(material.passages.counts),
        covered=material.covered,
        config=config,
        sources={
            "corpus": {"name": corpus.name, "digest": corpus.digest},
            "pretrained": pretrained
            and {"name": pretrained.name, "digest": pretrained.digest, "kind": pretrained.kind},
            "versions": _versions(),
            "seconds": round(seconds, 3),
            "covered": covered,
            "vocabulary": size,
        },
        ends=made.ends,
        details=made.details,
    )


def prepare(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None) -> Material:
    """Cut the text, look its words up in `pretrained`, and refuse what cannot be trained.

    Raises:
        TrainingError: fewer than two words, no pretrained vectors for a strategy that needs them, another
            vector_size than theirs, or not one word covered.
    """
    passages = cut_passages(corpus, config.min_count, config.context)
    _check_vocabulary(passages, config)
    size = len(passages.counts)
    if pretrained is None:
        if config.strategy in NEEDS_PRETRAINED:
            raise TrainingError(
                f"The strategy {config.strategy} starts from pretrained vectors and there are none. "
                "Choose a vectors file, or train from scratch."
            )
        return Material(passages, np.zeros((size, config.vector_size), np.float32), np.zeros(size, bool))
    if pretrained.vector_size != config.vector_size:
        raise TrainingError(
            f"vector_size is {config.vector_size}, but the vectors in {pretrained.name} have "
            f"{pretrained.vector_size} values. Set vector_size to {pretrained.vector_size}."
        )
    found = pretrained.rows_for(corpus.words)
    covered = found[:size] >= 0
    if not covered.any():
        raise TrainingError(
            f"{pretrained.name} has none of the {size:,} words of this text, so there is nothing to start from. "
            "Choose vectors in the language of the text, or train from scratch."
        )
    rows = np.zeros((size, config.vector_size), np.float32)
    rows[covered] = pretrained.vectors[found[:size][covered]]
    if not np.isfinite(rows).all():
        raise TrainingError(f"{pretrained.name} holds values that are not numbers. Choose another vectors file.")
    other = tuple(corpus.words[i] for i in size + np.flatnonzero(found[size:] >= 0))
    return Material(passages, rows, covered, other, max(pretrained.vocabulary, len(pretrained.words)))


def _check_vocabulary(passages: Passages, config: TrainConfig) -> None:
    size, times = len(passages.counts), f"{config.min_count} time{'s' * (config.min_count > 1)}"
    if size == 0:
        raise TrainingError(f"No word occurs {times}. Lower the minimum count or upload more text.")
    if size == 1:
        raise TrainingError(
            f"Only one word, “{passages.words[0]}”, occurs {times}; a model needs at least two. "
            "Lower the minimum count or upload more text."
        )


def _make(material: Material, config: TrainConfig, progress: Progress) -> Made:
    match config.strategy:
        case "scratch":
            return strategies.from_scratch(material, config, progress)
        case "classic":
            return strategies.classic(material, config, progress)
    raise NotImplementedError(config.strategy)


def _versions() -> dict[str, Any]:
    packages = {name: version(name) for name in ("numpy", "scipy", "scikit-learn", "gensim")}
    return {"python": platform.python_version(), "vectune": core.__version__, **packages}
