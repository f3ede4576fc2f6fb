"""Which words changed more than a retraining would change them, in groups, with the reason.

A list of the most changed words is mostly a list of noise: of rare words, and of words that another seed moves as far.
So each word's change is compared with the changes of words of like count between models that ought to be the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from core.comparison.false_discovery import find_noise_share, find_q_values

NoiseKind = Literal["permutation", "documents", "seed", "placebo"]
NOISE_TEXTS: dict[NoiseKind, str] = {
    "permutation": "the same documents dealt out anew",
    "documents": "resampled documents",
    "seed": "another seed",
    "placebo": "shuffled words",
}

LEAST_COUNT = 20
"""Rarer words are not judged: their vectors are mostly noise, and their number would hide the others."""
LEVEL = 0.05
_BOUNDS: dict[NoiseKind, float] = {"seed": 0.99, "documents": 0.95}
"""Of noise on one text a word must exceed so much of that of words of like count, too: what such noise hardly moves
exceeds it by next to nothing where it stands beside a word that moved."""
_BAND = 100  # words of like count whose noise is pooled
_LEAST_CHANGE = 1e-5  # float32 rounding; also keeps logarithms finite
_LEAST_SPREAD = 0.05  # of logarithms: models without randomness have no noise at all
_LEAST_EXCESS = 0.1
_TAIL, _LEAST_TAIL, _TAIL_VALUES = 0.1, 0.005, 100  # the share of the noise that is smoothed: some 100 values


@dataclass(frozen=True, slots=True, eq=False)
class Movers:
    """Each word's change, its noise, and whether it moved. Arrays are read-only, rows are the words.

    With several kinds of noise, what is said of a word's noise is of the kind that is hardest for it to exceed.

    Attributes:
        change: float32 (words,), 1 - cosine, as in `Comparison.change`.
        floor: float32 (words,), the middle of the change of words of like count by noise alone.
        expected: float32 (words,), the change of the word itself by noise alone.
        bound: float32 (words,), 95 % of the word's changes by noise alone stay below this.
        threshold: float32 (words,), from this change on the word is called moved: `moved` is exactly `change >=
            threshold`. nan where the word is not judged.
        above: float32 (words,), how far the change stands above `expected`, in standard deviations of the noise (of
            logarithms); negative for words that are stabler than noise makes most.
        q_value: float32 (words,): if all words up to this value were called moved, this share of them would be noise.
            nan where the word is not judged.
        moved: bool (words,): `q_value` at most `level`, and not less than most noise of words of like count.
        kinds: the sorts of noise that the change had to exceed, all of them.
        runs: how many noise comparisons there were of each.
        level: see `moved`.
        chance: float64 (words,), that noise alone changes the word so far; nan where the word is not judged. To be
            judged together with the changes of other models.
    """

    change: np.ndarray
    floor: np.ndarray
    expected: np.ndarray
    bound: np.ndarray
    threshold: np.ndarray
    above: np.ndarray
    q_value: np.ndarray
    moved: np.ndarray
    kinds: tuple[NoiseKind, ...]
    runs: tuple[int, ...]
    level: float
    chance: np.ndarray

    def __post_init__(self) -> None:
        arrays = (self.change, self.floor, self.expected, self.bound, self.threshold)
        for array in (*arrays, self.above, self.q_value, self.moved, self.chance):
            array.flags.writeable = False

    @property
    def judged(self) -> np.ndarray:
        """Words that may be judged, are frequent enough and have vectors on both sides: bool (words,)."""
        return np.asarray(~np.isnan(self.q_value))

    @property
    def relative(self) -> np.ndarray:
        """The change in units of its threshold: 1 or more, exactly, for words that moved; float32 (words,).

        Each word has a threshold of its own, so no line through changes parts those that moved from the others. A
        chart of this has such a line: 1.
        """
        return np.asarray(self.change / self.threshold)

    @property
    def most_moved(self) -> np.ndarray:
        """Rows of the words that moved, farthest above their noise first: int64."""
        rows = np.flatnonzero(self.moved)
        return rows[np.argsort(-self.above[rows], kind="stable")]

    @property
    def most_stable(self) -> np.ndarray:
        """Rows of all judged words, stablest for their noise first: int64."""
        rows = np.flatnonzero(self.judged)
        return rows[np.argsort(self.above[rows], kind="stable")]


def find_movers(
    change: np.ndarray,
    counts: np.ndarray,
    noise: Mapping[NoiseKind, np.ndarray],
    *,
    weighed: np.ndarray | None = None,
    judgeable: np.ndarray | None = None,
    level: float = LEVEL,
    least_count: int = LEAST_COUNT,
) -> Movers:
    """Say which words changed more than noise.

    A word's change is held against its own noise: some words move as far with every seed or every sample of documents,
    others hardly. With few runs its own noise is uncertain. So, in logarithms, it is drawn towards the mean of the 100
    words nearest in rank of count, over all runs, by the factor that best predicts a run that was left out. The
    distances of runs from that prediction, of all judged words together, give the chance of such a change; a hundred
    of the farthest are smoothed by an exponential, so that a handful of runs has a tail. All words are judged at once
    (`find_q_values`), so that the expected share of noise among the words called moved is `level`.

    Some words are hardly moved by noise on one text, and exceed it by next to nothing where they stand beside a word
    that moved. So a word must exceed the most of the noise of words of like count, too: 99 % of that of other seeds, 95
    % of that of other documents.

    With several kinds of noise a word must exceed each. Formulas and error rates: docs/science.md, section 11.

    Args:
        change: float32 (words,), to be shown; nan where there is none.
        counts: int64 (words,).
        noise: for each kind, float32 (runs, words): changes between models that ought to be the same; nan where a
            run lacks a word.
        weighed: float32 (words,), what `noise` is compared with (`measurements.Change`); None for `change` itself.
        judgeable: bool (words,), words that may be judged; None for all. Others tell nothing about the noise, either.
        level: expected share of noise among the words called moved.
        least_count: rarer words are not judged.

    Raises:
        ValueError: there is no noise to hold the change against, or the shapes do not match.
    """
    if not noise or any(runs.ndim != 2 or len(runs) == 0 or runs.shape[1] != len(change) for runs in noise.values()):
        raise ValueError(f"each kind of noise needs at least one run over all {len(change)} words")
    alike = np.ones(len(change), bool) if judgeable is None or not judgeable.any() else np.asarray(judgeable)
    asked = (np.asarray(counts) >= least_count) & (alike if judgeable is None else judgeable)
    measured = np.asarray(change if weighed is None else weighed)
    bands = [_describe_noise(kind, measured, runs, counts, alike, asked) for kind, runs in noise.items()]
    # The kind of noise that is hardest to exceed decides, word by word.
    chances = np.stack([band.chance for band in bands])
    decisive = chances.argmax(axis=0)
    chance = np.choose(decisive, chances)
    floor, expected, bound, above = (
        np.choose(decisive, column)
        for column in zip(*((band.floor, band.expected, band.bound, band.above) for band in bands), strict=True)
    )
    judged = asked & ~np.isnan(chance)
    q_value = np.full(len(change), np.nan)
    if judged.any():
        q_value[judged] = find_q_values(chance[judged])
    with np.errstate(invalid="ignore", divide="ignore"):
        certain = judged & (q_value <= level)
        moved = certain & np.all([measured > band.least for band in bands], axis=0)
        # A word that goes the same way farther changes more by either measure, in proportion.
        unit = np.maximum(change, _LEAST_CHANGE) / np.maximum(measured, _LEAST_CHANGE)
    threshold = unit * _threshold(bands, judged, _cutoff(chance[judged], int(certain.sum()), level))
    return Movers(
        change=np.array(change, np.float32),
        floor=(floor * np.nanmedian(unit[judged] if judged.any() else 1.0)).astype(np.float32),
        expected=(expected * unit).astype(np.float32),
        bound=(bound * unit).astype(np.float32),
        threshold=_keep_apart(threshold.astype(np.float32), np.asarray(change, np.float32), judged, moved),
        above=above.astype(np.float32),
        q_value=q_value.astype(np.float32),
        moved=moved,
        kinds=tuple(noise),
        runs=tuple(len(runs) for runs in noise.values()),
        level=level,
        chance=np.where(judged, chance, np.nan),
    )


def _cutoff(chance: np.ndarray, certain: int, level: float) -> float:
    """Up to which chance words are called moved, `certain` of them are: Storey's procedure.

    It takes those whose chance is at most `level` times their share of all that is expected to be noise, and would take
    a first word at the chance at which one alone is that share.
    """
    return level * max(certain, 1) / max(len(chance) * find_noise_share(chance), 1e-9)


def _threshold(bands: "list[_Noise]", judged: np.ndarray, cutoff: float) -> np.ndarray:
    """From which measure on the chance of each judged word is at most `cutoff`, and it is called moved, (words,)."""
    threshold = np.full(len(judged), np.nan)
    needed = [np.maximum(band.expected * np.exp(band.tail.excess(cutoff)), band.least) for band in bands]
    threshold[judged] = np.max(needed, axis=0)[judged]
    return threshold


def _keep_apart(threshold: np.ndarray, change: np.ndarray, judged: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """`threshold`, with no word on the wrong side of its own by rounding."""
    threshold[moved] = np.minimum(threshold[moved], change[moved])
    others = judged & ~moved
    threshold[others] = np.maximum(threshold[others], np.nextafter(change[others], np.float32(np.inf)))
    return threshold


@dataclass(frozen=True, slots=True, eq=False)
class _Tail:
    """How far noise strays from what is expected of it, in logarithms.

    Attributes:
        spread: standard deviation.
        pooled: float64, all of it in that unit, sorted.
        share: of it that lies above `limit`, by `beyond` on average.
    """

    spread: float
    pooled: np.ndarray
    share: float
    limit: float
    beyond: float

    def chance(self, excess: np.ndarray) -> np.ndarray:
        """Chance that noise exceeds its expectation by so much (logarithms): its own share, smoothed in the tail."""
        scaled = excess / self.spread
        number = len(self.pooled)
        counted = (number - np.searchsorted(self.pooled, scaled) + 1) / (number + 1)
        smoothed = self.share * np.exp(-(scaled - self.limit) / self.beyond)
        chance = np.where(scaled > self.limit, smoothed, counted)
        chance[np.isnan(scaled)] = np.nan
        return np.asarray(chance)

    def excess(self, chance: float) -> float:
        """The smallest excess (logarithms) whose chance is at most `chance`."""
        if chance < self.share:
            return self.spread * (self.limit + self.beyond * float(np.log(self.share / chance)))
        number = len(self.pooled)
        allowed = min(max(int(np.floor(chance * (number + 1) - 1)), 0), number - 1)
        return self.spread * float(self.pooled[number - 1 - allowed])


def _describe_tail(noise: np.ndarray) -> _Tail:
    values = np.sort(noise[~np.isnan(noise)])
    spread = max(float(values.std()), _LEAST_SPREAD)
    pooled = values / spread
    share = min(_TAIL, max(_TAIL_VALUES / len(pooled), _LEAST_TAIL))
    limit = float(np.quantile(pooled, 1 - share))
    beyond = float((pooled[pooled > limit] - limit).mean()) if pooled[-1] > limit else 0.0
    return _Tail(spread, pooled, share, limit, max(beyond, _LEAST_EXCESS))


class _Noise(NamedTuple):
    """One kind of noise around each word, float64 (words,) each: as in `Movers`, and the chance of so much noise.

    `least`: no change up to this is called moved.
    """

    floor: np.ndarray
    expected: np.ndarray
    bound: np.ndarray
    above: np.ndarray
    chance: np.ndarray
    least: np.ndarray
    tail: _Tail


def _describe_noise(
    kind: NoiseKind, change: np.ndarray, runs: np.ndarray, counts: np.ndarray, alike: np.ndarray, asked: np.ndarray
) -> _Noise:
    """`alike`: words that tell the noise of words of their count; `asked`: those that tell how far it strays."""
    pooled = asked if asked.any() else alike
    logs = _logarithms(runs)
    middle = average_by_rank(logs, counts, alike)
    apart = logs - middle
    own, left = _predict_own(apart, pooled)
    tail = _describe_tail(left[:, pooled])
    expected = middle + own
    excess = _logarithms(change) - expected
    bound = np.exp(expected + tail.spread * np.quantile(tail.pooled, 0.95))
    least = np.zeros(len(change))
    if kind in _BOUNDS:
        least = np.exp(middle + np.nanquantile(apart[:, pooled], _BOUNDS[kind]))
    return _Noise(np.exp(middle), np.exp(expected), bound, excess / tail.spread, tail.chance(excess), least, tail)


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


def _logarithms(changes: np.ndarray) -> np.ndarray:
    return np.asarray(np.log(np.maximum(np.asarray(changes, np.float64), _LEAST_CHANGE)))


def average_by_rank(values: np.ndarray, counts: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """Mean of `values`, (runs, words), over those 100 of the words `alike` that are next in rank of count: (words,)."""
    rows = np.flatnonzero(alike)
    n = len(rows)
    order = rows[np.argsort(-np.asarray(counts)[rows], kind="stable")]
    first = np.clip(np.arange(n) - _BAND // 2, 0, max(n - _BAND, 0))
    last = np.minimum(first + _BAND, n)
    number, total = (
        np.diff(np.append(0, np.cumsum(column))[np.stack([first, last])], axis=0)[0]
        for column in ((~np.isnan(values[:, order])).sum(axis=0), np.nansum(values[:, order], axis=0))
    )
    with np.errstate(invalid="ignore"):
        middle = total / number
    # Each word, of those alike or not, has the middle of the first of them that is not more frequent.
    place = np.searchsorted(-np.asarray(counts)[order], -np.asarray(counts))
    found = np.asarray(middle[np.minimum(place, n - 1)])
    found[order] = middle
    return found
