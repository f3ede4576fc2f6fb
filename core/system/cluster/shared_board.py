"""A board whose jobs the other servers of a cluster see: a visitor who lands on another one finds them there."""

import logging
import math
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Executor, Future
from typing import Any

from core.errors import UserError
from core.system.cluster.progress import SharedProgressFile, shared_progress
from core.system.cluster.roll import Roll, RollEntry, find_digests
from core.system.files import digest_of, store_copies
from core.system.jobs.board import Jobs
from core.system.jobs.executors import start_thread
from core.system.jobs.job import Job, JobStatus
from core.system.jobs.load import Load
from core.system.jobs.outcomes import KeptProblems
from core.system.jobs.paces import Paces

_WRITE_EVERY = 1.0  # seconds, while there are jobs: so long another server's cancel waits
_LOOK_EVERY = 0.5  # seconds
_LEAVE_WITHIN = 10.0  # seconds
_log = logging.getLogger(__name__)


class SharedJobs(Jobs):
    """A board that writes its jobs on the roll, and shows those of other servers as its own.

    What another server does is told by key: how far it is, and that somebody cancelled it here. Turns and limits count
    for each server.
    """

    def __init__(
        self,
        name: str,
        executor: Executor,
        workers: int | Callable[[], int],
        *,
        problems: KeptProblems | None = None,
        roll: Roll | None = None,
    ) -> None:
        """`name`: the kind of its work, the same on every server; the rest as for `Jobs`."""
        steady = Paces(Load(math.inf))  # other machines are not as busy as this one
        super().__init__(executor, workers, paces=steady, problems=problems)
        self._roll = roll or Roll(name)
        self._epoch = time.time() - self._clock()
        self._has_changed = threading.Event()
        self._others: tuple[float, dict[str, RollEntry]] = (-_LOOK_EVERY, {})
        start_thread(self._keep_written)

    def _new_progress(self, key: str) -> SharedProgressFile:
        return shared_progress(key)

    def submit(self, key: str, title: str, fn: Callable[..., Any], /, *args: Any, **options: Any) -> None:
        """As `Jobs.submit`; the same key is the same work on every server."""
        super().submit(key, title, fn, *args, **options)
        self._has_changed.set()

    def status(self, key: str) -> JobStatus | None:
        """The job of that key, of this server or another one; None when there is none."""
        own = super().status(key)
        if own is not None and own.active:
            return own
        entry = self._find_others().get(digest_of(key))
        return own if entry is None else _describe_entry(key, entry)

    def cancel(self, key: str, watcher: str) -> None:
        """`watcher` no longer wants the job, whichever server has it."""
        super().cancel(key, watcher)
        self._end_elsewhere(key, watcher)

    def end_job(self, key: str) -> None:
        """End a job whoever waits for it, on every server."""
        super().end_job(key)
        self._end_elsewhere(key, None)

    def leave(self, watcher: str, about: Collection[str] | None = None) -> list[Future[Any]]:
        """As `Jobs.leave`, on every server."""
        futures = super().leave(watcher, about)
        self._has_changed.set()
        ended = self._roll.end(None, watcher, about)
        if ended:
            gone: Future[Any] = Future()
            start_thread(lambda: self._wait_until_gone(ended, gone))
            futures.append(gone)
        return futures

    def end(self) -> list[Future[Any]]:
        """As `Jobs.end`."""
        futures = super().end()
        self._has_changed.set()
        return futures

    def _wait_until_gone(self, names: Collection[tuple[str, str]], gone: Future[Any]) -> None:
        end = time.monotonic() + _LEAVE_WITHIN
        try:
            while self._roll.have(names) and time.monotonic() < end:
                time.sleep(_LOOK_EVERY)
            gone.set_result(None)
        except UserError as error:
            gone.set_exception(error)

    def _end_elsewhere(self, key: str, watcher: str | None) -> None:
        self._has_changed.set()
        self._roll.end(key, watcher)
        self._others = (-_LOOK_EVERY, {})

    def _find_others(self) -> dict[str, RollEntry]:
        """Those of other servers, as of a moment ago: a page asks for the status of many jobs at once."""
        looked, found = self._others
        if time.monotonic() - looked > _LOOK_EVERY:
            found = dict(self._roll.others())
            if self._others[1].keys() - found.keys() and (copies := store_copies()) is not None:
                copies.forget_looks()  # what those jobs made is there now
            self._others = time.monotonic(), found
        return found

    def _close(self, job: Job, work: Future[Any]) -> None:
        super()._close(job, work)
        self._has_changed.set()

    def _keep_written(self) -> None:
        """What changes is on the roll at once, what others ended is ended within a second; until the board ends."""
        while not self._is_ending or self._active():
            self._has_changed.wait(_WRITE_EVERY if self._active() else None)
            self._has_changed.clear()
            try:
                self.write_roll()
            except Exception as error:  # tried again a second later: nobody would see these jobs otherwise
                _log.warning("the jobs of this server are not on the roll: %s", error)
                time.sleep(_WRITE_EVERY)

    def write_roll(self) -> None:
        """Write down what there is, and end what was ended on another server.

        Raises:
            WorkspaceError: the database cannot be reached or written.
        """
        active = self._active()
        jobs = {digest_of(job.key): job for job in active}
        entries = [entry for job in active for entry in _enter(job, self._epoch)]
        # what nobody wants any more stays until it has ended: another server may wait for that before it erases
        entries += [entry for entry in self._roll.written() if entry.job in jobs and not jobs[entry.job].watchers]
        for digest, holder in self._roll.write(entries):
            if digest in jobs and holder in jobs[digest].watchers:
                super().cancel(jobs[digest].key, holder)
                self._has_changed.set()

    def _active(self) -> list[Job]:
        with self._lock:
            return [job for job in self._jobs.values() if not job.future.done()]


def _enter(job: Job, epoch: float) -> list[RollEntry]:
    """What the roll has of it; `epoch` is what a second of the board's clock is short of one since 1970."""
    since = epoch + (job.queued if job.began is None else job.began)
    about = find_digests(f"{job.key} {job.call[1]}")
    return [
        RollEntry(digest_of(job.key), holder, job.title, job.kind, about, job.began is not None, round(since, 1))
        for holder in sorted(job.watchers)
    ]


def _describe_entry(key: str, entry: RollEntry) -> JobStatus:
    taken = max(0.0, time.time() - entry.since)
    if not entry.is_running:
        return JobStatus(key, entry.title, "queued", 0.0, "", taken)
    fraction, message = shared_progress(key).read()
    left = taken * (1 - fraction) / fraction if fraction > 0 else None
    return JobStatus(key, entry.title, "running", fraction, message, taken, seconds_left=left)
