"""Who may see the Admin page: whoever knows the token, which is typed into a field and stands in no address."""

import streamlit as st

from core.workspace.door import ADMIN_VARIABLE, SHORTEST_TOKEN, admin_token
from pages.shared import guards, messages, session
from pages.shared.cached import server


def ask() -> None:
    """Ask for the token, or say how to set one."""
    if not admin_token():
        st.info(
            f"This page is closed: the server has no admin token, or one of fewer than {SHORTEST_TOKEN} letters. "
            f"Whoever runs it sets `{ADMIN_VARIABLE}` in the server's environment and starts it again. A good one:",
            icon=":material/lock:",
        )
        st.code('python -c "import secrets; print(secrets.token_urlsafe(24))"', language="shell")
        return
    st.caption("For whoever runs this server.")
    with st.form("admin-door", clear_on_submit=True, border=False, width=420):
        given = st.text_input("Admin token", type="password", autocomplete="off")
        # not of `presses`: the field is empty once it is sent, and a press that came later would try nothing
        is_sent = st.form_submit_button("Open", type="primary", icon=":material/key:")
    if not is_sent:
        return
    with messages.shown_here():
        if server.admin_door().admits(given, session.network_address()):
            session.let_admin_in(True)
            st.rerun()
        st.error("That is not the token of this server.", icon=":material/lock:")


def show_open() -> None:
    """What is shown here and what is not, and the way out."""
    st.caption("Neither words nor names of anybody are shown: a workspace is named by eight signs that open nothing.")
    st.button("Close the admin page", icon=":material/logout:", on_click=_close)


@guards.callback
def _close() -> None:
    session.let_admin_in(False)
