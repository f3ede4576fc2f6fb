"""One word between two embeddings: against brute force and by hand."""

import numpy as np
import pytest

from core.comparison.movers import find_movers
from core.comparison.neighbourhood import (
    DEFAULT_MARGIN,
    NeighbourChanges,
    Neighbourhoods,
    NeighbourWords,
    changes_in_file,
    describe_faults,
    margins,
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


def neighbourhoods(left: Embedding, right: Embedding, depth: int, least_seen: int = 1) -> Neighbourhoods:
    return Neighbourhoods(compare(left, right, min(depth, 10), depth=depth), left, right, least_seen=least_seen)


def all_cosines(vectors: np.ndarray) -> np.ndarray:
    wide = vectors.astype(np.float64)
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    return wide @ wide.T


@pytest.mark.parametrize(("topn", "least_seen"), [(5, 1), (20, 1), (20, 25)])
def test_changes_are_those_of_brute_force(topn: int, least_seen: int) -> None:
    rng = np.random.default_rng(0)
    left = embedding(rng.normal(size=(60, 6)), covered=True)
    order = rng.permutation(60)[:50]
    right = embedding(
        left.vectors[order] + 0.8 * rng.normal(size=(50, 6)), tuple(f"w{row}" for row in order), covered=True
    )
    near = neighbourhoods(left, right, 20, least_seen)
    comparison = near.comparison
    shared = comparison.shared
    cosines = all_cosines(left.vectors[shared.left_rows]), all_cosines(right.vectors[shared.right_rows])
    for row in range(0, 50, 7):
        ranked = [[other for other in np.argsort(-side[row]).tolist() if other != row] for side in cosines]
        lists = [set(side[:topn]) for side in ranked]
        risen = cosines[1][row] - cosines[0][row]
        counts = left.counts[shared.left_rows], right.counts[shared.right_rows]
        came, went = set(np.flatnonzero(risen > 0.05).tolist()), set(np.flatnonzero(risen < -0.05).tolist())
        came &= set(np.flatnonzero(counts[1] >= least_seen).tolist())
        went &= set(np.flatnonzero(counts[0] >= least_seen).tolist())
        entered, departed = lists[1] - lists[0], lists[0] - lists[1]
        wanted = (
            [other for other in ranked[1] if other in lists[0] & lists[1]],
            [other for other in ranked[1] if other in entered & came],
            [other for other in ranked[0] if other in departed & went],
            [other for other in ranked[1] if other in entered - came]
            + [other for other in ranked[0] if other in departed - went],
        )
        names = [tuple(comparison.words[other] for other in others) for others in wanted]
        assert neighbour_words(near, row, topn) == tuple(names)
        for found, others in zip(neighbour_changes(near, row, topn), wanted, strict=True):
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


def on_circle(*degrees: float) -> np.ndarray:
    return np.stack([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], axis=1)


def test_changes_by_hand() -> None:
    left = embedding(on_circle(0, 10, 25, 45), tuple("abcd"))
    right = embedding(on_circle(10, 45, 25, 0), tuple("dcba"))
    near = neighbourhoods(left, right, 2)
    (kept,), (gained,), (lost,), () = neighbour_changes(near, 0, 2)
    assert (kept.word, gained.word, lost.word) == ("b", "d", "c")
    assert (kept.left_rank, kept.right_rank) == (1, 2)
    assert (gained.left_rank, gained.right_rank) == (3, 1)
    assert (lost.left_rank, lost.right_rank) == (2, 3)
    np.testing.assert_allclose(gained.right_similarity, np.cos(np.radians(10)), rtol=1e-6)
    np.testing.assert_allclose(gained.left_similarity, np.cos(np.radians(45)), rtol=1e-6)
    assert (gained.left_count, gained.right_count) == (1, 4)
    assert neighbour_rows(near, 0, 2) == ({1: 2}, {3: 1}, {2: 2}, {})
    assert (gained.entered, lost.entered) == (True, False)


def test_what_crosses_the_cut_without_coming_nearer_is_borderline() -> None:
    """b stays where it is while c and d come nearer: it leaves the list, but it was not lost."""
    left = embedding(on_circle(0, 10, 12, 30, 40), tuple("abcde"))
    right = embedding(on_circle(0, 10, 12, 5, 4), tuple("abcde"))
    near = neighbourhoods(left, right, 2)
    assert neighbour_words(near, 0, 2) == NeighbourWords((), ("e", "d"), (), ("b", "c"))
    changes = neighbour_changes(near, 0, 2)
    assert [each.entered for each in changes.borderline] == [False, False]
    assert all(each.left_similarity == pytest.approx(each.right_similarity) for each in changes.borderline)


def test_a_rise_within_the_margin_is_borderline_and_so_is_a_word_that_was_hardly_seen() -> None:
    left = embedding(on_circle(0, 10, 20, 38), tuple("abcd"))
    right = embedding(on_circle(0, 10, 60, 33), tuple("abcd"))
    assert 0 < np.cos(np.radians(33)) - np.cos(np.radians(38)) - DEFAULT_MARGIN < 0.01
    assert neighbour_words(neighbourhoods(left, right, 2), 0, 2) == (("b",), ("d",), ("c",), ())
    closer = embedding(on_circle(0, 10, 60, 34), tuple("abcd"))
    assert neighbour_words(neighbourhoods(left, closer, 2), 0, 2) == (("b",), (), ("c",), ("d",))
    rare = neighbourhoods(left, right, 2, least_seen=2)  # d occurs once, c twice
    assert neighbour_words(rare, 0, 2) == (("b",), (), ("c",), ("d",))
    rarer = neighbourhoods(left, right, 2, least_seen=3)
    assert neighbour_words(rarer, 0, 2) == (("b",), (), (), ("d", "c"))


def test_the_side_that_lists_a_neighbour_must_have_seen_it() -> None:
    left = embedding(on_circle(0, 10, 20, 38), tuple("abcd"))
    right = embedding(on_circle(33, 60, 10, 0), tuple("dcba"))  # d occurs four times here, c three times
    assert neighbour_words(neighbourhoods(left, right, 2, least_seen=2), 0, 2) == (("b",), ("d",), ("c",), ())
    assert neighbour_words(neighbourhoods(left, right, 2, least_seen=3), 0, 2) == (("b",), ("d",), (), ("c",))


def test_measured_noise_decides_what_is_gained() -> None:
    left = embedding(on_circle(0, 10, 20, 50, 70), tuple("abcde"))
    right = embedding(on_circle(0, 10, 60, 15, 80), tuple("abcde"))
    quiet = neighbourhoods(left, right, 2)
    for noise, expected in ((0.001, (("b",), ("d",), ("c",), ())), (0.2, (("b",), (), (), ("d", "c")))):
        movers = find_movers(
            quiet.comparison.change,
            np.arange(5, 0, -1),
            {"seed": np.full((2, 5), noise, np.float32)},
            least_count=1,
        )
        assert neighbour_words(Neighbourhoods(quiet.comparison, left, right, movers, 1), 0, 2) == expected


def test_margins_follow_from_how_far_noise_turns_two_words() -> None:
    """Against vectors that are turned in a random direction: 2.5 standard deviations of their similarity."""
    rng = np.random.default_rng(0)
    size, change, similarity = 20, 0.05, 0.6
    fixed = np.eye(size)[:2]
    word, other = fixed[0], similarity * fixed[0] + np.sqrt(1 - similarity**2) * fixed[1]
    found = []
    for _ in range(4000):
        pair = []
        for vector in (word, other):
            aside = rng.normal(size=size)
            aside -= aside @ vector * vector
            aside /= np.linalg.norm(aside)
            pair.append((1 - change) * vector + np.sqrt(1 - (1 - change) ** 2) * aside)
        found.append(pair[0] @ pair[1])
    (margin,) = margins(np.full((2, 1), change), np.array([similarity]), size)
    assert margin == pytest.approx(2.5 * np.std(found), rel=0.08)
    unknown = margins(np.array([[0.1], [np.nan]]), np.array([similarity]), size)
    assert unknown.tolist() == [DEFAULT_MARGIN]


def test_words_that_no_pretrained_vectors_have_are_new() -> None:
    known = np.eye(4, dtype=np.float32), np.arange(4, 0, -1)
    sides = [
        Embedding(name, tuple("abcd"), *known, np.array(covered, bool), TrainConfig(strategy="scratch"), {})
        for name, covered in (("left", [1, 1, 1, 0]), ("right", [1, 1, 0, 0]))
    ]
    found = neighbour_changes(neighbourhoods(*sides, 3), 0, 3)
    assert {each.word: each.new for each in found.kept} == {"b": False, "c": False, "d": True}


def test_a_word_without_direction_has_no_neighbours() -> None:
    vectors = np.random.default_rng(0).normal(size=(8, 3))
    vectors[2] = 0
    one = embedding(vectors)
    near = neighbourhoods(one, one, 3)
    assert neighbour_changes(near, 2, 3) == NeighbourChanges((), (), (), ())
    assert neighbour_words(near, 2, 3) == NeighbourWords((), (), (), ())


def test_a_word_without_direction_is_neither_gained_nor_lost() -> None:
    vectors = np.random.default_rng(0).normal(size=(8, 3))
    without = vectors.copy()
    without[2] = 0
    left, right = embedding(vectors), embedding(without)
    changes = neighbour_changes(neighbourhoods(left, right, 7), 0, 7)
    (only,) = changes.borderline
    assert only.word == "w2"
    assert np.isnan(only.right_similarity)
    assert not changes.gained + changes.lost


def test_neighbours_in_the_whole_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(80)]
    write_glove(tmp_path / "all.5d.txt", words, rng.normal(size=(80, 5)).astype(np.float32))
    build_index(lambda *_: None, tmp_path / "all.5d.txt")
    index = open_index(find_vectors(tmp_path / "all.5d.txt"))
    assert index is not None
    before, after = np.array(index.vectors[3]), rng.normal(size=5).astype(np.float32)
    kept, gained, lost, borderline = changes_in_file(index, "w3", before, after, 10, {"w5": 7})
    assert not borderline
    for vector, found in ((before, [*kept, *lost]), (after, [*kept, *gained])):
        cosines = index.vectors @ vector / np.linalg.norm(index.vectors, axis=1)
        cosines[3] = -np.inf
        assert {each.word for each in found} == {words[row] for row in np.argsort(-cosines)[:10]}
    assert [each.right_rank for each in sorted([*kept, *gained], key=lambda each: each.right_rank)] == list(
        range(1, 11)
    )
    assert all(each.left_rank > 10 for each in gained)
    noisy = changes_in_file(index, "w3", before, after, 10, {}, noise=0.9)
    assert {each.word for each in noisy.borderline} & {each.word for each in gained}
    assert all(each.right_similarity > each.left_similarity for each in noisy.gained)
    with pytest.raises(ValueError, match="no neighbours"):
        changes_in_file(index, "w3", before, np.zeros(5, np.float32), 10, {})


def test_neighbours_in_the_whole_file_with_zeros_extremes_and_ties(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = np.array([[0, 0], [1, 0], [9e5, 0], [1e-30, 1e-30], [2, 0], [-1, 0]], np.float32)
    write_glove(tmp_path / "a.txt", ["zero", "one", "huge", "tiny", "two", "minus"], rows)
    build_index(lambda *_: None, tmp_path / "a.txt")
    index = open_index(find_vectors(tmp_path / "a.txt"))
    assert index is not None
    here = np.array([1, 0], np.float32)
    kept, gained, lost, borderline = changes_in_file(index, "elsewhere", here, here, 6, {})
    assert [each.word for each in kept] == ["one", "huge", "two", "tiny", "minus"]
    assert [each.left_similarity for each in kept] == pytest.approx([1, 1, 1, 2**-0.5, -1], abs=1e-6)
    assert gained == lost == borderline == ()


def test_zero_and_repeated_vectors_are_named() -> None:
    vectors = np.random.default_rng(0).normal(size=(9, 4))
    assert describe_faults(embedding(vectors)) == ()
    vectors[[1, 2]] = 0
    vectors[5] = vectors[6]
    empty, repeated = describe_faults(embedding(vectors))
    assert empty.startswith("2 vectors are all zeros (“w1”, “w2”)")
    assert repeated.startswith("2 vectors are equal to another word's (“w5”)")


def test_similarity_of_two_words() -> None:
    one = embedding(np.array([[1, 0], [1, 1], [0, 0]]))
    assert similarity_in(one, "w0", "w1") == pytest.approx(0.5**0.5, abs=1e-6)
    assert similarity_in(one, "w0", "q") is None
    assert similarity_in(one, "w0", "w2") is None
