"""Changes and noise between small embeddings."""

import numpy as np
import pytest

from core.comparison.measurements import (
    average_change,
    changes_of,
    displacement_noise,
    measure_noise,
    retraining_configs,
)
from core.comparison.pair import compare
from core.config import TrainConfig
from core.models.embedding import Embedding


def embedding(vectors: np.ndarray, seed: int = 1, words: tuple[str, ...] = (), **details: object) -> Embedding:
    words = words or tuple(f"w{row}" for row in range(len(vectors)))
    counts = np.arange(len(words), 0, -1, dtype=np.int64) + 20
    covered = np.zeros(len(words), bool)
    config = TrainConfig(strategy="scratch", seed=seed)
    return Embedding("model", words, np.array(vectors, np.float32), counts, covered, config, {}, details=details)


def test_changes_are_matched_by_word() -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 5))
    left = embedding(vectors)
    other = vectors.copy()
    other[4] *= -1
    order = np.random.default_rng(1).permutation(30)[:29]
    right = embedding(other[order], words=tuple(f"w{row}" for row in order))
    change, weighed = changes_of(["w4", "w9", "absent"], left, right)
    missing = f"w{(set(range(30)) - set(order.tolist())).pop()}"
    assert change[0] > 1.5
    assert change[1] < 0.3
    assert np.isnan(change[2])
    assert np.isnan(weighed).tolist() == [False, False, True]
    assert np.isnan(changes_of([missing], left, right).change[0])
    compared = compare(left, right)
    np.testing.assert_allclose(changes_of(compared.words, left, right).change, compared.change, rtol=1e-5, atol=1e-6)


def test_ways_along_which_words_differ_weigh_more() -> None:
    """Along the first axis words differ five times as far as along the others: so much more weighs a way there."""
    base = np.random.default_rng(0).normal(size=(4000, 4)) * [5, 1, 1, 1]
    left = embedding(base)
    for axis, heavier in ((0, True), (1, False)):
        moved = base.copy()
        moved[:200, axis] *= -1
        found = changes_of(left.words[:200], left, embedding(moved))
        far = found.change > 0.05
        assert far.any()
        assert (found.weighed > found.change)[far].mean() == float(heavier)


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
    np.testing.assert_array_equal(measure_noise(words, lefts[:2])[0], changes_of(words, *lefts[:2]).weighed)


def test_retrainings_differ_in_the_seed_only() -> None:
    first, second = retraining_configs(embedding(np.eye(4), seed=2**31 - 1, dose=0.375), 2)
    assert (first.seed, second.seed) == (1, 2)
    assert first.dose == 0.375
    assert first.epochs == second.epochs == TrainConfig(strategy="scratch").epochs


def test_documents_drawn_anew_stray_by_their_own_noise_and_not_by_what_both_sides_share() -> None:
    """A word goes the same way in every sample, however far the samples are from each other."""
    rng = np.random.default_rng(0)
    base, way = rng.normal(size=(60, 6)), 0.3 * rng.normal(size=(60, 6))
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    left, right = embedding(base), embedding(base + way)
    words = (*left.words, "absent")
    same = [(embedding(base @ turn), embedding((base + way) @ turn))] * 2
    still = displacement_noise(words, left, right, same)
    assert still.shape == (2, 61)
    assert np.isnan(still[:, 60]).all()
    np.testing.assert_allclose(still[:, :60], 0, atol=1e-6)
    stirred = [embedding(base + way + 0.1 * rng.normal(size=base.shape)) for _ in range(2)]
    one_sided = displacement_noise(words[:60], left, right, [(left, each) for each in stirred])
    np.testing.assert_allclose(one_sided[0], one_sided[1], rtol=1e-4)  # either is as far from their mean
    np.testing.assert_allclose(one_sided[0], changes_of(words[:60], *stirred).weighed / 2, rtol=0.3, atol=1e-3)
    lacking = embedding(base[1:], words=left.words[1:])
    without = displacement_noise(words[:60], left, right, [(lacking, right), (left, right)])
    assert np.isnan(without).sum(axis=0).tolist() == [2] + [0] * 59


def test_the_noise_of_documents_is_the_variance_of_the_way() -> None:
    """Nothing moves a word on average: its change is as large as the noise."""
    rng = np.random.default_rng(0)
    base = rng.normal(size=(300, 6))
    models = [embedding(base + 0.1 * rng.normal(size=base.shape)) for _ in range(10)]
    words = models[0].words
    noise = displacement_noise(words, models[0], models[1], list(zip(models[2::2], models[3::2], strict=True)))
    assert noise.shape == (4, 300)
    assert noise.mean() == pytest.approx(changes_of(words, *models[:2]).weighed.mean(), rel=0.1)
