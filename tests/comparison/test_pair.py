"""Comparisons of small embeddings against values worked out by hand or by brute force."""

import numpy as np
import pytest

from core.comparison.pair import changes, compare, match_words
from core.config import TrainConfig
from core.errors import ComparisonError
from core.models.embedding import Embedding


def embedding(words: str, vectors: object, covered: object = None, name: str = "model") -> Embedding:
    names = tuple(words.split())
    array = np.array(vectors, np.float32)
    counts = np.arange(len(names), 0, -1, dtype=np.int64)
    known = np.ones(len(names), bool) if covered is None else np.array(covered, bool)
    return Embedding(name, names, array, counts, known, TrainConfig(strategy="scratch"), {})


def on_circle(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_words_are_matched() -> None:
    left = embedding("a b c d", np.eye(4))
    right = embedding("d x b a", np.eye(4))
    shared = match_words(left, right)
    assert shared.words == ("a", "b", "d")
    assert (shared.left_rows.tolist(), shared.right_rows.tolist()) == ([0, 1, 3], [3, 2, 0])
    assert (shared.only_left, shared.only_right) == (("c",), ("x",))


@pytest.mark.parametrize(("words", "number"), [("x y z w", "none"), ("a y z w", "1"), ("a b z w", "2")])
def test_too_few_shared_words_are_refused(words: str, number: str) -> None:
    with pytest.raises(ComparisonError, match=rf"left \(4 words\) and right \(4 words\) share {number}; .* at least 3"):
        compare(embedding("a b c d", np.eye(4), name="left"), embedding(words, np.eye(4), name="right"))


def test_an_embedding_has_not_changed_from_itself() -> None:
    one = embedding("a b c d e", np.random.default_rng(0).normal(size=(5, 3)))
    result = compare(one, one, 2)
    assert result.overlap.tolist() == [1] * 5
    assert result.weighted_overlap_at(4).tolist() == [1] * 5
    np.testing.assert_allclose(result.change, 0, atol=1e-6)
    assert result.residual < 1e-6


def test_overlap_by_hand() -> None:
    left = embedding("a b c d", on_circle(0, 10, 25, 45))
    right = embedding("d c b a", on_circle(10, 45, 25, 0))  # c and d have changed places
    result = compare(left, right, 2)
    assert result.left_neighbours.indices[0].tolist() == [1, 2, 3]
    assert result.right_neighbours.indices[0].tolist() == [3, 1, 2]
    np.testing.assert_allclose(result.overlap[0], 1 / 3)  # {b, c} and {d, b}
    np.testing.assert_allclose(result.weighted_overlap_at(2)[0], (0 + 1 / 2) / 2)
    assert result.overlap_at(3).tolist() == [1] * 4
    np.testing.assert_allclose(result.weighted_overlap_at(3)[0], (0 + 1 / 2 + 1) / 3)


def test_change_sees_the_word_that_moved_and_no_rotation() -> None:
    rng = np.random.default_rng(1)
    left = rng.normal(size=(200, 10)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(10, 10)))
    right = (left @ turn * 3).astype(np.float32)
    right[17] *= -1
    change, residual = changes(left, right)
    assert change.argmax() == 17
    assert change[17] > 1.8
    assert np.delete(change, 17).max() < 0.01
    assert residual < 0.02


def test_zero_vectors_have_no_value() -> None:
    vectors = np.random.default_rng(0).normal(size=(6, 4))
    vectors[2] = 0
    one = embedding("a b c d e f", vectors)
    result = compare(one, one, 3)
    assert np.isnan(result.change[2])
    assert np.isnan(result.overlap[2])
    assert np.isfinite(np.delete(result.change, 2)).all()
