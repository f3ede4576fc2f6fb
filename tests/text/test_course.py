"""The frequency of a word over documents against sums by hand."""

import numpy as np
import pytest

from core.text.corpus import build_corpus
from core.text.course import follow_word
from core.text.reading.documents import Document


def corpus_of(*texts):
    return build_corpus([Document(str(number), text) for number, text in enumerate(texts)])


def test_neighbouring_documents_are_taken_together():
    texts = [" ".join(["war"] * (number % 4) + ["peace"] * (5 + number)) for number in range(9)]
    found = follow_word(corpus_of(*texts), "war")
    assert found.smoothed_over == 5
    assert found.documents.tolist() == list(range(9))
    counts = np.array([number % 4 for number in range(9)])
    sizes = counts + 5 + np.arange(9)
    for place in range(9):
        near = slice(max(0, place - 2), place + 3)
        rate = counts[near].sum() / sizes[near].sum()
        assert found.rates[place] == pytest.approx(10_000 * rate)
        n = len(counts[near])
        between = n / (n - 1) * ((counts[near] - rate * sizes[near]) ** 2).sum() / sizes[near].sum() ** 2
        half = 10_000 * 1.96 * max(between, rate / sizes[near].sum()) ** 0.5
        assert found.high[place] == pytest.approx(10_000 * rate + half)
        assert found.low[place] == pytest.approx(max(0, 10_000 * rate - half))


def test_nine_in_ten_intervals_or_more_have_the_true_share():
    rng = np.random.default_rng(1)
    hits = []
    for _ in range(40):
        texts = [" ".join(rng.choice(["war", "peace", "land"], 200, p=[0.02, 0.49, 0.49])) for _ in range(60)]
        found = follow_word(corpus_of(*texts), "war")
        hits += [found.low[30] <= 200 <= found.high[30]]
    assert np.mean(hits) >= 0.85


def test_where_it_is_absent_the_interval_says_how_often_it_might_be():
    found = follow_word(corpus_of(*["peace " * 100] * 10, *["war " * 100] * 10), "war")
    assert (found.rates[0], found.low[0]) == (0, 0)
    assert found.high[0] == pytest.approx(10_000 * 3 / 300)


def test_of_very_many_documents_some_hundred_points_are_drawn():
    found = follow_word(corpus_of(*["war and peace"] * 2_000), "war")
    assert len(found.documents) == 400
    assert (found.documents[0], found.documents[-1]) == (0, 1_999)
    np.testing.assert_allclose(found.rates, 10_000 / 3)


def test_without_the_word_or_documents_there_is_none():
    with pytest.raises(ValueError, match="no course"):
        follow_word(corpus_of(*["a b"] * 9), "zebra")
    with pytest.raises(ValueError, match="no course"):
        follow_word(corpus_of("a", "a"), "a")
