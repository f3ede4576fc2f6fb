"""Words that are not there: what was meant, and why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.text.spelling import did_you_mean, explain_missing, resolve_word, suggest_words
from core.text.tokens.tokenisers import CorpusOptions

SIDES = [("Left", ("river", "bank"), 2), ("Right", ("river",), 5)]


def reference(a: str, b: str) -> int:
    """Restricted Damerau-Levenshtein distance, from its definition."""
    table = np.zeros((len(a) + 1, len(b) + 1), int)
    table[:, 0], table[0] = range(len(a) + 1), range(len(b) + 1)
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return int(table[-1, -1])


@given(st.text("abc", min_size=2, max_size=10), st.lists(st.text("abc", min_size=1, max_size=11), max_size=5))
@settings(max_examples=100, deadline=None)
def test_suggestions_are_the_nearest_by_the_definition_of_distance(wanted: str, words: list[str]) -> None:
    allowed = 1 if len(wanted) < 5 else 2 if len(wanted) < 9 else 3
    near = [(reference(wanted, word), place) for place, word in enumerate(words) if word != wanted]
    expected = [words[place] for distance, place in sorted(near) if distance <= allowed]
    assert list(suggest_words(wanted, words)) == expected


def test_near_words_are_suggested_frequent_ones_first() -> None:
    words = ("the", "river", "rivers", "driver", "bank", "rover")
    assert suggest_words("rivr", words)[0] == "river"
    assert suggest_words("rievr", words)[0] == "river"
    assert suggest_words("bnk", words) == ("bank",)
    assert suggest_words("zzzzzz", words) == ()
    assert suggest_words("x" * 10_000, words) == ()
    assert suggest_words("", words) == ()


def test_a_question_names_the_suggestions() -> None:
    words = ("river", "rover", "liver", "Bank")
    assert did_you_mean("rivver", words[:1]) == "Did you mean “river”?"
    assert did_you_mean("rivver", words) == "Did you mean “river”, “rover” or “liver”?"
    assert did_you_mean("bnk", words) == "Did you mean “Bank”?"
    assert did_you_mean("unpleasentnes", ["unpleasantness"]) == "Did you mean “unpleasantness”?"
    assert did_you_mean("zzzz", words) == ""


def test_another_case_or_form_is_the_same_word() -> None:
    known = {"café": 0, "Bank": 1}
    assert resolve_word(" Cafe\u0301 ", known) == "café"
    assert resolve_word("Bank", known) == "Bank"
    assert resolve_word("BANK", {"bank": 0}) == "bank"
    assert resolve_word("bank", known) is None


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type a word"),
        ("new york", "more than one word"),
        ("x" * 500, "500 characters"),
        ("bank", "is a word of Left and not of Right"),
        ("stone", "seen 3 times in the text, below min_count 5"),
        ("Once", "seen once in the text"),
        ("absent", "does not occur in the text"),
    ],
)
def test_the_reason_is_given(typed: str, says: str) -> None:
    corpus = build_corpus([Document("d", "stone stone stone once river bank")])
    assert says in explain_missing(typed, SIDES, [("a", corpus)])


def test_the_file_is_named() -> None:
    corpus = build_corpus([Document("d", "river")])
    assert explain_missing("q", SIDES, [("a", corpus)], ("glove.6B.100d", False)).endswith(
        "It is not in glove.6B.100d either."
    )
    assert explain_missing("q", SIDES, [("a", corpus)], ("glove.6B.100d", True)).endswith("glove.6B.100d has it.")


def test_folded_numbers_and_joined_words_are_told_instead_of_not_occurring() -> None:
    folded = build_corpus([Document("a", "In 1984 it was.")], CorpusOptions(fold_numbers=True))
    assert "Numbers were read as 0" in explain_missing("1984", SIDES, [("a", folded)])
    assert "does not occur" in explain_missing("q", SIDES, [("a", folded)])
    joined = build_corpus([Document("a", "New York.")], CorpusOptions(phrases=True), known_phrases=["new_york"])
    assert explain_missing("York", SIDES, [("a", joined)]).endswith("It stands within joined words: “new_york”.")
    plain = build_corpus([Document("a", "new_york")], CorpusOptions(tokeniser="whitespace"))
    assert "joined" not in explain_missing("york", SIDES, [("a", plain)])
