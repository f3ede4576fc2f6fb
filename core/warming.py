"""Pays for the maps' compiled code before anybody waits for it."""

import logging
import os
from pathlib import Path

from core.jobs import JobCrashed, ProcessExecutor
from core.projection import warm_up
from core.storage import cache_folder

_log = logging.getLogger(__name__)


def prepare_maps() -> None:
    """Compile what maps need, unless the cache folder has it, then load it into this process.

    Compiling takes most of a minute of CPU and holds Python's lock for long stretches, so a child process does it and
    leaves the result on the disk: pages stay quick while it works.
    """
    compiled = Path(os.environ.get("NUMBA_CACHE_DIR") or cache_folder("numba"))
    if not compiled.is_dir() or not any(compiled.iterdir()):
        with ProcessExecutor() as executor:
            try:
                executor.submit(warm_up).result()
            except JobCrashed as crash:
                _log.warning("compiling in a child process failed, this process will compile: %s", crash)
    warm_up()
