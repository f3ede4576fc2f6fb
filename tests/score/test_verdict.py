import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_scores import HEALTHY, card, model

from core.config import TrainConfig
from core.errors import RunError
from core.score.as_json import as_json
from core.score.bootstrap import Estimate
from core.score.scorecard import (
    load_scorecard,
    save_scorecard,
)
from core.score.verdict import find_outcome, judge
from core.score.word_pairs import PairScore

GAIN = Estimate(0.025, 0.015, 0.035)


@pytest.mark.parametrize(
    ("delta", "positions", "outcome"),
    [
        (GAIN, 3000, "helped"),
        (Estimate(0.01, 0.001, 0.02), 3000, "helped"),
        (Estimate(0.0099, 0.001, 0.02), 3000, "no measurable difference"),
        (Estimate(0.015, -0.001, 0.03), 3000, "no measurable difference"),
        (Estimate(-0.03, -0.04, -0.02), 3000, "hurt"),
        (Estimate(-0.03, -0.045, 0.001), 3000, "not enough text"),
        (Estimate(0.0, -0.021, 0.021), 3000, "not enough text"),
        (Estimate(0.0, -0.02, 0.02), 3000, "no measurable difference"),
        (Estimate(0.098, 0.07, 0.124), 3000, "helped"),  # a wide interval does not hide a large effect
        (GAIN, 299, "not enough text"),
        (GAIN, 300, "helped"),
        (Estimate(0.05, -float("inf"), float("inf")), 3000, "not enough text"),
    ],
)
def test_rule(delta: Estimate, positions: int, outcome: str) -> None:
    made = card(delta, positions=positions)
    assert find_outcome(made) == outcome
    assert judge(made).headline.lower().startswith(outcome)


def test_a_gain_that_shuffled_text_gives_too_is_no_gain() -> None:
    usual = card(GAIN).placebo
    assert usual is not None
    shuffled_does_as_well = card(GAIN, placebo=replace(usual, behind=Estimate(0.002, -0.001, 0.005)))
    verdict = judge(shuffled_does_as_well)
    assert verdict.outcome == "no measurable difference"
    assert "random order" in verdict.headline
    without = judge(card(GAIN, placebo=None))
    assert without.outcome == "helped"
    assert "not run on shuffled text" in without.caveats[0]


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({}, "new documents like these"),
        ({"unit": "blocks", "of_documents": 1}, "more of the same document"),
        ({"unit": "blocks", "of_documents": 7}, "more of the same documents"),
        ({"unit": "blocks"}, "more of the same text"),  # an earlier version's, which did not note how many
    ],
)
def test_the_headline_names_the_question(changes: dict[str, object], question: str) -> None:
    helped, hurt = judge(card(GAIN, **changes)), judge(card(Estimate(-0.03, -0.04, -0.02), **changes))
    same, open_ = judge(card(**changes)), judge(card(GAIN, positions=299, **changes))
    assert helped.answer == f"Helped with {question}"
    assert hurt.answer == f"Hurt on {question}"
    assert same.answer == f"No measurable difference on {question}"
    assert open_.answer == f"Not enough text to tell about {question}"
    assert all(verdict.headline.startswith(f"{verdict.answer}. ") for verdict in (helped, hurt, same, open_))


def test_cards_of_earlier_versions_say_so() -> None:
    unfair, few = (judge(card(GAIN, scored_by=version)).caveats[0] for version in ("1", "2"))
    assert "not quite fair" in unfair
    assert "split larger texts only once" in few
    assert judge(card(GAIN)).caveats == ()


def test_larger_vectors_are_advised_only_to_those_who_have_small_ones() -> None:
    for size, said in ((50, True), (100, False), (300, False)):
        configs = {"tuned": TrainConfig(strategy="tuned", vector_size=size)}
        advice = judge(card(GAIN, over_scratch=Estimate(0.0, -0.01, 0.01), configs=configs)).advice
        assert any("100 values" in sentence for sentence in advice) is said
        assert any("Compare with “From scratch”" in sentence for sentence in advice)


def test_headline_says_how_much_and_against_what() -> None:
    headline = judge(card(GAIN)).headline
    assert "79.5 % of the alternatives, against 77.0 % for “Pretrained only” (guessing gives 50 %)" in headline
    assert "2.5 points (likely between 1.5 and 3.5)" in headline
    assert (
        "over “From scratch”, the best model without pretrained vectors, 7.5 points (likely between 3.0 and" in headline
    )
    assert judge(card(GAIN)).caveats == ()
    loss = judge(card(Estimate(-0.03, -0.04, -0.02))).headline
    assert "The loss is 3.0 points (likely between 2.0 and 4.0)" in loss
    undecided = judge(card(Estimate(0.001, -0.006, 0.007))).headline
    assert "+0.1 points (likely between −0.6 and +0.7), may well be chance" in undecided
    small = judge(card(Estimate(0.005, 0.002, 0.009))).headline
    assert "+0.5 points (likely between +0.2 and +0.9), is under one point, too small to matter" in small
    just_under = judge(card(Estimate(0.0098, 0.0052, 0.0144))).headline
    assert "+0.98 points (likely between +0.52 and +1.44), is under one point" in just_under


def test_scratch_that_does_as_well_or_better_is_said() -> None:
    as_well = judge(card(GAIN, over_scratch=Estimate(0.01, -0.002, 0.022)))
    assert as_well.outcome == "helped"
    assert "“From scratch”, which needs no pretrained vectors, does as well" in as_well.headline
    assert "+1.0 points (likely between −0.2 and +2.2)" in as_well.caveats[0]
    better = judge(card(GAIN, over_scratch=Estimate(-0.02, -0.03, -0.01)))
    assert "does better, by 2.0 points (likely between 1.0 and 3.0)" in better.caveats[0]
    assert any("From scratch" in sentence for sentence in better.advice)
    scratch_itself = judge(card(chosen="scratch", scratch="counts", models=(*card().models, model("counts"))))
    assert not any("pretrained vectors, does" in sentence for sentence in scratch_itself.caveats)


def test_lost_meaning_is_said_where_enough_pairs_show_it_and_advised_against() -> None:
    lost = model(
        "tuned",
        GAIN,
        pairs={"wordsim353": PairScore(0.51, 120, 352), "simlex999": PairScore(0.1, 12, 999)},
        guards={"wordsim353": Estimate(-0.17, -0.25, -0.1), "simlex999": Estimate(-0.2, -0.3, -0.1)},
    )
    verdict = judge(card(models=(model("pretrained"), lost, model("scratch"))))
    assert verdict.outcome == "helped"
    (line,) = verdict.beside
    assert line.startswith("General meaning: lost.")
    assert "from 0.68 to 0.51 (WordSim-353, change" in line
    assert "SimLex" not in line
    assert verdict.caveats == ()  # it is said once
    assert verdict.advice[0].startswith("Lower the dose: it is 0.500 now")


def test_agreement_with_the_users_own_pairs_is_no_general_meaning_but_its_loss_is_said() -> None:
    own = {"mine.csv": PairScore(0.6, 40, 50)}
    reference = model("pretrained", pairs={**model().pairs, **own})
    fallen = {**model().guards, "mine.csv": Estimate(-0.2, -0.3, -0.1)}
    judged = model("tuned", GAIN, pairs={**model().pairs, "mine.csv": PairScore(0.4, 40, 50)}, guards=fallen)
    verdict = judge(card(models=(reference, judged, model("scratch"))))
    assert verdict.caveats == (
        "Agreement with your own word pairs (1 is perfect) fell from 0.60 to 0.40 (mine.csv, 40 pairs).",
    )
    assert verdict.beside[0].startswith("General meaning: cannot tell.")
    assert verdict.advice[0].startswith("Lower the dose")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"coverage": 0.53}, "53.0 %"),
        ({"unit": "blocks", "of_documents": 1}, "about more of the same document, not about new ones"),
        ({"documents": 5}, "only 5 documents"),
        ({"documents": 1}, "only 1 document;"),
        ({"near_duplicates": 3}, "3 said nearly word for word"),
        (
            {"models": (model("pretrained"), model("tuned", GAIN, health=replace(HEALTHY, alarms=("Odd.",))))},
            "broken. Odd.",
        ),
    ],
)
def test_other_caveats(changes: dict[str, object], said: str) -> None:
    changes = {"scratch": None, "over_scratch": None, **changes}
    assert [said in caveat for caveat in judge(card(GAIN, **changes)).caveats] == [True]


def test_advice_follows_the_numbers() -> None:
    wide = judge(card(Estimate(0.0, -0.04, 0.04)))
    assert "about 16 times as much" in wide.advice[0]
    hurt = judge(card(Estimate(-0.03, -0.04, -0.02)))
    assert "Lower the dose" in hurt.advice[0]
    none = judge(card(models=(model("pretrained"), model("tuned", dose=0.0), model("scratch"))))
    assert "keep the pretrained vectors" in none.advice[0]
    models = (model("pretrained"), model("tuned", GAIN), model("pullback", development=0.785))
    rival = judge(card(models=models, scratch=None))
    assert any("Gentle pull-back" in sentence for sentence in rival.advice)
    assert (
        "lower alpha"
        in judge(card(models=(model("pretrained"), model(health=replace(HEALTHY, alarms=("x",)))))).advice[0]
    )


def test_two_seeds_of_one_strategy_are_told_apart() -> None:
    models = (model("tuned", name="tuned, seed 1"), model("tuned", name="tuned, seed 2"))
    headline = judge(card(models=models, chosen="tuned, seed 1", reference="tuned, seed 2", scratch=None)).headline
    assert "(tuned, seed 1)" in headline
    assert "(tuned, seed 2)" in headline


def test_json_has_the_documented_keys_and_no_nan() -> None:
    found = json.loads(json.dumps(as_json(card(GAIN)), allow_nan=False))
    assert found["verdict"] == "helped"
    assert (found["reference"], found["chosen"], found["positions"], found["documents"]) == (
        "pretrained",
        "tuned",
        3000,
        42,
    )
    tuned = found["models"]["tuned"]
    assert (tuned["delta"], tuned["delta_ci"], tuned["dose"]) == (0.025, [0.015, 0.035], 0.5)
    assert (tuned["wordsim353"], tuned["simlex999"]) == (0.68, 0.3)
    assert found["models"]["pretrained"]["dose"] is None
    assert found["placebo"]["delta_ci"] == [-0.04, -0.02]
    assert as_json(card(placebo=None))["placebo"] is None


def test_cards_of_earlier_versions_open_and_say_what_they_know(tmp_path: Path) -> None:
    """Before there were few examples, reasons for the questions shown, and the number of documents."""
    save_scorecard(card(GAIN, scored_by="2"), tmp_path / "card.json")
    values = json.loads((tmp_path / "card.json").read_text())
    values.pop("of_documents")
    for each in values["models"]:
        each.pop("few_examples")
    for each in values["examples"]:
        each.pop("pick")
    for key in ("held_out", "draws"):
        values["labels"].pop(key)
    (tmp_path / "card.json").write_text(json.dumps(values))
    opened = load_scorecard(tmp_path / "card.json")
    assert judge(opened).outcome == "helped"
    assert "earlier version" in judge(opened).caveats[0]
    assert (opened.examples[0].pick, opened.examples[0].beaten, opened.examples[0].alternatives) == ("", 0, 0)
    assert as_json(opened)["labels"] is None


def test_scorecards_are_stored(tmp_path: Path) -> None:
    made = card(GAIN, missing={"mine.csv": ("string",)}, configs={"tuned": TrainConfig(strategy="tuned")})
    save_scorecard(made, tmp_path / "card.json")
    assert repr(load_scorecard(tmp_path / "card.json")) == repr(made)
    (tmp_path / "card.json").write_text('{"models": []}')
    for path in (tmp_path / "card.json", tmp_path / "none.json"):
        with pytest.raises(RunError, match="Score the models again"):
            load_scorecard(path)
