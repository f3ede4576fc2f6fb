"""Independent works beside each other, in threads of one process: one progress, and one way to end them all.

It pays for work that lets go of Python's lock, as training does. What each gives does not depend on the others.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from core.errors import Cancelled
from core.progress import Progress

T = TypeVar("T")


def available_cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # no Linux
        return os.cpu_count() or 1


def run_beside(
    works: Sequence[Callable[[Progress], T]], progress: Progress, weights: Sequence[float] | None = None
) -> list[T]:
    """What each of `works` gives, in their order; as many at once as this process has cores.

    Args:
        works: each is called with a progress of its own.
        progress: told how much of all of them is done, and what the last one said; never from two threads at once.
        weights: how long each takes beside the others; all alike if None.

    Raises:
        Whatever the first work to fail raised, or what `progress` raised; the others then end with `Cancelled` when
        they next tell how far they are, and are waited for.
    """
    shares = [1.0] * len(works) if weights is None else list(weights)
    done, lock, failures = [0.0] * len(works), threading.Lock(), list[BaseException]()

    def run(number: int) -> T:
        def tell(fraction: float, message: str) -> None:
            with lock:
                if failures:
                    raise Cancelled
                done[number] = fraction
                progress(sum(share * each for share, each in zip(shares, done, strict=True)) / sum(shares), message)

        try:
            if failures:
                raise Cancelled
            return works[number](tell)
        except BaseException as failure:
            failures.append(failure)
            raise

    threads = min(len(works), available_cores())
    if threads < 2:
        return [run(number) for number in range(len(works))]
    with ThreadPoolExecutor(threads, "beside") as pool:
        futures = [pool.submit(run, number) for number in range(len(works))]
    if failures:
        raise failures[0]
    return [future.result() for future in futures]
