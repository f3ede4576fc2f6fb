"""How long a training will take and how much memory it needs, before it begins.

The constants were measured on one slow core; a faster machine needs less. Time-outs and refusals should leave room.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.config import TrainConfig, default_config
from core.pretrained.vectors import PretrainedVectors
from core.text.corpus import Corpus

PROCESS_BYTES = 150_000_000
"""A Python process with numpy, scipy and gensim in it."""
WORD_BYTES = 500
"""A word in gensim's vocabulary: its string, its index entry, its counts."""
PAIR_BYTES = 40
"""A pair of words that meet, while co-occurrences are added up."""


class _Kind(NamedTuple):
    trains: bool
    counts: bool
    arrays: int
    """How many arrays of the size of the vectors exist at once."""


_KINDS = {
    "pretrained": _Kind(False, True, 6),
    "scratch": _Kind(True, False, 4),
    "counts": _Kind(False, True, 6),
    "tuned": _Kind(True, True, 9),
    "pullback": _Kind(True, True, 8),
    "protect": _Kind(True, True, 7),
    "freeze": _Kind(True, True, 7),
    "blend": _Kind(False, True, 14),
    "preview": _Kind(False, True, 8),
    "classic": _Kind(True, False, 5),
}


def estimate_seconds(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None) -> float:
    """Seconds that `train` will take on one core, within a factor of about two; imports of one second included.

    `pretrained` only matters for "classic" as published, which takes its whole vocabulary in.
    """
    kind = _KINDS[config.strategy]
    seconds = 1.0
    if kind.trains:
        seconds += corpus.n_tokens * config.epochs * _seconds_per_token(config)
    if kind.counts:
        seconds += 1.5e-7 * corpus.n_tokens * config.window
    if config.strategy in ("counts", "blend"):
        seconds += 1.2e-8 * _pairs(corpus, config) * config.vector_size
    if config.as_published and pretrained is not None:
        seconds += 1e-5 * pretrained.vocabulary
    if config.strategy == "tuned" and config.dose is None:
        seconds *= 1.75  # once more, on 70 % of the text
    return seconds


def _seconds_per_token(config: TrainConfig) -> float:
    """Of one epoch. A window is shrunk at random, so a word meets window + 1 others on average."""
    met, drawn = config.window + 1, config.negative + 1
    if config.algorithm == "skip-gram":
        return 2e-7 + met * drawn * (5.5e-8 + 2.3e-10 * config.vector_size)
    return 1.5e-7 + met * 2e-8 + drawn * (5.5e-8 + 3.5e-10 * config.vector_size)


def estimate_bytes(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None) -> int:
    """Most memory that a process which runs `train` holds at once, rather too much than too little.

    `pretrained` only matters for "classic" as published, which takes its whole vocabulary in.
    """
    kind = _KINDS[config.strategy]
    words = corpus.vocabulary_size(config.min_count)
    total = PROCESS_BYTES + len(corpus.words) * 150 + corpus.n_tokens * 4
    total += words * (WORD_BYTES + kind.arrays * 4 * config.vector_size)
    if kind.counts:
        total += corpus.n_tokens * 48 + _pairs(corpus, config) * PAIR_BYTES
    if config.strategy == "tuned" and config.dose is None:
        total += corpus.n_tokens * 40
    if config.as_published and pretrained is not None:
        total += pretrained.vocabulary * (350 + 2 * 4 * config.vector_size)
    return int(total)


def estimate_usual(corpus: Corpus, settings: Mapping[str, int]) -> tuple[float, int]:
    """Seconds and bytes that the models that most people make together need: fine-tuned, from scratch, pretrained.

    `settings` are changes of their configurations, such as vector_size.
    """
    configs = [default_config(name, corpus.n_tokens, **settings) for name in ("tuned", "scratch", "pretrained")]
    return sum(estimate_seconds(corpus, each) for each in configs), max(
        estimate_bytes(corpus, each) for each in configs
    )


def _pairs(corpus: Corpus, config: TrainConfig) -> int:
    """At most how many pairs of words of the vocabulary meet, each counted in both directions."""
    size = corpus.vocabulary_size(config.min_count)
    return int(min(size * size, 2 * config.window * corpus.counts[:size].sum()))
