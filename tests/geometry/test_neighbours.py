"""Exact neighbours: against brute force, with ties, zero vectors and short lists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Cancelled
from core.geometry import neighbours
from core.geometry.neighbours import Neighbours, nearest_by_distance, nearest_neighbours, neighbours_of, overlaps


def all_cosines(vectors: np.ndarray) -> np.ndarray:
    """float32 (n, n) from float64 products, -9 on the diagonal: cosines equal in float32 are ties."""
    wide = vectors.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    cosines = wide @ wide.T
    np.fill_diagonal(cosines, -9)
    return cosines.astype(np.float32)


def random_vectors(n: int, d: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


@given(n=st.integers(2, 90), d=st.integers(2, 12), topn=st.integers(1, 100), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_equals_brute_force(n: int, d: int, topn: int, seed: int) -> None:
    vectors = random_vectors(n, d, seed)
    found = nearest_neighbours(vectors, topn)
    cosines = all_cosines(vectors)
    best = -np.sort(-cosines, axis=1)[:, :topn]
    chosen = np.take_along_axis(cosines, found.indices.astype(np.int64), axis=1)
    assert found.indices.shape == (n, min(topn, n - 1))
    assert all(len(set(row)) == len(row) for row in found.indices.tolist())
    np.testing.assert_allclose(chosen, best[:, : n - 1], atol=2e-7)
    np.testing.assert_allclose(found.similarities, chosen, atol=2e-7)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_vectors(300, 17)
    whole = nearest_neighbours(vectors, 12)
    monkeypatch.setattr(neighbours, "_BLOCK_BYTES", 7 * 300 * 4)
    parts = nearest_neighbours(vectors, 12)
    np.testing.assert_array_equal(whole.indices, parts.indices)
    np.testing.assert_array_equal(whole.similarities, parts.similarities)


def test_tiles_and_guesses_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_vectors(700, 9)
    vectors[::16] *= np.float32(0.01)
    vectors[::16] += vectors[5]  # the sample is nearer to one another than to all else, so that it misleads
    vectors[40:46] = vectors[3]
    whole, by_distance = nearest_neighbours(vectors, 12), nearest_by_distance(vectors, 12)
    looked_again = []
    split = np.split
    monkeypatch.setattr(np, "split", lambda rows, *at: looked_again.extend(rows) or split(rows, *at))
    for name, value in (("_TILE", 100), ("_MANY", 0), ("_FEW", 5), ("_BLOCK_BYTES", 300 * 8 * 92)):
        monkeypatch.setattr(neighbours, name, value)
    parts = nearest_neighbours(vectors, 12)
    assert looked_again
    np.testing.assert_array_equal(whole.indices, parts.indices)
    np.testing.assert_array_equal(whole.similarities, parts.similarities)
    for one, other in zip(by_distance, nearest_by_distance(vectors, 12), strict=True):
        np.testing.assert_array_equal(one, other)


def test_similarities_are_cosines_and_symmetric() -> None:
    vectors = random_vectors(40, 5) * np.float32(1000)
    found = nearest_neighbours(vectors, 39)
    table = np.empty((40, 40))
    np.put_along_axis(table, found.indices.astype(np.int64), found.similarities, axis=1)
    np.fill_diagonal(table, 1)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    np.testing.assert_allclose(table, unit @ unit.T, atol=1e-6)
    assert (table == table.T).all()


def test_equal_rows_tie_by_row() -> None:
    vectors = random_vectors(200, 33)
    vectors[[3, 50, 51, 199]] = vectors[0]
    found = nearest_neighbours(vectors, 6)
    assert found.indices[0, :4].tolist() == [3, 50, 51, 199]
    assert found.indices[51, :4].tolist() == [0, 3, 50, 199]
    assert len(set(found.similarities[0, :4].tolist())) == 1


def test_zero_vectors_have_no_neighbours_and_are_nobodys() -> None:
    vectors = random_vectors(6, 4)
    vectors[2] = 0
    found = nearest_neighbours(vectors, 10)
    assert found.indices.shape == (6, 5)
    assert (found.indices[2] == -1).all()
    assert np.isnan(found.similarities[2]).all()
    assert not (found.indices[[0, 1, 3, 4, 5]] == 2).any()
    assert (found.indices[0] >= 0).sum() == 4
    assert len(neighbours_of(vectors, 2, 3)[0]) == 0


@pytest.mark.parametrize(("n", "columns"), [(0, 0), (1, 0), (2, 1)])
def test_lists_are_shorter_when_there_are_few_rows(n: int, columns: int) -> None:
    assert nearest_neighbours(random_vectors(n, 3), 5).indices.shape == (n, columns)
    assert nearest_by_distance(random_vectors(n, 3), 5)[0].shape == (n, columns)


def test_extreme_lengths_do_not_matter() -> None:
    vectors = random_vectors(30, 6)
    scales = np.float32(10.0) ** np.arange(-15, 15, dtype=np.float32)
    found = nearest_neighbours(vectors * scales[:, None], 5)
    np.testing.assert_array_equal(found.indices, nearest_neighbours(vectors, 5).indices)


def test_one_word_agrees_with_all_words() -> None:
    vectors = random_vectors(500, 20)
    vectors[7] = vectors[300]
    everyone = nearest_neighbours(vectors, 15)
    for row in (0, 7, 300, 499):
        indices, similarities = neighbours_of(vectors, row, 15)
        np.testing.assert_array_equal(indices, everyone.indices[row])
        np.testing.assert_allclose(similarities, everyone.similarities[row], atol=1e-6)
    indices, similarities = neighbours_of(vectors, vectors[7] * 3, 2)
    assert indices.tolist() == [7, 300]
    np.testing.assert_allclose(similarities, 1, atol=1e-6)


def test_by_distance_equals_brute_force() -> None:
    vectors = random_vectors(80, 6) + 5
    indices, distances = nearest_by_distance(vectors, 7)
    table = np.linalg.norm(vectors[:, None].astype(np.float64) - vectors[None], axis=2)
    np.fill_diagonal(table, np.inf)
    np.testing.assert_array_equal(indices, np.argsort(table, axis=1)[:, :7])
    np.testing.assert_allclose(distances, np.sort(table, axis=1)[:, :7], rtol=1e-4)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="topn is 0"):
        nearest_neighbours(random_vectors(4, 2), 0)
    with pytest.raises(ValueError, match="nan or infinity"):
        nearest_neighbours(np.full((4, 2), np.nan, np.float32), 1)


def test_can_be_cancelled() -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        nearest_neighbours(random_vectors(10, 2), 1, stop)


def test_result_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        nearest_neighbours(random_vectors(4, 2), 1).indices[0] = 0


@given(seed=st.integers(0, 10_000), k=st.integers(1, 12))
@settings(max_examples=50, deadline=None)
def test_overlaps_equal_sets(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    lists = [np.stack([rng.permutation(20)[:12] for _ in range(20)]).astype(np.int32) for _ in range(2)]
    for side in lists:
        side[3, 5:] = -1
    lists[0][7] = -1
    left, right = (Neighbours(side, side.astype(np.float32)) for side in lists)
    share, weighted = overlaps(left, right, k)
    for row in range(20):
        a, b = ([i for i in side[row, :k].tolist() if i >= 0] for side in lists)
        if row == 7:
            assert np.isnan(share[row])
            assert np.isnan(weighted[row])
            continue
        np.testing.assert_allclose(share[row], len({*a} & {*b}) / len({*a} | {*b}), rtol=1e-6)
        np.testing.assert_allclose(
            weighted[row], np.mean([len({*a[:d]} & {*b[:d]}) / d for d in range(1, k + 1)]), rtol=1e-6, atol=1e-7
        )
