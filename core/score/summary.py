"""A scorecard in one line: what stands above the maps, and may be quoted alone."""

from core.score.bootstrap import Estimate
from core.score.findings import LabelGain, find_meaning, label_gains
from core.score.scorecard import Scorecard
from core.score.verdict import Outcome, find_outcome, name_tested, title
from core.score.word_pairs import PUBLISHED


def summarise(card: Scorecard) -> str:
    """Who helped, by how much, on what; whether labels are told apart better; whether general meaning was kept."""
    parts = [_tell_outcome(card, find_outcome(card)), _tell_labels(card), _tell_meaning(card)]
    return " ".join(part for part in parts if part)


def _tell_outcome(card: Scorecard, outcome: Outcome) -> str:
    chosen, reference = card.model(card.chosen), card.model(card.reference)
    models, where = f"“{title(chosen)}” {{}} “{title(reference)}”", f"on {name_tested(card)}"
    gain = chosen.delta
    if outcome == "helped":
        return f"Helped: {models.format(f'gained {_points(gain)} over')} ({_range(gain)}) {where}."
    if outcome == "hurt":
        loss = Estimate(-gain.value, -gain.high, -gain.low)
        return f"Hurt: {models.format(f'lost {_points(loss)} to')} ({_range(loss)}) {where}."
    difference = (
        f"{models.format('against')}, {_signed(gain.value)} points ({_signed(gain.low)} to {_signed(gain.high)})"
    )
    if outcome == "not enough text":
        return f"Not enough text to tell whether it helped: {difference} {where}."
    if gain.low > 0 and card.placebo is not None and card.placebo.behind.low <= 0:
        return (
            f"No gain that comes from what your text says: {difference} {where}, and training on your words in random "
            "order gains as much."
        )
    return f"No measurable difference: {difference} {where}."


def _tell_labels(card: Scorecard) -> str:
    """Told by how many examples there are, unless all sizes agree: better with three is not better."""
    gains = label_gains(card.model(card.chosen))
    if not gains or card.chosen == card.reference:
        return ""
    number, told = len(card.labels.classes), {gain.outcome for gain in gains}
    labels = f"The {number} labels of the documents are told apart"
    if told == {"cannot tell"}:
        return f"Whether the {number} labels of the documents are told apart better is open."
    if len(told) == 1:
        return f"{labels} {told.pop()}."
    measured = [
        f"{outcome} with {' and '.join(_name_examples(gain) for gain in gains if gain.outcome == outcome)}"
        for outcome in ("better", "worse")
        if outcome in told
    ]
    if not measured:
        return f"{labels} not measurably better."
    rest = "" if told <= {"better", "worse"} else ", not measurably otherwise"
    return f"{labels} {', '.join(measured)}{rest}."


def _name_examples(gain: LabelGain) -> str:
    return "most documents as examples" if gain.examples is None else f"{gain.examples} examples each"


def _tell_meaning(card: Scorecard) -> str:
    model = card.model(card.chosen)
    if card.chosen == card.reference or not any(name in model.pairs for name in PUBLISHED):
        return ""
    outcome = find_meaning(model)
    if outcome == "cannot tell":
        return "Whether general meaning was kept is open."
    return f"General meaning {outcome}."


def _points(gain: Estimate) -> str:
    return f"{100 * gain.value:.1f} points"


def _range(gain: Estimate) -> str:
    return f"{100 * gain.low:z.1f} to {100 * gain.high:z.1f}".replace("-", "−")


def _signed(share: float) -> str:
    return f"{100 * share:+z.1f}".replace("-", "−")
