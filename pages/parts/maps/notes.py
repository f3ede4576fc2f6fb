"""What one has to know to read the maps, for those who ask."""

import streamlit as st

from core.maps.page import FRAME_NOTE
from core.maps.pair_layout import PairLayout
from pages.parts.maps.layout_settings import LAYOUT_METHODS
from pages.shared import messages
from pages.shared.compared import Sides


def show(sides: Sides, layout: PairLayout, note: str) -> None:
    """How the maps were made, what is on them, and `note`, on their colours."""
    with st.expander("How to read these maps", icon=":material/help:"):
        _show(sides, layout, note)


def _show(sides: Sides, layout: PairLayout, note: str) -> None:
    method = LAYOUT_METHODS[layout.method]
    if layout.frame == "joint":
        how = (
            f"{FRAME_NOTE} {method}; the two spaces were turned onto each other first (residual "
            f"{sides.comparison.residual:.2f}: 0 they coincide, 1 they have nothing in common)."
        )
    else:
        how = (
            f"Each map was laid out on its own ({method}), then the right one was turned, mirrored and scaled onto the "
            f"left (residual {layout.residual:.2f}: 0 they coincide, 1 nothing in common). A word that did not change "
            "may still stand elsewhere. Nearest neighbours are computed from the full vectors, not from the map; "
            "distances between clusters on a map are not evidence."
        )
    if any(dose is not None for dose in sides.doses):
        how += (
            " Places at a dose lie on the line between the places at dose 0 and 1; neighbours are exact at every dose."
        )
    shown = f"{len(sides.shared.words):,} words, one point each."
    if sides.omitted:
        shown += (
            f" Both models share {sides.omitted + len(sides.shared.words):,}: shown are the most frequent of them, a "
            "random sample of the others, and every pinned word."
        )
        if sides.words.extras:
            shown += f" Placed amid their nearest words: {messages.plain(', '.join(sides.words.extras))}."
    st.markdown(f"{how}\n\n{shown} A few far out are arrows at the edge. {messages.plain(note)}")
    st.markdown(
        ":material/keyboard: / finds a word; both maps then mark it and its neighbours, as a click does. "
        "Arrows go through the neighbours, Enter pins one, Escape clears."
    )
