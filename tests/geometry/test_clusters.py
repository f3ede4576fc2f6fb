import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from core.geometry.clusters import find_clusters


def three_groups(per_group=20, noise=0.15):
    generator = np.random.default_rng(0)
    centres = np.eye(3, 6)
    rows = np.repeat(centres, per_group, axis=0) + noise * generator.normal(size=(3 * per_group, 6))
    words = tuple(f"{group}{number}" for group in "abc" for number in range(per_group))
    return words, rows.astype(np.float32), np.arange(3 * per_group, 0, -1)


def test_groups_are_found_and_do_not_depend_on_how_a_space_is_turned():
    words, rows, counts = three_groups()
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))[0].astype(np.float32)
    found = find_clusters(words, rows, rows @ turn, counts, 3)
    assert sorted({tuple(sorted(set(found.labels[start : start + 20].tolist()))) for start in (0, 20, 40)}) == [
        (0,), (1,), (2,)
    ]  # fmt: skip
    again = find_clusters(words, rows, rows @ turn, counts, 3)
    assert again.names == found.names


def test_a_cluster_is_named_by_frequent_words_near_its_centre():
    words, rows, counts = three_groups(noise=0.0)
    counts = np.ones(60, int)
    counts[[3, 25, 47]] = 100
    names = find_clusters(words, rows, rows, counts, 3).names
    assert sorted(name.split(", ")[0] for name in names) == ["a3", "b5", "c7"]


def test_zero_vectors_have_no_cluster_and_few_words_few_clusters():
    words, rows, counts = three_groups()
    rows[5] = 0
    assert find_clusters(words, rows, rows, counts, 3).labels[5] == -1
    few = find_clusters(words[:2], rows[:2], rows[:2], counts[:2])
    assert len(few.names) <= 2
    assert find_clusters(words[:3], np.zeros((3, 4)), np.zeros((3, 4)), counts[:3]).names == ()


def test_equal_vectors_do_not_stop_it():
    rows = np.ones((30, 4), np.float32)
    found = find_clusters(tuple(map(str, range(30))), rows, rows, np.arange(30))
    assert set(found.labels.tolist()) <= {-1, 0}


def test_clusters_do_not_depend_on_how_many_threads_there_are():
    rows = np.random.default_rng(0).normal(size=(3000, 20)).astype(np.float32)
    words, counts = tuple(map(str, range(3000))), np.arange(3000, 0, -1)
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(find_clusters(words, rows, rows, counts))
    np.testing.assert_array_equal(found[0].labels, found[1].labels)
    assert found[0].names == found[1].names


@pytest.mark.filterwarnings("error")
def test_there_are_no_more_clusters_than_vectors():
    rows = np.repeat(np.eye(3, 4, dtype=np.float32), 10, axis=0)
    found = find_clusters(tuple(map(str, range(30))), rows, rows, np.arange(30))
    assert sorted(np.bincount(found.labels).tolist()) == [10, 10, 10]
