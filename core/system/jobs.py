"""Jobs in the background: a board where pages read how far each is, and who waits for it."""

import atexit
import logging
import multiprocessing.util  # noqa: F401  (registers its own exit function first, so that ours comes before it)
import re
import tempfile
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from core.errors import Cancelled, LimitError, StorageError, UserError
from core.system.executors import within
from core.system.files import cache_folder, digest_of, storing
from core.system.limits import JOBS_ON_SERVER, JOBS_PER_WORKSPACE
from core.system.paces import Paces
from core.system.schedule import SHORT_SECONDS, Place, Running, Waiting, choose_next, find_places
from core.system.typed_json import Record, read_record, write_record
from core.system.unfinished import PROGRESS, make_claimed

if TYPE_CHECKING:
    from core.system.outcomes import KeptProblems  # children load this module, and do without a database

State = Literal["queued", "running", "done", "failed", "cancelled"]
_REPORT_EVERY = 0.2  # seconds
_END_WITHIN = 5  # seconds
_TURNS_HALVE = 600.0  # seconds
_REMEMBERED = 200
_LOOK_EVERY = 0.5  # seconds
_FAILURES = 20
_FRAME = re.compile(r'File "[^"]*?((?:core|pages)/[^"]+)", line (\d+)')
_RAISED = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)")
_OVERDUE_SHARE = 0.25
"""Of what it has taken so far: that much is left, as far as anybody knows, of a job that took longer than expected."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Report(Record):
    fraction: float
    message: str


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
        with suppress(StorageError):  # the work may still have room where its report has none
            write_record(self.path, _Report(fraction, message))

    @property
    def _stop(self) -> Path:
        return self.path.with_suffix(".stop")

    def read(self) -> tuple[float, str]:
        """Share done and message, (0, "") before the first report."""
        try:
            report = read_record(self.path, _Report)
        except FileNotFoundError:
            return 0.0, ""
        return report.fraction, report.message

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
        place: in the queue, while it waits for its turn.
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
    place: Place | None = None
    error: str | None = None
    bug: bool = False

    @property
    def active(self) -> bool:
        return self.state in ("queued", "running")


@dataclass(frozen=True, slots=True)
class JobCounts:
    """What a board has done so far: numbers only.

    Attributes:
        queued, running: jobs now.
        oldest_wait: seconds that the job which waits longest has waited; 0 where none waits.
        ended: outcome -> jobs since the server's start: "done", "refused" (a `UserError`), "cancelled", "failed".
        waited, worked: seconds that jobs which ended have waited and run, added up.
    """

    queued: int
    running: int
    oldest_wait: float
    ended: Mapping[str, int]
    waited: float
    worked: float


@dataclass(frozen=True, slots=True)
class JobEntry:
    """A job as whoever runs the server sees it: whose and of which kind, and no name.

    Attributes:
        key: to end it; never shown, as it may name files.
        owner: whose turn it takes.
        seconds: that it has waited, or run.
        seconds_left: until it begins, or ends, by estimate.
    """

    key: str
    kind: str
    owner: str
    state: State
    seconds: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that failed by our fault: its kind, when (seconds since 1970), and what was raised where, without words."""

    kind: str
    when: float
    what: str


@dataclass(slots=True, eq=False)
class _Job:
    key: str
    title: str
    call: tuple[Callable[..., Any], tuple[Any, ...]]
    work_name: str  # without a word of what it works on: for the log
    progress: ProgressFile
    watchers: set[str]
    owner: str
    kind: str
    estimate: float
    queued: float
    future: Future[Any] = field(default_factory=Future)
    work: Future[Any] | None = None  # of the executor, once it is this job's turn
    began: float | None = None
    ended: float | None = None
    expected: float = 0.0  # when it began
    slowdown: float = 1.0  # when it began
    was_short: bool = False  # it was expected to be, and is not
    forgotten: bool = False  # drop it once it has ended
    first: tuple[float, float] | None = None  # (time, fraction) of the first report: start-up does not spoil the pace


class Jobs:
    """Every background job of one kind by key; the same key is the same work, whoever asks for it.

    Whose job is next says `schedule.choose_next`. Jobs that ended are remembered until `_REMEMBERED` newer ones have.
    """

    def __init__(
        self,
        executor: Executor,
        workers: int = 1,
        *,
        paces: Paces | None = None,
        clock: Callable[[], float] = time.monotonic,
        problems: "KeptProblems | None" = None,
    ) -> None:
        """`executor` does the work, at most `workers` jobs at a time, and one more where `schedule` says so.

        Args:
            paces: how long work takes here.
            clock: seconds.
            problems: where it is written down what kept a job from ending well, so that the next server says it too.
        """
        self._executor = executor
        self._workers = workers
        self._paces = paces or Paces()
        self._clock = clock
        self._problems = problems
        self._jobs: dict[str, _Job] = {}
        self._waiting: list[_Job] = []
        self._running: list[_Job] = []
        self._served: dict[str, float] = {}
        self._served_at = clock()
        self._places: tuple[float, dict[str, Place]] | None = None
        self._ended = dict.fromkeys(("done", "refused", "cancelled", "failed"), 0)
        self._failures: deque[Failure] = deque(maxlen=_FAILURES)
        self._waited = self._worked = 0.0
        self._lock = threading.RLock()
        _boards.add(self)

    def submit(
        self,
        key: str,
        title: str,
        fn: Callable[..., Any],
        /,
        *args: Any,
        watcher: str,
        kind: str = "",
        seconds: float = SHORT_SECONDS,
        limit: float | None = None,
    ) -> None:
        """Run `fn(progress, *args)` when it is its turn, or join the job of that key if it is still active.

        Args:
            key: names the work.
            title: names it in front of the user.
            fn: picklable; its first argument is a `Progress`.
            watcher: who wants it, and whose turn it takes; the job is only ended when its last watcher cancels.
            kind: of work; what such jobs took before corrects the estimates of later ones.
            seconds: that it will take on one idle core, by estimate: short work has a lane of its own.
            limit: seconds after which a child process ends itself; only for a `ProcessExecutor`.

        Raises:
            LimitError: as `check_room`.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.future.done():
                job.watchers.add(watcher)
                return
            self.check_room(watcher)
            progress = ProgressFile(_own_folder() / f"{digest_of(key)}-{time.monotonic_ns()}.json")
            call = (fn, (progress, *args)) if limit is None else (within, (limit, fn, progress, *args))
            job = _Job(key, title, call, fn.__name__, progress, {watcher}, watcher, kind, seconds, self._clock())
            self._jobs[key] = job
            self._waiting.append(job)
            self._places = None
            _log.info("queued %s", job.work_name)
            self._start_next()

    def _start_next(self) -> None:
        """Start what may start now; the lock is held."""
        while True:
            chosen = choose_next(*self._describe_queue())
            if chosen is None:
                return
            job = next(each for each in self._waiting if each.key == chosen.key)
            self._waiting.remove(job)
            self._running.append(job)
            self._places = None
            job.began = self._clock()
            job.slowdown = self._paces.slowdown()
            job.expected = chosen.seconds
            job.future.set_running_or_notify_cancel()
            fn, args = job.call
            job.work = self._executor.submit(fn, *args)
            job.work.add_done_callback(partial(self._close, job))

    def _describe_queue(self) -> tuple[list[Waiting], list[Running], dict[str, float], int]:
        """What `schedule` asks for; the lock is held."""
        now = self._clock()
        waiting = [
            Waiting(job.key, job.owner, self._paces.expect(job.kind, job.estimate), job.queued) for job in self._waiting
        ]
        running = [_describe_running(job, now) for job in self._running]
        return waiting, running, self._recently_served(), self._workers

    def _recently_served(self) -> dict[str, float]:
        """Seconds of work done by owner; what was done `_TURNS_HALVE` seconds ago counts half."""
        now = self._clock()
        share = 0.5 ** ((now - self._served_at) / _TURNS_HALVE)
        self._served = {owner: kept for owner, seconds in self._served.items() if (kept := seconds * share) > 0.01}
        self._served_at = now
        return self._served

    def _close(self, job: _Job, _: Future[Any]) -> None:
        assert job.work is not None
        assert job.began is not None
        with self._lock:
            job.ended = self._clock()
            job.progress.remove()
            self._running.remove(job)
            self._places = None
            self._count(job)
            served = self._recently_served()
            served[job.owner] = served.get(job.owner, 0.0) + job.ended - job.began
            self._start_next()
            ended = [each for each in self._jobs.values() if each.ended is not None]
            for old in ended[: max(0, len(ended) - _REMEMBERED)]:
                del self._jobs[old.key]
            if job.forgotten and self._jobs.get(job.key) is job:
                del self._jobs[job.key]
        problem = Cancelled() if job.work.cancelled() else job.work.exception()
        if problem is not None:
            if self._problems is not None and not isinstance(problem, Cancelled):
                _keep_problem(self._problems, job, str(problem))
            job.future.set_exception(problem)
        else:
            job.future.set_result(job.work.result())
        job.work = None

    def _count(self, job: _Job) -> None:
        """Remember the outcome of a job that ran; the lock is held."""
        assert job.work is not None
        assert job.began is not None
        assert job.ended is not None
        problem = Cancelled() if job.work.cancelled() else job.work.exception()
        outcome = (
            "done"
            if problem is None
            else "cancelled"
            if isinstance(problem, Cancelled)
            else "refused"
            if isinstance(problem, UserError)
            else "failed"
        )
        if outcome == "done":
            slowdown = (job.slowdown + self._paces.slowdown()) / 2
            self._paces.learn(job.kind, job.estimate, job.ended - job.began, slowdown)
        self._ended[outcome] += 1
        self._waited += job.began - job.queued
        self._worked += job.ended - job.began
        if outcome == "failed":
            self._failures.append(Failure(job.kind, time.time(), _describe_bug(problem)))
            _log.error("%s failed after %.1f s: %s", job.work_name, job.ended - job.began, type(problem).__name__)
        else:
            _log.info("%s: %s after %.1f s", job.work_name, outcome, job.ended - job.began)

    def counts(self) -> JobCounts:
        """What this board has done so far."""
        with self._lock:
            now = self._clock()
            oldest = max((now - job.queued for job in self._waiting), default=0.0)
            return JobCounts(
                len(self._waiting), len(self._running), oldest, dict(self._ended), self._waited, self._worked
            )

    def entries(self) -> tuple[JobEntry, ...]:
        """What runs, then what waits, in the order in which it will start."""
        with self._lock:
            now = self._clock()
            queue = self._describe_queue()
            places = find_places(*queue)
            found = [
                JobEntry(job.key, job.kind, job.owner, "running", described.seconds_done, described.seconds_left)
                for job, described in zip(self._running, queue[1], strict=True)
            ]
            waiting = sorted(self._waiting, key=lambda job: places[job.key].ahead)
            found += [
                JobEntry(job.key, job.kind, job.owner, "queued", now - job.queued, places[job.key].seconds)
                for job in waiting
            ]
        return tuple(found)

    def failures(self) -> tuple[Failure, ...]:
        """The last ones, the newest first."""
        return tuple(reversed(self._failures))

    def forget_failures(self) -> None:
        """Begin the list of failures anew."""
        self._failures.clear()

    def end_job(self, key: str) -> None:
        """End a job whoever waits for it: for whoever runs the server."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.future.done():
                job.watchers.clear()
                self._end_one(job)

    def status(self, key: str) -> JobStatus | None:
        """The job of that key, None when there is none."""
        job = self._jobs.get(key)
        return None if job is None else _status(job, self._place_of(job), self._clock())

    def last_problems(self, keys: Collection[str], watcher: str) -> Mapping[str, str]:
        """What kept those of these jobs, which `watcher` wanted, from ending well; also before this server's start."""
        return {} if self._problems is None or not keys else self._problems.find(keys, watcher)

    def _place_of(self, job: _Job) -> Place | None:
        """Found for all at once, and anew when the queue changes or time has passed."""
        with self._lock:
            if job not in self._waiting:
                return None
            now = self._clock()
            if self._places is None or now - self._places[0] > _LOOK_EVERY:
                self._start_next()  # what takes longer than expected may have left its lane
                self._places = now, find_places(*self._describe_queue())
            return self._places[1].get(job.key)

    def expect(self, kind: str, estimate: float) -> float:
        """Seconds that such work takes here now, by what it took before."""
        return self._paces.expect(kind, estimate)

    def expect_end(self, watcher: str, work: Sequence[tuple[str, float]]) -> float:
        """Seconds until all of `work` (kind, estimate) would be done if `watcher` asked for it now."""
        with self._lock:
            waiting, running, served, workers = self._describe_queue()
        now = self._clock()
        new = [
            Waiting(f"{number}", watcher, self.expect(kind, estimate), now + number)
            for number, (kind, estimate) in enumerate(work)
        ]
        others = [replace(each, key="") for each in waiting]
        places = find_places([*others, *new], running, served, workers)
        return max((places[each.key].seconds + each.seconds for each in new), default=0.0)

    def count_waiting(self, watcher: str) -> int:
        """How many jobs of `watcher` wait for their turn."""
        with self._lock:
            return sum(watcher in job.watchers for job in self._waiting)

    def check_room(self, watcher: str, more: int = 1) -> None:
        """Whether `watcher` may ask for `more` jobs.

        Raises:
            LimitError: too many would wait, of this watcher or of all.
        """
        with self._lock:
            mine, every = self.count_waiting(watcher), len(self._waiting)
        most = JOBS_PER_WORKSPACE.value
        if mine + more > most:
            raise LimitError(
                f"Waiting for their turn: {mine:,} of your jobs; {more:,} more would be above {most:,}, the most for "
                "one workspace. Ask for fewer, cancel some, or wait until some are done. Whoever runs this server can "
                f"raise {JOBS_PER_WORKSPACE.variable}."
            )
        most = JOBS_ON_SERVER.value
        if every + more > most:
            raise LimitError(
                f"Waiting for their turn here: {every:,} jobs; {more:,} more would be above {most:,}, the most for "
                "this server. Nothing of yours is lost: try again later. Whoever runs it can raise "
                f"{JOBS_ON_SERVER.variable}."
            )

    def cancel(self, key: str, watcher: str) -> None:
        """`watcher` no longer wants the job; the last one to leave ends it."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.future.done():
                return
            job.watchers.discard(watcher)
            if job.watchers:
                job.owner = min(job.watchers)
                return
            self._end_one(job)

    def _end_one(self, job: _Job) -> None:
        """The lock is held."""
        if job in self._waiting:
            self._waiting.remove(job)
            self._places = None
            job.ended = self._clock()
            job.future.cancel()
            job.progress.remove()
            return
        job.progress.ask_to_stop()
        if job.work is not None:
            job.work.cancel()

    def leave(self, watcher: str, about: Collection[str] | None = None) -> list[Future[Any]]:
        """`watcher` no longer wants any job: `cancel` for each, and no memory of those that nobody else wants.

        Gives the futures of those that have yet to end.

        Args:
            about: only those whose order has one of these digests in it; None for all.
        """
        with self._lock:
            left = [job for job in self._jobs.values() if watcher in job.watchers and _is_about(job, about)]
            for job in left:
                self.cancel(job.key, watcher)
                job.watchers.discard(watcher)
                job.forgotten = not job.watchers
                if job.forgotten and job.future.done():
                    del self._jobs[job.key]
        return [job.future for job in left if job.forgotten and not job.future.done()]

    def forget(self, key: str) -> None:
        """Drop a job that has ended, so that it can be asked for anew without showing its old outcome."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.future.done():
                del self._jobs[key]
        if self._problems is not None:
            self._problems.forget(key)

    def result(self, key: str, timeout: float | None = None) -> Any:
        """Wait for the job and give what `fn` returned, or raise what it raised."""
        return self._jobs[key].future.result(timeout)

    def end(self) -> list[Future[Any]]:
        """Ask every job to end, whoever waits for it, and begin none: the futures that had not ended yet."""
        self._executor.shutdown(wait=False)
        with self._lock:
            active = [job for job in self._jobs.values() if not job.future.done()]
            for job in [*self._waiting, *self._running]:
                self._end_one(job)
        return [job.future for job in active]


def _keep_problem(problems: "KeptProblems", job: _Job, problem: str) -> None:
    try:
        problems.keep(job.key, job.watchers, problem)
    except UserError as error:
        _log.warning("what kept a job from ending well is not written down: %s", error)


def _is_about(job: _Job, digests: Collection[str] | None) -> bool:
    if digests is None:
        return True
    order = f"{job.key} {job.call[1]}"
    return any(digest in order for digest in digests)


def _own_folder() -> Path:
    """Where this server's jobs tell how far they are; claimed while it lives."""
    return _claim_folder(cache_folder(PROGRESS))


@cache
def _claim_folder(parent: Path) -> Path:
    with storing():
        parent.mkdir(parents=True, exist_ok=True)
        folder, _ = make_claimed(lambda: Path(tempfile.mkdtemp(prefix="", dir=parent)))
    return folder


def _describe_running(job: _Job, now: float) -> Running:
    """A job that was expected to be short is so no longer once it has taken longer, or its pace says that it will."""
    assert job.began is not None
    taken = now - job.began
    left = _seconds_left(job, now)
    if left is None:
        left = max(job.expected - taken, _OVERDUE_SHARE * taken)
    began_short = job.expected < SHORT_SECONDS
    job.was_short = job.was_short or (began_short and taken + left >= SHORT_SECONDS and taken >= job.expected)
    return Running(job.owner, began_short and not job.was_short, max(left, 1.0), taken, job.was_short)


_boards: weakref.WeakSet[Jobs] = weakref.WeakSet()


@atexit.register
def _end_jobs() -> None:
    """Compiled code must not run on while the interpreter is taken apart, nor may a job hold up a stopped server."""
    wait_for_futures([future for board in list(_boards) for future in board.end()], timeout=_END_WITHIN)


def _describe_bug(problem: BaseException | None) -> str:
    """Which exception, and where in our code: what it says itself may hold words of a text."""
    lines = str(problem).strip().splitlines()
    frames = _FRAME.findall(str(problem))
    raised = _RAISED.match(lines[-1]) if lines else None
    if not frames or raised is None:
        return type(problem).__name__
    path, line = frames[-1]
    return f"{raised[1]} in {path}, line {line}"


def _status(job: _Job, place: Place | None, now: float) -> JobStatus:
    now = now if job.ended is None else job.ended
    state, error, bug = _state(job)
    fraction, message = (1.0, "") if state == "done" else job.progress.read()
    return JobStatus(
        key=job.key,
        title=job.title,
        state=state,
        fraction=fraction,
        message=message,
        seconds=now - job.queued,
        seconds_left=_seconds_left(job, now) if state == "running" else None,
        place=place,
        error=error,
        bug=bug,
    )


def _seconds_left(job: _Job, now: float) -> float | None:
    """By the pace since the first report; None while that is unknown."""
    fraction, _ = job.progress.read()
    if fraction <= 0:
        return None
    job.first = job.first or (now, fraction)
    began, at = job.first
    return (1 - fraction) * (now - began) / (fraction - at) if fraction > at and now - began > 1 else None


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
