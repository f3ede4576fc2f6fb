"""What bench_cluster.py --kills plays: two visitors on two servers, and what is killed meanwhile.

A server is a process with the boards of one, which asks for what its visitor's clicks would: the usual models of the
demo's text, their scorecard and a map; a model of a text of the visitor's own; a sweep. Both want the same demo and the
same sweep. One that is killed is started again, and its visitor asks again for what is not there.
"""

import csv
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cluster_machine import Machine, running_machine

from core.config import TrainConfig, default_config
from core.maps.layout import LayoutSettings
from core.maps.pair_store import LayoutOrder, PairOrder, keep_layout
from core.methods import usual_strategies
from core.models.runs import find_run_id, has_run, is_whole, keep_corpus, keep_pretrained, load_run, train_run
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.score.store import ScoreRequest, has_score, score_folder, score_models
from core.score.sweep.plan import SweptVectors, make_plan
from core.score.sweep.ranges import SettingValue
from core.score.sweep.search import SearchWay
from core.score.sweep.store import SweepOrder, find_sweep, keep_sweep
from core.score.sweep.trying import best_setting
from core.system.files import digest_of
from core.system.jobs.outcomes import KeptProblems
from core.system.store.address import STORE_VARIABLE
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document, read_documents
from core.workspace.asked_runs import make_runs
from core.workspace.demo_data import DEMO_READING, demo_uploads
from core.workspace.store import change_workspace, create_workspace, load_workspace
from core.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"
COUNTING = BENCHMARKS / "counting"
LOG = "VECTUNE_BENCH_LOG"
KILLS, SCHEDULER_AT, SERVER_AT = 10, 6, 3
"""Kills of a worker, and after which of them the scheduler and a server are killed."""
_PATIENCE = 3_600.0  # seconds
_RANGES: dict[str, tuple[SettingValue, ...]] = {"epochs": (1, 2), "window": (2, 3, 5), "min_count": (5, 10, 20, 30, 50)}
_QUICK_RANGES: dict[str, tuple[SettingValue, ...]] = {"epochs": (1, 2), "window": (3, 5), "min_count": (5, 10)}


@dataclass(frozen=True)
class Wishes:
    """What one visitor asks for. `data` has brown.csv and glove.6B.50d.txt; None for the demo's text in their place."""

    visitor: str
    number: int
    data: Path | None

    @cached_property
    def demo(self) -> Corpus:
        return build_corpus(read_documents(demo_uploads(), DEMO_READING).documents, name="demo")

    @cached_property
    def own(self) -> Corpus:
        from visits import write_text

        return build_corpus([Document("own", write_text(self.number).decode())], name=f"own {self.number}")

    @cached_property
    def swept(self) -> Corpus:
        if self.data is None:
            return self.demo
        with (self.data / "brown.csv").open(encoding="utf-8", newline="") as file:
            return build_corpus([Document(row["id"], row["text"]) for row in csv.DictReader(file)], name="brown")

    def vectors_of(self, corpus: Corpus) -> PretrainedVectors:
        if self.data is None:
            from core.progress import silent
            from core.workspace.demo_data import build_demo_vectors

            return open_pretrained(build_demo_vectors(silent), corpus.words)
        return open_pretrained(self.data / "glove.6B.50d.txt", corpus.words)

    def inputs_of(self, corpus: Corpus) -> tuple[Path, Path]:
        return keep_corpus(corpus), keep_pretrained(self.vectors_of(corpus), corpus)

    @cached_property
    def models(self) -> dict[str, TrainConfig]:
        """The usual ones of the demo, by their ids."""
        vectors = self.vectors_of(self.demo)
        configs = [
            default_config(each, self.demo.n_tokens, vector_size=vectors.vector_size) for each in usual_strategies()
        ]
        return {find_run_id(self.demo, vectors, config): config for config in configs}

    @cached_property
    def own_model(self) -> tuple[str, TrainConfig]:
        config = default_config("scratch", self.own.n_tokens)
        return find_run_id(self.own, None, config), config

    @cached_property
    def score(self) -> ScoreRequest:
        configs = tuple((config.strategy, config) for config in self.models.values())
        return ScoreRequest(*self.inputs_of(self.demo), configs, "tied", "pretrained", 1)

    @cached_property
    def map(self) -> LayoutOrder:
        ids = {config.strategy: identity for identity, config in self.models.items()}
        return LayoutOrder(PairOrder(ids["pretrained"], ids["tied"], 2_000), LayoutSettings(), "joint")

    @cached_property
    def sweep(self) -> SweepOrder:
        folder, rows = self.inputs_of(self.swept)
        ranges = _QUICK_RANGES if self.data is None else _RANGES
        size = self.vectors_of(self.swept).vector_size
        plan = make_plan(["tied", "tuned"], ranges, [1], [SweptVectors("pretrained", size)])
        return SweepOrder(folder, (rows,), plan, SearchWay())


def serve(wishes: Wishes) -> None:
    """As a server: have all that is not there made, on the boards of one, and wait for it."""
    from pages.shared.cached import server

    training, sweeps, maps = server.training_jobs(), server.sweep_jobs(), server.map_jobs()
    found = find_sweep(wishes.sweep.identity)
    asked = []

    def ask(board: Any, key: str, work: Any, *args: Any, seconds: float = 5.0) -> None:
        board.submit(key, "", work, *args, watcher=wishes.visitor, seconds=seconds)
        asked.append((board, key))

    if found is None or found.chosen is None:
        ask(sweeps, f"sweep {wishes.sweep.identity}", keep_sweep, wishes.sweep, seconds=300.0)
    inputs = wishes.inputs_of(wishes.demo)
    for identity, config in wishes.models.items():
        if not has_run(identity):
            ask(training, identity, train_run, *inputs, config, identity)
    identity, config = wishes.own_model
    if not has_run(identity):
        ask(training, identity, train_run, keep_corpus(wishes.own), None, config, identity)
    for board, key in asked[1:] if asked and asked[0][0] is sweeps else asked:
        board.result(key, _PATIENCE)
    ask(maps, f"map {digest_of(repr(wishes.map))}", keep_layout, wishes.map)
    if not has_score(wishes.score.identity):
        ask(training, f"score {wishes.score.identity}", score_models, wishes.score, seconds=20.0)
    for board, key in asked:
        board.result(key, _PATIENCE)


def gather(wishes: Wishes) -> dict[str, str]:
    """A digest of each result that is there, without what the clock says."""
    found = {}
    for identity, config in [*wishes.models.items(), wishes.own_model]:
        found[f"model {config.strategy} of {wishes.number if identity == wishes.own_model[0] else 'demo'}"] = (
            digest_of(load_run(identity).vectors) if is_whole(identity) else "missing"
        )
    files = sorted(score_folder(wishes.score.identity).rglob("*.json"))
    found["scorecard"] = digest_of(*(repr(_timeless(json.loads(file.read_text("utf-8")))) for file in files))
    layouts = sorted(wishes.map.folder.glob("*.npy"))
    found["map"] = digest_of(*(file.read_bytes() for file in layouts)) if layouts else "missing"
    record = find_sweep(wishes.sweep.identity)
    if record is None or record.chosen is None:
        return {**found, "sweep": "missing"}
    for each in record.settings:
        values = " ".join(map(str, each.values.values()))
        found[f"setting {values}"] = repr((each.development, each.run, [seed.dose for seed in each.seeds]))
    best = best_setting(record.settings)
    found["sweep"] = repr((record.tried, record.chosen == best, record.test, record.sentence))
    return found


def _timeless(values: Any) -> Any:
    if isinstance(values, dict):
        return {key: _timeless(value) for key, value in values.items() if key != "seconds"}
    return [_timeless(each) for each in values] if isinstance(values, list) else values


def play(folder: Path, data: Path | None, kills: bool, named: Mapping[str, str]) -> None:
    """Alone first, then the cluster, with the variables `named`; prints what came of it."""
    os.environ.pop("VECTUNE_SCHEDULER", None)
    os.environ["PYTHONPATH"] = os.pathsep.join(map(str, [COUNTING, BENCHMARKS, ROOT, ROOT / "tests"]))
    alone = _Store(folder / "alone", data, 1, {})
    seconds = alone.run_alone()
    print(f"one server, local processes: all of it in {seconds:.0f} s")
    shared = _Store(folder / "shared", data, 2, named)
    taken, killed = shared.run_cluster(kills)
    print(f"two servers, two workers: in {taken:.0f} s; killed meanwhile: {killed}")
    _report(alone, shared)


class _Store:
    """A cache folder, the visitors who have a workspace there, and the log of what was trained."""

    def __init__(self, folder: Path, data: Path | None, visitors: int, named: Mapping[str, str]) -> None:
        """`named`: variables of its servers: where their database is, and their store."""
        folder.mkdir(parents=True)
        self.log, self.data = folder / "log", data
        self.folder = folder
        self.environment = {**os.environ, LOG: str(self.log), **named}
        self.visitors = [self._call("settle", number) for number in range(visitors)]

    def run_alone(self) -> float:
        began = time.monotonic()
        for number in range(len(self.visitors)):
            assert self._start(number).wait(_PATIENCE) == 0
        return time.monotonic() - began

    def run_cluster(self, kills: bool) -> tuple[float, str]:
        os.environ.update(self.environment)  # for those that the machine starts
        shared = self.environment.get(STORE_VARIABLE)
        with running_machine(self.folder / "store", shared=shared, path=(COUNTING,)) as machine:
            self.environment["VECTUNE_SCHEDULER"] = machine.address
            began = time.monotonic()
            servers = {number: self._start(number) for number in range(len(self.visitors))}
            killer = _Killer(machine, self, servers)
            thread = threading.Thread(target=killer.run)
            if kills:
                thread.start()
            while any(server.poll() is None for server in servers.values()):
                time.sleep(0.2)
            taken = time.monotonic() - began
            killer.is_over.set()
            if kills:
                thread.join()
            assert [server.returncode for server in servers.values()] == [0] * len(servers)
        return taken, killer.done

    def _start(self, number: int) -> "subprocess.Popen[bytes]":
        command = self._command("serve", str(number), self.visitors[number])
        return subprocess.Popen(command, env=self._environment_of(number))

    def _environment_of(self, number: int) -> dict[str, str]:
        """Of a server, which has a folder of its own where there is a store beside it."""
        own = f"server {number}" if STORE_VARIABLE in self.environment else "store"
        return {**self.environment, "VECTUNE_CACHE": str(self.folder / own)}

    def _command(self, *what: str) -> list[str]:
        # without a file of its own, which children would read again
        start = [sys.executable, "-c", "import cluster_scenario; cluster_scenario.main()"]
        return [*start, *what, *(["--data", str(self.data)] if self.data is not None else [])]

    def _call(self, what: str, number: int, *more: str) -> str:
        command, environment = self._command(what, str(number), *more), self._environment_of(number)
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout.strip().splitlines()[-1]

    def results(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, visitor in enumerate(self.visitors):
            found |= json.loads(self._call("gather", number, visitor))
        return found

    def has_strangers(self) -> str:
        """Whether a visitor's workspace or problems tell of what another asked for: "" where not."""
        return "".join(
            self._call("look", number, visitor, *(each for each in self.visitors if each != visitor))
            for number, visitor in enumerate(self.visitors)
        ).replace("-", "")

    def count(self) -> tuple[Counter[str], Counter[str]]:
        """How often each model was begun, and stored."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        begun = Counter(identity for what, identity in lines if what == "begun")
        return begun, Counter(identity for what, identity in lines if what == "stored")


class _Killer:
    """Spread over the work: each kill waits until something has been stored since the last."""

    def __init__(self, machine: Machine, store: _Store, servers: "dict[int, subprocess.Popen[bytes]]") -> None:
        self._machine, self._store, self._servers = machine, store, servers
        self.is_over = threading.Event()
        self.done = "nothing"

    def run(self) -> None:
        draw, number, seen = random.Random(1), 0, 0
        pause = 5 if self._store.data is not None else 1
        while number < KILLS and not self.is_over.wait(draw.uniform(0.5, 3.0)):
            stored = self._store.log.read_text().count("stored") if self._store.log.exists() else 0
            if stored < seen + pause:
                continue
            number, seen = number + 1, stored
            self._machine.kill_worker(draw.choice(self._machine.workers).pid)
            if number == SERVER_AT:
                self._servers[1].kill()
                self._servers[1].wait()
                self._servers[1] = self._store._start(1)
            if number == SCHEDULER_AT:
                self._machine.kill_scheduler()
                self._machine.start_scheduler()
            self.done = (
                f"a worker {number} times, the scheduler {number >= SCHEDULER_AT:d}, a server {number >= SERVER_AT:d}"
            )


def _report(alone: _Store, shared: _Store) -> None:
    here, there = alone.results(), shared.results()
    same = {name for name in here if here[name] == there.get(name)}
    missing = sorted(name for name, value in there.items() if value == "missing")
    settings = [name for name in here if name.startswith("setting ")]
    print(
        f"results alike to the last digit: {len(same)} of {len(here)}, {len(settings)} settings of a sweep among them"
    )
    print(f"not alike: {sorted(here.keys() - same) or 'none'}; missing: {missing or 'none'}")
    for name, store in (("alone", alone), ("cluster", shared)):
        begun, stored = store.count()
        again = sum(begun.values()) - sum(stored.values())
        print(
            f"{name}: {sum(begun.values())} trainings begun, {sum(stored.values())} stored, {again} ended before that; "
            f"stored twice: {sum(number > 1 for number in stored.values())}"
        )
    print(f"what is another's is seen: {shared.has_strangers() or 'nowhere'}")


def _settle(wishes: Wishes) -> str:
    """A workspace with the visitor's model of its own text; gives its id."""
    identity, _ = create_workspace()
    run, config = wishes.own_model
    runs = make_runs(wishes.own, None, {run: config})
    change_workspace(identity, Workspace(), Workspace(runs=runs))
    return identity


def _look(wishes: Wishes, others: list[str]) -> str:
    """Names of what another visitor asked for and this one's workspace or problems tell of; "-" for none."""
    found = []
    kept = load_workspace(wishes.visitor).workspace
    if [run.id for run in kept.runs] != [wishes.own_model[0]]:
        found.append(f"workspace {wishes.number}")
    foreign = [replace(wishes, number=1 - wishes.number).own_model[0] for _ in others]
    found += [f"problem of {key}" for key in KeptProblems().find(foreign, wishes.visitor)]
    return ", ".join(found) or "-"


def main() -> None:
    """Of the processes that `_Store` starts."""
    what, number, *rest = sys.argv[1:]
    data = Path(rest[rest.index("--data") + 1]) if "--data" in rest else None
    rest = rest[: rest.index("--data")] if "--data" in rest else rest
    wishes = Wishes(rest[0] if rest else "", int(number), data)
    if what == "serve":
        serve(wishes)
    elif what == "gather":
        print(json.dumps(gather(wishes)))
    elif what == "settle":
        print(_settle(wishes))
    else:
        print(_look(wishes, rest[1:]))
