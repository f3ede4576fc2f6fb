"""A text that takes long is read in the background: how far that is, and what became of it."""

import streamlit as st

from core.workspace.texts import TextChoice, estimate_reading_seconds, has_text, keep_text
from pages.shared import messages, presses, progress, session
from pages.shared.cached import server


def submit(wanted: TextChoice) -> float:
    """Have the text read; gives the seconds that this will take, by estimate."""
    jobs, seconds = server.text_jobs(), estimate_reading_seconds(wanted.upload)
    jobs.forget(wanted.key)
    jobs.submit(
        wanted.key, "Reading the text", keep_text, wanted, watcher=session.visitor(), kind="reading", seconds=seconds
    )
    return seconds


def follow() -> None:
    """Draw how far the awaited text is, where there is one; once it is read it is the text in use."""
    pending = session.workspace().pending
    if pending is None:
        return
    if has_text(pending):
        session.use_text(pending)
        st.rerun()
    jobs, key = server.text_jobs(), pending.key
    if jobs.status(key) is None:  # the server was restarted meanwhile
        with messages.shown_here():
            submit(pending)
    status = progress.follow(jobs, key)
    if status is None or status.active:
        return
    if status.state == "failed":
        st.error(messages.plain(status.error or "The text could not be read."), icon=":material/error:")
        if presses.button("Dismiss", about=key):
            session.update(pending=None)
            st.rerun()
    else:
        st.caption("Reading the text was cancelled.")
        again, dismiss = st.columns(2)
        if presses.button("Read it after all", place=again, about=key, icon=":material/refresh:"):
            submit(pending)
            st.rerun()
        if presses.button("Dismiss", place=dismiss, about=key):
            session.update(pending=None)
            st.rerun()
