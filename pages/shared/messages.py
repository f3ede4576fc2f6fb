"""The one place that turns a UserError into something on the page."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import UserError


@contextmanager
def shown() -> Iterator[None]:
    """Show a `UserError` raised in the block and stop the page there; bugs pass through."""
    try:
        yield
    except UserError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
