"""How far two models would move words by noise alone: which kinds there are, measuring them, keeping what was measured.

What is asked decides which noise a change is held against. Of two texts: would the same documents, dealt out to them
anew, differ as much? Of one text: would other documents like these say the same? Of this very text: would training say
the same again?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.comparison.measurements import (
    average_change,
    changes_of,
    displacement_noise,
    measure_noise,
    retraining_config,
)
from core.comparison.moved_sentence import describe_moved
from core.comparison.movers import Movers, NoiseKind, find_movers
from core.comparison.pair import Comparison, match_words
from core.comparison.retrainings import RESAMPLES, SEEDS, NoiseSide, Retrainer
from core.comparison.table import shared_counts
from core.config import TrainConfig
from core.errors import RunError
from core.models.beside import available_cores
from core.models.description import RunDescription
from core.models.embedding import Embedding
from core.models.estimates import OPEN_DOSE_FACTOR, START_SECONDS, estimate_seconds
from core.models.runs import run_folder
from core.pretrained.vectors import kept_digest
from core.progress import Progress, portion
from core.system.files import cache_folder, digest_of, new_folder, read_words, write_words
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record
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
_HOPELESS = 0.5
"""q-value of words that more deals will not show to have moved."""
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


class MeasuredNoise(NamedTuple):
    """Change of the words that two models share, and how far it goes by noise of one kind alone. Read-only.

    Attributes:
        words: those that were asked for.
        change, weighed: float32 (words,), as in `Change`; averaged over the seeds where the noise is theirs.
        noise: float32 (comparisons, words), weighed.
        unit: what was dealt out, "" where nothing was.
    """

    words: tuple[str, ...]
    change: np.ndarray
    weighed: np.ndarray
    noise: np.ndarray
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _KeptNoise(Record):
    """Which kind of noise was measured (early versions: kinds), of models of which texts (digests), on what dealt."""

    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    unit: str = ""


def _describe_noise(folder: Path) -> About:
    return About(uses=frozenset(("texts", text) for text in read_record(folder / "noise.json", _KeptNoise).texts))


NOISE = Shelf("noise", _describe_noise)


def has_noise(plan: NoisePlan, kinds: Sequence[NoiseKind] | None = None) -> bool:
    """Whether all of `kinds` was measured; those that are if nothing else is said where it is None."""
    wanted = asked_kinds(plan) if kinds is None else kinds
    return all((_folder(plan, kind) / "noise.json").exists() for kind in wanted)


def find_measured(plan: NoisePlan, kinds: Sequence[NoiseKind] | None = None) -> NoisePlan | None:
    """`plan` or the same with its sides swapped, whichever has `kinds` (as for `has_noise`) measured.

    Neither change nor noise has a direction.
    """
    both = plan, replace(plan, left=plan.right, right=plan.left)
    return next((each for each in both if has_noise(each, kinds)), None)


def measured_kinds(plan: NoisePlan) -> tuple[NoiseKind, ...]:
    """Those of the plan's kinds that were measured."""
    return tuple(kind for kind in plan.kinds if has_noise(plan, (kind,)))


def load_noise(plan: NoisePlan, words: Sequence[str], kind: NoiseKind) -> MeasuredNoise:
    """What `measure_movers` kept of `words`, which both models have.

    Raises:
        RunError: it is damaged.
    """
    folder = _folder(plan, kind)
    try:
        row_of = {word: row for row, word in enumerate(read_words(folder / "words.txt"))}
        rows = [row_of[word] for word in words]
        unit = read_record(folder / "noise.json", _KeptNoise).unit
        change, weighed = np.load(folder / "change.npy")[:, rows]
        noise = np.load(folder / "noise.npy")[:, rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"What is kept in {folder} is damaged ({error}). Delete that folder and measure again."
        ) from error
    return MeasuredNoise(tuple(words), change, weighed, noise, unit)


def judge_words(
    plan: NoisePlan,
    kinds: Sequence[NoiseKind],
    comparison: Comparison,
    left: Embedding,
    right: Embedding,
    judgeable: np.ndarray | None = None,
) -> Movers:
    """Which of the compared words moved more than each of `kinds` of the noise that `measure_movers` kept.

    Args:
        judgeable: bool (words,), words that may be judged; None for all.

    Raises:
        RunError: what is kept is damaged.
    """
    found = {kind: load_noise(plan, comparison.words, kind) for kind in kinds}
    counts = shared_counts(comparison, left, right)
    # What is averaged over seeds is known best.
    best = found["seed" if "seed" in found else kinds[0]]
    noise = {kind: each.noise for kind, each in found.items()}
    return find_movers(best.change, counts, noise, weighed=best.weighed, judgeable=judgeable)


def tell_moved(
    plan: NoisePlan,
    comparison: Comparison,
    left: Embedding,
    right: Embedding,
    names: tuple[str, str],
    judgeable: np.ndarray | None = None,
) -> str:
    """`describe_moved` with all kinds of noise that were measured; "" where none was.

    Args:
        names: of the left and the right model.
        judgeable: bool (words,), words that may be judged; None for all.

    Raises:
        RunError: what is kept is damaged.
    """
    kinds = measured_kinds(plan)
    if not kinds:
        return ""
    found = {kind: judge_words(plan, (kind,), comparison, left, right, judgeable) for kind in kinds}
    unit = load_noise(plan, (), "permutation").unit if "permutation" in kinds else ""
    return describe_moved(found, names, unit)


def _folder(plan: NoisePlan, kind: NoiseKind) -> Path:
    return cache_folder("noise", digest_of(plan.identity, kind))


def measure_movers(progress: Progress, plan: NoisePlan, kinds: Sequence[NoiseKind] | None = None) -> str:
    """Make the retrainings that are not there yet, measure change and noise, and keep them. Gives the plan's identity.

    A plain function of picklable arguments, for a child process.

    Args:
        kinds: of noise to measure; those that are if nothing else is said where it is None.

    Raises:
        RunError: the models or what they were made from are gone.
        TrainingError: a text made anew is too small to train on.
        Cancelled: out of `progress`; finished retrainings, and kinds of noise that are measured, stay.
    """
    wanted = [kind for kind in (asked_kinds(plan) if kinds is None else kinds) if not has_noise(plan, (kind,))]
    if wanted:
        retrainer = Retrainer(plan.left, plan.right)
        together = [kind for kind in wanted if kind != "permutation"]
        share = RETRAINING_SHARE if "permutation" not in wanted else 0.3 if together else 0.0
        asked = [each for kind in together for each in retrainer.plan(kind)]
        made = retrainer.make(asked, portion(progress, 0, share))
        for kind in together:
            _keep(plan, kind, _measure(retrainer, made, kind))
        if "permutation" in wanted:
            _keep(plan, "permutation", _deal(plan, retrainer, portion(progress, share, RETRAINING_SHARE)))
    progress(1.0, "done")
    return plan.identity


_Made = Mapping[tuple[NoiseKind, int, int], Embedding]


def _measure(retrainer: Retrainer, made: _Made, kind: NoiseKind) -> MeasuredNoise:
    left, right = retrainer.models
    words = match_words(left, right).words
    others = [[model for (each, _, of), model in made.items() if (each, of) == (kind, side)] for side in (0, 1)]
    if kind == "seed":
        groups = [[model, *more] for model, more in zip(retrainer.models, others, strict=True)]
        noise = measure_noise(words, *(group for group in groups if len(group) > 1))
        return MeasuredNoise(words, *average_change(words, groups[0], groups[1]), noise)
    change = changes_of(words, left, right)
    if kind == "documents":
        samples = [(others[0] or [left] * RESAMPLES), (others[1] or [right] * RESAMPLES)]
        return MeasuredNoise(words, *change, displacement_noise(words, left, right, list(zip(*samples, strict=True))))
    return MeasuredNoise(words, *change, changes_of(words, others[0][0], others[1][0]).weighed[None])


def _deal(plan: NoisePlan, retrainer: Retrainer, progress: Progress) -> MeasuredNoise:
    """Deal the documents of both texts out anew: some more where words may come to stand out by it."""
    left, right = retrainer.models
    shared = match_words(left, right)
    words = shared.words
    counts = np.minimum(left.counts[shared.left_rows], right.counts[shared.right_rows])
    change, noise = changes_of(words, left, right), np.empty((0, len(words)), np.float32)
    most = most_deals(plan)
    for numbers in (range(FEWEST_DEALS), range(FEWEST_DEALS, most)):
        made = retrainer.make(
            list(retrainer.plan("permutation", numbers)),
            portion(progress, numbers.start / most, numbers.stop / most),
        )
        pairs = [[made["permutation", number, side] for side in (0, 1)] for number in numbers]
        noise = np.concatenate([noise, measure_noise(words, *pairs)])
        movers = find_movers(change.change, counts, {"permutation": noise}, weighed=change.weighed)
        if len(noise) == most or _is_settled(movers):
            break
    return MeasuredNoise(words, *change, noise, retrainer.pool.unit)


def _is_settled(movers: Movers) -> bool:
    """No word is near to being called moved by more deals, or to being no longer: they make noise better known."""
    certain = movers.q_value[movers.judged]
    return bool(((certain <= movers.level / 10) | (certain > _HOPELESS)).all())


def _keep(plan: NoisePlan, kind: NoiseKind, found: MeasuredNoise) -> None:
    with new_folder(_folder(plan, kind)) as new:
        write_words(new / "words.txt", found.words)
        np.save(new / "change.npy", np.stack([found.change, found.weighed]))
        np.save(new / "noise.npy", found.noise.astype(np.float32))
        texts = tuple(sorted({side.corpus_folder.name for side in (plan.left, plan.right)}))
        write_record(new / "noise.json", _KeptNoise((kind,), texts, found.unit))
