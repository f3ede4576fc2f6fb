"""Twenty visitors at once, each with a text of their own: do all get maps, and how long does another one's page take?

They come within a second, upload, train two models and look at their maps; then they erase all and leave. Meanwhile one
who has nothing to do with them runs a page again and again, and the server is asked how it is. In turn an app that
draws one word is run in a process of its own: what that waits is the machine's doing. Afterwards: what the server still
holds. Must hold: all get maps, a rerun of the other one's page takes less than 250 ms at the 99th percentile and
less than 1 s at worst, and the process holds at most 150 MB more than before.

    python benchmarks/bench_visitors.py [--visitors 20] [--quick]
"""

import argparse
import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from light_client import Visitor, health_seconds
from visits import Held, erase, make_maps, warm_server

P99, WORST, KEPT = 0.25, 1.0, 150.0  # seconds, seconds, MB
_ARRIVING = 30.0  # seconds: by then all have their text, and wait for their models
_LEFT = 160  # seconds: Streamlit keeps a session for two minutes for who may come back, then the app tidies up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", type=int, default=20, metavar="N")
    parser.add_argument("--quick", action="store_true", help="four visitors, and no look at what stays")
    options = parser.parse_args()
    number = 4 if options.quick else options.visitors
    with tempfile.TemporaryDirectory() as root, warm_server(Path(root)) as (url, pid), plain_app(Path(root)) as plain:
        stranger, control = Visitor(url), Visitor(plain)
        stranger.rerun()
        control.rerun()
        began = time.monotonic()
        alone = measure(url, stranger, lambda: time.monotonic() - began < 15)
        before, load = Held.of(pid), os.getloadavg()[0]
        crowd, took, loads, peak = Crowd(url, number), list[float](), list[float](), [before.own]
        with crowd:
            came = time.monotonic()
            amid = measure(url, stranger, lambda: crowd.is_there(loads, peak, pid), control)
            took = crowd.result()
        if not options.quick:
            time.sleep(_LEFT)
        after = Held.of(pid)
    maps = [seconds for seconds in took if seconds is not None]
    print("| | load | rerun p50 / p99 / worst ms | health p50 / p99 / worst ms |\n|---|---|---|---|")
    print(f"| nobody else | {load:.1f} | {waits(alone[0])} | {waits(alone[1])} |")
    print(f"| {number} visitors | {np.mean(loads):.1f} | {waits(amid[0])} | {waits(amid[1])} |")
    early = [seconds for seconds, at in zip(amid[0], amid[2], strict=True) if at - came < _ARRIVING]
    late = [seconds for seconds, at in zip(amid[0], amid[2], strict=True) if at - came >= _ARRIVING]
    print(f"| … the {_ARRIVING:.0f} s in which they arrive | | {waits(early)} | |")
    print(f"| … after that | | {waits(late)} | |")
    print(f"| an app of one word beside them | | {waits(amid[3])} | |\n")
    if maps:
        print(f"Maps for {len(maps)} of {number}, after {min(maps):.0f} / {np.median(maps):.0f} / {max(maps):.0f} s "
              "(fastest, median, slowest).")  # fmt: skip
    print(f"The server's own memory: {before.own:.0f} MB before, {max(peak):.0f} at most, {after.own:.0f} afterwards; "
          f"descriptors {before.descriptors} and {after.descriptors}.")  # fmt: skip
    holds = {
        "all get maps": len(maps) == number,
        f"p99 under {1000 * P99:.0f} ms": float(np.percentile(amid[0], 99)) < P99,
        f"worst under {WORST:.0f} s": max(amid[0]) < WORST,
    }
    if not options.quick:
        holds[f"at most {KEPT:.0f} MB more than before"] = after.own - before.own <= KEPT
    print("; ".join(f"{name}: {'holds' if held else 'DOES NOT HOLD'}" for name, held in holds.items()) + ".")


class Crowd:
    """Visitors in a process of their own, so that they do not slow down whoever measures."""

    def __init__(self, url: str, number: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, its = spawn.Pipe(duplex=False)
        self._process = spawn.Process(target=_visit_all, args=(its, url, number), daemon=True)

    def __enter__(self) -> None:
        self._process.start()

    def __exit__(self, *_: object) -> None:
        self._process.join(10)
        self._process.kill()

    def is_there(self, loads: list[float], held: list[float], pid: int) -> bool:
        """Somebody has not left yet; notes the machine's load and what the server holds."""
        loads.append(os.getloadavg()[0])
        held.append(Held.of(pid).own)
        return self._process.is_alive() and not self._pipe.poll()

    def result(self) -> list[float]:
        """Seconds until each had maps, of those who got them."""
        took: list[float] = self._pipe.recv()
        return took


def _visit_all(pipe: Any, url: str, number: int) -> None:
    def visit(seed: int) -> float | None:
        visitor = Visitor(url)
        try:
            seconds = make_maps(visitor, seed)
            erase(visitor)
        except (RuntimeError, LookupError, TimeoutError) as error:
            print(f"visitor {seed}: {error}", flush=True)
            return None
        finally:
            visitor.leave()
        return seconds

    with ThreadPoolExecutor(number) as pool:
        pipe.send([seconds for seconds in pool.map(visit, range(1, number + 1)) if seconds is not None])


@contextmanager
def plain_app(root: Path) -> Iterator[str]:
    """An app that draws one word, in a process of its own; gives its URL."""
    from browser import driver

    shutil.copytree(driver.ROOT / ".streamlit", root / "plain" / ".streamlit")
    (root / "plain" / "app.py").write_text("import streamlit as st\n\nst.write('word')\n", encoding="utf-8")
    with driver.serve(root / "plain", root / "plain", home=root / "plain") as (url, _):
        yield url


def measure(
    url: str, stranger: Visitor, goes_on: Callable[[], bool], control: Visitor | None = None
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Seconds of reruns and of health checks, as long as `goes_on`; when each rerun began; seconds of the control's."""
    reruns, healths, begun, others = (list[float]() for _ in range(4))
    ends = threading.Event()

    def check_health() -> None:
        while not ends.is_set():
            healths.append(health_seconds(url))
            time.sleep(0.05)

    thread = threading.Thread(target=check_health)
    thread.start()
    while goes_on():
        begun.append(time.monotonic())
        reruns.append(stranger.rerun())
        if control is not None:
            others.append(control.rerun())
        time.sleep(0.1)
    ends.set()
    thread.join()
    return reruns, healths, begun, others


def waits(found: list[float]) -> str:
    """Median, 99th percentile and worst in milliseconds; "–" of none."""
    if not found:
        return "–"
    return " / ".join(f"{1000 * seconds:.0f}" for seconds in (*np.percentile(found, [50, 99]), max(found)))


if __name__ == "__main__":
    main()
