"""A row of the Storage page with a Delete button that asks once more and says what goes."""

import streamlit as st

from pages.shared import messages


def ask(title: str, question: str, key: str, consequence: str, size: str = "") -> bool:
    """Whether the button was pressed that `question` is on; `consequence` says what goes and what stays."""
    with st.container(border=True):
        text, button = st.columns([5, 1], vertical_alignment="center")
        text.markdown(messages.plain(title) + (f" · {size}" if size else ""))
        with button.popover("Delete", icon=":material/delete:", width="stretch"):
            st.markdown(messages.plain(f"{consequence} This cannot be undone."))
            # not of `presses`: a press that was lost is given again, and one that came late could not be taken back
            return st.button(messages.plain(question), type="primary", key=f"delete-{key}")
