"""What is on the two maps and how they behave: what is rarely changed, in their settings, and the tool beside them."""

from typing import Any

import streamlit as st

from core.maps.payload import Drag, MapOptions
from core.maps.word_sample import DRAWN_WORDS
from pages.shared import presses, session
from pages.shared.compared import Sides

_DRAGS: dict[Drag, str] = {"pan": "Move", "select": "Box", "lasso": "Lasso"}
_USUAL = ["Names", "Size by count", "Density", "Key /"]
_FEWEST_DRAWN, _STEP = 1_000, 1_000


def ask(sides: Sides, solid: bool) -> tuple[MapOptions, int]:
    """Draw the options; `solid` maps are in three dimensions. Gives them, and how many words are drawn at most."""
    chosen = st.pills(
        "On the maps",
        [*_USUAL, "Function words", "Trails", "Linked zoom"],
        selection_mode="multi",
        default=_USUAL,
        key="map-options",
        help="Names: of regions, and of words, as many as fit; zoom in for finer ones. Function words: these, numbers "
        "and signs are named, too. Density: where words lie close, from 3,000 words on. Trails: lines on the right map "
        "from where the pinned, neighbouring and selected words were on the left. Linked zoom: both maps show the same "
        "part. Key /: it goes to the field that finds a word.",
        persist_state="session",
    )
    n = len(sides.shared.words)
    most = n
    if n > _FEWEST_DRAWN:
        most = st.slider(
            "Words on the maps",
            _FEWEST_DRAWN,
            n,
            min(DRAWN_WORDS, n),
            _STEP,
            key=f"map-words-{n}",
            help="The most frequent half of so many, and others at even steps through the rest. Pinned, selected and "
            "moved words are always there.",
            persist_state="session",
        )
        most = n if n - most < _STEP else most  # the slider's steps may end before the last word
    times = session.recall("morph", 0)
    if presses.button(
        "Morph",
        icon=":material/play_arrow:",
        help="The right map's points travel from where the left map has them.",
    ):
        times += 1
        session.remember("morph", times)
    options = MapOptions(
        linked="Linked zoom" in chosen,
        sized="Size by count" in chosen,
        labels="Names" in chosen,
        particles="Function words" in chosen,
        glow="Density" in chosen,
        trails="Trails" in chosen,
        morph=times,
        solid=solid,
        find_key="Key /" in chosen,
    )
    return options, most


def ask_tool(place: Any) -> Drag:
    """What dragging on a flat map does."""
    drag: Drag = place.segmented_control(
        "Drag to",
        list(_DRAGS),
        default="pan",
        required=True,
        format_func=_DRAGS.__getitem__,
        key="map-drag",
        help="Move the map, or select words with a box or a lasso. The other words stay, greyed.",
        label_visibility="collapsed",
        persist_state="session",
    )
    return drag
