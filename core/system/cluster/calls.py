"""What a worker does with a call: a child of its own does it, and is ended when nobody wants its result any more.

The scheduler and the workers import this module; nothing of it runs on a server.
"""

import pickle
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from concurrent.futures import wait as wait_for_futures
from functools import cache
from typing import Any

from distributed import Status, Worker, get_worker

from core.errors import Cancelled, UserError
from core.system.jobs.children import JobCrashed
from core.system.jobs.executors import ProcessExecutor
from core.system.jobs.warm_executor import WarmExecutor

_LOOK_EVERY, _END_WITHIN = 0.2, 5.0  # seconds
_AT_WORK = frozenset({Status.running, Status.paused})
_at_work: set[str] = set()
_lock = threading.Lock()


def run_call(call: bytes) -> bytes:
    """Do it in a child process; gives the pickled kind of outcome and its value, as `children.attempt` does.

    A call is what `pack_call` made. Two kinds more than those of a child: "crashed", with what it says and the exit
    code, and "ended", where the call was ended because nobody wanted it any more, or the worker ends.
    """
    worker = get_worker()
    key = str(worker.get_current_task())
    with _lock:
        _at_work.add(key)
    try:
        return pickle.dumps(_outcome_of(call, worker, key))
    finally:
        with _lock:
            _at_work.discard(key)


def pack_call(prepare: Callable[[], None] | None, work: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    """A call of `work`; in a child that lives on and begins with `prepare`, where there is one."""
    return pickle.dumps((prepare, work, args))


def is_at_work(key: str) -> bool:
    """Whether this worker's child for the call of that key has yet to end."""
    with _lock:
        return key in _at_work


def start_warm(prepare: Callable[[], None]) -> None:
    """Have the child that begins with `prepare` ready before the first call."""
    _warm(prepare).start()


def _outcome_of(call: bytes, worker: Worker, key: str) -> tuple[str, Any]:
    prepare, work, args = pickle.loads(call)
    executor: Executor = ProcessExecutor() if prepare is None else _warm(prepare)
    child = executor.submit(work, *args)
    while not child.done():
        wait_for_futures([child], _LOOK_EVERY)
        if not child.done() and not _is_wanted(worker, key):
            child.cancel()
            wait_for_futures([child], _END_WITHIN)
            return "ended", None
    try:
        return "result", child.result()
    except UserError as error:
        return "user-error", error
    except Cancelled:
        return "ended", None
    except JobCrashed as crash:
        return "crashed", (str(crash), crash.exit_code)


def _is_wanted(worker: Worker, key: str) -> bool:
    task = worker.state.tasks.get(key)
    return worker.status in _AT_WORK and task is not None and task.state not in ("cancelled", "resumed", "released")


@cache
def _warm(prepare: Callable[[], None]) -> WarmExecutor:
    return WarmExecutor(prepare)
