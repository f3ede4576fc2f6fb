"""One job: what was asked for, by whom and when, and what a page shows of it."""

from collections.abc import Collection
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, Literal

from core.errors import Cancelled, UserError
from core.system.jobs.load import Moment
from core.system.jobs.progress_file import ProgressFile
from core.system.jobs.schedule import SHORT_SECONDS, Place, Running
from core.system.jobs.work import Work

State = Literal["queued", "running", "done", "failed", "cancelled"]
_OVERDUE_SHARE = 0.25
"""Of what it has taken so far: that much is left, as far as anybody knows, of a job that took longer than expected."""


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


@dataclass(slots=True, eq=False)
class Job:
    """A job on its way. Times are of the board's clock; a board's lock is held by whoever changes one.

    Attributes:
        key: names the work; `title` names it in front of the user.
        call: the work and its arguments, the first of which is `progress`.
        work_name: without a word of what it works on, for the log.
        watchers: who wants it; `owner` is the one whose turn it takes.
        estimate: seconds that it takes on one idle core.
        work: the executor's future, once it is this job's turn.
        expected: seconds, when it began; `mark` is that moment for the load.
        was_short: it was expected to be, and is not.
        forgotten: drop it once it has ended.
        ended: when its work had; `settled` when its status said so, which is a little later.
        first: time and share of the first report, so that starting up does not spoil the pace.
    """

    key: str
    title: str
    call: tuple[Work, tuple[Any, ...]]
    work_name: str
    progress: ProgressFile
    watchers: set[str]
    owner: str
    kind: str
    estimate: float
    queued: float
    future: Future[Any] = field(default_factory=Future)
    work: Future[Any] | None = None
    began: float | None = None
    ended: float | None = None
    settled: float | None = None
    expected: float = 0.0
    mark: Moment = field(default_factory=Moment)
    was_short: bool = False
    forgotten: bool = False
    first: tuple[float, float] | None = None

    @property
    def problem(self) -> BaseException | None:
        """What kept work that has ended from ending well."""
        assert self.work is not None
        return Cancelled() if self.work.cancelled() else self.work.exception()

    def is_about(self, digests: Collection[str] | None) -> bool:
        """Whether its order has one of these digests in it; None stands for all."""
        if digests is None:
            return True
        order = f"{self.key} {self.call[1]}"
        return any(digest in order for digest in digests)


def describe_running(job: Job, now: float) -> Running:
    """A job that was expected to be short is so no longer once it has taken longer, or its pace says that it will."""
    assert job.began is not None
    taken = now - job.began
    left = _seconds_left(job, now)
    if left is None:
        left = max(job.expected - taken, _OVERDUE_SHARE * taken)
    began_short = job.expected < SHORT_SECONDS
    job.was_short = job.was_short or (began_short and taken + left >= SHORT_SECONDS and taken >= job.expected)
    return Running(job.owner, began_short and not job.was_short, max(left, 1.0), taken, job.was_short)


def describe_job(job: Job, place: Place | None, now: float) -> JobStatus:
    """What a page shows of it."""
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


def _seconds_left(job: Job, now: float) -> float | None:
    """By the pace since the first report; None while that is unknown."""
    fraction, _ = job.progress.read()
    if fraction <= 0:
        return None
    job.first = job.first or (now, fraction)
    began, at = job.first
    return (1 - fraction) * (now - began) / (fraction - at) if fraction > at and now - began > 1 else None


def _state(job: Job) -> tuple[State, str | None, bool]:
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
