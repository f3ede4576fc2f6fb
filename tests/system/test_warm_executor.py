"""A warm child lives on between calls, and is replaced when it was killed, has grown or has served long."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import wait
from pathlib import Path

import pytest
from forked_children import forking
from system.test_jobs import add, bug, crash, is_alive, refuse, sleep_for_ever, wait_for

from core.errors import Cancelled, TrainingError
from core.system.jobs import warm_executor
from core.system.jobs.board import Jobs
from core.system.jobs.children import JobCrashed, within
from core.system.jobs.warm_executor import WarmExecutor
from core.system.memory import used_bytes

_prepared = []


def prepare():
    _prepared.append(os.getpid())


def prepare_badly():
    raise OSError("no room for compiled code")


def who():
    """The process that answers, and how often it was prepared."""
    return os.getpid(), len(_prepared)


def hold(megabytes):
    _prepared.append(b"x" * (megabytes << 20))
    return os.getpid()


@pytest.fixture(scope="module", autouse=True)
def forked_children():
    """As in `test_jobs`; the servers below start spawned ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm_executor, "multiprocessing", forking())
        yield


@pytest.fixture
def executor():
    executor = WarmExecutor(prepare)
    yield executor
    executor.shutdown()


def test_one_child_is_prepared_once_and_answers_every_call(executor):
    answers = {executor.submit(who).result(30) for _ in range(3)}
    ((child, prepared),) = answers
    assert child != os.getpid()
    assert prepared == 1


def test_it_can_be_started_before_anybody_calls(executor):
    executor.start()
    wait_for(lambda: executor._idle)
    (waiting,) = executor._idle
    executor.start()  # one is enough
    assert executor.submit(who).result(30)[0] == waiting.process.pid


def test_two_calls_at_once_have_two_children_of_which_one_stays(executor):
    both = [executor.submit(time.sleep, 1) for _ in range(2)]
    wait(both, 30)
    wait_for(lambda: len(executor._idle) == 1)
    assert all(future.exception() is None for future in both)


def test_cancelling_ends_the_child_and_the_next_waits_in_advance(executor, tmp_path):
    jobs = Jobs(executor)
    jobs.submit("sleep", "Sleeping", sleep_for_ever, tmp_path / "pid", watcher="me")
    wait_for(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    jobs.cancel("sleep", "me")
    wait_for(lambda: jobs.status("sleep").state == "cancelled", 5)
    child = int((tmp_path / "pid").read_text())
    assert not is_alive(child)
    wait_for(lambda: executor._idle)
    jobs.submit("sum", "Adding", add, 1, 2, watcher="me")
    assert jobs.result("sum", 30) == 3


@pytest.mark.parametrize("work", [crash, bug])
def test_a_crash_and_a_bug_are_told_and_the_next_call_is_answered(executor, work):
    jobs = Jobs(executor)
    jobs.submit("work", "Working", work, watcher="me")
    with pytest.raises(JobCrashed, match="nobody expected this" if work is bug else "ended unexpectedly"):
        jobs.result("work", 30)
    jobs.submit("sum", "Adding", add, 1, 2, watcher="me")
    assert jobs.result("sum", 30) == 3


def test_an_error_of_the_user_leaves_the_child_as_it_is(executor):
    before = executor.submit(who).result(30)
    with pytest.raises(TrainingError, match="No word occurs"):
        executor.submit(refuse, None).result(30)
    assert executor.submit(who).result(30) == before


def give_up():
    raise Cancelled


def test_work_that_stops_by_itself_when_it_is_told_to_leaves_the_child_too(executor):
    before = executor.submit(who).result(30)
    with pytest.raises(Cancelled):
        executor.submit(give_up).result(30)
    assert executor.submit(who).result(30) == before


def test_work_that_hangs_ends_its_child(executor, tmp_path):
    with pytest.raises(JobCrashed, match="far longer"):
        executor.submit(within, 0.5, time.sleep, 60).result(30)


def test_a_child_that_cannot_be_prepared_works_all_the_same(tmp_path):
    executor = WarmExecutor(prepare_badly)
    assert executor.submit(add, lambda_free_progress, 1, 2).result(30) == 3
    executor.shutdown()


def lambda_free_progress(fraction, message):
    """Picklable, as a progress must be."""


@pytest.mark.skipif(used_bytes() is None, reason="this system does not say how much memory a process holds")
def test_a_child_that_has_grown_is_replaced():
    executor = WarmExecutor(prepare, most_bytes=300 << 20)
    small, same = (executor.submit(hold, 1).result(30) for _ in range(2))
    assert small == same
    assert executor.submit(hold, 400).result(30) == same
    assert executor.submit(hold, 1).result(30) != same
    executor.shutdown()


def test_a_child_that_has_served_long_is_replaced():
    executor = WarmExecutor(prepare, most_calls=2)
    children = [executor.submit(who).result(30)[0] for _ in range(4)]
    assert children[0] == children[1] != children[2] == children[3]
    executor.shutdown()


def test_no_pipe_stays_open():
    """In a process of its own: what other tests left running opens and closes files of this one."""
    code = """
import os
from system import test_warm_executor
from core.system.jobs.warm_executor import WarmExecutor

def held():
    return len(os.listdir("/proc/self/fd"))

if __name__ == "__main__":
    executor = WarmExecutor(test_warm_executor.prepare)
    executor.submit(test_warm_executor.who).result(30)
    before = held()
    for _ in range(5):
        executor.submit(test_warm_executor.who).result(30)
    test_warm_executor.wait_for(lambda: held() <= before)
    executor.shutdown()
"""
    path = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(__file__).parents[2])])
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path}, check=True, timeout=60)


@pytest.fixture
def server(tmp_path):
    """A process with a warm child that waits; gives it and the child's pid."""
    code = f"""
import signal
from pathlib import Path
from system import test_warm_executor
from core.system.jobs.board import Jobs
from core.system.jobs.warm_executor import WarmExecutor
if __name__ == "__main__":
    executor = WarmExecutor(test_warm_executor.prepare)
    board = Jobs(executor)
    child, _ = executor.submit(test_warm_executor.who).result(30)
    Path({str(tmp_path / "pid")!r}).write_text(str(child))
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


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_ends_takes_its_waiting_child_along(server, ending):
    process, child = server
    process.send_signal(ending)
    process.wait(5)
    wait_for(lambda: not is_alive(child), 5)
