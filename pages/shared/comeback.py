"""What is kept outside a session, so that a visitor who comes back to the bare address goes on where they were.

It is the workspace's token, in a cookie of the browser. On a server with a login the workspace's id is kept for the
person instead: it follows them from browser to browser, and the next person at the same browser does not get it. The
link that somebody asked for before a login is kept as well, because a login comes back to the bare address.
"""

import base64
import json
import logging
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import streamlit as st

from core.system.files import cache_folder
from core.system.typed_json import read_record, write_record
from core.workspace import store
from pages.shared import login

_log = logging.getLogger(__name__)
_HOME_COOKIE = "vectune"
_YEAR = 365 * 24 * 3600
_REQUEST_COOKIE = "vectune-request"
_REQUEST_SECONDS = 900
_REQUEST_BYTES = 3500  # browsers keep 4,096 with the name and the rest


def home() -> tuple[store.Access | None, str]:
    """The workspace to which the bare address leads, None where it leads to none yet, and a token that opens it."""
    person = login.person()
    if not person:
        token = str(st.context.cookies.get(_HOME_COOKIE, ""))
        access = store.find_workspace(token) if token else None
        return (access, token) if access is not None and access.may_write else (None, "")
    kept = _home_of(person)
    if kept is None:  # made here, so that the first link that somebody follows does not become their own
        kept, token = store.create_workspace()
        write_record(_home_path(person), store.Home(kept))
        return store.Access(kept, True), token
    return store.Access(kept, True), store.make_token(kept, may_write=True)


def has_home() -> bool:
    """The bare address leads to a workspace."""
    person = login.person()
    if person:
        return _home_of(person) is not None
    return store.find_workspace(str(st.context.cookies.get(_HOME_COOKIE, ""))) is not None


def set_home(token: str, identity: str) -> None:
    """Let the bare address lead to the workspace of this id, which `token` opens."""
    person = login.person()
    if person:
        write_record(_home_path(person), store.Home(identity))
    else:
        _set_cookie(_HOME_COOKIE, token, _YEAR)


def is_home(identity: str) -> bool:
    """Whether the bare address must lead elsewhere when the workspace of this id is given up.

    Of a cookie only the value at the session's start is known, so without a login it always must.
    """
    person = login.person()
    return not person or _home_of(person) == identity


def _home_of(person: str) -> str | None:
    path = _home_path(person)
    try:
        return read_record(path, store.Home).id or None
    except FileNotFoundError:
        return None
    except ValueError as error:  # put aside, for whoever can read it
        _log.warning("%s cannot be read (%s)", path, error)
        path.replace(path.with_suffix(".unreadable"))
        return None


def keep_request(page: str, parameters: Mapping[str, Any]) -> None:
    """Keep a link over the login; one that is too long for a cookie is lost."""
    value = base64.urlsafe_b64encode(json.dumps([page, dict(parameters)]).encode()).decode()
    if (page != "data" or parameters) and len(value) <= _REQUEST_BYTES:
        _set_cookie(_REQUEST_COOKIE, value, _REQUEST_SECONDS)


def kept_request(pages: Container[str]) -> tuple[str, dict[str, str]] | None:
    """The page and parameters that were asked for before the login, for a session that starts at the bare address."""
    kept = st.context.cookies.get(_REQUEST_COOKIE, "")
    if not kept or st.query_params:
        return None
    try:
        page, parameters = json.loads(base64.urlsafe_b64decode(kept))
        request = str(page), {str(name): str(text) for name, text in parameters.items()}
    except (ValueError, TypeError, AttributeError):  # a cookie says what its sender likes
        return None
    return request if request[0] in pages else None


def forget_request() -> None:
    """The kept link has been followed."""
    if _REQUEST_COOKIE in st.context.cookies:
        _set_cookie(_REQUEST_COOKIE, "", 0)


def _home_path(person: str) -> Path:
    return cache_folder("people", f"{person}.json")


def _set_cookie(name: str, value: str, seconds: int) -> None:
    cookie = f"{name}={quote(value, safe='=')}; path=/; max-age={seconds}; samesite=lax"
    st.html(
        f"<script>document.cookie = '{cookie}' + (location.protocol === 'https:' ? '; secure' : '');</script>",
        unsafe_allow_javascript=True,
    )
