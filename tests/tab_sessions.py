"""A tab of Streamlit's server without a server: runs as they are asked for, and what the browser is told."""

import asyncio
import inspect
from contextlib import contextmanager
from unittest.mock import MagicMock

import pytest
from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache


@contextmanager
def without_server():
    """While it lasts, scripts run without a server around them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "get_instance", MagicMock())
        yield


def open_tab(script):
    """A tab of that script, not drawn yet; only where an event loop runs, whose thread answers nothing meanwhile."""
    return AppSession(ScriptData(str(script), is_hello=False), MagicMock(), ScriptCache(), None, {})


def begin_run(tab, asked):
    """A run of what was asked for, at once, whatever an app in this process has made of how runs begin."""
    inspect.unwrap(AppSession._create_scriptrunner)(tab, asked)


def parts_of(tab):
    """Ids of the parts of its page that can be drawn alone, in the order of the page."""
    return list(tab._fragment_storage._fragments)


def wait_for_run(tab):
    """Until what runs has run, with all that follows from it."""
    tab._scriptrunner._script_thread.join(20)
    assert not tab._scriptrunner._script_thread.is_alive()


async def wait_for_end(tab):
    """Until nothing runs and the loop has heard all that was said."""
    for _ in range(2000):
        if tab._scriptrunner is None:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("a run has not come to its end")
