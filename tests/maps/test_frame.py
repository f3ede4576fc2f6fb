"""The part of the plane that maps show at first; the numbers are those of tests/js/regions.test.js."""

import numpy as np

from core.maps.frame import find_frame, turn_to_fill, turn_wide

CLOUD = (np.arange(2000) * 0.618034 % 1)[:, None] * [1, 0] + (np.arange(2000) * 0.414214 % 1)[:, None] * [0, 1]


def find(points: np.ndarray, many: bool = True) -> np.ndarray:
    """(low, high) of x and y without the margins."""
    low, high = np.array(find_frame(points, many)).T
    margin = (high - low) * 0.06 / 1.12
    return np.array([low + margin, high - margin]).T


def test_an_even_cloud_is_seen_whole() -> None:
    np.testing.assert_allclose(find(CLOUD), [[0, 1], [0, 1]], atol=1e-3)


def test_a_far_island_of_few_makes_nothing_small_and_one_of_many_is_seen() -> None:
    far = CLOUD.copy()
    far[:20] += [4, 0]
    np.testing.assert_allclose(find(far), [[0, 1], [0, 1]], atol=0.02)
    far[:400] = CLOUD[:400]
    far[:400, 0] += 2
    np.testing.assert_allclose(find(far), [[0, 3], [0, 1]], atol=0.02)
    near = CLOUD.copy()
    near[:400] += [0.3, 0]  # a fifth as dense as the middle, right beside it
    assert find(near)[0, 1] > 1.2


def test_of_few_points_all_are_seen() -> None:
    far = CLOUD.copy()
    far[:20] += [4, 0]
    assert find(far, many=False)[0, 1] > 4


def test_points_on_a_line_and_in_one_place_have_a_frame() -> None:
    for points in (CLOUD * [1, 0], np.zeros((2000, 2)), np.zeros((2000, 3))):
        low, high = np.array(find_frame(points, True)).T
        assert (high > low).all()


def test_a_map_is_turned_to_be_broader_than_high_whatever_lies_far_out() -> None:
    tall = (CLOUD * [0.5, 3]).astype(np.float32)
    tall[:20] += [40, 0]
    wide = turn_wide(tall)
    assert wide.dtype == np.float32
    spread = np.ptp(wide[20:], axis=0)
    assert spread[0] > 2.9
    assert spread[1] < 0.6
    np.testing.assert_allclose(
        np.linalg.norm(wide[5] - wide[900]), np.linalg.norm(tall[5] - tall[900]), rtol=1e-5
    )  # nothing is stretched


def test_what_reaches_far_out_in_one_direction_lies_across_a_broad_place() -> None:
    round_ = CLOUD * [1.1, 1] - 0.5
    tail = np.column_stack([np.zeros(120), np.linspace(-1.5, 1.5, 120)])  # too few to have a say in `turn_wide`
    points = np.concatenate([round_, tail]).astype(np.float32)
    (left, right), (low, high) = find_frame(turn_to_fill(points, False, 2.2), False)
    assert right - left > 2 * (high - low)
