import numpy as np
import pytest

from core.geometry.neighbours import nearest_neighbours
from core.score.health import measure_health
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


def test_words_that_are_neighbours_equally_often_are_no_hubs() -> None:
    rows = np.eye(4, dtype=np.float32)
    for neighbours in (np.array([[1], [2], [3], [0]]), np.full((4, 1), -1), np.zeros((0, 1), int)):
        assert measure_health(rows, np.arange(4), neighbours, None).hub_skew == 0


def test_hub_skewness_by_hand() -> None:
    times = np.array([3, 1, 0, 0])  # mean 1, second moment 6 / 4, third (8 - 1 - 1) / 4
    neighbours = np.array([[1], [0], [0], [0]])
    assert np.bincount(neighbours.ravel(), minlength=4).tolist() == times.tolist()
    health = measure_health(np.eye(4, dtype=np.float32), np.arange(4), neighbours, None)
    assert health.hub_skew == pytest.approx(1.5 / 1.5**1.5, abs=1e-12)
