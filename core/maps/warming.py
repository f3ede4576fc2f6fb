"""Pays for compiled code, of the maps and of reading vectors files, before anybody waits for it."""

import gc
import logging
from importlib.util import find_spec
from pathlib import Path

from core.maps.layout import warm_up
from core.pretrained.text_rows import prepare_kernels
from core.progress import Progress, silent
from core.system.compiled import marker
from core.system.executors import JobCrashed, call_in_child

_log = logging.getLogger(__name__)
_COMPILED = ("core.geometry.kernels", "core.maps.manifold", "core.pretrained.kernels")


def prepare_maps(progress: Progress = silent) -> None:
    """Compile what is needed, unless the cache folder has it of this version, then load it into this process.

    Compiling takes most of a minute of CPU and holds Python's lock for long stretches, so a child process does it and
    leaves the result on the disk: pages stay quick while it works.

    Raises:
        Cancelled: out of `progress`.
    """
    sources = [Path(spec.origin) for name in _COMPILED if (spec := find_spec(name)) and spec.origin]
    done = marker("maps", ("numba", "umap-learn"), sources)
    if not done.exists():
        try:
            call_in_child(progress, "Compiling", _use_everything)
        except JobCrashed as crash:
            _log.warning("compiling in a child process failed, this process will compile: %s", crash)
    _use_everything()
    done.touch()
    gc.collect()
    gc.freeze()  # whenever Python searches for garbage, it need not look through all that is imported: 130 ms


def _use_everything() -> None:
    prepare_kernels()
    warm_up()
