"""A thousand visitors in an hour: how long each waits for models, maps and verdict, by how many cores work for them.

A simulation. Visitors come at random moments and do what most do: bring a text, train the three usual models, which are
then scored, look at a map; some measure noise, some change a setting and train again. Texts are of very different
sizes. What each job takes is what bench_scale.py measured (its --json); whose turn it is says the scheduler of the
program itself (core/system/jobs/schedule.py). Jobs that run on a machine share its cores. Servers are not simulated:
what pages cost of processor time is measured by running one (--pages), and sets how many visitors one server holds.

    python benchmarks/bench_queue.py [--costs FILE] [--visitors 1000] [--cores 4 8 16] [--pages] [--quick]
"""

import argparse
import heapq
import json
import math
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_scale import fit_line
from core.system.jobs.schedule import SHORT_SECONDS, Running, Waiting, choose_next

HOUR = 3600.0
START = 1.0
"""CPU seconds in which a child imports what it needs; the warm one for maps has it already."""
USUAL_TOKENS, SPREAD, MOST_TOKENS = 60_000, 1.6, 3_000_000
"""Half of all texts are smaller; one in six is above exp(SPREAD) times that; larger ones count as of the last size."""
WORDS_OF = 5_000
"""Words on a map, at most."""
THINKS = 45.0
"""Seconds, on average, between what a visitor sees and what they do next."""
NOISE, AGAIN = 0.3, 0.4
"""Shares of visitors who measure noise, and who train once more with other settings."""
PATIENCE = 60.0
"""Seconds within which 95 of 100 are to have models and maps."""
PLACES = ("training", "maps")
USUAL_COSTS = {
    "train tied": (2.26, 5.32),
    "train scratch": (0.58, 3.96),
    "train pretrained": (1.59, 0.89),
    "score": (6.92, 9.15),
    "noise": (8.61, 24.78),
    "map": (0.54, 0.26),
}
"""Step -> CPU seconds, and seconds for each million tokens, or 1,000 words on a map, as docs/scale.md has them."""


@dataclass(slots=True)
class Task:
    """A job of a visitor. `left`: CPU seconds; `asked`, `began`: seconds since the start."""

    board: str
    owner: str
    what: str
    seconds: float
    asked: float
    left: float = 0.0
    began: float = math.nan
    then: "list[tuple[str, float]]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What visitors waited, in seconds, from the click: for the last model, for the map, for the verdict."""

    models: np.ndarray
    maps: np.ndarray
    verdicts: np.ndarray
    busy: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--costs", type=Path, help="what bench_scale.py wrote; else docs/scale.md")
    parser.add_argument("--visitors", type=int, default=1000, metavar="N")
    parser.add_argument("--cores", type=int, nargs="+", default=[4, 6, 8, 10, 12, 16])
    parser.add_argument("--pages", action="store_true", help="measure what pages cost a server, too")
    parser.add_argument("--quick", action="store_true", help="a hundred visitors, fewer cores")
    options = parser.parse_args()
    costs = read_costs(options.costs)
    visitors, cores = (100, [1, 2, 4]) if options.quick else (options.visitors, options.cores)
    print(f"{visitors:,} visitors in an hour; CPU seconds of each on workers: {mean_work(costs):.1f} on average")
    print("| cores of workers | busy | models p50 / p95 s | maps p50 / p95 s | verdict p50 / p95 s |")
    print("|---|---|---|---|---|")
    for number in cores:
        found = simulate(costs, visitors, number)
        waits = " | ".join(quantiles(each) for each in (found.models, found.maps, found.verdicts))
        print(f"| {number} | {found.busy:.0%} | {waits} |")
    print(f"| one machine of 2 cores serves | visitors in an hour | {most_visitors(costs, 2):,} | | |")
    if options.pages:
        seconds = measure_pages()
        print(
            f"A visitor costs a server {seconds:.1f} CPU s: at half of one core, {HOUR / 2 / seconds:,.0f} in an hour"
        )


def read_costs(file: Path | None) -> dict[str, tuple[float, float]]:
    """Step -> seconds and seconds for each million tokens; of a map for each 1,000 words."""
    if file is None:
        return dict(USUAL_COSTS)
    rows: list[dict[str, Any]] = json.loads(file.read_text())
    found = {}
    for step in dict.fromkeys(row["step"] for row in rows):
        mine = [row for row in rows if row["step"] == step]
        sizes = np.array([row["words"] / 1e3 if step == "map" else row["tokens"] / 1e6 for row in mine])
        found[step] = fit_line(sizes, np.array([row["cpu"] for row in mine]))
    return found


def draw_tokens(generator: np.random.Generator) -> float:
    return float(min(USUAL_TOKENS * math.exp(SPREAD * generator.normal()), MOST_TOKENS))


def seconds_of(costs: dict[str, tuple[float, float]], step: str, tokens: float) -> float:
    """CPU seconds of a job about a text of so many tokens."""
    start, slope = costs[step]
    if step == "map":
        return start + slope * min(WORDS_OF, 30 * math.sqrt(tokens)) / 1e3  # about as the vocabulary grows
    return START + start + slope * tokens / 1e6


def orders_of(costs: dict[str, tuple[float, float]], tokens: float) -> list[tuple[str, str, float]]:
    """What one click asks for: board, what, CPU seconds."""
    steps = (*(f"train {each}" for each in ("tied", "scratch", "pretrained")), "score")
    return [("training", step, seconds_of(costs, step, tokens)) for step in steps]


def mean_work(costs: dict[str, tuple[float, float]]) -> float:
    """CPU seconds of one visitor on workers, on average."""
    generator, total = np.random.default_rng(1), 0.0
    for _ in range(2_000):
        tokens = draw_tokens(generator)
        rounds = 1 + AGAIN
        total += rounds * sum(seconds for _, _, seconds in orders_of(costs, tokens))
        total += rounds * seconds_of(costs, "map", tokens) + NOISE * seconds_of(costs, "noise", tokens)
    return total / 2_000


def simulate(costs: dict[str, tuple[float, float]], visitors: int, cores: int, seed: int = 1) -> Outcome:
    """An hour of arrivals, and until all are served."""
    generator = np.random.default_rng(seed)
    events: list[tuple[float, int, str, float]] = []  # when, tie, what the visitor does, tokens
    for number in range(visitors):
        heapq.heappush(events, (generator.uniform(0, HOUR), number, "train", draw_tokens(generator)))
    hall = Hall(cores)
    now, ties = 0.0, visitors
    waits: dict[str, list[float]] = defaultdict(list)
    open_: dict[str, tuple[float, int]] = {}  # owner -> when asked, models to come
    sizes: dict[str, float] = {}
    while events or hall.is_busy():
        coming = events[0][0] if events else math.inf
        ending = now + hall.next_end()
        step = min(coming, ending) - now
        done = hall.pass_by(step, now)
        now += step
        for task in done:
            if task.what.startswith("train"):
                asked, left = open_[task.owner]
                open_[task.owner] = asked, left - 1
                if left == 1:
                    waits["models"].append(now - asked)
                    hall.ask(Task("maps", task.owner, "map", seconds_of(costs, "map", sizes[task.owner]), asked), now)
            elif task.what == "map":
                waits["maps"].append(now - task.asked)
                ties += 1
                later = now + generator.exponential(THINKS)
                if generator.random() < NOISE:
                    heapq.heappush(events, (later, ties, "noise", sizes[task.owner]))
                elif "again" not in task.owner and generator.random() < AGAIN / (1 - NOISE):
                    heapq.heappush(events, (later, ties, "train again", sizes[task.owner]))
            elif task.what == "score":
                waits["verdicts"].append(now - task.asked)
        while events and events[0][0] <= now:
            _, tie, what, tokens = heapq.heappop(events)
            owner = f"{what} {tie}"
            sizes[owner] = tokens
            if what == "noise":
                hall.ask(Task("training", owner, "noise", seconds_of(costs, "noise", tokens), now), now)
                continue
            open_[owner] = now, 3
            for board, job, seconds in orders_of(costs, tokens):
                hall.ask(Task(board, owner, job, seconds, now), now)
    models, maps, verdicts = (np.array(waits[each]) for each in ("models", "maps", "verdicts"))
    return Outcome(models, maps, verdicts, hall.worked / (cores * now))


class Hall:
    """Machines of so many cores in all, with as many places for trainings and for maps; what runs shares the cores."""

    def __init__(self, cores: int) -> None:
        self.cores = cores
        self.places = max(2, cores)  # a single machine has two children, however few its cores
        self.waiting: dict[str, list[Task]] = {board: [] for board in PLACES}
        self.running: dict[str, list[Task]] = {board: [] for board in PLACES}
        self.served: dict[str, float] = {}
        self.worked = 0.0

    def ask(self, task: Task, now: float) -> None:
        self.waiting[task.board].append(task)
        self._start(task.board, now)

    def is_busy(self) -> bool:
        return any(self.running.values())

    def next_end(self) -> float:
        left = [task.left for tasks in self.running.values() for task in tasks]
        return min(left) / self._speed() if left else math.inf

    def pass_by(self, seconds: float, now: float) -> list[Task]:
        """Let so many seconds pass; gives the tasks that end."""
        speed, done = self._speed(), []
        for board, tasks in self.running.items():
            for task in tasks:
                task.left -= seconds * speed
                self.worked += seconds * speed
            ended = [task for task in tasks if task.left <= 1e-9]
            for task in ended:
                tasks.remove(task)
                self.served[task.owner] = self.served.get(task.owner, 0.0) + task.seconds
            done += ended
            if ended:
                self._start(board, now + seconds)
        return done

    def _speed(self) -> float:
        number = sum(map(len, self.running.values()))
        return min(1.0, self.cores / number) if number else 1.0

    def _start(self, board: str, now: float) -> None:
        tasks = self.waiting[board]
        while tasks and len(self.running[board]) < self.places:
            first = first_of_each(tasks)
            running = [
                Running(each.owner, each.seconds < SHORT_SECONDS, max(each.left, 1.0)) for each in self.running[board]
            ]
            waiting = [Waiting(str(number), task.owner, task.seconds, task.asked) for number, task in first]
            chosen = choose_next(waiting, running, self.served, self.places)
            if chosen is None:
                return
            task = tasks.pop(int(chosen.key))
            task.left, task.began = task.seconds, now
            self.running[board].append(task)


def first_of_each(tasks: Sequence[Task]) -> list[tuple[int, Task]]:
    """With their numbers, the first short and the first long task of each owner: only these can be next."""
    found: dict[tuple[str, bool], tuple[int, Task]] = {}
    for number, task in enumerate(tasks):
        found.setdefault((task.owner, task.seconds < SHORT_SECONDS), (number, task))
    return list(found.values())


def most_visitors(costs: dict[str, tuple[float, float]], cores: int) -> int:
    """How many may come in an hour so that 95 of 100 have maps within `PATIENCE`, to the nearest 5 %."""
    low, high = 5, 20_000
    while high > 1.05 * low + 1:
        middle = int(math.sqrt(low * high))
        found = simulate(costs, middle, cores)
        low, high = (middle, high) if np.quantile(found.maps, 0.95) <= PATIENCE else (low, middle)
    return low


def quantiles(waits: np.ndarray) -> str:
    return " / ".join(f"{each:,.0f}" for each in np.quantile(waits, (0.5, 0.95)))


def measure_pages() -> float:
    """CPU seconds that a visitor who gets to the maps costs the server's own process, without its children."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from light_client import Visitor
    from visits import erase, make_maps, warm_server

    with tempfile.TemporaryDirectory() as root, warm_server(Path(root)) as (url, pid):
        began, number = process_seconds(pid), 4
        for seed in range(1, number + 1):
            visitor = Visitor(url)
            make_maps(visitor, seed)
            erase(visitor)
            visitor.leave()
        return (process_seconds(pid) - began) / number


def process_seconds(pid: int) -> float:
    """CPU seconds of that process so far, without its children."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
