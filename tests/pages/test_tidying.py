"""Memory is given back while the server runs: sessions of those who left, results that nobody looks at."""

import asyncio
import threading
from types import SimpleNamespace

import pytest
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from pages.shared.memory import tidying
from pages.shared.memory.result_cache import ResultCache


class FakeRuntime:
    def __init__(self, expired):
        self.eventloop = asyncio.new_event_loop()
        self.threads = []
        self._expired = list(expired)
        self._session_mgr = self._session_storage = self._cache = self

    def _get_async_objs(self):
        return self

    def expire(self):
        self.threads.append(threading.current_thread())
        return [None] * self._expired.pop(0)


@pytest.fixture
def look(monkeypatch):
    """Gives a function: how often memory was given back when at each look so many sessions were over."""

    def look(results, expired):
        runtime, given = FakeRuntime(expired), []
        loop = threading.Thread(target=runtime.eventloop.run_forever, daemon=True)
        loop.start()
        remaining = [*([results] * len(expired)), None]
        monkeypatch.setattr(tidying, "exists", lambda: True)
        monkeypatch.setattr(tidying, "get_instance", lambda: runtime)
        monkeypatch.setattr(tidying, "give_back", lambda: given.append(True))
        monkeypatch.setattr(tidying.time, "sleep", lambda _: None)
        tidying._look_now_and_then(lambda: remaining.pop(0))
        runtime.eventloop.call_soon_threadsafe(runtime.eventloop.stop)
        assert set(runtime.threads) == {loop}  # Streamlit's sessions are no business of other threads
        return len(given)

    return look


def test_memory_is_given_back_when_visitors_have_left_and_not_at_every_look(look):
    assert look(ResultCache(1), [0, 0]) == 0
    assert look(ResultCache(1), [0, 3, 0, 1]) == 2


def test_memory_is_given_back_when_results_were_dropped(look):
    now = [0.0]
    results = ResultCache(100, idle_seconds=1, clock=lambda: now[0])
    results.get("a", lambda: 1)
    now[0] = 5.0
    assert look(results, [0, 0]) == 1


def test_streamlit_ends_sessions_when_told_and_only_then():
    storage = MemorySessionStorage(ttl_seconds=0)
    storage.save(SessionInfo(client=None, session=SimpleNamespace(id="left")))
    assert storage.list() == []
    assert len(storage._cache.expire()) == 1
    assert hasattr(Runtime, "_get_async_objs")
    assert "_session_mgr" in Runtime.__init__.__code__.co_names
    assert "_session_storage" in WebsocketSessionManager.__init__.__code__.co_names
