import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison.axes import Term, parse_formula, place_on_axes, write_formula
from core.errors import ComparisonError

KNOWN = {"king", "man", "woman", "new-york", "c++", "-", "she"}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("king", [(1, "king")]),
        ("king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("- man", [(-1, "man")]),
        ("King − Man", [(1, "king"), (-1, "man")]),
        ("new-york + c++", [(1, "new-york"), (1, "c++")]),
        ("king - -", [(1, "king"), (-1, "-")]),
    ],
)
def test_sums_are_read(text, terms):
    assert list(parse_formula(text, KNOWN)) == [Term(*term) for term in terms]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write a word"),
        ("   ", "Write a word"),
        ("king -", "ends with"),
        ("king + + man", "two signs"),
        ("king man", "no + or - before “man”"),
        ("king-man", "Put spaces round the sign: “king - man”"),
        ("kingg", "Did you mean “king”"),
        ("__import__('os')", "not a word"),
        ("king * man", "no + or - before"),
        (" + ".join(["king"] * 30), "may have 20 words"),
    ],
)
def test_what_is_no_sum_is_explained(text, says):
    with pytest.raises(ComparisonError, match=says.replace("+", r"\+").replace("(", r"\(").replace("*", r"\*")):
        parse_formula(text, KNOWN - {"-"})


@given(st.text(max_size=60))
def test_any_text_is_a_sum_or_a_user_error(text):
    try:
        terms = parse_formula(text, KNOWN)
    except ComparisonError:
        return
    assert all(term.word in KNOWN for term in terms)
    assert parse_formula(write_formula(terms), KNOWN) == terms


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
