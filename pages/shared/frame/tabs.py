"""Several tabs and devices with one workspace open: what one does is seen in the others within seconds."""

import streamlit as st

from pages.shared import guards, messages, session

_LOOK_SECONDS = 4.0


@guards.fragment(run_every=_LOOK_SECONDS)
def follow() -> None:
    """Draw the page anew when another tab changed this workspace; say so while what this one changes is not kept."""
    if session.take_changes():
        st.rerun()
    problem = session.why_not_kept()
    if problem:
        st.warning(messages.plain(problem), icon=":material/save:")
