"""The one place that offers files: nobody who was not given a file's address finds it, and addresses end soon.

Streamlit serves what a visitor downloads at an address made of its content, kind and name, to whoever asks, without a
cookie. So each offer adds a part made by chance: who knows or guesses a file's content does not know its address. The
file is made when the button is clicked, and goes when nothing refers to it at two cleanings; Streamlit cleans after
every run of a page, and where nobody is there any more, this module does.
"""

import secrets
import threading
from collections.abc import Callable
from functools import cache
from typing import BinaryIO, Literal

import streamlit as st
from streamlit import runtime

_CLEANING_SECONDS = 10.0


def offer(
    label: str,
    make: Callable[[], str | bytes | BinaryIO],
    file_name: str,
    mime: str,
    key: str,
    *,
    type: Literal["primary", "secondary"] = "secondary",
    help: str | None = None,
) -> None:
    """A button that downloads what `make` gives, which is called when it is clicked.

    `key` names the button on its page: what is offered anew at every run stays the same button to a browser.
    """
    st.download_button(
        label,
        make,
        file_name,
        f"{mime}; offer={secrets.token_urlsafe(16)}",
        key=key,
        help=help,
        on_click="ignore",
        type=type,
        icon=":material/download:",
    )


@cache
def clean_now_and_then() -> None:
    """Let what was downloaded end though nobody opens a page: in a thread, once for each server."""
    threading.Thread(target=_clean, name="downloads", daemon=True).start()


def _clean() -> None:
    pause = threading.Event()
    while not pause.wait(_CLEANING_SECONDS):
        if runtime.exists():
            runtime.get_instance().media_file_mgr.remove_orphaned_files()
