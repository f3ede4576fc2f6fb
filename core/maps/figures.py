"""Plotly figures of layouts. One point per word in row order, so that two maps can be linked row by row."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.comparison.pair import Comparison
from core.geometry.neighbours import Neighbours
from core.maps.colouring import colour_by_kind
from core.maps.facts import pack_facts, read_facts
from core.maps.layout import LayoutSettings
from core.maps.pair_layout import Extent, PairLayout, Side, lay_out_pair
from core.models.embedding import Embedding
from core.prose.colours import CLEAR, COVERED, OTHER, ROLE_COLOURS

HOVER_NEIGHBOURS = 5
_CAMERA = {"eye": {"x": 0.85, "y": 0.85, "z": 0.6}}  # nearer than Plotly puts it: there are no axes to make room for
_JAVASCRIPT = Path(__file__).with_name("js")
_SCRIPTS = ("map_painter.js", "map_labels.js", "linked_maps.js")


def link_script() -> str:
    """JavaScript that links maps by row: colours, tooltips, twins, rings, labels, trails. One ES module."""
    return "\n".join((_JAVASCRIPT / name).read_text(encoding="utf-8") for name in _SCRIPTS)


def paint_script() -> str:
    """JavaScript that takes the colours (`Colouring.payload`) to the linked maps."""
    return (_JAVASCRIPT / "map_paint.js").read_text(encoding="utf-8")


def covered_kinds(left: Embedding, right: Embedding, comparison: Comparison) -> np.ndarray:
    """bool (words,): the pretrained vectors of either side have the word."""
    shared = comparison.shared
    return np.asarray(left.covered[shared.left_rows] | right.covered[shared.right_rows])


def draw_pair(
    left: Embedding, right: Embedding, comparison: Comparison, settings: LayoutSettings
) -> tuple[go.Figure, go.Figure]:
    """The two maps of the words that `left` and `right` share, in one frame and in the same row order."""
    shared = comparison.shared
    layout = lay_out_pair(left, right, shared, settings)
    covered = covered_kinds(left, right, comparison)
    return (
        draw_side(
            layout,
            "left",
            left.details.get("dose"),
            shared.words,
            left.counts[shared.left_rows],
            covered,
            comparison.left_neighbours,
        ),
        draw_side(
            layout,
            "right",
            right.details.get("dose"),
            shared.words,
            right.counts[shared.right_rows],
            covered,
            comparison.right_neighbours,
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
) -> go.Figure:
    """One map of `layout`: its left or right words at `dose`, with axes that show every word at every dose."""
    track = layout.left if side == "left" else layout.right
    return map_figure(words, track.at(dose), counts, covered, neighbours.indices[:, :HOVER_NEIGHBOURS], layout.extent)


def map_figure(
    words: Sequence[str],
    coordinates: np.ndarray,
    counts: np.ndarray,
    covered: np.ndarray,
    neighbours: np.ndarray,
    extent: Extent,
) -> go.Figure:
    """One map: a single trace in row order, Scattergl or Scatter3d.

    The tooltip is put together in the browser from `customdata` (`core.maps.facts`): typed integers instead of a
    string per word. Colours and sizes are painted there too (`Colouring.payload`), so that no coordinate is sent
    again for them; Plotly's own points are all alike, and seen only where that fails.

    Args:
        words: n words.
        coordinates: float32 (n, 2 or 3).
        counts: int (n,).
        covered: bool (n,).
        neighbours: int (n, k) rows of each word's nearest neighbours in this model, -1 where there is none.
        extent: range of each axis, equal on maps that share a frame.
    """
    points = np.asarray(coordinates, np.float32)
    solid = points.shape[1] == 3
    marker: dict[str, Any] = {"size": 6, "color": OTHER, "opacity": 0.65, "line": {"width": 0}}
    axes = {name: np.ascontiguousarray(column) for name, column in zip("xyz", points.T, strict=False)}
    facts, meta = pack_facts(counts, covered, neighbours)
    kind = go.Scatter3d if solid else go.Scattergl
    figure = go.Figure(
        kind(**axes, text=list(words), customdata=facts, meta=meta, mode="markers", hoverinfo="none", marker=marker)
    )
    figure.update_layout(
        height=560,
        margin={"l": 4, "r": 4, "t": 4, "b": 4},
        dragmode="orbit" if solid else "pan",
        hovermode="closest",
        hoverdistance=24,
        showlegend=False,
        uirevision="map",
        modebar={"bgcolor": CLEAR, "color": OTHER, "activecolor": COVERED},
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
        axis["constrain"] = "domain"  # else Plotly widens a range with every change of size, and never narrows it again
        figure.update_layout(xaxis={**axis, "range": extent[0]}, yaxis={**axis, "range": extent[1], "scaleanchor": "x"})
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
  data: {{ keys: ["left", "right"], marks, colours: {colours}, paint: {paint}, options: {{ labels: true }} }},
  parentElement: document.body,
  setTriggerValue: (what, row) => {{
    if (what !== "clicked" && what !== "cleared") return;
    unlink();
    unlink = link(what === "clicked" ? [{{ row, role: "pin" }}] : []);
  }},
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
    _, covered = read_facts(figures[0].data[0])
    paint = colour_by_kind("", 1 - covered.astype(int), ["covered", "new"]).payload
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
        script=link_script(),
        paint=json.dumps(paint),
        colours=json.dumps(ROLE_COLOURS),
    )


_CONFIG = {"scrollZoom": True, "displaylogo": False, "responsive": True}
FRAME_NOTE = (
    "Both maps share one frame: a word that did not change stands in the same place. Nearest neighbours are computed "
    "from the full vectors, not from the map; distances between clusters on a map are not evidence."
)
