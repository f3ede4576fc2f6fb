"""One call in a child process that is ended when nobody wants its result any more."""

from collections.abc import Callable
from concurrent.futures import wait
from typing import ParamSpec, TypeVar

from core.progress import Progress
from core.system.jobs import ProcessExecutor

_LOOK_EVERY, _END_WITHIN = 0.2, 5  # seconds
_P = ParamSpec("_P")
_T = TypeVar("_T")


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
            wait([child], _LOOK_EVERY)
    except BaseException:
        child.cancel()
        wait([child], _END_WITHIN)
        raise
    progress(1.0, message)
    return child.result()
