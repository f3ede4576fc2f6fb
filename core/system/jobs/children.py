"""A child process and what comes of it: how it settles in, what it answers, how it ends.

Children are spawned: fork is unsafe once numba's threads run. They run at a lower priority and end with their parent.
"""

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any

from core.errors import Cancelled, UserError

_TIMED_OUT = 124  # exit code, as of timeout(1)


class JobCrashed(Exception):
    """The child died or raised something that is a bug; the message holds its traceback.

    Attributes:
        exit_code: of a child that died, the negative number of a signal; None otherwise.
    """

    def __init__(self, message: str, exit_code: int | None = None) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def receive(reader: Connection, child: Any, most: int | None = None) -> tuple[Any, ...]:
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


def unwrap(kind: str, value: Any) -> Any:
    if kind == "result":
        return value
    if kind == "user-error":
        raise value
    if kind == "cancelled":
        raise Cancelled
    raise JobCrashed(value)


def end_child(child: Any, *, at_once: bool = False) -> None:
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


def settle_in() -> None:
    """What each child does first."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.nice(10)  # pages stay responsive while it works: beside 5, they waited half as long again for their turn


@contextmanager
def cancelled_by_signal() -> Iterator[None]:
    """SIGTERM raises `Cancelled` in here: for a child that has others work, and is to have them end first.

    Only in the first thread of a process; elsewhere nothing changes.
    """

    def cancel(number: int, frame: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        raise Cancelled

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def attempt(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[str, Any]:
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
