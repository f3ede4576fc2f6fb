from itertools import pairwise

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from core.geometry.clusters import find_regions


def three_groups(per_group=20, noise=0.15):
    generator = np.random.default_rng(0)
    centres = np.eye(3, 6)
    rows = np.repeat(centres, per_group, axis=0) + noise * generator.normal(size=(3 * per_group, 6))
    words = tuple(f"{group}{number}" for group in "abc" for number in range(per_group))
    return words, rows.astype(np.float32), np.arange(3 * per_group, 0, -1)


def find(words, left, right, counts, *clusters, content=None):
    content = np.ones(len(words), bool) if content is None else content
    return find_regions(words, left, right, counts, content, *clusters)


def test_groups_are_found_and_do_not_depend_on_how_a_space_is_turned():
    words, rows, counts = three_groups()
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))[0].astype(np.float32)
    (found,) = find(words, rows, rows @ turn, counts, 3)
    groups = [tuple(sorted(set(found.labels[start : start + 20].tolist()))) for start in (0, 20, 40)]
    assert sorted(groups) == [(0,), (1,), (2,)]
    assert find(words, rows, rows @ turn, counts, 3)[0].names == found.names


def test_a_region_is_named_by_frequent_content_words_near_its_centre():
    words, rows, counts = three_groups(noise=0.0)
    counts = np.ones(60, int)
    counts[[3, 25, 47]] = 100
    counts[[4, 26, 48]] = 1000
    content = np.ones(60, bool)
    content[[4, 26, 48]] = False
    names = find(words, rows, rows, counts, 3, content=content)[0].names
    assert sorted(name.split(", ")[0] for name in names) == ["a3", "b5", "c7"]
    assert not any(each in name.split(", ") for name in names for each in ("a4", "b6", "c8"))


def test_a_coarse_region_without_content_words_has_a_name_all_the_same():
    words, rows, counts = three_groups()
    names = find(words, rows, rows, counts, 3, content=np.zeros(60, bool))[0].names
    assert all(names)


def test_a_name_says_a_word_once_and_not_again_in_another_form():
    rows = np.eye(2, 4, dtype=np.float32).repeat(5, axis=0)
    words = ("costs", "cost", "costly", "price", "tax", "hair", "hairs", "eyes", "lips", "chin")
    for name in find(words, rows, rows, np.arange(10, 0, -1), 2)[0].names:
        assert name in ("costs, price, tax", "hair, eyes, lips")


def test_regions_are_divided_as_long_as_there_are_words_and_no_two_have_one_name():
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(3000, 12)).astype(np.float32)
    words = tuple(f"word{number:04d}" for number in range(3000))
    levels = find(words, rows, rows, np.arange(3000, 0, -1))
    assert [len(level.names) for level in levels[:2]] == [7, 28]
    assert len(levels[2].names) > 28
    names = [name for level in levels for name in level.names if name]
    assert len(set(names)) == len(names)
    for coarse, fine in pairwise(levels):
        assert (np.array(fine.parents)[fine.labels] == coarse.labels).all()


def test_few_words_have_one_level():
    words, rows, counts = three_groups()
    assert len(find(words, rows, rows, counts)) == 1


def test_zero_vectors_have_no_region_and_few_words_few_regions():
    words, rows, counts = three_groups()
    rows[5] = 0
    assert find(words, rows, rows, counts, 3)[0].labels[5] == -1
    few = find(words[:2], rows[:2], rows[:2], counts[:2])[0]
    assert len(few.names) <= 2
    assert find(words[:3], np.zeros((3, 4)), np.zeros((3, 4)), counts[:3])[0].names == ()


def test_equal_vectors_do_not_stop_it():
    rows = np.ones((30, 4), np.float32)
    (found,) = find(tuple(map(str, range(30))), rows, rows, np.arange(30))
    assert set(found.labels.tolist()) <= {-1, 0}


def test_regions_do_not_depend_on_how_many_threads_there_are():
    rows = np.random.default_rng(0).normal(size=(3000, 20)).astype(np.float32)
    words, counts = tuple(map(str, range(3000))), np.arange(3000, 0, -1)
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(find(words, rows, rows, counts))
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one.labels, other.labels)
        assert one.names == other.names


@pytest.mark.filterwarnings("error")
def test_there_are_no_more_regions_than_vectors():
    rows = np.repeat(np.eye(3, 4, dtype=np.float32), 10, axis=0)
    (found,) = find(tuple(map(str, range(30))), rows, rows, np.arange(30))
    assert sorted(np.bincount(found.labels).tolist()) == [10, 10, 10]
