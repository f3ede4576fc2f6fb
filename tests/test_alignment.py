"""Procrustes finds a rotation that is there, and says how well it fits."""

import numpy as np
import pytest

from core.alignment import align


def rotated(vectors: np.ndarray, seed: int = 1) -> np.ndarray:
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(vectors.shape[1],) * 2))
    return (vectors @ turn).astype(np.float32)


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)


@pytest.mark.parametrize("centre", [False, True])
def test_finds_a_rotation(vectors: np.ndarray, centre: bool) -> None:
    found = align(vectors, rotated(vectors) * 7, centre=centre)
    np.testing.assert_allclose(found.left, found.right, atol=1e-5)
    assert found.residual < 1e-6


def test_keeps_cosines_within_each_side(vectors: np.ndarray) -> None:
    other = np.random.default_rng(5).normal(size=(50, 8)).astype(np.float32)
    found = align(vectors, other, centre=False)
    unit = other / np.linalg.norm(other, axis=1, keepdims=True)
    np.testing.assert_allclose(found.right @ found.right.T, unit @ unit.T, atol=1e-5)


def test_centring_removes_what_all_words_share(vectors: np.ndarray) -> None:
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    shifted = unit + np.float32(0.8)
    # Rows are scaled to length 1 before and after, so the shift is not undone exactly.
    with_centring = align(unit, shifted, centre=True).residual
    assert with_centring < 0.5 * align(unit, shifted, centre=False).residual


def test_residual_of_unrelated_spaces_is_large() -> None:
    rng = np.random.default_rng(2)
    left, right = rng.normal(size=(2, 2000, 10)).astype(np.float32)
    assert align(left, right, centre=True).residual > 0.8


def test_narrower_side_is_padded(vectors: np.ndarray) -> None:
    narrow = vectors[:, :3]
    found = align(np.pad(narrow, ((0, 0), (0, 5))), rotated(narrow), centre=False)
    assert found.right.shape == (50, 8)
    np.testing.assert_allclose(found.left, found.right, atol=1e-5)


def test_zero_rows_stay_zero(vectors: np.ndarray) -> None:
    vectors[4] = 0
    found = align(vectors, rotated(vectors), centre=True)
    assert not found.left[4].any()
    assert not found.right[4].any()
    assert align(vectors * 0, vectors * 0, centre=True).residual == 0


def test_different_numbers_of_rows_are_refused(vectors: np.ndarray) -> None:
    with pytest.raises(ValueError, match="not the same words"):
        align(vectors, vectors[1:], centre=True)
