"""Collocates against a count by hand and against SciPy's G test."""

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from core.text.collocates import find_collocates
from core.text.corpus import build_corpus
from core.text.reading.documents import Document


def corpus_of(*documents):
    return build_corpus([Document(str(number), text) for number, text in enumerate(documents)])


def test_strong_tea_is_a_collocation_and_the_is_not():
    rng = np.random.default_rng(1)
    filler = ["the", "of", "house", "dog", "river", "strong", "book", "cup"]
    texts = []
    for _ in range(80):
        words = rng.choice(filler, 60, p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.02, 0.1, 0.08]).tolist()
        words[20:20] = ["strong", "tea"]
        texts.append(" ".join(words))
    found = find_collocates(corpus_of(*texts), "tea", window=1)
    assert found.words[0] == "strong"
    assert found.together[0] >= 80
    assert "of" not in found.words[:1]


def test_the_log_likelihood_is_that_of_the_two_by_two_table():
    rng = np.random.default_rng(2)
    corpus = corpus_of(*(" ".join(rng.choice(list("abcdefgh"), 50)) for _ in range(30)))
    found = find_collocates(corpus, "a", window=2, least_together=1)
    assert found.words
    near = np.zeros(corpus.n_tokens, bool)
    own = corpus.words.index("a")
    for start, end in zip(corpus.document_starts, corpus.document_starts[1:], strict=False):
        for place in range(start, end):
            around = [*range(max(start, place - 2), place), *range(place + 1, min(end, place + 3))]
            near[place] = corpus.tokens[place] != own and any(corpus.tokens[other] == own for other in around)
    others = corpus.tokens != own
    for row, word in enumerate(found.words):
        is_it = corpus.tokens == corpus.words.index(word)
        table = [[(is_it & near).sum(), (is_it & ~near).sum()], [(others & ~is_it & near).sum(), 0]]
        table[1][1] = (others & ~is_it & ~near).sum()
        g2 = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
        assert found.log_likelihood[row] == pytest.approx(g2, rel=1e-9)
        assert found.together[row] == table[0][0]
        assert found.pmi[row] == pytest.approx(np.log2(found.together[row] / found.expected[row]))


def test_a_window_ends_where_the_document_does():
    found = find_collocates(corpus_of(*["king here", "queen there"] * 9), "king", window=5)
    assert set(found.words) == {"here"}


def test_a_word_that_is_not_there_has_none():
    assert find_collocates(corpus_of("a b c"), "zebra").words == ()
    assert find_collocates(corpus_of("a"), "a").words == ()
