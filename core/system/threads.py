"""Linear algebra in one thread: the same bits on every machine, and no waiting for cores that others use.

OpenBLAS's threads wait for each other in a loop. Beside two busy cores a decomposition of 100 x 100 numbers took 230 ms
in two threads and 1.3 ms in one; a model by the counting method took 5.9 s and 0.7 s. And the last bits of a sum depend
on how it is divided among threads: a model made with two cores was not the one made with eight.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()
_limits: list[Any] = []
_holders: set[object] = set()


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold BLAS to one thread, in the whole process, until the last of those who asked for it is done."""
    import scipy.linalg  # noqa: F401  # has an OpenBLAS of its own, which can be held only once it is loaded
    from threadpoolctl import threadpool_limits

    holder = object()
    with _lock:
        _limits.append(threadpool_limits(1, "blas"))
        _holders.add(holder)
    try:
        yield
    finally:
        with _lock:
            _holders.remove(holder)
            while not _holders and _limits:
                _limits.pop().restore_original_limits()


def blas_kernels() -> str:
    """Which code for this processor scipy's linear algebra has chosen, such as "0.3.30 Haswell".

    The last bits of a sum depend on it, and so does what gensim trains with it.
    """
    import scipy.linalg  # noqa: F401  # loads it
    from threadpoolctl import threadpool_info

    found = {
        f"{library['version']} {library.get('architecture', '')}".strip()
        for library in threadpool_info()
        if library["user_api"] == "blas" and "scipy.libs" in library["filepath"]
    }
    return ", ".join(sorted(found)) or "unknown"


@contextmanager
def one_thread_each() -> Iterator[None]:
    """`one_thread`, and one of OpenMP for the caller: scikit-learn's k-means divides its sums among these.

    Import what brings OpenMP along first. Code that limits BLAS itself must run in here: if its limit ended in the
    middle of `one_thread`, BLAS would be free for all.
    """
    from threadpoolctl import threadpool_limits

    with one_thread(), threadpool_limits(1, "openmp"):
        yield
