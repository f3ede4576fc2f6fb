"""A sweep from end to end: settings are tried, the best of them is chosen, and that one is tested."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from core.config import Range
from core.errors import EvaluationError, RunError
from core.methods import UNTOUCHED
from core.models.training import check_training
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, portion
from core.prose.numbers import count
from core.score.sweep.chosen import describe_choice, judge_chosen
from core.score.sweep.plan import (
    MOST_TRAININGS,
    Setting,
    SweepPlan,
    all_settings,
    axes_of_strategy,
    check_grid,
    count_settings,
    highest_min_count,
    make_setting,
)
from core.score.sweep.questions import HeldBackText, divide_text
from core.score.sweep.record import SearchKind, SweepRecord, TestedSetting, TriedSeed, TriedSetting
from core.score.sweep.trying import Attempt, Hands, TrialInputs, attempt_here, best_setting, try_settings
from core.system.threads import one_thread
from core.text.corpus import Corpus

TRIALS = Range(1, MOST_TRAININGS, 60)
"""Settings that Optuna picks."""
_PUBLISH_SECONDS = 0.5
Publish = Callable[[SweepRecord], None]
"""Told what is finished, from one thread at a time: now and then, and at the end."""
Crew = Callable[[int, int], Hands]
"""Gives the hands for a text whose parts `divide_text` makes with this minimum count and this seed."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SearchWay:
    """How to look for the best setting.

    Attributes:
        kind: try all, or those that Optuna picks.
        trials: how many Optuna picks.
        notes: the SQLite file in which Optuna keeps what it tried.
    """

    kind: SearchKind = "grid"
    trials: int = int(TRIALS.default)
    notes: Path | None = None

    def number_of(self, plan: SweepPlan) -> int:
        """How many settings of `plan` are tried."""
        settings = count_settings(plan)
        return settings if self.kind == "grid" else min(self.trials, settings)


def check_search(plan: SweepPlan, search: SearchWay, advice: str) -> None:
    """Raise `TrainingError` where that would be too many trainings; `advice` as in `check_grid`."""
    if search.kind == "grid":
        check_grid(plan, advice)
        return
    TRIALS.check("trials", search.trials)
    if search.trials * len(plan.seeds) > MOST_TRAININGS:
        most = MOST_TRAININGS // len(plan.seeds)
        TRIALS._replace(maximum=most, default=min(most, TRIALS.default)).check("trials", search.trials)


@dataclass(frozen=True, slots=True, eq=False)
class _OwnHands:
    """Threads of this process."""

    inputs: TrialInputs
    held_back: HeldBackText

    def attempt(self, attempts: Sequence[Attempt], progress: Progress, done: Callable[[int, TriedSeed], None]) -> None:
        attempt_here(self.inputs, attempts, progress, done)

    def judge(
        self, setting: Setting, reference: Setting | None, tried: TriedSetting, progress: Progress
    ) -> TestedSetting:
        return judge_chosen(self.inputs, self.held_back, setting, reference, tried, progress)


class _Journal:
    """What is finished, told on as a record."""

    def __init__(self, blank: SweepRecord, publish: Publish) -> None:
        self._blank, self._publish = blank, publish
        self._tried: dict[str, TriedSetting] = {}
        self._lock, self._last = threading.Lock(), 0.0

    def note(self, tried: TriedSetting) -> None:
        with self._lock:
            self._tried[repr(tried.values)] = tried
            if time.monotonic() - self._last > _PUBLISH_SECONDS:
                self._publish(self.record())
                self._last = time.monotonic()

    def record(self) -> SweepRecord:
        tried = tuple(self._tried.values())
        return replace(self._blank, settings=tried, tried=sum(each.development is not None for each in tried))


@one_thread()
def search_settings(
    corpus: Corpus,
    files: Mapping[str, PretrainedVectors],
    plan: SweepPlan,
    search: SearchWay,
    publish: Publish,
    progress: Progress,
    crew: Crew | None = None,
) -> SweepRecord:
    """Try the settings of `plan` on one part of `corpus`, choose the best, and test it on another part.

    The same input gives the same record but for seconds, however often it was interrupted, and whoever does the work.

    Args:
        files: by the names that `plan` knows them by; rows of the corpus's words suffice.
        crew: whose hands try the settings; None for threads of this process.

    Raises:
        TrainingError: there are too many settings.
        EvaluationError: the text is too short, or no setting could be asked.
        RunError: a stored model is damaged, or nothing can be stored.
        Cancelled: out of `progress`; finished models stay in the store, and what is published.
    """
    check_search(plan, search, "or look for the best of them with Optuna, which tries as many as you say")
    min_count = highest_min_count(plan, corpus.n_tokens)
    questions, held_back = divide_text(corpus, files, min_count, plan.seeds[0])
    inputs = TrialInputs(questions, files)
    _check_start(inputs, plan, corpus.n_tokens, min_count)
    hands = _OwnHands(inputs, held_back) if crew is None else crew(min_count, plan.seeds[0])
    number = search.number_of(plan)
    journal = _Journal(
        SweepRecord(
            settings=(),
            planned=number,
            tried=0,
            search=search.kind,
            seeds=plan.seeds,
            questions=len(questions.development),
            min_count=min_count,
        ),
        publish,
    )
    publish(journal.record())
    trials, test = (portion(progress, *ends) for ends in ((0, number / (number + 1)), (number / (number + 1), 1)))
    try:
        if search.kind == "grid":
            settings = all_settings(plan, corpus.n_tokens)
            try_settings(hands, settings, questions.train, trials, journal.note)
        else:
            from core.score.sweep.picking import pick_settings  # Optuna is for those who ask for it

            notes, tokens = search.notes, corpus.n_tokens
            settings = pick_settings(hands, inputs, plan, search.trials, notes, tokens, trials, journal.note)
    finally:  # what is finished counts, should it be cancelled or fail
        with suppress(OSError, RunError):  # the disk may be what failed
            publish(journal.record())
    record = journal.record()
    found = {repr(each.values): each for each in record.settings}
    record = replace(record, settings=tuple(found[repr(setting.values)] for setting in settings))
    record = _choose(hands, plan, corpus.n_tokens, settings, record, test)
    publish(record)
    progress(1.0, "done")
    _log.info("chose among %d settings on %d questions", record.tried, record.questions)
    return record


def _check_start(inputs: TrialInputs, plan: SweepPlan, tokens: int, min_count: int) -> None:
    """Raise `TrainingError` where no setting of some strategy and file could be trained."""
    for strategy in plan.strategies:
        for vectors in axes_of_strategy(plan, strategy)[0]:
            config = make_setting(plan, strategy, vectors, {"min_count": min_count}, tokens).config
            check_training(inputs.questions.train, config, None if vectors is None else inputs.files[vectors])


def _choose(
    hands: Hands,
    plan: SweepPlan,
    tokens: int,
    settings: tuple[Setting, ...],
    record: SweepRecord,
    progress: Progress,
) -> SweepRecord:
    """`record` with the best setting on the development part, tested; from here on the test part is looked at."""
    best = best_setting(record.settings)
    if best is None:
        problem = record.settings[0].problem if record.settings else ""
        raise EvaluationError(
            f"None of {count('setting', len(record.settings))} could be trained and asked, so there is nothing to "
            f"choose from. {problem}"
        )
    setting = settings[record.settings.index(best)]
    file, reference = setting.vectors or next((each.name for each in plan.vectors), None), None
    if file is not None:  # that it starts from, or for one that needs none, the first
        reference = make_setting(plan, UNTOUCHED, file, {}, tokens)
    record = replace(record, chosen=best, test=hands.judge(setting, reference, best, progress))
    return replace(record, sentence=describe_choice(record))
