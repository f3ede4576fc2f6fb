"""Gives memory back while the server runs: results that nobody looks at any more, and visitors who left."""

import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from streamlit.runtime import exists, get_instance

from core.system.memory import give_back
from pages.shared.memory.result_cache import ResultCache

_LOOK_EVERY = 30.0  # seconds
_log = logging.getLogger(__name__)


def keep_tidy(results: ResultCache) -> None:
    """Look after `results`, and after Streamlit's sessions, in a thread that lives as long as the results."""
    threading.Thread(target=_look_now_and_then, args=(weakref.ref(results),), name="tidying", daemon=True).start()


def _look_now_and_then(results: Callable[[], ResultCache | None]) -> None:
    while (found := results()) is not None:
        if found.drop_idle() + _end_sessions():
            give_back()
        del found
        time.sleep(_LOOK_EVERY)


def _end_sessions() -> int:
    """End the sessions of those who left and whose time to come back is over; gives how many.

    Streamlit keeps a session for two minutes, but ends it only when another visitor leaves. Each holds three
    descriptors, what its visitor uploaded, and what was drawn. Streamlit has no public name for this, so with another
    version of it they may stay until somebody leaves.
    """
    if not exists():
        return 0
    ended: list[int] = []
    done = threading.Event()
    runtime: Any = get_instance()
    try:
        expire, loop = runtime._session_mgr._session_storage._cache.expire, runtime._get_async_objs().eventloop

        def end() -> None:
            ended.append(len(expire()))
            done.set()

        loop.call_soon_threadsafe(end)  # in the thread that they belong to
    except (AttributeError, RuntimeError):  # another version of Streamlit; or the server is stopping
        _log.info("sessions of those who left cannot be ended")
        return 0
    done.wait(_LOOK_EVERY)
    return sum(ended)
