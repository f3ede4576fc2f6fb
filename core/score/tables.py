"""The scorecard as tables: a dict a row, its keys the column titles, None for what is not known."""

import math
from typing import Any

from core.score.bootstrap import Estimate
from core.score.findings import band_shares, label_gains, least_count, write_band
from core.score.scorecard import ModelScore, Scorecard
from core.score.stability import BandStability
from core.score.verdict import title
from core.score.word_pairs import LIST_TITLES, MIN_PAIRS

Row = dict[str, Any]


def model_rows(card: Scorecard) -> list[Row]:
    """Every model, best first, and the placebo: score, gain over the reference, dose, cost."""
    rows = [
        {
            "Model": _name(card, model),
            "Alternatives beaten": 100 * model.cloze.value,
            "Likely between": _range(model.cloze),
            "Gain": None if model.name == card.reference else 100 * model.delta.value,
            "Gain likely between": "" if model.name == card.reference else _range(model.delta, signed=True),
            "Dose": model.dose,
            "Training": model.seconds,
        }
        for model in sorted(card.models, key=lambda model: -model.cloze.value)
    ]
    if card.placebo is not None:
        rows.append(
            {
                "Model": "Placebo: your words in random order",
                "Alternatives beaten": 100 * card.placebo.cloze.value,
                "Likely between": _range(card.placebo.cloze),
                "Gain": 100 * card.placebo.delta.value,
                "Gain likely between": _range(card.placebo.delta, signed=True),
                "Dose": card.model(card.chosen).dose,
                "Training": None,
            }
        )
    return rows


def meaning_rows(card: Scorecard) -> list[Row]:
    """Agreement with people's judgements, by list and model."""
    rows = []
    for name in card.models[0].pairs:
        for model in card.models:
            score, guard = model.pairs[name], model.guards[name]
            told = score.pairs >= MIN_PAIRS and model.name != card.reference
            rows.append(
                {
                    "List": LIST_TITLES.get(name, name),
                    "Model": _name(card, model),
                    "Agreement": finite_or_none(score.correlation),
                    "Change": finite_or_none(guard.value) if told else None,
                    "Change likely between": _plain_range(guard) if told else "",
                    "Pairs": f"{score.pairs} of {score.of}",
                    "Analogies": "{} of {}".format(*model.analogies[name]) if name in model.analogies else "",
                }
            )
    return rows if any(row["Analogies"] for row in rows) else [_without(row, "Analogies") for row in rows]


def too_few_pairs(card: Scorecard) -> list[str]:
    """Titles of the lists of which too few pairs are covered for a comparison."""
    scores = card.model(card.reference).pairs
    return [LIST_TITLES.get(name, name) for name, score in scores.items() if score.pairs < MIN_PAIRS]


def gain_rows(card: Scorecard) -> list[Row]:
    """Gain over the reference by how often the hidden word was seen: a row for every band that was asked about.

    Each model has a column of its own, the judged one the first: the gain in points and its range, as text.
    """
    models = sorted((model for model in card.models if model.bands), key=lambda model: model.name != card.chosen)
    least = least_count(card)
    return [
        {
            "Words seen": write_band(band, least),
            "Questions": band.positions,
            "Share": 100 * share,
            **{_name(card, model): _gain(model.bands[place].delta) for model in models},
        }
        for place, (band, share) in enumerate(zip(models[0].bands, band_shares(models[0]), strict=True))
        if band.positions
    ]


def _gain(delta: Estimate) -> str:
    """E.g. "+3.1 (+2.0 to +4.2)"."""
    if not math.isfinite(delta.value):
        return "unknown"
    return f"{100 * delta.value:+z.1f} ({_range(delta, signed=True)})".replace("-", "−")


def kept_rows(model: ModelScore) -> list[Row]:
    """How many neighbours frequent and rare words kept."""
    return [
        {
            "Seen in training": band_title(band.least, band.most),
            "Words": band.words,
            "Neighbours kept": None if math.isnan(band.kept) else 100 * band.kept,
        }
        for band in model.bands
    ]


def new_word_rows(card: Scorecard) -> list[Row]:
    """How well words that the pretrained file lacks are placed; empty when there are too few questions."""
    return [
        {
            "Model": _name(card, model),
            "Alternatives beaten": 100 * model.new_words.value,
            "Likely between": _range(model.new_words),
        }
        for model in card.models
        if model.new_words is not None
    ]


def health_rows(card: Scorecard) -> list[Row]:
    """The signs of collapse."""
    return [
        {
            "Model": _name(card, model),
            "State": "broken" if model.health.alarms else "healthy",
            "Hub skewness": finite_or_none(model.health.hub_skew),
            "Median length": finite_or_none(model.health.median_length),
            "Longest vector": finite_or_none(model.health.longest),
            "Vanished": 100 * model.health.vanished,
        }
        for model in card.models
    ]


def class_rows(card: Scorecard) -> list[Row]:
    """Documents put under their own label, by how many examples there were of each; empty without labels."""
    rows = []
    sizes = [gain.examples for gain in label_gains(card.model(card.chosen))]
    for place, size in enumerate(sizes):
        for model in card.models:
            gain = label_gains(model)[place]
            judged = model.name != card.reference
            rows.append(
                {
                    "Examples": "four fifths of all" if size is None else f"{size} of each label",
                    "Model": _name(card, model),
                    "Own label": 100 * gain.right.value,
                    "Likely between": _range(gain.right),
                    "Gain": 100 * gain.delta.value if judged else None,
                    "Gain likely between": _range(gain.delta, signed=True) if judged else "",
                }
            )
    return rows


def stability_rows(measured: dict[str, tuple[BandStability, ...]]) -> list[Row]:
    """Stability of each model by band of count."""
    return [
        {
            "Model": name,
            **{band_title(band.least, band.most): finite_or_none(100 * band.overlap) for band in bands},
        }
        for name, bands in measured.items()
    ]


def choice_rows(card: Scorecard, place: int) -> list[Row]:
    """The words that could fill the blank of an example, best for the chosen model first."""
    example = card.examples[place]
    return [
        {
            "Word": f"{choice.word} ✓" if choice.word == example.word else choice.word,
            "Judged": choice.chosen,
            "Reference": choice.reference,
        }
        for choice in example.choices
    ]


def band_title(least: int, most: int | None) -> str:
    """E.g. "5 to 19 times"."""
    return f"{least} times or more" if most is None else f"{least} to {most} times"


def sign_numbers(rows: list[Row], digits: dict[str, int]) -> Any:
    """A pandas Styler of `rows`: the numbers of some columns with their sign, as in the ranges beside them.

    `digits` says how many places these columns have. What is shown is text; sorting goes by the numbers.
    """
    from pandas import DataFrame

    table = DataFrame(rows)
    forms = {
        column: lambda value, places=places: f"{value:+z.{places}f}".replace("-", "−")
        for column, places in digits.items()
        if column in table
    }
    return table.style.format(forms, na_rep="–")


def finite_or_none(value: float) -> float | None:
    """None for what is not a finite number."""
    return value if math.isfinite(value) else None


def _name(card: Scorecard, model: ModelScore) -> str:
    role = {card.chosen: " · judged", card.reference: " · reference"}.get(model.name, "")
    return title(model) + role


def _range(estimate: Estimate, *, signed: bool = False) -> str:
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return "unknown"
    form = "{:+z.1f} to {:+z.1f}" if signed else "{:z.1f} to {:z.1f}"
    return form.format(100 * estimate.low, 100 * estimate.high).replace("-", "−")


def _plain_range(estimate: Estimate) -> str:
    if not (math.isfinite(estimate.low) and math.isfinite(estimate.high)):
        return "unknown"
    return f"{estimate.low:+z.2f} to {estimate.high:+z.2f}".replace("-", "−")


def _without(row: Row, key: str) -> Row:
    return {name: value for name, value in row.items() if name != key}
