"""What a sweep takes, before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.config import TrainConfig
from core.errors import TrainingError
from core.methods import METHODS
from core.models.beside import available_cores
from core.models.estimates import START_SECONDS, estimate_bytes, estimate_seconds, estimate_stored_bytes
from core.prose.numbers import count, readable_seconds, readable_size
from core.score.heldout import estimate_scored_training
from core.score.splits import TRAINING_PART, TRAINING_SHARE
from core.score.sweep.plan import Setting, SweepPlan, count_settings, setting_at
from core.score.sweep.search import SearchWay
from core.system.memory import available_bytes
from core.text.corpus import Corpus

_SAMPLE = 500
"""Settings that are looked at, evenly, where there are more."""


@dataclass(frozen=True, slots=True)
class SweepCost:
    """Made by `estimate_sweep`.

    Attributes:
        settings: that are tried.
        trainings: of a part of the text; a setting is trained with each seed.
        seconds: of one core: all of that, the test, and the chosen setting trained on the whole text.
        stored_bytes: of the models that are kept.
        memory_bytes: at once.
        places: how many settings are tried at a time where workers do that; None for as many as there are cores.
    """

    settings: int
    trainings: int
    seconds: float
    stored_bytes: int
    memory_bytes: int
    places: int | None = None

    @property
    def at_once(self) -> int:
        """How many trainings run at a time."""
        return min(available_cores() if self.places is None else max(1, self.places), self.trainings)

    @property
    def wall_seconds(self) -> float:
        """With as many at a time."""
        return self.seconds / self.at_once


def estimate_sweep(corpus: Corpus, plan: SweepPlan, search: SearchWay, places: int | None = None) -> SweepCost:
    """What the search of `plan` takes where nothing is trained yet; within a factor of about two.

    `places`: as of `SweepCost`.
    """
    total, number = count_settings(plan), search.number_of(plan)
    evenly = range(total) if total <= _SAMPLE else range(0, total, total // _SAMPLE)
    seen = [setting_at(plan, place, corpus.n_tokens) for place in evenly]
    times = number / len(seen)
    trials = times * sum(_trial_seconds(corpus, each) for each in seen)
    longest = max((each.config for each in seen), key=lambda config: estimate_scored_training(corpus, config))
    stored = times * sum(len(each.seeds) * TRAINING_PART * estimate_stored_bytes(corpus, each.config) for each in seen)
    return SweepCost(
        settings=number,
        trainings=round(times * sum(len(each.seeds) for each in seen)),
        seconds=START_SECONDS + trials + _test_seconds(corpus, longest) + estimate_seconds(corpus, longest),
        stored_bytes=int(stored),
        memory_bytes=_memory(corpus, seen),
        places=places,
    )


def _trial_seconds(corpus: Corpus, setting: Setting) -> float:
    return len(setting.seeds) * TRAINING_PART * estimate_scored_training(corpus, setting.config) / TRAINING_SHARE


def _test_seconds(corpus: Corpus, config: TrainConfig) -> float:
    placebo = TRAINING_PART * estimate_scored_training(corpus, config)
    return placebo / TRAINING_SHARE if METHODS[config.strategy].from_text else 0.0


def _memory(corpus: Corpus, settings: Sequence[Setting]) -> int:
    return max(estimate_bytes(corpus, each.config) for each in settings) * min(available_cores(), len(settings))


def check_memory(cost: SweepCost) -> None:
    """Raise `TrainingError` where this machine cannot hold the models that are trained at once."""
    available = available_bytes()
    if available is not None and cost.memory_bytes > available:
        raise TrainingError(
            f"Training these settings needs about {readable_size(cost.memory_bytes)} of memory; "
            f"{readable_size(available)} are free. Leave out low minimum counts, or take a smaller text."
        )


def write_cost(cost: SweepCost, seeds: int) -> str:
    """For people, e.g. "60 settings: about 12 min of one core, about 6 min on 2, and 1 GB of models …"."""
    trainings = f" with {count('seed', seeds)}, {count('training', cost.trainings)}" if seeds > 1 else ""
    where = f"on {cost.at_once}" if cost.places is None else f"with {cost.at_once} at a time"
    beside = f", about {readable_seconds(cost.wall_seconds)} {where}" if cost.at_once > 1 else ""
    return (
        f"{count('setting', cost.settings)}{trainings}: about {readable_seconds(cost.seconds)} of one core{beside}, "
        f"and {readable_size(cost.stored_bytes)} of models in the cache folder"
    )
