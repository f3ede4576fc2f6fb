"""A press is heard once: also where its run ends before it comes to the button, but not elsewhere, nor much later."""

import ast
import asyncio
import time
from pathlib import Path

import pytest
from sources import tree_of
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.testing.v1 import AppTest
from tab_sessions import begin_run, open_tab, parts_of, wait_for_run, without_server

from pages.shared import presses


def page():
    """A page that may begin anew above its buttons, as where a job has ended, and where they may not be drawn."""
    import streamlit as st

    from pages.shared import presses, session
    from pages.shared.frame import run_ends

    state = st.session_state
    session.remember("page", state.setdefault("shown", "study"))
    state.setdefault("noted", [])
    with presses.taken_by_page():
        if state.pop("job-ended", False):
            st.rerun()
        if state.pop("replaced", False):
            st.stop()  # as the run of another click stops this one
        if state.get("job-runs"):
            run_ends.end_page()
        pressed = presses.button("Go", key="go", about=state.get("about", ""), disabled=state.get("closed", False))
        if pressed:
            state["noted"] = [*state["noted"], "noted"]
        if st.button("Plain", key="plain"):
            state["noted"] = [*state["noted"], "plain"]


@pytest.fixture
def app():
    return AppTest.from_function(page).run()


def press(app, key="go", **state):
    """Press it in a run in which this is so."""
    app.button(key=key).click()
    return run(app, **state)


def run(app, **state):
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    assert not app.exception, app.exception[0].value
    return app.session_state["noted"]


def test_a_press_is_heard_once(app):
    assert press(app) == ["noted"]
    assert run(app) == ["noted"]
    assert press(app) == ["noted"] * 2


def test_a_press_whose_run_begins_anew_above_the_button_is_heard_once_and_one_of_streamlit_is_lost(app):
    assert press(app, "plain", **{"job-ended": True}) == []
    assert press(app, **{"job-ended": True}) == ["noted"]
    assert run(app) == ["noted"]


def interrupt(app):
    """Press the button in a run that another one replaces before it comes to it."""
    assert press(app, replaced=True) == app.session_state["noted"]


def test_a_press_whose_run_is_replaced_is_heard_in_the_next_one_once(app):
    interrupt(app)
    assert run(app) == ["noted"]
    assert run(app) == ["noted"]


def test_a_press_is_not_heard_on_another_page_nor_back_from_there(app):
    interrupt(app)
    assert run(app, shown="maps") == []
    assert run(app, shown="study") == []


def test_a_press_is_not_heard_half_a_minute_later(app, monkeypatch):
    interrupt(app)
    later = time.monotonic() + 30
    monkeypatch.setattr(presses.time, "monotonic", lambda: later)
    assert run(app) == []


def test_a_press_whose_button_is_gone_by_the_end_of_the_page_is_forgotten(app):
    """Such as the second of two: the job that the first one began is cancelled, and the button is there again."""
    assert press(app, **{"job-runs": True}) == []
    assert run(app, **{"job-runs": False}) == []


def test_a_button_that_is_closed_meanwhile_does_not_act_and_forgets_it(app):
    interrupt(app)
    assert run(app, closed=True) == []
    assert run(app, closed=False) == []


def test_a_press_for_something_else_does_not_count(app):
    interrupt(app)
    assert run(app, about="other texts") == []
    assert run(app, about="") == []


def test_a_press_whose_run_comes_to_the_button_counts_whatever_changed_with_it(app):
    """Somebody types into a field and presses the button at once: the run of the press knows both."""
    assert press(app, about="other texts") == ["noted"]
    assert run(app, about="") == ["noted"]


LOST_RATHER_THAN_LATE = {"parts/storage/confirm.py", "parts/about/statements.py", "parts/admin/door.py"}
"""What these ask of a button of Streamlit is said there."""


def test_pages_ask_no_button_of_streamlit_whether_it_was_pressed():
    root, asking = Path(__file__).parents[2] / "pages", set()
    for path in root.rglob("*.py"):
        tree = tree_of(path)
        heard = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and id(node) not in heard:
                of = getattr(node.func.value, "id", "")
                if node.func.attr in ("button", "form_submit_button") and of not in ("presses", "navigation"):
                    asking.add(path.relative_to(root).as_posix())
    assert asking == LOST_RATHER_THAN_LATE | {"shared/presses.py"}


IN_PARTS = """
import streamlit as st

from pages.shared import presses, session

session.remember("page", "train")
st.session_state.setdefault("acted", [])

@st.fragment(run_every=1.0)
def poll():
    if st.session_state.pop("job-ended", False):
        st.rerun()

@st.fragment
def buttons():
    if presses.button("Go", key="go"):
        st.session_state["acted"].append("noted")
    if st.button("Plain", key="plain"):
        st.session_state["acted"].append("plain")

poll()
buttons()
"""


def test_a_press_in_a_part_of_a_page_is_heard_where_another_part_goes_first_and_begins_the_page_anew(tmp_path):
    script = tmp_path / "page.py"
    script.write_text(IN_PARTS)

    async def click():
        tab = open_tab(script)
        tab.request_rerun(None)
        wait_for_run(tab)
        state = tab.session_state
        for _ in range(2):
            for key in ("plain", "go"):
                state["job-ended"] = True
                clicked = WidgetState(id=state.get_widget_id_from_key(key), trigger_value=True)
                begin_run(
                    tab, RerunData(fragment_id_queue=parts_of(tab), widget_states=WidgetStates(widgets=[clicked]))
                )
                wait_for_run(tab)
        tab.request_rerun(None)
        wait_for_run(tab)
        await asyncio.sleep(0)
        return state["acted"]

    with without_server():
        assert asyncio.run(click()) == ["noted"] * 2
