import numpy as np
import pytest

from core.comparison.axes import find_example, place_on_axes
from core.comparison.formulas import parse_formula
from core.errors import ComparisonError


def test_a_word_lies_along_the_axis_it_makes_whatever_way_the_space_is_turned():
    generator = np.random.default_rng(0)
    left = generator.normal(size=(30, 8)).astype(np.float32)
    turn = np.linalg.qr(generator.normal(size=(8, 8)))[0].astype(np.float32)
    index = {f"w{row}": row for row in range(30)}
    places = place_on_axes(
        left, left @ turn, index, parse_formula("w0", index), parse_formula("w1 - w2", index), [0, 1, 2]
    )
    assert places.left[0, 0] == pytest.approx(1, abs=1e-5)
    assert places.left[1, 1] > 0 > places.left[2, 1]
    np.testing.assert_allclose(places.left, places.right, atol=1e-4)


def test_an_axis_without_direction_is_refused_and_a_zero_vector_has_no_place():
    left = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    left[4] = 0
    index = {f"w{row}": row for row in range(5)}
    one, none = parse_formula("w0", index), parse_formula("w1 - w1", index)
    with pytest.raises(ComparisonError, match="adds up to nothing"):
        place_on_axes(left, left, index, one, none, [0])
    assert np.isnan(place_on_axes(left, left, index, one, one, [4]).left).all()


def test_an_example_has_only_words_that_are_known():
    words = ["new", "old", "good", "bad", "mother", "father", "child", "money", "work"]
    example = find_example(words)
    assert example is not None
    assert (example.across, example.up) == ("new - old", "good - bad")
    assert example.words == ("mother", "father", "child", "money", "work")
    assert find_example(words[1:]) is None
    assert find_example(words[:-1]) is None
