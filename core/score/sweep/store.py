"""Sweeps in the cache folder: what is asked for, what is known of it so far, and the work for a child process."""

import logging
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from core.config import default_config
from core.errors import RunError
from core.models.runs import STORE_VERSION
from core.progress import Progress, silent
from core.score.scorecard import SCORE_VERSION
from core.score.store import ScoredText
from core.score.sweep.plan import SweepPlan
from core.score.sweep.record import SweepRecord
from core.score.sweep.search import SearchWay, search_settings
from core.score.sweep.spread import find_workers, load_swept
from core.system.files import digest_of, new_folder, room_for
from core.system.jobs.children import cancelled_by_signal
from core.system.locking import hold_lock
from core.system.shelves import About, Shelf
from core.system.typed_json import read_record, write_record

_SWEEP_VERSION = "1"
"""Part of every sweep's identity: raise it when the same inputs no longer give the same choice."""
_ABOUT, _RESULT, _NOTES = "about.json", "sweep.json", "optuna.db"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SweepOrder:
    """What is asked for. Picklable.

    Attributes:
        corpus_folder: the text as `runs.keep_corpus` kept it.
        rows: folder of each vectors file's rows, as `keep_pretrained` kept them, in the order of `plan.vectors`.
        plan: the ranges.
        way: how to look for the best.
    """

    corpus_folder: Path
    rows: tuple[Path, ...]
    plan: SweepPlan
    way: SearchWay

    @property
    def files(self) -> dict[str, Path]:
        """Name of each vectors file, and the folder of its rows."""
        return {swept.name: rows for swept, rows in zip(self.plan.vectors, self.rows, strict=True)}

    @property
    def identity(self) -> str:
        """Equal for everybody who asks for the same."""
        rows = [folder.name for folder in self.rows]
        way = [self.way.kind, str(self.way.trials) if self.way.kind == "optuna" else None]
        versions = [_SWEEP_VERSION, STORE_VERSION, SCORE_VERSION]
        usual = [default_config(strategy).identity for strategy in self.plan.strategies]  # what ranges leave open
        return digest_of(*versions, self.corpus_folder.name, repr(self.plan), *usual, *way, *rows)


def _describe_sweep(folder: Path) -> About:
    return About(uses=frozenset([("texts", read_record(folder / _ABOUT, ScoredText).corpus)]))


SWEEPS = Shelf("sweeps", _describe_sweep)


def keep_sweep(progress: Progress, order: SweepOrder) -> str:
    """Search and keep what is found, also while it runs; a plain function of picklable arguments, for a child.

    Gives the sweep's identity.

    Raises:
        EvaluationError, TrainingError: as `search_settings`.
        RunError: the inputs are gone, or the disk is full.
        Cancelled: out of `progress`; what was finished stays.
    """
    folder = SWEEPS.path_of(order.identity)
    corpus, files = load_swept(order.corpus_folder, order.files)
    found = find_workers(order.corpus_folder, order.files)

    def publish(record: SweepRecord) -> None:
        write_record(folder / _RESULT, record)

    ending = nullcontext() if found is None else cancelled_by_signal()
    with ending, room_for("The sweep", RunError):
        with new_folder(folder) as new:
            write_record(new / _ABOUT, ScoredText(order.corpus_folder.name))
        with hold_lock(folder / ".lock", silent, ""):  # another server may be at it, who says how far it is
            if not _is_finished(order.identity):
                way = SearchWay(order.way.kind, order.way.trials, folder / _NOTES)
                crew = None if found is None else found.crew
                search_settings(corpus, files, order.plan, way, publish, progress, crew)
    progress(1.0, "done")
    _log.info("stored sweep %s", order.identity)
    return order.identity


def _is_finished(identity: str) -> bool:
    record = find_sweep(identity)
    return record is not None and record.chosen is not None


def find_sweep(identity: str) -> SweepRecord | None:
    """What is known of a sweep so far; None where it was not begun, or what is kept of it is damaged."""
    try:
        return read_record(SWEEPS.path_of(identity) / _RESULT, SweepRecord)
    except (OSError, ValueError):
        return None
