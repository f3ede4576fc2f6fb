"""What stands beside the verdict, a sentence each: labels, how often a word was seen, general meaning.

Every sentence is made of the numbers of a scorecard and may be quoted alone; docs/science.md, section 7. Pages, command
line and report share them.
"""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from core.prose.numbers import count, write_share
from core.score.bootstrap import Estimate
from core.score.scorecard import BandScore, ModelScore, Scorecard
from core.score.word_pairs import LIST_TITLES, MIN_PAIRS, PUBLISHED

LABEL_GAIN = 0.02
"""A gain in documents under their own label that is worth having: one document in fifty."""
MEANING_LOSS = 0.05
"""A loss of agreement with people that matters: a little more than GloVe loses from 100 values a word to 50."""
MIN_BAND_POSITIONS = 100
"""Fewer questions about the words of a band say too little for a sentence."""
WORTH = (
    "The score ranks ways of making vectors much as labelled tasks do, but its size does not carry over: on the Brown "
    "corpus fine-tuning with dose control gained three points and told genres apart no better. Read it as “fits this "
    "text”."
)
"""What the score is worth, for wherever it is explained; docs/science.md, section 2."""

LabelOutcome = Literal["better", "worse", "no better", "cannot tell"]
MeaningOutcome = Literal["kept", "lost", "cannot tell"]


class LabelGain(NamedTuple):
    """How much better documents are told apart: from how many examples of each label (None for most documents)."""

    examples: int | None
    right: Estimate
    delta: Estimate

    @property
    def outcome(self) -> LabelOutcome:
        """ "no better" only where a gain of two points can be excluded."""
        if self.delta.low > 0:
            return "better"
        if self.delta.high < 0:
            return "worse"
        return "no better" if self.delta.high < LABEL_GAIN else "cannot tell"


def label_gains(model: ModelScore) -> tuple[LabelGain, ...]:
    """What was measured of `model`, fewest examples first; empty without labels."""
    gains = [LabelGain(score.examples, score.right, score.delta) for score in model.few_examples]
    if model.classification is not None and model.classification_delta is not None:
        gains.append(LabelGain(None, model.classification, model.classification_delta))
    return tuple(gains)


def write_labels(card: Scorecard, name: str | None = None) -> str:
    """Whether the documents' labels are told apart better by a model than by the reference; "" without labels.

    Args:
        name: of the model; by default the judged one.
    """
    gains = label_gains(card.model(name or card.chosen))
    if not gains or (name or card.chosen) == card.reference:
        return ""
    written = {gain: _write_gain(gain, first=not place) for place, gain in enumerate(gains)}
    parts = [
        f"{'not measurably better' if outcome == 'cannot tell' else outcome} {_join([written[gain] for gain in each])}"
        for outcome, each in groupby(gains, lambda gain: gain.outcome)
    ]
    return f"The {len(card.labels.classes)} labels of your documents are told apart {'; '.join(parts)}."


def _write_gain(gain: LabelGain, *, first: bool) -> str:
    """E.g. "with 3 examples each (+2.1 points, likely between +0.8 and +3.4)"."""
    value, low, high = map(_signed, gain.delta)
    examples = "four fifths of the documents as examples" if gain.examples is None else f"{gain.examples} examples each"
    change = f"{value} points, likely between {low} and {high}" if first else f"{value}, {low} to {high}"
    return f"with {examples} ({change})"


def band_shares(model: ModelScore) -> tuple[float, ...]:
    """Share of the questions that is about the words of each band, 0 to 1."""
    asked = sum(band.positions for band in model.bands)
    return tuple(band.positions / max(asked, 1) for band in model.bands)


def write_bands(card: Scorecard, name: str | None = None) -> str:
    """Where a model gains over the reference, by how often a word was seen; "" for the reference."""
    model = card.model(name or card.chosen)
    least = least_count(card)
    asked = [each for each in zip(model.bands, band_shares(model), strict=True) if each[0].positions]
    if not asked:
        return ""
    parts = [
        f"those seen {write_band(band, least)}, {write_share(share, 0)}, {_write_band_gain(band)}"
        for band, share in asked
    ]
    band, share = asked[0]
    parts[0] = f"Words seen {write_band(band, least)} are {write_share(share, 0)} of the questions and "
    parts[0] += _write_band_gain(band)
    alike = len({config.min_count for config in card.configs.values()}) == 1
    why = "they have no vector" if alike else "not every model has a vector of them"
    unseen = "" if least == 1 else f" Words seen {_fewer_than(least)} are not asked about: {why}."
    return f"{'; '.join(parts)}.{unseen}"


def least_count(card: Scorecard) -> int:
    """How often a word must be seen in the training part for every model to have it; 1 where that is not known."""
    return max((config.min_count for config in card.configs.values()), default=1)


def _fewer_than(least: int) -> str:
    return "once" if least == 2 else f"fewer than {least} times"


def write_band(band: BandScore, least: int = 1) -> str:
    """How often the words of `band` were seen, e.g. "5 to 19 times"; models know words from `least` times on."""
    low = max(band.least, least)
    if band.most is None:
        return f"{low:,} times or more"
    return f"{low} to {band.most} times" if low < band.most else count("time", band.most)


def _write_band_gain(band: BandScore) -> str:
    delta = band.delta
    if band.positions < MIN_BAND_POSITIONS or not math.isfinite(delta.half_width):
        return "too few to tell"
    if delta.low > 0:
        return f"gained {_plain(delta.value)} points ({_range(delta)})"
    if delta.high < 0:
        return f"lost {_plain(-delta.value)} points ({_range(Estimate(-delta.value, -delta.high, -delta.low))})"
    return f"gained nothing measurable ({_range(delta, signed=True)} points)"


def find_meaning(model: ModelScore) -> MeaningOutcome:
    """Whether general meaning was kept, by WordSim-353 and SimLex-999.

    Lost: agreement with people fell measurably on one of them. Kept: on every one that has 30 pairs, a loss of 0.05 can
    be excluded. Else it cannot be told.
    """
    guards = [model.guards[name] for name in _judged_lists(model)]
    if any(guard.high < 0 for guard in guards):
        return "lost"
    return "kept" if guards and all(guard.low > -MEANING_LOSS for guard in guards) else "cannot tell"


def write_meaning(card: Scorecard, name: str | None = None) -> str:
    """Whether a model kept the general meaning of words, in one line; "" for the reference itself."""
    model, reference = card.model(name or card.chosen), card.model(card.reference)
    if model.name == reference.name:
        return ""
    lists = _judged_lists(model)
    if not lists:
        few = [f"{model.pairs[each].pairs} pairs of {LIST_TITLES[each]}" for each in PUBLISHED if each in model.pairs]
        return (
            f"General meaning: cannot tell. Your text and the vectors have only {_join(few)}, too few to ask; it takes "
            f"{MIN_PAIRS}."
        )
    outcome = find_meaning(model)
    changes = _join([_write_change(model, reference, each) for each in lists])
    said = f"General meaning: {outcome}. Agreement with people on how alike words are (1 is perfect) went {changes}."
    wide = [LIST_TITLES[each] for each in lists if model.guards[each].low <= -MEANING_LOSS]
    if outcome == "cannot tell":
        said += f" On {_join(wide)} a loss of {MEANING_LOSS} or more, which would matter, is not excluded."
    return said


def _judged_lists(model: ModelScore) -> list[str]:
    return [
        name
        for name in PUBLISHED
        if name in model.pairs and model.pairs[name].pairs >= MIN_PAIRS and math.isfinite(model.guards[name].half_width)
    ]


def _write_change(model: ModelScore, reference: ModelScore, name: str) -> str:
    before, after, change = reference.pairs[name], model.pairs[name], model.guards[name]
    low, high = _hundredths(change.low, signed=True), _hundredths(change.high, signed=True)
    return (
        f"from {_hundredths(before.correlation)} to {_hundredths(after.correlation)} ({LIST_TITLES[name]}, change "
        f"likely between {low} and {high})"
    )


def _join(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _plain(value: float) -> str:
    return f"{100 * value:z.1f}".replace("-", "−")  # z: no zero has a sign of its own


def _signed(value: float) -> str:
    return f"{100 * value:+z.1f}".replace("-", "−")


def _range(estimate: Estimate, *, signed: bool = False) -> str:
    write = _signed if signed else _plain
    return f"{write(estimate.low)} to {write(estimate.high)}"


def _hundredths(value: float, *, signed: bool = False) -> str:
    return f"{value:{'+' if signed else ''}z.2f}".replace("-", "−")
