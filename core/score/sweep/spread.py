"""A sweep whose settings the workers of a cluster try: each with each seed is work of its own, named by its content.

So the same work asked twice, by two servers too, is done once. It is done in a child that lives on for the next one
and still has the text in its parts, which takes longer to read than a short training takes.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.config import TrainConfig
from core.models.runs import DOSE_VERSION, STORE_VERSION, load_inputs
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, silent
from core.score.scorecard import SCORE_VERSION
from core.score.sweep.chosen import judge_chosen
from core.score.sweep.plan import Setting
from core.score.sweep.questions import HeldBackText, divide_text
from core.score.sweep.record import TestedSetting, TriedSeed, TriedSetting
from core.score.sweep.search import Crew
from core.score.sweep.trying import Attempt, TrialInputs, try_seed
from core.system.cluster.access import open_executor
from core.system.cluster.address import find_scheduler
from core.system.cluster.progress import shared_progress
from core.system.files import digest_of
from core.system.jobs.schedule import SHORT_SECONDS
from core.system.jobs.spreading import Piece, spread_pieces
from core.system.jobs.work import Work
from core.system.threads import one_thread
from core.text.corpus import Corpus

if TYPE_CHECKING:
    from core.system.cluster.executor import ClusterExecutor

_PATIENCE, _SHORTEST_LIMIT = 30, 300
"""A piece of work is ended after so many times its estimate, and never before so many seconds."""
_FORGET_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SweptText:
    """A text that settings are tried on, as the store has it. Picklable.

    Attributes:
        corpus_folder: the text as `runs.keep_corpus` kept it.
        files: name of each vectors file, and the folder of its rows.
        min_count, seed: as for `divide_text`.
    """

    corpus_folder: Path
    files: tuple[tuple[str, Path], ...]
    min_count: int
    seed: int

    def name_work(self, kind: str, models: Sequence[tuple[TrainConfig, str | None]], more: str = "") -> str:
        """Equal for the same work on `models` (settings, name of a vectors file), whatever these files are called."""
        folders = dict(self.files)
        parts = [
            self.corpus_folder.name,
            *(folder.name for folder in folders.values()),
            repr((self.min_count, self.seed)),
        ]
        for config, vectors in models:
            parts += [config.identity, "none" if vectors is None else folders[vectors].name]
        return f"{kind} {digest_of(STORE_VERSION, DOSE_VERSION, SCORE_VERSION, *parts, more)}"


@dataclass(frozen=True, slots=True)
class WorkersHands:
    """`Hands` of whoever stands behind an executor.

    Attributes:
        text: what settings are tried on.
        executor: does each piece of work.
        places: how many it does at a time.
    """

    text: SweptText
    executor: Executor
    places: Callable[[], int]

    def attempt(self, attempts: Sequence[Attempt], progress: Progress, done: Callable[[int, TriedSeed], None]) -> None:
        """As `Hands.attempt`."""
        is_long = any(each.weight >= SHORT_SECONDS for each in attempts)

        def places() -> int:
            every = self.places()
            return every - 1 if is_long and every > 2 else every  # the short work of others need not wait for the long

        pieces = [self._piece_of(each) for each in attempts]
        spread_pieces(pieces, self.executor, places, shared_progress, progress, done)

    def judge(
        self, setting: Setting, reference: Setting | None, tried: TriedSetting, progress: Progress
    ) -> TestedSetting:
        """As `judge_chosen`."""
        models = [(each.config, each.vectors) for each in (setting, reference) if each is not None]
        doses = repr([(each.seed, each.dose) for each in tried.seeds])
        work, tested = Work(self.text.name_work("judge", models, doses), judge_in_child), list[TestedSetting]()
        piece = Piece(work, (self.text, setting, reference, tried))
        spread_pieces(
            [piece], self.executor, self.places, shared_progress, progress, lambda _, found: tested.append(found)
        )
        return tested[0]

    def _piece_of(self, each: Attempt) -> Piece:
        name = self.text.name_work("try", [(each.setting.with_seed(each.seed), each.setting.vectors)])
        work = Work(name, try_in_child, _SHORTEST_LIMIT + _PATIENCE * each.weight)
        return Piece(work, (self.text, each.setting, each.seed), f"{each.title}: ", each.weight)


@dataclass(frozen=True, slots=True)
class Workers:
    """Those of a cluster. `crew` is for `search_settings`; `executor` has their work done."""

    executor: "ClusterExecutor"
    crew: Crew


def find_workers(corpus_folder: Path, files: Mapping[str, Path]) -> Workers | None:
    """Whom `VECTUNE_SCHEDULER` names; None where this machine does all work itself.

    Args:
        corpus_folder, files: as of `SweptText`.

    Raises:
        ClusterError: the address is none, or what talks to a scheduler is not installed.
    """
    address = find_scheduler()
    if address is None:
        return None
    executor = open_executor(address, "training", prepare_trials)

    def crew(min_count: int, seed: int) -> WorkersHands:
        text = SweptText(corpus_folder, tuple(files.items()), min_count, seed)
        return WorkersHands(text, executor, executor.places)

    return Workers(executor, crew)


def require_workers() -> None:
    """For whoever would rather know at once than be patient.

    Raises:
        ClusterError: `VECTUNE_SCHEDULER` names a cluster, and nobody there can do the work now.
    """
    address = find_scheduler()
    if address is not None:
        open_executor(address, "training").require_workers()


def load_swept(corpus_folder: Path, files: Mapping[str, Path]) -> tuple[Corpus, dict[str, PretrainedVectors]]:
    """A kept text, and the rows of each vectors file.

    Raises:
        RunError: they are gone or damaged.
    """
    corpus, _ = load_inputs(corpus_folder, None)
    loaded = {}
    for name, folder in files.items():
        _, loaded[name] = load_inputs(corpus_folder, folder)
    return corpus, {name: rows for name, rows in loaded.items() if rows is not None}


def prepare_trials() -> None:
    """What a worker's child does before the first setting: it compiles, or loads, what trains."""
    from core.models.engine import prepare

    prepare(silent)


@one_thread()
def try_in_child(progress: Progress, text: SweptText, setting: Setting, seed: int) -> TriedSeed:
    """`try_seed` in a worker's child."""
    with _opened(text) as (inputs, _):
        return try_seed(inputs, setting, seed, progress)


@one_thread()
def judge_in_child(
    progress: Progress, text: SweptText, setting: Setting, reference: Setting | None, tried: TriedSetting
) -> TestedSetting:
    """`judge_chosen` in a worker's child."""
    with _opened(text) as (inputs, held_back):
        return judge_chosen(inputs, held_back, setting, reference, tried, progress)


@contextmanager
def _opened(text: SweptText) -> Iterator[tuple[TrialInputs, HeldBackText]]:
    """Its parts, which are kept for the next piece of work, though not for long: it may be erased meanwhile."""
    while _forgetting:
        _forgetting.pop().cancel()
    try:
        yield _divide(text)
    finally:
        timer = threading.Timer(_FORGET_SECONDS, _divide.cache_clear)
        timer.daemon = True
        timer.start()
        _forgetting.append(timer)


_forgetting: list[threading.Timer] = []


@lru_cache(maxsize=1)
def _divide(text: SweptText) -> tuple[TrialInputs, HeldBackText]:
    corpus, files = load_swept(text.corpus_folder, dict(text.files))
    questions, held_back = divide_text(corpus, files, text.min_count, text.seed)
    return TrialInputs(questions, files), held_back
