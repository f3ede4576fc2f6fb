"""Access to a cluster's workers; nothing of Dask or of a database is imported before it is asked for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.system.cluster.address import require_extra

if TYPE_CHECKING:
    from core.system.cluster.executor import ClusterExecutor
    from core.system.cluster.fitness import Kind


def open_executor(address: str, kind: "Kind", prepare: Callable[[], None] | None = None) -> "ClusterExecutor":
    """What has work of that kind done by the workers of the scheduler at `address`; `prepare` as for
    `boards.make_board`.

    Raises:
        ClusterError: what talks to a scheduler is not installed.
    """
    require_extra()
    from core.system.cluster.connection import connect
    from core.system.cluster.executor import ClusterExecutor

    return ClusterExecutor(connect(address), kind, prepare)
