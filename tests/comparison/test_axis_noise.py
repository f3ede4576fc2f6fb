"""How far noise alone takes words along two axes."""

import numpy as np
import pytest

from core.comparison.axis_noise import MadeAgain, measure_axis_noise
from core.comparison.formulas import parse_formula
from core.config import TrainConfig
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding

N, SHAKEN = 400, 3
WORDS = tuple(f"w{row}" for row in range(N))
COUNTS = np.arange(N, 0, -1)
AXES = tuple(parse_formula(text, set(WORDS)) for text in ("w0 - w1", "w2"))
BASE = np.random.default_rng(0).normal(size=(N, 16)).astype(np.float32)


def make(seed: int, noise: np.ndarray, words: tuple[str, ...] = WORDS) -> Embedding:
    """`BASE`, turned at random, every word shaken by its `noise`."""
    chance = np.random.default_rng(seed)
    turn = np.linalg.qr(chance.normal(size=(16, 16)))[0]
    vectors = (BASE + noise[:, None] * chance.normal(size=BASE.shape)) @ turn
    return Embedding(
        name="m",
        words=words,
        vectors=vectors[: len(words)].astype(np.float32),
        counts=COUNTS[: len(words)],
        covered=np.ones(len(words), bool),
        config=TrainConfig(strategy="scratch", vector_size=16),
        sources=Sources(TextSource("t", "d")),
    )


def shake(by: float) -> np.ndarray:
    noise = np.linspace(0.2, 1, N) * by
    noise[SHAKEN] *= 5
    return noise


@pytest.fixture(scope="module")
def made() -> list[Embedding]:
    return [make(seed, shake(0.2)) for seed in range(8)]


def measure(left, right, retrained, axes=AXES):
    return measure_axis_noise(MadeAgain((left, right), retrained), WORDS, COUNTS, axes)


def test_rare_words_and_words_that_noise_shakes_have_wide_bands_however_the_spaces_are_turned(made):
    spread = measure(made[0], made[4], {"seed": (tuple(made[1:3]), tuple(made[5:7]))})
    assert spread.shape == (N, 2)
    assert spread[-60:].mean() > 2 * spread[5:60].mean()
    assert spread[SHAKEN, 1] > 2 * np.median(spread[5:30, 1])
    # the ways between two samples of one and the same model are as long as that
    ways = measure(made[0], made[4], {"placebo": ((made[2],), (made[3],))})
    assert np.median(ways[50:]) == pytest.approx(np.median(spread[50:]), rel=0.4)


def test_what_moves_both_sides_alike_is_no_noise_between_them(made):
    alike = measure(made[0], made[0], {"documents": (tuple(made[1:4]), tuple(made[1:4]))})
    np.testing.assert_allclose(alike, 0, atol=1e-6)


def test_of_several_kinds_the_largest_counts_and_a_side_that_does_not_move_has_no_noise_of_its_own(made):
    seed = {"seed": ((), tuple(made[1:3]))}
    documents = {"documents": ((), tuple(make(number, shake(0.6)) for number in range(20, 24)))}
    small, large, both = (measure(made[0], made[4], kinds) for kinds in (seed, documents, {**seed, **documents}))
    np.testing.assert_array_equal(both, np.maximum(small, large))
    assert np.median(large) > np.median(small)


def test_a_word_that_runs_lack_has_the_noise_of_like_ones_and_an_axis_that_they_lack_none(made):
    short = {"documents": ((), tuple(make(number, shake(0.2), WORDS[: N - 1]) for number in (30, 31, 32)))}
    assert np.isfinite(measure(made[0], made[4], short)).all()
    lacking = AXES[0], parse_formula(WORDS[-1], set(WORDS))
    assert np.isnan(measure(made[0], made[4], short, lacking)).all()
