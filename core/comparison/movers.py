"""Which words changed more than a retraining would change them, in groups, with the reason.

A list of the most changed words is mostly a list of noise: of rare words, and of words that another seed moves as far.
So each word's change is compared with the changes of words of like count between models that ought to be the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np

from core.comparison.pair import changes, match_words
from core.config import SEED, TrainConfig
from core.methods import METHODS
from core.models.embedding import Embedding
from core.progress import Progress, silent

NoiseKind = Literal["seed", "documents", "placebo"]
NOISE_TEXTS: dict[NoiseKind, str] = {
    "seed": "another seed",
    "documents": "resampled documents",
    "placebo": "shuffled words",
}

LEAST_COUNT = 20
"""Rarer words are not judged: their vectors are mostly noise, and their number would hide the others."""
LEVEL = 0.05
_BAND = 100  # words of like count whose noise is pooled
_LEAST_CHANGE = 1e-5  # float32 rounding; also keeps logarithms finite
_LEAST_SPREAD = 0.05  # of logarithms: models without randomness have no noise at all
_LEAST_EXCESS = 0.1
_TAIL = 0.1  # share of the noise whose tail is smoothed


@dataclass(frozen=True, slots=True, eq=False)
class Movers:
    """Each word's change, its noise, and whether it moved. Arrays are read-only, rows are the words.

    Attributes:
        change: float32 (words,), 1 - cosine, as in `Comparison.change`.
        floor: float32 (words,), the median change of words of like count by noise alone.
        bound: float32 (words,), the 95 % bound of that noise.
        above: float32 (words,), how far the change stands above its floor, in standard deviations of the noise
            (of logarithms); negative for words that are stabler than most.
        q_value: float32 (words,): of the change against the word's own noise. If all words up to this value were called
            moved, this share of them would be noise. nan where the word is not judged.
        moved: bool (words,): beyond `bound`, and `q_value` at most `level`.
        kinds: the sorts of noise that the change had to exceed, all of them.
        runs: how many noise comparisons there were of each.
        level: see `moved`.
    """

    change: np.ndarray
    floor: np.ndarray
    bound: np.ndarray
    above: np.ndarray
    q_value: np.ndarray
    moved: np.ndarray
    kinds: tuple[NoiseKind, ...]
    runs: tuple[int, ...]
    level: float

    def __post_init__(self) -> None:
        for array in (self.change, self.floor, self.bound, self.above, self.q_value, self.moved):
            array.flags.writeable = False

    @property
    def judged(self) -> np.ndarray:
        """Words that are frequent enough and have vectors on both sides: bool (words,)."""
        return np.asarray(~np.isnan(self.q_value))

    @property
    def most_moved(self) -> np.ndarray:
        """Rows of the words that moved, farthest above their noise first: int64."""
        rows = np.flatnonzero(self.moved)
        return rows[np.argsort(-self.above[rows], kind="stable")]

    @property
    def most_stable(self) -> np.ndarray:
        """Rows of all judged words, stablest for their count first: int64."""
        rows = np.flatnonzero(self.judged)
        return rows[np.argsort(self.above[rows], kind="stable")]


def find_movers(
    change: np.ndarray,
    counts: np.ndarray,
    noise: Mapping[NoiseKind, np.ndarray],
    *,
    level: float = LEVEL,
    least_count: int = LEAST_COUNT,
) -> Movers:
    """Say which words changed more than noise.

    A word moved if its change passes two tests.

    First, it lies beyond the 95 % bound of the noise of words of like count. The middle of that noise is the mean, in
    logarithms, of the 100 words nearest in rank of count, over all runs. Its spread and shape are those of all judged
    words.

    Second, it exceeds the word's own noise: some words move as far with every seed, others hardly. With few runs this
    noise is uncertain. So it is drawn towards that of its band, by the factor that best predicts a run that was left
    out. The distances of runs from that prediction give the chance of such a change; the farthest tenth is smoothed by
    an exponential, so that a handful of runs has a tail. All words are judged at once: Benjamini & Hochberg's (1995)
    procedure keeps the expected share of noise among the words called moved at `level`.

    With several kinds of noise a word must exceed each. Formulas and error rates: docs/science.md, section 11.

    Args:
        change: float32 (words,); nan where there is none.
        counts: int64 (words,).
        noise: for each kind, float32 (runs, words): changes between models that ought to be the same; nan where a
            run lacks a word.
        level: expected share of noise among the words called moved.
        least_count: rarer words are not judged.

    Raises:
        ValueError: there is no noise to hold the change against, or the shapes do not match.
    """
    from scipy.stats import false_discovery_control

    if not noise or any(runs.ndim != 2 or len(runs) == 0 or runs.shape[1] != len(change) for runs in noise.values()):
        raise ValueError(f"each kind of noise needs at least one run over all {len(change)} words")
    frequent = np.asarray(counts) >= least_count
    bands = [_describe_band(change, runs, counts, frequent) for runs in noise.values()]
    # The kind of noise that is hardest to exceed decides, word by word.
    decisive = np.stack([band.chance for band in bands]).argmax(axis=0)
    floor, bound, above, chance = (np.choose(decisive, column) for column in zip(*bands, strict=True))
    judged = frequent & ~np.isnan(chance)
    q_value = np.full(len(change), np.nan)
    if judged.any():
        q_value[judged] = false_discovery_control(chance[judged])
    moved = np.zeros(len(change), bool)
    moved[judged] = (q_value[judged] <= level) & (change[judged] > bound[judged])
    return Movers(
        change=np.array(change, np.float32),
        floor=floor.astype(np.float32),
        bound=bound.astype(np.float32),
        above=above.astype(np.float32),
        q_value=q_value.astype(np.float32),
        moved=moved,
        kinds=tuple(noise),
        runs=tuple(len(runs) for runs in noise.values()),
        level=level,
    )


class _Band(NamedTuple):
    """One kind of noise around each word, float64 (words,) each: as in `Movers`, and the chance of so much noise."""

    floor: np.ndarray
    bound: np.ndarray
    above: np.ndarray
    chance: np.ndarray


def _describe_band(change: np.ndarray, runs: np.ndarray, counts: np.ndarray, frequent: np.ndarray) -> _Band:
    judged = frequent if frequent.any() else np.ones(len(change), bool)
    logs = _logarithms(runs)
    middle = _average_by_rank(logs, counts)
    apart = logs - middle
    own, left = _predict_own(apart, judged)
    spread, pooled = _standardise(apart[:, judged])
    above = (_logarithms(change) - middle) / spread
    bound = np.exp(middle + spread * np.quantile(pooled, 0.95))
    return _Band(np.exp(middle), bound, above, _chances(_logarithms(change) - middle - own, left[:, judged]))


def _predict_own(apart: np.ndarray, judged: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far each word's noise stands apart from its band's, (words,), and what each run leaves unexplained of it.

    Args:
        apart: (runs, words), logarithms, 0 in the middle of the band; nan where a run lacks the word.
        judged: bool (words,), the words that tell how far such a prediction can be trusted.
    """
    known = ~np.isnan(apart)
    number, total = known.sum(axis=0), np.where(known, apart, 0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / number
        others = np.where(number > 1, (total - apart) / (number - 1), 0)
    pairs = known & judged & (number > 1)
    power = float((others[pairs] ** 2).sum())
    trust = min(max(float((others[pairs] * apart[pairs]).sum()) / power, 0.0), 1.0) if power else 0.0
    return np.where(number > 1, trust * mean, 0), apart - trust * others


def _standardise(noise: np.ndarray) -> tuple[float, np.ndarray]:
    """Standard deviation of `noise`, and its values in that unit, sorted, without nan."""
    values = np.sort(noise[~np.isnan(noise)])
    spread = max(float(values.std()), _LEAST_SPREAD)
    return spread, values / spread


def _chances(excess: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Chance that noise exceeds its middle by as much as `excess`, (words,): its own share, smoothed in the tail."""
    spread, pooled = _standardise(noise)
    excess = excess / spread
    limit = np.quantile(pooled, 1 - _TAIL)
    beyond = max(float((pooled[pooled > limit] - limit).mean()) if pooled[-1] > limit else 0.0, _LEAST_EXCESS)
    chance = (len(pooled) - np.searchsorted(pooled, excess) + 1) / (len(pooled) + 1)
    chance = np.where(excess > limit, _TAIL * np.exp(-(excess - limit) / beyond), chance)
    chance[np.isnan(excess)] = np.nan
    return np.asarray(chance)


def _logarithms(changes: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(np.asarray(changes, np.float64), _LEAST_CHANGE)))


def _average_by_rank(logs: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mean of `logs`, (runs, words), over the 100 words next in rank of count: float64 (words,)."""
    n = len(counts)
    order = np.argsort(-np.asarray(counts), kind="stable")
    first = np.clip(np.arange(n) - _BAND // 2, 0, max(n - _BAND, 0))
    last = np.minimum(first + _BAND, n)
    number, total = (
        np.diff(np.append(0, np.cumsum(column))[np.stack([first, last])], axis=0)[0]
        for column in ((~np.isnan(logs[:, order])).sum(axis=0), np.nansum(logs[:, order], axis=0))
    )
    middle = np.empty(n)
    with np.errstate(invalid="ignore"):
        middle[order] = total / number
    return middle


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


def changes_of(words: Sequence[str], left: Embedding, right: Embedding) -> np.ndarray:
    """`pair.changes` between two embeddings, for `words`: float32 (len(words),); nan where one lacks it.

    Raises:
        ComparisonError: the embeddings share fewer than 3 words.
    """
    shared = match_words(left, right)
    change, _ = changes(left.vectors[shared.left_rows], right.vectors[shared.right_rows])
    row_of = {word: row for row, word in enumerate(shared.words)}
    rows = np.array([row_of.get(word, -1) for word in words], np.int64)
    return np.where(rows < 0, np.float32(np.nan), change[rows])


def measure_noise(words: Sequence[str], *groups: Sequence[Embedding], progress: Progress = silent) -> np.ndarray:
    """Changes of `words` between every two embeddings of each group, float32 (pairs, len(words)).

    The embeddings of a group ought to be the same. For "seed": the left model and its retrainings, and the right model
    and its (`retraining_configs`). For "documents": a model and one made of a bootstrap of the documents; a group for
    each bootstrap. For "placebo": the left model and what the right one becomes on shuffled text, likewise.
    """
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    return _measure(words, pairs, progress)


def average_change(
    words: Sequence[str], lefts: Sequence[Embedding], rights: Sequence[Embedding], progress: Progress = silent
) -> np.ndarray:
    """Changes of `words` from left to right, averaged over retrainings: float32 (len(words),).

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
    return np.asarray(mean, np.float32)


def _measure(words: Sequence[str], pairs: Sequence[tuple[Embedding, Embedding]], progress: Progress) -> np.ndarray:
    measured = np.empty((len(pairs), len(words)), np.float32)
    for number, (left, right) in enumerate(pairs):
        progress(number / len(pairs), "Measuring how far retraining moves words")
        measured[number] = changes_of(words, left, right)
    progress(1.0, "Measured the noise")
    return measured
