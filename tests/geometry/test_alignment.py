"""Procrustes finds a rotation that is there, and says how well it fits."""

import numpy as np
import pytest

from core.geometry.alignment import align, find_movement, find_rotation, superimpose
from core.geometry.directions import directions


def rotated(vectors: np.ndarray, seed: int = 1) -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(vectors.shape[1],) * 2))
    return (vectors @ turn).astype(np.float32)


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)


@pytest.mark.parametrize("keep_lengths", [False, True])
def test_finds_a_rotation(vectors: np.ndarray, keep_lengths: bool) -> None:
    found = align(vectors, rotated(vectors) * 7, keep_lengths=keep_lengths)
    np.testing.assert_allclose(found.left, found.right, atol=1e-5)
    assert found.residual < 1e-6


def test_keeps_cosines_within_each_side(vectors: np.ndarray) -> None:
    other = np.random.default_rng(5).normal(size=(50, 8)).astype(np.float32)
    found = align(vectors, other)
    rows = directions(other)
    np.testing.assert_allclose(found.right @ found.right.T, rows @ rows.T, atol=1e-5)
    lengths = np.linalg.norm(align(vectors, other, keep_lengths=True).right, axis=1)
    expected = np.linalg.norm(other - other.mean(axis=0), axis=1)
    np.testing.assert_allclose(lengths / lengths[0], expected / expected[0], rtol=1e-5)


def test_what_all_words_share_does_not_count(vectors: np.ndarray) -> None:
    shared = np.zeros(8, np.float32)
    shared[0] = 20
    found = align(vectors + shared, rotated(vectors) - 3 * shared)
    assert found.residual < 0.25  # lengths are evened out before centring, so not quite 0
    assert align(vectors + shared, rotated(vectors) - 3 * shared, keep_lengths=True).residual < 1e-6


def test_residual_of_unrelated_spaces_is_large() -> None:
    rng = np.random.default_rng(2)
    left, right = rng.normal(size=(2, 2000, 10)).astype(np.float32)
    assert align(left, right).residual > 0.8


def test_narrower_side_is_padded(vectors: np.ndarray) -> None:
    narrow = vectors[:, :3]
    found = align(np.pad(narrow, ((0, 0), (0, 5))), rotated(narrow))
    assert found.right.shape == (50, 8)
    np.testing.assert_allclose(found.left, found.right, atol=1e-5)


def test_zero_rows_stay_zero(vectors: np.ndarray) -> None:
    vectors[4] = 0
    found = align(vectors, rotated(vectors))
    assert not found.left[4].any()
    assert not found.right[4].any()
    assert align(vectors * 0, vectors * 0).residual == 0


def test_different_numbers_of_rows_are_refused(vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not the same words"):
        align(vectors, vectors[1:])


def test_weights_say_whose_rotation_it_is(vectors: np.ndarray) -> None:
    goal = np.concatenate([rotated(vectors[:25], 1), rotated(vectors[25:], 2)])
    weights = np.repeat([1.0, 1e-6], 25)
    matrix = find_rotation(vectors, goal, weights).matrix
    np.testing.assert_allclose(vectors[:25] @ matrix, goal[:25], atol=1e-5)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(8), atol=1e-12)


def test_a_movement_is_found_whole(vectors: np.ndarray) -> None:
    goal = 3 * rotated(vectors) + 5
    movement = find_movement(vectors, goal)
    np.testing.assert_allclose(movement.apply(vectors), goal, atol=1e-4)
    np.testing.assert_allclose(movement.single.apply(vectors), goal, atol=1e-4)
    assert [part.dtype for part in movement.single] == [np.float32] * 3
    placed, residual = superimpose(goal, vectors)
    np.testing.assert_allclose(placed, goal, atol=1e-4)
    assert residual < 1e-10
