"""Where the cluster's scheduler is, and whether what talks to it is installed. Imports nothing of that."""

import os
import re
from importlib.util import find_spec

from core.errors import ClusterError

SCHEDULER_VARIABLE = "VECTUNE_SCHEDULER"
"""`tcp://HOST:PORT` of a scheduler whose workers do what takes long; empty for child processes of the server."""

EXTRA = "requirements-cluster.txt"
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):\d{1,5}")


def find_scheduler() -> str | None:
    """The address of the scheduler; None where this machine does all work itself.

    Raises:
        ClusterError: the variable holds no address.
    """
    given = os.environ.get(SCHEDULER_VARIABLE, "").strip()
    if given and not _ADDRESS.fullmatch(given):
        raise ClusterError(
            f"{SCHEDULER_VARIABLE} is “{given}”; it must be tcp://HOST:PORT, such as tcp://10.0.0.5:8786."
        )
    return given or None


def require_extra() -> None:
    """Raise `ClusterError` where what talks to a scheduler is not installed."""
    if not is_installed():
        raise ClusterError(
            f"{SCHEDULER_VARIABLE} is set, and what talks to a scheduler is not installed. Install it: pip install -r "
            f"{EXTRA}. Or empty the variable: then this machine does all work itself."
        )


def is_installed() -> bool:
    """Whether the extra is there."""
    return find_spec("distributed") is not None
