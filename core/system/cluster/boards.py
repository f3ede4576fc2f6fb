"""The boards of a server of a cluster."""

from collections.abc import Callable

from core.system.cluster.access import open_executor
from core.system.cluster.address import require_extra
from core.system.cluster.fitness import Kind
from core.system.cluster.progress import clean_old_progress
from core.system.cluster.shared_board import SharedJobs
from core.system.jobs.executors import ProcessExecutor
from core.system.jobs.outcomes import KeptProblems

_SWEEPS_AT_ONCE = 4
_END_WITHIN = 5.0
"""Seconds in which a child that was told to end may have workers end what they do for it."""


def make_board(
    address: str, kind: Kind, prepare: Callable[[], None] | None = None, problems: KeptProblems | None = None
) -> SharedJobs:
    """One whose work of that kind the workers of the scheduler at `address` do, as many at a time as they can.

    Args:
        prepare: what the child of a worker begins with that lives on between calls; None for a fresh child each time.
        problems: as for `Jobs`.

    Raises:
        ClusterError: what talks to a scheduler is not installed.
    """
    executor = open_executor(address, kind, prepare)
    clean_old_progress()
    return SharedJobs(kind, executor, executor.places, problems=problems)


def make_board_of_sweeps(problems: KeptProblems | None = None) -> SharedJobs:
    """One whose work children of this server do: to say what workers are to do, and to wait for that.

    So what they do takes nobody's place. Who cancels is told of the end when what workers did for it has ended too.

    Args:
        problems: as for `Jobs`.

    Raises:
        ClusterError: what talks to a scheduler is not installed.
    """
    require_extra()
    return SharedJobs("sweeps", ProcessExecutor(patience=_END_WITHIN), _SWEEPS_AT_ONCE, problems=problems)
