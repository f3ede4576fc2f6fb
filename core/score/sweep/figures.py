"""A sweep drawn: how each setting did on the development part, in a field of colours or as lines through the values."""

import textwrap
from collections.abc import Mapping, Sequence
from html import escape

import plotly.graph_objects as go

from core.prose.colours import CHOSEN, CLEAR, OTHER, SCALE
from core.prose.numbers import count
from core.score.sweep.plan import write_setting_value
from core.score.sweep.ranges import SettingValue

Values = Mapping[str, SettingValue]
_MOST_ROWS, _MOST_COLUMNS = 24, 24
_ROW_HEIGHT, _LABEL_WIDTH = 38, 20
_NONE = "–"
"""Of a setting that a strategy does not read."""


def is_field(settings: Sequence[Values], names: Sequence[str]) -> bool:
    """Whether `draw_tried` shows a field of colours: up to three settings vary, over few enough values."""
    if not 1 <= len(names) <= 3:
        return False
    rows, columns = _axes(settings, names)
    return len(rows) <= _MOST_ROWS and len(columns) <= _MOST_COLUMNS


def draw_tried(
    settings: Sequence[Values], scores: Sequence[float | None], names: Sequence[str], titles: Mapping[str, str]
) -> go.Figure:
    """Every setting by its score.

    Args:
        settings: the values of each, those that were not tried yet among them.
        scores: on the development part, 0 to 1; None where it is not known.
        names: of what varies.
        titles: what to call these.
    """
    if is_field(settings, names):
        return _draw_field(settings, scores, names, titles)
    return _draw_lines(settings, scores, names, titles)


def describe_figure(settings: Sequence[Values], scores: Sequence[float | None], names: Sequence[str]) -> str:
    """The same for those who do not see it."""
    known = [score for score in scores if score is not None]
    if not known:
        return f"{count('setting', len(settings))}, none of them tried yet."
    how = "as a field of colours" if is_field(settings, names) else "as lines through their values"
    return (
        f"Scores of {len(known)} of {count('setting', len(settings))} on the development part, {how}: from "
        f"{100 * min(known):.1f} to {100 * max(known):.1f} %. The table below has the same."
    )


def _axes(settings: Sequence[Values], names: Sequence[str]) -> tuple[list[str], list[str]]:
    rows = dict.fromkeys(_row_of(values, names) for values in _sorted(settings, names))
    columns = dict.fromkeys(_write(values, names[-1]) for values in _sorted(settings, names[-1:]))
    return list(rows), list(columns)


def _sorted(settings: Sequence[Values], names: Sequence[str]) -> list[Values]:
    """By what varies: numbers by size, words in the order in which they come; what has none last."""
    place = {name: list(dict.fromkeys(str(values.get(name)) for values in settings)) for name in names}

    def key(values: Values) -> list[tuple[bool, float]]:
        found = [(name, values.get(name)) for name in names]
        return [
            (value is None, float(value) if isinstance(value, int | float) else place[name].index(str(value)))
            for name, value in found
        ]

    return sorted(settings, key=key)


def _row_of(values: Values, names: Sequence[str]) -> str:
    return " · ".join(_write(values, name) for name in names[:-1])


def _write(values: Values, name: str) -> str:
    value = values.get(name)
    return _NONE if value is None else write_setting_value(name, value)


def _draw_field(
    settings: Sequence[Values], scores: Sequence[float | None], names: Sequence[str], titles: Mapping[str, str]
) -> go.Figure:
    rows, columns = _axes(settings, names)
    field: list[list[float | None]] = [[None] * len(columns) for _ in rows]
    for values, score in zip(settings, scores, strict=True):
        field[rows.index(_row_of(values, names))][columns.index(_write(values, names[-1]))] = (
            None if score is None else 100 * score
        )
    figure = go.Figure(
        go.Heatmap(
            z=field,
            x=list(range(len(columns))),
            y=list(range(len(rows))),
            text=[["" if each is None else f"{each:.1f}" for each in row] for row in field],
            customdata=[[escape(f"{row}{' · ' if row else ''}{column}") for column in columns] for row in rows],
            texttemplate="%{text}",
            hovertemplate="%{customdata}: %{z:.2f} %<extra></extra>",
            hoverongaps=False,
            colorscale=list(SCALE),
            xgap=2,
            ygap=2,
            showscale=False,  # each cell says its score
        )
    )
    _mark_best(figure, field)
    row_title = " · ".join(titles.get(name, name) for name in names[:-1])
    figure.update_layout(
        height=110 + _ROW_HEIGHT * max(len(rows), 2),
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        dragmode=False,
        plot_bgcolor=CLEAR,
        paper_bgcolor=CLEAR,
        title={"text": row_title, "font": {"size": 13}, "x": 0.01, "y": 0.99, "yanchor": "top"},
        xaxis=_axis(titles.get(names[-1], names[-1]), list(map(escape, columns))),
        yaxis={
            **_axis("", ["<br>".join(map(escape, textwrap.wrap(row, _LABEL_WIDTH))) for row in rows]),
            "autorange": "reversed",
        },
    )
    return figure


def _mark_best(figure: go.Figure, field: Sequence[Sequence[float | None]]) -> None:
    known = [(value, y, x) for y, row in enumerate(field) for x, value in enumerate(row) if value is not None]
    if known:
        _, y, x = max(known, key=lambda each: (each[0], -each[1], -each[2]))
        corners = {"x0": x - 0.5, "x1": x + 0.5, "y0": y - 0.5, "y1": y + 0.5}
        figure.add_shape(type="rect", **corners, line={"color": CHOSEN, "width": 3})


def _axis(title: str, labels: Sequence[str]) -> dict[str, object]:
    return {
        "title": {"text": title, "standoff": 8},
        "tickmode": "array",
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "tickfont": {"size": 13},
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
        "fixedrange": True,
    }


def _draw_lines(
    settings: Sequence[Values], scores: Sequence[float | None], names: Sequence[str], titles: Mapping[str, str]
) -> go.Figure:
    known = [(values, 100 * score) for values, score in zip(settings, scores, strict=True) if score is not None]
    dimensions = []
    for name in names:
        labels = list(dict.fromkeys(_write(values, name) for values in _sorted(settings, [name])))
        places = [labels.index(_write(values, name)) for values, _ in known]
        ticks = list(range(len(labels))) if len(labels) <= _MOST_ROWS else [0, len(labels) - 1]
        dimensions.append(
            {
                "label": titles.get(name, name),
                "values": places,
                "range": [-0.2, len(labels) - 0.8],
                "tickvals": ticks,
                "ticktext": [labels[tick] for tick in ticks],
            }
        )
    found = [score for _, score in known]
    dimensions.append({"label": "score, %", "values": found, "tickformat": ".1f"})
    figure = go.Figure(
        go.Parcoords(
            dimensions=dimensions,
            line={"color": found, "colorscale": list(SCALE)},
            unselected={"line": {"color": OTHER, "opacity": 0.15}},
            labelside="bottom",
        )
    )
    longest = max((len(_write(values, names[0])) for values in settings), default=0)
    figure.update_layout(
        height=420, margin={"l": 24 + 6 * longest, "r": 40, "t": 24, "b": 48}, plot_bgcolor=CLEAR, paper_bgcolor=CLEAR
    )
    return figure
