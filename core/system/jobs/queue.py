"""The jobs of a board that wait and those that run, as `schedule` sees them: whose turn is next, when is whose."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.system.jobs.job import Job, describe_running
from core.system.jobs.paces import Paces
from core.system.jobs.schedule import Place, Running, Waiting, choose_next, find_places

_TURNS_HALVE = 600.0  # seconds
_LOOK_EVERY = 0.5  # seconds
_OTHERS_LAST = 0.5
"""Of the time that work takes, other work of this machine is expected to go on: it ends as well, some time."""
_State = tuple[list[Waiting], list[Running], dict[str, float], int, int | None]


class Queue:
    """Jobs that wait, jobs that run, and what was done for whom. The board's lock is held around every call.

    Attributes:
        waiting, running: in the order in which they came.
        paces: how long work takes here.
    """

    def __init__(
        self,
        workers: int | Callable[[], int],
        paces: Paces,
        clock: Callable[[], float],
        most_of_one: int | None = None,
    ) -> None:
        self.waiting: list[Job] = []
        self.running: list[Job] = []
        self.paces = paces
        self._workers = workers
        self._most_of_one = most_of_one
        self._clock = clock
        self._served: dict[str, float] = {}
        self._served_at = clock()
        self._places: tuple[float, dict[str, Place]] | None = None

    def add(self, job: Job) -> None:
        """It waits for its turn."""
        self.waiting.append(job)
        self._places = None

    def drop(self, job: Job) -> None:
        """It waits no longer."""
        self.waiting.remove(job)
        self._places = None

    def take_next(self) -> Job | None:
        """Whose turn it is now, as running; None where nobody's."""
        chosen = choose_next(*self.describe())
        if chosen is None:
            return None
        job = next(each for each in self.waiting if each.key == chosen.key)
        self.drop(job)
        self.running.append(job)
        job.began = self._clock()
        job.mark = self.paces.load.mark()
        job.expected = chosen.seconds
        return job

    def finish(self, job: Job) -> None:
        """It runs no longer, and its owner was served."""
        assert job.began is not None
        assert job.ended is not None
        self.running.remove(job)
        self._places = None
        served = self._recently_served()
        served[job.owner] = served.get(job.owner, 0.0) + job.ended - job.began

    def has_fresh_places(self) -> bool:
        """Whether `places` answers from before: neither has the queue changed nor time passed."""
        return self._places is not None and self._clock() - self._places[0] <= _LOOK_EVERY

    def places(self) -> dict[str, Place]:
        """Of everything that waits, by key; found for all at once."""
        if self._places is None or not self.has_fresh_places():
            self._places = self._clock(), find_places(*self.describe(), stretch=self._stretch())
        return self._places[1]

    def expect_end(self, owner: str, work: Sequence[tuple[str, float]]) -> float:
        """Seconds until all of `work` (kind, estimate) would be done if `owner` asked for it now."""
        waiting, running, served, workers, most_of_one = self.describe()
        now = self._clock()
        new = [
            Waiting(f"{number}", owner, self.paces.expect(kind, estimate), now + number)
            for number, (kind, estimate) in enumerate(work)
        ]
        others = [replace(each, key="") for each in waiting]
        places = find_places([*others, *new], running, served, workers, most_of_one, stretch=self._stretch())
        return max((places[each.key].end for each in new), default=0.0)

    def describe(self) -> _State:
        """What `schedule` asks for."""
        now = self._clock()
        waiting = [
            Waiting(job.key, job.owner, self.paces.expect(job.kind, job.estimate), job.queued) for job in self.waiting
        ]
        running = [describe_running(job, now) for job in self.running]
        workers = self._workers if isinstance(self._workers, int) else self._workers()
        return waiting, running, self._recently_served(), workers, self._most_of_one

    def _stretch(self) -> Callable[[int], float]:
        """How many times longer work takes while so many jobs of this board run than it takes now."""
        load = self.paces.load
        now, others = load.slowdown(), max(0.0, load.wanting() - len(self.running))
        return lambda jobs: load.slowdown_by(_OTHERS_LAST * others + jobs) / now

    def _recently_served(self) -> dict[str, float]:
        """Seconds of work done by owner; what was done `_TURNS_HALVE` seconds ago counts half."""
        now = self._clock()
        share = 0.5 ** ((now - self._served_at) / _TURNS_HALVE)
        self._served = {owner: kept for owner, seconds in self._served.items() if (kept := seconds * share) > 0.01}
        self._served_at = now
        return self._served
