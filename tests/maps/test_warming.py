"""Compiled code for maps is made once, outside the server's process."""

import gc
import subprocess
import sys
import threading

import pytest

import core.maps.warming
import core.system.compiled
from core.maps.warming import prepare_maps, prepare_pages


@pytest.fixture
def calls(cache, monkeypatch):
    """What was called, in order: "map" for a first map, "kernels" for what reads vectors files."""
    calls = []
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setattr(core.maps.warming, "warm_up", lambda: calls.append("map"))
    monkeypatch.setattr(core.maps.warming, "prepare_kernels", lambda: calls.append("kernels"))
    yield calls
    gc.unfreeze()


def test_the_child_uses_everything_and_passes_over_it_in_searches_for_garbage(calls):
    prepare_maps()
    assert calls == ["kernels", "map"]
    assert gc.get_freeze_count() > 100_000


def test_pages_wait_until_the_child_has_compiled(calls):
    thread = threading.Thread(target=prepare_pages)
    thread.start()
    thread.join(1)
    assert thread.is_alive()
    assert calls == []
    prepare_maps()
    thread.join(30)
    assert not thread.is_alive()
    assert calls == ["kernels", "map", "kernels"]


def test_pages_do_not_wait_for_ever(calls):
    prepare_pages(patience=0.1)
    assert calls == []


def test_another_version_is_waited_for_anew(calls, monkeypatch):
    prepare_maps()
    monkeypatch.setattr(core.system.compiled, "_version", lambda package: "99")
    prepare_pages(patience=0.1)
    assert calls == ["kernels", "map"]


def test_pages_need_no_umap():
    code = (
        "import sys; import core.maps.warming as warming; from core.maps.figures import draw_side;"
        "warming._marker().touch(); warming.prepare_pages();"
        "print([name for name in ('umap', 'sklearn', 'pynndescent', 'gensim') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
