"""Change above noise on made-up changes whose noise is known, and on small embeddings."""

import numpy as np
import pytest

from core.comparison.groups import group_movers
from core.comparison.movers import Movers, NoiseKind, find_movers
from core.comparison.neighbourhood import Neighbourhoods
from core.comparison.pair import compare
from core.config import TrainConfig
from core.models.embedding import Embedding


def embedding(vectors: np.ndarray, seed: int = 1, words: tuple[str, ...] = (), **details: object) -> Embedding:
    words = words or tuple(f"w{row}" for row in range(len(vectors)))
    counts = np.arange(len(words), 0, -1, dtype=np.int64) + 20
    covered = np.zeros(len(words), bool)
    config = TrainConfig(strategy="scratch", seed=seed)
    return Embedding("model", words, np.array(vectors, np.float32), counts, covered, config, {}, details=details)


def noisy_changes(runs: int, words: int, seed: int, counts: np.ndarray) -> np.ndarray:
    """Log-normal, and larger for rarer words, as in trained models."""
    rng = np.random.default_rng(seed)
    return (0.5 / np.sqrt(counts) * np.exp(0.3 * rng.normal(size=(runs, words)))).astype(np.float32)


@pytest.fixture
def counts() -> np.ndarray:
    return np.sort(np.random.default_rng(0).integers(20, 2000, 400))[::-1].copy()


def test_planted_changes_are_found_among_noise(counts: np.ndarray) -> None:
    change = noisy_changes(1, 400, 1, counts)[0]
    planted = np.random.default_rng(2).choice(400, 40, replace=False)
    change[planted] *= 4
    movers = find_movers(change, counts, {"seed": noisy_changes(3, 400, 3, counts)})
    found = np.flatnonzero(movers.moved)
    assert len(np.intersect1d(found, planted)) >= 36
    assert len(np.setdiff1d(found, planted)) <= 4
    assert set(movers.most_moved) == set(found)
    assert (np.diff(movers.above[movers.most_moved]) <= 0).all()
    assert movers.runs == (3,)


def test_nothing_planted_nothing_found(counts: np.ndarray) -> None:
    flagged = [
        find_movers(noisy_changes(1, 400, seed, counts)[0], counts, {"seed": noisy_changes(2, 400, seed + 50, counts)})
        for seed in range(20)
    ]
    assert np.mean([movers.moved.mean() for movers in flagged]) < 0.005
    beyond = np.mean([(movers.change > movers.bound).mean() for movers in flagged])
    assert 0.04 < beyond < 0.065  # the bound itself is the 95 % bound that it says it is


def test_a_word_is_held_against_its_own_noise_too(counts: np.ndarray) -> None:
    """Each word moves by about as much with every deal, some far and some hardly."""
    false, found = 0, 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        usual = noisy_changes(1, 400, 50 + seed, counts)[0]
        noise, change = (usual * np.exp(0.05 * rng.normal(size=(runs, 400))).astype(np.float32) for runs in (6, 1))
        calm = find_movers(change[0], counts, {"permutation": noise})
        assert calm.moved.sum() <= 2
        np.testing.assert_allclose(calm.expected, usual, rtol=0.25)
        planted = rng.choice(400, 40, replace=False)
        change[0, planted] *= 1.5  # so much words of like count differ by themselves
        movers = find_movers(change[0], counts, {"permutation": noise})
        found += movers.moved[planted].sum()
        false += np.delete(movers.moved, planted).sum()
    assert found > 0.95 * 40 * 40
    assert false / (found + false) == pytest.approx(0.05, abs=0.012)  # as is promised
    by_seed = find_movers(change[0], counts, {"seed": noise})
    assert (by_seed.change[by_seed.moved] > 1.3 * by_seed.floor[by_seed.moved]).all()
    np.testing.assert_array_equal(by_seed.moved, by_seed.change >= by_seed.threshold)
    assert 0 < by_seed.moved.sum() < 0.5 * movers.moved.sum()  # by next to nothing is not enough


def test_the_threshold_is_told_in_changes_whatever_was_weighed(counts: np.ndarray) -> None:
    weighed = noisy_changes(1, 400, 1, counts)[0]
    weighed[:20] *= 4
    noise = {"seed": noisy_changes(3, 400, 3, counts)}
    unit = np.exp(np.random.default_rng(0).normal(size=400)).astype(np.float32)
    plain = find_movers(weighed, counts, noise)  # type: ignore[arg-type]
    movers = find_movers(unit * weighed, counts, noise, weighed=weighed)  # type: ignore[arg-type]
    np.testing.assert_array_equal(movers.moved, plain.moved)
    np.testing.assert_allclose(movers.threshold, unit * plain.threshold, rtol=1e-4)
    np.testing.assert_allclose(movers.above, plain.above, rtol=1e-5)
    np.testing.assert_array_equal(movers.moved, movers.change >= movers.threshold)


def test_floor_follows_frequency(counts: np.ndarray) -> None:
    movers = find_movers(noisy_changes(1, 400, 1, counts)[0], counts, {"seed": noisy_changes(4, 400, 3, counts)})
    expected = 0.5 / np.sqrt(counts)
    np.testing.assert_allclose(movers.floor[50:350], expected[50:350], rtol=0.25)


def test_the_harder_kind_of_noise_decides(counts: np.ndarray) -> None:
    change = noisy_changes(1, 400, 1, counts)[0]
    change[7] *= 6
    seeds = noisy_changes(3, 400, 3, counts)
    assert find_movers(change, counts, {"seed": seeds}).moved[7]
    both = find_movers(change, counts, {"seed": seeds, "documents": seeds * 5})
    assert not both.moved[7]
    assert both.kinds == ("seed", "documents")
    np.testing.assert_allclose(both.floor, find_movers(change, counts, {"documents": seeds * 5}).floor, rtol=1e-5)


def test_rare_and_missing_words_are_not_judged(counts: np.ndarray) -> None:
    counts[-5:] = 19
    change = noisy_changes(1, 400, 1, counts)[0]
    change[[3, -1]] = [np.nan, 2]
    noise = noisy_changes(2, 400, 3, counts)
    noise[0, :300] = np.nan
    movers = find_movers(change, counts, {"seed": noise})
    assert not movers.judged[[3, *range(395, 400)]].any()
    assert movers.judged.sum() == 394
    assert not movers.moved[[3, 399]].any()
    assert np.isfinite(movers.floor).all()


def every_case(counts: np.ndarray) -> list[Movers]:
    """With nothing, few and many words moved; one kind of noise, two, and none at all; words not judged."""
    cases = []
    for seed, planted, kinds in [(1, 0, 1), (2, 3, 1), (3, 40, 1), (4, 40, 2), (5, 399, 1)]:
        change = noisy_changes(1, 400, seed, counts)[0]
        change[:planted] *= 3
        change[[9, 200]] = np.nan, 2
        noise = {"seed": noisy_changes(3, 400, 50 + seed, counts), "documents": noisy_changes(5, 400, seed, counts)}
        few = np.random.default_rng(seed).random(400) < (0.02 if seed == 2 else 0.9)
        cases.append(find_movers(change, counts, dict(list(noise.items())[:kinds]), judgeable=few))  # type: ignore[arg-type]
    return [*cases, find_movers(change, counts, {"seed": np.zeros((1, 400), np.float32)})]


def test_the_threshold_parts_the_words_that_moved_from_all_others(counts: np.ndarray) -> None:
    for movers in every_case(counts):
        judged = movers.judged
        np.testing.assert_array_equal(np.isnan(movers.threshold), ~judged)
        np.testing.assert_array_equal(movers.moved[judged], (movers.change >= movers.threshold)[judged])
        np.testing.assert_array_equal(movers.moved[judged], (movers.relative >= 1)[judged])
        assert not movers.moved[~judged].any()


@pytest.mark.parametrize("kind", ["seed", "documents", "permutation", "placebo"])
def test_a_word_that_reaches_its_threshold_is_called_moved(counts: np.ndarray, kind: NoiseKind) -> None:
    change, noise = noisy_changes(1, 400, 1, counts)[0], {kind: noisy_changes(3, 400, 3, counts)}
    change[:20] *= 4
    before = find_movers(change, counts, noise)  # type: ignore[arg-type]
    calm = np.flatnonzero(before.judged & ~before.moved)[::40]
    for row in calm.tolist():
        pushed = change.copy()
        pushed[row] = before.threshold[row] * 1.0001
        assert find_movers(pushed, counts, noise).moved[row]  # type: ignore[arg-type]


def test_words_that_may_not_be_judged_are_not_and_tell_nothing_of_the_noise(counts: np.ndarray) -> None:
    change, noise = noisy_changes(1, 400, 1, counts)[0], noisy_changes(3, 400, 3, counts)
    few = np.arange(400) % 2 == 0
    wild = noise.copy()
    wild[:, ~few] *= 30
    change[~few] *= 100
    movers = find_movers(change, counts, {"seed": wild}, judgeable=few)
    assert movers.judged.tolist() == few.tolist()
    assert not movers.moved.any()
    by_itself = find_movers(change[few], counts[few], {"seed": noise[:, few]})
    np.testing.assert_allclose(movers.q_value[few], by_itself.q_value, rtol=1e-5)
    np.testing.assert_allclose(movers.threshold[few], by_itself.threshold, rtol=1e-5)
    assert not find_movers(change, counts, {"seed": noise}, judgeable=np.zeros(400, bool)).judged.any()


def test_stablest_words_come_first(counts: np.ndarray) -> None:
    change = noisy_changes(1, 400, 1, counts)[0]
    change[42] = 0
    movers = find_movers(change, counts, {"seed": noisy_changes(2, 400, 3, counts)})
    assert movers.most_stable[0] == 42


def test_models_without_randomness_have_no_noise_and_every_change_counts(counts: np.ndarray) -> None:
    change = np.zeros(400, np.float32)
    change[:30] = 0.01
    movers = find_movers(change, counts, {"seed": np.zeros((1, 400), np.float32)})
    assert np.flatnonzero(movers.moved).tolist() == list(range(30))


@pytest.mark.parametrize("noise", [{}, {"seed": np.zeros((0, 400))}, {"seed": np.zeros((2, 3))}])
def test_noise_is_needed(noise: dict[str, np.ndarray], counts: np.ndarray) -> None:
    with pytest.raises(ValueError, match="at least one run over all 400 words"):
        find_movers(np.zeros(400, np.float32), counts, noise)  # type: ignore[arg-type]


def test_words_that_changed_together_are_grouped_with_the_reason() -> None:
    """bank and shore leave river and water for loan and credit; cat leaves dog for tree."""
    words = ("bank", "shore", "river", "water", "loan", "credit", "cat", "dog", "tree")
    axes = np.eye(4)
    left = embedding(axes[[0, 0, 0, 0, 1, 1, 2, 2, 3]] + 0.05 * np.random.default_rng(0).normal(size=(9, 4)), 1, words)
    right_axes = axes[[1, 1, 0, 0, 1, 1, 3, 2, 3]]
    right = embedding(right_axes + 0.05 * np.random.default_rng(1).normal(size=(9, 4)), 1, words)
    comparison = compare(left, right, 3)
    comparison = type(comparison)(
        comparison.shared,
        3,
        comparison.left_neighbours.first(3),
        comparison.right_neighbours.first(3),
        comparison.change,
        comparison.residual,
    )
    near = Neighbourhoods(comparison, left, right, least_seen=1)
    first, second = group_movers(near, [6, 0, 1], reasons=2)
    assert first.words == ("bank", "shore")
    assert set(first.lost) == {"river", "water"}
    assert set(first.gained) == {"loan", "credit"}
    assert second.words == ("cat",)
    assert second.gained[0] == "tree"
    named = np.array([word not in ("river", "loan") for word in words])
    first, _ = group_movers(near, [6, 0, 1], reasons=2, named=named)
    assert first.words == ("bank", "shore")
    assert (set(first.lost) >= {"water"}, set(first.gained) >= {"credit"}) == (True, True)
    assert not {"river", "loan"} & {*first.lost, *first.gained}


def test_no_movers_no_groups() -> None:
    one = embedding(np.random.default_rng(0).normal(size=(9, 4)))
    assert group_movers(Neighbourhoods(compare(one, one, 3), one, one), []) == ()
