"""How far words are moved: between two models, on average over retrainings, and by noise alone."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from core.comparison.movers import LEAST_COUNT
from core.comparison.pair import match_words
from core.config import SEED, TrainConfig
from core.geometry.alignment import Alignment, align, find_rotation
from core.methods import METHODS
from core.models.embedding import Embedding
from core.progress import Progress, silent


def retraining_config(config: TrainConfig) -> TrainConfig:
    """`config`, by Vectune's engine wherever that can make it."""
    by_engine = METHODS[config.strategy].trains and not config.as_published
    return replace(config, engine="vectune") if by_engine else config


def retraining_configs(embedding: Embedding, runs: int) -> tuple[TrainConfig, ...]:
    """Configurations that differ from that of `embedding` in the seed alone; a dose that was chosen stays.

    What gensim trained is trained again by Vectune's engine wherever that can: the two are as alike as two seeds of
    either (docs/science.md, section 16), and it takes an eighth of the time.
    """
    config = retraining_config(embedding.config)
    dose = config.dose if config.dose is not None else embedding.dose
    highest = int(SEED.maximum)
    return tuple(replace(config, seed=(config.seed + number) % highest, dose=dose) for number in range(1, runs + 1))


class Change(NamedTuple):
    """How far words are from left to right. Rows are words; nan where a side lacks the word or has a zero vector.

    Attributes:
        change: float32 (words,), 1 - cosine after alignment, as in `Comparison.change`: half the squared length of the
            way from a word's direction on the left to that on the right.
        weighed: float32 (words,), the same, each direction of the space weighed by how far words differ along it: the
            square root of their variance there, 1 on average. Where words differ, meanings do; the rest of the space
            holds much of the noise and little else. Twice as long a way makes both four times as large.
    """

    change: np.ndarray
    weighed: np.ndarray


def changes_of(words: Sequence[str], left: Embedding, right: Embedding) -> Change:
    """How far `words` are from `left` to `right`.

    Raises:
        ComparisonError: the embeddings share fewer than 3 words.
    """
    found = _Ways(words, left, right)
    return Change(_half_square(found.way).astype(np.float32), _half_square(found.way, found.weights).astype(np.float32))


def _find_weights(aligned: Alignment, counts: np.ndarray) -> np.ndarray:
    """The square root of the covariance of both sides' directions, its mean eigenvalue before 1: float64 (d, d).

    Of the words that are frequent enough to be judged, if there are more of them than directions: others are noise.
    """
    frequent = counts >= LEAST_COUNT
    rows = frequent if frequent.sum() > aligned.left.shape[1] else slice(None)
    sides = [side[rows].astype(np.float64) for side in (aligned.left, aligned.right)]
    values, axes = np.linalg.eigh(np.add(*(side.T @ side for side in sides)))
    values = np.maximum(values, 0)
    return np.asarray((axes * np.sqrt(values / max(float(values.mean()), 1e-12))) @ axes.T)


def _half_square(ways: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Half the squared length of each of `ways` (words, d), weighed: (words,)."""
    return np.asarray(0.5 * np.einsum("ij,ij->i", ways if weights is None else ways @ weights, ways))


def displacement_noise(
    words: Sequence[str], left: Embedding, right: Embedding, resampled: Sequence[tuple[Embedding, Embedding]]
) -> np.ndarray:
    """How far documents drawn anew move `words` on the way from left to right: weighed, float32 (samples, len(words)).

    The way of a word is the difference of its two directions, aligned. `resampled` are the two models made again, two
    times or more, both on the same documents where they are of one text. The noise of each is how far a word's way
    there is from the mean of all of them, turned as `left` is, measured as `Change.weighed` measures the way itself,
    and as much enlarged as the mean makes it too small. Its mean is the variance of the way: if other documents moved a
    word nowhere on average, its change would be as large (the bootstrap; Efron & Tibshirani 1993). What a document does
    to both sides is no noise between them. nan where fewer than two samples have the word.

    Raises:
        ComparisonError: two of the embeddings share fewer than 3 words.
    """
    here = _Ways(words, left, right)
    ways = np.stack([here.turn(_Ways(words, *pair)) for pair in resampled])
    known = ~np.isnan(ways[:, :, :1])
    number = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        strayed = ways - np.where(known, ways, 0).sum(axis=0) / number
        noise = np.stack([_half_square(each, here.weights) for each in strayed]) * (number / (number - 1))[:, 0]
    noise[:, number[:, 0] < 2] = np.nan
    return np.asarray(noise, np.float32)


class _Ways:
    """Of words from left to right: float64 (words, d); nan where a side lacks one.

    Attributes:
        start: directions on the left.
        way: from there to those on the right.
        weights: see `_find_weights`.
    """

    def __init__(self, words: Sequence[str], left: Embedding, right: Embedding) -> None:
        shared = match_words(left, right)
        sides = left.vectors[shared.left_rows], right.vectors[shared.right_rows]
        aligned = align(*sides)
        counts = np.minimum(left.counts[shared.left_rows], right.counts[shared.right_rows])
        self.weights = _find_weights(aligned, counts)
        found = np.stack([aligned.left.astype(np.float64), aligned.right.astype(np.float64) - aligned.left])
        found[:, ~(sides[0].any(axis=1) & sides[1].any(axis=1))] = np.nan
        row_of = {word: row for row, word in enumerate(shared.words)}
        rows = np.array([row_of.get(word, -1) for word in words], np.int64)
        self.start, self.way = np.where(rows[:, None] < 0, np.nan, found[:, rows])

    def turn(self, other: "_Ways") -> np.ndarray:
        """The ways of `other` in the space of this one."""
        both = ~np.isnan(self.start[:, 0]) & ~np.isnan(other.start[:, 0])
        return np.asarray(other.way @ find_rotation(other.start[both], self.start[both]).matrix)


def measure_noise(words: Sequence[str], *groups: Sequence[Embedding], progress: Progress = silent) -> np.ndarray:
    """Weighed changes of `words` between every two embeddings of each group, float32 (pairs, len(words)).

    The embeddings of a group ought to be the same. For "seed": the left model and its retrainings, and the right model
    and its (`retraining_configs`). For "permutation": the two parts of a deal; a group for each deal.
    """
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    return _measure(words, pairs, progress)[:, 1]


def average_change(
    words: Sequence[str], lefts: Sequence[Embedding], rights: Sequence[Embedding], progress: Progress = silent
) -> Change:
    """Changes of `words` from left to right, averaged over retrainings.

    In the mean, what seeds do to a word cancels out; what the difference between left and right does to it stays. Pairs
    of one strategy and one seed are left out where there are others: they share their random choices, so they differ
    less than the retrainings that the noise is taken from.
    """
    pairs = [(left, right) for left in lefts for right in rights]
    unlike = [
        (left, right)
        for left, right in pairs
        if (left.config.strategy, left.config.seed) != (right.config.strategy, right.config.seed)
    ]
    measured = _measure(words, unlike or pairs, progress)
    known = ~np.isnan(measured)
    with np.errstate(invalid="ignore"):
        mean = np.where(known, measured, 0).sum(axis=0) / known.sum(axis=0)
    return Change(*mean.astype(np.float32))


def _measure(words: Sequence[str], pairs: Sequence[tuple[Embedding, Embedding]], progress: Progress) -> np.ndarray:
    """float32 (pairs, 2, len(words)): changes, and weighed."""
    measured = np.empty((len(pairs), 2, len(words)), np.float32)
    for number, (left, right) in enumerate(pairs):
        progress(number / len(pairs), "Measuring how far retraining moves words")
        measured[number] = changes_of(words, left, right)
    progress(1.0, "Measured the noise")
    return measured
