"""Compiled code for maps is made once, outside the server's process."""

import core.warming
from core.warming import prepare_maps


def test_a_child_compiles_once_and_this_process_loads(cache, monkeypatch):
    calls = []
    monkeypatch.delenv("NUMBA_CACHE_DIR")

    class Executor:
        def submit(self, fn):
            calls.append("child")
            (cache / "numba").mkdir(parents=True)
            (cache / "numba" / "kernel").touch()
            return self

        def result(self):
            return None

    monkeypatch.setattr(core.warming, "ProcessExecutor", Executor)
    monkeypatch.setattr(core.warming, "warm_up", lambda: calls.append("here"))
    monkeypatch.setattr(core.warming, "prepare_kernels", lambda: None)
    prepare_maps()
    prepare_maps()
    assert calls == ["child", "here", "here"]
