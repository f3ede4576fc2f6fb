"""Settings of models that a command is given: --set KEY=VALUE, --seed, --epochs."""

import argparse
import dataclasses
import sys
from typing import Any

from core.config import TrainConfig
from core.errors import TrainingError
from core.methods import METHODS


def read_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that --set, --seed and --epochs name.

    Raises:
        TrainingError: one is unknown, no value, or set twice.
    """
    changes: dict[str, Any] = {}
    for pair in options.set:
        key, found, value = pair.partition("=")
        if not found:
            raise TrainingError(f"--set {pair} has no =. Write KEY=VALUE, for example --set window=8.")
        if key in changes or (key in ("seed", "epochs") and getattr(options, key) is not None):
            raise TrainingError(f"{key} is set twice. Leave one of the two out.")
        changes[key] = _parse(key, value)
    for key in ("seed", "epochs"):
        if getattr(options, key) is not None:
            changes[key] = getattr(options, key)
    return changes


def _parse(key: str, value: str) -> Any:
    defaults = {field.name: field.default for field in dataclasses.fields(TrainConfig)}
    if key not in defaults or key == "strategy":
        raise TrainingError(
            f"There is no setting called {key}. There are: {', '.join(sorted({*defaults} - {'strategy'}))}."
        )
    default = defaults[key]
    try:
        if isinstance(default, bool):
            return {"true": True, "false": False}[value.lower()]
        if isinstance(default, int):
            return int(value)
        if isinstance(default, float) or default is None:
            return float(value)
    except (KeyError, ValueError) as error:
        kind = {bool: "true or false", int: "a whole number"}.get(type(default), "a number")
        wanted = kind if default is None else f"{kind}, like {str(default).lower()}"
        raise TrainingError(f"{key} is “{value}”; it must be {wanted}.") from error
    return value


def check_read(strategies: list[str], changes: dict[str, Any]) -> None:
    """Say which of the settings given here a strategy ignores; refuse those that all of them ignore."""
    for key in changes:
        if key in ("seed", "epochs"):  # given for all models of a training alike
            continue
        ignoring = [name for name in dict.fromkeys(strategies) if key not in METHODS[name].reads]
        readers = [name for name, method in METHODS.items() if key in method.reads]
        if len(ignoring) == len(set(strategies)):
            raise TrainingError(
                f"{key} changes nothing about {', '.join(ignoring)}: only {', '.join(readers)} read it. "
                f"Leave out --set {key}, or choose another --strategy."
            )
        if ignoring:
            print(f"note: {', '.join(ignoring)}: no use is made of {key}", file=sys.stderr)
