"""What a cluster costs: how much longer a job of five seconds takes through it than in a child of this machine.

A scheduler and a worker run on this machine. The same work, which takes five seconds by the clock and tells how far it
is as a training does, goes to a local child and to the worker in turn. What either takes beyond five seconds is its
overhead: starting the child, and for the cluster the way there and back.

    python benchmarks/bench_cluster.py [--rounds 9] [--quick]

Needs requirements-cluster.txt. The bound is half a second on a machine that has a core to spare.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

SECONDS = 5.0
BOUND = 0.5


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VECTUNE_CACHE"] = f"{folder}/store"
        compare(3 if options.quick else options.rounds, 1.0 if options.quick else SECONDS, Path(folder))


def compare(rounds: int, seconds: float, folder: Path) -> None:
    from cluster_machine import running_machine
    from cluster_work import take

    from core.system.cluster.address import EXTRA, is_installed

    if not is_installed():
        print(f"Dask is not installed: pip install -r {EXTRA}")
        return
    from core.system.cluster.connection import connect
    from core.system.cluster.executor import ClusterExecutor
    from core.system.jobs.board import Jobs
    from core.system.jobs.executors import ProcessExecutor

    with running_machine(os.environ["VECTUNE_CACHE"], workers=1) as machine:
        connection = connect(machine.address)
        while not (state := connection.state(1.0)) or state.problem:
            time.sleep(0.5)
        remote = ClusterExecutor(connection, "training")
        boards = {"child": Jobs(ProcessExecutor(), 1), "cluster": Jobs(remote, remote.places)}
        overheads: dict[str, list[float]] = {name: [] for name in boards}
        for number in range(rounds + 1):
            for name, board in boards.items():
                began = time.perf_counter()
                board.submit(f"{name} {number}", "", take, folder / "calls", seconds, watcher="bench")
                board.result(f"{name} {number}")
                if number:  # the first one imports and connects
                    overheads[name].append(time.perf_counter() - began - seconds)
    for name, found in overheads.items():
        low, _, high = statistics.quantiles(found, n=4)
        print(f"{name:8} {statistics.median(found):.2f} s beyond {seconds:.0f} s (quartiles {low:.2f} to {high:.2f})")
    more = statistics.median(other - own for own, other in zip(*overheads.values(), strict=True))
    print(f"the cluster adds {more:.2f} s; {(seconds + more) / seconds:.3f} times the work; bound {BOUND} s")
    print(f"load of the last minute {os.getloadavg()[0]:.1f} on {len(os.sched_getaffinity(0))} cores")


if __name__ == "__main__":
    main()
