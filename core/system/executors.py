"""Executors for work in the background: child processes that can be killed, and threads.

Training runs in a spawned child: gensim can hang or crash, a killed child gives its memory back, and fork is unsafe
once numba's threads run. `ProcessExecutor` has the shape of `concurrent.futures.Executor`. What it runs takes its
inputs from the cache folder and leaves its result there, so a cluster's executor can take its place.
"""

import multiprocessing
import os
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for_futures
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, ParamSpec, TypeVar

from core.errors import Cancelled, UserError
from core.progress import Progress

_TIMED_OUT = 124  # exit code, as of timeout(1)
_LOOK_EVERY, _END_WITHIN = 0.2, 5  # seconds
_P = ParamSpec("_P")
_T = TypeVar("_T")


class JobCrashed(Exception):
    """The child died or raised something that is a bug; the message holds its traceback."""


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


def _start_thread(work: Callable[[], None]) -> None:
    """A daemon: the threads of `concurrent.futures` keep a stopped server alive until their work is done."""
    threading.Thread(target=work, name="job", daemon=True).start()


class ThreadExecutor(Executor):
    """Runs each call at once in a thread of this process."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a thread of this process."""
        future: Future[_T] = Future()
        _start_thread(partial(_fulfil, future, partial(fn, *args, **kwargs)))
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

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a child; all must be picklable."""
        future = ProcessFuture()
        _start_thread(partial(_watch_child, future, fn, args, kwargs))
        return future


def _watch_child(future: ProcessFuture, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    spawn = multiprocessing.get_context("spawn")
    reader, writer = spawn.Pipe(duplex=False)
    child = spawn.Process(target=_run_in_child, args=(writer, fn, args, kwargs), daemon=True)
    try:
        child.start()
        writer.close()
        if future.kill_requested in wait([reader, child.sentinel, future.kill_requested]):
            raise Cancelled
        future.set_result(_outcome(reader, child))
    except BaseException as error:
        future.set_exception(error)
    finally:
        _end(child)
        reader.close()
        future.close()


def _outcome(reader: Connection, child: Any) -> Any:
    try:
        kind, value = reader.recv()
    except EOFError:
        child.join(5)
        if child.exitcode == _TIMED_OUT:
            raise JobCrashed("The work took far longer than it should and was ended. Try a smaller text.") from None
        raise JobCrashed(
            f"The working process ended unexpectedly (exit code {child.exitcode}). It may have run out of memory."
        ) from None
    if kind == "result":
        return value
    if kind == "user-error":
        raise value
    raise JobCrashed(value)


def _end(child: Any) -> None:
    if child.pid is None:
        return
    child.join(0.2)
    if child.is_alive():
        child.terminate()
        child.join(0.5)
    if child.is_alive():
        child.kill()
    child.join()


def _run_in_child(writer: Connection, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.nice(5)  # pages stay responsive while a model trains
    try:
        writer.send(("result", fn(*args, **kwargs)))
    except UserError as error:
        writer.send(("user-error", error))
    except BaseException:
        writer.send(("bug", traceback.format_exc()))
    writer.close()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def within(seconds: float, fn: Callable[..., Any], /, *args: Any) -> Any:
    """Call `fn(*args)` in a child process that ends itself after `seconds`: gensim can hang for ever."""
    timer = threading.Timer(seconds, os._exit, (_TIMED_OUT,))
    timer.daemon = True
    timer.start()
    try:
        return fn(*args)
    finally:
        timer.cancel()


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
