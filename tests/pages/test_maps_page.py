"""The Maps page over made-up models: no training, so that what is computed anew can be counted."""

import json
from base64 import b64decode

import numpy as np
import pytest
import streamlit as st
from app_driver import everything, labels, open_page, press, run
from cache_calls import count_calls
from made_runs import LEFT, LONG, RIGHT, RIGHT_TO_LEFT, TOKEN, make_workspace
from workspaces import saved

from core.comparison.axes import AxesExample
from core.maps.colouring import colour_by_kind
from core.maps.payload import read_bits
from core.maps.word_sample import MOST_MAPPED_WORDS
from pages.parts.maps import label_colours
from pages.shared.cached import server


@pytest.fixture
def workspace(cache):
    st.cache_resource.clear()
    make_workspace()


@pytest.fixture
def made(workspace, monkeypatch):
    """How often each expensive function has been called."""
    names = (
        "lay_out_pair",
        "nearest_neighbours",
        "changes",
        "draw_side",
        "find_word_regions",
        "match_words",
        "load_run",
    )
    return count_calls(monkeypatch, names)


def open_compare(**query):
    method = {"map-method": "pca"}  # UMAP would be laid out in the background meanwhile
    return open_page("maps", method, w=TOKEN, **query)


def specs(app):
    return [chart.proto.spec for chart in app.get("plotly_chart")[-2:]]


def components(app, number):
    """What the maps' colours (0) or links (1) are told."""
    name = ("vectune_map_colours", "vectune_linked_maps")[number]
    (found,) = (each.proto for each in app.get("bidi_component") if each.proto.component_name == name)
    return json.loads(found.json)


def marks(app):
    return {mark["row"]: mark["role"] for mark in components(app, 1)["marks"]}


def test_a_rerun_sends_the_same_figures_to_the_byte_and_computes_nothing(made):
    app = open_compare()
    before, calls = specs(app), made.copy()
    run(app)
    assert specs(app) == before
    assert made == calls


def test_colour_pin_and_selection_compute_no_map_and_change_no_figure(made):
    app = open_compare()
    before, calls, colours = specs(app), made.copy(), components(app, 0)
    app.selectbox(key="colour-by").set_value("Change")
    run(app)
    assert components(app, 0) != colours
    assert specs(app) == before
    colours = components(app, 0)
    app.text_input(key="find-word").set_value("word7")
    run(app)
    assert marks(app)[7] == "pin"
    assert components(app, 0) == colours
    app.text_area(key="selection-list").set_value("word1, word2\nnowhere").run()
    next(button for button in app.button if button.label == "Select these words").click()
    run(app)
    assert components(app, 1)["selection"] is not None
    assert "nowhere" in everything(app)
    assert components(app, 0) == colours
    app.pills(key="map-options").set_value(["Linked zoom", "Trails"])
    run(app)
    assert components(app, 1)["options"]["trails"]
    assert specs(app) == before
    assert made == calls
    app.selectbox(key="colour-by").set_value("Region")
    run(app)
    assert made == calls


def test_a_dose_computes_its_own_side_only(made):
    app = open_compare()
    left, right = specs(app)
    calls = made.copy()
    app.slider(key=f"dose-{RIGHT}").set_value(0.25)
    run(app)
    assert made - calls == {"nearest_neighbours": 1, "changes": 1, "draw_side": 1}
    assert specs(app)[0] == left
    assert specs(app)[1] != right
    calls = made.copy()
    app.slider(key=f"dose-{RIGHT}").set_value(0.5)
    run(app)
    assert made == calls
    assert specs(app) == [left, right]


def test_swapping_the_sides_computes_nothing_and_sends_the_same_figures(made):
    app = open_compare()
    left, right = specs(app)
    colours, calls = components(app, 0), made.copy()
    app.button(key="swap").click()
    run(app)
    assert specs(app) == [right, left]
    assert components(app, 0) == colours
    assert made == calls


def test_maps_are_there_before_neighbours_are_found_and_nothing_is_said_of_these(made, monkeypatch):
    monkeypatch.setattr("pages.shared.side_choice._WORDS_AT_ONCE", 10)
    monkeypatch.setattr("pages.shared.side_choice._wait_for_neighbours", lambda pair: False)
    app = open_compare()
    assert all("customdata" in spec for spec in specs(app))
    assert not made["nearest_neighbours"]
    assert set(marks(app).values()) == {"pin"}
    assert "Neighbours of" not in everything(app)
    assert "Neighbour overlap" not in app.selectbox(key="colour-by").options
    before = specs(app)
    monkeypatch.setattr("pages.shared.side_choice._wait_for_neighbours", lambda pair: True)
    run(app)
    assert made["nearest_neighbours"] == 2
    assert specs(app) != before
    assert "Neighbours of" in everything(app)


def test_the_layout_before_stays_until_another_is_ready(workspace, monkeypatch):
    from core.maps.layout import LayoutSettings
    from core.maps.pair_store import LayoutOrder, PairOrder, keep_layout
    from core.progress import silent
    from pages.parts.maps import map_layout

    pair = PairOrder(*sorted((LEFT, RIGHT)), MOST_MAPPED_WORDS)
    keep_layout(silent, LayoutOrder(pair, LayoutSettings(), "joint"))
    app = open_page("maps", w=TOKEN)
    before = specs(app)
    monkeypatch.setattr(map_layout.progress, "follow", lambda jobs, key: jobs.status(key))
    monkeypatch.setattr(server.map_jobs(), "submit", lambda *args, **options: None)
    app.number_input(key="map-seed").set_value(99)
    run(app)
    assert specs(app) == before
    app.segmented_control(key="map-method").set_value("pca")
    run(app)
    assert specs(app) != before


def test_a_word_and_its_nearest_have_the_maps_to_themselves_until_all_are_wanted(made):
    app = open_compare()
    before, calls = specs(app), made.copy()
    app.button(key="isolate-50").click()
    run(app)
    links = components(app, 1)
    shown = read_bits(links["shown"], 80)
    assert links["isolated"]
    assert 50 < shown.sum() <= 80
    assert shown[[*marks(app)]].all()
    assert "Only" in everything(app)
    assert specs(app) == before
    assert made == calls
    app.button(key="isolate-none").click()
    run(app)
    assert components(app, 1)["shown"] is None
    assert components(app, 1)["isolated"] == ""


def test_a_selection_is_kept_under_a_name_and_comes_back(workspace):
    app = open_compare()
    app.text_area(key="selection-list").set_value("word1, word2").run()
    next(button for button in app.button if button.label == "Select these words").click()
    run(app)
    app.text_input(key="list-name").set_value("Two words").run()
    app.button(key="keep-list").click()
    run(app)
    assert saved(TOKEN).lists == {"Two words": ("word1", "word2")}
    next(button for button in app.button if button.label == "Clear").click()
    run(app)
    assert components(app, 1)["selection"] is None
    app.selectbox(key="kept-list").set_value("Two words")
    run(app)
    assert read_bits(components(app, 1)["selection"], 80).nonzero()[0].tolist() == [1, 2]


def chosen(app, side):
    return next(box.value for box in app.selectbox if box.label == side)


def test_the_slider_starts_at_the_automatic_choice_and_shows_the_held_out_curve(workspace):
    app = open_compare()
    assert app.slider(key=f"dose-{RIGHT}").value == 0.5
    assert "automatic choice: 0.5" in everything(app)
    curve = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert curve["data"][1]["x"] == [0.5]


@pytest.mark.parametrize(
    "colour", ["In the pretrained file", "Region", "Count", "Change", "Neighbour overlap", "Label of its documents",
               "Similarity to the pinned word, left", "Similarity to the pinned word, right"]
)  # fmt: skip
def test_every_colouring_has_a_code_for_each_word_and_a_legend(workspace, colour):
    app = open_compare()
    app.selectbox(key="colour-by").set_value(colour)
    run(app)
    assert len(b64decode(components(app, 0)["codes"])) == 80


def test_a_click_in_the_legend_isolates_a_kind_and_another_shows_all_again(workspace):
    app = open_compare()
    app.selectbox(key="colour-by").set_value("In the pretrained file")
    run(app)
    app.button(key="legend-1").click()
    run(app)
    chosen = components(app, 1)["selection"]
    assert read_bits(chosen, 80).tolist() == [row % 4 == 0 for row in range(80)]
    app.button(key="legend-1").click()
    run(app)
    assert components(app, 1)["selection"] is None


def test_among_many_labels_one_is_found_by_its_name_and_shown_alone(workspace, monkeypatch):
    kinds = np.arange(80) % 40 - 1  # label 39 is typical of no word
    labels = [f"label {number}" for number in range(40)]
    monkeypatch.setattr(label_colours, "find", lambda *_: colour_by_kind("Label", kinds, labels))
    app = open_compare()
    app.selectbox(key="colour-by").set_value("Label of its documents")
    run(app)
    legend = [button.key for button in app.button if str(button.key).startswith("legend-")]
    assert legend == [f"legend-{number}" for number in range(39)]
    app.selectbox(key="legend-find").set_value(30)
    run(app)
    assert read_bits(components(app, 1)["selection"], 80).tolist() == (kinds == 30).tolist()
    assert app.selectbox(key="legend-find").value is None
    assert next(button.key for button in app.button if str(button.key).startswith("legend-")) == "legend-30"
    app.selectbox(key="legend-find").set_value(39)
    run(app)
    assert components(app, 1)["selection"] is None
    assert [toast.value for toast in app.toast] == ["No word of the maps stands out for “label 39”."]


@pytest.mark.parametrize("frame", ["joint", "aligned"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_frames_and_dimensions(workspace, frame, dimensions):
    app = open_compare()
    app.segmented_control(key="map-dimensions").set_value(dimensions)
    app.selectbox(key="map-frame").set_value(frame)
    run(app)
    assert all(("scatter3d" in spec) == (dimensions == 3) for spec in specs(app))
    shown = everything(app)
    assert "residual" in shown
    assert ("laid out on its own" in shown) == (frame == "aligned")


def test_pins_are_in_the_link_and_come_from_it(workspace):
    app = open_compare(pins="word5 word6")
    assert set(marks(app)) >= {5, 6}
    found = app.query_params["pins"]
    assert (found[0] if isinstance(found, list) else found) == "word5 word6"


def test_the_colouring_is_in_the_link_and_comes_from_it(workspace):
    app = open_compare()
    app.selectbox(key="colour-by").select("Change")
    run(app)
    found = app.query_params["colour"]
    assert (found[0] if isinstance(found, list) else found) == "Change"
    assert open_compare().selectbox(key="colour-by").value == "Change"
    assert open_compare(colour="Count").selectbox(key="colour-by").value == "Count"


@pytest.mark.parametrize("dose", [0.0, 0.25])
def test_a_dose_outlives_a_reload(workspace, dose):
    app = open_compare()
    app.slider(key=f"dose-{RIGHT}").set_value(dose)
    run(app)
    assert open_compare().slider(key=f"dose-{RIGHT}").value == dose


def test_the_two_runs_are_in_the_link_and_come_from_it(workspace):
    app = open_compare()
    left, right = (app.query_params[side] for side in ("left", "right"))
    swapped = open_compare(left=right, right=left)
    assert [swapped.query_params[side] for side in ("left", "right")] == [right, left]
    assert [chosen(swapped, side) for side in ("Left", "Right")] == [right, left]


def test_a_link_to_a_run_that_is_not_this_visitors_says_so(workspace):
    app = open_compare(left="0" * 16, right="1" * 16)
    assert "names a model that is not among these" in everything(app)
    assert chosen(app, "Left") not in ("0" * 16, "1" * 16)


def test_a_word_of_one_side_only_is_listed_and_explained(workspace):
    app = open_compare()
    assert any("Words that only one of the two has (1)" in each.label for each in app.get("expander"))
    app.text_input(key="find-word").set_value("onlyright")
    run(app)
    assert "is in Fine-tune with dose control only" in everything(app)


def test_the_table_behind_the_maps_has_every_word(workspace):
    app = open_compare()
    assert not any("Left x" in str(each.value.columns) for each in app.dataframe)
    app.toggle(key="show-table").set_value(True)
    run(app)
    table = next(each.value for each in app.dataframe if "Left x" in each.value.columns)
    assert len(table) == 80
    assert {LONG, RIGHT_TO_LEFT} <= set(table["Word"])


def test_axes_are_drawn_and_a_bad_sum_is_explained(workspace):
    app = open_compare()
    app.text_input(key="axis-across").set_value("word1 - word2")
    app.text_input(key="axis-up").set_value("word3")
    run(app)
    assert len(app.get("plotly_chart")) == 4
    assert "How far noise alone takes words was not measured" in everything(app)
    app.text_input(key="axis-up").set_value("word3 word4")
    run(app)
    assert any("no + or -" in each.value for each in app.error)


def test_an_example_fills_in_the_axes(workspace, monkeypatch):
    example = AxesExample("word1 - word2", "word3", ("word4", "word5"))
    monkeypatch.setattr("pages.parts.maps.axes.find_example", lambda _: example)
    app = open_compare()
    press(app, "Show me an example")
    assert app.text_input(key="axis-across").value == example.across
    assert len(app.get("plotly_chart")) == 4
    assert "Show me an example" not in labels(app)


def test_above_the_cap_a_sample_keeps_the_pinned_words_and_says_so(made, monkeypatch):
    monkeypatch.setattr("pages.shared.side_choice.MOST_MAPPED_WORDS", 10)
    app = open_compare()
    shown = everything(app)
    assert "11 words, one point each. Both models share 80" in shown
    assert f"Placed amid their nearest words: {LONG}" in shown
    calls = made.copy()
    app.text_input(key="find-word").set_value(RIGHT_TO_LEFT)
    run(app)
    run(app)
    assert set(marks(app)) >= {10, 11}
    assert set(made - calls) <= {"changes", "draw_side"}
    assert f"Neighbours of “{RIGHT_TO_LEFT}”" in everything(app)


def test_a_brushed_range_of_change_selects_its_words_on_both_maps_and_says_so(made):
    app = open_compare()
    before = specs(app)
    app.session_state["select-by-change"] = True
    run(app)
    histogram = next(each for each in app.get("plotly_chart") if "bar" in each.proto.spec)
    assert histogram.proto.spec
    calls = made.copy()
    app.session_state["map-histogram"] = {"selection": {"points": [], "box": [{"x": [0.9, 0.4]}]}}
    run(app)
    chip = next(each.value for each in app.text if "with change between 0.40 and 0.90" in each.value)
    bits = np.unpackbits(np.frombuffer(b64decode(components(app, 1)["selection"]), np.uint8), bitorder="little")
    assert 0 < bits.sum() < 80
    assert int(chip.split()[0]) == bits.sum()
    assert [chart.proto.spec for chart in app.get("plotly_chart")][1:3] == before
    assert made == calls
    app.session_state["map-histogram"] = {"selection": {"points": [], "box": []}}
    run(app)
    assert components(app, 1)["selection"] is None


def test_another_selection_gives_the_brushed_range_up(workspace):
    app = open_compare()
    app.session_state["select-by-change"] = True
    run(app)
    app.session_state["map-histogram"] = {"selection": {"points": [], "box": [{"x": [0.4, 0.9]}]}}
    run(app)
    app.text_area(key="selection-list").set_value("word1").run()
    next(button for button in app.button if button.label == "Select these words").click()
    run(app)
    assert any(each.value == "1 selected: word1" for each in app.text)
    run(app)
    assert any(each.value == "1 selected: word1" for each in app.text)
