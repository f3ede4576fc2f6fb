import numpy as np
import pytest

from core.comparison.pair import SharedWords
from core.geometry.neighbours import nearest_neighbours
from core.maps.pair_layout import PairLayout, Track
from core.maps.word_sample import add_neighbours, add_places, add_words, choose_drawn, sample_words


def shared_words(n):
    return SharedWords(tuple(f"w{row}" for row in range(n)), np.arange(n), np.arange(n) + 5, (), ("only",))


def test_a_sample_has_the_frequent_words_and_others_and_is_always_the_same():
    whole = shared_words(1000)
    sample = sample_words(whole, 100)
    assert len(sample.words) == len(set(sample.words)) == 100
    assert sample.words[:50] == whole.words[:50]
    assert sample.words[50:] != whole.words[50:100]
    assert sample.words == sample_words(whole, 100).words
    assert all(f"w{row}" == word for word, row in zip(sample.words, sample.left_rows, strict=True))
    assert sample.only_right == ("only",)
    assert sample_words(whole, 1000) is whole


def test_an_added_word_has_the_neighbours_and_the_place_that_its_vector_says():
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(41, 6)).astype(np.float32)
    vectors[40] = vectors[7] * 2
    whole = shared_words(41)
    sample = sample_words(whole, 20)
    word = next(word for word in whole.words if word not in sample.words)
    shown = add_words(sample, whole, (word,))
    assert shown.words[-1] == word
    assert whole.words[shown.left_rows[-1]] == word
    near = nearest_neighbours(vectors[:40], 6)
    more = add_neighbours(near, vectors)
    np.testing.assert_array_equal(more.indices[:40], near.indices)
    assert more.indices[40, 0] == 7
    assert more.similarities[40, 0] == pytest.approx(1, abs=1e-5)
    places = generator.normal(size=(40, 2)).astype(np.float32)
    track = Track((places,), np.ones(40, bool))
    layout = add_places(PairLayout(track, track, "pca", "joint", 0.0), (more, more), (np.ones(41, bool),) * 2)
    np.testing.assert_array_equal(layout.left.at(None)[:40], places)
    np.testing.assert_allclose(layout.left.at(None)[40], places[more.indices[40, :5]].mean(axis=0), rtol=1e-5)


def test_a_word_without_a_vector_stands_in_the_middle():
    vectors = np.eye(4, 3, dtype=np.float32)  # the last row is zero
    near = add_neighbours(nearest_neighbours(vectors[:3], 2), vectors)
    track = Track((np.eye(3, 2, dtype=np.float32),), np.ones(3, bool))
    layout = add_places(PairLayout(track, track, "pca", "joint", 0.0), (near, near), (np.ones(4, bool),) * 2)
    np.testing.assert_allclose(layout.right.at(None)[3], [1 / 3, 1 / 3], rtol=1e-5)


def test_the_frequent_half_an_even_sample_of_the_others_and_what_matters_is_drawn():
    drawn = choose_drawn(1000, 100, np.array([777, 3]))
    assert drawn[:50].all()
    assert drawn[777]
    others = np.flatnonzero(drawn[50:])
    assert len(others) in (50, 51)
    assert np.diff(np.setdiff1d(others, [727])).max() < 2 * 950 / 50
    assert drawn[999]
    assert choose_drawn(40, 100, np.array([], int)).all()
