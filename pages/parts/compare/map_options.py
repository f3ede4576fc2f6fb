"""How the two maps behave: what is on them, what dragging does, the morph."""

import streamlit as st

from core.maps.payload import Drag, MapOptions
from pages.shared import session

_DRAGS: dict[Drag, str] = {
    "pan": ":material/pan_tool:",
    "select": ":material/select:",
    "lasso": ":material/lasso_select:",
}


def ask(solid: bool) -> MapOptions:
    """Draw the options; `solid` maps are in three dimensions."""
    chosen = st.pills(
        "On the maps",
        ["Linked zoom", "Labels", "Size by count", "Trails"],
        selection_mode="multi",
        default=["Labels", "Size by count"],
        key="map-options",
        help="Linked zoom: both maps show the same part. Labels: the most frequent words, as many as fit; zoom in for "
        "more. Trails: lines on the right map from where the pinned, neighbouring and selected words were on the left.",
        persist_state="session",
    )
    drag: Drag = "pan"
    if not solid:
        drag = st.segmented_control(
            "Drag to",
            list(_DRAGS),
            default="pan",
            required=True,
            format_func=_DRAGS.__getitem__,
            key="map-drag",
            help="Move the map, or select words with a box or a lasso. The other words stay, greyed.",
            persist_state="session",
        )
    times = session.recall("morph", 0)
    if st.button(
        "Morph",
        icon=":material/play_arrow:",
        help="The right map's points travel from where the left map has them.",
    ):
        times += 1
        session.remember("morph", times)
    return MapOptions(
        linked="Linked zoom" in chosen,
        sized="Size by count" in chosen,
        labels="Labels" in chosen,
        trails="Trails" in chosen,
        morph=times,
        drag=drag,
        solid=solid,
    )
