"""Three lines for somebody who is here for the first time; gone as soon as there is a text."""

import streamlit as st

from pages.shared import session


def show() -> None:
    """Draw them for a visitor without anything."""
    workspace = session.workspace()
    if workspace.text is not None or workspace.runs or workspace.pending:
        return
    with st.container(border=True, key="tour"):
        st.markdown(
            "**1 · Bring a text**, or try the demo: see what is in it and how much of it a vectors file knows.  \n"
            "**2 · Train**: models learned from your text alone, and pretrained vectors fine-tuned on it.  \n"
            "**3 · Did it help?** says whether fine-tuning paid; **Maps** show any two models beside each other."
        )
