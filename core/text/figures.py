"""Figures of a text's report, small and plain. Colours are explicit and read on light and dark alike."""

from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.prose.colours import CLEAR, COVERED, FAINT, NEW, OTHER, SERIES
from core.text.corpus import Corpus
from core.text.course import Course
from core.text.fates import WordFates

_HEIGHT = 300
_MAX_POINTS = 400


def draw_rank_frequency(corpus: Corpus, min_count: int) -> go.Figure:
    """Count of each word by its rank, both axes logarithmic: about a straight line in running text (Zipf 1949)."""
    ranks = _log_spaced(len(corpus.words))
    words = [corpus.words[rank - 1] for rank in ranks.tolist()]
    counts = corpus.counts[ranks - 1]
    figure = go.Figure(
        go.Scatter(
            x=ranks.astype(np.int32),
            y=counts.astype(np.int32),
            mode="lines+markers",
            marker={"size": 4, "color": SERIES},
            line={"width": 1, "color": SERIES},
            customdata=[_escaped(word) for word in words],
            hovertemplate="%{customdata}<br>rank %{x:,}, count %{y:,}<extra></extra>",
        )
    )
    if min_count > 1:
        figure.add_hline(y=min_count, line={"dash": "dot", "color": OTHER, "width": 1})
        figure.add_annotation(
            x=0,
            xref="paper",
            y=np.log10(min_count),
            text=f"min_count {min_count}: words below are left out",
            showarrow=False,
            yshift=9,
            xanchor="left",
        )
    return _styled(figure, "Rank of the word", "Times seen", {}, x_log=True, y_log=True)


def draw_lengths(lengths: np.ndarray) -> go.Figure:
    """How many documents have how many tokens; bins widen with the length where lengths span more than a factor 20."""
    lengths = lengths[lengths > 0]
    low, high = int(lengths.min()), int(lengths.max())
    wide = high > 20 * low
    if high == low:
        edges = np.array([low, low + 1])
    else:
        space = np.geomspace if wide else np.linspace
        edges = np.unique(np.round(space(low, high + 1, 31)).astype(np.int64))
    counts, _ = np.histogram(lengths, edges)
    figure = go.Figure(
        go.Bar(
            x=list(range(len(counts))) if wide else (edges[:-1] + edges[1:]) / 2,
            y=counts.astype(np.int32),
            width=None if wide else np.diff(edges) * 0.96,
            marker={"color": SERIES, "line": {"width": 0}},
            customdata=[_span(a, b) for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)],
            hovertemplate="length %{customdata}<br>documents: %{y:,}<extra></extra>",
        )
    )
    axis: dict[str, Any] = {}
    if wide:
        shown = np.unique(np.linspace(0, len(counts) - 1, min(8, len(counts))).astype(int)).tolist()
        axis = {"tickvals": shown, "ticktext": [f"{edges[place]:,}" for place in shown]}
    return _styled(figure, "Tokens in the document", "Documents", {"bargap": 0.04, "xaxis": axis})


def draw_coverage(fates: WordFates) -> go.Figure:
    """Of the words of each frequency, which share the vectors file has and lacks."""
    labels, words, covered = zip(*fates.bands(), strict=True)
    total, known = np.array(words), np.array(covered)
    figure = go.Figure()
    for name, part, colour in (("in the file", known, COVERED), ("not in it", total - known, NEW)):
        figure.add_bar(
            name=name,
            x=labels,
            y=(100 * part / total).astype(np.float32),
            marker={"color": colour, "line": {"width": 0}},
            customdata=part.astype(np.int32),
            hovertemplate="count %{x}<br>words: %{customdata:,} (%{y:.0f} %) " + name + "<extra></extra>",
        )
    layout = {
        "barmode": "stack",
        "bargap": 0.15,
        "legend": {"orientation": "h", "y": 1.12, "x": 0, "traceorder": "normal"},
        "xaxis": {"type": "category"},
        "yaxis": {"range": [0, 100], "ticksuffix": " %"},
    }
    return _styled(figure, "Times seen in your text", "Share of the words", layout)


def draw_course(corpus: Corpus, course: Course) -> go.Figure:
    """Frequency of a word over the documents in their order, with its interval."""
    places = (course.documents + 1).astype(np.int32)
    figure = go.Figure()
    for values, fill in ((course.high, None), (course.low, "tonexty")):
        figure.add_scatter(
            x=places,
            y=values.astype(np.float32),
            mode="lines",
            line={"width": 0, "color": SERIES},
            fill=fill,
            fillcolor=FAINT,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=places,
        y=course.rates.astype(np.float32),
        mode="lines",
        line={"width": 2, "color": SERIES},
        customdata=[
            [_escaped(corpus.document_names[document]), f"{low:.1f} to {high:.1f}"]
            for document, low, high in zip(
                course.documents.tolist(), course.low.tolist(), course.high.tolist(), strict=True
            )
        ],
        hovertemplate="around %{customdata[0]}<br>%{y:.1f} per 10,000 tokens (%{customdata[1]})<extra></extra>",
    )
    return _styled(figure, "Documents in their order", "Per 10,000 tokens", {"yaxis": {"rangemode": "tozero"}})


def _styled(
    figure: go.Figure, x: str, y: str, layout: dict[str, Any], *, x_log: bool = False, y_log: bool = False
) -> go.Figure:
    """`figure` with these titles and `layout`, all of it in one update: Plotly takes long for each."""
    legend = "legend" in layout
    grid_and_line = {"showgrid": x_log, "linecolor": OTHER, "showline": True}
    figure.update_layout(
        {
            **layout,
            "height": _HEIGHT,
            "margin": {"l": 10, "r": 10, "t": 30 if legend else 10, "b": 10},
            "showlegend": legend,
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "dragmode": False,
            "xaxis": {**layout.get("xaxis", {}), **_axis(x, x_log), **grid_and_line},
            "yaxis": {**layout.get("yaxis", {}), **_axis(y, y_log)},
        }
    )
    return figure


def _axis(title: str, log: bool) -> dict[str, Any]:
    axis = {"title": {"text": title, "standoff": 8}, "automargin": True, "gridcolor": FAINT, "zeroline": False}
    return {**axis, "type": "log", "dtick": 1, "exponentformat": "none", "tickformat": ",d"} if log else axis


def _log_spaced(size: int) -> np.ndarray:
    """At most 400 ranks from 1 to `size`, dense at the beginning."""
    if size <= _MAX_POINTS:
        return np.arange(1, size + 1)
    return np.unique(np.round(np.geomspace(1, size, _MAX_POINTS)).astype(np.int64))


def _span(low: int, high: int) -> str:
    return f"{low:,}" if high == low + 1 else f"{low:,} to {high - 1:,}"


def _escaped(word: str) -> str:
    return word.replace("&", "&amp;").replace("<", "&lt;")
