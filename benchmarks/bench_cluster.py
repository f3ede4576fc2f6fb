"""What a cluster costs, and what it loses: overhead of a job of five seconds, and a sweep under kills.

A scheduler and workers run on this machine. For the overhead, the same work, which takes five seconds by the clock and
tells how far it is as a training does, goes to a local child and to a worker in turn. What either takes beyond five
seconds is its overhead: starting the child, and for the cluster the way there and back. The bound is half a second on a
machine that has a core to spare. Then work that tells nothing is cancelled on the cluster as often: it must have ended
within three seconds.

With --kills, one server with local processes makes the demo (models, scorecard, map) and a sweep of 60 settings on the
Brown corpus, then two servers with two workers do, of which both want the same. Meanwhile a worker is killed ten times,
the scheduler once, a server once (cluster_scenario.py). Must hold: every result is the same to the last digit, nothing
was stored twice, and what was begun and not stored is no more than the kills explain. --calm is the same without kills.

With --store ADDRESS no two machines share a folder: each has its own, with copies of what is at that address. For the
overhead that changes how work tells how far it is; models are kept and got with --kills.

    python benchmarks/bench_cluster.py [--rounds 9] [--quick] [--store s3://BUCKET/FOLDER]
    python benchmarks/bench_cluster.py --kills [--calm] [--data FOLDER] [--quick] [--database ADDRESS] [--store ADDRESS]

FOLDER has glove.6B.50d.txt and brown.csv (columns id, genre, text); without it that is $VECTUNE_SHARED_DATA, else
../shared/data. --quick sweeps the demo's text in their place. ADDRESS is an empty PostgreSQL database for the cluster's
servers. Needs requirements-cluster.txt.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cluster_scenario
import cluster_work
from bench_queue import process_seconds
from cluster_machine import running_machine

from core.system.cluster.address import EXTRA, is_installed
from core.system.database import DATABASE_VARIABLE
from core.system.files import cache_folder
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ProcessExecutor
from core.system.store.address import STORE_VARIABLE

SHARED = Path(os.environ.get("VECTUNE_SHARED_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
SECONDS = 5.0
BOUND = 0.5
ENDED_WITHIN = 3.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--calm", action="store_true", help="with --kills: kill nothing")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--database", help="of PostgreSQL, for the servers of the cluster")
    parser.add_argument("--store", help="address of an empty store, of which each machine has copies")
    parser.add_argument("--quick", action="store_true", help="a second instead of five, and three rounds; a small text")
    options = parser.parse_args()
    if not is_installed():
        sys.exit(f"Dask is not installed: pip install -r {EXTRA}")
    data = None if options.quick else options.data
    if options.kills and data is not None and not (data / "brown.csv").exists():
        sys.exit(f"{data} has no brown.csv: name a folder that has it with --data, or add --quick.")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VECTUNE_CACHE"] = f"{folder}/store"
        if options.kills:
            named = {DATABASE_VARIABLE: options.database, STORE_VARIABLE: options.store}
            cluster_scenario.play(
                Path(folder), data, not options.calm, {name: value for name, value in named.items() if value}
            )
        else:
            if options.store:
                os.environ[STORE_VARIABLE] = options.store
            compare(3 if options.quick else options.rounds, 1.0 if options.quick else SECONDS, Path(folder))
    print(f"load of the last minute {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores")


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
        ended = [cancel_one(boards["cluster"], folder / f"cancelled {number}") for number in range(rounds)]
    for name, found in overheads.items():
        low, _, high = statistics.quantiles(found, n=4)
        print(f"{name:8} {statistics.median(found):.2f} s beyond {seconds:.0f} s (quartiles {low:.2f} to {high:.2f})")
    more = statistics.median(other - own for own, other in zip(*overheads.values(), strict=True))
    print(f"the cluster adds {more:.2f} s; {(seconds + more) / seconds:.3f} times the work; bound {BOUND} s")
    print(f"the scheduler took {share:.1%} of a core meanwhile")
    print(
        f"cancelled work ended after {statistics.median(ended):.2f} s, at most {max(ended):.2f}; bound {ENDED_WITHIN} s"
    )


def cancel_one(board: Jobs, calls: Path) -> float:
    """Seconds from the cancelling of work that runs until its process is gone and its visitor hears of it."""
    board.submit(calls.name, "", cluster_work.take_without_a_word, calls, 60.0, watcher="bench")
    while not (found := cluster_work.calls_in(calls)):
        time.sleep(0.05)
    began = time.perf_counter()
    board.cancel(calls.name, "bench")
    while (status := board.status(calls.name)) is not None and status.active:
        time.sleep(0.02)
    while Path(f"/proc/{found[0][0]}").exists():
        time.sleep(0.02)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
