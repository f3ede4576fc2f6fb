"""An optional login in front of everything, for a server that not everybody may use."""

import importlib.util
import os

import streamlit as st

from core.system.files import digest_of

VARIABLE = "VECTUNE_LOGIN"
"""1 asks every visitor to log in with the provider that .streamlit/secrets.toml names."""

_OFF = ("", "0", "false", "no", "off")
_SETTINGS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")


def is_required() -> bool:
    """Whether visitors must log in: any value that does not clearly mean no, lest a slip opens the server to all."""
    return os.environ.get(VARIABLE, "").strip().lower() not in _OFF


def is_locked() -> bool:
    """This visitor must log in and has not: app.py shows the login and nothing else.

    It starts no session then, and no page does anything without one: a deep link cannot go round it.
    """
    return is_required() and not st.user.get("is_logged_in", False)


def person() -> str:
    """A digest of who has logged in; "" where nobody has to."""
    return digest_of(str(st.user.get("iss", "")), str(st.user["sub"])) if is_required() else ""


def show() -> None:
    """The login, or what whoever runs this server has to do before anybody can log in."""
    st.title("Vectune")
    missing = _what_is_missing()
    if missing:
        st.error(f"Nobody can log in yet: {missing} See *Deploy* in the README.", icon=":material/lock:")
        return
    st.write("Whoever runs this server asks you to log in.")
    st.button("Log in", type="primary", icon=":material/login:", on_click=st.login)


def _what_is_missing() -> str:
    """A sentence for whoever runs the server; "" when a login can be tried."""
    if importlib.util.find_spec("authlib") is None:
        return "the server lacks Authlib. Install `streamlit[auth]`, or build the image with `LOGIN=1`."
    try:
        auth = st.secrets.get("auth", {})
    except FileNotFoundError:
        return "the server has no `.streamlit/secrets.toml`, or it is not valid TOML."
    given = {**auth, **auth.get("default", {})}
    lacking = [f"`{name}`" for name in _SETTINGS if not given.get(name)]
    return f"`[auth]` in `.streamlit/secrets.toml` lacks {', '.join(lacking)}." if lacking else ""


def offer_logout() -> None:
    """The way out, for somebody who has logged in."""
    if is_required():
        st.button("Log out", icon=":material/logout:", on_click=st.logout)
