"""What a worker does with a call: a child of its own does it, and is ended when nobody wants its result any more.

The scheduler and the workers import this module; a server packs calls and unpacks outcomes with it. Paths below the
cache folder travel without what that is called: each machine has it where it likes.
"""

import io
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from concurrent.futures import wait as wait_for_futures
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from distributed import Status, Worker, get_worker

from core.errors import Cancelled, UserError
from core.system.cluster.progress import PROGRESS_TOPIC, describe_end, describe_progress
from core.system.files import cache_folder, cache_root, store_copies
from core.system.jobs.children import JobCrashed
from core.system.jobs.executors import ProcessExecutor
from core.system.jobs.progress_file import ProgressFile
from core.system.jobs.warm_executor import WarmExecutor

_LOOK_EVERY, _END_WITHIN = 0.2, 5.0  # seconds
_TELL_EVERY = 1.0  # seconds
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
        return pack_value(_outcome_of(call, worker, key))
    finally:
        with _lock:
            _at_work.discard(key)


def pack_call(prepare: Callable[[], None] | None, work: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    """A call of `work`; in a child that lives on and begins with `prepare`, where there is one."""
    return pack_value((prepare, work, args))


def pack_value(value: Any) -> bytes:
    """`value` for another machine."""
    packed = io.BytesIO()
    _Packer(packed).dump(value)
    return packed.getvalue()


def unpack_value(packed: bytes) -> Any:
    """What `pack_value` packed; what lies at paths in it is got from the store where machines share one.

    Raises:
        StoreError: the store does not answer.
    """
    return _Unpacker(io.BytesIO(packed)).load()


class _Packer(pickle.Pickler):
    def persistent_id(self, value: Any) -> tuple[str, ...] | None:
        """Where a path lies in the cache folder; None for all that is none of these."""
        if not isinstance(value, Path) or not value.is_relative_to(cache_root()):
            return None
        return value.relative_to(cache_root()).parts


class _Unpacker(pickle.Unpickler):
    def persistent_load(self, parts: tuple[str, ...]) -> Path:
        """The path to the same in this machine's cache folder."""
        return cache_folder(*parts)


def is_at_work(key: str) -> bool:
    """Whether this worker's child for the call of that key has yet to end."""
    with _lock:
        return key in _at_work


def start_warm(prepare: Callable[[], None]) -> None:
    """Have the child that begins with `prepare` ready before the first call."""
    _warm(prepare).start()


def _outcome_of(call: bytes, worker: Worker, key: str) -> tuple[str, Any]:
    try:
        prepare, work, args = unpack_value(call)
    except UserError as error:
        return "user-error", error
    executor: Executor = ProcessExecutor() if prepare is None else _warm(prepare)
    child = executor.submit(work, *args)
    with _telling(worker, args) as tell:
        while not child.done():
            wait_for_futures([child], _LOOK_EVERY)
            tell()
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


@contextmanager
def _telling(worker: Worker, args: tuple[Any, ...]) -> Iterator[Callable[[], None]]:
    """Gives what tells servers how far the work is; nothing where they see the file of it themselves."""
    file = args[0] if args else None
    if not isinstance(file, ProgressFile) or store_copies() is None:
        yield lambda: None
        return
    told, when = describe_end(file), 0.0

    def tell() -> None:
        nonlocal told, when
        if time.monotonic() - when > _TELL_EVERY and (now := describe_progress(file)) != told:
            told, when = now, time.monotonic()
            worker.log_event(PROGRESS_TOPIC, told)

    try:
        yield tell
    finally:
        file.remove()
        worker.log_event(PROGRESS_TOPIC, describe_end(file))


def _is_wanted(worker: Worker, key: str) -> bool:
    task = worker.state.tasks.get(key)
    return worker.status in _AT_WORK and task is not None and task.state not in ("cancelled", "resumed", "released")


@cache
def _warm(prepare: Callable[[], None]) -> WarmExecutor:
    return WarmExecutor(prepare)
