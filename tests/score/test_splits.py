"""How many times a text is split: until enough is known, and what that will take."""

import numpy as np
import pytest

from core.config import default_config
from core.models.estimates import OPEN_DOSE_FACTOR, START_SECONDS, estimate_seconds
from core.score.bootstrap import CHOICE_ERROR, TRAINING_WIDENING, Estimate, estimate_gain, estimate_mean
from core.score.splits import (
    TRAINING_SHARE,
    estimate_effort,
    expect_splits,
    fewest_splits,
    is_known,
    most_splits,
)
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document


def documents(number: int, tokens: int = 30) -> Corpus:
    return build_corpus(
        [Document(f"d{i}", " ".join(f"w{(i * 7 + k) % 90}" for k in range(tokens))) for i in range(number)]
    )


@pytest.mark.parametrize(
    ("number", "fewest", "most"),
    [
        (10, 5, 5),  # two documents a test part
        (12, 6, 6),
        (29, 6, 6),
        (30, 3, 6),  # four
        (45, 2, 6),
        (300, 1, 6),
    ],
)
def test_at_least_ten_documents_are_asked_about(number: int, fewest: int, most: int) -> None:
    text = documents(number)
    assert (fewest_splits(text), most_splits(text)) == (fewest, most)


@pytest.mark.parametrize(
    ("gain", "known"),
    [
        (Estimate(0.012, 0.0071, 0.0169), True),  # narrower than half a point either way
        (Estimate(0.012, 0.006, 0.018), False),
        (Estimate(0.03, 0.015, 0.045), True),  # above the line, by a margin
        (Estimate(0.03, 0.014, 0.046), False),
        (Estimate(0.0, -0.0076, 0.0076), True),  # between the lines
        (Estimate(0.0, -0.0078, 0.0078), False),
        (Estimate(-0.005, -0.019, 0.009), False),  # "hurt" is open
        (Estimate(-0.04, -0.06, -0.02), True),
        (Estimate(0.0, -float("inf"), float("inf")), False),
    ],
)
def test_enough_is_known_when_more_splits_could_hardly_change_the_verdict(gain: Estimate, known: bool) -> None:
    assert is_known(gain, positions=3000, documents=40) is known
    assert not is_known(gain, positions=299, documents=40)
    assert not is_known(gain, positions=3000, documents=9)


def test_splits_are_expected_by_how_far_the_interval_has_to_narrow() -> None:
    def expected(gain: Estimate, done: int = 1, fewest: int = 1, most: int = 6) -> int:
        return expect_splits(gain, done, fewest, most)

    assert expected(Estimate(0.01, 0.003, 0.017)) == 2  # (0.7 / 0.5) squared
    assert expected(Estimate(0.025, 0.005, 0.045)) == 4  # 1.5 points from the line: (1.3 * 2 / 1.5) squared
    assert expected(Estimate(0.01, -0.01, 0.03)) == 6
    assert expected(Estimate(0.01, -float("inf"), float("inf"))) == 6
    assert expected(Estimate(0.03, 0.02, 0.04), fewest=3) == 3
    assert expected(Estimate(0.01, 0.004, 0.016), done=5) == 6
    assert expected(Estimate(0.01, 0.004, 0.016), done=6) == 6


def test_effort_is_that_of_the_training_parts_and_the_placebo() -> None:
    text = documents(40)
    tuned, untouched = (default_config(name, text.n_tokens, vector_size=50) for name in ("tuned", "pretrained"))
    effort = estimate_effort(text, [tuned, untouched], tuned)
    once = estimate_seconds(text, tuned) / OPEN_DOSE_FACTOR - START_SECONDS
    untrained = estimate_seconds(text, untouched) - START_SECONDS
    assert effort.split_seconds == pytest.approx(0.7 * (2 * once + untrained) / TRAINING_SHARE)
    assert (effort.fewest, effort.most) == (2, 6)
    assert effort.least_seconds == pytest.approx(START_SECONDS + 2 * effort.split_seconds)
    assert effort.least_seconds < effort.likely_seconds < effort.most_seconds
    assert estimate_effort(text, [tuned, untouched], untouched).split_seconds < effort.split_seconds


def test_a_gain_allows_for_the_luck_of_training() -> None:
    rng = np.random.default_rng(0)
    values, groups = rng.normal(0.02, 0.1, 400), np.arange(400) // 10
    plain, wider = estimate_mean(values, groups, 1), estimate_gain(values, groups, 1)
    assert wider.value == plain.value
    assert wider.half_width == pytest.approx(TRAINING_WIDENING * plain.half_width)
    chosen, often = (estimate_gain(values, groups, 1, choices=splits) for splits in (1, 6))
    assert wider.half_width < often.half_width < chosen.half_width
    # a dose of 0 gives the very vectors of the reference; that it was chosen is luck as well
    same = estimate_gain(np.zeros(400), groups, 1, choices=1)
    assert same.high == pytest.approx(1.96 * CHOICE_ERROR)
    one = estimate_gain(values, np.zeros(400), 1)
    assert (one.low, one.high) == (-np.inf, np.inf)
