"""How many new workspaces come from an address in a day; in memory alone, so that no address is ever stored."""

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from core.errors import LimitError
from core.system.limits import WORKSPACES_PER_ADDRESS

_DAY = 24 * 3600.0
_HERE = "this machine"


def find_address(peer: str | None, forwarded: Sequence[str], proxies: int) -> str:
    """The address that a visitor comes from.

    Args:
        peer: who is connected, as the server says; None for this machine.
        forwarded: values of X-Forwarded-For, which anybody may send.
        proxies: how many are in front of the server, each of which adds to X-Forwarded-For who is connected to it; with
            0 it is not believed.
    """
    named = [part.strip() for value in forwarded for part in value.split(",") if part.strip()]
    if proxies:
        return _widen(named[-proxies] if len(named) >= proxies else peer or _HERE)
    if named and _widen(named[-1]) == _widen(peer or _HERE):
        return _HERE  # Streamlit's server takes it from there where a proxy on this machine is connected
    return _widen(peer or _HERE)


def _widen(address: str) -> str:
    """Of IPv6 the network of one household, which has 2^64 addresses; what is no address stays as it is."""
    host = address.strip("[]") if address.count(":") != 1 else address.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))


class Arrivals:
    """When each address had its newest workspaces made, as far back as a day."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def admit(self, address: str) -> None:
        """Count a new workspace.

        Raises:
            LimitError: the address has had as many in the last 24 hours as it may.
        """
        most = WORKSPACES_PER_ADDRESS.value
        with self._lock:
            self._forget()
            times = self._times.setdefault(address, deque())
            if len(times) >= most:
                raise LimitError(
                    f"New workspaces begun from your network address in the last 24 hours: {len(times):,}, the most "
                    "that this server allows. Open the link of a workspace that you have, or come back tomorrow. "
                    f"Whoever runs this server can raise {WORKSPACES_PER_ADDRESS.variable}."
                )
            times.append(self._clock())

    def _forget(self) -> None:
        """Drop what is older than a day; the lock is held."""
        since = self._clock() - _DAY
        for address, times in list(self._times.items()):
            while times and times[0] <= since:
                times.popleft()
            if not times:
                del self._times[address]
