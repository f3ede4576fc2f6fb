"""Pays for compiled code, of training, the maps and reading vectors files, before anybody waits for it."""

import gc
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from core.geometry.neighbours import nearest_neighbours, overlaps
from core.maps.figures import draw_map
from core.maps.layout import warm_up
from core.pretrained.text_rows import prepare_kernels
from core.system.compiled import marker

_COMPILED = ("core.geometry.kernels", "core.maps.forces", "core.maps.manifold", "core.pretrained.kernels")
_LOOK_EVERY = 0.5  # seconds


def prepare_maps() -> None:
    """Load all that maps need and use it once, for the child that makes them.

    The first time on a machine it compiles, which takes most of a minute of CPU, and leaves the result on the disk;
    what training needs comes first, as nobody has a map before a model.
    """
    from core.models import engine

    engine.prepare()
    prepare_kernels()
    warm_up()
    _marker().touch()
    _settle()


def prepare_pages(patience: float = 300) -> None:
    """Load what pages use of compiled code and of large libraries into this process, for a thread of the server.

    Compiling holds Python's lock for long stretches, so that another process has to have done it: it is waited for, at
    most `patience` seconds. Importing holds it for up to 300 ms, which everybody would wait when the first opens a map.
    """
    compiled, end = _marker(), time.monotonic() + patience
    while not compiled.exists():
        if time.monotonic() > end:
            return
        time.sleep(_LOOK_EVERY)
    prepare_kernels()
    few = nearest_neighbours(np.eye(4, dtype=np.float32), 2)
    overlaps(few, few, 2)
    _draw_something()
    _settle()


def _draw_something() -> None:
    from scipy.stats import false_discovery_control

    places, words = np.zeros((2, 2), np.float32), np.zeros(2, np.int64)
    figure = draw_map(("a", "b"), places, words, words > 0, words[:, None], ((0.0, 1.0), (0.0, 1.0)))
    figure.to_json()
    false_discovery_control([0.5])


def _marker() -> Path:
    """Says that everything was compiled from this code, on this machine."""
    sources = [Path(spec.origin) for name in _COMPILED if (spec := find_spec(name)) and spec.origin]
    return marker("maps", ("numba", "umap-learn"), sources)


def _settle() -> None:
    """Whenever Python searches for garbage, it need not look through all that is imported: 130 ms."""
    gc.collect()
    gc.freeze()
