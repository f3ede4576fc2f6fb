"""The demo's text and vectors, with one click."""

import streamlit as st

from core.workspace.demo_data import (
    BUILD_SECONDS,
    DEMO_NAME,
    DEMO_READING,
    build_demo_vectors,
    counted_vectors,
    demo_uploads,
    demo_vectors,
)
from core.workspace.demo_sessions import BUILT_IN, has_demo
from core.workspace.texts import TextChoice, keep_uploads
from pages.shared import guards, messages, progress, session
from pages.shared.cached import server

_JOB = "demo vectors"


def offer(*, is_first: bool) -> None:
    """Draw the button. `is_first`: there is nothing else to go on with."""
    st.button(
        "Try the demo",
        type="primary" if is_first else "secondary",
        icon=":material/play_arrow:",
        on_click=_take,
        help=_describe(),
    )


def follow() -> None:
    """Draw how far its vectors are, where these are being counted."""
    status = progress.follow(server.training_jobs(), _JOB)
    if status is not None and status.state in ("failed", "cancelled"):
        st.warning(messages.plain(status.error or "Building the demo's vectors was cancelled."))
        st.button("Build them again", on_click=_build)


def _describe() -> str:
    if demo_vectors() == counted_vectors():
        return "300 news documents, and vectors counted from an excerpt of Wikipedia. Needs no network."
    return "300 news documents, and GloVe 6B, 50 dimensions, which has read Wikipedia and six billion words of news."


@guards.callback
def _take() -> None:
    """At once with its models and maps where `make demo` has prepared them."""
    if has_demo(BUILT_IN):
        session.open_demo(BUILT_IN)
        session.ask_for("maps")
        return
    digest = keep_uploads(demo_uploads())
    session.remember("taken-upload", digest)
    session.use_text(TextChoice(digest, DEMO_READING), DEMO_NAME)
    if demo_vectors() == counted_vectors() and not counted_vectors().exists():
        _build()
    choice = session.workspace().text
    session.update(vectors=demo_vectors(), member=None, vectors_for="" if choice is None else choice.id)


@guards.callback
def _build() -> None:
    jobs = server.training_jobs()
    jobs.forget(_JOB)
    jobs.submit(
        _JOB,
        "Building the demo's vectors",
        build_demo_vectors,
        watcher=session.visitor(),
        kind="demo vectors",
        seconds=BUILD_SECONDS,
    )
