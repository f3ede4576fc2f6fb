"""Jobs: progress, shared work, cancelling, and failures that cannot take the server down."""

import math
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from pathlib import Path

import pytest
from forked_children import forking

from core.errors import Cancelled, TrainingError
from core.system.jobs import board as board_module
from core.system.jobs import executors
from core.system.jobs.board import Jobs
from core.system.jobs.children import JobCrashed, within
from core.system.jobs.executors import ProcessExecutor, ProcessFuture, ThreadExecutor
from core.system.jobs.load import Load
from core.system.jobs.paces import Paces
from core.system.jobs.progress_file import ProgressFile
from core.system.jobs.schedule import Place


def add(progress, a, b):
    progress(0.5, "half way")
    return a + b


def sleep_for_ever(progress, pid_file):
    pid_file.write_text(str(os.getpid()))
    while True:
        progress(0.25, "asleep")
        time.sleep(0.05)


def refuse(progress):
    raise TrainingError("No word occurs 5 times. Lower the minimum count.")


def crash(progress):
    os.kill(os.getpid(), signal.SIGSEGV)


def bug(progress):
    raise KeyError("nobody expected this")


@pytest.fixture(scope="module")
def executor():
    return ProcessExecutor()


@pytest.fixture(scope="module", autouse=True)
def forked_children():
    """Children of a server that has imported this module once: for most tests it is the same how they come about.

    The servers that tests below start have spawned ones, as the app has.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "multiprocessing", forking())
        yield


@pytest.fixture
def jobs(executor):
    return Jobs(executor, workers=2)


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # an orphan may wait as a zombie for an init that never looks


def test_result_and_status(jobs):
    jobs.submit("sum", "Adding", add, 2, 3, watcher="me")
    assert jobs.result("sum", 30) == 5
    status = jobs.status("sum")
    assert (status.state, status.fraction, status.title) == ("done", 1.0, "Adding")
    assert jobs.status("other") is None


def test_cancel_ends_the_process_within_two_seconds(jobs, tmp_path):
    pid_file = tmp_path / "pid"
    jobs.submit("sleep", "Sleeping", sleep_for_ever, pid_file, watcher="me")
    wait_for(lambda: jobs.status("sleep").fraction == 0.25)
    began = time.monotonic()
    jobs.cancel("sleep", "me")
    wait_for(lambda: jobs.status("sleep").state == "cancelled", 2)
    pid = int(pid_file.read_text())
    wait_for(lambda: not is_alive(pid), 2 - (time.monotonic() - began))


def test_one_watchers_cancel_does_not_stop_anothers(jobs, tmp_path):
    for watcher in ("ann", "bob"):
        jobs.submit("shared", "Shared", sleep_for_ever, tmp_path / "pid", watcher=watcher)
    jobs.cancel("shared", "ann")
    time.sleep(0.2)
    assert jobs.status("shared").active
    jobs.cancel("shared", "bob")
    wait_for(lambda: jobs.status("shared").state == "cancelled", 5)


def test_queued_job_can_be_cancelled(tmp_path):
    jobs = Jobs(ProcessExecutor())
    jobs.submit("first", "First", sleep_for_ever, tmp_path / "pid", watcher="me")
    jobs.submit("second", "Second", add, 1, 1, watcher="me")
    assert jobs.status("second").state == "queued"
    jobs.cancel("second", "me")
    jobs.cancel("first", "me")
    wait_for(lambda: jobs.status("first").state == "cancelled", 5)
    assert jobs.status("second").state == "cancelled"


def test_user_error_is_told_as_it_is(jobs):
    jobs.submit("refuse", "Refusing", refuse, watcher="me")
    wait_for(lambda: not jobs.status("refuse").active)
    status = jobs.status("refuse")
    assert status.error == "No word occurs 5 times. Lower the minimum count."
    assert (status.state, status.bug) == ("failed", False)


def test_crash_and_bug_are_reported_and_the_next_job_runs(jobs):
    jobs.submit("crash", "Crashing", crash, watcher="me")
    with pytest.raises(JobCrashed, match="ended unexpectedly"):
        jobs.result("crash", 30)
    jobs.submit("bug", "Failing", bug, watcher="me")
    with pytest.raises(JobCrashed, match="nobody expected this"):
        jobs.result("bug", 30)
    assert jobs.status("bug").bug
    bugs = jobs.failures()
    assert bugs[0].what.startswith("KeyError in core/system/jobs/work.py, line ")
    assert bugs[1].what == "JobCrashed"
    jobs.submit("sum", "Adding", add, 1, 1, watcher="me")
    assert jobs.result("sum", 30) == 2


def test_work_that_hangs_ends_itself(executor, tmp_path):
    progress = ProgressFile(tmp_path / "progress.json")
    with pytest.raises(JobCrashed, match="far longer"):
        executor.submit(within, 0.5, sleep_for_ever, progress, tmp_path / "pid").result(30)


def test_a_thread_job_stops_at_its_next_report(tmp_path):
    jobs = Jobs(ThreadExecutor())
    jobs.submit("sleep", "Sleeping", sleep_for_ever, tmp_path / "pid", watcher="me")
    wait_for(lambda: jobs.status("sleep").state == "running")
    jobs.cancel("sleep", "me")
    wait_for(lambda: jobs.status("sleep").state == "cancelled", 5)


@pytest.fixture
def server(tmp_path):
    """A process with a job in a child and one in a thread; it ends when told to. Gives it and the child's pid."""
    code = f"""
import signal
from pathlib import Path
from system import test_jobs
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ProcessExecutor, ThreadExecutor
if __name__ == "__main__":
    children, threads = Jobs(ProcessExecutor()), Jobs(ThreadExecutor())
    children.submit("sleep", "Sleeping", test_jobs.sleep_for_ever, Path({str(tmp_path / "pid")!r}), watcher="me")
    threads.submit("sleep", "Sleeping", test_jobs.sleep_for_ever, Path({str(tmp_path / "own")!r}), watcher="me")
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.pause()
"""
    script = tmp_path / "server.py"
    script.write_text(code)
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])])
    server = subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": path})
    wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    yield server, int((tmp_path / "pid").read_text())
    server.kill()
    server.wait()


def test_killing_the_server_ends_its_children(server):
    process, child = server
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not is_alive(child), 5)


def test_a_server_that_is_stopped_does_not_wait_for_its_jobs(server):
    process, child = server
    process.send_signal(signal.SIGTERM)
    assert process.wait(4) == 0
    wait_for(lambda: not is_alive(child), 5)


def test_cancelling_what_ends_at_that_moment_is_no_error():
    future = ProcessFuture()
    future.set_running_or_notify_cancel()
    future.close()
    assert not future.cancel()


def test_progress_file_reads_back_the_last_report(tmp_path):
    progress = ProgressFile(tmp_path / "p.json")
    assert progress.read() == (0.0, "")
    progress(0.1, "start")
    progress(1.0, "end")
    assert progress.read() == (1.0, "end")


def test_jobs_of_others_come_between_those_of_one(tmp_path):
    jobs = Jobs(ThreadExecutor())
    done = []
    jobs.submit("first", "First", sleep_for_ever, tmp_path / "pid", watcher="ann", seconds=60)
    for name, watcher in (("a", "ann"), ("b", "ann"), ("c", "bob")):
        jobs.submit(name, name, lambda progress, name=name: done.append(name), watcher=watcher, seconds=60)
    assert jobs.count_waiting("ann") == 2
    assert jobs.status("c").place.ahead == 0
    assert jobs.status("a").place.ahead == 1
    wait_for(lambda: jobs.status("first").fraction == 0.25)  # it has taken some time by then, of which bob has had none
    jobs.cancel("first", "ann")
    wait_for(lambda: len(done) == 3)
    assert done == ["c", "a", "b"]


def test_jobs_that_ended_are_forgotten_in_time_and_leave_no_pipe(monkeypatch):
    monkeypatch.setattr(board_module, "_REMEMBERED", 3)
    jobs = Jobs(ThreadExecutor())
    for number in range(10):
        jobs.submit(str(number), "Adding", add, 1, number, watcher="me")
        jobs.result(str(number), 5)
    assert [key for key in map(str, range(10)) if jobs.status(key)] == ["7", "8", "9"]
    children = Jobs(ProcessExecutor())
    children.submit("sum", "Adding", add, 1, 1, watcher="me")
    children.result("sum", 30)
    before = count_pipes()
    assert before
    for _ in range(3):
        children.forget("sum")
        children.submit("sum", "Adding", add, 1, 1, watcher="me")
        children.result("sum", 30)
    wait_for(lambda: count_pipes() <= before)


def count_pipes():
    """Other descriptors come and go: a cluster's client of other tests still looks for its scheduler."""
    found = 0
    for each in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found += os.readlink(each).startswith("pipe:")
    return found


class ByHand(Executor):
    """Work that ends when a test says so."""

    def __init__(self):
        self.futures = {}

    def submit(self, fn, progress, name):
        self.futures[name] = Future()
        return self.futures[name]


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def board():
    """A board of two workers on an idle machine, what ends its work, and its clock."""
    executor, clock = ByHand(), Clock()
    return Jobs(executor, workers=2, paces=Paces(Load(math.inf)), clock=clock), executor.futures, clock


def order(jobs, name, seconds, watcher="ann"):
    jobs.submit(name, name, add, name, watcher=watcher, kind="training", seconds=seconds)


def test_places_tell_the_time_that_jobs_took_before(board):
    jobs, work, clock = board
    for number in range(12):
        order(jobs, f"first {number}", 5)
        clock.now += 20
        work[f"first {number}"].set_result(None)
    order(jobs, "now", 50)
    order(jobs, "next", 50)
    assert jobs.status("next").place == Place(0, pytest.approx(200, rel=0.25))
    order(jobs, "five", 5)
    order(jobs, "more", 60)
    assert jobs.status("five").place.seconds > 10, "what takes twenty seconds here is no short work"


def test_what_takes_longer_than_expected_leaves_the_lane_of_short_work(board):
    jobs, work, clock = board
    order(jobs, "long", 300)
    order(jobs, "said to be short", 3)
    order(jobs, "short", 2, watcher="bob")
    assert set(work) == {"long", "said to be short"}
    clock.now += 7
    assert jobs.status("short").state == "queued"
    clock.now += 4
    jobs.status("short")
    assert jobs.status("short").state == "running"


def test_an_overdue_job_is_not_said_to_end_at_once(board):
    jobs, _, clock = board
    order(jobs, "first", 20)
    order(jobs, "second", 20)
    clock.now += 100
    assert jobs.status("second").place.seconds == 25


def test_a_cancelled_job_teaches_nothing(board):
    jobs, work, clock = board
    order(jobs, "first", 20)
    clock.now += 1
    work["first"].set_exception(Cancelled())
    assert jobs.expect("training", 20) == 20


def test_whoever_runs_the_server_sees_whose_jobs_there_are_and_ends_them_for_all(board):
    jobs, work, clock = board
    order(jobs, "first", 60, watcher="ann")
    order(jobs, "first", 60, watcher="bob")
    order(jobs, "second", 50, watcher="bob")
    clock.now += 10
    first, second = jobs.entries()
    assert (first.owner, first.kind, first.state, first.seconds, first.seconds_left) == (
        "ann",
        "training",
        "running",
        10,
        50,
    )
    assert (second.owner, second.state, second.seconds, second.seconds_left) == ("bob", "queued", 10, 50)
    jobs.end_job("second")
    assert jobs.status("second").state == "cancelled"
    jobs.end_job("first")
    assert work["first"].cancelled()
    assert not jobs.entries()


def test_the_end_of_many_jobs_is_told_before_they_are_asked_for(board):
    jobs, _, clock = board
    order(jobs, "another's", 100, watcher="bob")
    clock.now += 20
    assert jobs.expect_end("ann", []) == 0
    assert jobs.expect_end("ann", [("training", 30.0)] * 3) == 80 + 3 * 30
    assert jobs.expect_end("ann", [("training", 5.0)]) == 5
    assert len(jobs.entries()) == 1


def name_file(progress, name):
    while True:
        progress(0.5, f"reading {name}")
        time.sleep(0.01)


def test_who_leaves_is_forgotten_with_what_the_job_was_called(jobs):
    """The title and the order of a job may have the names of files in them."""
    jobs.submit("a", "Indexing zebra.txt", name_file, "zebra.txt", watcher="v")
    jobs.submit("b", "Indexing zebra.txt", name_file, "zebra.txt", watcher="v")
    jobs.submit("c", "waits", name_file, "zebra.txt", watcher="v")
    jobs.submit("b", "Indexing zebra.txt", name_file, "zebra.txt", watcher="w")
    jobs.submit("d", "other", add, 1, 2, watcher="v", seconds=1)
    assert wait_for_futures(jobs.leave("v", {"zebra"}), 20).not_done == set()
    assert [jobs.status(key) is None for key in "abcd"] == [True, False, True, False]
    wait_for(lambda: jobs.status("d").state == "done")
    assert jobs.leave("v") == []
    assert jobs.status("d") is None
    assert wait_for_futures(jobs.leave("w"), 20).not_done == set()
    assert jobs.status("b") is None


def test_a_cancelled_child_writes_nothing_after_its_end_is_known(jobs, cache):
    """It was killed some time after its watchers had heard that it had ended; what it wrote by then stayed."""
    jobs.submit("a", "a", name_file, "zebra.txt", watcher="v")
    wait_for(lambda: jobs.status("a").message)
    (ended,) = jobs.leave("v")
    assert isinstance(ended.exception(20), Cancelled)
    assert not list(cache.rglob("*.json"))
    time.sleep(0.3)
    assert not list(cache.rglob("*.json"))


def test_the_log_says_no_title(jobs, caplog):
    with caplog.at_level("INFO"):
        jobs.submit("a", "Indexing zebra.txt", add, 1, 2, watcher="v", kind="index")
        assert jobs.result("a", 30) == 3
    assert "zebra" not in caplog.text
    assert "queued add" in caplog.text
