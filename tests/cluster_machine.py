"""A scheduler and workers as processes of this machine, for tests and benchmarks; skipped loudly without the extra."""

import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from core.system.cluster.address import EXTRA, SCHEDULER_VARIABLE, is_installed

ROOT = Path(__file__).parents[1]
_START_WITHIN = 60  # seconds


def require_cluster():
    """A loud skip where the extra is not installed; a failure where VECTUNE_CLUSTER_TESTS=required."""
    if is_installed():
        return
    message = f"NO DASK: tests of a cluster are skipped. Install it: pip install -r {EXTRA}"
    if os.environ.get("VECTUNE_CLUSTER_TESTS") == "required":
        pytest.fail(message)
    warnings.warn(message, stacklevel=2)
    pytest.skip(message)


class Machine:
    """Scheduler and workers with one store: the folder `store`, or the address `shared`, in which case each worker has
    a cache folder of its own beside it.

    Attributes:
        address: of the scheduler.
        scheduler, workers: their processes.
    """

    def __init__(self, store, workers=2, shared=None, path=()):
        """`path`: folders that come before the others on Python's path."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._environment = {
            **os.environ,
            "VECTUNE_CACHE": str(store),
            SCHEDULER_VARIABLE: self.address,
            "PYTHONPATH": os.pathsep.join(map(str, [*path, ROOT, ROOT / "tests"])),
        }
        self._own_folders = None
        if shared is not None:
            self._environment["VECTUNE_STORE"] = shared
            self._own_folders = (f"{store} of worker {number}" for number in count(1))
        self.scheduler = None
        self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(workers)]

    def start_scheduler(self):
        self.scheduler = self._start("scheduler", "--port", str(self._port))
        end = time.monotonic() + _START_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.05)

    def start_worker(self):
        return self._start("worker", "--places", "1", "--cold")

    def kill_scheduler(self):
        _kill(self.scheduler)

    def kill_worker(self, pid):
        """Have it die, and another one in its place."""
        (dead,) = (each for each in self.workers if each.pid == pid)
        _kill(dead)
        self.workers[self.workers.index(dead)] = self.start_worker()

    def end(self):
        for each in (*self.workers, self.scheduler):
            each.terminate()
        for each in (*self.workers, self.scheduler):
            try:
                each.wait(10)
            except subprocess.TimeoutExpired:
                _kill(each)

    def _start(self, *command):
        own = {} if self._own_folders is None else {"VECTUNE_CACHE": next(self._own_folders)}
        environment = {**self._environment, **own}
        return subprocess.Popen([sys.executable, "-m", "core", *command], cwd=ROOT, env=environment)


def _kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


@contextmanager
def running_machine(store, workers=2, shared=None, path=()):
    machine = Machine(store, workers, shared, path)
    try:
        yield machine
    finally:
        machine.end()
