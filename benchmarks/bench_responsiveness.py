"""How long another visitor waits while a model trains: overshoot of 10 ms sleeps in the server's process.

Training runs in a child process with a lower priority; the same training in a thread of the server stands beside it,
and an idle server is the baseline. Three interleaved rounds.

    python benchmarks/bench_responsiveness.py [--quick]
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.config import default_config
from core.models.runs import keep_corpus, train_run
from core.system.executors import ProcessExecutor
from core.system.jobs import Jobs
from core.text.corpus import Corpus
from core.text.opened import open_text
from core.workspace.demo_data import DEMO_READING, demo_uploads

SLEEP = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round of four seconds")
    rounds, seconds = (1, 4.0) if parser.parse_args().quick else (3, 10.0)
    os.environ["VECTUNE_CACHE"] = tempfile.mkdtemp()
    corpus = open_text(demo_uploads(), DEMO_READING).corpus
    keep_corpus(corpus)
    waits: dict[str, list[float]] = {"idle": [], "training in a child": [], "training in a thread": []}
    for seed in range(rounds):
        waits["idle"] += sample(seconds)
        waits["training in a child"] += while_child_trains(Jobs(ProcessExecutor()), corpus, seed, seconds)
        waits["training in a thread"] += while_thread_trains(corpus, seed, seconds)
    print("| server | median ms | p95 ms | p99 ms | worst ms |\n|---|---|---|---|---|")
    for name, found in waits.items():
        numbers = [*np.percentile(found, [50, 95, 99]), max(found)]
        print(f"| {name} | " + " | ".join(f"{1000 * number:.1f}" for number in numbers) + " |")


def sample(seconds: float) -> list[float]:
    """Overshoot of each sleep, in seconds."""
    found = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        time.sleep(SLEEP)
        found.append(time.monotonic() - began - SLEEP)
    return found


def while_child_trains(jobs: Jobs, corpus: Corpus, seed: int, seconds: float) -> list[float]:
    config = default_config("scratch", epochs=200, seed=seed)
    jobs.submit("train", "Training", train_run, keep_corpus(corpus), None, config, watcher="bench")
    while (status := jobs.status("train")) is None or "epoch" not in status.message:
        time.sleep(0.05)
    found = sample(seconds)
    jobs.cancel("train", "bench")
    while (status := jobs.status("train")) is not None and status.active:
        time.sleep(0.05)
    return found


def while_thread_trains(corpus: Corpus, seed: int, seconds: float) -> list[float]:
    from core.errors import Cancelled
    from core.models.training import train

    stop, started = threading.Event(), threading.Event()

    def report(fraction: float, message: str) -> None:
        started.set()
        if stop.is_set():
            raise Cancelled

    def work() -> None:
        with suppress(Cancelled):
            train(corpus, default_config("scratch", epochs=200, seed=seed), None, report)

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    found = sample(seconds)
    stop.set()
    thread.join()
    return found


if __name__ == "__main__":
    main()
