"""Key words against the published formula, computed word by word in another way."""

from dataclasses import replace
from math import log, sqrt

import numpy as np
import pytest
from scipy.stats import hypergeom

from core.text.corpus import build_corpus
from core.text.dispersion import Dispersion, count_words
from core.text.keywords import (
    LEAST_DOCUMENTS,
    PRIOR_TOKENS,
    find_key_words,
    lean_to_label,
    weigh_by_label,
    weigh_log_odds,
)
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


def test_two_halves_of_one_text_have_hardly_a_key_word():
    rng = np.random.default_rng(2)
    shares = 1 / np.arange(1, 1001)
    ours, theirs = rng.multinomial(30_000, shares / shares.sum(), size=2)
    _, z = weigh_log_odds(ours, theirs)
    assert np.abs(z).max() < 4.5
    assert (np.abs(z) > 1.96).mean() < 0.07


def words_of(found, group, *, only_key=True):
    return [found.words[row] for row in found.rows[found.cells_of(group, only_key=only_key)].tolist()]


def test_key_words_of_two_texts_and_the_same_turned_round():
    king, river = corpus_of("the king saw the king\n" * 30), corpus_of("the river saw the boat and the river\n" * 30)
    found, back = find_key_words(king, river), find_key_words(river, king)
    assert words_of(found, 0) == ["king"] == words_of(back, 1)
    assert words_of(found, 1)[0] == "river" == words_of(back, 0)[0]
    first = found.cells_of(0)[0]
    assert (found.counts[first], found.others[first], found.spread[first]) == (60, 0, 30)
    z = weigh_log_odds([60, 60, 30, 0, 0, 0], [0, 90, 30, 60, 30, 30])[1][0]
    assert found.z[first] == pytest.approx(z, abs=1e-9)


def test_a_text_has_no_key_words_against_itself():
    text = corpus_of("the king saw the king\nthe queen saw\n" * 30)
    found = find_key_words(text, text)
    assert not found.are_key.any()
    np.testing.assert_allclose(found.z, 0, atol=1e-12)


def made(rng, bursts):
    """300 documents of two labels dealt out at random; `bursts` words are frequent in one document alone."""
    shares = 1 / np.arange(1, 301)
    lines = []
    for number in range(300):
        words = [f"w{word}" for word in rng.choice(300, 60, p=shares / shares.sum())]
        lines.append(" ".join(words + [f"b{number}"] * (50 if number < bursts else 0)))
    labels = rng.permutation(["a", "b"] * 150).tolist()
    return [Document(str(number), line, label) for number, (line, label) in enumerate(zip(lines, labels, strict=True))]


def test_words_of_one_document_are_not_key_however_often_they_stand_there():
    corpus = build_corpus(made(np.random.default_rng(3), bursts=60))
    found = weigh_by_label(corpus)
    assert (found.z[found.spread < LEAST_DOCUMENTS] > 3).sum() > 40
    assert not found.are_key.any()


def test_of_labels_dealt_out_at_random_nothing_is_key_and_what_one_label_has_more_of_is():
    documents = made(np.random.default_rng(4), bursts=0)
    assert not weigh_by_label(build_corpus(documents)).are_key.any()
    planted = [replace(each, text=each.text + " planted" * (each.label == "b")) for each in documents]
    found = weigh_by_label(build_corpus(planted))
    assert words_of(found, found.groups.index("b")) == ["planted"]


def test_how_sure_a_word_is_is_the_hypergeometric_tail():
    documents = [Document(str(n), "rare word" if n in (0, 1, 2, 9) else "word", "ab"[n >= 8]) for n in range(40)]
    corpus = build_corpus(documents)
    text = Dispersion(count_words(corpus), np.diff(corpus.document_starts).astype(float), 2, len(corpus.words))
    group = np.array([int(n >= 8) for n in range(40)])
    found = text.group(group)
    cell = np.flatnonzero((found.groups == 0) & (found.words == corpus.words.index("rare")))
    assert (found.counts[cell], found.spread[cell]) == (3, 3)
    assert text.sureness(found, group, cell)[0] == pytest.approx(-np.log10(hypergeom.sf(2, 40, 4, 8)))


def test_a_word_leans_to_the_label_that_has_too_much_of_it():
    lines = [("king court the of and", "a"), ("river boat the of and", "b"), ("song dance the of and", "c")]
    corpus = build_corpus([Document(str(n), lines[n % 3][0], lines[n % 3][1]) for n in range(90)])
    weighed = weigh_by_label(corpus)
    assert weighed.groups == ("a", "b", "c")
    assert (weighed.documents.tolist(), weighed.tokens.tolist()) == ([30] * 3, [150] * 3)
    row = {word: number for number, word in enumerate(corpus.words)}
    leaning = lean_to_label(weighed, [row["king"], row["boat"], row["dance"], row["the"], -1])
    assert leaning.tolist() == [0, 1, 2, -1, -1]
    assert lean_to_label(weighed, [row["king"], row["boat"]], shown=[1]).tolist() == [-1, 1]


def test_without_two_labels_nothing_leans():
    corpus = corpus_of("one two\n" * 20, label="only")
    assert weigh_by_label(corpus).groups == ()
    assert lean_to_label(weigh_by_label(corpus), [0, 1]).tolist() == [-1, -1]
    assert weigh_by_label(replace(corpus, labels=(None,) * corpus.n_documents)).groups == ()


def test_an_empty_text_has_no_key_words():
    with pytest.raises(ValueError, match="without a word"):
        weigh_log_odds(np.zeros(3), np.ones(3))
