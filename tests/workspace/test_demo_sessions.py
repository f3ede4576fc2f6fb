"""Demo sessions: saved by one, opened by link, shown in steps, explored by many and changed by nobody."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from app_driver import (
    button,
    everything,
    go,
    open_app,
    paste,
    prepare_cheap_demo,
    press,
    select_rows,
    trained_workspace,
)
from same_process import hold_calls
from small_texts import SENTENCES, small_glove
from workspaces import all_demos, save, saved

from core.config import TrainConfig
from core.errors import RunError
from core.models.runs import has_run
from core.score.store import has_score, score_folder
from core.system.files import cache_folder, write_json
from core.system.typed_json import encode_record
from core.workspace import built_in_demo, store
from core.workspace.asked_runs import Run
from core.workspace.demo_data import counted_vectors
from core.workspace.demo_sessions import (
    BUILT_IN,
    Step,
    delete_demo,
    demos_of,
    gather_demo,
    go_to_step,
    has_demo,
    load_demo,
    open_demo,
    save_demo,
)
from core.workspace.erasure import erase_workspace
from core.workspace.housekeeping import clear_unused
from core.workspace.texts import TextChoice
from core.workspace.vectors import upload_folder
from core.workspace.workspace import DemoPlace, ScoreForm, ShownScore, Workspace

TEXT = "\n\n".join(SENTENCES[:3] * 6)


pytestmark = pytest.mark.usefixtures("vectors_folder")


def write_vectors(path):
    return small_glove(path, SENTENCES[:3], without=("crown",))


@pytest.fixture
def token(vectors_folder):
    return trained_workspace(TEXT, write_vectors(vectors_folder / "tiny.8d.txt"))


def token_of(app):
    token = app.query_params["w"]
    return token[0] if isinstance(token, list) else token


EMPTY = Workspace(text=TextChoice("u"))


def test_a_demo_is_stored_found_and_deleted_by_its_owner_only():
    steps = [Step("One", pins=("river", "bank")), Step("Two", page="data", left="a")]
    identity = save_demo(gather_demo(" Mine ", steps, EMPTY, [], "token-a"))
    assert len(identity) >= 20
    demo = load_demo(identity)
    assert (demo.title, demo.steps) == ("Mine", tuple(steps))
    assert "token-a" not in cache_folder("demos", f"{identity}.json").read_text(encoding="utf-8")
    assert list(demos_of("token-a")) == [identity]
    assert demos_of("token-b") == {}
    delete_demo(identity, "token-b")
    assert has_demo(identity)
    delete_demo(identity, "token-a")
    assert not has_demo(identity)
    assert all_demos() == ()


def test_steps_set_sides_and_pins():
    demo = gather_demo("T", [Step("One", left="a", right="b", pins=("x",)), Step("Two", left="b")], EMPTY, [], "t")
    identity = save_demo(demo)
    first = open_demo(Workspace(), identity)
    assert (first.left, first.right, first.pins, first.demo) == ("a", "b", ("x",), DemoPlace(identity, 0))
    second = go_to_step(first, identity, demo, 1)
    assert second == replace(first, left="b", pins=(), demo=DemoPlace(identity, 1))
    assert go_to_step(first, identity, demo, 9) == second


def test_a_demo_that_cannot_be_read_is_named_left_alone_and_in_nobodys_way():
    mine = save_demo(gather_demo("Mine", [Step("One")], EMPTY, [], "token-a"))
    path = cache_folder("demos", "later.json")
    for unreadable in ('{"version": 99}', "{", '{"title": "x", "steps": [], "workspace": {"runs": [{"id": 5}]}}'):
        path.write_text(unreadable, "utf-8")
        with pytest.raises(RunError, match="This demo cannot be opened"):
            load_demo("later")
        assert list(demos_of("token-a")) == [mine]
        assert "This demo cannot be opened" in everything(open_app(demo="later")).replace("\\", "")
        assert path.read_text("utf-8") == unreadable


@pytest.mark.parametrize("identity", ["", "../workspaces/x", "none", "a" * 65])
def test_a_demo_that_is_not_there_is_said_so(identity):
    assert not has_demo(identity)
    with pytest.raises(RunError, match="no such demo"):
        load_demo(identity)


@pytest.mark.parametrize(
    ("title", "steps", "runs", "says"),
    [(" ", [Step("x")], [], "title"), ("T", [], [], "sentence"), ("T", [Step(" ")], [], "sentence"),
     ("T", [Step("x")], [Run("0" * 32, TrainConfig(strategy="counts"), "text", Path("x"))], "not finished")],
)  # fmt: skip
def test_what_is_missing_from_a_demo_is_named(title, steps, runs, says):
    with pytest.raises(RunError, match=says):
        gather_demo(title, steps, EMPTY, runs, "t")


def test_no_path_gives_a_token_away(token):
    private = upload_folder(token) / "mine.txt"
    runs = [replace(run, vectors_path=private) for run in saved(token).runs]
    demo = gather_demo("T", [Step("x")], replace(EMPTY, vectors=private), runs, token)
    assert token not in encode_record(demo)


def test_saved_on_the_runs_page_and_explored_by_an_audience_that_changes_nothing(token):
    app = open_app(w=token)
    go(app, "models")
    select_rows(app, [0, 1])
    assert button(app, "Save the demo").disabled
    app.text_input(key="demo-title").set_value("For <b>everyone</b>").run()
    press(app, "Save the demo")
    (identity,) = all_demos()
    assert any(identity in each.value for each in app.code)
    stored = load_demo(identity)
    assert stored.steps[0].left == saved(token).runs[0].id

    audience = open_app(demo=identity)
    assert token_of(audience) != token
    audience = open_app(w=token_of(audience))  # AppTest leaves app.py out after a change of page
    assert "step 1 of 1" in everything(audience)
    assert "demo" not in audience.query_params
    copy = saved(token_of(audience))
    assert copy.runs == saved(token).runs
    go(audience, "models")
    select_rows(audience, [0])
    press(audience, "Remove 1")
    assert len(saved(token_of(audience)).runs) == 1
    assert len(saved(token).runs) == 2
    assert load_demo(identity) == stored
    assert "Your demos" not in everything(audience)

    press(app, "Delete")
    assert all_demos() == ()
    late = open_app(demo=identity)
    assert "no such demo" in everything(late)


def test_the_presenter_goes_from_step_to_step(token):
    runs = [run.id for run in saved(token).runs]
    steps = [Step("Say *this*.", left=runs[0], right=runs[1]), Step("Then that.", "gone", pins=("river",))]
    identity = save_demo(gather_demo("T", steps, saved(token), saved(token).runs, token))
    app = open_app(w=token_of(open_app(demo=identity)))
    assert r"Say \*this\*." in everything(app)
    assert button(app, "Back").disabled
    press(app, "Next")
    app = open_app(w=token_of(app))  # AppTest leaves app.py out after a change of page
    assert "Then that." in everything(app)
    assert saved(token_of(app)).pins == ("river",)
    assert button(app, "Next").disabled
    press(app, "Close")
    assert "Then that." not in everything(app)
    assert saved(token_of(app)).demo is None


def test_tidying_the_cache_folder_spares_what_a_demo_needs(token, cache):
    runs = saved(token).runs
    save_demo(gather_demo("T", [Step("See")], saved(token), runs, token))
    store.erase_from_store(token)
    for path in cache.glob("*/*"):
        os.utime(path, (0, 0))
    clear_unused()
    assert all(has_run(run.id) for run in runs)
    assert all(run.corpus_folder.is_dir() for run in runs)
    delete_demo(*all_demos(), token)
    clear_unused()
    assert not any(has_run(run.id) for run in runs)


@pytest.fixture
def prepared(monkeypatch):
    """The built-in demo with tiny vectors, and models that cost nothing."""
    write_vectors(counted_vectors())
    identity = prepare_cheap_demo(monkeypatch)
    hold_calls(monkeypatch)  # the maps, which nobody waits for
    return identity


def test_the_prepared_demo_is_what_the_train_page_makes(prepared):
    assert prepared == BUILT_IN
    app = open_app(demo=BUILT_IN)
    go(app, "train")
    press(app, "Train 3 models")
    runs = saved(token_of(app)).runs
    assert len(runs) == 3
    assert all(has_run(run.id) for run in runs)


def test_the_first_click_on_the_demo_goes_to_the_maps(prepared):
    app = open_app()
    press(app, "Try the demo")
    app = open_app(w=token_of(app))
    assert "step 1 of 5" in everything(app)
    assert len(saved(token_of(app)).runs) == 3


def test_the_demo_opens_in_a_workspace_that_has_a_text_and_models_and_these_stay(prepared):
    app = open_app()
    paste(app, "The river runs past the old bank.")
    token = token_of(app)
    own = replace(load_demo(BUILT_IN).workspace.runs[0], id="0" * 32)
    save(token, replace(saved(token), runs=(own,)))
    app = open_app(w=token)
    press(app, "Try the demo")
    assert "step 1 of 5" in everything(open_app(w=token))
    assert [run.id for run in saved(token).runs][3:] == [own.id]


def test_the_demo_scorecard_is_the_one_that_the_page_asks_for(prepared):
    demo = load_demo(BUILT_IN)
    request = built_in_demo._request(demo.workspace.runs)
    app = open_app(demo=BUILT_IN)
    asked = []

    from pages.parts.did_it_help import job

    original = job.find
    try:
        job.find = lambda form: asked.append(form.request)
        go(app, "did_it_help")
    finally:
        job.find = original
    assert asked[0].identity == request.identity


def test_whoever_erases_a_workspace_leaves_the_demo_its_scorecard(prepared):
    demo = load_demo(BUILT_IN)
    request = built_in_demo._request(demo.workspace.runs)
    write_json(score_folder(request.identity) / "scorecard.json", {})
    token = "v" * 22
    shown = ScoreForm(shown=ShownScore(request.identity, request.corpus_folder.name))
    save(token, replace(demo.workspace, score=shown))
    erase_workspace(token)
    assert has_score(request.identity)
