import numpy as np
import pytest
from scipy.stats import skew

from core.geometry.neighbours import nearest_neighbours
from core.score.health import measure_health, skewness
from core.score.scorecard import Health


def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(400, 20)).astype(np.float32)


def health_of(rows: np.ndarray, before: float | None = None) -> Health:
    return measure_health(rows, np.arange(len(rows)), nearest_neighbours(rows, 10).indices, before)


def test_healthy_vectors_raise_no_alarm() -> None:
    health = health_of(vectors(), before=4.5)
    assert health.alarms == ()
    assert health.median_length == pytest.approx(np.sqrt(20), rel=0.05)


def test_each_kind_of_collapse_is_named() -> None:
    hub = vectors()
    hub[:5] = 0.05 * hub[:5] + hub[200:].mean(0) + 3
    hub[5:] += 1.5
    assert [alarm[:11] for alarm in health_of(hub).alarms if "neighbours" in alarm] == ["A few words"]
    far = vectors()
    far[7] *= 50
    assert "longest vector" in health_of(far).alarms[0]
    gone = vectors()
    gone[:40] *= 1e-4
    assert "10 % of the words have almost no vector" in health_of(gone).alarms[0]
    assert "times as long as before" in health_of(vectors(), before=1.0).alarms[0]
    assert "times as long as before" in health_of(vectors(), before=50.0).alarms[0]


def test_skewness_equals_scipy() -> None:
    values = np.random.default_rng(0).exponential(size=50)
    assert skewness(values) == pytest.approx(skew(values))
    assert skewness(np.ones(5)) == 0
