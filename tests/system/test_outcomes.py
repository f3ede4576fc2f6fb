"""What kept a job from ending well outlives the server that tried it, and goes with the workspace that wanted it."""

from concurrent.futures import Executor, Future
from contextlib import suppress

import pytest
from databases import everything_kept

from core.errors import TrainingError, WorkspaceError
from core.system.jobs import outcomes
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ThreadExecutor
from core.system.jobs.outcomes import INTERRUPTED, KeptProblems
from core.workspace import store


def board():
    """Of a server that has just started."""
    return Jobs(ThreadExecutor(), problems=KeptProblems())


def fail(progress, sentence):
    raise TrainingError(sentence)


def succeed(progress):
    return "model"


def try_once(jobs, key, watcher, work, *args):
    jobs.forget(key)
    jobs.submit(key, "Training", work, *args, watcher=watcher)
    with suppress(TrainingError):
        jobs.result(key, 5)


@pytest.mark.usefixtures("databases")
def test_the_next_server_says_what_kept_a_job_from_ending_well():
    try_once(board(), "a", "me", fail, "No word occurs 5 times in caf\udce9.txt.")
    assert board().last_problems(["b", "a"], "me") == {"a": "No word occurs 5 times in caf\\udce9.txt."}
    assert board().last_problems(["a"], "somebody else") == {}
    assert board().last_problems(["b"], "me") == {}
    try_once(board(), "a", "me", fail, "No word occurs twice.")
    assert board().last_problems(["a"], "me") == {"a": "No word occurs twice."}
    try_once(board(), "a", "me", succeed)
    assert board().last_problems(["a"], "me") == {}


class Never(Executor):
    """Work that does not end before the server does."""

    def submit(self, fn, *args):
        return Future()


@pytest.mark.usefixtures("databases")
def test_the_next_server_says_what_was_interrupted_in_the_queue_or_while_it_ran():
    jobs = Jobs(Never(), problems=KeptProblems())
    for key in ("runs", "waits", "left", "ended"):
        jobs.submit(key, "Training", succeed, watcher="me")
    jobs.submit("waits", "Training", succeed, watcher="you")
    jobs.submit("left", "Training", succeed, watcher="you")
    jobs.cancel("left", "me")
    jobs.end_job("ended")
    jobs.end()  # as a server does that is asked to stop; one that is killed does nothing at all
    keys = ["runs", "waits", "left", "ended"]
    assert board().last_problems(keys, "me") == {"runs": INTERRUPTED, "waits": INTERRUPTED}
    assert board().last_problems(keys, "you") == {"waits": INTERRUPTED, "left": INTERRUPTED}
    try_once(board(), "waits", "me", succeed)
    assert board().last_problems(keys, "me") == {"runs": INTERRUPTED}
    again = board()
    again.submit("runs", "Training", succeed, watcher="me")
    again.result("runs", 5)
    again.leave("me")
    assert board().last_problems(keys, "me") == {}


@pytest.mark.usefixtures("databases")
def test_it_goes_with_the_workspace_and_with_time(monkeypatch):
    identity, _ = store.create_workspace()
    try_once(board(), "a", identity, fail, "zebra")
    store.erase_from_store(identity)
    assert "zebra" not in everything_kept()
    try_once(board(), "a", "me", fail, "old zebra")
    monkeypatch.setattr(outcomes, "_REMEMBERED_SECONDS", -1.0)
    try_once(board(), "b", "me", fail, "new")
    assert "zebra" not in everything_kept()


def test_a_job_ends_though_the_database_has_no_room(monkeypatch):
    def no_room():
        raise WorkspaceError("disk full")

    monkeypatch.setattr(outcomes, "writing", no_room)
    jobs = board()
    jobs.submit("a", "Training", fail, "too few words", watcher="me")
    with pytest.raises(TrainingError, match="too few words"):
        jobs.result("a", 5)
    assert jobs.status("a").error == "too few words"
