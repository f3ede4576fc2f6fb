"""What a run says last reaches the browser, also where a part of its page polls at that moment."""

import asyncio
from pathlib import Path

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from tab_sessions import open_tab, parts_of, wait_for_end, wait_for_run, without_server

from pages.shared.frame import run_ends

PAGE = """
import streamlit as st

@st.fragment(run_every=4.0)
def poll():
    st.text("polled")

poll()
st.text("the end of the page")
"""
PRIVATE = ("_create_scriptrunner", "_handle_scriptrunner_event_on_event_loop")


@pytest.fixture
def untouched(monkeypatch):
    """Streamlit's tabs as Streamlit has them, and after the test as they were."""
    for name in PRIVATE:
        method = getattr(AppSession, name)
        monkeypatch.setattr(AppSession, name, getattr(method, "__wrapped__", method))
    with without_server():
        yield


def said_by(script, *, is_replaced=False):
    """What the browser is told where a part of the page polls just when the page has come to its end.

    `is_replaced`: where the page is asked for anew instead.
    """

    async def draw():
        tab = open_tab(script)
        tab.request_rerun(None)
        wait_for_run(tab)  # the loop has had no turn: what was said waits for it
        tab.request_rerun(None if is_replaced else ClientState(fragment_id=parts_of(tab)[0]))
        wait_for_run(tab)
        await wait_for_end(tab)
        said = tab._browser_queue.flush()
        tab.shutdown()
        return said

    return asyncio.run(draw())


def texts(said):
    return [message.delta.new_element.text.body for message in said if message.WhichOneof("type") == "delta"]


def ends(said):
    return [message.script_finished for message in said if message.WhichOneof("type") == "script_finished"]


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.py"
    path.write_text(PAGE)
    return path


def test_streamlit_alone_loses_it(untouched, page):
    """When this fails, Streamlit has mended it, and `run_ends` can go."""
    said = said_by(page)
    assert "the end of the page" not in texts(said)
    assert ends(said) == [ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]


def test_the_end_of_the_page_is_there_and_then_what_polled(untouched, page):
    run_ends.keep()
    said = said_by(page)
    assert texts(said)[-1] == "polled"
    assert "the end of the page" in texts(said)
    assert ends(said) == [ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]


def test_a_run_that_another_one_replaces_is_silenced(untouched, page):
    run_ends.keep()
    said = said_by(page, is_replaced=True)
    assert texts(said).count("the end of the page") == 1
    assert ends(said) == [ForwardMsg.FINISHED_SUCCESSFULLY]


def test_what_polls_twice_meanwhile_polls_once_it_is_over_and_the_page_anew_waits_for_nothing(untouched, page):
    run_ends.keep()

    async def draw():
        tab = open_tab(page)
        tab.request_rerun(None)
        wait_for_run(tab)
        first = tab._scriptrunner
        for _ in range(2):
            tab.request_rerun(ClientState(fragment_id=parts_of(tab)[0]))
            assert tab._scriptrunner is first
        tab.request_rerun(None)
        assert tab._scriptrunner is not first
        wait_for_run(tab)
        await wait_for_end(tab)
        said = tab._browser_queue.flush()
        tab.shutdown()
        return ends(said)

    assert asyncio.run(draw()) == [ForwardMsg.FINISHED_SUCCESSFULLY]


CLICKED = """
import streamlit as st
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from pages.shared.frame import run_ends

clicked = st.session_state.setdefault("clicked", [])

@st.fragment
def part():
    st.button("Cancel", key="cancel", on_click=clicked.append, args=("cancelled",))

part()
if st.session_state.pop("is-clicked", False):  # while the page is drawn, which the part waits for
    context = get_script_run_ctx()
    (part,) = context.fragment_storage._fragments
    state = WidgetState(id=context.session_state._state.get_widget_id_from_key("cancel"), trigger_value=True)
    context.script_requests.request_rerun(
        RerunData(fragment_id=part, widget_states=WidgetStates(widgets=[state]))
    )
"""


@pytest.mark.parametrize(("end", "heard"), [("st.stop()", []), ("run_ends.end_page()", ["cancelled"])])
def test_a_click_into_a_part_is_heard_where_the_page_ends_early_meanwhile(untouched, tmp_path, end, heard):
    script = tmp_path / "page.py"
    script.write_text(CLICKED + end)

    async def draw():
        tab = open_tab(script)
        tab.request_rerun(None)
        wait_for_run(tab)
        await asyncio.sleep(0.1)
        tab.session_state["is-clicked"] = True
        tab.request_rerun(None)
        wait_for_run(tab)
        return tab.session_state["clicked"]

    assert asyncio.run(draw()) == heard


def test_no_page_ends_as_streamlit_does():
    root = Path(__file__).parents[2]
    assert not [path for path in (root / "pages").rglob("*.py") if "st.stop()" in path.read_text()]


def test_it_is_done_once(untouched):
    run_ends.keep()
    before = [getattr(AppSession, name) for name in PRIVATE]
    run_ends.keep()
    assert [getattr(AppSession, name) for name in PRIVATE] == before
