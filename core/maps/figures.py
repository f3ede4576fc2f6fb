"""Plotly figures of layouts. One point per word in row order, so that two maps can be linked row by row."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.comparison.pair import Comparison
from core.geometry.neighbours import Neighbours
from core.maps.frame import Extent
from core.maps.layout import LayoutSettings
from core.maps.pair_layout import PairLayout, Side, lay_out_pair
from core.maps.payload import Names
from core.maps.regions import find_word_regions
from core.maps.tooltips import pack_tooltips
from core.models.embedding import Embedding
from core.prose.colours import CLEAR, OTHER, SERIES

HOVER_NEIGHBOURS = 5
_CAMERA = {"eye": {"x": 0.85, "y": 0.85, "z": 0.6}}  # nearer than Plotly puts it: there are no axes to make room for


def covered_kinds(left: Embedding, right: Embedding, comparison: Comparison) -> np.ndarray:
    """bool (words,): the pretrained vectors of either side have the word."""
    shared = comparison.shared
    return np.asarray(left.covered[shared.left_rows] | right.covered[shared.right_rows])


def draw_pair(
    left: Embedding,
    right: Embedding,
    comparison: Comparison,
    settings: LayoutSettings,
    languages: Iterable[str | None] = (),
) -> tuple[go.Figure, go.Figure]:
    """The two maps of the words that `left` and `right` share, in one frame and in the same row order.

    `languages`: those of their texts, whose function words are not written; None for an unknown one.
    """
    shared = comparison.shared
    layout = lay_out_pair(left, right, shared, settings)
    covered = covered_kinds(left, right, comparison)
    names = find_word_regions(left, right, shared, languages).payload
    return (
        draw_side(
            layout,
            "left",
            left.dose,
            shared.words,
            left.counts[shared.left_rows],
            covered,
            comparison.left_neighbours,
            names,
        ),
        draw_side(
            layout,
            "right",
            right.dose,
            shared.words,
            right.counts[shared.right_rows],
            covered,
            comparison.right_neighbours,
            names,
        ),
    )


def draw_side(
    layout: PairLayout,
    side: Side,
    dose: float | None,
    words: Sequence[str],
    counts: np.ndarray,
    covered: np.ndarray,
    neighbours: Neighbours,
    names: Names | None = None,
) -> go.Figure:
    """One map of `layout`: its left or right words at `dose`, with axes that show every word at every dose."""
    track = layout.left if side == "left" else layout.right
    near = neighbours.indices[:, :HOVER_NEIGHBOURS]
    return draw_map(words, track.at(dose), counts, covered, near, layout.extent, names, layout.identity)


def draw_map(
    words: Sequence[str],
    coordinates: np.ndarray,
    counts: np.ndarray,
    covered: np.ndarray,
    neighbours: np.ndarray,
    extent: Extent,
    names: Names | None = None,
    identity: str = "map",
) -> go.Figure:
    """One map: a single trace in row order, Scatter or Scatter3d.

    The tooltip is put together in the browser from `customdata` (`core.maps.tooltips`): typed integers instead of a
    string per word. Points are painted there too, in colours and sizes that come apart (`core.maps.payload.Paint`), so
    that no coordinate is sent again for them. Plotly itself draws none in two dimensions: without a graphics card that
    took most of the time until a map was there. In three its own are all alike, and seen only where painting fails.

    Args:
        words: n words.
        coordinates: float32 (n, 2 or 3).
        counts: int (n,).
        covered: bool (n,).
        neighbours: int (n, k) rows of each word's nearest neighbours in this model, -1 where there is none.
        extent: range of each axis, equal on maps that share a frame.
        names: what is written on the map.
        identity: of the layout: as long as it stays, so does the part of the map that is looked at.
    """
    points = np.asarray(coordinates, np.float32)
    solid = points.shape[1] == 3
    axes = {name: np.ascontiguousarray(column) for name, column in zip("xyz", points.T, strict=False)}
    facts, meta = pack_tooltips(counts, covered, neighbours, names)
    trace: dict[str, Any] = {**axes, "text": list(words), "customdata": facts, "meta": meta, "hoverinfo": "none"}
    if solid:
        marker = {"size": 4, "color": OTHER, "opacity": 0.65, "line": {"width": 0}}
        figure = go.Figure(go.Scatter3d(**trace, mode="markers", marker=marker))
    else:
        figure = go.Figure(go.Scatter(**trace, mode="none"))
    figure.update_layout(
        height=560,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode="orbit" if solid else "pan",
        hovermode="closest",
        hoverdistance=24,
        showlegend=False,
        uirevision=identity,
        modebar={"bgcolor": CLEAR, "color": OTHER, "activecolor": SERIES},
        plot_bgcolor=CLEAR,
        paper_bgcolor=CLEAR,
    )
    if solid:
        hidden = [{"visible": False, "range": each, "showspikes": False} for each in extent]
        figure.update_layout(
            scene={
                "aspectmode": "cube",
                "camera": _CAMERA,
                **dict(zip(("xaxis", "yaxis", "zaxis"), hidden, strict=True)),
            }
        )
    else:
        axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "title": None}
        # A scaleanchor would leave a part of the place empty: the browser keeps both scales alike (frame.js).
        figure.update_layout(xaxis={**axis, "range": extent[0]}, yaxis={**axis, "range": extent[1]})
    return figure
