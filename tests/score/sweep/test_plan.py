"""Which settings come of ranges: only those that mean something, each once, counted before they are made."""

import pytest

from core.config import default_config
from core.errors import TrainingError
from core.score.sweep.plan import (
    SweptVectors,
    all_settings,
    check_grid,
    count_settings,
    count_trainings,
    describe_values,
    find_varied,
    highest_min_count,
    make_plan,
    setting_at,
    setting_of_values,
)
from core.score.sweep.search import SearchWay, check_search

SMALL, LARGE = SweptVectors("small.txt", 50), SweptVectors("large.txt", 300)


def values_of(plan, tokens=0):
    return [dict(setting.values) for setting in all_settings(plan, tokens)]


def test_only_what_changes_a_model_is_varied():
    axes = {"epochs": (5, 10), "negative": (3, 5)}
    plan = make_plan(["tied", "counts", "scratch", "pretrained"], axes, [1, 2], [SMALL, LARGE])
    found = values_of(plan)
    by_strategy = {name: [each for each in found if each["strategy"] == name] for name in plan.strategies}
    assert {name: len(each) for name, each in by_strategy.items()} == {
        "tied": 8,  # 2 epochs, 2 negative, 2 files
        "counts": 1,  # makes no passes, needs no file
        "scratch": 4,
        "pretrained": 2,
    }
    assert count_settings(plan) == len(found) == 15
    assert count_trainings(plan) == 8 * 2 + 1 + 4 * 2 + 2  # counting and copying are not random
    assert all("vectors" not in each for each in by_strategy["counts"] + by_strategy["scratch"])
    assert by_strategy["pretrained"] == [
        {"strategy": "pretrained", "vectors": name} for name in ("small.txt", "large.txt")
    ]
    assert len({setting.key for setting in all_settings(plan, 0)}) == 15


def test_a_model_has_the_size_of_its_file_and_the_usual_values_of_its_strategy():
    plan = make_plan(["tied", "scratch"], {"window": (3,)}, [7], [SMALL, LARGE])
    small, large, scratch = all_settings(plan, 1_000_000)
    assert (small.config.vector_size, large.config.vector_size, scratch.config.vector_size) == (50, 300, 50)
    assert small.config == default_config("tied", 1_000_000, vector_size=50, window=3, seed=7)
    assert scratch.config == default_config("scratch", 1_000_000, vector_size=50, window=3, seed=7)
    assert small.values == {
        "strategy": "tied", "vectors": "small.txt", "epochs": 5, "alpha": 0.01, "window": 3, "min_count": 5,
    }  # fmt: skip


def test_what_is_named_twice_counts_once():
    plan = make_plan(["tied", "tied"], {"epochs": (5, 5)}, [1, 1], [SMALL, SMALL])
    assert (count_settings(plan), count_trainings(plan)) == (1, 1)


def test_every_place_has_its_setting_and_is_found_again_by_its_values():
    axes = {"epochs": (1, 2, 3), "window": (2, 5), "vector_size": (10, 20)}
    plan = make_plan(["tied", "scratch", "counts"], axes, vectors=[SMALL, LARGE])
    found = [setting_at(plan, place, 0) for place in range(count_settings(plan))]
    assert len({repr(each.values) for each in found}) == len(found) == 3 * 2 * 2 + 3 * 2 * 2 + 2 * 2
    assert {each.config.vector_size for each in found if each.config.strategy == "tied"} == {50, 300}  # the files'
    for each in found:
        assert setting_of_values(plan, each.values, 0) == each
    with pytest.raises(ValueError, match="no place"):
        setting_at(plan, len(found), 0)


def test_a_million_settings_are_counted_and_refused_without_being_made():
    axes = {
        "window": tuple(range(1, 51)),
        "epochs": tuple(range(1, 101)),
        "alpha": tuple(i / 1000 for i in range(1, 201)),
    }
    plan = make_plan(["tied"], axes, vectors=[SMALL])
    assert count_settings(plan) == 1_000_000
    with pytest.raises(TrainingError) as error:
        check_grid(plan, "or ask for fewer trials")
    assert str(error.value) == (
        "These ranges make 1,000,000 settings; a sweep trains up to 1,000 models. Give fewer values, or ask for fewer "
        "trials."
    )
    check_search(plan, SearchWay("optuna", 60), "")
    seeds = make_plan(["tied"], {"window": tuple(range(1, 51))}, range(1, 31), [SMALL])
    with pytest.raises(TrainingError, match="50 settings, with 30 seeds 1,500 trainings"):
        check_grid(seeds, "")


@pytest.mark.parametrize(
    ("strategies", "axes", "changes", "said"),
    [
        ([], {}, {}, "There is no strategy to try. Choose from: tied,"),
        (["fancy"], {}, {}, "strategy is 'fancy'; it must be one of: tied,"),
        (["tied"], {}, {"vectors": []}, "The strategy tied starts from pretrained vectors, and there are none"),
        (["tied"], {"epochs": (0, 5)}, {}, "epochs is 0; it must lie between 1 and 200"),
        (["tied"], {"alpha": (2.0,)}, {}, "alpha is 2; it must lie between 0.0001 and 1"),
        (["scratch"], {"algorithm": ("skipgram",)}, {}, "algorithm is 'skipgram'; it must be one of: skip-gram, cbow"),
        (["counts"], {"epochs": (5,)}, {}, "epochs changes nothing about counts: only tied, tuned, scratch,"),
        (["tied"], {"epochs": ()}, {}, "There is no value of epochs to try"),
        (["tied"], {}, {"seeds": [-1]}, "seed is -1; it must lie between 0 and"),
    ],
)
def test_what_cannot_be_tried(strategies, axes, changes, said):
    with pytest.raises(TrainingError) as error:
        make_plan(strategies, axes, **{"vectors": [SMALL], **changes})
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("trials", "seeds", "said"), [(0, 1, "trials is 0"), (2000, 1, "and 1000"), (60, 40, "and 25")]
)
def test_so_many_trials_that_they_are_refused(trials, seeds, said):
    plan = make_plan(["tied"], {"window": (3, 5)}, range(1, seeds + 1), [SMALL])
    with pytest.raises(TrainingError, match=said):
        check_search(plan, SearchWay("optuna", trials), "")


def test_the_words_that_are_asked_about_are_in_every_model():
    plan = make_plan(["tied", "pretrained"], {"min_count": (1, 7)}, vectors=[SMALL])
    assert highest_min_count(plan, 1000) == 7
    assert {setting.config.min_count for setting in all_settings(plan, 300_000)} == {1, 7}
    assert highest_min_count(make_plan(["pretrained"], {}, vectors=[SMALL]), 300_000) == 5


def test_settings_are_told_by_what_differs():
    plan = make_plan(["tied", "counts"], {"window": (3, 5), "epochs": (5,)}, vectors=[SweptVectors("/a/b.txt", 5)])
    values = values_of(plan)
    names = find_varied(values)
    assert names == ("strategy", "window")
    assert [describe_values(each, names) for each in values[1:3]] == ["tied, window 5", "counts, window 3"]
    assert find_varied(values[:2]) == ("window",)
    assert describe_values(values[0], ["vectors", "alpha"]) == "tied, vectors b.txt, alpha 0.01"
