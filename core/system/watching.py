"""What whoever runs a server may watch: queues, work, memory and disk in Prometheus's text format, and the log.

No words, no names, no keys of anything: only numbers of kinds of jobs. The numbers are served on a port of their own,
which is not published, because the app's own port is for visitors. The log is one line an event, for people, or with
`VECTUNE_LOG=json` one JSON object a line, for machines.
"""

import json
import logging
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from core.errors import UserError
from core.system.files import cache_folder
from core.system.jobs.board import Jobs

if TYPE_CHECKING:
    from prometheus_client.core import Metric

METRICS_VARIABLE = "VECTUNE_METRICS"
"""`PORT` or `ADDRESS:PORT` to serve /metrics at; this machine only where no address is named; off where empty."""

LOG_VARIABLE = "VECTUNE_LOG"
_OURS = ("core", "pages")

Boards = Mapping[str, Jobs]
"""Kind of work -> its board."""


def serve_metrics(boards: Boards) -> bool:
    """Serve what `boards` count, in a thread, if `VECTUNE_METRICS` says where.

    Raises:
        UserError: it says something else, or nothing can be served there.
    """
    wanted = os.environ.get(METRICS_VARIABLE, "").strip()
    if not wanted:
        return False
    from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server

    address, _, port = wanted.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise UserError(f"{METRICS_VARIABLE} is “{wanted}”; it must be a port, such as 9100, or ADDRESS:PORT.")
    registry = CollectorRegistry()
    registry.register(_Collector(boards))
    ProcessCollector(registry=registry)
    try:
        start_http_server(int(port), address or "127.0.0.1", registry)
    except OSError as error:
        raise UserError(
            f"Metrics cannot be served at {METRICS_VARIABLE}={wanted}: {error.strerror}. Choose another port."
        ) from error
    return True


class _Collector:
    def __init__(self, boards: Boards) -> None:
        self._boards = boards

    def collect(self) -> "Iterable[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        queued = GaugeMetricFamily("vectune_jobs_queued", "Jobs that wait for their turn", labels=["kind"])
        running = GaugeMetricFamily("vectune_jobs_running", "Jobs that run", labels=["kind"])
        oldest = GaugeMetricFamily(
            "vectune_jobs_oldest_wait_seconds", "How long the job that waits longest has waited", labels=["kind"]
        )
        ended = CounterMetricFamily("vectune_jobs_ended", "Jobs that ended, by outcome", labels=["kind", "outcome"])
        waited = CounterMetricFamily("vectune_jobs_waited_seconds", "Time that ended jobs waited", labels=["kind"])
        worked = CounterMetricFamily("vectune_jobs_worked_seconds", "Time that ended jobs ran", labels=["kind"])
        for kind, board in self._boards.items():
            counts = board.counts()
            queued.add_metric([kind], counts.queued)
            running.add_metric([kind], counts.running)
            oldest.add_metric([kind], counts.oldest_wait)
            waited.add_metric([kind], counts.waited)
            worked.add_metric([kind], counts.worked)
            for outcome, number in counts.ended.items():
                ended.add_metric([kind, outcome], number)
        disk = shutil.disk_usage(cache_folder("metrics").parent)
        free = GaugeMetricFamily("vectune_disk_free_bytes", "Free on the disk of the cache folder", value=disk.free)
        return (queued, running, oldest, ended, waited, worked, free)


class _Lines(logging.Formatter):
    """One JSON object a line: time, level, where it comes from, message, and the traceback of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)


def set_up_logs() -> None:
    """Write what `core` and `pages` log to stderr, from INFO on; once."""
    as_json = os.environ.get(LOG_VARIABLE, "") == "json"
    formatter = _Lines() if as_json else logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in _OURS:
        logger = logging.getLogger(name)
        if logger.handlers:
            continue
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(formatter)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
