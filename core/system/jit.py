"""numba, set up once: where it keeps compiled code, what it need not import, and the lock of its parallel kernels.

Importing this imports numba (0.2 s). numba reads NUMBA_CACHE_DIR once, at import, so every module with compiled code
imports this first: a cache that outlives the process saves up to two minutes of compilation at each start.
"""

import os
import threading
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from core.system.files import cache_folder

os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))

import numba  # noqa: F401  (after the variable that it reads)


def _pass_over_scipy() -> None:
    """Keep numba's first use of compiled code from importing scipy.linalg, a third of the time of that use.

    It does so only to see whether there is a BLAS for what it may have to compile; scipy is among our requirements.
    Whatever then uses BLAS asks again.
    """
    linear_algebra: Any = import_module("numba.np.linalg")
    ensure_blas = getattr(linear_algebra, "ensure_blas", None)
    if ensure_blas and find_spec("scipy"):
        linear_algebra.ensure_blas = lambda: None
        try:
            import_module("numba.np.arraymath")
        finally:
            linear_algebra.ensure_blas = ensure_blas


_pass_over_scipy()

PARALLEL_LOCK = threading.Lock()
"""Held round every call into numba code that runs in parallel (umap-learn's): where numba has only its `workqueue`
layer, two such calls at once abort the process. Our own kernels run in one thread and need no lock."""
