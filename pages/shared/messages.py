"""The one place that turns a UserError into something on the page."""

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
