"""Scorecards that nobody had to train for."""

from dataclasses import replace

from core.score.bootstrap import Estimate
from core.score.scorecard import (
    SCORE_VERSION,
    BandScore,
    Choice,
    ClozeExample,
    Health,
    Labels,
    ModelScore,
    PlaceboScore,
    Scorecard,
)
from core.score.word_pairs import PairScore

NAN = float("nan")
NOTHING = Estimate(0.0, 0.0, 0.0)
HEALTHY = Health(1.2, 5.0, 1.5, 0.0, ())


def model(strategy: str = "tuned", delta: Estimate = NOTHING, **changes: object) -> ModelScore:
    usual = ModelScore(
        name=strategy,
        strategy=strategy,
        dose=0.5 if strategy == "tuned" else None,
        doses=(0.5,) if strategy == "tuned" else (),
        seconds=1.0,
        development=0.77,
        cloze=Estimate(0.77 + delta.value, 0.75, 0.82),
        delta=delta,
        pairs={"wordsim353": PairScore(0.68, 120, 352), "simlex999": PairScore(0.3, 12, 999)},
        guards={"wordsim353": Estimate(-0.01, -0.06, 0.04), "simlex999": Estimate(-0.2, NAN, NAN)},
        analogies={},
        bands=(BandScore(5, 19, 100, 0.7, 500, delta), BandScore(100, None, 0, NAN, 0, Estimate(NAN, NAN, NAN))),
        new_words=None,
        health=HEALTHY,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def card(delta: Estimate = NOTHING, **changes: object) -> Scorecard:
    """A chosen model with `delta` over pretrained; the placebo is 3 points behind it, scratch 5."""
    usual = Scorecard(
        models=(model("pretrained"), model("tuned", delta), model("scratch", Estimate(-0.05, -0.07, -0.03))),
        chosen="tuned",
        reference="pretrained",
        scratch="scratch",
        over_scratch=Estimate(delta.value + 0.05, 0.03, 0.08),
        placebo=PlaceboScore(Estimate(0.74, 0.72, 0.76), Estimate(-0.03, -0.04, -0.02), Estimate(0.03, 0.02, 0.04), {}),
        examples=(
            ClozeExample(
                "a.txt", ("the",), "bank", ("closed",), (Choice("bank", 0.5, 0.4),), hit=True, reference_hit=True
            ),
        ),
        positions=3000,
        documents=42,
        unit="documents",
        splits=1,
        near_duplicates=0,
        train_tokens=42_000,
        vocabulary=3000,
        evaluated=1700,
        coverage=0.8,
        labels=Labels((), 0, NAN, (), "The documents have no labels."),
        missing={},
        seed=1,
        scored_by=SCORE_VERSION,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]
