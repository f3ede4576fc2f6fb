"""Change above noise on made-up changes whose noise is known, and on small embeddings."""

import numpy as np
import pytest

from core.comparison.groups import group_movers
from core.comparison.movers import average_change, changes_of, find_movers, measure_noise, retraining_configs
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
    """Each word moves by about as much with every seed, some far and some hardly."""
    rng = np.random.default_rng(4)
    usual = noisy_changes(1, 400, 5, counts)[0]
    noise, change = (usual * np.exp(0.05 * rng.normal(size=(runs, 400))).astype(np.float32) for runs in (6, 1))
    calm = find_movers(change[0], counts, {"seed": noise})
    assert (calm.change > calm.bound).sum() > 10
    assert not calm.moved.any()
    planted = rng.choice(400, 40, replace=False)
    change[0, planted] *= 2
    movers = find_movers(change[0], counts, {"seed": noise})
    assert movers.moved[planted].sum() == (movers.change > movers.bound)[planted].sum() > 20
    assert np.delete(movers.moved, planted).sum() <= 2  # 5 % of those called moved may be noise


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


def test_changes_are_matched_by_word() -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 5))
    left = embedding(vectors)
    other = vectors.copy()
    other[4] *= -1
    order = np.random.default_rng(1).permutation(30)[:29]
    right = embedding(other[order], words=tuple(f"w{row}" for row in order))
    change = changes_of(["w4", "w9", "absent"], left, right)
    missing = f"w{(set(range(30)) - set(order.tolist())).pop()}"
    assert change[0] > 1.5
    assert change[1] < 0.3
    assert np.isnan(change[2])
    assert np.isnan(changes_of([missing], left, right)[0])


def test_noise_is_of_every_pair_and_change_of_unlike_seeds() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=(40, 6))
    lefts = [embedding(base + 0.1 * rng.normal(size=base.shape), seed) for seed in (1, 2, 3)]
    rights = [embedding(base + 0.1 * rng.normal(size=base.shape), seed) for seed in (1, 2)]
    words = lefts[0].words
    assert measure_noise(words, lefts, rights).shape == (4, 40)
    expected = np.mean(
        [changes_of(words, a, b) for a in lefts for b in rights if a.config.seed != b.config.seed], axis=0
    )
    np.testing.assert_allclose(average_change(words, lefts, rights), expected, rtol=1e-6)
    alone = average_change(words, lefts[:1], rights[:1])
    np.testing.assert_array_equal(alone, changes_of(words, lefts[0], rights[0]))


def test_retrainings_differ_in_the_seed_only() -> None:
    first, second = retraining_configs(embedding(np.eye(4), seed=2**31 - 1, dose=0.375), 2)
    assert (first.seed, second.seed) == (1, 2)
    assert first.dose == 0.375
    assert first.epochs == second.epochs == TrainConfig(strategy="scratch").epochs


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


def test_no_movers_no_groups() -> None:
    one = embedding(np.random.default_rng(0).normal(size=(9, 4)))
    assert group_movers(Neighbourhoods(compare(one, one, 3), one, one), []) == ()
