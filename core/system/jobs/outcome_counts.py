"""What a board has done so far, in numbers, and what failed by our fault: without a word of anybody's text."""

import logging
import re
import time
from collections import deque
from dataclasses import dataclass

from core.errors import Cancelled, UserError
from core.system.jobs.job import Job

_FAILURES = 20
_FRAME = re.compile(r'File "[^"]*?((?:core|pages)/[^"]+)", line (\d+)')
_RAISED = re.compile(r"^([A-Za-z_][\w.]*)(?::|$)")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that failed by our fault: its kind, when (seconds since 1970), and what was raised where, without words."""

    kind: str
    when: float
    what: str


class OutcomeCounts:
    """Jobs that ended since the server's start.

    Attributes:
        ended: outcome -> jobs: "done", "refused" (a `UserError`), "cancelled", "failed".
        waited, worked: seconds that they have waited and run, added up.
        failures: the last ones, the oldest first.
    """

    def __init__(self) -> None:
        self.ended = dict.fromkeys(("done", "refused", "cancelled", "failed"), 0)
        self.waited = self.worked = 0.0
        self.failures: deque[Failure] = deque(maxlen=_FAILURES)

    def add(self, job: Job) -> str:
        """Count a job that ran, and log it; gives its outcome."""
        assert job.began is not None
        assert job.ended is not None
        problem = job.problem
        outcome = (
            "done"
            if problem is None
            else "cancelled"
            if isinstance(problem, Cancelled)
            else "refused"
            if isinstance(problem, UserError)
            else "failed"
        )
        self.ended[outcome] += 1
        self.waited += job.began - job.queued
        self.worked += job.ended - job.began
        if outcome == "failed":
            self.failures.append(Failure(job.kind, time.time(), _describe_bug(problem)))
            _log.error("%s failed after %.1f s: %s", job.work_name, job.ended - job.began, type(problem).__name__)
        else:
            _log.info("%s: %s after %.1f s", job.work_name, outcome, job.ended - job.began)
        return outcome


def _describe_bug(problem: BaseException | None) -> str:
    """Which exception, and where in our code: what it says itself may hold words of a text."""
    lines = str(problem).strip().splitlines()
    frames = _FRAME.findall(str(problem))
    raised = _RAISED.match(lines[-1]) if lines else None
    if not frames or raised is None:
        return type(problem).__name__
    path, line = frames[-1]
    return f"{raised[1]} in {path}, line {line}"
