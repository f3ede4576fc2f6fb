"""`cluster`: scheduler, workers and servers, all on this machine, until Ctrl-C ends them together."""

import argparse
import os
import sys
from pathlib import Path

from core.cli.worker import count_cores
from core.errors import ClusterError
from core.system.cluster.address import SCHEDULER_VARIABLE, require_extra
from core.system.cluster.together import Program, run_together

_APP = Path(__file__).parents[2] / "app.py"
_HOST = "127.0.0.1"


def run_cluster(options: argparse.Namespace) -> None:
    """Start all, tell where they are, start again what dies, and end all with this."""
    require_extra()
    if options.workers < 1:
        raise ClusterError(f"--workers is {options.workers}; it must be 1 or more.")
    places = max(1, count_cores() // options.workers)
    core = (sys.executable, "-m", "core")
    serve = (sys.executable, "-m", "streamlit", "run", str(_APP), "--server.headless", "true", "--server.port")
    programs = [
        Program("scheduler", (*core, "scheduler", "--host", _HOST, "--port", str(options.scheduler_port))),
        *(
            Program(f"worker {number}", (*core, "worker", "--places", str(places)))
            for number in range(1, options.workers + 1)
        ),
        *(Program(f"server {number}", (*serve, str(port))) for number, port in enumerate(options.ports, 1)),
    ]
    environment = {**os.environ, SCHEDULER_VARIABLE: f"tcp://{_HOST}:{options.scheduler_port}"}
    for port in options.ports:
        print(f"http://localhost:{port}", flush=True)
    run_together(programs, environment, _APP.parent, lambda line: print(line, file=sys.stderr, flush=True))
