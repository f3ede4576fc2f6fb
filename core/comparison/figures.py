"""Plotly figures of what moved: change against count, and how far changes stand above noise."""

from html import escape

import numpy as np
import plotly.graph_objects as go

from core.comparison.table import MovedTable

MOVED = "#e8590c"
REST = "#868e96"
NOISE = "#4c6ef5"
"""Colours that can be told apart on a light and on a dark page, by any colour vision."""

_CLEAR = "rgba(0,0,0,0)"
_LEGEND = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}


def draw_scatter(table: MovedTable) -> go.Figure:
    """Change of every word against how often it occurs, with the noise of words of that count where it is known."""
    figure = go.Figure()
    known = np.isfinite(table.change)
    movers = table.movers
    if movers is None:
        _add_points(figure, table, known, "all words: not yet told from noise", REST, 0.55)
    else:
        judged = movers.judged
        _add_points(figure, table, known & ~judged, "too rare to judge", REST, 0.22)
        _add_points(figure, table, judged & ~movers.moved, "could be noise", REST, 0.6)
        _add_points(figure, table, judged & movers.moved, "moved", MOVED, 0.9)
        _add_noise(figure, table)
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
        yaxis={"title": "change (1 − cosine)", "zeroline": False},
        plot_bgcolor=_CLEAR,
        paper_bgcolor=_CLEAR,
    )
    return figure


def _add_points(figure: go.Figure, table: MovedTable, rows: np.ndarray, name: str, colour: str, opacity: float) -> None:
    chosen = np.flatnonzero(rows)
    if not len(chosen):
        return
    figure.add_trace(
        go.Scattergl(
            x=table.counts[chosen].astype(np.float32),
            y=table.change[chosen].astype(np.float32),
            text=[escape(table.words[row]) for row in chosen.tolist()],
            name=f"{name} ({len(chosen):,})",
            mode="markers",
            marker={"color": colour, "opacity": opacity, "size": 7 if colour == MOVED else 5},
            hovertemplate="<b>%{text}</b><br>seen %{x:,} times<br>change %{y:.3f}<extra></extra>",
        )
    )


def _add_noise(figure: go.Figure, table: MovedTable) -> None:
    movers = table.movers
    assert movers is not None
    rows = np.flatnonzero(movers.judged)
    if not len(rows):
        return
    counts, first = np.unique(table.counts[rows], return_index=True)
    for values, name, dash in (
        (movers.bound, "95 % of noise lies below", "solid"),
        (movers.floor, "median noise", "dot"),
    ):
        figure.add_trace(
            go.Scatter(
                x=counts.astype(np.float32),
                y=values[rows][first].astype(np.float32),
                name=name,
                mode="lines",
                line={"color": NOISE, "dash": dash, "width": 2},
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
            (~moved, "could be noise" if measured else "words", REST),
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
                        hovertemplate="%{y:,} words near %{x:.2f}<extra></extra>",
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
        plot_bgcolor=_CLEAR,
        paper_bgcolor=_CLEAR,
    )
    return figure
