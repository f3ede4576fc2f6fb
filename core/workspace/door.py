"""The door to the admin page: one token, compared in constant time, and after a wrong one a wait that grows."""

import hmac
import math
import os
import threading
import time
from collections.abc import Callable

from core.errors import LimitError
from core.system.files import digest_of

ADMIN_VARIABLE = "VECTUNE_ADMIN_TOKEN"
SHORTEST_TOKEN = 16
_LONGEST_WAIT = 60.0  # seconds
_FORGOTTEN_AFTER = 3600.0  # seconds


def admin_token() -> str:
    """The token of whoever runs this server; "" where none is set, or one that could be guessed."""
    token = os.environ.get(ADMIN_VARIABLE, "").strip()
    return token if len(token) >= SHORTEST_TOKEN else ""


def admin_pass() -> str:
    """What a session keeps instead of the token once it has let somebody in; another token ends it. "" without one."""
    token = admin_token()
    return digest_of("admin", token) if token else ""


class Door:
    """Lets in who knows the token. An address that said a wrong one waits a second, then two, four, up to a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}  # address -> how many in a row, when the last
        self._lock = threading.Lock()

    def admits(self, given: str, address: str) -> bool:
        """Whether `given` is the token; never where none is set.

        Raises:
            LimitError: the address has to wait first; nothing was compared.
        """
        token = admin_token()
        with self._lock:
            now = self._clock()
            self._wrong = {who: (n, at) for who, (n, at) in self._wrong.items() if now - at < _FORGOTTEN_AFTER}
            times, last = self._wrong.get(address, (0, now))
            left = last + min(2.0 ** (times - 1), _LONGEST_WAIT) - now if times else 0.0
            if left > 0:
                raise LimitError(f"That was not the token. Wait {math.ceil(left):d} s, then try again.")
            is_right = hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), token.encode())
            if is_right and token:
                self._wrong.pop(address, None)
                return True
            self._wrong[address] = times + 1, now
            return False
