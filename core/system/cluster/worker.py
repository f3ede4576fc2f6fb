"""A worker and a scheduler, each as a process that serves until it is told to end."""

import asyncio
import logging
import signal
import tempfile
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import dask
from distributed import Scheduler, Worker

from core.errors import ClusterError
from core.system.cluster.calls import start_warm
from core.system.cluster.fitness import KINDS, offered

_AGAIN = 2.0  # seconds
_CONNECT = "3s"
_DEATHS = 10
"""Workers that may die over one piece of work before the scheduler gives it up."""
_GONE = "60s"
"""A worker that is not heard of for so long is gone: its machine lost power, or its cable."""

Say = Callable[[str], None]


def serve_worker(address: str, places: int, prepare: Callable[[], None] | None, say: Say) -> None:
    """Do the work of servers that ask the scheduler at `address`, until SIGTERM or Ctrl-C.

    Where the scheduler is away, or goes, it is waited for; what was running is ended then, and begun anew by those who
    want it.

    Args:
        places: pieces of work of each kind at a time.
        prepare: what the child for maps begins with, which is started at once; None to wait for the first call.
        say: is told what happens, for whoever started this.

    Raises:
        StorageError: the store cannot be read or written.
    """
    _quieten()
    offer = offered(places)
    dask.config.set({"distributed.comm.timeouts.connect": _CONNECT, "distributed.worker.memory.pause": False})
    if prepare is not None:
        start_warm(prepare)
    _run_until_ended(partial(_work_on, address, places, offer, say))


async def _work_on(address: str, places: int, offer: dict[str, float], say: Say) -> None:
    is_told = False
    while True:
        with tempfile.TemporaryDirectory(prefix="vectune-worker-") as folder:
            try:
                worker = await Worker(
                    address,
                    nthreads=len(KINDS) * places,
                    resources=offer,
                    memory_limit=0,  # the work is in children, which the kernel holds to what there is
                    dashboard=False,
                    local_directory=folder,
                )
            except (OSError, TimeoutError):
                if not is_told:
                    say(f"The scheduler at {address} does not answer; waiting for it.")
                    is_told = True
                await asyncio.sleep(_AGAIN)
                continue
            is_told = False
            say(f"Worker {worker.address}: {places} trainings and {places} maps at a time, for {address}.")
            try:
                await worker.finished()
                say("The scheduler went away.")
            finally:
                await worker.close(timeout=1, executor_wait=False, reason="vectune-ends")


def serve_scheduler(host: str, port: int, say: Say) -> None:
    """Give servers' work to workers at `tcp://HOST:PORT`, until SIGTERM or Ctrl-C.

    Raises:
        ClusterError: nothing can be served there.
    """
    _quieten()
    dask.config.set({"distributed.scheduler.allowed-failures": _DEATHS, "distributed.scheduler.worker-ttl": _GONE})
    _run_until_ended(partial(_schedule, host, port, say))


async def _schedule(host: str, port: int, say: Say) -> None:
    try:
        scheduler = await Scheduler(host=host, port=port, dashboard=False)
    except OSError as error:
        raise ClusterError(
            f"A scheduler cannot be served at {host}:{port} ({error.strerror or error}). Choose another --port."
        ) from error
    say(f"Scheduler {scheduler.address}")
    try:
        await scheduler.finished()
    finally:
        await scheduler.close()


def _run_until_ended(serve: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(serve())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            return

    asyncio.run(run())


def _quieten() -> None:
    """Dask logs every message of its own; what matters is said."""
    logging.getLogger("distributed").setLevel(logging.ERROR)
