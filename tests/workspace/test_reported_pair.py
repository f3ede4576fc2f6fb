"""Which run is on the left of a report, and what the models of its scorecard are called."""

from dataclasses import replace

import pytest

from core.config import default_config
from core.score.store import model_key, score_folder
from core.system.files import write_json
from core.workspace.asked_runs import Run
from core.workspace.scores.reported_pair import find_pair_score, kept_documents, order_pair
from core.workspace.texts import TextChoice
from core.workspace.workspace import ShownScore


@pytest.fixture
def run(tmp_path):
    def make(identity, strategy="tied", text="mine", **changes):
        return Run(identity, default_config(strategy), text, tmp_path / text, asked=1.0, **changes)

    return make


def test_the_older_is_on_the_left_and_pretrained_vectors_are_older_than_all(run):
    new, old = replace(run("n"), asked=9.0), run("o", "tuned")
    plain = replace(run("p", "pretrained"), asked=99.0)
    for pair in ((new, old), (old, new)):
        assert order_pair(*pair, left="n") == (old, new)
    assert order_pair(old, plain, left="o") == (plain, old)
    same_age = run("s")
    assert order_pair(old, same_age, left="s") == (same_age, old)
    assert order_pair(old, same_age, left="o") == (old, same_age)


def test_models_of_another_text_give_the_scorecard_no_names(run):
    write_json(score_folder("card") / "scorecard.json", {})
    shown = ShownScore("card", "mine")
    mine, demo = (run("a"), run("b", "pretrained")), (run("c", text="demo"), run("d", "pretrained", text="demo"))
    names = {"a": "Mine", "b": "Plain", "c": "Demo", "d": "Plain demo"}
    expected = tuple(sorted({model_key(mine[0].config): "Mine", model_key(mine[1].config): "Plain"}.items()))
    for runs in ((*mine, *demo), (*demo, *mine)):
        assert find_pair_score(shown, mine, runs, names) == ("card", expected)
    assert find_pair_score(shown, demo, (*mine, *demo), names) is None
    assert find_pair_score(shown, (mine[0], demo[0]), (*mine, *demo), names) is None
    assert find_pair_score(ShownScore("gone", "mine"), mine, mine, names) is None


def test_of_two_models_with_the_same_settings_the_reported_one_is_meant(run, tmp_path):
    write_json(score_folder("card") / "scorecard.json", {})
    first, other = (run(name, rows_folder=tmp_path / name) for name in ("a", "z"))
    for runs in ((first, other), (other, first)):
        found = find_pair_score(ShownScore("card", "mine"), (first,), runs, {"a": "Mine", "z": "Other file"})
        assert found == ("card", ((model_key(first.config), "Mine"),))


def test_documents_are_where_the_text_is_kept_or_nowhere(run):
    assert kept_documents(run("a")) is None
    assert kept_documents(run("a", source=TextChoice("never kept"))) is None
