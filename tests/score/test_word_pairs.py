from pathlib import Path

import numpy as np
import pytest

from core.errors import EvaluationError
from core.geometry.directions import centre
from core.score.word_pairs import (
    CoveredPairs,
    WordPairs,
    correlate,
    cover_pairs,
    guard_interval,
    missing_words,
    published_pairs,
    read_word_pairs,
    similarities,
    solve_analogies,
)

EXPECTED = (("coast", "shore", 8.7), ("noon", "string", 0.5))


@pytest.mark.parametrize(
    "text",
    [
        "coast,shore,8.7\nnoon,string,0.5\n",
        "Word 1,Word 2,Human (mean)\ncoast,shore,8.7\nnoon,string,.5",
        "coast\tshore\t8.7\r\nnoon\tstring\t0.5\r\n",
        "first;second;score\ncoast;shore;8,7\nnoon;string;0,5",
        '"Coast", "Shore", "8.7"\n\n# a remark\n"noon", "string", "5e-1",\n',
        "\ufeffcoast,shore,8.7,a note\nnoon,string,0.5,",
    ],
    ids=["plain", "header", "tabs", "semicolons and decimal commas", "quotes and remarks", "mark and fourth column"],
)
def test_lists_people_have_are_read(text: str) -> None:
    found = read_word_pairs(text.encode(), "mine.csv")
    assert found.pairs == EXPECTED
    assert found.problems == ()
    assert found.analogies == ()


def test_lines_that_do_not_fit_are_named_and_the_rest_is_used() -> None:
    text = "coast,shore,8.7\ncat,dog,high\n,dog,3\nlonely\nnoon,string,0.5\nsea,sky,nan\n"
    found = read_word_pairs(text.encode(), "mine.csv")
    assert found.pairs == EXPECTED
    assert [problem.split()[:2] for problem in found.problems] == [["Line", f"{n}"] for n in ("2:", "3", "4", "6:")]
    assert "“high” in the score column is not a number" in found.problems[0]


@pytest.mark.parametrize("text", ["", "a,b\nc,d\n", "cat,dog,high\n", "word,word,score\n", "x" * 200_000 + ",b,1"])
def test_a_list_without_one_pair_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(EvaluationError, match=r"mine\.csv.*word, word, score"):
        read_word_pairs(text.encode(), "mine.csv")


def test_capitals_stay_when_the_text_keeps_them() -> None:
    assert read_word_pairs(b"Coast,Shore,8.7", "x", lowercase=False).pairs == (("Coast", "Shore", 8.7),)


def test_published_lists() -> None:
    wordsim, simlex = published_pairs("wordsim353"), published_pairs("simlex999")
    assert (len(wordsim.pairs), len(simlex.pairs)) == (352, 999)  # tiger-tiger is left out
    assert wordsim.pairs[0] == ("love", "sex", 6.77)


def test_only_usable_words_count() -> None:
    words, usable = ("noon", "shore", "coast", "string"), np.array([True, True, True, False])
    pairs = WordPairs("x", (*EXPECTED, ("coast", "noon", 1.0)), (("coast", "shore", "noon", "moon"),))
    covered = cover_pairs(pairs, words, usable)
    assert (covered.first.tolist(), covered.second.tolist(), covered.scores.tolist()) == ([2, 2], [1, 0], [8.7, 1.0])
    assert (covered.of, len(covered.analogies)) == (3, 0)
    assert missing_words(pairs, words, usable) == ("string", "moon")


def test_correlation_equals_gensim(tmp_path: Path) -> None:
    from gensim.models import KeyedVectors

    rng = np.random.default_rng(0)
    words = tuple(sorted({word for pair in published_pairs("wordsim353").pairs[:150] for word in pair[:2]}))
    usable = np.arange(len(words)) % 10 != 0
    centred = centre(rng.normal(size=(len(words), 10)).astype(np.float32), np.flatnonzero(usable))
    pairs = published_pairs("wordsim353")
    covered = cover_pairs(pairs, words, usable)
    ours = correlate(similarities(centred, covered), covered)
    gensim_vectors = KeyedVectors(10)
    gensim_vectors.add_vectors([word for word, use in zip(words, usable, strict=True) if use], centred[usable])
    listed = tmp_path / "pairs.tsv"
    listed.write_text("\n".join(f"{a}\t{b}\t{score}" for a, b, score in pairs.pairs), encoding="utf-8")
    _, spearman, unknown = gensim_vectors.evaluate_word_pairs(str(listed))
    assert ours.correlation == pytest.approx(spearman[0], abs=1e-6)
    assert ours.pairs == round(352 * (1 - unknown / 100)) > 50


def judged(scores: list[float]) -> CoveredPairs:
    rows = np.arange(len(scores))
    return CoveredPairs("x", rows, rows, np.array(scores), 9, np.zeros((0, 4), np.int64))


def test_ties_and_degenerate_lists() -> None:
    from scipy.stats import spearmanr

    ties, human = np.array([1.0, 1.0, 2.0, 3.0, 3.0]), [2.0, 1.0, 1.0, 5.0, 4.0]
    assert correlate(ties, judged(human)).correlation == pytest.approx(spearmanr(ties, human)[0])
    assert np.isnan(correlate(ties[:2], judged(human[:2])).correlation)
    assert np.isnan(correlate(np.ones(5), judged(human)).correlation)


def test_guard_sees_a_loss_and_not_a_tie() -> None:
    rng = np.random.default_rng(0)
    human = rng.normal(size=120)
    good, other = human + rng.normal(0, 0.7, 120), human + rng.normal(0, 0.7, 120)
    low, high = guard_interval(rng.normal(size=120), good, human, seed=0)
    assert low < high < 0
    low, high = guard_interval(other, good, human, seed=0)
    assert low < 0 < high
    assert guard_interval(good, good, human, seed=0) == (0, 0)
    assert np.isnan(guard_interval(good[:29], good[:29], human[:29], seed=0)).all()
    assert np.isnan(guard_interval(np.ones(120), good, human, seed=0)).all()


def test_analogies_by_vector_sum() -> None:
    words = ("man", "king", "woman", "queen", "apple", "unknown")
    vectors = np.array([[1, 0, 0], [1, 1, 0], [-1, 0, 0], [-1, 1, 0], [0, 0, 1], [0, 0, 0]], np.float32)
    lines = (("man", "king", "woman", "queen"), ("man", "king", "woman", "apple"), ("man", "king", "woman", "unknown"))
    asked = WordPairs("x", (), lines)
    covered = cover_pairs(asked, words, np.arange(6) < 5)
    assert solve_analogies(covered.analogies, vectors, np.arange(5)) == (1, 2)
    assert (
        read_word_pairs(b"man,king,woman,queen\nman,king,woman,apple\nman,king,woman,unknown", "x").analogies == lines
    )


def test_what_is_too_large_for_a_list_is_refused_unread() -> None:
    with pytest.raises(EvaluationError, match=r"may have 10 MB"):
        read_word_pairs(b"a,b,1\n" * 1_700_000, "mine.csv")
