"""An optional login in front of everything, for a server that not everybody may use."""

import os

import streamlit as st

VARIABLE = "VECTUNE_LOGIN"
"""1 asks every visitor to log in with the provider that .streamlit/secrets.toml names."""


def is_required() -> bool:
    return os.environ.get(VARIABLE, "") == "1"


def require() -> None:
    """Stop here for a visitor who has not logged in, where the server asks for that.

    Called before the session starts, and no page does anything without a session: a deep link cannot go round it.
    """
    if not is_required() or st.user.get("is_logged_in", False):
        return
    st.title("Vectune")
    st.write("Whoever runs this server asks you to log in.")
    st.button("Log in", type="primary", icon=":material/login:", on_click=st.login)
    st.stop()


def offer_logout() -> None:
    """The way out, for somebody who has logged in."""
    if is_required():
        st.button("Log out", icon=":material/logout:", on_click=st.logout)
