"""The test part, asked once: about the setting that was chosen, against the pretrained vectors and a placebo."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.errors import EvaluationError
from core.methods import METHODS
from core.models.cloze import Cloze, score_cloze
from core.models.runs import find_or_train
from core.progress import Progress, portion, silent
from core.prose.numbers import count, write_share
from core.score.bootstrap import Estimate, estimate_gain, estimate_share
from core.score.sweep.plan import Setting, describe_values, find_varied
from core.score.sweep.questions import HeldBackText
from core.score.sweep.record import PlaceboGain, SweepRecord, TestedSetting, TriedSetting
from core.score.sweep.trying import TrialInputs, train_part, vectors_at
from core.score.verdict import MIN_EFFECT, Outcome, weigh_gain
from core.text.resampling import shuffle_tokens
from core.text.split import write_units

_PLACEBO = 0.7
"""Share of the work that the placebo may take; the chosen models are in the store."""


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """To the questions of the test part, each float64 (questions,); None where that makes no sense."""

    chosen: np.ndarray
    reference: np.ndarray | None
    placebo: np.ndarray | None


def judge_chosen(
    inputs: TrialInputs,
    held_back: HeldBackText,
    setting: Setting,
    reference: Setting | None,
    tried: TriedSetting,
    progress: Progress,
) -> TestedSetting:
    """Ask the chosen setting's models, at the doses that were chosen, about the test part; means over the seeds.

    Args:
        reference: pretrained vectors untouched, to compare with.

    Raises:
        EvaluationError: nothing in the test part can be asked about.
        RunError, TrainingError, Cancelled: as `find_or_train`.
    """
    test, groups = held_back.ask(inputs.questions)
    if not len(test):
        raise EvaluationError(
            "No word of the test part could be asked about, so the choice cannot be tested. Add text of the same kind."
        )
    size = len(inputs.questions.words)
    doses = [each.dose for each in tried.seeds]
    models = [train_part(inputs, setting, each.seed, portion(progress, 0, 1 - _PLACEBO)) for each in tried.seeds]
    vectors = [vectors_at(model, dose, size) for model, dose in zip(models, doses, strict=True)]
    answers = _Answers(
        chosen=np.mean([score_cloze(test, each) for each in vectors], axis=0),
        reference=None if reference is None else score_cloze(test, _vectors_of(inputs, reference, size)),
        placebo=_ask_placebo(inputs, test, setting, tried, held_back.seed, portion(progress, 1 - _PLACEBO, 1)),
    )
    name = None if reference is None else reference.vectors
    return _weigh(answers, groups, held_back, name, choices=int(any(dose is not None for dose in doses)))


def _vectors_of(inputs: TrialInputs, setting: Setting, size: int) -> np.ndarray:
    return vectors_at(train_part(inputs, setting, setting.seeds[0], silent), None, size)


def _ask_placebo(
    inputs: TrialInputs, test: Cloze, setting: Setting, tried: TriedSetting, seed: int, progress: Progress
) -> np.ndarray | None:
    """The answers of the same setting, at the same dose, on the training part in random order; with the first seed."""
    if not METHODS[setting.config.strategy].from_text:
        return None
    config = replace(setting.config, dose=tried.seeds[0].dose) if setting.config.has_dose else setting.config
    shuffled = shuffle_tokens(inputs.questions.train, seed)
    model = find_or_train(shuffled, inputs.rows_of(setting), config, portion(progress, 0, 1, "placebo: "))
    return score_cloze(test, np.asarray(model.vectors[: len(inputs.questions.words)]))


def _weigh(
    answers: _Answers, groups: np.ndarray, held_back: HeldBackText, reference: str | None, choices: int
) -> TestedSetting:
    seed = held_back.seed
    score = estimate_share(answers.chosen, groups, seed)
    placebo = behind = delta = None
    if answers.placebo is not None:
        behind = estimate_gain(answers.chosen - answers.placebo, groups, seed, choices)
        placebo = PlaceboGain(float(answers.placebo.mean()), behind.value, _ends(behind))
    if answers.reference is not None:
        delta = estimate_gain(answers.chosen - answers.reference, groups, seed, choices)
    explained = behind is not None and behind.low <= 0
    return TestedSetting(
        cloze=score.value,
        cloze_ci=_ends(score),
        reference=reference,
        reference_cloze=None if answers.reference is None else float(answers.reference.mean()),
        delta=None if delta is None else delta.value,
        delta_ci=None if delta is None else _ends(delta),
        outcome=None if delta is None else weigh_gain(delta, len(groups), explained=explained),
        placebo=placebo,
        questions=len(groups),
        documents=len(np.unique(groups)),
        unit=held_back.unit,
    )


def _ends(estimate: Estimate) -> tuple[float | None, float | None]:
    low, high = (end if math.isfinite(end) else None for end in (estimate.low, estimate.high))
    return low, high


def describe_choice(record: SweepRecord, reference: str | None = None) -> str:
    """What came out, in sentences: the answer first, then among how many the choice was. "" before the end.

    `reference`: what to call the vectors file, if not what the record does.
    """
    chosen, test = record.chosen, record.test
    if chosen is None or test is None or chosen.development is None:
        return ""
    file = reference or (None if test.reference is None else Path(test.reference).name)
    return " ".join([_answer(record, chosen, test, file), _warn(record, chosen)])


def _answer(record: SweepRecord, chosen: TriedSetting, test: TestedSetting, file: str | None) -> str:
    best = "the only setting" if record.tried == 1 else f"the best of {count('setting', record.tried)}"
    names = find_varied(each.values for each in record.settings)
    name = f"{best} is {describe_values(chosen.values, names)}"
    asked = f"{write_units(test.unit, test.documents)} that had no say in the choice"
    score = f"it prefers the hidden word to {write_share(test.cloze)} of the alternatives"
    if test.delta is None or test.delta_ci is None:
        return (
            f"{name[0].upper()}{name[1:]}. In {asked} {score} (guessing gives 50 %). There are no pretrained vectors "
            "to compare it with."
        )
    ends = " and ".join(_signed(end) if end is not None else "no limit" for end in test.delta_ci)
    return (
        f"{_OUTCOMES[test.outcome]}: {name}. In {asked} {score}, {_signed(test.delta)} points (likely between {ends}) "
        f"against the untouched vectors of {file}.{_explain(test)}"
    )


_OUTCOMES: dict[Outcome | None, str] = {
    "helped": "Helped",
    "hurt": "Hurt",
    "no measurable difference": "No measurable difference",
    "not enough text": "Not enough text to tell",
}


def _signed(share: float) -> str:
    return f"{100 * share:+z.1f}".replace("-", "−")


def _explain(test: TestedSetting) -> str:
    if test.outcome == "not enough text":
        return " More text of the same kind would tell."
    low = None if test.delta_ci is None else test.delta_ci[0]
    if test.outcome != "no measurable difference" or (test.delta or 0.0) < MIN_EFFECT or low is None or low <= 0:
        return ""
    return " The same training on the words in random order gains as much, as far as can be told."


def _warn(record: SweepRecord, chosen: TriedSetting) -> str:
    if record.tried < 2:
        return "So nothing was chosen."
    return (
        f"It was chosen among {record.tried:,} for its score on the development part, "
        f"{write_share(chosen.development or 0.0)}, which flatters, being the highest of so many. No other setting was "
        "tested."
    )
