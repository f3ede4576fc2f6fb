"""One word between two embeddings: against brute force and by hand."""

import numpy as np
import pytest

from core.comparison.neighbourhood import (
    changes_in_file,
    describe_faults,
    neighbour_changes,
    neighbour_rows,
    neighbour_words,
    similarity_in,
)
from core.comparison.pair import compare
from core.config import TrainConfig
from core.models.embedding import Embedding
from core.pretrained.files import find_vectors
from core.pretrained.index import build_index, open_index
from core.pretrained.vectors import write_glove


def embedding(vectors: np.ndarray, words: tuple[str, ...] = (), covered: bool = False) -> Embedding:
    words = words or tuple(f"w{row}" for row in range(len(vectors)))
    counts = np.arange(len(words), 0, -1, dtype=np.int64)
    known = np.arange(len(words)) % 2 == 0 if covered else np.zeros(len(words), bool)
    return Embedding("m", words, np.array(vectors, np.float32), counts, known, TrainConfig(strategy="scratch"), {})


def all_cosines(vectors: np.ndarray) -> np.ndarray:
    wide = vectors.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    return wide @ wide.T


@pytest.mark.parametrize("topn", [5, 20])
def test_changes_are_those_of_brute_force(topn: int) -> None:
    rng = np.random.default_rng(0)
    left = embedding(rng.normal(size=(60, 6)), covered=True)
    order = rng.permutation(60)[:50]
    right = embedding(
        left.vectors[order] + 0.8 * rng.normal(size=(50, 6)), tuple(f"w{row}" for row in order), covered=True
    )
    comparison = compare(left, right, 10, depth=20)
    shared = comparison.shared
    cosines = all_cosines(left.vectors[shared.left_rows]), all_cosines(right.vectors[shared.right_rows])
    for row in range(0, 50, 7):
        ranked = [[other for other in np.argsort(-side[row]).tolist() if other != row] for side in cosines]
        near = [set(side[:topn]) for side in ranked]
        wanted = (
            [other for other in ranked[1] if other in near[0] & near[1]],
            [other for other in ranked[1] if other in near[1] - near[0]],
            [other for other in ranked[0] if other in near[0] - near[1]],
        )
        names = [tuple(comparison.words[other] for other in others) for others in wanted]
        assert neighbour_words(comparison, row, topn) == tuple(names)
        for found, others in zip(neighbour_changes(comparison, left, right, row, topn), wanted, strict=True):
            assert [each.word for each in found] == [comparison.words[other] for other in others]
            for each, other in zip(found, others, strict=True):
                assert (each.left_rank, each.right_rank) == tuple(side.index(other) + 1 for side in ranked)
                np.testing.assert_allclose(
                    (each.left_similarity, each.right_similarity), [side[row, other] for side in cosines], atol=1e-6
                )
                number = int(each.word[1:])
                assert each.left_count == 60 - number
                assert each.right_count == 50 - right.words.index(each.word)
                covered = number % 2 == 0 or right.words.index(each.word) % 2 == 0
                assert each.new is not covered


def test_changes_by_hand() -> None:
    def on_circle(*degrees: float) -> np.ndarray:
        return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)

    left = embedding(on_circle(0, 10, 25, 45), tuple("abcd"))
    right = embedding(on_circle(10, 45, 25, 0), tuple("dcba"))
    comparison = compare(left, right, 2)
    (kept,), (gained,), (lost,) = neighbour_changes(comparison, left, right, 0, 2)
    assert (kept.word, gained.word, lost.word) == ("b", "d", "c")
    assert (kept.left_rank, kept.right_rank) == (1, 2)
    assert (gained.left_rank, gained.right_rank) == (3, 1)
    assert (lost.left_rank, lost.right_rank) == (2, 3)
    np.testing.assert_allclose(gained.right_similarity, np.cos(np.radians(10)), rtol=1e-6)
    np.testing.assert_allclose(gained.left_similarity, np.cos(np.radians(45)), rtol=1e-6)
    assert (gained.left_count, gained.right_count) == (1, 4)
    assert neighbour_rows(comparison, 0, 2) == ({1: 2}, {3: 1}, {2: 2})


def test_words_that_no_pretrained_vectors_have_are_new() -> None:
    known = np.eye(4, dtype=np.float32), np.arange(4, 0, -1)
    sides = [
        Embedding(name, tuple("abcd"), *known, np.array(covered, bool), TrainConfig(strategy="scratch"), {})
        for name, covered in (("left", [1, 1, 1, 0]), ("right", [1, 1, 0, 0]))
    ]
    found = neighbour_changes(compare(*sides, 3), *sides, 0, 3)
    assert {each.word: each.new for each in found.kept} == {"b": False, "c": False, "d": True}


def test_a_word_without_direction_has_no_neighbours() -> None:
    vectors = np.random.default_rng(0).normal(size=(8, 3))
    vectors[2] = 0
    one = embedding(vectors)
    comparison = compare(one, one, 3)
    assert neighbour_changes(comparison, one, one, 2, 3) == ((), (), ())
    assert neighbour_words(comparison, 2, 3) == ((), (), ())


def test_neighbours_in_the_whole_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(80)]
    write_glove(tmp_path / "all.5d.txt", words, rng.normal(size=(80, 5)).astype(np.float32))
    build_index(lambda *_: None, tmp_path / "all.5d.txt")
    index = open_index(find_vectors(tmp_path / "all.5d.txt"))
    assert index is not None
    before, after = np.array(index.vectors[3]), rng.normal(size=5).astype(np.float32)
    kept, gained, lost = changes_in_file(index, "w3", before, after, 10, {"w5": 7})
    for vector, found in ((before, [*kept, *lost]), (after, [*kept, *gained])):
        cosines = index.vectors @ vector / np.linalg.norm(index.vectors, axis=1)
        cosines[3] = -np.inf
        assert {each.word for each in found} == {words[row] for row in np.argsort(-cosines)[:10]}
    assert [each.right_rank for each in sorted([*kept, *gained], key=lambda each: each.right_rank)] == list(
        range(1, 11)
    )
    assert all(each.left_rank > 10 for each in gained)
    with pytest.raises(ValueError, match="no neighbours"):
        changes_in_file(index, "w3", before, np.zeros(5, np.float32), 10, {})


def test_neighbours_in_the_whole_file_with_zeros_extremes_and_ties(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = np.array([[0, 0], [1, 0], [1e30, 0], [1e-30, 1e-30], [2, 0], [-1, 0]], np.float32)
    write_glove(tmp_path / "a.txt", ["zero", "one", "huge", "tiny", "two", "minus"], rows)
    build_index(lambda *_: None, tmp_path / "a.txt")
    index = open_index(find_vectors(tmp_path / "a.txt"))
    assert index is not None
    here = np.array([1, 0], np.float32)
    kept, gained, lost = changes_in_file(index, "elsewhere", here, here, 6, {})
    assert [each.word for each in kept] == ["one", "huge", "two", "tiny", "minus"]
    assert [each.left_similarity for each in kept] == pytest.approx([1, 1, 1, 2**-0.5, -1], abs=1e-6)
    assert gained == lost == ()


def test_zero_and_repeated_vectors_are_named() -> None:
    vectors = np.random.default_rng(0).normal(size=(9, 4))
    assert describe_faults(embedding(vectors)) == ()
    vectors[[1, 2]] = 0
    vectors[5] = vectors[6]
    empty, repeated = describe_faults(embedding(vectors))
    assert empty.startswith("2 vectors are all zeros (w1, w2)")
    assert repeated.startswith("2 vectors are equal to another word's (w5)")


def test_similarity_of_two_words() -> None:
    one = embedding(np.array([[1, 0], [1, 1], [0, 0]]))
    assert similarity_in(one, "w0", "w1") == pytest.approx(0.5**0.5, abs=1e-6)
    assert similarity_in(one, "w0", "q") is None
    assert similarity_in(one, "w0", "w2") is None
