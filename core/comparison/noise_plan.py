"""Which kinds of noise two models have, how many retrainings each takes, and how long that is.

What is asked decides which noise a change is held against. Of two texts: would the same documents, dealt out to them
anew, differ as much? Of one text: would other documents like these say the same? Of this very text: would training say
the same again?
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.comparison.measurements import retraining_config
from core.comparison.movers import NoiseKind
from core.comparison.retrainings import RESAMPLES, SEEDS, NoiseSide
from core.config import TrainConfig
from core.models.beside import available_cores
from core.models.description import RunDescription
from core.models.estimates import OPEN_DOSE_FACTOR, START_SECONDS, estimate_seconds
from core.models.runs import run_folder
from core.pretrained.vectors import kept_digest
from core.system.files import digest_of
from core.system.typed_json import read_record
from core.text.corpus import Corpus

NOISE_VERSION = "5"
"""Part of what is kept: raise it when the same retrainings no longer give the same noise."""
FEWEST_DEALS, MOST_DEALS = 5, 8
"""Ways in which the documents of two texts are dealt out anew, each for two retrainings."""
RETRAINING_SHARE = 0.95
"""Share of the work that goes into retrainings."""
FEWEST_DOCUMENTS = 10
"""With fewer, a resampled text is another text."""
_MOST_TRAININGS = 10
"""No more time than these take goes into deals."""
_BEGIN_SECONDS = 1.5
"""Until a process trains: its imports."""
_LOADING_SECONDS = 0.3
"""Of the seconds noted for the first training of a process, what reading compiled code took: retrainings share it."""
_BESIDE = 1.15
"""Trainings beside each other share the memory: each takes so many times as long as alone."""
_FARTHEST = 5.0
"""By so much at most a noted training is believed to be faster or slower than others are."""


@dataclass(frozen=True, slots=True)
class NoisePlan:
    """Which kinds of noise two models have.

    Attributes:
        left, right: the models.
        kinds: of noise that apply to them; empty when nothing about them is random.
    """

    left: NoiseSide
    right: NoiseSide
    kinds: tuple[NoiseKind, ...]

    @property
    def identity(self) -> str:
        """Names the two models as they are shown."""
        sides = [text for side in (self.left, self.right) for text in (side.run, side.config.identity)]
        return digest_of(NOISE_VERSION, *sides)

    @property
    def two_texts(self) -> bool:
        """The models were made on different texts, both of them: no sample of one could be the other's."""
        return "permutation" in self.kinds

    def retrainings(self, kind: NoiseKind) -> int:
        """How many models are trained for that kind, at most."""
        sides = (self.left, self.right)
        if kind == "seed":
            return sum(SEEDS for side in sides if side.method.random)
        if kind == "documents":
            return sum(RESAMPLES for side in sides if side.method.from_text)
        return most_deals(self) * len(sides) if kind == "permutation" else len(sides)


def plan_noise(left: NoiseSide, right: NoiseSide, documents: int) -> NoisePlan:
    """Which kinds of noise can be measured of two models; `documents` are those of the smaller of their texts.

    The documents of two texts can be dealt out anew, unless a side is not made from its text. Resampled documents move
    what is made from the text, another seed what is trained from random choices. Where both sides start from the same
    pretrained vectors, training on shuffled words shows how far they move without learning anything (docs/science.md,
    section 5); models without a common start would only show that they have none.
    """
    sides = (left, right)
    kinds: list[NoiseKind] = []
    if left.corpus_folder != right.corpus_folder and all(side.method.from_text for side in sides):
        kinds.append("permutation")
    if documents >= FEWEST_DOCUMENTS and any(side.method.from_text for side in sides):
        kinds.append("documents")
    if any(side.method.random for side in sides):
        kinds.append("seed")
    if all(side.method.needs_vectors for side in sides) and _same_vectors(left.rows_folder, right.rows_folder):
        kinds.append("placebo")
    return NoisePlan(left, right, tuple(kinds))


def _same_vectors(left: Path | None, right: Path | None) -> bool:
    if left == right or left is None or right is None:
        return left == right
    try:
        return kept_digest(left) == kept_digest(right)
    except (OSError, ValueError):  # gone: whoever trains on them is told so
        return False


def usual_kinds(kinds: Sequence[NoiseKind]) -> tuple[NoiseKind, ...]:
    """The kind that answers what a reader takes "moved" for, of those in `kinds`.

    Of two texts, whether the same documents dealt out anew would differ as much; of one, whether other documents like
    these would say the same; where documents are too few, whether training would say the same again.
    """
    order: tuple[NoiseKind, ...] = ("permutation", "documents", "seed", "placebo")
    return next(((kind,) for kind in order if kind in kinds), ())


def asked_kinds(plan: NoisePlan) -> tuple[NoiseKind, ...]:
    """What is measured if nothing else is said: of two texts their deals, of one text all that there is."""
    return usual_kinds(plan.kinds) if plan.two_texts else plan.kinds


def estimate_noise_seconds(
    plan: NoisePlan, left: Corpus, right: Corpus, kinds: Sequence[NoiseKind] | None = None
) -> float:
    """Seconds that `measure_movers` will take if nothing of it was made before, by what training the two models took.

    Of the deals of two texts, some may turn out not to be needed; the estimate lies between the fewest and the most.
    """
    total = 0.0
    for side, corpus in ((plan.left, left), (plan.right, right)):
        each = _retraining_seconds(side, corpus)
        for kind in asked_kinds(plan) if kinds is None else kinds:
            if kind == "seed":
                total += each * SEEDS * side.method.random
            elif kind == "documents":
                total += each * RESAMPLES * side.method.from_text
            else:
                total += each * ((FEWEST_DEALS + most_deals(plan)) / 2 if kind == "permutation" else 1)
    beside = _BESIDE if available_cores() > 1 else 1.0
    return _BEGIN_SECONDS + beside * total / RETRAINING_SHARE / available_cores()


def _retraining_seconds(side: NoiseSide, corpus: Corpus) -> float:
    """What one retraining takes on one core, by what training the model took, if that was noted."""
    wanted = _work(corpus, retraining_config(side.config))
    known = _training_of(side)
    if known is None or not known.seconds:
        return wanted
    expected = _work(corpus, known.config)
    if _chose_dose(known):  # it was chosen beside the training, where there was a core for that
        expected *= max(1.0, OPEN_DOSE_FACTOR / available_cores())
    trained = known.seconds - _LOADING_SECONDS
    return wanted * float(np.clip(trained / max(expected, 1e-3), 1 / _FARTHEST, _FARTHEST))


def _work(corpus: Corpus, config: TrainConfig) -> float:
    """Estimated seconds of training alone: neither imports nor the choice of a dose."""
    fixed = replace(config, dose=1.0) if config.has_open_dose else config
    return estimate_seconds(corpus, fixed) - START_SECONDS


def _training_of(side: NoiseSide) -> RunDescription | None:
    try:
        return read_record(run_folder(side.run) / "run.json", RunDescription)
    except (OSError, ValueError):  # gone: whoever measures is told so
        return None


def _chose_dose(training: RunDescription) -> bool:
    """It took the time for that, whatever its settings were written as afterwards."""
    return "dose_chosen_on_heldout_text" in training.details


def most_deals(plan: NoisePlan) -> int:
    """So many deals take no longer than training one of the models did ten times, at most `MOST_DEALS`.

    A retraining is shorter than a training that chose its dose on held-out text as well.
    """
    known = [_training_of(side) for side in (plan.left, plan.right)]
    longer = min(OPEN_DOSE_FACTOR if each is not None and _chose_dose(each) else 1.0 for each in known)
    return max(FEWEST_DEALS, min(MOST_DEALS, int(_MOST_TRAININGS * longer / len(known))))
