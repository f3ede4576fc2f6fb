"""The forces between points of a map, and the rounds that apply them."""

import numpy as np
import pytest

from core.maps.forces import draw_flat_round, draw_solid_round, make_tables

A, B = 1.577, 0.895


def read(table: np.ndarray, square: np.ndarray) -> np.ndarray:
    """What one point feels of another at these squared distances, one round of one edge each."""
    found = []
    for each in square:
        points = np.array([[0, 0], [np.sqrt(each), 0]], np.float32)
        edge = np.array([0, 1, 1]), np.array([1], np.uint32), np.ones(1, np.float32), np.zeros(1, np.float32)
        silent = np.zeros_like(table)
        draw_flat_round(points, *edge, table, silent, 1, np.float32(1e-3), np.uint64(0))
        found.append(-points[0, 0] / 1e-3 / np.sqrt(each))
    return np.array(found)


def test_tables_are_the_formulas_within_a_hundredth() -> None:
    square = np.geomspace(1e-4, 500, 40)
    pull, push = make_tables(A, B)
    wanted = -2 * A * B * square ** (B - 1) / (1 + A * square**B)
    np.testing.assert_allclose(read(pull, square), wanted, rtol=0.01)
    wanted = 2 * B / (0.001 + square) / (1 + A * square**B)
    weak = wanted * np.sqrt(square) < 4  # what is stronger is cut
    np.testing.assert_allclose(read(push, square)[weak], wanted[weak], rtol=0.01)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_an_edge_pulls_in_its_part_of_the_rounds_at_its_phase(dimensions: int) -> None:
    draw_round = draw_solid_round if dimensions == 3 else draw_flat_round
    tables = make_tables(A, B)[0], np.zeros_like(make_tables(A, B)[1])
    pulled: dict[float, list[int]] = {0.0: [], 0.5: []}
    for phase, epochs in pulled.items():
        rate, phases = np.full(1, 0.25, np.float32), np.full(1, phase, np.float32)
        edge = np.array([0, 1, 1]), np.array([1], np.uint32), rate, phases
        for epoch in range(13):
            points = np.array([[0] * dimensions, [1] * dimensions], np.float32)
            draw_round(points, *edge, *tables, epoch, np.float32(1), np.uint64(1))
            if (points[0] != 0).any():
                assert (points[0] > 0).all()
                np.testing.assert_allclose(points.sum(axis=0), 1, rtol=1e-6)
                epochs.append(epoch)
    assert pulled == {0.0: [4, 8, 12], 0.5: [2, 6, 10]}


def test_points_in_one_place_stay_finite_and_rounds_give_the_same_bits() -> None:
    generator = np.random.default_rng(3)
    start = generator.normal(size=(50, 2)).astype(np.float32)
    start[7] = start[8]
    edges = (
        np.arange(0, 153, 3),
        generator.integers(0, 50, 150).astype(np.uint32),
        generator.random(150).astype(np.float32),
        generator.random(150).astype(np.float32),
    )
    made = []
    for key in (1, 1, 2):
        points = start.copy()
        for epoch in range(30):
            draw_flat_round(points, *edges, *make_tables(A, B), epoch, np.float32(0.5), np.uint64(key + epoch))
        assert np.isfinite(points).all()
        made.append(points)
    np.testing.assert_array_equal(made[0], made[1])
    assert (made[0] != made[2]).any()
