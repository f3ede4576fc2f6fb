"""A cluster for real: a scheduler and two workers as processes of this machine, and two servers' boards."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import cluster_work
import numpy as np
import pytest
from cluster_machine import Machine, require_cluster
from cluster_work import calls_in
from made_sweeps import planted_plan, tiny_vectors, topical_text

from core.config import default_config
from core.errors import ClusterError, TrainingError
from core.models.runs import keep_corpus, keep_pretrained, load_run, train_run
from core.pretrained.vectors import PretrainedVectors
from core.progress import silent
from core.score.sweep.plan import make_plan
from core.score.sweep.search import SearchWay
from core.score.sweep.store import SweepOrder, find_sweep, keep_sweep
from core.system.jobs.children import JobCrashed
from core.system.jobs.work import Work
from core.text.corpus import build_corpus
from core.text.reading.documents import read_documents
from core.workspace.demo_data import demo_uploads

pytestmark = pytest.mark.cluster
CANCELLED_WITHIN = 3.0


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    require_cluster()
    store = tmp_path_factory.mktemp("cluster") / "store"
    machine = Machine(store)
    machine.store = store
    yield machine
    machine.end()


@pytest.fixture(name="store")
def store_of_the_machine(machine, cache, monkeypatch):
    """The cache folder of these tests' servers is the one of the workers."""
    monkeypatch.setenv("VECTUNE_CACHE", str(machine.store))
    return machine.store


@pytest.fixture
def server(machine, store):
    """Makes the board of one more server of the cluster."""
    from core.system.cluster.connection import Connection
    from core.system.cluster.executor import ClusterExecutor
    from core.system.cluster.shared_board import SharedJobs

    made = []

    def make(name="training", patience=30.0):
        connection = Connection(machine.address)
        wait_for(lambda: (state := connection.state()) and len(state.workers or ()) == 2, 30)
        executor = ClusterExecutor(connection, "training", patience=patience)
        made.append((connection, SharedJobs(name, executor, executor.places)))
        return made[-1][1]

    yield make
    for connection, board in made:
        board.end()
        with suppress(ClusterError):
            connection.client().close()


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the second where it ends between the two
        return False
    return state != "Z"


def test_results_errors_and_crashes_come_as_from_a_child_of_this_machine(server, tmp_path):
    jobs = server()
    jobs.submit("sum", "Adding", cluster_work.add, tmp_path / "calls", 2, 3, watcher="me")
    assert jobs.result("sum", 30) == 5
    jobs.submit("refuse", "Refusing", cluster_work.refuse, watcher="me")
    with pytest.raises(TrainingError, match="No word occurs 5 times"):
        jobs.result("refuse", 30)
    jobs.submit("crash", "Crashing", cluster_work.crash, watcher="me")
    with pytest.raises(JobCrashed, match="exit code -6"):
        jobs.result("crash", 30)
    jobs.submit("hang", "Hanging", cluster_work.take_without_a_word, tmp_path / "hang", 60, watcher="me", limit=0.5)
    with pytest.raises(JobCrashed, match="far longer"):
        jobs.result("hang", 30)


def test_a_training_gives_the_same_bits_as_on_one_machine(server, store, tmp_path, monkeypatch):
    corpus = build_corpus(read_documents(demo_uploads()).documents[:60], name="demo")
    words = tuple(corpus.words[:500])
    vectors = np.random.default_rng(1).normal(size=(500, 20)).astype(np.float32)
    pretrained = PretrainedVectors("some", words, vectors, "digest", "glove-text", 500)
    configs = [default_config(strategy, vector_size=20, epochs=2, min_count=2) for strategy in ("scratch", "tied")]
    jobs, inputs = server(), (keep_corpus(corpus), keep_pretrained(pretrained, corpus))
    for config in configs:
        jobs.submit(config.strategy, "Training", train_run, *inputs, config, watcher="me")
    there = {config.strategy: load_run(jobs.result(config.strategy, 120)) for config in configs}
    assert not store.joinpath("runs").is_relative_to(tmp_path)
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "alone"))
    inputs = keep_corpus(corpus), keep_pretrained(pretrained, corpus)
    for config in configs:
        here = load_run(train_run(silent, *inputs, config))
        assert here.words == there[config.strategy].words
        assert here.vectors.tobytes() == there[config.strategy].vectors.tobytes()


def test_the_same_work_asked_of_two_servers_is_done_once(server, tmp_path):
    one, other, calls = server(), server(), tmp_path / "calls"
    for jobs, watcher in ((one, "ann"), (other, "bob")):
        jobs.submit("shared", "Shared", cluster_work.take, calls, 1.5, watcher=watcher)
    assert [jobs.result("shared", 30) for jobs in (one, other)] == ["done", "done"]
    assert len(calls_in(calls)) == 1


def test_cancel_ends_what_runs_within_three_seconds(server, tmp_path):
    jobs, calls = server(), tmp_path / "calls"
    jobs.submit("long", "Long", cluster_work.take_without_a_word, calls, 60, watcher="me")
    wait_for(lambda: calls_in(calls))
    ((pid, _),) = calls_in(calls)
    began = time.monotonic()
    jobs.cancel("long", "me")
    wait_for(lambda: jobs.status("long").state == "cancelled", CANCELLED_WITHIN)
    assert not is_alive(pid)
    assert time.monotonic() - began < CANCELLED_WITHIN
    jobs.submit("long", "Long", cluster_work.take, calls, 0.1, watcher="me")  # and it can be asked for anew at once
    assert jobs.result("long", 30) == "done"


def test_what_another_server_wants_goes_on(server, tmp_path):
    one, other, calls = server(), server(), tmp_path / "calls"
    for jobs, watcher in ((one, "ann"), (other, "bob")):
        jobs.submit("both", "Both", cluster_work.take, calls, 3, watcher=watcher)
    wait_for(lambda: calls_in(calls))
    one.cancel("both", "ann")
    wait_for(lambda: not one._active(), 5)
    assert other.result("both", 30) == "done"
    assert len(calls_in(calls)) == 1


def test_a_visitor_sees_and_cancels_on_the_other_server(server, tmp_path):
    one, other, calls = server(), server(), tmp_path / "calls"
    one.submit("elsewhere", "Training", cluster_work.take, calls, 60, watcher="me")
    wait_for(lambda: (status := other.status("elsewhere")) and status.fraction == 0.25)
    status = other.status("elsewhere")
    assert (status.state, status.title, status.message) == ("running", "Training", "at it")
    began = time.monotonic()
    other.cancel("elsewhere", "me")
    wait_for(lambda: one.status("elsewhere").state == "cancelled", CANCELLED_WITHIN)
    ((pid, _),) = calls_in(calls)
    assert not is_alive(pid)
    assert time.monotonic() - began < CANCELLED_WITHIN
    wait_for(lambda: not (other.status("elsewhere") or one.status("elsewhere")).active, 3)


def test_leaving_on_one_server_ends_and_waits_for_jobs_on_the_other(server, tmp_path):
    one, other, calls = server(), server(), tmp_path / "calls"
    digest = "0123456789abcdef" * 2
    one.submit(f"about {digest}", "Training", cluster_work.take, calls, 60, watcher="me")
    wait_for(lambda: other.status(f"about {digest}") and calls_in(calls))
    assert other.leave("me", ["f" * 32]) == []
    (gone,) = other.leave("me", [digest])
    gone.result(10)
    ((pid, _),) = calls_in(calls)
    assert not is_alive(pid)


def test_a_worker_that_dies_loses_nothing_that_was_finished(machine, server, tmp_path):
    jobs = server()
    jobs.submit("before", "Before", cluster_work.add, tmp_path / "before", 1, 1, watcher="me")
    jobs.result("before", 30)
    jobs.submit("during", "During", cluster_work.take, tmp_path / "during", 3, watcher="me")
    wait_for(lambda: calls_in(tmp_path / "during"))
    ((child, worker),) = calls_in(tmp_path / "during")
    machine.kill_worker(worker)
    assert jobs.result("during", 60) == "done"
    assert not is_alive(child)
    assert len(calls_in(tmp_path / "during")) == 2
    assert len(calls_in(tmp_path / "before")) == 1


def test_a_scheduler_that_dies_loses_nothing_that_was_finished(machine, server, tmp_path):
    jobs = server()
    jobs.submit("earlier", "Before", cluster_work.add, tmp_path / "before", 1, 1, watcher="me")
    jobs.result("earlier", 30)
    jobs.submit("meanwhile", "During", cluster_work.take, tmp_path / "during", 3, watcher="me")
    wait_for(lambda: calls_in(tmp_path / "during"))
    machine.kill_scheduler()
    wait_for(lambda: "scheduler" in jobs.status("meanwhile").message)
    ((child, _),) = calls_in(tmp_path / "during")
    wait_for(lambda: not is_alive(child), 5)
    machine.start_scheduler()
    assert jobs.result("meanwhile", 60) == "done"
    assert len(calls_in(tmp_path / "during")) == 2
    assert len(calls_in(tmp_path / "before")) == 1


def test_work_of_a_server_that_is_gone_ends(machine, server, tmp_path):
    jobs, calls = server(), tmp_path / "calls"
    jobs.submit("orphan", "Orphan", cluster_work.take, calls, 60, watcher="me")
    wait_for(lambda: calls_in(calls))
    ((child, _),) = calls_in(calls)
    jobs._executor._connection.client().close()
    jobs.end()
    wait_for(lambda: not is_alive(child), 5)


@pytest.fixture
def sweeping(machine, store, monkeypatch):
    """This process may ask the cluster to try settings, and trains nothing itself."""
    from core.models import runs
    from core.system.cluster.connection import connect

    def refuse(*arguments):
        raise AssertionError("a server trains")

    monkeypatch.setenv("VECTUNE_SCHEDULER", machine.address)
    monkeypatch.setattr(runs, "_train", refuse)
    wait_for(lambda: (state := connect(machine.address).state()) and state.problem is None, 30)
    yield
    connect(machine.address).client().close()
    connect.cache_clear()


def order_of(corpus, plan):
    rows = () if not plan.vectors else (keep_pretrained(tiny_vectors(), corpus),)
    return SweepOrder(keep_corpus(corpus), rows, plan, SearchWay())


@pytest.mark.usefixtures("sweeping")
def test_workers_try_the_settings_of_a_sweep_once_for_two_servers_with_the_numbers_of_one_machine(
    machine, store, tmp_path, monkeypatch
):
    order = order_of(topical_text(), planted_plan([1, 2]))
    before = {path.name for path in (store / "runs").glob("*")}
    with ThreadPoolExecutor() as servers:
        assert len(set(servers.map(lambda _: keep_sweep(silent, order), range(2)))) == 1
    there = find_sweep(order.identity)
    made = {path.name for path in (store / "runs").glob("*")} - before
    assert len(made) == 4 * 2 + 1 + 1  # a placebo among them
    monkeypatch.undo()
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "alone"))
    keep_sweep(silent, order_of(topical_text(), planted_plan([1, 2])))
    here = find_sweep(order.identity)
    assert [repr((each.values, each.development, each.run)) for each in there.settings] == [
        repr((each.values, each.development, each.run)) for each in here.settings
    ]
    assert (there.test, there.sentence) == (here.test, here.sentence)


@pytest.mark.usefixtures("sweeping")
def test_a_cancelled_sweep_ends_what_workers_do_for_it_before_anybody_hears_of_it(machine, store):
    from core.system.cluster.boards import make_board_of_sweeps
    from core.system.cluster.connection import connect

    plan = make_plan(["scratch"], {"epochs": (150,), "min_count": (1,), "alpha": (0.02, 0.03, 0.04)})
    board, order = make_board_of_sweeps(), order_of(topical_text(300, 1000), plan)
    board.submit("sweep", "Trying", keep_sweep, order, watcher="me")
    connection = connect(machine.address)

    def at_work():
        return [key for keys in connection.client().processing().values() for key in keys]

    wait_for(lambda: len(at_work()) == 2, 60)  # one for each worker
    board.cancel("sweep", "me")
    wait_for(lambda: not at_work(), CANCELLED_WITHIN)
    wait_for(lambda: board.status("sweep").state == "cancelled", 2 * CANCELLED_WITHIN)  # its process has ended as well
    assert find_sweep(order.identity).chosen is None


def test_no_worker_of_this_version_is_said_so(server, monkeypatch, tmp_path):
    jobs = server(patience=1.0)
    monkeypatch.setattr("core.system.cluster.fitness.version_label", lambda: "vectune 9.9")
    jobs._executor._connection.look()
    jobs.submit("misfit", "Misfit", cluster_work.add, tmp_path / "calls", 1, 1, watcher="me")
    with pytest.raises(ClusterError, match=r"another version: Vectune .*, and this server is 9\.9"):
        jobs.result("misfit", 30)


def test_a_scheduler_that_is_not_there_is_said_so(store):
    from core.system.cluster.connection import Connection
    from core.system.cluster.executor import ClusterExecutor

    executor = ClusterExecutor(Connection("tcp://127.0.0.1:1"), "training", patience=0.5)
    with pytest.raises(ClusterError, match=r"does not answer\. Start it: python -m core scheduler"):
        executor.submit(Work("a", cluster_work.refuse), silent).result(30)
