"""What whoever runs a server may watch: numbers, and neither words nor names."""

import json
import logging
import socket
import time
import urllib.request

import pytest

from core.errors import TrainingError, UserError
from core.system.jobs.board import Jobs
from core.system.jobs.executors import ThreadExecutor
from core.system.watching import METRICS_VARIABLE, serve_metrics, set_up_logs


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def refuse(progress):
    raise TrainingError("no")


def test_jobs_are_counted_by_kind_and_outcome_and_nothing_is_named(monkeypatch, cache):
    jobs = Jobs(ThreadExecutor())
    jobs.submit("secret-key", "Secret title", lambda progress: 1, watcher="secret-token")
    jobs.result("secret-key", 5)
    jobs.submit("other", "Secret title", refuse, watcher="secret-token")
    with pytest.raises(TrainingError):
        jobs.result("other", 5)
    port = free_port()
    monkeypatch.setenv(METRICS_VARIABLE, str(port))
    assert serve_metrics({"training": jobs})
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    assert 'vectune_jobs_ended_total{kind="training",outcome="done"} 1.0' in text
    assert 'vectune_jobs_ended_total{kind="training",outcome="refused"} 1.0' in text
    assert 'vectune_jobs_queued{kind="training"} 0.0' in text
    assert "vectune_disk_free_bytes" in text
    assert "process_resident_memory_bytes" in text
    assert "secret" not in text.lower()


def test_without_the_variable_nothing_is_served(monkeypatch):
    monkeypatch.delenv(METRICS_VARIABLE, raising=False)
    assert not serve_metrics({})


@pytest.mark.parametrize("value", ["on", "0", "70000", "here:"])
def test_a_value_that_is_no_port_is_named(monkeypatch, value):
    monkeypatch.setenv(METRICS_VARIABLE, value)
    with pytest.raises(UserError, match=f"{METRICS_VARIABLE} is “{value}”"):
        serve_metrics({})


def test_a_log_for_machines_is_a_json_object_a_line(monkeypatch, capsys):
    monkeypatch.setenv("VECTUNE_LOG", "json")
    logger = logging.getLogger("core")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)
    set_up_logs()
    logging.getLogger("core.anything").info("stored %s", "run")
    event = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert event["message"] == "stored run"
    assert event["from"] == "core.anything"
    assert time.strptime(event["time"][:19], "%Y-%m-%dT%H:%M:%S")
