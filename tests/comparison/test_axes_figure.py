"""Words on semantic axes as they are drawn."""

import numpy as np

from core.comparison.axes import AxisPlaces
from core.comparison.figures import draw_axes
from core.prose.colours import OTHER


def draw(n, spread):
    chance = np.random.default_rng(0)
    left, right = (spread * chance.normal(size=(n, 2)).astype(np.float32) for _ in range(2))
    words = [f"word{number}" for number in range(n)]
    return draw_axes(
        words, AxisPlaces(left, right), ("one", "other"), (("bad", "good"), ("", "church")), ["#0072b2"] * n
    )


def test_the_ends_of_both_axes_are_named():
    layout = draw(3, 1).layout
    assert layout.xaxis.title.text == "← bad · good →"
    assert layout.yaxis.title.text == "church →"


def test_noise_is_an_ellipse_around_where_an_arrow_begins_and_arrows_within_it_are_faint():
    left = np.zeros((3, 2), np.float32)
    right = np.array([[0.2, 0], [0, 0.2], [0.2, 0.2]], np.float32)
    spread = np.array([[0.1, 0.01], [0.1, 0.01], [np.nan, np.nan]], np.float32)
    places = AxisPlaces(left, right, spread)
    assert places.beyond.tolist() == [False, True, False]  # 2.45 standard deviations; an unknown noise tells nothing
    figure = draw_axes(["a", "b", "c"], places, ("one", "other"), (("", "x"), ("", "y")), ["#0072b2"] * 3)
    assert [arrow.opacity < 1 for arrow in figure.layout.annotations] == [True, False, True]
    assert [round(shape.x1, 3) for shape in figure.layout.shapes] == [0.245, 0.245]
    assert all(shape.fillcolor is None for shape in figure.layout.shapes)  # of many, areas are one grey cloud
    assert "noise" in figure.data[-1].name
    assert not draw(3, 1).layout.shapes


def test_a_word_has_one_colour_in_both_models_and_names_of_many_words_do_not_hit_each_other():
    figure = draw(120, 0.3)
    left, right, *told = figure.data
    assert list(left.marker.color) == list(right.marker.color)
    assert [(each.name, each.marker.color) for each in told] == [("one", OTHER), ("other", OTHER)]
    assert not left.showlegend
    assert not right.showlegend
    named = [row for row, text in enumerate(right.text) if text]
    assert 10 < len(named) < 120
    (x0, x1), (y0, y1) = figure.layout.xaxis.range, figure.layout.yaxis.range
    boxes = []
    for row in named:
        x, y = (right.x[row] - x0) / (x1 - x0) * 1000, (right.y[row] - y0) / (y1 - y0) * -480
        up, aside = right.textposition[row].split()
        across, down = {"left": -1, "center": 0, "right": 1}[aside], {"top": -1, "middle": 0, "bottom": 1}[up]
        width = 7 * len(right.text[row])
        middle = x + across * (width / 2 + 8), y + down * 13
        boxes.append((middle[0] - width / 2, middle[1] - 7, middle[0] + width / 2, middle[1] + 7))
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert all(draw(30, 0.3).data[1].text)
