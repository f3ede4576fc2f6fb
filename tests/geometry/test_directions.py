"""Rows of length 1: what each way to them does with dtypes and with rows of zeros."""

import numpy as np
import pytest

from core.geometry.directions import centre, centred_directions, directions, normalise, unit

WAYS = {
    "normalise": normalise,
    "unit": unit,
    "centre": lambda rows: centre(rows, slice(None)),
    "centred_directions": lambda rows: centred_directions(rows, np.ones(len(rows), bool)),
    "directions": directions,
}


def rows(dtype: type = np.float32) -> np.ndarray:
    found = np.random.default_rng(0).normal(size=(40, 6)).astype(dtype)
    found[3] = 0
    return found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rows_have_length_one_and_zeros_stay_zeros(way: str, dtype: type) -> None:
    found = WAYS[way](rows(dtype))
    assert not found[3].any()
    np.testing.assert_allclose(np.linalg.norm(np.delete(found, 3, axis=0), axis=1), 1, rtol=1e-6)
    assert found.dtype == (np.float32 if way in ("normalise", "directions") else dtype)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_at_all_stays_nothing(way: str) -> None:
    assert not WAYS[way](np.zeros((3, 4), np.float32)).any()


def test_lengths_beyond_what_float32_can_square() -> None:
    np.testing.assert_allclose(normalise(np.array([[3e30, 4e30], [3e-30, 4e-30]], np.float32)), [[0.6, 0.8]] * 2)


@pytest.mark.parametrize("way", ["centre", "centred_directions"])
def test_what_a_decomposition_leaves_of_zeros_is_no_direction(way: str) -> None:
    left = rows()
    left[3] = 1e-16
    assert not WAYS[way](left)[3].any()


def test_seen_from_the_mean_of_some_rows() -> None:
    vectors = np.array([[1, 0], [0, 1], [0, 0], [9, 9]], np.float32)
    expected = np.array([[1, -1], [-1, 1], [0, 0], [1, 1]]) / 2**0.5
    np.testing.assert_allclose(centre(vectors, np.array([0, 1])), expected, rtol=1e-6)
    covered = np.array([True, True, False, False])
    np.testing.assert_allclose(centred_directions(vectors, covered), expected * covered[:, None], rtol=1e-6)
