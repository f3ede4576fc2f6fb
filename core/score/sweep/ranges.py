"""The values of a setting as people write them: "5,10,20", "1..5", "log 0.001..0.1 x5"."""

import dataclasses
import math
import re
from collections.abc import Iterator
from typing import Any

from core.config import TrainConfig
from core.errors import TrainingError

SettingValue = bool | int | float | str
MOST_VALUES = 1_000
"""Of one setting."""
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_STEPS = re.compile(
    rf"(?P<log>log\s*)?(?P<first>{_NUMBER})\s*\.\.\s*(?P<last>{_NUMBER})(?:\s*[x×]\s*(?P<times>\d+))?", re.IGNORECASE
)
_FIXED = frozenset({"strategy", "seed", "dose", "dosed", "as_published"})
"""Settings that are no range: they have an option of their own, or are chosen for each model."""
_DIGITS = 4
"""Of a value between two ends."""


def parse_range(setting: str, text: str) -> tuple[SettingValue, ...]:
    """The values that `text` names for `setting`, each once, in the order in which they are named.

    Commas divide values and steps. "A..B" is every whole number from A to B; "A..B xN" are N values with equal steps,
    "log A..B xN" N values with equal ratios, rounded to whole numbers where the setting has only those, else to four
    digits; the ends are exact.

    Raises:
        TrainingError: there is no such setting, or `text` is no range of it.
    """
    default = _default_of(setting)
    values = dict.fromkeys(value for part in text.split(",") for value in _parse_part(setting, part.strip(), default))
    if len(values) > MOST_VALUES:
        raise _too_many(setting, text, len(values))
    return tuple(values)


def parse_seeds(text: str) -> tuple[int, ...]:
    """The seeds that `text` names, as `parse_range` reads whole numbers.

    Raises:
        TrainingError: it is no range of whole numbers.
    """
    values = dict.fromkeys(value for part in text.split(",") for value in _parse_part("seed", part.strip(), 1))
    if len(values) > MOST_VALUES:
        raise _too_many("seed", text, len(values))
    return tuple(int(value) for value in values)


def write_value(value: SettingValue) -> str:
    """A value as `parse_range` reads it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _default_of(setting: str) -> Any:
    defaults = {field.name: field.default for field in dataclasses.fields(TrainConfig) if field.name not in _FIXED}
    if setting not in defaults:
        raise TrainingError(
            f"There is no setting called {setting} that a sweep could change. There are: {', '.join(sorted(defaults))}."
        )
    return defaults[setting]


def _parse_part(setting: str, part: str, default: Any) -> Iterator[SettingValue]:
    steps = _STEPS.fullmatch(part)
    if isinstance(default, str):
        if not part:
            raise TrainingError(f"{setting} has an empty value. Write values with commas between them.")
        yield part
    elif steps is not None:
        yield from _walk(setting, part, steps, isinstance(default, int))
    else:
        yield _read_number(setting, part, isinstance(default, int))


def _read_number(setting: str, text: str, whole: bool) -> int | float:
    try:
        return int(text) if whole else float(text)
    except ValueError as error:
        example = "5,10,20 or 1..5" if whole else "0.01,0.05 or log 0.001..0.1 x5"
        kind = "whole numbers" if whole else "numbers"
        raise TrainingError(f"{setting} is “{text}”; it must be {kind}, like {example}.") from error


def _walk(setting: str, part: str, steps: re.Match[str], whole: bool) -> Iterator[int | float]:
    first, last = (_read_number(setting, steps[name], whole) for name in ("first", "last"))
    if first > last:
        raise TrainingError(f"{setting} is “{part}”, which falls. Write the smaller number first.")
    if steps["times"] is None:
        if steps["log"] or not whole:
            raise TrainingError(f"{setting} is “{part}”; say how many values that is, as in “{part} x5”.")
        if last - first >= MOST_VALUES:
            raise _too_many(setting, part, int(last - first + 1))
        yield from range(int(first), int(last) + 1)
        return
    times = int(steps["times"])
    if times < 2:
        raise TrainingError(f"{setting} is “{part}”; from one end to the other it takes two values or more.")
    if times > MOST_VALUES:
        raise _too_many(setting, part, times)
    if steps["log"] and first <= 0:
        raise TrainingError(f"{setting} is “{part}”; equal ratios must begin above 0.")
    for place in range(times):
        if place in (0, times - 1):
            yield last if place else first
            continue
        share = place / (times - 1)
        value = first * (last / first) ** share if steps["log"] else first + share * (last - first)
        yield round(value) if whole else _shorten(value)


def _shorten(value: float) -> float:
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value)))) if value else value


def _too_many(setting: str, text: str, found: int) -> TrainingError:
    return TrainingError(
        f"{setting} is “{text}”, which are {found:,} values; a sweep takes up to {MOST_VALUES:,} of a setting. Name "
        "fewer of them, as in “log 1..1000 x5”."
    )
