"""Executors for work in the background: child processes that can be killed, and threads.

Training runs in a spawned child: gensim can hang or crash, a killed child gives its memory back, and fork is unsafe
once numba's threads run. `ProcessExecutor` has a fresh child for each call, `WarmExecutor` one that lives on, for work
whose preparation takes longer than itself; its children may be confined (`confinement.allow`). Both have the shape of
`concurrent.futures.Executor`. What they run takes its inputs from the cache folder and leaves its result there, so a
cluster's executor can take their place.
"""

import gc
import logging
import math
import multiprocessing
import os
import pickle
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, ParamSpec, TypeVar

from core.errors import Cancelled, UserError
from core.progress import Progress
from core.system.confinement import confine, has_exceeded
from core.system.memory import used_bytes

_TIMED_OUT = 124  # exit code, as of timeout(1)
_LOOK_EVERY, _END_WITHIN = 0.2, 5  # seconds
_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class JobCrashed(Exception):
    """The child died or raised something that is a bug; the message holds its traceback.

    Attributes:
        exit_code: of a child that died, the negative number of a signal; None otherwise.
    """

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


Explain = Callable[[str, int], Exception]
"""What to raise when a confined child died over a piece of work: of what that was, and of the exit code."""


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


@dataclass(frozen=True, slots=True, eq=False)
class _WarmChild:
    """A child that waits for calls, and this end of its pipe."""

    process: Any
    pipe: Connection

    def end(self) -> None:
        self.pipe.close()  # which ends it at once where it waits
        _end(self.process)


class WarmExecutor(Executor):
    """Runs each call at once in a spawned child that lives on for the next one.

    One child waits between calls. While it is busy another is started; of two that are idle one is ended. A cancelled
    call ends its child, and so does a crash; a child is also ended when it has grown or has served long. Whenever none
    is left, the next one is started in advance.
    """

    def __init__(
        self,
        prepare: Callable[[], None],
        *,
        most_calls: int = 100,
        most_bytes: int = 1_200_000_000,
        explain: Explain | None = None,
        most_answer: int | None = None,
    ) -> None:
        """A new child calls `prepare`, which is picklable, before anything else.

        Args:
            prepare: imports, and uses once, what calls need.
            most_calls: after so many a child is replaced.
            most_bytes: a child that still holds more memory than this after a call is replaced.
            explain: with it children are confined, so that `confinement.allow` binds there. It says what went wrong
                with a child that died; one whose work was interrupted is replaced.
            most_answer: bytes that a call may give back; a child that sends more is ended.
        """
        self._prepare = prepare
        self._explain = explain
        self._most_answer = most_answer
        self._most_calls = most_calls
        self._most_bytes = most_bytes
        self._idle: list[_WarmChild] = []
        self._is_open = True
        self._lock = threading.Lock()

    def start(self) -> None:
        """Have a child prepare itself in the background, unless one is there that waits."""
        _start_thread(self._stand_by)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a warm child; all must be picklable."""
        future = ProcessFuture()
        _start_thread(partial(self._call, future, (fn, args, kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the children that wait, and start no more; calls that run go on unless they are cancelled."""
        with self._lock:
            self._is_open = False
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _call(self, future: ProcessFuture, call: tuple[Any, ...]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        child: _WarmChild | None = None
        lives_on = False
        try:
            child = self._take()
            with suppress(OSError):  # it died meanwhile, which the next line finds out too
                child.pipe.send(call)
            *outcome, calls, held = self._answer(child, future)
            lives_on = calls < self._most_calls and held < self._most_bytes
            result = _unwrap(*outcome)
        except BaseException as error:
            self._give_back(child, lives_on)
            future.set_exception(error)
        else:
            self._give_back(child, lives_on)
            future.set_result(result)
        finally:
            future.close()

    def _answer(self, child: _WarmChild, future: ProcessFuture) -> tuple[Any, ...]:
        """What the child answers; until then it may tell what it is at."""
        at = ""
        try:
            while True:
                if future.kill_requested in wait([child.pipe, child.process.sentinel, future.kill_requested]):
                    raise Cancelled
                kind, *rest = _receive(child.pipe, child.process, self._most_answer)
                if kind != _AT:
                    return kind, *rest
                (at,) = rest
        except JobCrashed as crash:
            if self._explain is None or not at or crash.exit_code is None:
                raise
            raise self._explain(at, crash.exit_code) from crash

    def _take(self) -> _WarmChild:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.process.is_alive():
                    return child
                child.end()
        return self._spawn()

    def _give_back(self, child: _WarmChild | None, lives_on: bool) -> None:
        if child is None:
            return
        with self._lock:
            keep = lives_on and self._is_open and not self._idle
            if keep:
                self._idle.append(child)
        if not keep:
            child.end()
            self._stand_by()

    def _stand_by(self) -> None:
        with self._lock:
            if self._is_open and not any(child.process.is_alive() for child in self._idle):
                self._idle.append(self._spawn())

    def _spawn(self) -> _WarmChild:
        spawn = multiprocessing.get_context("spawn")
        ours, its = spawn.Pipe()
        process = spawn.Process(target=_serve_calls, args=(its, self._prepare, self._explain is not None), daemon=True)
        process.start()
        its.close()
        return _WarmChild(process, ours)


_AT = "at"
"""Begins what a confined child tells beside its answers."""


def _serve_calls(pipe: Connection, prepare: Callable[[], None], is_confined: bool) -> None:
    """What a warm child does: answer with the kind of outcome, its value, how many calls so far, bytes held."""
    _settle_in()
    try:
        prepare()
    except Exception:
        _log.exception("a warm child could not be prepared, its first call will be slower")
    if is_confined:
        confine(lambda what: pipe.send((_AT, what)))
    calls: float = 0
    while True:
        try:
            fn, args, kwargs = pipe.recv()
        except EOFError:
            return
        calls += 1
        outcome = _attempt(fn, args, kwargs)
        del fn, args, kwargs
        gc.collect()
        pipe.send((*outcome, math.inf if has_exceeded() else calls, used_bytes() or 0))


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
            _end(child, at_once=True)  # before anybody hears of it: what it would still write does not appear
            raise Cancelled
        future.set_result(_unwrap(*_receive(reader, child)))
    except BaseException as error:
        future.set_exception(error)
    finally:
        _end(child)
        reader.close()
        future.close()


def _receive(reader: Connection, child: Any, most: int | None = None) -> tuple[Any, ...]:
    """What the child sent, of at most so many bytes.

    Raises:
        JobCrashed: it died before it did.
    """
    try:
        sent: tuple[Any, ...] = pickle.loads(reader.recv_bytes(most))
    except (EOFError, OSError):
        child.join(5)
        if child.exitcode == _TIMED_OUT:
            raise JobCrashed("The work took far longer than it should and was ended. Try a smaller text.") from None
        raise JobCrashed(
            f"The working process ended unexpectedly (exit code {child.exitcode}). It may have run out of memory.",
            child.exitcode,
        ) from None
    return sent


def _unwrap(kind: str, value: Any) -> Any:
    if kind == "result":
        return value
    if kind == "user-error":
        raise value
    if kind == "cancelled":
        raise Cancelled
    raise JobCrashed(value)


def _end(child: Any, *, at_once: bool = False) -> None:
    if child.pid is None:
        return
    if not at_once:
        child.join(0.2)
    if child.is_alive():
        child.terminate()
        child.join(0.5)
    if child.is_alive():
        child.kill()
    child.join()


def _run_in_child(writer: Connection, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    _settle_in()
    writer.send(_attempt(fn, args, kwargs))
    writer.close()


def _settle_in() -> None:
    """What each child does first."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.nice(10)  # pages stay responsive while it works: beside 5, they waited half as long again for their turn


def _attempt(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Any]:
    """The kind of outcome, and the result, error or traceback."""
    try:
        return "result", fn(*args, **kwargs)
    except UserError as error:
        return "user-error", error
    except Cancelled:
        return "cancelled", None
    except BaseException:
        return "bug", traceback.format_exc()


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
