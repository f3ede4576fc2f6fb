"""How long a training will take, how much memory it needs and whether it fits, before it begins.

The constants were measured on one slow core; a faster machine needs less. Time-outs and refusals should leave room.
"""

from core.config import TrainConfig
from core.errors import TrainingError
from core.methods import METHODS
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import readable_size
from core.system.memory import available_bytes
from core.text.corpus import Corpus

PROCESS_BYTES = 150_000_000
"""A Python process with numpy, scipy and gensim in it."""
WORD_BYTES = 500
"""A word in gensim's vocabulary: its string, its index entry, its counts."""
PAIR_BYTES = 40
"""A pair of words that meet, while co-occurrences are added up."""
START_SECONDS = 1.0
"""Imports, before the first training of a process."""
OPEN_DOSE_FACTOR = 1.75
"""What choosing the dose makes of a training's time: it is done once more, on 70 % of the text, and asked."""


def estimate_seconds(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None) -> float:
    """Seconds that `train` will take on one core, within a factor of about two; `START_SECONDS` are included.

    `pretrained` only matters for "classic" as published, which takes its whole vocabulary in.
    """
    method = METHODS[config.strategy]
    seconds = START_SECONDS
    if method.trains:
        seconds += corpus.n_tokens * config.epochs * _seconds_per_token(config)
    if method.counts:
        seconds += 1.5e-7 * corpus.n_tokens * config.window
    if method.factors:
        seconds += 1.2e-8 * _pairs(corpus, config) * config.vector_size
    if "as_published" in method.reads and config.as_published and pretrained is not None:
        seconds += 1e-5 * pretrained.vocabulary
    if config.has_open_dose:
        seconds *= OPEN_DOSE_FACTOR
    return seconds


def _seconds_per_token(config: TrainConfig) -> float:
    """Of one epoch. A window is shrunk at random, so a word meets window + 1 others on average."""
    met, drawn = config.window + 1, config.negative + 1
    tied = METHODS[config.strategy].pace == "tied"  # by skip-gram, whatever is chosen
    if config.trained_by == "vectune":
        if config.algorithm == "skip-gram" or tied:
            return 4e-8 + met * drawn * (5e-9 + 7.5e-11 * config.vector_size)
        return 4e-8 + met * (6e-9 + 2e-11 * config.vector_size) + drawn * (8e-9 + 1e-10 * config.vector_size)
    if config.algorithm == "skip-gram":
        return 2e-7 + met * drawn * (5.5e-8 + 2.3e-10 * config.vector_size)
    return 1.5e-7 + met * 2e-8 + drawn * (5.5e-8 + 3.5e-10 * config.vector_size)


def estimate_bytes(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None) -> int:
    """The most memory that a process holds at once while it runs `train`, rather too much than too little.

    `pretrained` only matters for "classic" as published, which takes its whole vocabulary in.
    """
    method = METHODS[config.strategy]
    words = corpus.vocabulary_size(config.min_count)
    total = PROCESS_BYTES + len(corpus.words) * 150 + corpus.n_tokens * 4
    total += words * (WORD_BYTES + method.arrays * 4 * config.vector_size)
    if method.counts:
        total += corpus.n_tokens * 48 + _pairs(corpus, config) * PAIR_BYTES
    if config.has_open_dose:
        total += corpus.n_tokens * 40
    if "as_published" in method.reads and config.as_published and pretrained is not None:
        total += pretrained.vocabulary * (350 + 2 * 4 * config.vector_size)
    return int(total)


def estimate_stored_bytes(corpus: Corpus, config: TrainConfig) -> int:
    """What the finished model takes on the disk: its vectors, besides both ends where it has a dose, and its words."""
    arrays = 3 if config.has_dose else 1
    return corpus.vocabulary_size(config.min_count) * (arrays * 4 * config.vector_size + 20)


def check_fits(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None) -> None:
    """Refuse a training that this machine cannot hold.

    Raises:
        TrainingError: it needs more memory than there is; says how much of each.
    """
    needed, available = estimate_bytes(corpus, config, pretrained), available_bytes()
    if available is not None and needed > available:
        raise TrainingError(
            f"Training “{config.strategy}” needs about {readable_size(needed)} of memory; "
            f"{readable_size(available)} are free. Raise min_count, lower vector_size or take a smaller text."
        )


def _pairs(corpus: Corpus, config: TrainConfig) -> int:
    """At most how many pairs of words of the vocabulary meet, each counted in both directions."""
    size = corpus.vocabulary_size(config.min_count)
    return int(min(size * size, 2 * config.window * corpus.counts[:size].sum()))
