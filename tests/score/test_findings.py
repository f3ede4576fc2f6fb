"""What stands beside the verdict: each sentence says what its numbers say, and no more."""

from dataclasses import replace

import pytest
from made_scores import NAN, card, model

from core.config import TrainConfig
from core.score.bootstrap import Estimate
from core.score.findings import band_shares, find_meaning, label_gains, write_bands, write_labels, write_meaning
from core.score.scorecard import BandScore, FewExamplesScore, Labels
from core.score.verdict import judge
from core.score.word_pairs import PairScore

GAIN = Estimate(0.025, 0.015, 0.035)
RIGHT = Estimate(0.5, 0.4, 0.6)
BETTER, WORSE = Estimate(0.021, 0.008, 0.034), Estimate(-0.03, -0.05, -0.01)
NO_BETTER, OPEN = Estimate(-0.0001, -0.014, 0.0199), Estimate(0.001, -0.03, 0.02)


def labelled(*gains, most=None, **changes):
    """A card whose documents have three labels; gains from 3, 8, ... examples, and from most documents."""
    few = tuple(FewExamplesScore(number, RIGHT, gain) for number, gain in zip((3, 8), gains, strict=False))
    judged = model("tuned", GAIN, few_examples=few, classification=most and RIGHT, classification_delta=most, **changes)
    models = (model("pretrained"), judged)
    return card(GAIN, models=models, scratch=None, labels=Labels(("a", "b", "c"), 60, 0.4, (), "", 18, 24))


@pytest.mark.parametrize(
    ("gain", "outcome", "said"),
    [
        (BETTER, "better", "told apart better with 3 examples each (+2.1 points, likely between +0.8 and +3.4)."),
        (WORSE, "worse", "told apart worse with 3 examples each (−3.0 points, likely between −5.0 and −1.0)."),
        (NO_BETTER, "no better", "told apart no better with 3"),
        (OPEN, "cannot tell", "told apart not measurably better with 3"),
    ],
)
def test_no_better_is_said_only_where_a_gain_that_matters_is_excluded(gain, outcome, said):
    made = labelled(gain)
    assert [each.outcome for each in label_gains(made.model("tuned"))] == [outcome]
    assert said in write_labels(made)


def test_sizes_that_agree_are_said_together():
    assert write_labels(labelled(BETTER, NO_BETTER, most=NO_BETTER)) == (
        "The 3 labels of your documents are told apart better with 3 examples each (+2.1 points, likely between +0.8 "
        "and +3.4); no better with 8 examples each (+0.0, −1.4 to +2.0) and with four fifths of the documents as "
        "examples (+0.0, −1.4 to +2.0)."
    )


def test_without_labels_nothing_is_said_of_them():
    assert write_labels(card(GAIN)) == ""
    assert write_labels(labelled(BETTER), "pretrained") == ""


def test_labels_stand_beside_the_headline_with_a_but_where_they_disagree():
    assert judge(labelled(NO_BETTER)).beside[0].startswith("But the 3 labels of your documents are told apart no bett")
    assert judge(labelled(BETTER)).beside[0].startswith("The 3 labels")
    assert judge(labelled(OPEN)).beside[0].startswith("The 3 labels")  # which may agree
    alike = labelled(BETTER)
    still = replace(alike.model("tuned"), delta=Estimate(0.001, -0.004, 0.006))
    alike = replace(alike, models=(alike.models[0], still))
    assert judge(alike).beside[0].startswith("But the 3 labels of your documents are told apart better")


def banded(*bands, min_count=1):
    configs = {"tuned": TrainConfig(strategy="tuned", min_count=min_count)}
    return card(GAIN, models=(model("pretrained", bands=()), model("tuned", GAIN, bands=bands)), configs=configs)


BANDS = (
    BandScore(1, 4, 900, 0.9, 180, Estimate(0.001, -0.009, 0.011)),
    BandScore(5, 19, 300, 0.8, 270, Estimate(-0.02, -0.03, -0.01)),
    BandScore(20, 99, 100, 0.7, 500, Estimate(0.031, 0.02, 0.042)),
    BandScore(100, None, 20, 0.6, 50, Estimate(0.031, 0.02, 0.042)),
)


def test_where_to_expect_gain_is_said_band_by_band():
    made = banded(*BANDS)
    assert write_bands(made) == (
        "Words seen 1 to 4 times are 18 % of the questions and gained nothing measurable (−0.9 to +1.1 points); those "
        "seen 5 to 19 times, 27 %, lost 2.0 points (1.0 to 3.0); those seen 20 to 99 times, 50 %, gained 3.1 points "
        "(2.0 to 4.2); those seen 100 times or more, 5 %, too few to tell."
    )
    assert band_shares(made.model("tuned")) == (0.18, 0.27, 0.5, 0.05)
    assert write_bands(made, "pretrained") == ""


def test_words_that_no_model_has_are_said_not_to_be_asked():
    nothing = replace(BANDS[0], positions=0, words=0)
    assert write_bands(banded(nothing, *BANDS[1:3], min_count=5)).endswith(
        "Words seen fewer than 5 times are not asked about: they have no vector."
    )
    assert write_bands(banded(nothing, *BANDS[1:3], min_count=5)).startswith("Words seen 5 to 19 times are 35 %")
    assert "Words seen 2 to 4 times are" in write_bands(banded(*BANDS, min_count=2))
    assert write_bands(banded(*BANDS, min_count=2)).endswith(
        "Words seen once are not asked about: they have no vector."
    )
    assert "seen 4 times are" in write_bands(banded(*BANDS, min_count=4))


def judged_by(wordsim, simlex, pairs=(120, 130)):
    return model(
        "tuned",
        GAIN,
        pairs={"wordsim353": PairScore(0.51, pairs[0], 352), "simlex999": PairScore(0.1, pairs[1], 999)},
        guards={"wordsim353": wordsim, "simlex999": simlex},
    )


@pytest.mark.parametrize(
    ("wordsim", "simlex", "pairs", "outcome"),
    [
        (Estimate(0.01, -0.02, 0.04), Estimate(0.0, -0.049, 0.05), (120, 130), "kept"),
        (Estimate(0.01, -0.02, 0.04), Estimate(0.0, -0.05, 0.05), (120, 130), "cannot tell"),
        (Estimate(0.01, -0.02, 0.04), Estimate(0.0, -0.05, 0.05), (120, 29), "kept"),
        (Estimate(-0.1, -0.2, -0.01), Estimate(0.0, -0.02, 0.02), (120, 130), "lost"),
        (Estimate(-0.1, -0.2, -0.01), Estimate(0.0, -0.02, 0.02), (29, 130), "kept"),
        (Estimate(-0.1, NAN, NAN), Estimate(0.0, NAN, NAN), (12, 3), "cannot tell"),
    ],
)
def test_general_meaning_is_kept_only_where_a_loss_that_matters_is_excluded(wordsim, simlex, pairs, outcome):
    judged = judged_by(wordsim, simlex, pairs)
    assert find_meaning(judged) == outcome
    said = write_meaning(card(GAIN, models=(model("pretrained"), judged)))
    assert said.startswith(f"General meaning: {outcome}.")
    assert "nan" not in said


def test_general_meaning_is_one_line_with_its_numbers():
    judged = judged_by(Estimate(-0.17, -0.25, -0.1), Estimate(0.0, -0.2, 0.1), (120, 12))
    assert write_meaning(card(GAIN, models=(model("pretrained"), judged))) == (
        "General meaning: lost. Agreement with people on how alike words are (1 is perfect) went from 0.68 to 0.51 "
        "(WordSim-353, change likely between −0.25 and −0.10)."
    )
    wide = judged_by(Estimate(-0.01, -0.06, 0.04), Estimate(0.0, -0.2, 0.1))
    assert write_meaning(card(GAIN, models=(model("pretrained"), wide))).endswith(
        "On WordSim-353 and SimLex-999 a loss of 0.05 or more, which would matter, is not excluded."
    )
    few = judged_by(Estimate(NAN, NAN, NAN), Estimate(NAN, NAN, NAN), (12, 3))
    assert "only 12 pairs of WordSim-353 and 3 pairs of SimLex-999, too few" in write_meaning(
        card(GAIN, models=(model("pretrained"), few))
    )
    assert write_meaning(card(GAIN), "pretrained") == ""
