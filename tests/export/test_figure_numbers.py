"""What a figure shows, as a table and as CSV."""

import numpy as np
import plotly.graph_objects as go
import pytest

from core.export.figure_numbers import tabulate_figure, write_csv


def figure(*traces, x="Dose", y="Score"):
    made = go.Figure(list(traces))
    return made.update_layout(xaxis={"title": x}, yaxis={"title": y})


def test_points_are_rows_under_the_titles_of_the_axes():
    table = tabulate_figure(figure(go.Scatter(x=np.array([0.0, 0.5]), y=[1, 2])))
    assert table.to_dict("list") == {"Dose": [0.0, 0.5], "Score": [1, 2]}


def test_several_series_are_told_apart_and_gaps_left_out():
    table = tabulate_figure(
        figure(go.Bar(x=[1, 2], y=[3, 4], name="a<br>b"), go.Scatter(x=[1, None], y=[5, 6], name="c"))
    )
    assert table.Series.tolist() == ["a b", "a b", "c"]
    assert table.Score.tolist() == [3, 4, 5]


def test_words_at_points_and_intervals_are_there():
    bars = {"array": [0.5, 1], "arrayminus": [0.25, 2]}
    table = tabulate_figure(figure(go.Scatter(x=[1, 2], y=[3, 4], customdata=["cat &amp; dog", "=1+1"], error_x=bars)))
    assert table.Text.tolist() == ["cat & dog", "=1+1"]
    assert table["Dose, above"].tolist() == [0.5, 1]
    assert table["Dose, below"].tolist() == [0.25, 2]


def test_axes_of_one_title_or_none_are_two_columns():
    assert list(tabulate_figure(figure(go.Scatter(x=[1], y=[2]), x="cosine", y="cosine"))) == [
        "cosine (x)",
        "cosine (y)",
    ]
    assert list(tabulate_figure(go.Figure(go.Scatter(x=[1], y=[2])))) == ["x", "y"]


def test_an_empty_figure_is_an_empty_table():
    assert not len(tabulate_figure(go.Figure()))


@pytest.mark.parametrize("word", ["=1+1", "@sum", "-x"])
def test_no_word_is_a_formula_in_a_spreadsheet(word):
    table = tabulate_figure(figure(go.Scatter(x=[-1], y=[2], text=[word])))
    assert write_csv(table).decode("utf-8-sig").splitlines() == ["Text,Dose,Score", f"'{word},-1,2"]
