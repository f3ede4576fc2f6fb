"""The noise of each step of a study: what the documents of two neighbouring texts do to words, dealt out anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from core.comparison.candidates import find_candidates
from core.comparison.movers import LEAST_COUNT, Movers, find_movers
from core.comparison.noise import (
    NoisePlan,
    estimate_noise_seconds,
    find_measured,
    load_noise,
    measure_movers,
    plan_noise,
)
from core.comparison.pair import match_words
from core.comparison.study.models import Study
from core.errors import TrainingError
from core.progress import Progress, portion, silent
from core.prose.numbers import count
from core.system.threads import one_thread
from core.text.corpus import Corpus
from core.text.resampling import FEWEST_DEALT, FEWEST_OF_EACH

_COUNTS = (LEAST_COUNT, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Where the bands of words of like count begin."""


@dataclass(frozen=True, slots=True)
class CountBand:
    """How far noise alone moves words of like count.

    Attributes:
        count: they occur so often or more, in the text of the two that has them more rarely; up to the next band.
        words: how many of the study's words are judged in it.
        middle: the change that half of them stay below, by noise alone.
        upper: the change that 95 % of a word's changes by noise alone stay below; the median of these words.
    """

    count: int
    words: int
    middle: float
    upper: float


@dataclass(frozen=True, slots=True, eq=False)
class StudyStep:
    """From one text to the next.

    Attributes:
        left, right: names of the texts.
        documents: how many each has.
        movers: changes of the study's words with their noise, each word judged as if this step were the only one; None
            where there is no noise.
        why_not: why there is none, and what to do; "" where there is.
    """

    left: str
    right: str
    documents: tuple[int, int]
    movers: Movers | None
    why_not: str = ""
    bands: tuple[CountBand, ...] = ()

    @property
    def deals(self) -> int:
        """How often the documents were dealt out anew."""
        return 0 if self.movers is None else self.movers.runs[0]


def estimate_steps_seconds(study: Study, corpora: Sequence[Corpus]) -> float:
    """Seconds that `measure_steps` will take, without what was measured before; `corpora` are the texts."""
    total = 0.0
    for step in range(len(study.names) - 1):
        plan = _plan(study, step)
        if not _why_not(study, step, plan) and find_measured(plan) is None:
            total += estimate_noise_seconds(plan, corpora[step], corpora[step + 1])
    return total


def _plan(study: Study, step: int) -> NoisePlan:
    left, right = study.sides[step : step + 2]
    return plan_noise(left, right, min(study.documents[step : step + 2]))


def leave_out_noise(study: Study) -> tuple[StudyStep, ...]:
    """The steps of a study of which no noise is wanted."""
    return tuple(_without_noise(study, step, "Noise was not asked for.") for step in range(len(study.names) - 1))


@one_thread()
def measure_steps(study: Study, progress: Progress = silent) -> tuple[StudyStep, ...]:
    """The steps of a study, each with the documents of its two texts dealt out anew (docs/science.md, section 11).

    A step whose texts have too few documents to be dealt out has no noise, and says so. Blocks of a document, which
    would do for two texts alone, are as alike as no two documents: beside steps with documents they would let every
    word of that step pass for moved.

    Raises:
        RunError: a model or what it was made from is gone, or nothing can be stored.
        Cancelled: out of `progress`; finished retrainings, and steps that are measured, stay.
    """
    number = len(study.names) - 1
    return tuple(
        _measure_step(study, step, portion(progress, step / number, (step + 1) / number, f"{study.names[step + 1]}: "))
        for step in range(number)
    )


def find_steps(study: Study) -> tuple[StudyStep, ...]:
    """The steps of a study, those with noise whose noise was measured before; nothing is trained.

    Raises:
        RunError: what is kept of a noise is damaged.
    """
    return tuple(_find_step(study, step) for step in range(len(study.names) - 1))


def lacking_noise(study: Study) -> tuple[int, ...]:
    """The steps whose noise can be measured and is not."""
    plans = {step: _plan(study, step) for step in range(len(study.names) - 1)}
    return tuple(
        step for step, plan in plans.items() if not _why_not(study, step, plan) and find_measured(plan) is None
    )


def _find_step(study: Study, step: int) -> StudyStep:
    plan = _plan(study, step)
    why_not = _why_not(study, step, plan)
    measured = None if why_not else find_measured(plan)
    if measured is None:
        return _without_noise(study, step, why_not or "Its noise was not measured yet.")
    return _with_noise(study, step, measured)


def _measure_step(study: Study, step: int, progress: Progress) -> StudyStep:
    plan = _plan(study, step)
    if not _why_not(study, step, plan) and find_measured(plan) is None:
        try:
            measure_movers(progress, plan, ("permutation",))
        except TrainingError as error:
            return _without_noise(study, step, f"The documents dealt out anew cannot be trained on: {error}")
    return _find_step(study, step)


def _with_noise(study: Study, step: int, measured: NoisePlan) -> StudyStep:
    movers = _judge(study, step, measured)
    bands = tuple(_find_bands(movers, study.counts[step : step + 2].min(axis=0)))
    documents = study.documents[step], study.documents[step + 1]
    return StudyStep(study.names[step], study.names[step + 1], documents, movers, bands=bands)


def _why_not(study: Study, step: int, plan: NoisePlan) -> str:
    if "permutation" not in plan.kinds:
        return "The models are not made from their texts, so dealing the documents out anew changes nothing."
    documents = study.documents[step : step + 2]
    if min(documents) >= FEWEST_OF_EACH and sum(documents) >= FEWEST_DEALT:
        return ""
    told = " and ".join(
        f"“{name}” has {count('document', each)}"
        for name, each in zip(study.names[step : step + 2], documents, strict=True)
    )
    return (
        f"{told}: too few to be dealt out anew, which takes {FEWEST_OF_EACH} of each text and {FEWEST_DEALT} together. "
        "The change is known, and not whether it is more than noise. Cut the texts into smaller documents (paragraphs "
        "or lines), or join texts."
    )


def _without_noise(study: Study, step: int, why_not: str) -> StudyStep:
    documents = study.documents[step], study.documents[step + 1]
    return StudyStep(study.names[step], study.names[step + 1], documents, None, why_not)


def _judge(study: Study, step: int, plan: NoisePlan) -> Movers:
    """All words that the two texts share tell of the noise; what is found of the study's words."""
    left, right = study.models[step : step + 2]
    shared = match_words(left, right)
    candidates = find_candidates(shared, left, right, study.languages[step : step + 2])
    counts = np.minimum(left.counts[shared.left_rows], right.counts[shared.right_rows])
    noise = load_noise(plan, shared.words, "permutation")
    movers = find_movers(
        noise.change,
        counts,
        {"permutation": noise.noise},
        weighed=noise.weighed,
        judgeable=candidates.judged,
    )
    row_of = {word: row for row, word in enumerate(shared.words)}
    rows = np.array([row_of[word] for word in study.words], np.int64)
    arrays = {
        each.name: getattr(movers, each.name)[rows]
        for each in fields(movers)
        if isinstance(getattr(movers, each.name), np.ndarray)
    }
    return replace(movers, **arrays)


def _find_bands(movers: Movers, counts: np.ndarray) -> Iterator[CountBand]:
    ends = (*_COUNTS[1:], np.inf)
    for begin, end in zip(_COUNTS, ends, strict=True):
        inside = movers.judged & (counts >= begin) & (counts < end)
        if inside.any():
            middle, upper = (float(np.median(each[inside])) for each in (movers.expected, movers.bound))
            yield CountBand(begin, int(inside.sum()), middle, upper)
