"""The one place that turns a UserError into something on the page, and users' words into Markdown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import UserError


@contextmanager
def shown() -> Iterator[None]:
    """Show a `UserError` raised in the block and stop the page there; bugs pass through."""
    with shown_here() as failed:
        yield
    if failed:
        st.stop()


@contextmanager
def shown_here() -> Iterator[list[UserError]]:
    """Show a `UserError` raised in the block and go on after it; the list holds it then. Bugs pass through."""
    failed: list[UserError] = []
    try:
        yield failed
    except UserError as error:
        failed.append(error)
        st.error(str(error), icon=":material/error:")


def plain(text: str) -> str:
    """`text` for Markdown that shows it as it is: words of a user's file may hold marks, colours or formulas."""
    return re.sub(r"([\\`*_{}\[\]<>#$~|:!])", r"\\\1", text)
