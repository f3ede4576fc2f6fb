"""What the database costs: the inventory beside reading every record, one read, and many who change one workspace.

The inventory is compared with what it replaced: reading each model's record and adding up the sizes of its files, in
CPU time, interleaved, medians. With VECTUNE_DATABASE=postgresql://… the same on PostgreSQL, in that database.

    python benchmarks/bench_database.py [--quick]
"""

import argparse
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.config import TrainConfig
from core.models.description import RunDescription, RunInputs, TextSource
from core.models.runs import RUNS
from core.system.files import CACHE_VARIABLE, cache_folder
from core.system.inventory import measure_path, take_inventory
from core.system.typed_json import read_record, write_record
from core.workspace import store

FILES = ("words.txt", "vectors.npy", "counts.npy", "covered.npy")
LONG_AGO = 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer models and changes; under a minute")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as folder:
        os.environ[CACHE_VARIABLE] = folder
        print("| models | first inventory, CPU ms | again, CPU ms | again / reading all |\n|---|---|---|---|")
        for models in (100, 1000) if quick else (100, 1000, 5000):
            make_models(models)
            first = cpu_ms(lambda: take_inventory([RUNS]))
            again, reading = median_of(lambda: take_inventory([RUNS]), read_all)
            print(f"| {models:,} | {first:.0f} | {again:.1f} | {again / reading:.2f} |")
        identity, token = store.create_workspace()
        found, seen = median_of(lambda: store.load_workspace(identity), lambda: store.find_workspace(token), rounds=100)
        print(f"\nOne read, CPU ms: a workspace {found:.2f}, a token {seen:.2f}")
        change_by_many(identity, 20 if quick else 200)


def make_models(wanted: int) -> None:
    source = TextSource("text.txt", "0" * 32)
    config = TrainConfig(strategy="counts")
    about = RunDescription("counts", "counts", 1, config, RunInputs(source, None), {})
    for number in range(wanted):
        folder = cache_folder("runs", f"{number:032x}")
        if folder.exists():
            continue
        folder.mkdir()
        write_record(folder / "run.json", about)
        for name in FILES:
            (folder / name).write_bytes(bytes(100))
        os.utime(folder, (LONG_AGO, LONG_AGO))


def read_all() -> None:
    for folder in cache_folder("runs").iterdir():
        read_record(folder / "run.json", RunDescription)
        measure_path(folder)


def change_by_many(identity: str, times: int) -> None:
    processes = multiprocessing.get_context("spawn")
    began = time.perf_counter()
    workers = [processes.Process(target=pin, args=(identity, worker, times)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - began
    kept = len(set(store.load_workspace(identity).workspace.pins))
    print(f"8 processes, {times} changes each of one workspace: {kept:,} of {8 * times:,} kept, {seconds:.0f} s")


def pin(identity: str, worker: int, times: int) -> None:
    for number in range(times):
        before = store.load_workspace(identity).workspace
        store.change_workspace(identity, before, replace(before, pins=(*before.pins, f"{worker}-{number}")))


def median_of(one: Callable[[], object], other: Callable[[], object], rounds: int = 7) -> tuple[float, float]:
    """CPU milliseconds of both, interleaved."""
    pairs = [(cpu_ms(one), cpu_ms(other)) for _ in range(rounds)]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    return ours, theirs


def cpu_ms(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
