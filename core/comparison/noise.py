"""How far two models would move words by noise alone: measuring it, and judging words by what was measured."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.comparison.kept_noise import MeasuredNoise, has_noise, keep_noise, load_noise, measured_kinds
from core.comparison.measurements import average_change, changes_of, displacement_noise, measure_noise
from core.comparison.moved_sentence import describe_moved
from core.comparison.movers import Movers, NoiseKind, find_movers
from core.comparison.noise_plan import FEWEST_DEALS, RETRAINING_SHARE, NoisePlan, asked_kinds, most_deals
from core.comparison.pair import Comparison, match_words
from core.comparison.retrainings import RESAMPLES, Retrainer
from core.comparison.table import shared_counts
from core.models.embedding import Embedding
from core.progress import Progress, portion

_HOPELESS = 0.5
"""q-value of words that more deals will not show to have moved."""


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
            keep_noise(plan, kind, _measure(retrainer, made, kind))
        if "permutation" in wanted:
            keep_noise(plan, "permutation", _deal(plan, retrainer, portion(progress, share, RETRAINING_SHARE)))
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
