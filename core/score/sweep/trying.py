"""Settings tried one by one: a model of the training part, and its answers on the development part.

Models go through the run store, so that a setting is trained once, whatever ends the program.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from core.errors import EvaluationError, TrainingError
from core.methods import METHODS
from core.models.beside import run_beside
from core.models.cloze import score_cloze
from core.models.dose import at_dose
from core.models.embedding import Embedding
from core.models.runs import find_or_train, find_run_id
from core.models.training_inputs import needed_vectors
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, portion
from core.score.heldout import best_dose, estimate_scored_training
from core.score.sweep.plan import Setting, describe_values, find_varied
from core.score.sweep.questions import ChoiceQuestions
from core.score.sweep.record import TestedSetting, TriedSeed, TriedSetting
from core.text.corpus import Corpus

Told = Callable[[TriedSetting], None]
"""Told of each setting when it is finished; from one thread at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class TrialInputs:
    """What settings are tried on: the questions, and the rows of each vectors file by its name."""

    questions: ChoiceQuestions
    files: Mapping[str, PretrainedVectors]

    def rows_of(self, setting: Setting) -> PretrainedVectors | None:
        return None if setting.vectors is None else self.files[setting.vectors]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A setting to be tried with one seed; `title` says which it is, `weight` how long it takes beside others."""

    setting: Setting
    seed: int
    title: str
    weight: float


class Hands(Protocol):
    """Who does the work of a sweep: threads of this process (`search`), or the workers of a cluster (`spread`)."""

    def attempt(self, attempts: Sequence[Attempt], progress: Progress, done: Callable[[int, TriedSeed], None]) -> None:
        """Do all of them, and tell `done` of each, by its place in `attempts`, what came of it; from any thread.

        Raises:
            As `try_settings`.
        """

    def judge(
        self, setting: Setting, reference: Setting | None, tried: TriedSetting, progress: Progress
    ) -> TestedSetting:
        """As `judge_chosen`."""


def try_settings(hands: Hands, settings: Sequence[Setting], train: Corpus, progress: Progress, told: Told) -> None:
    """Have `hands` try all of `settings` on the training part `train`; what each gives does not depend on the others.

    A setting that cannot be trained or asked has a problem instead of a score.

    Raises:
        RunError: a stored model is damaged, or nothing can be stored.
        Cancelled: out of `progress`; finished models stay in the store.
    """
    finished: list[dict[int, TriedSeed]] = [{} for _ in settings]
    attempts, owners = list[Attempt](), list[int]()
    names = find_varied(setting.values for setting in settings)
    for place, setting in enumerate(settings):
        named = {**setting.values, "strategy": METHODS[setting.config.strategy].name}
        title = f"{describe_values(named, names)} ({place + 1} of {len(settings)})"
        weight = 0.01 + estimate_scored_training(train, setting.config)
        for seed in setting.seeds:
            attempts.append(Attempt(setting, seed, title, weight))
            owners.append(place)
    lock = threading.Lock()

    def done(number: int, tried: TriedSeed) -> None:
        place = owners[number]
        seeds = settings[place].seeds
        with lock:
            finished[place][tried.seed] = tried
            if len(finished[place]) == len(seeds):
                told(_join(settings[place], [finished[place][seed] for seed in seeds]))

    hands.attempt(attempts, progress, done)


def attempt_here(
    inputs: TrialInputs, attempts: Sequence[Attempt], progress: Progress, done: Callable[[int, TriedSeed], None]
) -> None:
    """What `Hands` say, in threads of this process, as many at once as there are cores."""
    if any(each.setting.config.trained_by == "vectune" for each in attempts):
        from core.models.engine import prepare

        prepare(progress)  # or the first settings would seem to take the seconds of compiling

    def work(number: int, report: Progress) -> None:
        each = attempts[number]
        report = portion(report, 0, 1, f"{each.title}: ")
        tried = try_seed(inputs, each.setting, each.seed, report)
        report(1.0, f"development {tried.development:.3f}" if tried.development is not None else tried.problem)
        done(number, tried)

    run_beside([partial(work, number) for number in range(len(attempts))], progress, [each.weight for each in attempts])


def _join(setting: Setting, seeds: Sequence[TriedSeed]) -> TriedSetting:
    scores = [each.development for each in seeds]
    known = [score for score in scores if score is not None]
    return TriedSetting(
        values=setting.values,
        development=float(np.mean(known)) if len(known) == len(scores) else None,
        seconds=round(sum(each.seconds for each in seeds), 3),
        run=seeds[0].run,
        seeds=tuple(seeds),
        problem=next((each.problem for each in seeds if each.problem), ""),
    )


def try_seed(inputs: TrialInputs, setting: Setting, seed: int, progress: Progress) -> TriedSeed:
    """Train it, unless the store has it, and ask it; a problem instead of a score where that cannot be.

    Raises:
        RunError, Cancelled: as `find_or_train`.
    """
    questions, config = inputs.questions, setting.with_seed(seed)
    run = name_trial(inputs, setting, seed)
    try:
        model = train_part(inputs, setting, seed, progress)
        dose = best_dose(questions.development, len(questions.words), model) if config.has_open_dose else config.dose
        answers = score_cloze(questions.development, vectors_at(model, dose, len(questions.words)))
    except (TrainingError, EvaluationError) as error:
        return TriedSeed(seed, None, 0.0, run, problem=str(error))
    dose = dose if config.has_dose else None
    return TriedSeed(seed, float(answers.mean()), model.sources.seconds, run, dose)


def train_part(inputs: TrialInputs, setting: Setting, seed: int, progress: Progress) -> Embedding:
    """The model of the training part: out of the store, or trained and stored."""
    config = setting.with_seed(seed)
    if config.has_open_dose:
        config = replace(config, dose=1.0)  # its ends are what matters; the dose is chosen on the questions
    return find_or_train(inputs.questions.train, inputs.rows_of(setting), config, progress)


def name_trial(inputs: TrialInputs, setting: Setting, seed: int) -> str:
    """Its name in the run store."""
    config = setting.with_seed(seed)
    config = replace(config, dose=1.0) if config.has_open_dose else config
    return find_run_id(inputs.questions.train, needed_vectors(inputs.rows_of(setting), config), config)


def vectors_at(model: Embedding, dose: float | None, size: int) -> np.ndarray:
    """The vectors of the first `size` words at a dose: float32 (size, vector_size)."""
    shown = at_dose(model, dose) if model.ends is not None and dose is not None else model
    return np.asarray(shown.vectors[:size])


def best_setting(tried: Iterable[TriedSetting]) -> TriedSetting | None:
    """The one with the highest score on the development part, the first of equals; None where none has a score."""
    scored = [each for each in tried if each.development is not None]
    return max(scored, key=lambda each: each.development or 0.0, default=None)
