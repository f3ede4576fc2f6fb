"""One word between two embeddings: against the functions that compute everything anew."""

import numpy as np
import pytest

from core.comparison.neighbourhood import changes_at, changes_in_file, describe_faults, near_words, similarity_in
from core.comparison.pair import compare, neighbour_changes
from core.config import TrainConfig
from core.models.embedding import Embedding
from core.pretrained.files import find_vectors
from core.pretrained.index import build_index, nearest, open_index
from core.pretrained.vectors import write_glove


def embedding(vectors: np.ndarray, words: tuple[str, ...] = (), covered: bool = False) -> Embedding:
    words = words or tuple(f"w{row}" for row in range(len(vectors)))
    counts = np.arange(len(words), 0, -1, dtype=np.int64)
    known = np.arange(len(words)) % 2 == 0 if covered else np.zeros(len(words), bool)
    return Embedding("m", words, np.array(vectors, np.float32), counts, known, TrainConfig(strategy="scratch"), {})


@pytest.mark.parametrize("topn", [5, 20])
def test_changes_are_those_of_a_fresh_search(topn: int) -> None:
    rng = np.random.default_rng(0)
    left = embedding(rng.normal(size=(60, 6)), covered=True)
    order = rng.permutation(60)[:50]
    right = embedding(
        left.vectors[order] + 0.8 * rng.normal(size=(50, 6)), tuple(f"w{row}" for row in order), covered=True
    )
    comparison = compare(left, right, 10, depth=20)
    for row in range(0, 50, 7):
        got = changes_at(comparison, left, right, row, topn)
        wanted = neighbour_changes(left, right, comparison.words[row], topn)
        named = near_words(comparison, row, topn)
        assert named.kept == tuple(each.word for each in wanted.kept)
        assert named.gained == tuple(each.word for each in wanted.gained)
        for ours, theirs in zip(got, wanted, strict=True):
            assert [each.word for each in ours] == [each.word for each in theirs]
            for a, b in zip(ours, theirs, strict=True):
                assert (a.left_rank, a.right_rank, a.left_count, a.new) == (
                    b.left_rank,
                    b.right_rank,
                    b.left_count,
                    b.new,
                )
                np.testing.assert_allclose(
                    [a.left_similarity, a.right_similarity], [b.left_similarity, b.right_similarity], atol=1e-5
                )


def test_a_word_without_direction_has_no_neighbours() -> None:
    vectors = np.random.default_rng(0).normal(size=(8, 3))
    vectors[2] = 0
    one = embedding(vectors)
    assert changes_at(compare(one, one, 3), one, one, 2, 3) == ((), (), ())


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
        assert {each.word for each in found} == {each.word for each in nearest(index, vector, 10, ["w3"])}
    assert [each.right_rank for each in sorted([*kept, *gained], key=lambda each: each.right_rank)] == list(
        range(1, 11)
    )
    assert all(each.left_rank > 10 for each in gained)
    with pytest.raises(ValueError, match="no neighbours"):
        changes_in_file(index, "w3", before, np.zeros(5, np.float32), 10, {})


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
