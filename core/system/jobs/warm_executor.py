"""An executor whose spawned children live on for the next call: for work whose preparation takes longer than itself.

Its children may be confined (`confinement.allow`).
"""

import gc
import logging
import math
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, ParamSpec, TypeVar

from core.errors import Cancelled
from core.system.confinement import confine, has_exceeded
from core.system.jobs.children import JobCrashed, attempt, end_child, receive, settle_in, unwrap
from core.system.jobs.executors import ProcessFuture, start_thread
from core.system.memory import used_bytes

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_T = TypeVar("_T")

Explain = Callable[[str, int], Exception]
"""What to raise when a confined child died over a piece of work: of what that was, and of the exit code."""


@dataclass(frozen=True, slots=True, eq=False)
class _WarmChild:
    """A child that waits for calls, and this end of its pipe."""

    process: Any
    pipe: Connection

    def end(self) -> None:
        self.pipe.close()  # which ends it at once where it waits
        end_child(self.process)


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
        start_thread(self._stand_by)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Call `fn(*args, **kwargs)` in a warm child; all must be picklable."""
        future = ProcessFuture()
        start_thread(partial(self._call, future, (fn, args, kwargs)))
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
            result = unwrap(*outcome)
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
                kind, *rest = receive(child.pipe, child.process, self._most_answer)
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
    settle_in()
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
        outcome = attempt(fn, args, kwargs)
        del fn, args, kwargs
        gc.collect()
        pipe.send((*outcome, math.inf if has_exceeded() else calls, used_bytes() or 0))
