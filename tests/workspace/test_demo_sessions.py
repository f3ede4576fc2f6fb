"""Demo sessions: saved by one, opened by link, shown in steps, explored by many and changed by nobody."""

import json
import os
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
from small_texts import SENTENCES, small_glove

from core.errors import RunError
from core.models.runs import has_run
from core.score.store import has_score, score_folder
from core.system.files import cache_folder, read_json, write_json
from core.workspace import built_in_demo
from core.workspace.demo_data import demo_vectors
from core.workspace.demo_sessions import (
    BUILT_IN,
    Step,
    all_demos,
    delete_demo,
    demos_of,
    gather_demo,
    has_demo,
    load_demo,
    opening_fields,
    save_demo,
    step_fields,
)
from core.workspace.erasure import erase_workspace
from core.workspace.housekeeping import clear_unused
from core.workspace.vectors import upload_folder

TEXT = "\n\n".join(SENTENCES[:3] * 6)


pytestmark = pytest.mark.usefixtures("vectors_folder")


def write_vectors(path):
    return small_glove(path, SENTENCES[:3], without=("crown",))


@pytest.fixture
def token(vectors_folder):
    return trained_workspace(TEXT, write_vectors(vectors_folder / "tiny.8d.txt"))


def workspace_of(token):
    return read_json(cache_folder("workspaces", f"{token}.json"))


def token_of(app):
    token = app.query_params["w"]
    return token[0] if isinstance(token, list) else token


FIELDS = {"upload": "u", "reading": {}, "tokenising": {}, "vectors": None, "member": None, "settings": {}, "score": {}}


def test_a_demo_is_stored_found_and_deleted_by_its_owner_only():
    steps = [Step("One", pins=("river", "bank")), Step("Two", page="data", left="a")]
    identity = save_demo(gather_demo(" Mine ", steps, FIELDS, [], "token-a"))
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
    demo = gather_demo("T", [Step("One", left="a", right="b", pins=("x",)), Step("Two", left="b")], FIELDS, [], "t")
    identity = save_demo(demo)
    first = opening_fields(identity)
    assert (first["left"], first["right"], first["pins"], first["demo"]["step"]) == ("a", "b", ["x"], 0)
    second = step_fields(identity, demo, 1)
    assert second == {"left": "b", "pins": [], "demo": {"id": identity, "step": 1}}
    assert step_fields(identity, demo, 9)["demo"]["step"] == 1


@pytest.mark.parametrize("identity", ["", "../workspaces/x", "none", "a" * 65])
def test_a_demo_that_is_not_there_is_said_so(identity):
    assert not has_demo(identity)
    with pytest.raises(RunError, match="no such demo"):
        load_demo(identity)


@pytest.mark.parametrize(
    ("title", "steps", "records", "says"),
    [(" ", [Step("x")], [], "title"), ("T", [], [], "sentence"), ("T", [Step(" ")], [], "sentence"),
     ("T", [Step("x")], [{"id": "0" * 32}], "not finished")],
)  # fmt: skip
def test_what_is_missing_from_a_demo_is_named(title, steps, records, says):
    with pytest.raises(RunError, match=says):
        gather_demo(title, steps, FIELDS, records, "t")


def test_no_path_gives_a_token_away(token):
    private = str(upload_folder(token) / "mine.txt")
    records = [{**record, "vectors_path": private} for record in workspace_of(token)["runs"]]
    demo = gather_demo("T", [Step("x")], {**FIELDS, "vectors": private}, records, token)
    assert token not in json.dumps(demo.workspace)


def test_saved_on_the_runs_page_and_explored_by_an_audience_that_changes_nothing(token):
    app = open_app(w=token)
    go(app, "runs")
    select_rows(app, [0, 1])
    assert button(app, "Save the demo").disabled
    app.text_input(key="demo-title").set_value("For <b>everyone</b>").run()
    press(app, "Save the demo")
    (identity,) = all_demos()
    assert any(identity in each.value for each in app.code)
    stored = load_demo(identity)
    assert stored.steps[0].left == workspace_of(token)["runs"][0]["id"]

    audience = open_app(demo=identity)
    assert token_of(audience) != token
    audience = open_app(w=token_of(audience))  # AppTest leaves app.py out after a change of page
    assert "step 1 of 1" in everything(audience)
    assert "demo" not in audience.query_params
    copy = workspace_of(token_of(audience))
    assert copy["runs"] == workspace_of(token)["runs"]
    go(audience, "runs")
    select_rows(audience, [0])
    press(audience, "Remove 1")
    assert len(workspace_of(token_of(audience))["runs"]) == 1
    assert len(workspace_of(token)["runs"]) == 2
    assert load_demo(identity) == stored
    assert "Your demos" not in everything(audience)

    press(app, "Delete")
    assert all_demos() == ()
    late = open_app(demo=identity)
    assert "no longer here" in everything(late)


def test_the_presenter_goes_from_step_to_step(token):
    runs = [record["id"] for record in workspace_of(token)["runs"]]
    steps = [Step("Say *this*.", left=runs[0], right=runs[1]), Step("Then that.", "runs", pins=("river",))]
    fields = {**FIELDS, **workspace_of(token)}
    identity = save_demo(gather_demo("T", steps, fields, workspace_of(token)["runs"], token))
    app = open_app(w=token_of(open_app(demo=identity)))
    assert r"Say \*this\*." in everything(app)
    assert button(app, "Back").disabled
    press(app, "Next")
    app = open_app(w=token_of(app))  # AppTest leaves app.py out after a change of page
    assert "Then that." in everything(app)
    assert workspace_of(token_of(app))["pins"] == ["river"]
    assert button(app, "Next").disabled
    press(app, "Close")
    assert "Then that." not in everything(app)
    assert workspace_of(token_of(app))["demo"] is None


def test_tidying_the_cache_folder_spares_what_a_demo_needs(token, cache):
    records = workspace_of(token)["runs"]
    save_demo(gather_demo("T", [Step("See")], {**FIELDS, **workspace_of(token)}, records, token))
    cache_folder("workspaces", f"{token}.json").unlink()
    for path in cache.glob("*/*"):
        os.utime(path, (0, 0))
    clear_unused()
    assert all(has_run(record["id"]) for record in records)
    assert all(Path(record["corpus_folder"]).is_dir() for record in records)
    delete_demo(*all_demos(), token)
    clear_unused()
    assert not any(has_run(record["id"]) for record in records)


@pytest.fixture
def prepared(monkeypatch):
    """The built-in demo with tiny vectors, and models that cost nothing."""
    write_vectors(demo_vectors())
    return prepare_cheap_demo(monkeypatch)


def test_the_prepared_demo_is_what_the_train_page_makes(prepared):
    assert prepared == BUILT_IN
    app = open_app(demo=BUILT_IN)
    go(app, "train")
    press(app, "Train 3 models")
    records = workspace_of(token_of(app))["runs"]
    assert len(records) == 3
    assert all(has_run(record["id"]) for record in records)


def test_the_first_click_on_the_demo_goes_to_the_maps(prepared):
    app = open_app()
    press(app, "Try the demo")
    app = open_app(w=token_of(app))
    assert "step 1 of 5" in everything(app)
    assert len(workspace_of(token_of(app))["runs"]) == 3


def test_the_demo_opens_in_a_workspace_that_has_a_text_and_models_and_these_stay(prepared):
    app = open_app()
    paste(app, "The river runs past the old bank.")
    token = token_of(app)
    own = {**load_demo(BUILT_IN).workspace["runs"][0], "id": "0" * 32}
    write_json(cache_folder("workspaces", f"{token}.json"), {**workspace_of(token), "runs": [own]})
    app = open_app(w=token)
    press(app, "Try the demo")
    assert "step 1 of 5" in everything(open_app(w=token))
    assert [record["id"] for record in workspace_of(token)["runs"]][3:] == [own["id"]]


def test_the_demo_scorecard_is_the_one_that_the_page_asks_for(prepared):
    demo = load_demo(BUILT_IN)
    request = built_in_demo._request(list(demo.workspace["runs"]))
    app = open_app(demo=BUILT_IN)
    asked = []

    from pages.parts.scorecard import job

    original = job.find
    try:
        job.find = lambda form: asked.append(form.request)
        go(app, "scorecard")
    finally:
        job.find = original
    assert asked[0].identity == request.identity


def test_whoever_erases_a_workspace_leaves_the_demo_its_scorecard(prepared):
    demo = load_demo(BUILT_IN)
    request = built_in_demo._request(list(demo.workspace["runs"]))
    write_json(score_folder(request.identity) / "scorecard.json", {})
    token = "v" * 22
    shown = {"shown": {"identity": request.identity, "text": request.corpus_folder.name}}
    write_json(cache_folder("workspaces", f"{token}.json"), {**demo.workspace, "score": shown})
    erase_workspace(token)
    assert has_score(request.identity)
