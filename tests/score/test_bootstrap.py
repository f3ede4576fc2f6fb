import math

import numpy as np
import pytest

from core.score.bootstrap import bootstrap_interval, estimate_mean, estimate_share


def synthetic_scores(n_groups: int, spread: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Differences of cloze scores (tenths, heavy-tailed) with mean 0, and an effect of the document they are in."""
    sizes = np.maximum(3, rng.lognormal(3.5, spread, n_groups)).astype(int) if spread else np.full(n_groups, 40)
    groups = np.repeat(np.arange(n_groups), sizes)
    scores = np.round(rng.standard_t(3, len(groups)) * 0.8) / 10 + rng.normal(0, 0.02, n_groups)[groups]
    return scores, groups


@pytest.mark.parametrize(("n_groups", "spread"), [(5, 0.0), (8, 0.6), (15, 0.0), (45, 0.6)])
def test_nominal_95_percent_hold(n_groups: int, spread: float) -> None:
    rng = np.random.default_rng(n_groups)
    trials = 1000
    held = 0
    for trial in range(trials):
        low, high = bootstrap_interval(*synthetic_scores(n_groups, spread, rng), seed=trial, resamples=1000)
        held += low <= 0 <= high
    assert 0.93 <= held / trials <= 0.97


def test_many_groups_give_the_plain_percentile_interval() -> None:
    rng = np.random.default_rng(1)
    scores, groups = synthetic_scores(400, 0.0, rng)
    means = scores.reshape(400, 40).mean(1)
    drawn = means[rng.integers(0, 400, (4000, 400))].mean(1)
    np.testing.assert_allclose(
        bootstrap_interval(scores, groups, seed=0), np.quantile(drawn, [0.025, 0.975]), atol=4e-4
    )


def test_order_of_positions_and_names_of_groups_do_not_matter() -> None:
    scores, groups = synthetic_scores(12, 0.6, np.random.default_rng(2))
    order = np.random.default_rng(3).permutation(len(scores))
    expected = bootstrap_interval(scores, groups, seed=4)
    np.testing.assert_allclose(bootstrap_interval(scores[order], groups[order] * 7 + 100, seed=4), expected)
    assert bootstrap_interval(scores, groups, seed=4) == expected
    assert bootstrap_interval(scores, groups, seed=5) != expected


def test_groups_widen_what_independent_positions_would_claim() -> None:
    groups = np.repeat(np.arange(20), 50)
    scores = np.random.default_rng(0).normal(size=20)[groups]
    by_document = bootstrap_interval(scores, groups, seed=0)
    by_position = bootstrap_interval(scores, np.arange(1000), seed=0)
    assert by_document.half_width > 4 * by_position.half_width


def test_one_group_or_none_says_nothing() -> None:
    assert bootstrap_interval(np.ones(5), np.zeros(5), seed=0) == (-math.inf, math.inf)
    assert np.isnan(bootstrap_interval(np.ones(0), np.ones(0), seed=0)).all()
    with pytest.raises(ValueError, match="do not match"):
        bootstrap_interval(np.ones(2), np.ones(3), seed=0)


def test_estimates_have_the_mean_and_shares_stay_between_0_and_1() -> None:
    groups = np.repeat(np.arange(4), 5)
    right = np.ones(20)
    right[:3] = 0
    value, low, high = estimate_mean(right, groups, seed=0)
    assert value == 0.85
    assert low < 0.85 < 1 < high
    assert estimate_share(right, groups, seed=0) == (value, max(low, 0), 1)
    assert estimate_share(right, groups * 0, seed=0) == (value, 0, 1)
