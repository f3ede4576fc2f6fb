"""Names for every part of a map, as they go to a browser."""

from base64 import b64decode

import numpy as np
from made_runs import LEFT, RIGHT, make_workspace

from core.geometry.neighbours import nearest_neighbours
from core.maps.pair_store import PairOrder
from core.maps.payload import read_bits
from core.maps.regions import find_word_regions
from core.maps.word_sample import add_neighbours
from core.text.languages import stop_words


def test_no_region_is_named_by_a_function_word_a_number_or_a_clitic(cache):
    make_workspace(400)
    left, right, shared = PairOrder(LEFT, RIGHT, 1000).open()
    hidden = ("the", "of", "'s", "1961", "and", "n't", "x")
    words = (*hidden, *shared.words[len(hidden) :])
    found = find_word_regions(left, right, shared._replace(words=words), ["English"])
    lent = {word for level in found.levels for name in level.names for word in name.split(", ") if word}
    assert lent
    assert not lent & (stop_words("English") | set(hidden))
    content = read_bits(found.payload.content, len(words))
    assert not content[: len(hidden)].any()
    assert content[len(hidden) :].all()


def test_a_browser_finds_the_coarse_region_of_each_word_by_the_parents_of_its_finest(cache):
    make_workspace(2000)
    left, right, shared = PairOrder(LEFT, RIGHT, 5000).open()
    found = find_word_regions(left, right, shared, [None])
    told = found.payload
    codes = np.frombuffer(b64decode(told.codes), np.uint8).astype(int)
    for level in reversed(told.levels[1:]):
        codes = np.array([region.parent for region in level])[codes]
    np.testing.assert_array_equal(codes, found.labels)
    assert tuple(region.name for region in told.levels[0]) == found.names


def test_a_word_that_was_added_belongs_where_its_nearest_does():
    vectors = np.random.default_rng(0).normal(size=(31, 6)).astype(np.float32)
    vectors[30] = vectors[4]
    near = add_neighbours(nearest_neighbours(vectors[:30], 5), vectors)
    found = _regions(30, vectors[:30])
    more = found.extend(near)
    assert more.labels[30] == found.labels[4]
    assert more.content[30]
    assert found.extend(nearest_neighbours(vectors[:30], 5)) is found


def _regions(n, vectors):
    from core.geometry.clusters import find_regions
    from core.maps.regions import WordRegions

    words, counts = tuple(f"w{row}" for row in range(n)), np.arange(n, 0, -1)
    return WordRegions(find_regions(words, vectors, vectors, counts, np.ones(n, bool), 3), np.ones(n, bool))
