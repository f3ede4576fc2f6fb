"""Jobs in the background: a board where pages read how far each is, and who waits for it."""

import atexit
import logging
import multiprocessing.util  # noqa: F401  (registers its own exit function first, so that ours comes before it)
import threading
import time
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for_futures
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from core.errors import Cancelled, LimitError, UserError
from core.system.jobs.job import Job, JobStatus, State, describe_job
from core.system.jobs.outcome_counts import Failure, OutcomeCounts
from core.system.jobs.paces import Paces
from core.system.jobs.progress_file import ProgressFile, new_progress_file
from core.system.jobs.queue import Queue
from core.system.jobs.schedule import SHORT_SECONDS, Place
from core.system.jobs.work import Work
from core.system.limits import JOBS_ON_SERVER, JOBS_PER_WORKSPACE

if TYPE_CHECKING:
    from core.system.jobs.outcomes import KeptProblems  # boards without it load no database

_END_WITHIN = 5  # seconds
_REMEMBERED = 200
_log = logging.getLogger(__name__)


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


class Jobs:
    """Every background job of one kind by key; the same key is the same work, whoever asks for it.

    Whose job is next says `schedule.choose_next`. Jobs that ended are remembered until `_REMEMBERED` newer ones have.
    """

    def __init__(
        self,
        executor: Executor,
        workers: int | Callable[[], int] = 1,
        *,
        paces: Paces | None = None,
        clock: Callable[[], float] = time.monotonic,
        most_of_one: int | None = None,
        problems: "KeptProblems | None" = None,
    ) -> None:
        """`executor` does the work, at most `workers` jobs at a time, and one more where `schedule` says so.

        It is handed a `Work` and its arguments. A cancelled future has to end what runs, before anybody hears of it.

        Args:
            workers: how many, or a function that says how many there are now.
            paces: how long work takes here.
            clock: seconds.
            most_of_one: so many jobs of one watcher run at a time, however many workers are idle; None for all.
            problems: where it is written down what kept a job from ending well, so that the next server says it too.
        """
        self._executor = executor
        self._paces = paces or Paces()
        self._clock = clock
        self._problems = problems
        self._jobs: dict[str, Job] = {}
        self._queue = Queue(workers, self._paces, clock, most_of_one)
        self._outcomes = OutcomeCounts()
        self._is_ending = False
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
            if not self._join(key, watcher):
                self.check_room(watcher)
        self._note(lambda problems: problems.begin(key, watcher))  # without the lock, and before it can end
        with self._lock:
            if self._join(key, watcher):
                return
            progress = self._new_progress(key)
            work = Work(key, fn, limit), (progress, *args)
            job = Job(key, title, work, fn.__name__, progress, {watcher}, watcher, kind, seconds, self._clock())
            self._jobs[key] = job
            self._queue.add(job)
            _log.info("queued %s", job.work_name)
            self._start_next()

    def _new_progress(self, key: str) -> ProgressFile:
        """Where the job of this key writes how far it is."""
        return new_progress_file(key)

    def _join(self, key: str, watcher: str) -> bool:
        """Whether the job of that key is still active; `watcher` wants it too then. The lock is held."""
        job = self._jobs.get(key)
        if job is None or job.future.done():
            return False
        job.watchers.add(watcher)
        return True

    def _note(self, write: "Callable[[KeptProblems], None]") -> None:
        """Write down what became of a job; where that cannot be, it goes on. The lock is not held: disks are slow."""
        if self._problems is None:
            return
        try:
            write(self._problems)
        except UserError as error:
            _log.warning("what became of a job is not written down: %s", error)

    def _start_next(self) -> None:
        """Start what may start now; the lock is held."""
        while (job := self._queue.take_next()) is not None:
            job.future.set_running_or_notify_cancel()
            work, args = job.call
            job.work = self._executor.submit(work, *args)
            job.work.add_done_callback(partial(self._close, job))

    def _close(self, job: Job, _: Future[Any]) -> None:
        assert job.work is not None
        assert job.began is not None
        problem = job.problem
        with self._lock:
            job.ended = self._clock()
            job.progress.remove()
            if self._outcomes.add(job) == "done":
                slowdown = self._paces.load.slowdown_since(job.mark)
                self._paces.learn(job.kind, job.estimate, job.ended - job.began, slowdown)
            self._queue.finish(job)
            self._start_next()
            ended = [each for each in self._jobs.values() if each.ended is not None]
            for old in ended[: max(0, len(ended) - _REMEMBERED)]:
                del self._jobs[old.key]
            if job.forgotten and self._jobs.get(job.key) is job:
                del self._jobs[job.key]
        if problem is not None:
            if not isinstance(problem, Cancelled):
                self._note(lambda problems: problems.keep(job.key, job.watchers, str(problem)))
            elif not self._is_ending:
                self._note(lambda problems: problems.forget(job.key))
            job.future.set_exception(problem)
        else:
            self._note(lambda problems: problems.forget(job.key))
            job.future.set_result(job.work.result())
        job.settled = self._clock()
        job.work = None

    def counts(self) -> JobCounts:
        """What this board has done so far."""
        with self._lock:
            now = self._clock()
            waiting, counts = self._queue.waiting, self._outcomes
            oldest = max((now - job.queued for job in waiting), default=0.0)
            running = len(self._queue.running)
            return JobCounts(len(waiting), running, oldest, dict(counts.ended), counts.waited, counts.worked)

    def entries(self) -> tuple[JobEntry, ...]:
        """What runs, then what waits, in the order in which it will start."""
        with self._lock:
            now = self._clock()
            running, places = self._queue.describe()[1], self._queue.places()
            found = [
                JobEntry(job.key, job.kind, job.owner, "running", described.seconds_done, described.seconds_left)
                for job, described in zip(self._queue.running, running, strict=True)
            ]
            waiting = sorted(self._queue.waiting, key=lambda job: places[job.key].ahead)
            found += [
                JobEntry(job.key, job.kind, job.owner, "queued", now - job.queued, places[job.key].seconds)
                for job in waiting
            ]
        return tuple(found)

    def failures(self) -> tuple[Failure, ...]:
        """The last ones, the newest first."""
        return tuple(reversed(self._outcomes.failures))

    def forget_failures(self) -> None:
        """Begin the list of failures anew."""
        self._outcomes.failures.clear()

    def end_job(self, key: str) -> None:
        """End a job whoever waits for it: for whoever runs the server."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.future.done():
                job.watchers.clear()
                self._end_one(job)
        self._note(lambda problems: problems.forget(key))

    def status(self, key: str) -> JobStatus | None:
        """The job of that key, None when there is none."""
        job = self._jobs.get(key)
        return None if job is None else describe_job(job, self._place_of(job), self._clock())

    def has_ended_within(self, seconds: float, watcher: str) -> bool:
        """A job that `watcher` wanted before the last so many seconds has ended in them, well or not."""
        with self._lock:
            since = self._clock() - seconds
            mine = (job for job in self._jobs.values() if watcher in job.watchers and job.queued < since)
            return any(job.settled is not None and job.settled >= since for job in mine)

    def last_problems(self, keys: Collection[str], watcher: str) -> Mapping[str, str]:
        """What kept those of these jobs, which `watcher` wanted, from ending well; also before this server's start."""
        return {} if self._problems is None or not keys else self._problems.find(keys, watcher)

    def _place_of(self, job: Job) -> Place | None:
        with self._lock:
            if job not in self._queue.waiting:
                return None
            if not self._queue.has_fresh_places():
                self._start_next()  # what takes longer than expected may have left its lane
            return self._queue.places().get(job.key)

    def expect(self, kind: str, estimate: float) -> float:
        """Seconds that such work takes here now, by what it took before."""
        return self._paces.expect(kind, estimate)

    def expect_end(self, watcher: str, work: Sequence[tuple[str, float]]) -> float:
        """Seconds until all of `work` (kind, estimate) would be done if `watcher` asked for it now."""
        with self._lock:
            return self._queue.expect_end(watcher, work)

    def count_waiting(self, watcher: str) -> int:
        """How many jobs of `watcher` wait for their turn."""
        with self._lock:
            return sum(watcher in job.watchers for job in self._queue.waiting)

    def check_room(self, watcher: str, more: int = 1) -> None:
        """Whether `watcher` may ask for `more` jobs.

        Raises:
            LimitError: too many would wait, of this watcher or of all.
        """
        with self._lock:
            mine, every = self.count_waiting(watcher), len(self._queue.waiting)
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
            self._cancel(key, watcher)
        self._note(lambda problems: problems.forget(key, watcher))

    def _cancel(self, key: str, watcher: str) -> None:
        """The lock is held."""
        job = self._jobs.get(key)
        if job is None or job.future.done():
            return
        job.watchers.discard(watcher)
        if job.watchers:
            job.owner = min(job.watchers)
        else:
            self._end_one(job)

    def _end_one(self, job: Job) -> None:
        """The lock is held."""
        if job in self._queue.waiting:
            self._queue.drop(job)
            job.ended = self._clock()
            job.future.cancel()
            job.settled = job.ended
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
            left = [job for job in self._jobs.values() if watcher in job.watchers and job.is_about(about)]
            for job in left:
                self._cancel(job.key, watcher)
                job.watchers.discard(watcher)
                job.forgotten = not job.watchers
                if job.forgotten and job.future.done():
                    del self._jobs[job.key]
        for each in left:
            self._note(lambda problems, key=each.key: problems.forget(key, watcher))  # type: ignore[misc]
        return [job.future for job in left if job.forgotten and not job.future.done()]

    def forget(self, key: str) -> None:
        """Drop a job that has ended, so that it can be asked for anew without showing its old outcome."""
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and job.future.done():
                del self._jobs[key]
        self._note(lambda problems: problems.forget(key))

    def result(self, key: str, timeout: float | None = None) -> Any:
        """Wait for the job and give what `fn` returned, or raise what it raised."""
        return self._jobs[key].future.result(timeout)

    def end(self) -> list[Future[Any]]:
        """Ask every job to end, whoever waits for it, and begin none: the futures that had not ended yet."""
        self._executor.shutdown(wait=False)
        self._is_ending = True  # what is ended now was interrupted, and the next server says so
        with self._lock:
            active = [job for job in self._jobs.values() if not job.future.done()]
            for job in [*self._queue.waiting, *self._queue.running]:
                self._end_one(job)
        return [job.future for job in active]


_boards: weakref.WeakSet[Jobs] = weakref.WeakSet()


@atexit.register
def _end_jobs() -> None:
    """Compiled code must not run on while the interpreter is taken apart, nor may a job hold up a stopped server."""
    wait_for_futures([future for board in list(_boards) for future in board.end()], timeout=_END_WITHIN)
