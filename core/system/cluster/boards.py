"""The boards of a server of a cluster."""

from collections.abc import Callable

from core.system.cluster.address import require_extra
from core.system.cluster.fitness import Kind
from core.system.cluster.progress import clean_old_progress
from core.system.cluster.shared_board import SharedJobs
from core.system.jobs.outcomes import KeptProblems


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
    require_extra()
    clean_old_progress()
    from core.system.cluster.connection import connect
    from core.system.cluster.executor import ClusterExecutor

    executor = ClusterExecutor(connect(address), kind, prepare)
    return SharedJobs(kind, executor, executor.places, problems=problems)
