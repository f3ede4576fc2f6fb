"""A scorecard in one line: what it says is what its numbers say, and whose they are."""

from dataclasses import replace

import pytest
from made_scores import card, model

from core.score.bootstrap import Estimate
from core.score.scorecard import FewExamplesScore, Labels
from core.score.summary import summarise
from core.score.verdict import find_outcome, judge

RIGHT = Estimate(0.5, 0.4, 0.6)


@pytest.mark.parametrize(
    ("gain", "begins", "numbers"),
    [
        (Estimate(0.022, 0.013, 0.031), "Helped: ", "gained 2.2 points over"),
        (Estimate(-0.022, -0.031, -0.013), "Hurt: ", "lost 2.2 points to"),
        (Estimate(0.002, -0.004, 0.008), "No measurable difference: ", "+0.2 points (−0.4 to +0.8)"),
        (Estimate(0.02, -0.03, 0.07), "Not enough text to tell whether it helped: ", "+2.0 points (−3.0 to +7.0)"),
    ],
)
def test_the_outcome_is_that_of_the_verdict_with_its_interval(gain, begins, numbers):
    made = card(gain, scratch=None)
    line = summarise(made)
    assert line.startswith(begins)
    assert numbers in line
    assert find_outcome(made) in ("helped", "hurt", "no measurable difference", "not enough text")
    assert judge(made).answer.split()[0] == begins.split()[0].strip(":")


def test_a_loss_has_its_interval_as_a_loss():
    assert "lost 2.2 points to" in (line := summarise(card(Estimate(-0.022, -0.031, -0.013), scratch=None)))
    assert "(1.3 to 3.1)" in line


@pytest.mark.parametrize(
    ("gains", "said"),
    [
        ((Estimate(0.02, 0.01, 0.03),), "labels of the documents are told apart better."),
        ((Estimate(-0.03, -0.05, -0.01),), "told apart worse."),
        ((Estimate(0.0, -0.01, 0.01),), "told apart no better."),
        ((Estimate(0.0, -0.04, 0.04),), "told apart better is open."),
        ((Estimate(0.02, 0.01, 0.03), Estimate(-0.03, -0.05, -0.01)), "better with 3 examples each, worse with 4 exam"),
        (
            (Estimate(0.02, 0.01, 0.03), Estimate(0.0, -0.01, 0.01)),
            "better with 3 examples each, not measurably otherw",
        ),
        ((Estimate(0.0, -0.01, 0.01), Estimate(0.0, -0.04, 0.04)), "told apart not measurably better."),
    ],
)
def test_labels(gains, said):
    few = tuple(FewExamplesScore(3 + place, RIGHT, gain) for place, gain in enumerate(gains))
    judged = model("tuned", Estimate(0.025, 0.015, 0.035), few_examples=few)
    made = card(judged.delta, models=(model("pretrained"), judged), scratch=None)
    made = replace(made, labels=Labels(("a", "b", "c"), 60, 0.4, (), "", 18, 24))
    assert said in summarise(made)
    assert "3 labels" in summarise(made)


def test_without_labels_none_are_named():
    assert "labels" not in summarise(card(Estimate(0.025, 0.015, 0.035), scratch=None))
