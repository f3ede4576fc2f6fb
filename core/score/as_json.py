"""A scorecard and its verdict as plain values for machines (`score --json`)."""

import math
from typing import Any

from core.score.bootstrap import Estimate
from core.score.findings import band_shares, find_meaning, label_gains, write_bands
from core.score.scorecard import ModelScore, Scorecard
from core.score.verdict import judge
from core.score.word_pairs import PUBLISHED


def as_json(card: Scorecard) -> dict[str, Any]:
    """The scorecard for machines: plain values, None for what is not known. Keys are stable."""
    verdict = judge(card)
    return {
        "verdict": verdict.outcome,
        "headline": verdict.headline,
        "beside": list(verdict.beside),
        "caveats": list(verdict.caveats),
        "advice": list(verdict.advice),
        "method": list(verdict.method),
        "reference": card.reference,
        "chosen": card.chosen,
        "models": {model.name: _model_as_json(model) for model in card.models},
        "best_scratch": card.scratch,
        "over_scratch": _value(card.over_scratch),
        "over_scratch_ci": _ends(card.over_scratch),
        "placebo": None
        if card.placebo is None
        else {
            "cloze": _number(card.placebo.cloze.value),
            "delta": _number(card.placebo.delta.value),
            "delta_ci": _ends(card.placebo.delta),
            "behind_chosen": _number(card.placebo.behind.value),
            "behind_chosen_ci": _ends(card.placebo.behind),
            **{name: _number(score.correlation) for name, score in card.placebo.pairs.items()},
        },
        "positions": card.positions,
        "documents": card.documents,
        "unit": card.unit,
        "asked": card.unit,
        "splits": card.splits,
        "bands": _bands_as_json(card),
        "where_to_expect_gain": write_bands(card),
        "labels": _labels_as_json(card),
        "meaning": None if card.chosen == card.reference else find_meaning(card.model(card.chosen)),
        "near_duplicates": card.near_duplicates,
        "coverage": _number(card.coverage),
        "vocabulary": card.vocabulary,
        "evaluated": card.evaluated,
        "missing_words": {name: list(words) for name, words in card.missing.items()},
        "seed": card.seed,
    }


def _bands_as_json(card: Scorecard) -> list[dict[str, Any]]:
    """Where the gain is, by how often a word was seen in the training part: of the judged model, and of every one."""
    judged = card.model(card.chosen)
    return [
        {
            "least": band.least,
            "most": band.most,
            "questions": band.positions,
            "share": share,
            **_gain_as_json(band.delta),
            "models": {model.name: _gain_as_json(model.bands[place].delta) for model in card.models if model.bands},
        }
        for place, (band, share) in enumerate(zip(judged.bands, band_shares(judged), strict=True))
    ]


def _labels_as_json(card: Scorecard) -> dict[str, Any] | None:
    """How well labels are told apart, from a few examples of each and from most documents; None without labels."""
    if not label_gains(card.model(card.chosen)):
        return None
    return {
        "classes": list(card.labels.classes),
        "documents": card.labels.documents,
        "held_out": card.labels.held_out,
        "draws": card.labels.draws,
        "majority": _number(card.labels.majority),
        "left_out": list(card.labels.left_out),
        "models": {
            model.name: [
                {
                    "examples": gain.examples,
                    "share": _number(gain.right.value),
                    "share_ci": _ends(gain.right),
                    **_gain_as_json(gain.delta),
                    "outcome": None if model.name == card.reference else gain.outcome,
                }
                for gain in label_gains(model)
            ]
            for model in card.models
        },
    }


def _gain_as_json(delta: Estimate) -> dict[str, Any]:
    return {"delta": _number(delta.value), "delta_ci": _ends(delta)}


def _model_as_json(model: ModelScore) -> dict[str, Any]:
    lists: dict[str, Any] = {}
    for name in {**PUBLISHED, **model.pairs}:
        score = model.pairs.get(name)
        lists[name] = score and _number(score.correlation)
        lists[f"{name}_pairs"] = score.pairs if score else 0
        lists[f"{name}_delta_ci"] = _ends(model.guards.get(name))
    return {
        "strategy": model.strategy,
        "cloze": _number(model.cloze.value),
        "cloze_ci": _ends(model.cloze),
        "delta": _number(model.delta.value),
        "delta_ci": _ends(model.delta),
        "dose": model.dose,
        **lists,
        "new_words": _value(model.new_words),
        "classification": _value(model.classification),
        "classification_delta": _value(model.classification_delta),
        "classification_delta_ci": _ends(model.classification_delta),
        "analogies": {name: list(found) for name, found in model.analogies.items()},
        "bands": [
            {
                "least": band.least,
                "most": band.most,
                "words": band.words,
                "kept": _number(band.kept),
                "questions": band.positions,
                "delta": _number(band.delta.value),
                "delta_ci": _ends(band.delta),
            }
            for band in model.bands
        ],
        "alarms": list(model.health.alarms),
        "seconds": round(model.seconds, 3),
    }


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _value(estimate: Estimate | None) -> float | None:
    return None if estimate is None else _number(estimate.value)


def _ends(estimate: Estimate | None) -> list[float | None] | None:
    return None if estimate is None else [_number(estimate.low), _number(estimate.high)]
