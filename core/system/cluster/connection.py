"""The one connection of this process to its scheduler: made when it is first needed, and again when it was lost."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from distributed import Client

from core.errors import ClusterError, UserError
from core.system.cluster.fitness import KINDS, Kind, count_places, explain_unfit
from core.system.cluster.progress import PROGRESS_TOPIC, write_told_progress
from core.system.files import store_copies
from core.system.jobs.executors import start_thread

_CONNECT_SECONDS = 3.0
_LOOK_EVERY = 2.0  # seconds
_PLACES_UNKNOWN = 2
"""As many as a machine by itself has children: until the scheduler has been asked."""
_log = logging.getLogger(__name__)

for _noisy in ("distributed.client", "distributed.core", "distributed.comm"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)  # it is told in our words, where it is shown


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What was seen of the cluster last.

    Attributes:
        address: of the scheduler.
        workers: address of each worker -> what it offers; None where the scheduler does not answer.
        places: how many pieces of work of each kind they can do at a time for this server.
        problem: why they can do none, and what to do; None where they can.
    """

    address: str
    workers: Mapping[str, Mapping[str, float]] | None
    places: Mapping[Kind, int]
    problem: str | None


def describe_cluster(address: str, workers: Mapping[str, Mapping[str, float]] | None) -> ClusterState:
    """What those workers can do for this server."""
    offers = list((workers or {}).values())
    places = {kind: count_places(offers, kind) for kind in KINDS}
    if workers is None:
        problem: str | None = explain_silence()
    else:
        problem = None if any(places.values()) else explain_unfit(offers)
    return ClusterState(address, workers, places, problem)


def explain_silence() -> str:
    """Without the address: a visitor may read it."""
    return (
        "The scheduler of this cluster does not answer. Start it: python -m core scheduler; or correct "
        "VECTUNE_SCHEDULER. Nothing that was finished is lost."
    )


class Connection:
    """A client of the scheduler at `address`, for all executors of this process; use `connect`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client: Client | None = None
        self._lock = threading.Lock()
        self._state: ClusterState | None = None
        self._looked = threading.Event()
        start_thread(self._watch)

    def client(self) -> Client:
        """One that is connected.

        Raises:
            ClusterError: the scheduler does not answer.
        """
        with self._lock:
            if self._client is None or self._client.status not in ("running", "connecting"):
                self._drop()
                try:
                    self._client = Client(
                        self.address, timeout=_CONNECT_SECONDS, set_as_default=False, direct_to_workers=False
                    )
                except (OSError, ValueError) as error:
                    raise ClusterError(explain_silence()) from error
                if store_copies() is not None:
                    self._client.subscribe_topic(PROGRESS_TOPIC, _hear_progress)
                _log.info("connected to the scheduler at %s", self.address)
            if self._client.status != "running":
                raise ClusterError(explain_silence())
            return self._client

    def state(self, patience: float = 0.0) -> ClusterState | None:
        """What was seen last, a few seconds ago; where nothing was yet, it is waited for, and None after `patience`."""
        self._looked.wait(patience)
        return self._state

    def places(self, kind: Kind) -> int:
        """How many pieces of work of that kind the workers can do at a time."""
        state = self._state
        return _PLACES_UNKNOWN if state is None or not state.places[kind] else state.places[kind]

    def look(self) -> ClusterState:
        """Ask the scheduler who works for it."""
        try:
            about = self._ask(lambda client: client.scheduler_info()["workers"])
            workers = {address: each["resources"] for address, each in about.items()}
        except ClusterError:
            workers = None
        self._state = found = describe_cluster(self.address, workers)
        self._looked.set()
        return found

    def is_processing(self, key: str) -> bool:
        """Whether the scheduler has given work of that key to a worker, because somebody wants it."""
        return any(key in keys for keys in self._ask(lambda client: client.processing()).values())

    def is_at_work(self, key: str) -> bool:
        """Whether a worker has a child for that key that has yet to end."""
        from core.system.cluster.calls import is_at_work

        found = self._ask(lambda client: client.run(is_at_work, key, on_error="ignore"))
        return any(answer is True for answer in found.values())

    def _ask(self, question: Callable[[Client], Any]) -> Any:
        try:
            return question(self.client())
        except (OSError, ValueError, RuntimeError) as error:  # a comm that closed, a client that did
            raise ClusterError(explain_silence()) from error

    def _watch(self) -> None:
        while True:
            with suppress(Exception):  # whatever it is, the next look may find better
                self.look()
            time.sleep(_LOOK_EVERY)

    def _drop(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                self._client.close(timeout=0)
            self._client = None


def _hear_progress(event: tuple[float, dict[str, Any]]) -> None:
    try:
        write_told_progress(event[1])
    except (UserError, OSError, ValueError) as error:  # how far it is is not worth more
        _log.warning("how far work is cannot be written: %s", error)


@cache
def connect(address: str) -> Connection:
    """The connection to that scheduler; nothing waits for it."""
    return Connection(address)
