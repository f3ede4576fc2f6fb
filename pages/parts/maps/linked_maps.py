"""Two or more maps that share row order, linked in the browser: hover one word and it lights up on all of them.

The maps are ordinary `st.plotly_chart`s of `core.maps.figures.draw_map`; this component has no chart of its own. It
listens to their events and draws points, rings, labels and tooltips over them, with no server round trip. Colours
are a component of their own, so that a new colouring sends a byte a word, and a new pin sends the pin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from core.maps.colouring import Colouring
from core.maps.page import link_script, paint_script
from core.maps.payload import Links, MapOptions, Mark, pack_bits, read_bits
from core.system.typed_json import as_values


@dataclass(frozen=True, slots=True, eq=False)
class MapEvent:
    """What the user has just done on the maps: clicked a row, selected rows (none: gave a selection up), cleared."""

    clicked: int | None = None
    selected: np.ndarray | None = None
    cleared: bool = False


_link = st.components.v2.component("vectune_linked_maps", js=link_script())
_paint = st.components.v2.component("vectune_map_colours", js=paint_script())


def link_maps(
    keys: tuple[str, str],
    marks: Sequence[Mark],
    selected: np.ndarray | None,
    colouring: Colouring,
    options: MapOptions,
    drawn: np.ndarray | None = None,
    isolated: str = "",
    given_up: int = 0,
) -> MapEvent:
    """Link the charts with these `key`s; gives what the user has just done.

    Args:
        keys: of the charts.
        marks: what both maps mark.
        selected: bool (words,): the other words are greyed; None when nothing is selected.
        colouring: a colour for each word.
        options: how the maps behave.
        drawn: bool (words,): the other words are not there; None for all.
        isolated: names `drawn` where these words alone fill the maps.
        given_up: how many selections were, by whatever means: the maps drop what they have drawn of theirs.
    """
    _paint(key="map-colours", data=as_values(colouring.paint), height="content", width="content")
    selection = None if selected is None else pack_bits(selected)
    shown = None if drawn is None else pack_bits(drawn)
    links = Links(
        keys=keys,
        marks=tuple(marks),
        selection=selection,
        given_up=given_up,
        shown=shown,
        isolated=isolated,
        full=True,
        options=options,
    )
    result = _link(
        key="linked-maps",
        data=as_values(links),
        on_clicked_change=lambda: None,
        on_selected_change=lambda: None,
        on_cleared_change=lambda: None,
        height="content",
        width="content",
    )
    return _read(result, len(colouring.codes))


def _read(result: Any, n: int) -> MapEvent:
    clicked, selected = result.get("clicked"), result.get("selected")
    rows = None if selected is None else read_bits(selected, n)
    return MapEvent(None if clicked is None else int(clicked), rows, bool(result.get("cleared")))
