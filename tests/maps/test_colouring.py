from base64 import b64decode

import numpy as np
import pytest

from core.maps.colouring import MISSING, colour_by_amount, colour_by_kind


def test_an_amount_has_its_place_on_the_scale_and_nan_has_none():
    colouring = colour_by_amount("Change", np.array([0.0, np.nan, 1.0, 0.5]))
    assert colouring.codes.tolist()[0] == 0
    assert colouring.codes.tolist()[1] == MISSING
    assert colouring.codes[2] == len(colouring.palette) - 1
    assert abs(int(colouring.codes[3]) - len(colouring.palette) // 2) <= 1
    assert colouring.has_missing
    assert colouring.labels[0] == "0.00"


def test_one_outlier_does_not_flatten_the_rest_and_the_label_says_so():
    values = np.append(np.linspace(0, 1, 999), 1e6)
    colouring = colour_by_amount("Count", values)
    assert colouring.labels[1].startswith("≥ ")
    assert colouring.codes[998] > 60


@pytest.mark.parametrize("values", [np.full(5, np.nan), np.full(5, 3.0), np.empty(0)])
def test_nothing_to_tell_apart_is_no_error(values):
    assert len(colour_by_amount("Change", values).codes) == len(values)


def test_kinds_have_a_colour_each_and_of_many_the_first_have_those_that_any_eye_can_tell():
    colouring = colour_by_kind("Label", np.array([0, 6, -1]), [f"kind {n}" for n in range(7)])
    assert colouring.codes.tolist() == [0, 6, MISSING]
    assert len(set(colouring.palette)) == 7
    many = colour_by_kind("Label", np.array([59, 0, 15]), [f"kind {n}" for n in range(60)])
    assert many.palette[:7] == colouring.palette
    assert len(set(many.palette[:16])) == 16
    assert many.palette[16:32] == many.palette[:16]
    assert many.codes.tolist() == [59, 0, 15]
    with pytest.raises(ValueError, match="256 kinds"):
        colour_by_kind("Label", np.array([0]), [f"kind {n}" for n in range(256)])


def test_a_recolouring_costs_a_byte_a_word():
    paint = colour_by_kind("Kind", np.zeros(3000, int), ["a"]).paint
    assert len(b64decode(paint.codes)) == 3000
