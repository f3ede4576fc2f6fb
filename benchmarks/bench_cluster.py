"""What a cluster costs, and what it loses: overhead of a job of five seconds, and sixty trainings under kills.

A scheduler and workers run on this machine. For the overhead, the same work, which takes five seconds by the clock and
tells how far it is as a training does, goes to a local child and to a worker in turn. What either takes beyond five
seconds is its overhead: starting the child, and for the cluster the way there and back. The bound is half a second on a
machine that has a core to spare.

With --kills, two servers ask for the same sixty models of a part of the demo's text. Meanwhile a worker is killed ten
times, the scheduler once, the second server once. Must hold: all sixty are there with the bits that one machine alone
gives them, and none was trained again once it was stored.

With --store ADDRESS no two machines share a folder: each has its own, with copies of what is at that address. For the
overhead that changes how work tells how far it is; models are kept and got with --kills.

    python benchmarks/bench_cluster.py [--rounds 9] [--kills] [--quick] [--store s3://BUCKET/FOLDER]

Needs requirements-cluster.txt.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cluster_work
from bench_queue import process_seconds
from cluster_machine import Machine, running_machine

from core.config import default_config
from core.models.runs import find_run_id, keep_corpus, load_inputs, load_run, train_run
from core.progress import silent
from core.system.cluster.address import EXTRA, is_installed
from core.system.files import cache_folder
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ProcessExecutor
from core.system.store.address import STORE_VARIABLE
from core.text.corpus import build_corpus
from core.text.reading.documents import read_documents
from core.workspace.demo_data import DEMO_READING, demo_uploads

SECONDS = 5.0
BOUND = 0.5
KILLS, SCHEDULER_AT, SERVER_AT = 10, 6, 3
"""Kills of a worker, and after which of them the scheduler and a server are killed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a second instead of five, and three rounds")
    parser.add_argument("--store", help="address of an empty store, of which each machine has copies")
    parser.add_argument("--ask", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.store:
        os.environ[STORE_VARIABLE] = options.store
    if not is_installed():
        print(f"Dask is not installed: pip install -r {EXTRA}")
    elif options.ask:
        ask_for_all(options.ask[0], Path(options.ask[1]))
    else:
        os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))
        with tempfile.TemporaryDirectory() as folder:
            os.environ["VECTUNE_CACHE"] = f"{folder}/store"
            if options.kills:
                survive(Path(folder))
            else:
                compare(3 if options.quick else options.rounds, 1.0 if options.quick else SECONDS, Path(folder))


def open_board(address: str) -> Jobs:
    """That of a server of the cluster, once there is a worker."""
    from core.system.cluster.connection import connect
    from core.system.cluster.executor import ClusterExecutor

    connection = connect(address)
    while not (state := connection.state(1.0)) or state.problem:
        time.sleep(0.5)
    executor = ClusterExecutor(connection, "training")
    return Jobs(executor, executor.places)


def compare(rounds: int, seconds: float, folder: Path) -> None:
    with running_machine(os.environ["VECTUNE_CACHE"], 1, os.environ.get(STORE_VARIABLE)) as machine:
        boards = {"child": Jobs(ProcessExecutor(), 1), "cluster": open_board(machine.address)}
        overheads: dict[str, list[float]] = {name: [] for name in boards}
        spent, start = process_seconds(machine.scheduler.pid), time.perf_counter()
        for number in range(rounds + 1):
            for name, board in boards.items():
                began = time.perf_counter()
                board.submit(f"{name} {number}", "", cluster_work.take, folder / "calls", seconds, watcher="bench")
                board.result(f"{name} {number}")
                if number:  # the first one imports and connects
                    overheads[name].append(time.perf_counter() - began - seconds)
        share = (process_seconds(machine.scheduler.pid) - spent) / (time.perf_counter() - start)
    for name, found in overheads.items():
        low, _, high = statistics.quantiles(found, n=4)
        print(f"{name:8} {statistics.median(found):.2f} s beyond {seconds:.0f} s (quartiles {low:.2f} to {high:.2f})")
    more = statistics.median(other - own for own, other in zip(*overheads.values(), strict=True))
    print(f"the cluster adds {more:.2f} s; {(seconds + more) / seconds:.3f} times the work; bound {BOUND} s")
    print(f"the scheduler took {share:.1%} of a core meanwhile")
    print(f"load of the last minute {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores")


def orders() -> dict[str, tuple[Any, ...]]:
    """Sixty models of a part of the demo's text: run id -> what `train_run` takes."""
    corpus = build_corpus(read_documents(demo_uploads(), DEMO_READING).documents[:100], name="demo")
    folder, found = keep_corpus(corpus), {}
    for epochs, alpha, window, seed in product((1, 2), (0.01, 0.025, 0.05), (3, 5), (1, 2, 3, 4, 5)):
        config = default_config("scratch", epochs=epochs, alpha=alpha, window=window, seed=seed, vector_size=50)
        identity = find_run_id(corpus, None, config)
        found[identity] = (folder, None, config, identity)
    return found


def ask_for_all(address: str, log: Path) -> None:
    """As a server: have all models made, and wait for them."""
    board, wanted = open_board(address), orders()
    for identity, order in wanted.items():
        board.submit(identity, "", cluster_work.train, log, *order, watcher="bench")
    for identity in wanted:
        board.result(identity)


def survive(folder: Path) -> None:
    log = folder / "log"
    with running_machine(os.environ["VECTUNE_CACHE"], shared=os.environ.get(STORE_VARIABLE)) as machine:
        own = {"VECTUNE_CACHE": f"{folder}/other"} if STORE_VARIABLE in os.environ else {}
        ask = [sys.executable, __file__, "--ask", machine.address, str(log)]
        other = subprocess.Popen(ask, env={**os.environ, **own})
        is_over = threading.Event()
        killer = threading.Thread(target=kill, args=(machine, other, log, is_over))
        killer.start()
        began = time.monotonic()
        try:
            ask_for_all(machine.address, log)
        finally:
            taken = time.monotonic() - began
            is_over.set()
            killer.join()
            other.kill()
            other.wait()
    lines = [line.split() for line in log.read_text().splitlines()]
    stored = Counter(identity for what, identity in lines if what == "stored")
    begun = Counter(identity for what, identity in lines if what == "begun")
    found = sum(what == "found" for what, _ in lines)
    wanted = orders()
    there = {identity: load_run(identity).vectors.tobytes() for identity in wanted}
    os.environ["VECTUNE_CACHE"] = f"{folder}/alone"
    os.environ.pop(STORE_VARIABLE, None)
    same = 0
    for identity, (_, _, config, _) in orders().items():
        inputs = next((folder / "alone" / "texts").iterdir()), None
        assert load_inputs(*inputs)[1] is None
        same += load_run(train_run(silent, *inputs, config)).vectors.tobytes() == there[identity]
    print(
        f"{len(there)} models in {taken:.0f} s, asked for by two servers; {sum(begun.values())} trainings were begun, "
    )
    print(f"{sum(begun.values()) - sum(stored.values())} of them were killed, {found} times a model was there already")
    print(
        f"stored twice: {sum(number > 1 for number in stored.values())}; the same bits as alone: {same} of {len(there)}"
    )


def kill(machine: Machine, other: "subprocess.Popen[bytes]", log: Path, is_over: threading.Event) -> None:
    """Spread over the work; each kill waits until something has been stored since the last."""
    draw, number = random.Random(1), 0
    while number < KILLS and not is_over.wait(draw.uniform(1.0, 4.0)):
        if not log.exists() or log.read_text().count("stored") < number * 4:
            continue
        number += 1
        machine.kill_worker(draw.choice(machine.workers).pid)
        if number == SERVER_AT:
            other.kill()
        if number == SCHEDULER_AT:
            machine.kill_scheduler()
            machine.start_scheduler()
    print(f"killed: {number} workers, {number >= SCHEDULER_AT:d} scheduler, {number >= SERVER_AT:d} server")


if __name__ == "__main__":
    main()
