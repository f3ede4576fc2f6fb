"""Words that the vectors file lacks, placed by words that are spelled like them."""

import numpy as np

from core.geometry.directions import unit
from core.models.spelling import place_by_spelling


def directions_for(words, covered):
    made = unit(np.random.default_rng(3).normal(size=(len(words), 20)).astype(np.float32))
    made[~covered] = 0
    return made


def test_a_new_word_goes_to_the_word_that_is_spelled_most_like_it():
    words = ("bronchioles", "table", "justice", "bronchi", "bronchiole", "xyzzy")
    covered = np.array([True] * 4 + [False] * 2)
    before = directions_for(words, covered)
    placed, turned = place_by_spelling(before, words, covered)
    assert turned.tolist() == [False] * 4 + [True, False]
    assert placed[:4].tobytes() == before[:4].tobytes()
    assert not placed[5].any()  # nothing is spelled like it
    likeness = placed[:4] @ placed[4]
    assert np.argmax(likeness) == 0
    assert likeness[0] > 0.7 > 0.5 > np.abs(likeness[1:3]).max()
    assert abs(np.linalg.norm(placed[4]) - 1) < 1e-6


def test_the_more_alike_the_less_the_contexts_say():
    words = ("nonspecific", "house", "nonspecifically", "nonsense")
    covered = np.array([True, True, False, False])
    before = directions_for(words, covered)
    before[2:] = before[1]  # the contexts of both put them at "house"
    placed, turned = place_by_spelling(before, words, covered)
    assert turned[2]
    kept = placed @ before[1]
    assert kept[2] < kept[3] <= 1 + 1e-6
    assert placed[2] @ before[0] > placed[3] @ before[0]


def test_it_is_the_weighted_mean_that_the_docstring_says():
    words = ("walked", "walker", "talking", "walking")
    covered = np.array([True, True, True, False])
    before = directions_for(words, covered)
    before[3] = before[0]
    placed, _ = place_by_spelling(before, words, covered)
    from sklearn.feature_extraction.text import TfidfVectorizer

    runs = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
    theirs = runs.fit_transform(words[:3])
    alike = np.asarray((runs.transform(words[3:]) @ theirs.T).todense())[0]
    mean = (alike**4) @ before[:3]
    weight = alike.max() - 0.1
    wanted = (1 - weight) * before[3] + weight * mean / np.linalg.norm(mean)
    np.testing.assert_allclose(placed[3], wanted / np.linalg.norm(wanted), atol=1e-5)


def test_without_new_or_known_words_nothing_changes():
    words = ("one", "two")
    for covered in (np.array([True, True]), np.array([False, False])):
        before = directions_for(words, np.array([True, True]))
        placed, turned = place_by_spelling(before, words, covered)
        assert placed.tobytes() == before.tobytes()
        assert not turned.any()


def test_many_words_are_taken_in_shares_with_the_same_result(monkeypatch):
    rng = np.random.default_rng(1)
    words = tuple("".join(rng.choice(list("abcd"), 7)) for _ in range(300))
    covered = np.arange(300) < 150
    before = directions_for(words, covered)
    whole, _ = place_by_spelling(before, words, covered)
    monkeypatch.setattr("core.models.spelling._ROWS", 7)
    assert place_by_spelling(before, words, covered)[0].tobytes() == whole.tobytes()
