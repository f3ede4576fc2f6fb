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


def load_charts(draws: bool) -> None:
    """Have the browser load what draws charts before it has one: 4.7 MB of script, which take it most of a second.

    `draws`: this page will have one at once.
    """
    told = f"'{escape(_charts())}', {str(draws).lower()}"
    with st.container(key="charts-ahead"):
        st.html(f"<script>{{ {page_script()} startCharts({told}); }}</script>", unsafe_allow_javascript=True)


@cache
def _charts() -> str:
    """Where it lies beside Streamlit's script; "" where this Streamlit has it elsewhere, which costs time only."""
    found = [each.name for each in (Path(st.__file__).parent / "static/static/js").glob("PlotlyChart.*.js")]
    return found[0] if len(found) == 1 else ""


@cache
def page_script() -> str:
    """The house's own script, as statements."""
    return _EXPORT.sub("", (_HERE / "page.js").read_text(encoding="utf-8"))
