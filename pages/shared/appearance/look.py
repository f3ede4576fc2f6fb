"""The style sheet and the script of all pages."""

import re
from functools import cache
from html import escape
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_EXPORT = re.compile(r"^export (default )?", re.MULTILINE)


def put_on(page: str, heading: str) -> None:
    """Give the page its looks; whoever has come from another one is at its `heading`.

    The script is no component: one of those was not always started where a session's first run is followed by another.

    Args:
        page: what tells it from other pages.
        heading: its title, as it is written on it.
    """
    st.html(_HERE / "style.css")
    told = f"{{ data: {{ page: '{escape(page)}', title: '{escape(heading)}' }} }}"
    with st.container(key="page-follow"):
        st.html(f"<script>{{ {page_script()} followPage({told}); }}</script>", unsafe_allow_javascript=True)


@cache
def page_script() -> str:
    """The house's own script, as statements."""
    return _EXPORT.sub("", (_HERE / "page.js").read_text(encoding="utf-8"))
