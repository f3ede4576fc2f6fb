"""Plotly figures of layouts. One point per word in row order, so that two maps can be linked row by row."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from core.comparison import Comparison
from core.embedding import Embedding
from core.projection import LayoutSettings, cached_joint_layout

COVERED = "#4c6ef5"
NEW = "#e8890c"
"""Colours of words that the pretrained file has and of those it has not; told apart by any colour vision."""

Role = Literal["pin", "kept", "lost", "gained"]
ROLE_COLOURS: dict[Role, str] = {"pin": "#c2255c", "kept": "#5f6b7a", "lost": "#d9480f", "gained": "#087f5b"}
"""Of the rings round a pinned word and its neighbours, on both maps and in the lists."""

LINK_SCRIPT = Path(__file__).with_name("linked_maps.js")
"""JavaScript that links maps by row: tooltips, twins and rings."""

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
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
    )
    return figure


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 1400px; padding: 0 1rem; color: #1c2130;
  background: #fff; --st-background-color: #fff; --st-text-color: #1c2130; --st-border-color: #d9dce6;
  --st-font: system-ui, sans-serif; }}
.maps {{ display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }}
.maps > section {{ min-width: 0; }}
@media (max-width: 700px) {{ .maps {{ grid-template-columns: 1fr; }} }}
h2 {{ font-size: 1rem; margin: 0; }}
</style></head><body><h1>{title}</h1><div class="maps">
<section class="st-key-left"><h2>{left}</h2>{left_map}</section>
<section class="st-key-right"><h2>{right}</h2>{right_map}</section>
</div><p>{note}</p>
<script type="module">
{script}
const link = marks => linkMaps({{
  data: {{ keys: ["left", "right"], marks, colours: {colours} }}, parentElement: document.body,
  setTriggerValue: (_, row) => {{ unlink(); unlink = link([{{ row, role: "pin" }}]); }},
}});
let unlink = link([]);
</script></body></html>
"""


def maps_page(names: tuple[str, str], figures: tuple[go.Figure, go.Figure], note: str) -> str:
    """A web page of its own with the two linked maps; it asks the network for nothing.

    Args:
        names: of the left and the right model.
        figures: from `draw_pair`.
        note: a sentence below the maps.
    """
    left_map, right_map = (
        figure.to_html(full_html=False, include_plotlyjs=first, config=_CONFIG)
        for figure, first in zip(figures, (True, False), strict=True)
    )
    return _PAGE.format(
        title=escape(f"{names[0]} and {names[1]}"),
        left=escape(names[0]),
        right=escape(names[1]),
        left_map=left_map,
        right_map=right_map,
        note=escape(note),
        script=LINK_SCRIPT.read_text(encoding="utf-8"),
        colours=json.dumps(ROLE_COLOURS),
    )


_CONFIG = {"scrollZoom": True, "displaylogo": False, "responsive": True}
FRAME_NOTE = (
    "Both maps share one frame: a word that did not change stands in the same place. Nearest neighbours are computed "
    "from the full vectors, not from the map; distances between clusters on a map are not evidence."
)
