"""What of a cluster needs no Dask: addresses, who fits, the roll of jobs, boards that share theirs."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest
from cluster_machine import require_cluster
from databases import everything_kept

from core.errors import Cancelled, ClusterError
from core.system.cluster import address, boards, fitness, progress
from core.system.cluster.fitness import count_places, explain_unfit, offered, store_label, version_label, wanted
from core.system.cluster.roll import Roll, RollEntry, find_digests
from core.system.cluster.shared_board import SharedJobs
from core.system.files import digest_of
from core.workspace import store

ROOT = Path(__file__).parents[2]
AT = "tcp://127.0.0.1:8786"


@pytest.mark.parametrize("given", ["localhost:8786", "8786", "tcp://localhost", "http://localhost:8786", "tcp://a b:1"])
def test_an_address_that_is_none_is_told_with_an_example(given, monkeypatch):
    monkeypatch.setenv("VECTUNE_SCHEDULER", given)
    with pytest.raises(ClusterError, match=r"it must be tcp://HOST:PORT, such as tcp://10\.0\.0\.5:8786"):
        address.find_scheduler()


@pytest.mark.parametrize("given", ["tcp://localhost:8786", "tls://scheduler.example:1", "tcp://[::1]:8786"])
def test_an_address(given, monkeypatch):
    monkeypatch.setenv("VECTUNE_SCHEDULER", f" {given} ")
    assert address.find_scheduler() == given
    monkeypatch.setenv("VECTUNE_SCHEDULER", "")
    assert address.find_scheduler() is None


def test_without_the_extra_the_board_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(address, "find_spec", lambda name: None)
    with pytest.raises(ClusterError, match=r"pip install -r requirements-cluster\.txt"):
        boards.make_board(AT, "training")


def test_without_a_scheduler_nothing_of_dask_is_imported():
    code = (
        "import sys, pages.shared.cached.server, pages.parts.admin.workers\n"
        "import core.cli.main, core.cli.worker, core.cli.cluster\n"
        "assert not {'dask', 'distributed', 'tornado', 'fsspec'} & sys.modules.keys()\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "VECTUNE_SCHEDULER"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


def test_a_worker_fits_that_has_this_version_and_this_store():
    offer = offered(3)
    assert wanted("maps").keys() <= offer.keys()
    assert count_places([offer, offer], "training") == 6
    assert offer[version_label()] == 6.0  # a place for a training and one for a map each take one of it
    assert count_places([{"training": 4.0}], "training") == 0


def test_the_store_is_named_by_what_lies_in_it_and_where_it_is(monkeypatch, tmp_path):
    here = store_label()
    assert store_label() == here
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "another"))
    assert store_label().rpartition(" at ")[0] != here.rpartition(" at ")[0]


def test_why_no_worker_fits(monkeypatch, tmp_path):
    assert "No worker has joined this server's scheduler. Start one" in explain_unfit([])
    assert "are not Vectune's" in explain_unfit([{"GPU": 1.0}])
    other = {"training": 1.0, "vectune 9.9 (abc)": 2.0, store_label(): 2.0}
    assert "another version: Vectune 9.9 (abc), and this server is 0." in explain_unfit([other])
    mine = store_label()
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "elsewhere"))
    lost = explain_unfit([{"training": 1.0, version_label(): 2.0, mine: 2.0}])
    assert f"theirs is {mine.removeprefix('store ')}" in lost
    assert f"at {tmp_path / 'elsewhere'}. Let them see the same folder" in lost


def test_with_a_store_those_fit_that_have_the_same_one_wherever_their_copies_are(monkeypatch, tmp_path):
    require_cluster()  # fsspec comes with Dask
    monkeypatch.setenv("VECTUNE_STORE", "memory://the-workers")
    theirs = {"training": 1.0, version_label(): 2.0, store_label(): 2.0}
    monkeypatch.setenv("VECTUNE_CACHE", str(tmp_path / "elsewhere"))
    assert count_places([theirs], "training") == 1
    assert "and the same VECTUNE_STORE as this server" in explain_unfit([])
    monkeypatch.setenv("VECTUNE_STORE", "memory://another")
    lost = explain_unfit([theirs])
    assert "at memory://the-workers, and this server's is " in lost
    assert lost.endswith(
        "at memory://another. Set VECTUNE_STORE to the same address on all of them, and give them its credentials."
    )


def test_servers_write_down_what_a_worker_tells_of_its_work():
    theirs = progress.shared_progress("key")
    theirs(0.5, "half way")
    told = progress.describe_progress(theirs)
    theirs.remove()
    progress.write_told_progress(told)
    assert progress.shared_progress("key").read() == (0.5, "half way")
    progress.write_told_progress({**told, "name": "../../mine.json"})
    progress.write_told_progress(progress.describe_end(theirs))
    assert list(theirs.path.parent.iterdir()) == []


def test_the_version_changes_with_a_line_of_code(monkeypatch, tmp_path):
    before = version_label()
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").write_text("__version__ = '0'\n")
    monkeypatch.setattr(fitness.core, "__file__", str(tmp_path / "core" / "__init__.py"))
    assert version_label.__wrapped__() != before


def test_what_killed_servers_left_of_progress_goes_after_a_day():
    kept = store_label()
    old, new = progress.shared_progress("old"), progress.shared_progress("new")
    for each in (old, new):
        each(0.5, "half way")
    for path in (old.path, old.path.parent / "store.json"):
        os.utime(path, (1, 1))
    progress.clean_old_progress()
    assert (old.path.exists(), new.read(), store_label()) == (False, (0.5, "half way"), kept)


DIGEST = "0123456789abcdef" * 2


def entry(job="a" * 32, holder="me", running=True, about=DIGEST):
    return RollEntry(job, holder, "Training", "tied", about, running, 1000.0)


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.mark.usefixtures("databases")
def test_the_roll_shows_what_other_servers_have_until_they_are_gone():
    clock = Clock()
    one, other, maps = Roll("training", clock), Roll("training", clock), Roll("maps", clock)
    one.write([entry(running=False)])
    assert other.others() == {"a" * 32: entry(running=False)}
    assert one.others() == maps.others() == {}
    one.write([entry()])
    assert other.others() == {"a" * 32: entry()}
    clock.now += 29
    one.write([entry()])
    clock.now += 29
    assert other.others()
    clock.now += 2
    assert other.others() == {}
    one.write([])
    assert "Training" not in everything_kept()


@pytest.mark.usefixtures("databases")
def test_the_roll_of_a_server_that_was_killed_is_cleared_by_another():
    clock = Clock()
    Roll("training", clock).write([entry()])
    clock.now += 61
    Roll("training", clock).write([entry("b" * 32, "bob")])
    assert "a" * 32 not in everything_kept()


@pytest.mark.usefixtures("databases")
def test_what_is_ended_on_one_server_is_told_to_the_one_that_has_it_and_to_no_other_watcher():
    one, other = Roll("training"), Roll("training")
    mine = [entry(digest_of("key")), entry(digest_of("key"), "ann"), entry("c" * 32, about="")]
    assert one.write(mine) == set()
    assert other.end("key", "me") == {(digest_of("key"), "me")}
    assert one.write(mine) == {(digest_of("key"), "me")}
    assert other.end(None, "me", [DIGEST]) == {(digest_of("key"), "me")}
    assert other.end(None, "somebody") == set()
    assert other.have({("c" * 32, "me")})
    one.write([])
    assert not other.have({("c" * 32, "me")})


@pytest.mark.usefixtures("databases")
def test_the_roll_goes_with_the_workspace():
    identity, _ = store.create_workspace()
    Roll("training").write([entry(holder=identity)])
    store.erase_from_store(identity)
    assert DIGEST not in everything_kept()


def test_digests_of_an_order():
    assert find_digests(f"score x ({DIGEST!r}, 3, 'abc')") == DIGEST


class ByHand(Executor):
    """Work that ends when a test says so."""

    def __init__(self):
        self.futures = {}

    def submit(self, work, progress, *args):
        future = self.futures[work.key] = Endable()
        self.progress = progress
        return future


class Endable(Future):
    def cancel(self):
        self.set_exception(Cancelled())
        return True


def nothing(progress):
    """Work that nobody does."""


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def two_servers():
    """Two boards of one cluster, and what ends the work of the first."""
    executor = ByHand()
    boards = SharedJobs("training", executor, 1), SharedJobs("training", ByHand(), 1)
    yield *boards, executor
    for each in boards:
        each.end()


def test_a_visitor_finds_on_one_server_what_another_does(two_servers):
    one, other, executor = two_servers
    one.submit("runs", "Tied", nothing, watcher="me")
    one.submit("waits", "Scratch", nothing, watcher="me")
    wait_for(lambda: other.status("runs") and other.status("waits"))
    executor.progress(0.4, "epoch 2")
    runs, waits = other.status("runs"), other.status("waits")
    assert (runs.state, runs.title, runs.fraction, waits.state) == ("running", "Tied", 0.4, "queued")
    assert other.status("nothing") is None
    executor.futures["runs"].set_result(None)
    wait_for(lambda: other.status("runs") is None and other.status("waits").state == "running")


def test_a_visitor_cancels_on_one_server_what_another_does(two_servers):
    one, other, _ = two_servers
    for watcher in ("me", "ann"):
        one.submit("runs", "Tied", nothing, watcher=watcher)
    wait_for(lambda: other.status("runs"))
    other.cancel("runs", "me")
    wait_for(lambda: one._jobs["runs"].watchers == {"ann"}, 3)
    assert one.status("runs").active
    other.end_job("runs")
    wait_for(lambda: one.status("runs").state == "cancelled", 3)
    wait_for(lambda: other.status("runs") is None)


def test_a_job_that_is_being_ended_is_on_the_roll_until_it_has_ended(two_servers, monkeypatch):
    one, other, executor = two_servers
    one.submit("runs", "Tied", nothing, watcher="me")
    wait_for(lambda: other.status("runs"))
    monkeypatch.setattr(Endable, "cancel", lambda self: True)  # it takes its time
    (gone,) = other.leave("me")
    wait_for(lambda: not one._jobs["runs"].watchers, 3)
    for _ in range(3):
        one.write_roll()
    time.sleep(0.7)
    assert not gone.done()
    executor.futures["runs"].set_exception(Cancelled())
    gone.result(5)


def test_programs_run_together_until_ctrl_c_and_one_that_dies_is_started_again(tmp_path):
    work = f"import os, time; open({str(tmp_path)!r} + '/' + str(os.getpid()), 'w'); time.sleep(60)"
    code = f"""
import sys
from pathlib import Path
from core.system.cluster import together
from core.system.cluster.together import Program, run_together
together._SOON = 0.0
program = (sys.executable, "-c", {work!r})
run_together([Program("one", program), Program("two", program)], {dict(os.environ)!r}, Path("."), print)
"""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    wait_for(lambda: len(list(tmp_path.iterdir())) == 2, 30)
    first = int(next(tmp_path.iterdir()).name)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: len(list(tmp_path.iterdir())) == 3, 30)
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 0
    assert "ended (-9); it is started again." in process.stdout.read()
    for path in tmp_path.iterdir():
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)
