"""Key words against the published formula, computed word by word in another way."""

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest

from core.text.corpus import build_corpus
from core.text.keywords import PRIOR_TOKENS, find_key_words, lean_to_label, weigh_by_label, weigh_log_odds
from core.text.reading.documents import Document


def published(ours, theirs, prior_tokens):
    """Monroe et al. 2008, one word after the other, from a prior over the pooled words."""
    n, m = sum(ours), sum(theirs)
    found = []
    for y, x in zip(ours, theirs, strict=True):
        a = prior_tokens * (y + x) / (n + m)
        delta = log(y + a) - log(n + prior_tokens - y - a) - log(x + a) + log(m + prior_tokens - x - a)
        found.append((delta, delta / sqrt(1 / (y + a) + 1 / (x + a))))
    return np.array(found).T


def test_it_is_the_published_formula():
    rng = np.random.default_rng(1)
    ours, theirs = rng.integers(0, 300, 500), rng.integers(0, 20, 500)
    theirs[ours == 0] = 1
    for size in (PRIOR_TOKENS, 10.0, 10_000.0):
        np.testing.assert_allclose(
            weigh_log_odds(ours, theirs, size), published(ours.tolist(), theirs.tolist(), size), atol=1e-9
        )


def corpus_of(text, label=None, name="text"):
    return build_corpus([Document(str(n), line, label) for n, line in enumerate(text.split("\n"))], name=name)


def test_key_words_of_one_text_are_the_others_turned_round():
    king, river = corpus_of("the king saw the king\n" * 30), corpus_of("the river saw the boat and the river\n" * 30)
    found, back = find_key_words(king, river), find_key_words(river, king)
    assert found.words[0] == "king"
    assert found.words[-1] == "river"
    assert (found.counts[0], found.other_counts[0]) == (60, 0)
    assert dict(zip(found.words, found.z.round(9).tolist(), strict=True)) == dict(
        zip(back.words, (-back.z).round(9).tolist(), strict=True)
    )


def test_two_halves_of_one_text_have_hardly_a_key_word():
    rng = np.random.default_rng(2)
    shares = 1 / np.arange(1, 1001)
    ours, theirs = rng.multinomial(30_000, shares / shares.sum(), size=2)
    _, z = weigh_log_odds(ours, theirs)
    assert np.abs(z).max() < 4.5
    assert (np.abs(z) > 1.96).mean() < 0.07


def test_a_word_leans_to_the_label_that_has_too_much_of_it():
    lines = [("king court the of and", "a"), ("river boat the of and", "b"), ("song dance the of and", "c")]
    corpus = build_corpus([Document(str(n), lines[n % 3][0], lines[n % 3][1]) for n in range(90)])
    weighed = weigh_by_label(corpus)
    assert weighed.labels == ("a", "b", "c")
    row = {word: number for number, word in enumerate(corpus.words)}
    leaning = lean_to_label(weighed, [row["king"], row["boat"], row["dance"], row["the"], -1])
    assert leaning.tolist() == [0, 1, 2, -1, -1]
    np.testing.assert_allclose(weighed.z[1], weigh_log_odds(weighed.counts[1], weighed.counts[[0, 2]].sum(axis=0))[1])


def test_without_two_labels_nothing_leans():
    corpus = corpus_of("one two\n" * 20, label="only")
    assert weigh_by_label(corpus).labels == ()
    assert lean_to_label(weigh_by_label(corpus), [0, 1]).tolist() == [-1, -1]
    assert weigh_by_label(replace(corpus, labels=(None,) * corpus.n_documents)).labels == ()


def test_an_empty_text_has_no_key_words():
    with pytest.raises(ValueError, match="without a word"):
        weigh_log_odds(np.zeros(3), np.ones(3))
