"""How sure a mean is when its positions come in groups that are alike, such as the words of one document."""

from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95
TRAINING_WIDENING = 1.05
"""What the luck of training adds to the width of a gain's interval: measured (docs/science.md, section 3)."""
CHOICE_ERROR = 0.0015
"""Standard error of a gain on one split that comes from choosing a dose on its development part: measured likewise."""
BATCH_CELLS = 1_000_000


class Interval(NamedTuple):
    """Ends of a 95 % interval."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


class Estimate(NamedTuple):
    """A measured value and its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def estimate_mean(per_position: np.ndarray, groups: np.ndarray, seed: int) -> Estimate:
    """Mean of `per_position` with `bootstrap_interval`; nan throughout where there is no position."""
    value = float(per_position.mean()) if len(per_position) else float("nan")
    return Estimate(value, *bootstrap_interval(per_position, groups, seed))


def estimate_share(per_position: np.ndarray, groups: np.ndarray, seed: int) -> Estimate:
    """`estimate_mean` of values that lie between 0 and 1, as does their interval."""
    value, low, high = estimate_mean(per_position, groups, seed)
    return Estimate(value, max(low, 0.0), min(high, 1.0))


def estimate_gain(per_position: np.ndarray, groups: np.ndarray, seed: int, choices: int = 0) -> Estimate:
    """`estimate_mean` of the differences of two models' scores, wider by what the luck of their making adds.

    Resampling documents takes the models as they are. Trained with another seed, on another part of the text or with
    another choice of the dose they would differ in other documents too (benchmarks/bench_splits.py).

    Args:
        per_position: (positions,), of all splits.
        groups: (positions,), as for `bootstrap_interval`.
        choices: for how many splits a dose was chosen; 0 where both models were made as they were ordered.
    """
    value, low, high = estimate_mean(per_position, groups, seed)
    choice = (1.96 * CHOICE_ERROR) ** 2 / choices if choices else 0.0
    below, above = (float(np.hypot(TRAINING_WIDENING * width, choice**0.5)) for width in (value - low, high - value))
    return Estimate(value, value - below, value + above)


def bootstrap_interval(per_position: np.ndarray, groups: np.ndarray, seed: int, resamples: int = 2000) -> Interval:
    """95 % interval of the mean of `per_position`, by resampling whole groups.

    For a paired comparison pass the differences. They are percentiles of the cluster bootstrap (Davison and Hinkley
    1997, 3.8), widened about the mean by t(m - 1) / z * sqrt(m / (m - 1)), where m is the effective number of groups
    (Kish 1965). With few groups plain percentiles promise 95 % and hold 82 % (5 groups) to 92 % (45 unequal ones).
    These hold 94 % to 97 %, and 98 % where 3 to 5 groups are of wildly unequal size (benchmarks/bench_evaluation.py).
    With many groups the factor is 1.

    Args:
        per_position: (positions,), any unit.
        groups: (positions,), which group (document) each position is from.

    Returns:
        Infinite ends when there is one group only: nothing is known then. nan ends when there is no position.
    """
    if len(per_position) != len(groups):
        raise ValueError(f"{len(per_position)} positions and {len(groups)} groups do not match")
    if not len(per_position):
        return Interval(float("nan"), float("nan"))
    _, group = np.unique(groups, return_inverse=True)
    sizes = np.bincount(group).astype(np.float64)
    sums = np.bincount(group, per_position)
    if len(sizes) == 1:
        return Interval(-float("inf"), float("inf"))
    mean = sums.sum() / sizes.sum()
    low, high = np.quantile(
        _resampled_means(sums, sizes, seed, resamples), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
    )
    factor = _widening(sizes)
    return Interval(float(mean + factor * (low - mean)), float(mean + factor * (high - mean)))


def _resampled_means(sums: np.ndarray, sizes: np.ndarray, seed: int, resamples: int) -> np.ndarray:
    """Mean over positions of each resample of the groups: float64 (resamples,)."""
    rng = np.random.default_rng(seed)
    n_groups = len(sums)
    batch = max(1, BATCH_CELLS // n_groups)
    means = []
    for done in range(0, resamples, batch):
        drawn = rng.integers(0, n_groups, (min(batch, resamples - done), n_groups))
        means.append(sums[drawn].sum(1) / sizes[drawn].sum(1))
    return np.concatenate(means)


def _widening(sizes: np.ndarray) -> float:
    """What makes up for few and unequal groups; 1 in the limit of many."""
    from scipy.stats import norm, t

    effective = max(sizes.sum() ** 2 / (sizes**2).sum(), 1.5)
    quantile = (1 + CONFIDENCE) / 2
    return float(np.sqrt(effective / (effective - 1)) * t.ppf(quantile, effective - 1) / norm.ppf(quantile))
