"""Two or more maps that share row order, linked in the browser: hover one word and it lights up on all of them.

The maps are ordinary `st.plotly_chart`s of `core.maps.figures.map_figure`; this component has no chart of its own. It
listens to their events and draws points, rings, labels and tooltips over them, with no server round trip. Colours
are a component of their own, so that a new colouring sends a byte a word, and a new pin sends the pin.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

import numpy as np
import streamlit as st

from core.maps.colouring import Colouring
from core.maps.figures import link_script, paint_script
from core.prose.colours import ROLE_COLOURS, Role

Drag = Literal["pan", "select", "lasso"]


class Mark(TypedDict):
    """A word that both maps mark: its row and what it is to the pinned word."""

    row: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOptions:
    """How the maps behave: JSON values only.

    Attributes:
        linked: zoom, pan and rotation on one map move the other.
        sized: points of frequent words are larger.
        labels: words are written beside their points, as many as fit.
        trails: the right map shows where marked and selected words come from.
        morph: how often the morph was asked for; when it grows, it is played.
        drag: what dragging on a map in two dimensions does.
        solid: the maps are in three dimensions.
    """

    linked: bool = False
    sized: bool = True
    labels: bool = True
    trails: bool = False
    morph: int = 0
    drag: Drag = "pan"
    solid: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MapEvent:
    """What the user has just done on the maps: clicked a row, selected rows (none: gave a selection up), cleared."""

    clicked: int | None = None
    selected: np.ndarray | None = None
    cleared: bool = False


_link = st.components.v2.component("vectune_linked_maps", js=link_script())
_paint = st.components.v2.component("vectune_map_colours", js=paint_script())


def link_maps(
    keys: Sequence[str],
    marks: Sequence[Mark],
    selected: np.ndarray | None,
    colouring: Colouring,
    options: MapOptions,
) -> MapEvent:
    """Link the charts with these `key`s; gives what the user has just done.

    `selected`, bool (words,): the other words are greyed; None when nothing is selected.
    """
    _paint(key="map-colours", data=colouring.payload, height="content")
    names = [
        {"text": text, "colour": colour} for text, colour in zip(colouring.labels, colouring.palette, strict=False)
    ]
    result = _link(
        key="linked-maps",
        data={
            "keys": list(keys),
            "marks": list(marks),
            "colours": ROLE_COLOURS,
            "selection": None if selected is None else _pack(selected),
            "solid": options.solid,
            "options": {
                "linked": options.linked,
                "sized": options.sized,
                "labels": options.labels,
                "trails": options.trails,
                "morph": options.morph,
                "drag": options.drag,
                "names": names if colouring.named else [],
            },
        },
        on_clicked_change=lambda: None,
        on_selected_change=lambda: None,
        on_cleared_change=lambda: None,
        height="content",
    )
    return _read(result, len(colouring.codes))


def _pack(rows: np.ndarray) -> str:
    return b64encode(np.packbits(rows, bitorder="little").tobytes()).decode()


def _read(result: Any, n: int) -> MapEvent:
    clicked, selected = result.get("clicked"), result.get("selected")
    bits = None
    if selected is not None:
        packed = np.frombuffer(b64decode(selected), np.uint8)
        whole = np.unpackbits(packed, bitorder="little")[:n].astype(bool)
        bits = np.pad(whole, (0, n - len(whole)))
    return MapEvent(None if clicked is None else int(clicked), bits, bool(result.get("cleared")))
