"""Does a server that is used for long hold ever more? Visitors upload, train, look at maps, erase and leave.

Three at a time, each with a text of its own, over and over for an hour. At intervals: memory, descriptors, threads and
children of the server process, and the cache folder. At the end the growth of each in an hour, by a straight line
through all but the first fifth (four minutes at least), with two standard errors, wider where values hang together.

    python benchmarks/bench_soak.py [--minutes 60] [--quick]
"""

import argparse
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from light_client import Visitor
from visits import Held, disk_megabytes, erase, make_maps, warm_server

_AT_ONCE = 3
_LEFT = 160  # seconds: Streamlit keeps a session for two minutes for who may come back, then the app tidies up
_SETTLES = 4.0  # minutes: until as many sessions end as begin
_GROWS = {"own MB": 20.0, "descriptors": 10.0, "threads": 2.0, "children": 2.0, "disk MB": 5.0}
"""Growth in an hour that matters: less is called flat, however sure it is."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0, metavar="N")
    parser.add_argument("--quick", action="store_true", help="three minutes, which is too short for growth")
    options = parser.parse_args()
    seconds = 60 * (3.0 if options.quick else options.minutes)
    with tempfile.TemporaryDirectory() as root, warm_server(Path(root)) as (url, pid):
        visits = Visits(url)
        samples = [Sample.take(0.0, visits, pid, Path(root))]
        print("| minute | load | visits | own MB | mapped MB | descriptors | threads | children | disk MB |")
        print("|---|---|---|---|---|---|---|---|---|")
        print(samples[0].row(), flush=True)
        began, pause = time.monotonic(), max(10.0, seconds / 60)
        visits.start()
        while time.monotonic() - began < seconds:
            time.sleep(pause)
            samples.append(Sample.take((time.monotonic() - began) / 60, visits, pid, Path(root)))
            print(samples[-1].row(), flush=True)
        visits.end()
        time.sleep(_LEFT)
        last = Sample.take((time.monotonic() - began) / 60, visits, pid, Path(root))
        print(last.row(), "all left")
    print()
    stayed = (f"{name} {last.value(name) - samples[0].value(name):+.1f}" for name in _GROWS)
    print(f"More than at the start when all had left: {', '.join(stayed)}, after {last.visits} visits")
    settled = [sample for sample in samples if sample.minute >= max(_SETTLES, seconds / 60 / 5)]
    for name, matters in _GROWS.items():
        print(judge(name, matters, settled))
    print(f"{visits.done} visits, {len(visits.problems)} failed: {visits.problems[:3]}")


class Visits:
    """Visitors who come and go until they are told to end."""

    def __init__(self, url: str) -> None:
        self.done = 0
        self.problems: list[str] = []
        self._url = url
        self._seeds = count(1)
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._come_and_go, daemon=True) for _ in range(_AT_ONCE)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _come_and_go(self) -> None:
        while not self._ends.is_set():
            visitor = Visitor(self._url)
            try:
                make_maps(visitor, next(self._seeds))
                erase(visitor)
            except (RuntimeError, LookupError, TimeoutError) as error:
                self.problems.append(str(error))
            visitor.leave()
            self.done += 1


@dataclass(frozen=True, slots=True)
class Sample:
    """What was held in a minute of the soak."""

    minute: float
    load: float
    visits: int
    held: Held
    disk: float

    @classmethod
    def take(cls, minute: float, visits: Visits, pid: int, root: Path) -> "Sample":
        return cls(minute, os.getloadavg()[0], visits.done, Held.of(pid), disk_megabytes(root / "cache"))

    def row(self) -> str:
        held = self.held
        return (
            f"| {self.minute:.1f} | {self.load:.1f} | {self.visits} | {held.own:.0f} | {held.mapped:.0f} | "
            f"{held.descriptors} | {held.threads} | {held.children} | {self.disk:.2f} |"
        )

    def value(self, name: str) -> float:
        values = {"own MB": self.held.own, "descriptors": self.held.descriptors, "threads": self.held.threads}
        return float({**values, "children": self.held.children, "disk MB": self.disk}[name])


def judge(name: str, matters: float, samples: list[Sample]) -> str:
    """Whether it grows, in a sentence."""
    hours = np.array([sample.minute for sample in samples]) / 60
    values = np.array([sample.value(name) for sample in samples])
    if len(values) < 5:
        return f"{name}: too short to tell, compare the first row and the last"
    slope, error = find_slope(hours, values)
    low, high = slope - 2 * error, slope + 2 * error
    verdict = "grows" if low > 0 and slope > matters else "flat" if high < matters else "cannot be told, run it longer"
    return f"{name}: {slope:+.2f} ± {2 * error:.2f} an hour: {verdict}"


def find_slope(hours: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Slope of the straight line through `values`, and its standard error, where each may hang on the one before."""
    centred = hours - hours.mean()
    slope = float(centred @ values / (centred @ centred))
    rest = values - values.mean() - slope * centred
    again = float(rest[1:] @ rest[:-1] / (rest @ rest)) if rest.any() else 0.0
    widened = (1 + again) / (1 - again) if 0 < again < 1 else 1.0
    return slope, float(np.sqrt((rest @ rest) / (len(values) - 2) / (centred @ centred) * widened))


if __name__ == "__main__":
    main()
