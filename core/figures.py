"""Plotly figures of layouts. One point per word in row order, so that two maps can be linked row by row."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.comparison import Comparison
from core.embedding import Embedding
from core.projection import LayoutSettings, cached_joint_layout

COVERED = "#4c6ef5"
NEW = "#e8890c"
"""Colours of words that the pretrained file has and of those it has not; told apart by any colour vision."""

HOVER_NEIGHBOURS = 5
_MARGIN = 0.06  # of the extent, around the outermost words


def map_extent(*coordinates: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Axis ranges ((x low, x high), (y low, y high)) that show every point of all the (n, 2) layouts."""
    stacked = np.concatenate(coordinates)
    low, high = stacked.min(axis=0), stacked.max(axis=0)
    margin = np.maximum((high - low) * _MARGIN, 1e-3)
    low, high = low - margin, high + margin
    return (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))


def draw_pair(
    left: Embedding, right: Embedding, comparison: Comparison, settings: LayoutSettings
) -> tuple[go.Figure, go.Figure]:
    """The two maps of the words that `left` and `right` share, in one frame and in the same row order."""
    shared = comparison.shared
    layouts = cached_joint_layout(left.vectors[shared.left_rows], right.vectors[shared.right_rows], settings)
    extent = map_extent(layouts.left.coordinates, layouts.right.coordinates)
    covered = left.covered[shared.left_rows] | right.covered[shared.right_rows]
    sides = (
        (layouts.left, left.counts[shared.left_rows], comparison.left_neighbours),
        (layouts.right, right.counts[shared.right_rows], comparison.right_neighbours),
    )
    first, second = (
        map_figure(shared.words, layout.coordinates, counts, covered, near.indices[:, :HOVER_NEIGHBOURS], extent)
        for layout, counts, near in sides
    )
    return first, second


def map_figure(
    words: Sequence[str],
    coordinates: np.ndarray,
    counts: np.ndarray,
    covered: np.ndarray,
    neighbours: np.ndarray,
    extent: tuple[tuple[float, float], tuple[float, float]],
) -> go.Figure:
    """One map: a single Scattergl trace in row order.

    The tooltip is put together in the browser from `customdata`, whose columns are count, covered (0 or 1) and
    the rows of the nearest neighbours: typed integers instead of a string per word.

    Args:
        words: n words.
        coordinates: float32 (n, 2).
        counts: int (n,).
        covered: bool (n,).
        neighbours: int (n, k) rows of each word's nearest neighbours in this model, -1 where there is none.
        extent: axis ranges, equal on maps that share a frame.
    """
    points = np.asarray(coordinates, np.float32)
    facts = np.column_stack([counts, covered, neighbours]).astype(np.int32)
    sizes = np.clip(3 + 1.8 * np.log10(np.maximum(counts, 1)), 3, 11).astype(np.float32)
    figure = go.Figure(
        go.Scattergl(
            x=np.ascontiguousarray(points[:, 0]),
            y=np.ascontiguousarray(points[:, 1]),
            text=list(words),
            customdata=facts,
            mode="markers",
            hoverinfo="none",
            marker={
                "size": sizes,
                "color": covered.astype(np.uint8),
                "colorscale": [[0, NEW], [1, COVERED]],
                "cmin": 0,
                "cmax": 1,
                "showscale": False,
                "opacity": 0.65,
                "line": {"width": 0},
            },
        )
    )
    axis = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": "", "title": None}
    figure.update_layout(
        height=560,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        dragmode="pan",
        hovermode="closest",
        hoverdistance=24,
        showlegend=False,
        xaxis={**axis, "range": extent[0]},
        yaxis={**axis, "range": extent[1], "scaleanchor": "x"},
        uirevision="map",
    )
    return figure
