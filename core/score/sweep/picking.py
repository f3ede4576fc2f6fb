"""Settings that Optuna picks: by what the earlier ones scored, where trying all of them would be too much.

Its sampler is the tree-structured Parzen estimator (Bergstra et al. 2011). It keeps what it tried in a SQLite file,
from which a search that was interrupted goes on.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import sqlalchemy as sql

from core.errors import RunError
from core.progress import Progress, portion
from core.score.sweep.plan import Setting, SweepPlan, axes_of_strategy, count_settings, make_setting, setting_at
from core.score.sweep.ranges import SettingValue
from core.score.sweep.record import TriedSetting
from core.score.sweep.trying import Hands, Told, TrialInputs, try_settings
from core.system.files import digest_of, storing

BATCH = 4
"""So many are picked before the first of them is told: the same however many cores or workers there are."""
_MOST_REPEATS = 20
"""Picked again in a row; then one is drawn from what was not tried yet."""
_DRAWS = 10_000


def pick_settings(
    hands: Hands,
    inputs: TrialInputs,
    plan: SweepPlan,
    trials: int,
    notes: Path | None,
    tokens: int,
    progress: Progress,
    told: Told,
) -> tuple[Setting, ...]:
    """Have `hands` try up to `trials` different settings that Optuna picks; gives them in the order of its picks.

    The same input picks the same settings. Those that `notes`, a file, has of an earlier call come first.

    Args:
        tokens: of the whole text.

    Raises:
        RunError: the file is none of Optuna's, or cannot be written.
        Cancelled: out of `progress`.
    """
    picker = _Picker(inputs, plan, notes, tokens)
    wanted = min(trials, count_settings(plan))
    while True:
        batch = picker.fill_batch(wanted)
        if not batch:
            return tuple(picker.settings.values())
        done = len(picker.known)
        part = portion(progress, done / wanted, min((done + len(batch)) / wanted, 1), f"{done} tried, now ")

        def note(tried: TriedSetting) -> None:
            picker.keep(tried)
            told(tried)

        try_settings(hands, batch, inputs.questions.train, part, note)
        picker.tell_batch()


class _Picker:
    """One Optuna study, and what is known of its settings, each by its `values`.

    Attributes:
        settings: picked so far, in order.
        known: those of them that were tried.
    """

    def __init__(self, inputs: TrialInputs, plan: SweepPlan, notes: Path | None, tokens: int) -> None:
        self._plan, self._tokens = plan, tokens
        self.settings: dict[str, Setting] = {}
        self.known: dict[str, TriedSetting] = {}
        self._waiting: dict[str, list[int]] = {}
        self._interrupted: list[tuple[Setting, int]] = []
        files = [f"{each.name} {inputs.files[each.name].digest}" for each in plan.vectors]
        name = digest_of(inputs.questions.train.digest, repr(plan), *files)
        self._study = _open_study(name, notes)
        self._recall()

    def _recall(self) -> None:
        """What an earlier call picked: settings that it told of, and those that it did not come to."""
        for trial in self._trials():
            try:
                setting = self._suggest(optuna.trial.FixedTrial(trial.params))
            except ValueError:  # it ended while it picked, or has one in mind only
                if trial.state == optuna.trial.TrialState.RUNNING:
                    self._study.tell(trial.number, state=optuna.trial.TrialState.FAIL)
                continue
            if trial.state.is_finished():
                self.settings.setdefault(repr(setting.values), setting)
            elif trial.state == optuna.trial.TrialState.RUNNING:
                self._interrupted.append((setting, trial.number))

    def fill_batch(self, wanted: int) -> list[Setting]:
        """Settings to try next, so that up to `wanted` are known; those that an earlier call told of come first."""
        untold = [setting for key, setting in self.settings.items() if key not in self.known]
        if untold:
            return untold
        for setting, number in self._interrupted:
            self._note(setting, number)
        self._interrupted.clear()
        repeats = 0
        while len(self._waiting) < BATCH and len(self.settings) < wanted:
            if repeats >= _MOST_REPEATS and not self._propose_another():
                break
            repeats = 0 if self._note(*self._ask()) else repeats + 1
        return [self.settings[key] for key in self._waiting]

    def keep(self, tried: TriedSetting) -> None:
        self.known[repr(tried.values)] = tried

    def tell_batch(self) -> None:
        for key, numbers in self._waiting.items():
            for number in numbers:
                self._tell(number, self.known[key])
        self._waiting.clear()

    def _trials(self) -> list[optuna.trial.FrozenTrial]:
        return self._study.get_trials(deepcopy=False)

    def _ask(self) -> tuple[Setting, int]:
        seed = self._plan.seeds[0] * 1_000_003 + len(self._trials())  # of each its own, so that a later call goes on
        self._study.sampler = optuna.samplers.TPESampler(seed=seed % 2**32)
        trial = self._study.ask()
        return self._suggest(trial), trial.number

    def _note(self, setting: Setting, number: int) -> bool:
        """Whether it is one that was not picked before."""
        key = repr(setting.values)
        if key in self.known:
            self._tell(number, self.known[key])
            return False
        new = key not in self.settings
        self.settings.setdefault(key, setting)
        self._waiting.setdefault(key, []).append(number)
        return new

    def _tell(self, number: int, tried: TriedSetting) -> None:
        if tried.development is None:
            self._study.tell(number, state=optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(number, tried.development)

    def _propose_another(self) -> bool:
        """Have Optuna take one next that was not picked yet, drawn at random; whether there is one."""
        rng = np.random.default_rng([self._plan.seeds[0], len(self._trials())])
        for place in rng.integers(0, count_settings(self._plan), _DRAWS).tolist():
            setting = setting_at(self._plan, place, self._tokens)
            if repr(setting.values) not in self.settings:
                self._study.enqueue_trial(self._parameters(setting))
                return True
        return False

    def _suggest(self, trial: optuna.trial.BaseTrial) -> Setting:
        strategy = trial.suggest_categorical("strategy", self._plan.strategies)
        files, axes = axes_of_strategy(self._plan, strategy)
        vectors = files[0]
        if len(files) > 1:
            vectors = str(trial.suggest_categorical("vectors", files))
        chosen: dict[str, SettingValue] = {}
        for name, values in axes.items():
            choices = _in_order(values)
            if isinstance(choices[0], str):
                chosen[name] = str(trial.suggest_categorical(name, list(map(str, choices))))
            else:  # near places are near values, which the sampler makes use of
                chosen[name] = choices[trial.suggest_int(name, 0, len(choices) - 1)]
        return make_setting(self._plan, strategy, vectors, chosen, self._tokens)

    def _parameters(self, setting: Setting) -> dict[str, Any]:
        """What `_suggest` makes `setting` of."""
        strategy = setting.config.strategy
        files, axes = axes_of_strategy(self._plan, strategy)
        parameters: dict[str, Any] = {"strategy": strategy}
        if len(files) > 1:
            parameters["vectors"] = setting.vectors
        for name, values in axes.items():
            value = setting.values[name]
            parameters[name] = value if isinstance(value, str) else _in_order(values).index(value)
        return parameters


def _in_order(values: Sequence[SettingValue]) -> list[SettingValue]:
    return sorted(values, key=lambda value: (0.0, value) if isinstance(value, str) else (float(value), ""))


def _open_study(name: str, notes: Path | None) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    if notes is None:
        return optuna.create_study(direction="maximize")
    address = sql.URL.create("sqlite", database=str(notes)).render_as_string(hide_password=False)
    try:
        with storing():
            notes.parent.mkdir(parents=True, exist_ok=True)
        return optuna.create_study(study_name=name, storage=address, direction="maximize", load_if_exists=True)
    except (sql.exc.SQLAlchemyError, optuna.exceptions.StorageInternalError, RuntimeError) as error:
        raise RunError(
            f"{notes} cannot be used for Optuna's notes ({str(error).splitlines()[0]}). Delete it, or name another "
            "folder."
        ) from error
