"""Jobs in the background: a board where pages read how far each is, and who waits for it."""

import atexit
import logging
import multiprocessing.util  # noqa: F401  (registers its own exit function first, so that ours comes before it)
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from core.errors import Cancelled, UserError
from core.system.executors import within
from core.system.files import cache_folder, digest_of, read_json, write_json

State = Literal["queued", "running", "done", "failed", "cancelled"]
_REPORT_EVERY = 0.2  # seconds
_END_WITHIN = 5  # seconds
_log = logging.getLogger(__name__)


class ProgressFile:
    """A `Progress` that crosses processes: writes to a file, and raises `Cancelled` once the file is marked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = 0.0

    def __call__(self, fraction: float, message: str) -> None:
        now = time.monotonic()
        if now - self._last < _REPORT_EVERY and fraction < 1:
            return
        self._last = now
        if self._stop.exists():
            raise Cancelled
        write_json(self.path, [fraction, message])

    @property
    def _stop(self) -> Path:
        return self.path.with_suffix(".stop")

    def read(self) -> tuple[float, str]:
        """Share done and message, (0, "") before the first report."""
        try:
            fraction, message = read_json(self.path)
        except FileNotFoundError:
            return 0.0, ""
        return float(fraction), str(message)

    def ask_to_stop(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._stop.touch()

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._stop.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class JobStatus:
    """A job as a page shows it.

    Attributes:
        fraction: share done, 0 to 1.
        seconds: since it was queued, or until it ended.
        seconds_left: estimate from its pace so far; None while unknown.
        error: what the user should read when it failed.
        bug: True when the failure is ours, not the input's.
    """

    key: str
    title: str
    state: State
    fraction: float
    message: str
    seconds: float
    seconds_left: float | None = None
    error: str | None = None
    bug: bool = False

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")


@dataclass(slots=True)
class _Job:
    key: str
    title: str
    future: Future[Any]
    progress: ProgressFile
    watchers: set[str]
    queued: float = field(default_factory=time.monotonic)
    ended: float | None = None
    first: tuple[float, float] | None = None  # (time, fraction) of the first report: start-up does not spoil the pace


class Jobs:
    """Every background job of this server by key; the same key is the same work, whoever asks for it."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._jobs: dict[str, _Job] = {}
        self._lock = threading.Lock()
        _boards.add(self)

    def submit(
        self, key: str, title: str, fn: Callable[..., Any], /, *args: Any, watcher: str, limit: float | None = None
    ) -> None:
        """Run `fn(progress, *args)`, or join the job of that key if it is still active.

        Args:
            key: names the work.
            title: names it in front of the user.
            fn: picklable; its first argument is a `Progress`.
            watcher: who wants it; the job is only ended when its last watcher cancels.
            limit: seconds after which a child process ends itself; only for a `ProcessExecutor`.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.future.done():
                job.watchers.add(watcher)
                return
            progress = ProgressFile(cache_folder("progress", f"{digest_of(key)}-{time.monotonic_ns()}.json"))
            call = (fn, progress, *args) if limit is None else (within, limit, fn, progress, *args)
            future = self._executor.submit(*call)
            job = _Job(key, title, future, progress, {watcher})
            self._jobs[key] = job
        future.add_done_callback(lambda _: self._close(job))
        _log.info("queued %s", title)

    def _close(self, job: _Job) -> None:
        job.ended = time.monotonic()
        job.progress.remove()

    def status(self, key: str) -> JobStatus | None:
        """The job of that key, None when there is none."""
        job = self._jobs.get(key)
        return None if job is None else _status(job)

    def cancel(self, key: str, watcher: str) -> None:
        """`watcher` no longer wants the job; the last one to leave ends it."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.future.done():
                return
            job.watchers.discard(watcher)
            if job.watchers:
                return
        job.progress.ask_to_stop()
        job.future.cancel()

    def leave(self, watcher: str) -> None:
        """`watcher` no longer wants any job: `cancel` for each that it waits for."""
        for key in [key for key, job in list(self._jobs.items()) if watcher in job.watchers]:
            self.cancel(key, watcher)

    def forget(self, key: str) -> None:
        """Drop a job that has ended, so that it can be asked for anew without showing its old outcome."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.future.done():
                del self._jobs[key]

    def result(self, key: str, timeout: float | None = None) -> Any:
        """Wait for the job and give what `fn` returned, or raise what it raised."""
        return self._jobs[key].future.result(timeout)

    def end(self) -> list[Future[Any]]:
        """Ask every job to end, whoever waits for it: the futures that had not ended yet."""
        active = [job for job in list(self._jobs.values()) if not job.future.done()]
        for job in active:
            job.progress.ask_to_stop()
            job.future.cancel()
        return [job.future for job in active]


_boards: weakref.WeakSet[Jobs] = weakref.WeakSet()


@atexit.register
def _end_jobs() -> None:
    """Compiled code must not run on while the interpreter is taken apart, nor may a job hold up a stopped server."""
    wait_for_futures([future for board in list(_boards) for future in board.end()], timeout=_END_WITHIN)


def _status(job: _Job) -> JobStatus:
    now = job.ended or time.monotonic()
    state, error, bug = _state(job)
    fraction, message = (1.0, "") if state == "done" else job.progress.read()
    seconds_left = None
    if state == "running" and fraction > 0:
        job.first = job.first or (now, fraction)
        began, at = job.first
        if fraction > at and now - began > 1:
            seconds_left = (1 - fraction) * (now - began) / (fraction - at)
    return JobStatus(job.key, job.title, state, fraction, message, now - job.queued, seconds_left, error, bug)


def _state(job: _Job) -> tuple[State, str | None, bool]:
    if not job.future.done():
        return ("running" if job.future.running() else "queued"), None, False
    try:
        problem = job.future.exception()
    except CancelledError:
        return "cancelled", None, False
    if problem is None:
        return "done", None, False
    if isinstance(problem, Cancelled):
        return "cancelled", None, False
    return "failed", str(problem), not isinstance(problem, UserError)
