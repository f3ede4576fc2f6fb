"""The presenter's bar above every page of a demo session: the step's sentence, back and next."""

import streamlit as st

from core.workspace.demo_sessions import STEP_PAGES, DemoSession, go_to_step, has_demo, load_demo
from pages.shared import guards, messages, session


def show() -> None:
    """Draw it where this workspace is a copy of a demo session."""
    for problem in ("missing-demo", "unreadable-workspace"):
        if session.recall(problem):
            st.warning(messages.plain(session.recall(problem)))
            session.remember(problem, None)
    opened = session.workspace().demo
    if opened is None or not has_demo(opened.id):
        return
    with messages.shown_here():
        _bar(opened.id, load_demo(opened.id), opened.step)


def _bar(identity: str, demo: DemoSession, number: int) -> None:
    number = min(number, len(demo.steps) - 1)
    with st.container(border=True, key="demo-bar"):
        sentence, buttons = st.columns([3, 1.2], vertical_alignment="center")
        sentence.markdown(
            f"**{messages.plain(demo.title)}** · step {number + 1} of {len(demo.steps)}  \n"
            f"{messages.plain(demo.steps[number].sentence)}"
        )
        steps = buttons.container(horizontal=True, horizontal_alignment="right", gap="xsmall")
        steps.button(
            "Back",
            icon=":material/arrow_back:",
            on_click=_to_step,
            args=(identity, number - 1),
            disabled=number == 0,
        )
        steps.button(
            "Next",
            icon=":material/arrow_forward:",
            type="primary",
            on_click=_to_step,
            args=(identity, number + 1),
            disabled=number == len(demo.steps) - 1,
        )
        steps.button(
            "Close",
            icon=":material/close:",
            on_click=_leave,
            help="Hides the steps. The text and the models stay; this is your own copy, and nothing that you do here "
            "changes the demo.",
        )


@guards.callback
def _to_step(identity: str, number: int) -> None:
    demo = load_demo(identity)
    session.put(go_to_step(session.workspace(), identity, demo, number))
    page = demo.steps[number].page
    session.ask_for(page if page in STEP_PAGES else "maps")


@guards.callback
def _leave() -> None:
    session.update(demo=None)
