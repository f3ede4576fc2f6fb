"""What one visitor, and all of them together, may take of a server: the one place where these variables are read.

The defaults suit a classroom: thirty people who come from one address.
"""

import os
from dataclasses import dataclass

from core.errors import UserError


@dataclass(frozen=True, slots=True)
class ServerLimit:
    """A limit that whoever runs the server can set.

    Attributes:
        variable: of the environment, which sets it.
        default: where the variable is empty.
        title: what is limited.
        is_bytes: it counts bytes.
    """

    variable: str
    default: int
    title: str
    is_bytes: bool = False

    @property
    def value(self) -> int:
        """The limit in force.

        Raises:
            UserError: the variable is no whole number.
        """
        given = os.environ.get(self.variable, "").strip()
        if given and not (given.isascii() and given.isdecimal()):
            raise UserError(f"{self.variable} is “{given}”; it must be a whole number, such as {self.default}.")
        return int(given) if given else self.default


MODELS_UNASKED = ServerLimit("VECTUNE_MODELS_UNASKED", 10, "Models that one click trains without asking once more")
JOBS_PER_WORKSPACE = ServerLimit("VECTUNE_JOBS_PER_WORKSPACE", 100, "Jobs of one kind that wait, of a workspace")
JOBS_ON_SERVER = ServerLimit("VECTUNE_JOBS_ON_SERVER", 1000, "Jobs of one kind that wait, of all workspaces")
BYTES_PER_WORKSPACE = ServerLimit("VECTUNE_BYTES_PER_WORKSPACE", 3_000_000_000, "Kept for a workspace", is_bytes=True)
BYTES_ON_SERVER = ServerLimit("VECTUNE_BYTES_ON_SERVER", 100_000_000_000, "Kept for all workspaces", is_bytes=True)
WORKSPACES_PER_ADDRESS = ServerLimit("VECTUNE_WORKSPACES_PER_ADDRESS", 300, "New workspaces from an address in a day")
BYTES_IN_MEMORY = ServerLimit("VECTUNE_BYTES_IN_MEMORY", 400_000_000, "Results in memory, for all", is_bytes=True)
PROXIES = ServerLimit("VECTUNE_PROXIES", 0, "Proxies whose X-Forwarded-For is believed")

SERVER_LIMITS = (
    MODELS_UNASKED,
    JOBS_PER_WORKSPACE,
    JOBS_ON_SERVER,
    BYTES_PER_WORKSPACE,
    BYTES_ON_SERVER,
    WORKSPACES_PER_ADDRESS,
    BYTES_IN_MEMORY,
    PROXIES,
)


def check_limits() -> None:
    """Raise `UserError` where a variable cannot be understood: better at the start than at somebody's click."""
    for limit in SERVER_LIMITS:
        assert limit.value >= 0
