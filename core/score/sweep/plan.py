"""What a sweep is to try: ranges, and the settings that come of them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.config import SEED, TrainConfig, default_config
from core.errors import TrainingError
from core.methods import METHODS, check_strategy
from core.prose.numbers import count
from core.score.sweep.ranges import MOST_VALUES, SettingValue, write_value

MOST_TRAININGS = 1_000
"""Of one sweep; a grid of more is no more than luck among them."""


@dataclass(frozen=True, slots=True)
class SweptVectors:
    """A vectors file of a sweep: what to call it, and how many values its vectors have."""

    name: str
    vector_size: int


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """Ranges. Made by `make_plan`, which checks them.

    Attributes:
        strategies: ways to make a model.
        axes: the values of each setting that is swept, by its name; what is not in it has the strategy's usual value.
        seeds: each setting is trained with each of them, where its strategy is random.
        vectors: files to start from.
    """

    strategies: tuple[str, ...]
    axes: Mapping[str, tuple[SettingValue, ...]]
    seeds: tuple[int, ...]
    vectors: tuple[SweptVectors, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to make a model, to be tried.

    Attributes:
        values: what of it the sweep varies or might have varied, by name: strategy, vectors, and settings.
        config: all settings, with the first seed.
        vectors: name of the file to start from; None where its strategy needs none.
        seeds: to train it with.
    """

    values: Mapping[str, SettingValue]
    config: TrainConfig
    vectors: str | None
    seeds: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str | None]:
        """Equal for settings that make the same model."""
        return self.config.identity, self.vectors

    def with_seed(self, seed: int) -> TrainConfig:
        return replace(self.config, seed=seed)


def make_plan(
    strategies: Sequence[str],
    axes: Mapping[str, Sequence[SettingValue]],
    seeds: Sequence[int] = (int(SEED.default),),
    vectors: Sequence[SweptVectors] = (),
) -> SweepPlan:
    """A plan, checked; what is named twice counts once.

    Raises:
        TrainingError: a strategy is unknown or needs vectors and there are none; a value is out of its range, or no
            strategy reads that setting; a range has too many values.
    """
    plan = SweepPlan(
        strategies=tuple(dict.fromkeys(strategies)),
        axes={name: tuple(dict.fromkeys(values)) for name, values in axes.items()},
        seeds=tuple(dict.fromkeys(seeds)),
        vectors=tuple(dict.fromkeys(vectors)),
    )
    if not plan.strategies:
        raise TrainingError(f"There is no strategy to try. Choose from: {', '.join(METHODS)}.")
    for strategy in plan.strategies:
        check_strategy(strategy)
        if METHODS[strategy].needs_vectors and not plan.vectors:
            raise TrainingError(
                f"The strategy {strategy} starts from pretrained vectors, and there are none. Name a vectors file, or "
                f"leave {strategy} out."
            )
    for seed in plan.seeds:
        SEED.check("seed", seed)
    for name, values in plan.axes.items():
        _check_axis(plan, name, values)
    return plan


def _check_axis(plan: SweepPlan, name: str, values: Sequence[SettingValue]) -> None:
    if not values:
        raise TrainingError(f"There is no value of {name} to try. Name one, or leave {name} out.")
    if len(values) > MOST_VALUES:
        raise TrainingError(
            f"There are {len(values):,} values of {name}; a sweep takes up to {MOST_VALUES:,} of a setting. Name fewer."
        )
    readers = [strategy for strategy in plan.strategies if name in _axes_of(plan, strategy)]
    if not readers:
        reading = [strategy for strategy, method in METHODS.items() if name in method.reads and method.from_text]
        raise TrainingError(
            f"{name} changes nothing about {', '.join(plan.strategies)}: only {', '.join(reading)} read it. Leave "
            f"{name} out, or add another strategy."
        )
    for value in values:
        default_config(readers[0], 0, **{name: value})


def _axes_of(plan: SweepPlan, strategy: str) -> dict[str, tuple[SettingValue, ...]]:
    """The ranges that change what `strategy` makes, as far as questions can tell.

    Pretrained vectors that stay as they are have no others: only words that the file lacks depend on settings, and
    nobody is asked about those.
    """
    method = METHODS[strategy]
    if not method.from_text:
        return {}
    given = {"vector_size"} if method.needs_vectors else set()
    return {name: values for name, values in plan.axes.items() if name in method.reads and name not in given}


def _files_of(plan: SweepPlan, strategy: str) -> tuple[str | None, ...]:
    return tuple(each.name for each in plan.vectors) if METHODS[strategy].needs_vectors else (None,)


def _counts(plan: SweepPlan) -> list[int]:
    """How many settings of each strategy there are."""
    return [
        len(_files_of(plan, strategy)) * math.prod(map(len, _axes_of(plan, strategy).values()))
        for strategy in plan.strategies
    ]


def count_settings(plan: SweepPlan) -> int:
    """How many settings a plan has, however many that are; none of them is made."""
    return sum(_counts(plan))


def count_trainings(plan: SweepPlan) -> int:
    """How many models of a part of the text all of a plan takes."""
    return sum(
        number * len(_seeds_of(plan, strategy)) for number, strategy in zip(_counts(plan), plan.strategies, strict=True)
    )


def _seeds_of(plan: SweepPlan, strategy: str) -> tuple[int, ...]:
    """Another seed changes nothing about what is not random."""
    return plan.seeds if METHODS[strategy].random else plan.seeds[:1]


def check_grid(plan: SweepPlan, advice: str) -> None:
    """Refuse to try all of a plan where that is too much.

    Args:
        advice: what else can be done, after "Give fewer values".

    Raises:
        TrainingError: says how many there are.
    """
    settings, trainings = count_settings(plan), count_trainings(plan)
    if trainings > MOST_TRAININGS:
        seeds = f", with {count('seed', len(plan.seeds))} {trainings:,} trainings" if trainings > settings else ""
        raise TrainingError(
            f"These ranges make {count('setting', settings)}{seeds}; a sweep trains up to {MOST_TRAININGS:,} models. "
            f"Give fewer values, {advice}."
        )


def setting_at(plan: SweepPlan, place: int, tokens: int) -> Setting:
    """The setting at a place from 0 to `count_settings` - 1, for a text of so many tokens."""
    for strategy, number in zip(plan.strategies, _counts(plan), strict=True):
        if place < number:
            axes = _axes_of(plan, strategy)
            chosen: dict[str, SettingValue] = {}
            for name, values in reversed(axes.items()):
                place, at = divmod(place, len(values))
                chosen[name] = values[at]
            files = _files_of(plan, strategy)
            return make_setting(plan, strategy, files[place], {name: chosen[name] for name in axes}, tokens)
        place -= number
    raise ValueError(f"there is no place {place} more")


def make_setting(
    plan: SweepPlan, strategy: str, vectors: str | None, chosen: Mapping[str, SettingValue], tokens: int
) -> Setting:
    """The setting of these values, for a text of so many tokens."""
    sizes = {each.name: each.vector_size for each in plan.vectors}
    size = sizes[vectors] if vectors is not None else next(iter(sizes.values()), None)
    given: dict[str, Any] = {"seed": plan.seeds[0]}
    if size is not None:
        given["vector_size"] = size
    if "min_count" in plan.axes:
        given["min_count"] = min(map(int, plan.axes["min_count"]))  # of what does not vary it
    config, method = default_config(strategy, tokens, **{**given, **chosen}), METHODS[strategy]
    shown = [name for name in (*USUAL_AXES, *chosen) if name in method.reads and method.from_text]
    values: dict[str, SettingValue] = {"strategy": strategy}
    if vectors is not None:
        values["vectors"] = vectors
    values.update({name: getattr(config, name) for name in dict.fromkeys(shown)})
    return Setting(values, config, vectors, _seeds_of(plan, strategy))


def setting_of_values(plan: SweepPlan, values: Mapping[str, SettingValue], tokens: int) -> Setting:
    """The setting of `plan` that has these `values`, for a text of so many tokens."""
    strategy, vectors = str(values["strategy"]), values.get("vectors")
    chosen = {name: values[name] for name in _axes_of(plan, strategy)}
    return make_setting(plan, strategy, None if vectors is None else str(vectors), chosen, tokens)


USUAL_AXES = ("epochs", "alpha", "window", "min_count")
"""Settings that are told of each setting, swept or not."""


def all_settings(plan: SweepPlan, tokens: int) -> tuple[Setting, ...]:
    """Every setting of a plan that passed `check_grid`, each once, for a text of so many tokens."""
    settings = (setting_at(plan, place, tokens) for place in range(count_settings(plan)))
    return tuple({setting.key: setting for setting in settings}.values())


def axes_of_strategy(plan: SweepPlan, strategy: str) -> tuple[tuple[str | None, ...], dict[str, tuple[Any, ...]]]:
    """Between what a search chooses once it has chosen `strategy`: the files, and the values of each setting."""
    return _files_of(plan, strategy), _axes_of(plan, strategy)


def highest_min_count(plan: SweepPlan, tokens: int) -> int:
    """Of all settings: words that occur as often are in every model."""
    return max(map(int, plan.axes.get("min_count", (default_config(plan.strategies[0], tokens).min_count,))))


def describe_values(values: Mapping[str, SettingValue], names: Iterable[str]) -> str:
    """The strategy, and what `values` has of `names`, for people, e.g. "tied, epochs 10, alpha 0.01"."""
    shown = [
        f"{name} {write_setting_value(name, values[name])}" for name in names if name in values and name != "strategy"
    ]
    return ", ".join([str(values["strategy"]), *shown])


def write_setting_value(name: str, value: SettingValue) -> str:
    """For people; of a vectors file its name alone."""
    return Path(str(value)).name if name == "vectors" else write_value(value)


def find_varied(settings: Iterable[Mapping[str, SettingValue]]) -> tuple[str, ...]:
    """Names of what is not alike in all `settings` of one strategy, in order; first the strategy where that varies."""
    found: dict[str, dict[SettingValue, set[SettingValue]]] = {"strategy": {}}
    for values in settings:
        for name, value in values.items():
            kind = "" if name == "strategy" else values["strategy"]
            found.setdefault(name, {}).setdefault(kind, set()).add(value)
    return tuple(name for name, kinds in found.items() if max(map(len, kinds.values()), default=0) > 1)
