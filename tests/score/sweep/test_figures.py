"""What is drawn of a sweep: every score in its place, the best one framed, and the same in words."""

from made_sweeps import EAGER, IDLE, SIZE

from core.score.sweep.figures import describe_figure, draw_tried, is_field
from core.score.sweep.plan import SweptVectors, all_settings, find_varied, make_plan

TITLES = {"epochs": "Passes"}


def planned(strategies, **axes):
    plan = make_plan(strategies, axes, vectors=[SweptVectors("tiny", SIZE)])
    settings = [setting.values for setting in all_settings(plan, 0)]
    return settings, find_varied(settings)


def test_a_field_has_a_place_for_every_setting_and_fills():
    settings, names = planned(["tied", "counts"], epochs=(10, 2), window=(3, 5))
    assert names == ("strategy", "epochs", "window")
    scores = [0.7, 0.71, None, 0.75, 0.6, None]
    assert is_field(settings, names)
    figure = draw_tried(settings, scores, names, TITLES)
    assert figure.layout.yaxis.ticktext == ("tied · 2", "tied · 10", "counts · –")
    assert figure.layout.xaxis.ticktext == ("3", "5")
    assert [list(row) for row in figure.data[0].z] == [[None, 75.0], [70.0, 71.0], [60.0, None]]
    assert figure.layout.title.text == "strategy · Passes"
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, -0.5, 0.5)
    assert describe_figure(settings, scores, names).startswith("Scores of 4 of 6 settings")
    assert not draw_tried(settings, [None] * 6, names, TITLES).layout.shapes


def test_one_row_where_one_setting_varies():
    settings, names = planned(["tied"], epochs=(1, 2, 3))
    figure = draw_tried(settings, [0.5, 0.6, 0.7], names, TITLES)
    assert [list(row) for row in figure.data[0].z] == [[50.0, 60.0, 70.0]]


def test_lines_where_more_varies():
    settings, names = planned(["tied"], epochs=(2, 1), window=(3, 5), alpha=(IDLE, EAGER), min_count=(1, 2))
    assert not is_field(settings, names)
    scores = [None, *(0.5 + place / 100 for place in range(1, len(settings)))]
    figure = draw_tried(settings, scores, names, TITLES)
    dimensions = figure.data[0].dimensions
    assert [each.label for each in dimensions] == ["Passes", "alpha", "window", "min_count", "score, %"]
    assert all(len(each["values"]) == len(settings) - 1 for each in dimensions)
    assert list(dimensions[0].ticktext) == ["1", "2"]
    assert "as lines through their values" in describe_figure(settings, scores, names)
    assert describe_figure(settings, [None] * len(settings), names).endswith("none of them tried yet.")
