"""New words: with the nearest known words of each side, on made-up vectors."""

from dataclasses import replace

import numpy as np

from core.comparison.candidates import find_candidates
from core.comparison.new_words import describe_new_words, name_what_placed, order_new_words
from core.comparison.pair import compare
from core.config import TrainConfig
from core.models.embedding import Embedding

WORDS = ("river", "water", "the", "loan", "credit", "blorp", "7x7x7", "gronk")
COVERED = np.array([1, 1, 1, 1, 1, 0, 1, 0], bool)
KNOWN = np.array([[1, 0, 0], [0.9, 0.3, 0], [0.7, 0.7, 0.1], [0, 0.1, 1], [0.1, 0, 1]])


def model(strategy: str, new: list[list[float]], counts: list[int]) -> Embedding:
    vectors = np.vstack([KNOWN, new]).astype(np.float32)
    return Embedding("m", WORDS, vectors, np.array(counts), COVERED, TrainConfig(strategy=strategy), {})  # type: ignore[arg-type]


def test_known_words_near_a_new_one_on_either_side() -> None:
    left = model("tied", [[1, 0.1, 0], [0, 1, 0], [0, 0, 0]], [9, 9, 9, 9, 9, 1, 5, 2])
    right = model("tied", [[0, 0, 1], [0, 1, 0], [1, 0, 0]], [9, 9, 9, 9, 9, 1, 5, 8])
    comparison = compare(left, right, 3)
    candidates = find_candidates(comparison.shared, left, right, ["English"])
    rows = order_new_words(comparison, left, right, candidates)
    assert [WORDS[row] for row in rows] == ["gronk", "blorp"]
    gronk, blorp = describe_new_words(comparison, left, right, candidates, rows.tolist())
    assert (gronk.left_count, gronk.right_count) == (2, 8)
    assert gronk.left_near == ()  # all zeros there
    assert gronk.right_near[:2] == ("river", "water")
    assert blorp.left_near[:2] == ("river", "water")
    assert blorp.right_near[:2] == ("loan", "credit")
    assert "the" not in blorp.left_near
    assert not {"blorp", "gronk"} & {*blorp.left_near, *gronk.right_near}


def test_what_put_new_words_where_they_are_is_what_the_models_looked_at() -> None:
    old = model("tied", [[1, 0, 0]] * 3, [9] * 8)
    spelled = replace(old, config=replace(old.config, spelled=True))
    assert name_what_placed(old, old) == "the words around them"
    assert name_what_placed(old, spelled) == "the words around them and words that are spelled like them"


def test_the_file_itself_has_no_place_for_a_new_word() -> None:
    left = model("pretrained", [[1, 0, 0]] * 3, [9] * 8)
    right = model("tied", [[0, 0, 1], [0, 1, 0], [0, 0, 1]], [9] * 8)
    comparison = compare(left, right, 3)
    candidates = find_candidates(comparison.shared, left, right, ["English"])
    (found,) = describe_new_words(comparison, left, right, candidates, [5])
    assert found.left_near == ()
    assert found.right_near[0] in ("loan", "credit")
    assert describe_new_words(comparison, left, right, candidates, []) == ()
