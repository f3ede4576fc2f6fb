"""`scheduler`: what servers of a cluster ask, and what gives their work to its workers."""

import argparse
import sys

from core.system.cluster.address import require_extra


def run_scheduler(options: argparse.Namespace) -> None:
    """Serve until it is told to end."""
    require_extra()
    from core.system.cluster.worker import serve_scheduler

    serve_scheduler(options.host, options.port, lambda line: print(line, file=sys.stderr, flush=True))
