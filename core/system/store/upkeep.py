"""Keeping the copies of this machine true, while a server or a worker runs: what others delete or change."""

import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from core.errors import UserError
from core.system.files import store_copies, storing
from core.system.jobs.executors import start_thread

_EVERY = 30.0
"""Seconds: so long this machine may keep a copy of what was erased on another one."""
_log = logging.getLogger(__name__)


def keep_copies_true(*, adopt: bool, before_removal: Callable[[Path], object] = lambda path: None) -> None:
    """Settle the copies now, and again and again in the background; nothing where the cache folder is the store.

    Args:
        adopt: also put into the store what was here before there was one, in the background.
        before_removal: is called with each copy that goes.

    Raises:
        StoreError: the store does not answer; it is asked again in the background.
    """
    if store_copies() is None:
        return
    try:
        settle_copies(before_removal=before_removal)
    finally:
        start_thread(partial(_go_on, adopt, before_removal))


def settle_copies(*, adopt: bool = False, before_removal: Callable[[Path], object] = lambda path: None) -> None:
    """Do so once.

    Raises:
        StoreError: the store does not answer.
    """
    copies = store_copies()
    if copies is not None:
        with storing():
            copies.settle(adopt=adopt, before_removal=before_removal)


def _go_on(adopt: bool, before_removal: Callable[[Path], object]) -> None:
    while True:
        try:
            settle_copies(adopt=adopt, before_removal=before_removal)
            adopt = False
        except (UserError, OSError) as error:
            _log.warning("the copies of the store are not settled: %s", error)
        time.sleep(_EVERY)
