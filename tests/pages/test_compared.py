"""What results about two models are kept by: small keys, each as wide as its result; a rerun computes nothing."""

from dataclasses import fields, replace

import pytest
import streamlit as st
from app_driver import go, open_page, run
from cache_calls import count_calls
from made_runs import LEFT, RIGHT, TOKEN, make_workspace

from core.comparison.noise_plan import NoisePlan
from core.comparison.retrainings import NoiseSide
from core.models.runs import load_run
from pages.shared import compared, maps_ahead
from pages.shared.cached import model_cache, pair_cache, results
from pages.shared.compared import Judgement, Model, Pair, Sides, Words


@pytest.fixture
def workspace(cache):
    st.cache_resource.clear()
    make_workspace()


@pytest.fixture
def pair(workspace):
    trained = pair_cache.trained(LEFT, RIGHT, 100)
    left, right = (Model(run, dose, model_cache.with_dose(run, dose)) for run, dose in ((LEFT, None), (RIGHT, 0.5)))
    return Pair(Words(trained, (), trained.sample), (left, right))


def sides_of(pair):
    return Sides(
        pair.words,
        pair.models,
        ("left", "right"),
        ("mine", "mine"),
        "",
        pair_cache.comparison(pair),
        pair_cache.row_of(pair.words),
    )


def judgement_of(pair, kinds=()):
    plan = NoisePlan(*(NoiseSide(model.run, "", None, model.embedding.config) for model in pair.models), ())
    return Judgement(sides_of(pair), plan, kinds)


def flat(key):
    return [part for each in key for part in (flat(each) if isinstance(each, tuple) else [each])]


def test_whatever_has_a_key_is_kept_by_it_alone_and_the_key_is_small(pair):
    keyed = {name for name, value in vars(compared).items() if isinstance(value, type) and hasattr(value, "key")}
    assert keyed <= {each.__name__ for each in results.HASHES}
    for each in (pair.trained, pair.words, *pair.models, pair, sides_of(pair), judgement_of(pair)):
        assert {type(part) for part in flat(each.key)} <= {str, float, bool, type(None)}
        assert sum(len(str(part)) for part in flat(each.key)) < 100


def test_a_key_is_as_wide_as_what_it_names(pair):
    other = Model(RIGHT, 0.25, model_cache.with_dose(RIGHT, 0.25))
    moved = replace(pair, models=(pair.models[0], other))
    assert pair.key != moved.key
    assert (pair.words.key, pair.trained.key) == (moved.words.key, moved.trained.key)
    pinned = replace(pair, words=replace(pair.words, extras=("pinned",)))
    assert (pair.words.key, pair.key) != (pinned.words.key, pinned.key)
    assert (pair.trained.key, pair.models[0].key) == (pinned.trained.key, pinned.models[0].key)
    unjudged, judged = judgement_of(pair), judgement_of(pair, ("seed",))
    assert unjudged.key != judged.key
    assert {field.name for field in fields(Sides)} >= {field.name for field in fields(Pair)}
    sides = sides_of(pair)
    assert sides.key != replace(sides, has_neighbours=False).key  # what is told of a region waits for them


def test_the_same_content_in_another_object_is_found(pair, monkeypatch):
    found = pair_cache.neighbours(pair.trained, pair.models[1])
    monkeypatch.setattr(pair_cache, "nearest_neighbours", None)
    again = Model(RIGHT, 0.5, load_run(RIGHT))
    assert pair_cache.neighbours(pair.trained, again) is found
    with pytest.raises(TypeError):
        pair_cache.neighbours(pair.trained, Model(RIGHT, 0.25, again.embedding))


def test_a_rerun_of_the_pages_on_words_computes_nothing(workspace, monkeypatch):
    names = ("load_run", "at_dose", "match_words", "nearest_neighbours", "changes", "describe_faults", "load_inputs",
             "search_text", "make_table", "draw_scatter", "draw_histogram", "group_movers")  # fmt: skip
    made = count_calls(monkeypatch, names)
    monkeypatch.setattr("pages.shared.noise_panel._ask_for", lambda *_: None)
    app = open_page("a_word", w=TOKEN)
    calls = made.copy()
    assert calls["search_text"] == 2
    assert calls["make_table"] == 1
    run(app)
    assert made == calls
    go(app, "what_changed")
    assert made - calls == {"draw_scatter": 1, "draw_histogram": 1}
    calls = made.copy()
    run(app)
    assert made == calls


def test_what_the_first_map_of_many_words_rests_on_is_made_on_the_page_before(workspace, monkeypatch):
    names = ("lay_out_pair", "find_word_regions", "changes", "describe_regions", "draw_side")
    made_ahead = {**dict.fromkeys(names, 1), "draw_side": 2}
    monkeypatch.setattr("pages.shared.side_choice._WORDS_AT_ONCE", 10)
    monkeypatch.setattr("pages.shared.side_choice._wait_for_neighbours", lambda pair: False)
    monkeypatch.setattr(maps_ahead, "start_thread", lambda work: work())
    monkeypatch.setattr(maps_ahead, "_LATER", 0)
    made = count_calls(monkeypatch, names)
    open_page("models", w=TOKEN)
    assert not made  # of few words the page makes it itself
    monkeypatch.setattr(maps_ahead, "_FEW_WORDS", 10)
    app = open_page("models", w=TOKEN)
    assert made == made_ahead
    go(app, "maps")
    assert made == made_ahead
