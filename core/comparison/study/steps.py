"""The noise of each step of a study: what the documents of its two texts do to words, dealt out anew.

A step leads from a text to the next, or from the first text to a later one: how far a word went is known of both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from core.comparison.candidates import find_candidates
from core.comparison.kept_noise import find_measured, load_noise
from core.comparison.movers import LEAST_COUNT, Movers, find_movers
from core.comparison.noise import measure_movers
from core.comparison.noise_plan import NoisePlan, estimate_noise_seconds, plan_noise
from core.comparison.pair import match_words
from core.comparison.study.models import Study
from core.errors import TrainingError
from core.progress import Progress, portion, silent
from core.prose.numbers import count
from core.system.threads import one_thread
from core.text.corpus import Corpus
from core.text.resampling import FEWEST_DEALT, FEWEST_OF_EACH

Since = Literal["previous", "first"]
"""What changes are counted from: the text before, or the first one."""
Pair = tuple[int, int]
"""Places of two texts in a study."""
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
    """From one text to the next, or from the first to a later one.

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


def pairs_of(study: Study, since: Since = "previous") -> tuple[Pair, ...]:
    """The two texts of each step, for each text but the first."""
    return tuple((later - 1 if since == "previous" else 0, later) for later in range(1, len(study.names)))


def estimate_steps_seconds(study: Study, corpora: Sequence[Corpus], since: Since = "previous") -> float:
    """Seconds that `measure_steps` will take, without what was measured before; `corpora` are the texts."""
    total = 0.0
    for pair in pairs_of(study, since):
        plan = _plan(study, pair)
        if not _why_not(study, pair, plan) and find_measured(plan) is None:
            total += estimate_noise_seconds(plan, corpora[pair[0]], corpora[pair[1]])
    return total


def _plan(study: Study, pair: Pair) -> NoisePlan:
    left, right = pair
    return plan_noise(study.sides[left], study.sides[right], min(study.documents[left], study.documents[right]))


def leave_out_noise(study: Study, since: Since = "previous") -> tuple[StudyStep, ...]:
    """The steps of a study of which no noise is wanted."""
    return tuple(_without_noise(study, pair, "Noise was not asked for.") for pair in pairs_of(study, since))


@one_thread()
def measure_steps(study: Study, progress: Progress = silent, since: Since = "previous") -> tuple[StudyStep, ...]:
    """The steps of a study, each with the documents of its two texts dealt out anew (docs/science.md, section 11).

    A step whose texts have too few documents to be dealt out has no noise, and says so. Blocks of a document, which
    would do for two texts alone, are as alike as no two documents: beside steps with documents they would let every
    word of that step pass for moved.

    Raises:
        RunError: a model or what it was made from is gone, or nothing can be stored.
        Cancelled: out of `progress`; finished retrainings, and steps that are measured, stay.
    """
    pairs = pairs_of(study, since)
    return tuple(
        _measure_step(
            study, pair, portion(progress, step / len(pairs), (step + 1) / len(pairs), f"{study.names[pair[1]]}: ")
        )
        for step, pair in enumerate(pairs)
    )


def find_steps(study: Study, since: Since = "previous") -> tuple[StudyStep, ...]:
    """The steps of a study, those with noise whose noise was measured before; nothing is trained.

    Raises:
        RunError: what is kept of a noise is damaged.
    """
    return tuple(_find_step(study, pair) for pair in pairs_of(study, since))


def lacking_noise(study: Study, since: Since = "previous") -> tuple[int, ...]:
    """The steps whose noise can be measured and is not."""
    plans = [(pair, _plan(study, pair)) for pair in pairs_of(study, since)]
    return tuple(
        step
        for step, (pair, plan) in enumerate(plans)
        if not _why_not(study, pair, plan) and find_measured(plan) is None
    )


def _find_step(study: Study, pair: Pair) -> StudyStep:
    plan = _plan(study, pair)
    why_not = _why_not(study, pair, plan)
    measured = None if why_not else find_measured(plan)
    if measured is None:
        return _without_noise(study, pair, why_not or "Its noise was not measured yet.")
    return _with_noise(study, pair, measured)


def _measure_step(study: Study, pair: Pair, progress: Progress) -> StudyStep:
    plan = _plan(study, pair)
    if not _why_not(study, pair, plan) and find_measured(plan) is None:
        try:
            measure_movers(progress, plan, ("permutation",))
        except TrainingError as error:
            return _without_noise(study, pair, f"The documents dealt out anew cannot be trained on: {error}")
    return _find_step(study, pair)


def _with_noise(study: Study, pair: Pair, measured: NoisePlan) -> StudyStep:
    movers = _judge(study, pair, measured)
    bands = tuple(_find_bands(movers, study.counts[list(pair)].min(axis=0)))
    return StudyStep(*_names(study, pair), _documents(study, pair), movers, bands=bands)


def _names(study: Study, pair: Pair) -> tuple[str, str]:
    return study.names[pair[0]], study.names[pair[1]]


def _documents(study: Study, pair: Pair) -> tuple[int, int]:
    return study.documents[pair[0]], study.documents[pair[1]]


def _why_not(study: Study, pair: Pair, plan: NoisePlan) -> str:
    if "permutation" not in plan.kinds:
        return "The models are not made from their texts, so dealing the documents out anew changes nothing."
    documents = _documents(study, pair)
    if min(documents) >= FEWEST_OF_EACH and sum(documents) >= FEWEST_DEALT:
        return ""
    told = " and ".join(
        f"“{name}” has {count('document', each)}" for name, each in zip(_names(study, pair), documents, strict=True)
    )
    return (
        f"{told}: too few to be dealt out anew, which takes {FEWEST_OF_EACH} of each text and {FEWEST_DEALT} together. "
        "The change is known, and not whether it is more than noise. Cut the texts into smaller documents (paragraphs "
        "or lines), or join texts."
    )


def _without_noise(study: Study, pair: Pair, why_not: str) -> StudyStep:
    return StudyStep(*_names(study, pair), _documents(study, pair), None, why_not)


def _judge(study: Study, pair: Pair, plan: NoisePlan) -> Movers:
    """All words that the two texts share tell of the noise; what is found of the study's words."""
    left, right = (study.models[place] for place in pair)
    shared = match_words(left, right)
    languages = tuple(study.languages[place] for place in pair)
    candidates = find_candidates(shared, left, right, languages)
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
