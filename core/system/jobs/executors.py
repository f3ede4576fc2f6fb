"""Executors for work in the background: child processes that can be killed, and threads.

Training runs in a spawned child: gensim can hang or crash, and a killed child gives its memory back. `ProcessExecutor`
has a fresh child for each call, `WarmExecutor` (`warm_executor`) one that lives on. All have the shape of
`concurrent.futures.Executor`. What they run takes its inputs from the cache folder and leaves its result there, so a
cluster's executor can take their place.
"""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for_futures
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, ParamSpec, TypeVar

from core.errors import Cancelled
from core.progress import Progress
from core.system.jobs.children import attempt, end_child, receive, settle_in, unwrap

_LOOK_EVERY, _END_WITHIN = 0.2, 5  # seconds
_P = ParamSpec("_P")
_T = TypeVar("_T")


class ProcessFuture(Future[Any]):
    """A future whose `cancel` also ends work that is already running."""

    def __init__(self) -> None:
        super().__init__()
        self.kill_requested, self._kill = multiprocessing.Pipe(duplex=False)

    def cancel(self) -> bool:
        if super().cancel():
            return True
        if self.done():
            return False
        try:
            self._kill.send(True)
        except OSError:  # it ended meanwhile
            return False
        return True

    def close(self) -> None:
        """Give back its pipe; nothing can be killed any more."""
        self.kill_requested.close()
        self._kill.close()


def start_thread(work: Callable[[], None]) -> None:
    """A daemon: the threads of `concurrent.futures` keep a stopped server alive until their work is done."""
    threading.Thread(target=work, name="job", daemon=True).start()


class ThreadExecutor(Executor):
    """Runs each call at once in a thread of this process."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a thread of this process."""
        future: Future[_T] = Future()
        start_thread(partial(_fulfil, future, partial(fn, *args, **kwargs)))
        return future


def _fulfil(future: Future[_T], work: Callable[[], _T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)


class ProcessExecutor(Executor):
    """Runs each call at once in a fresh spawned child; how many at a time is for the caller to say (`jobs.Jobs`)."""

    def __init__(self, patience: float = 0.0) -> None:
        """`patience`: seconds that the work of a cancelled child may take to end, being told so by SIGTERM."""
        self._patience = patience

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a child; all must be picklable."""
        future = ProcessFuture()
        start_thread(partial(_watch_child, future, self._patience, fn, args, kwargs))
        return future


def _watch_child(
    future: ProcessFuture,
    patience: float,
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    if not future.set_running_or_notify_cancel():
        return
    spawn = multiprocessing.get_context("spawn")
    reader, writer = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run_in_child, args=(writer, fn, args, kwargs), daemon=True)
    try:
        child.start()
        writer.close()
        if future.kill_requested in wait([reader, child.sentinel, future.kill_requested]):
            if patience:
                child.terminate()
                wait([reader, child.sentinel], patience)  # its answer, or its end
            end_child(child, at_once=True)  # before anybody hears of it: what it would still write does not appear
            raise Cancelled
        future.set_result(unwrap(*receive(reader, child)))
    except BaseException as error:
        future.set_exception(error)
    finally:
        end_child(child)
        reader.close()
        future.close()


def _run_in_child(writer: Connection, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    settle_in()
    writer.send(attempt(fn, args, kwargs))
    writer.close()


def call_in_child(progress: Progress, message: str, fn: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """`fn(*args, **kwargs)` of a spawned child, all picklable, while `progress` is told `message`.

    Raises:
        Cancelled: out of `progress`; the child is ended within a second.
        JobCrashed: the child died, or `fn` raised what is no `UserError`.
    """
    child = ProcessExecutor().submit(fn, *args, **kwargs)
    try:
        while not child.done():
            progress(0.0, message)
            wait_for_futures([child], _LOOK_EVERY)
    except BaseException:
        child.cancel()
        wait_for_futures([child], _END_WITHIN)
        raise
    progress(1.0, message)
    return child.result()
