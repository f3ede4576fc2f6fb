"""Two or more maps that share row order, linked in the browser: hover one word and it lights up on all of them.

The maps are ordinary `st.plotly_chart`s of `core.figures.map_figure`; this component has no chart of its own. It
listens to their hover and click events and draws rings, labels and tooltips over them, with no server round trip.
"""

from collections.abc import Sequence
from typing import TypedDict

import streamlit as st

from core.figures import LINK_SCRIPT, ROLE_COLOURS, Role


class Mark(TypedDict):
    """A word that both maps mark: its row and what it is to the pinned word."""

    row: int
    role: Role


_mount = st.components.v2.component("vectune_linked_maps", js=LINK_SCRIPT.read_text(encoding="utf-8"))


def link_maps(keys: Sequence[str], marks: Sequence[Mark], key: str = "linked-maps") -> int | None:
    """Link the charts with these `key`s; gives the row of a point the user has just clicked."""
    result = _mount(
        key=key,
        data={"keys": list(keys), "marks": list(marks), "colours": ROLE_COLOURS},
        on_clicked_change=lambda: None,
        height="content",
    )
    clicked = result.get("clicked")
    return None if clicked is None else int(clicked)
