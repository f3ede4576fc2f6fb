"""Formulas solved, and the odd one out."""

import numpy as np
import pytest

from core.comparison.analogies import find_odd_one, parse_words, solve_formula
from core.comparison.formulas import Term, parse_formula
from core.errors import ComparisonError

WORDS = ("king", "queen", "man", "woman", "well-known", "zero")
VECTORS = np.array([[1, 1, 0], [1, 0, 1], [0.1, 1, 0], [0.1, 0, 1], [1, 0.2, 0.1], [0, 0, 0]], np.float32)
INDEX = {word: row for row, word in enumerate(WORDS)}


def test_an_analogy_is_solved_without_its_own_words() -> None:
    found = solve_formula(parse_formula("king - man + Woman", INDEX), VECTORS, INDEX, WORDS)
    assert found[0].word == "queen"
    assert {each.word for each in found} == {"queen", "well-known"}
    assert 0.9 < found[0].similarity <= 1


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ([(1, "kinf"), (-1, "man")], "“kinf” is not a word of this model. Did you mean “king”"),
        ([(1, "kinf"), (-1, "mam")], "“kinf”, “mam” are not words of this model"),
        ([(1, "king"), (-1, "zero")], "“zero” is all zeros"),
        ([(1, "king"), (-1, "king")], "cancel"),
    ],
)
def test_unsolvable_formulas_are_explained(terms: list[tuple[int, str]], says: str) -> None:
    with pytest.raises(ComparisonError, match=says):
        solve_formula([Term(*term) for term in terms], VECTORS, INDEX, WORDS)


def test_the_odd_one_comes_first() -> None:
    assert find_odd_one(("king", "well-known", "woman"), VECTORS, INDEX)[0].word == "woman"


@pytest.mark.parametrize(("text", "says"), [("a b", "three or more"), (" ".join(map(str, range(99))), "99 words")])
def test_lists_have_three_to_twenty_words(text: str, says: str) -> None:
    with pytest.raises(ComparisonError, match=says):
        parse_words(text)
    assert parse_words("a, b;c\nd a") == ("a", "b", "c", "d")
