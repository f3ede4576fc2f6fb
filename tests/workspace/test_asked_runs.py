"""The models that a visitor asked for: where one of them started."""

from dataclasses import replace
from pathlib import Path

from core.config import TrainConfig
from core.workspace.asked_runs import Run, find_start


def make_run(strategy, text="text", rows="rows", **settings):
    identity = f"{strategy} {text} {rows} {settings}"
    return Run(identity, TrainConfig(strategy=strategy, **settings), text, Path(text), Path(rows))


def test_a_fine_tuned_model_started_from_the_vectors_of_the_same_text_and_file():
    tuned, start = make_run("tied"), make_run("pretrained")
    others = [
        make_run("pretrained", text="another"), make_run("pretrained", rows="another"),
        make_run("pretrained", min_count=9), make_run("tuned"), make_run("scratch"),
    ]  # fmt: skip
    assert find_start(tuned, [*others, start, tuned]) == start
    assert find_start(tuned, [*others, tuned]) is None
    assert find_start(make_run("scratch"), [start]) is None
    assert find_start(start, [start, replace(start, id="twin")]) is None
