"""Work in the background: child processes that can be killed, and a board where pages read how far it is.

Training runs in a spawned child (gensim can hang or crash; a killed child gives its memory back; fork is unsafe
once numba's threads run). `ProcessExecutor` has the shape of `concurrent.futures.Executor`, and what it runs takes
its inputs from the cache folder and leaves its result there, so a cluster's executor can take its place.
"""

import atexit
import logging
import multiprocessing.util  # registers its own exit function first, so that ours comes before it
import os
import threading
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

from core.errors import Cancelled, UserError
from core.system.files import cache_folder, digest_of, read_json, write_json

State = Literal["queued", "running", "done", "failed", "cancelled"]
_REPORT_EVERY = 0.2  # seconds
_END_WITHIN = 5  # seconds
_TIMED_OUT = 124  # exit code, as of timeout(1)
_P = ParamSpec("_P")
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class JobCrashed(Exception):
    """The child died or raised something that is a bug; the message holds its traceback."""


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


class ProcessFuture(Future[Any]):
    """A future whose `cancel` also ends work that is already running."""

    def __init__(self) -> None:
        super().__init__()
        self.kill_requested, self._kill = multiprocessing.Pipe(duplex=False)

    def cancel(self) -> bool:
        if super().cancel():
            return True
        if self.done():
            return False
        try:
            self._kill.send(True)
        except BrokenPipeError:  # it ended meanwhile
            return False
        return True


class _Workers:
    """At most `workers` threads that call what they are given, in the order it came.

    They are daemons: the threads of `concurrent.futures` keep a stopped server alive until their work is done.
    """

    def __init__(self, workers: int) -> None:
        self._idle = workers
        self._calls: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()

    def call(self, work: Callable[[], None]) -> None:
        with self._lock:
            self._calls.append(work)
            if not self._idle:
                return
            self._idle -= 1
        threading.Thread(target=self._work, name="job", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._calls:
                    self._idle += 1
                    return
                work = self._calls.popleft()
            work()


class ThreadExecutor(Executor):
    """For work that must stay in this process, like maps, whose compiled kernels are paid for once."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = _Workers(workers)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a thread of this process."""
        future: Future[_T] = Future()
        self._workers.call(partial(_fulfil, future, partial(fn, *args, **kwargs)))
        return future


def _fulfil(future: Future[_T], work: Callable[[], _T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)


class ProcessExecutor(Executor):
    """Runs each call in a fresh spawned child, at most `workers` at a time, in the order they came."""

    def __init__(self, workers: int = 1) -> None:
        self._workers = _Workers(workers)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a child; all must be picklable."""
        future = ProcessFuture()
        self._workers.call(partial(_watch_child, future, fn, args, kwargs))
        return future


def _watch_child(future: ProcessFuture, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    spawn = multiprocessing.get_context("spawn")
    reader, writer = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run_in_child, args=(writer, fn, args, kwargs), daemon=True)
    try:
        child.start()
        writer.close()
        if future.kill_requested in wait([reader, child.sentinel, future.kill_requested]):
            raise Cancelled
        future.set_result(_outcome(reader, child))
    except BaseException as error:
        future.set_exception(error)
    finally:
        _end(child)
        reader.close()
        future.kill_requested.close()


def _outcome(reader: Connection, child: Any) -> Any:
    try:
        kind, value = reader.recv()
    except EOFError:
        child.join(5)
        if child.exitcode == _TIMED_OUT:
            raise JobCrashed("The work took far longer than it should and was ended. Try a smaller text.") from None
        raise JobCrashed(
            f"The working process ended unexpectedly (exit code {child.exitcode}). It may have run out of memory."
        ) from None
    if kind == "result":
        return value
    if kind == "user-error":
        raise value
    raise JobCrashed(value)


def _end(child: Any) -> None:
    if child.pid is None:
        return
    child.join(0.2)
    if child.is_alive():
        child.terminate()
        child.join(0.5)
    if child.is_alive():
        child.kill()
    child.join()


def _run_in_child(writer: Connection, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.nice(5)  # pages stay responsive while a model trains
    try:
        writer.send(("result", fn(*args, **kwargs)))
    except UserError as error:
        writer.send(("user-error", error))
    except BaseException:
        writer.send(("bug", traceback.format_exc()))
    writer.close()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def within(seconds: float, fn: Callable[..., Any], /, *args: Any) -> Any:
    """Call `fn(*args)` in a child process that ends itself after `seconds`: gensim can hang for ever."""
    timer = threading.Timer(seconds, os._exit, (_TIMED_OUT,))
    timer.daemon = True
    timer.start()
    try:
        return fn(*args)
    finally:
        timer.cancel()


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
