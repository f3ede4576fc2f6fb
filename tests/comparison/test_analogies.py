"""Formulas and lists of words, good and bad."""

import numpy as np
import pytest

from core.comparison.analogies import Term, find_odd_one, parse_formula, parse_words, solve_formula
from core.errors import ComparisonError

WORDS = ("king", "queen", "man", "woman", "well-known", "zero")
VECTORS = np.array([[1, 1, 0], [1, 0, 1], [0.1, 1, 0], [0.1, 0, 1], [1, 0.2, 0.1], [0, 0, 0]], np.float32)
INDEX = {word: row for row, word in enumerate(WORDS)}


def test_formulas_are_read() -> None:
    assert parse_formula("king - man + woman") == (Term(1, "king"), Term(-1, "man"), Term(1, "woman"))
    assert parse_formula("− man +woman -king") == (Term(-1, "man"), Term(1, "woman"), Term(-1, "king"))
    assert parse_formula("well-known") == (Term(1, "well-known"),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no word"),
        ("+ -", "no word|Two signs"),
        ("king man", "no \\+ or − between “king” and “man”"),
        ("king - + man", "Two signs"),
        ("king -", "missing after the last sign"),
        (" + ".join(["a"] * 10_000), "10,000 words; 20 are the most"),
    ],
)
def test_bad_formulas_are_explained(text: str, says: str) -> None:
    with pytest.raises(ComparisonError, match=says):
        parse_formula(text)


def test_an_analogy_is_solved_without_its_own_words() -> None:
    found = solve_formula(parse_formula("king - man + Woman"), VECTORS, INDEX, WORDS)
    assert found[0].word == "queen"
    assert {each.word for each in found} == {"queen", "well-known"}
    assert 0.9 < found[0].similarity <= 1


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("kinf - man", "“kinf” is not in this model. Did you mean king"),
        ("kinf - mam", "are not in this model"),
        ("king - zero", "“zero” is all zeros"),
        ("king - king", "cancel"),
    ],
)
def test_unsolvable_formulas_are_explained(formula: str, says: str) -> None:
    with pytest.raises(ComparisonError, match=says):
        solve_formula(parse_formula(formula), VECTORS, INDEX, WORDS)


def test_the_odd_one_comes_first() -> None:
    assert find_odd_one(("king", "well-known", "woman"), VECTORS, INDEX)[0].word == "woman"


@pytest.mark.parametrize(("text", "says"), [("a b", "three or more"), (" ".join(map(str, range(99))), "99 words")])
def test_lists_have_three_to_twenty_words(text: str, says: str) -> None:
    with pytest.raises(ComparisonError, match=says):
        parse_words(text)
    assert parse_words("a, b;c\nd a") == ("a", "b", "c", "d")
