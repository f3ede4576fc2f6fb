"""Plotly figures of what moved: change against count, how far changes stand above noise, and words on two axes."""

import textwrap
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.comparison.axes import AxisPlaces
from core.comparison.table import MovedTable
from core.prose.colours import CLEAR, MOVED, NOISE, OTHER

_TICKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50]
_LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}


def draw_scatter(table: MovedTable) -> go.Figure:
    """Change of every candidate against how often it occurs.

    Where the noise is known, a change is drawn in units of the change from which on its word is called moved: every
    word has a noise of its own, so that no line through bare changes would part those that moved from the others. Here
    the line at 1 does. Words that are not judged have no such unit and are left out.
    """
    figure = go.Figure()
    measured = table.movers is not None
    if table.movers is None:
        known = np.isfinite(table.change) & table.candidates.judged
        _add_points(figure, table, table.change, known, "all words: not yet told from noise", OTHER, 0.55)
    else:
        relative = table.movers.relative
        _add_points(figure, table, relative, table.shown & ~table.moved, "could be noise", OTHER, 0.6)
        _add_points(figure, table, relative, table.moved, "moved", MOVED, 0.9)
        _add_line(figure, table)
    change = {"title": "change ÷ change that counts as moved", "type": "log", "tickvals": _TICKS, "ticktext": _TICKS}
    figure.update_layout(
        height=420,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend=_LEGEND,
        hovermode="closest",
        dragmode="pan",
        xaxis={
            "title": "how often the word occurs",
            "type": "log",
            "dtick": 1,
            "minor": {"ticks": "outside", "dtick": "D1"},
            "showgrid": False,
        },
        yaxis={**(change if measured else {"title": "change (1 − cosine)"}), "zeroline": False},
        plot_bgcolor=CLEAR,
        paper_bgcolor=CLEAR,
    )
    return figure


def _add_points(
    figure: go.Figure, table: MovedTable, heights: np.ndarray, rows: np.ndarray, name: str, colour: str, opacity: float
) -> None:
    chosen = np.flatnonzero(rows)
    if not len(chosen):
        return
    movers = table.movers
    facts = [table.change[chosen]] if movers is None else [table.change[chosen], movers.threshold[chosen]]
    needed = "" if movers is None else "<br>moved from %{customdata[1]:.3f} on"
    figure.add_trace(
        go.Scattergl(
            x=table.counts[chosen].astype(np.float32),
            y=heights[chosen].astype(np.float32),
            customdata=np.stack(facts, axis=1).astype(np.float32),
            text=[escape(table.words[row]) for row in chosen.tolist()],
            name=f"{name} ({len(chosen):,})",
            mode="markers",
            marker={"color": colour, "opacity": opacity, "size": 7 if colour == MOVED else 5},
            hovertemplate="<b>%{text}</b><br>count %{x:,}<br>change %{customdata[0]:.3f}" + needed + "<extra></extra>",
        )
    )


def _add_line(figure: go.Figure, table: MovedTable) -> None:
    """From where on a word is called moved."""
    counts = table.counts[table.shown]
    if not len(counts):
        return
    figure.add_trace(
        go.Scatter(
            x=np.array([counts.min(), counts.max()], np.float32),
            y=np.ones(2, np.float32),
            name="called moved from here on",
            mode="lines",
            line={"color": NOISE, "width": 2},
            hoverinfo="skip",
        )
    )


def draw_histogram(table: MovedTable, height: int = 370, bins: int = 40) -> go.Figure:
    """How many words have which change above noise, or raw change; a range can be brushed. `height` in pixels."""
    rows = table.shown
    values, moved = table.statistic[rows], table.moved[rows]
    figure = go.Figure()
    if len(values):
        edges = np.histogram_bin_edges(values, bins)
        middle = ((edges[:-1] + edges[1:]) / 2).astype(np.float32)
        measured = table.movers is not None
        for chosen, name, colour in (
            (~moved, "could be noise" if measured else "words", OTHER),
            (moved, "moved", MOVED),
        ):
            if chosen.any():
                number, _ = np.histogram(values[chosen], edges)
                figure.add_trace(
                    go.Bar(
                        x=middle,
                        y=number.astype(np.int32),
                        width=np.diff(edges).astype(np.float32) * 0.92,
                        name=name,
                        marker={"color": colour, "line": {"width": 0}},
                        hovertemplate="near %{x:.2f}: words %{y:,}<extra></extra>",
                    )
                )
    title = "standard deviations above noise" if table.movers is not None else "raw change (1 − cosine)"
    figure.update_layout(
        barmode="stack",
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend=_LEGEND,
        showlegend=table.movers is not None,
        dragmode="select",
        selectdirection="h",
        xaxis={"title": title, "showgrid": False, "zeroline": False},
        yaxis={"title": "words", "zeroline": False},
        plot_bgcolor=CLEAR,
        paper_bgcolor=CLEAR,
    )
    return figure


def draw_axes(
    words: Sequence[str],
    places: AxisPlaces,
    names: tuple[str, str],
    ends: tuple[tuple[str, str], tuple[str, str]],
    colours: Sequence[str],
) -> go.Figure:
    """Words on two semantic axes, with an arrow each from the left embedding's place to the right one's.

    Names of words hit neither each other nor a point; those without room are in the tooltip only. Where the noise is
    known, a dotted ellipse around where an arrow begins has 95 % of the ends that noise alone gives it, and arrows that
    end within theirs are faint.

    Args:
        words: n words.
        places: where they lie.
        names: of the left and the right embedding.
        ends: of the axis across and of that up, what it leads away from, "" for nothing, and what it leads to.
        colours: hexadecimal, of each word; points of the left embedding are hollow.
    """
    figure, known = go.Figure(), places.band is not None
    strong = places.beyond if known else np.ones(len(words), bool)
    for (x0, y0), (x1, y1), shines in zip(places.left.tolist(), places.right.tolist(), strong.tolist(), strict=True):
        figure.add_annotation(
            x=x1,
            y=y1,
            ax=x0,
            ay=y0,
            xref="x",
            yref="y",
            axref="x",
            ayref="y",
            showarrow=True,
            arrowhead=2,
            arrowsize=1,
            arrowwidth=1.4,
            arrowcolor=OTHER,
            opacity=1.0 if shines else _FAINT,
            standoff=4,
            startstandoff=3,
            text="",
        )
    shown = [escape(word) for word in words]
    both = np.concatenate([places.left, places.right, *_ends_of_bands(places)])
    ranges = [_axis_range(column) for column in both.T]
    sides = _place_labels(words, places, ranges)
    for name, place, symbol in ((names[0], places.left, "circle-open"), (names[1], places.right, "circle")):
        right = place is places.right
        figure.add_scatter(
            x=place[:, 0],
            y=place[:, 1],
            name=escape(name),
            text=[word if side else "" for word, side in zip(shown, sides, strict=True)],
            textposition=[side or "top center" for side in sides],
            hovertext=shown,
            marker={"size": 8, "color": list(colours), "symbol": symbol, "line": {"width": 1.5}},
            mode="markers+text" if right else "markers",
            hovertemplate="%{hovertext}: %{x:.3f}, %{y:.3f}<extra>%{fullData.name}</extra>",
            legendgroup=symbol,
            showlegend=False,
        )
    for name, symbol in zip(names, ("circle-open", "circle"), strict=True):  # told by its shape: a colour is a region's
        marker = {"size": 8, "color": OTHER, "symbol": symbol, "line": {"width": 1.5}}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=escape(name), legendgroup=symbol)
    if known:
        marker = {"size": 14, "color": OTHER, "symbol": "circle-open", "line": {"width": 1}}
        figure.add_scatter(x=[None], y=[None], mode="markers", marker=marker, name=_BAND_NAME)
    across, up = ({"range": each, "zeroline": True, "tickformat": ".2f"} for each in ranges)
    figure.update_layout(
        height=_AXES_HEIGHT,
        shapes=_draw_bands(places, colours),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        dragmode="pan",
        legend={"orientation": "h", "y": 1.08},
        xaxis={"title": escape(_write_ends(ends[0])), **across},
        yaxis={"title": escape(_write_ends(ends[1])), **up},
    )
    return figure


_BAND, _FAINT = 0.55, 0.4
_BAND_NAME = "where 95 % of arrows end by noise alone"


def _ends_of_bands(places: AxisPlaces) -> list[np.ndarray]:
    return [] if places.band is None else [places.left - places.band, places.left + places.band]


def _draw_bands(places: AxisPlaces, colours: Sequence[str]) -> list[dict[str, Any]]:
    """The noise of each word as an ellipse around its left place, below all else.

    Lines in the word's colour: areas of ten words that lie close would be one grey cloud.
    """
    if places.band is None:
        return []
    corners = np.concatenate(_ends_of_bands(places), axis=1).astype(float)
    style = {"type": "circle", "layer": "below", "opacity": _BAND}
    return [
        {**style, "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": {"width": 1, "dash": "dot", "color": colour}}
        for (x0, y0, x1, y1), colour in zip(corners.tolist(), colours, strict=True)
        if np.isfinite([x0, y0, x1, y1]).all()
    ]


def _write_ends(ends: tuple[str, str]) -> str:
    away, towards = (textwrap.shorten(each, 60, placeholder=" …") for each in ends)
    return f"← {away} · {towards} →" if away else f"{towards} →"


_AXES_WIDTH, _AXES_HEIGHT = 1_000, 560
"""The least room that a label may count on, in pixels; the width is that of the page."""
_LETTER, _LINE = 7.5, 15
_SIDES = {"top center": (0, -1), "bottom center": (0, 1), "middle right": (1, 0), "middle left": (-1, 0)}
_CORNERS = {"top right": (1, -1), "bottom right": (1, 1), "top left": (-1, -1), "bottom left": (-1, 1)}


def _place_labels(words: Sequence[str], places: AxisPlaces, ranges: Sequence[tuple[float, float]]) -> list[str]:
    """On which side of its point in the right embedding each word's name has room, "" where it has none."""
    low, high = np.array(ranges).T
    scale = np.array([_AXES_WIDTH, -_AXES_HEIGHT + 80]) / (high - low)
    points = [(place - low) * scale for place in (places.left, places.right)]
    taken = [(x - 5, y - 5, x + 5, y + 5) for x, y in np.concatenate(points).tolist() if np.isfinite(x)]
    sides = []
    for word, (x, y), way in zip(words, points[1].tolist(), points[1] - points[0], strict=True):
        width, found = len(word) * _LETTER, ""
        for side, (right, down) in [*_along(way, _SIDES), *_along(way, _CORNERS)]:
            middle = x + right * (width / 2 + 8), y + down * (_LINE / 2 + 6)
            box = (middle[0] - width / 2, middle[1] - _LINE / 2, middle[0] + width / 2, middle[1] + _LINE / 2)
            if all(box[2] <= a or c <= box[0] or box[3] <= b or d <= box[1] for a, b, c, d in taken):
                taken.append(box)
                found = side
                break
        sides.append(found)
    return sides


def _along(way: np.ndarray, sides: dict[str, tuple[int, int]]) -> list[tuple[str, tuple[int, int]]]:
    """`sides`, first that where an arrow that runs this `way` ends: beyond its head it strikes no letter."""
    return sorted(sides.items(), key=lambda each: -float(way @ np.array(each[1])))


def _axis_range(cosines: np.ndarray) -> tuple[float, float]:
    """What an axis shows: all cosines, and at least a tenth, so that rounding error does not look like a distance."""
    known = cosines[np.isfinite(cosines)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)
    spare = max(0.12 * (high - low), (0.1 - (high - low)) / 2, 0.01)
    return low - spare, high + spare
