"""`worker`: do the work of the servers of a cluster on this machine."""

import argparse
import os
import sys

from core.errors import ClusterError
from core.maps.warming import prepare_maps
from core.system.cluster.address import SCHEDULER_VARIABLE, find_scheduler, require_extra
from core.system.store.upkeep import keep_copies_true


def run_worker(options: argparse.Namespace) -> None:
    """Serve until it is told to end."""
    address = find_scheduler()
    if address is None:
        raise ClusterError(f"{SCHEDULER_VARIABLE} is empty. Set it to the scheduler's address: tcp://HOST:8786.")
    require_extra()
    places = options.places or count_cores()
    if places < 1:
        raise ClusterError(f"--places is {places}; it must be 1 or more.")
    from core.system.cluster.worker import serve_worker

    keep_copies_true(adopt=False)
    prepare = None if options.cold else prepare_maps
    serve_worker(address, places, prepare, lambda line: print(line, file=sys.stderr, flush=True))


def count_cores() -> int:
    """Of this machine, as far as this process may use them."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1
