"""Compiled code for maps is made once, outside the server's process."""

import gc
from concurrent.futures import Future

import pytest

import core.maps.warming
import core.system.compiled
import core.system.executors
from core.errors import Cancelled
from core.maps.warming import prepare_maps


@pytest.fixture
def calls(cache, monkeypatch):
    """What was called, in order: "child" for compiling in a child, whose future is done at once, "here" for loading."""
    calls = []
    monkeypatch.delenv("NUMBA_CACHE_DIR")

    class Executor:
        def submit(self, fn):
            calls.append("child")
            future = Future()
            future.set_result(None)
            return future

    monkeypatch.setattr(core.system.executors, "ProcessExecutor", Executor)
    monkeypatch.setattr(core.maps.warming, "warm_up", lambda: calls.append("here"))
    monkeypatch.setattr(core.maps.warming, "prepare_kernels", lambda: None)
    yield calls
    gc.unfreeze()


def test_a_child_compiles_once_and_this_process_loads(calls):
    prepare_maps()
    prepare_maps()
    assert calls == ["child", "here", "here"]
    assert gc.get_freeze_count() > 100_000  # searches for garbage pass over these


def test_another_version_is_compiled_outside_this_process_too(calls, monkeypatch):
    prepare_maps()
    monkeypatch.setattr(core.system.compiled, "_version", lambda package: "99")
    prepare_maps()
    prepare_maps()
    assert calls == ["child", "here"] * 2 + ["here"]


def test_a_server_that_stops_meanwhile_ends_the_child_and_compiles_nothing(calls, monkeypatch):
    child = Future()
    monkeypatch.setattr(core.system.executors.ProcessExecutor, "submit", lambda self, fn: child)

    def stop(fraction, message):
        raise Cancelled

    with pytest.raises(Cancelled):
        prepare_maps(stop)
    assert child.cancelled()
    assert calls == []
