"""Formulas, good and bad: one grammar for axes and analogies."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.comparison.formulas import Term, expand_lists, look_up, name_ends, parse_formula, write_formula
from core.errors import ComparisonError

KNOWN = {"king", "man", "woman", "new-york", "c++", "-", "-ing", "she", "well-known", "café"}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("king", [(1, "king")]),
        ("king - man + woman", [(1, "king"), (-1, "man"), (1, "woman")]),
        ("- man", [(-1, "man")]),
        ("-man", [(-1, "man")]),
        ("+king -man", [(1, "king"), (-1, "man")]),
        ("− man +woman –king", [(-1, "man"), (1, "woman"), (-1, "king")]),
        ("King − Man", [(1, "king"), (-1, "man")]),
        ("new-york + c++", [(1, "new-york"), (1, "c++")]),
        ("well-known", [(1, "well-known")]),
        ("Cafe\u0301", [(1, "café")]),
        ("king - -", [(1, "king"), (-1, "-")]),
        ("-", [(1, "-")]),
        ("-ing + king + -ing", [(1, "-ing"), (1, "king"), (1, "-ing")]),
        (" + ".join(["king"] * 20), [(1, "king")] * 20),
    ],
)
def test_formulas_are_read(text, terms):
    assert list(parse_formula(text, KNOWN)) == [Term(*term) for term in terms]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no word in this formula"),
        ("   ", "no word in this formula"),
        ("+", "missing after the last sign"),
        ("king -", "missing after the last sign"),
        ("king + + man", "Two signs follow each other before “+”"),
        ("king - +man", "Two signs follow each other before “+man”"),
        ("king man", "no + or - between “king” and “man”"),
        ("king * man", "no + or - between “king” and “*”"),
        ("king c++", "no + or - between “king” and “c++”"),
        ("king-man", "Put spaces round the sign: “king - man”"),
        ("King-man+She", "Put spaces round the sign: “king - man + she”"),
        ("she + king–man", "Put spaces round the sign: “king – man”"),
        ("kingg", "“kingg” is not a word of both models. Did you mean “king”"),
        ("kingg - mann", "“kingg”, “mann” are not words of both models. Use words of both models."),
        ("king-zzzz", "“king-zzzz” is not a word"),
        ("__import__('os')", "not a word"),
        ("x" * 1000, "“" + "x" * 40 + "…” is not a word"),
        (" + ".join(["king"] * 21), "20 words at most"),
        (" ".join(["+king"] * 21), "20 words at most; this one has 21"),
        (" + ".join(["king"] * 10_000), "20 words at most"),
    ],
)
def test_what_is_no_formula_is_explained(text, says):
    with pytest.raises(ComparisonError, match=re.escape(says)):
        parse_formula(text, KNOWN - {"-"})


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*KNOWN, "+", "-", "–", "−", "-man", "qq"]), max_size=9).map(" ".join)
)
def test_any_text_is_a_formula_or_a_user_error(text):
    try:
        terms = parse_formula(text, KNOWN)
    except ComparisonError:
        return
    assert all(term.word in KNOWN for term in terms)
    assert parse_formula(write_formula(terms), KNOWN) == terms


def test_words_are_looked_up():
    assert look_up(["King", "c++"], KNOWN, "this model") == ("king", "c++")
    with pytest.raises(ComparisonError, match=r"“kin” is not a word of this model\. Did you mean “king”"):
        look_up(["she", "kin"], KNOWN, "this model")


def test_a_word_of_a_list_has_the_sign_of_the_list():
    assert expand_lists("he, him, man - she, her") == "he + him + man - she - her"
    assert expand_lists("king - man") == "king - man"
    assert expand_lists("king") == "king"


def test_the_ends_of_an_axis_are_named_by_what_it_leads_away_from_and_to():
    known = {"he", "him", "she"}
    assert name_ends(parse_formula("he + him - she", known)) == ("she", "he, him")
    assert name_ends(parse_formula("he", known)) == ("", "he")
