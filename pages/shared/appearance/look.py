"""The style sheet and the script of all pages."""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_follow = st.components.v2.component("vectune_page", js=(_HERE / "page.js").read_text(encoding="utf-8"))


def put_on(page: str, heading: str) -> None:
    """Give the page its looks; whoever has come from another one is at its `heading`.

    Args:
        page: what tells it from other pages.
        heading: its title, as it is written on it.
    """
    st.html(_HERE / "style.css")
    with st.container(key="page-follow"):
        _follow(key="page", data={"page": page, "title": heading}, height="content", width="content")
