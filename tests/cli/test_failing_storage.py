"""Every command where nothing can be written, where its folder is gone, and on a clock that was moved back."""

import shutil
import time

import numpy as np
import pytest
from small_disk import fill, mounted, read_only
from small_texts import LINES, small_glove

from core.cli import train as train_command
from core.cli.main import main
from core.text.reading.documents import Document

NOTHING_WRITTEN = ("text", "vectors", "compare")
"""Commands that only read, here."""


@pytest.fixture
def disk(tmp_path, monkeypatch):
    """A small disk with a text, vectors, models and the cache folder."""
    with mounted(tmp_path / "disk", 6) as place:
        monkeypatch.setenv("VECTUNE_CACHE", str(place / "cache"))
        (place / "text.txt").write_text("\n".join(LINES * 10), encoding="utf-8")
        small_glove(place / "tiny.8d.txt", LINES)
        assert run(place, "train") == 0
        yield place


def commands(place):
    text, glove, models = place / "text.txt", place / "tiny.8d.txt", place / "models"
    common = f"--text {text} --documents line"
    return {
        "text": f"text {text}",
        "vectors": f"vectors {glove} --text {text}",
        "train": f"train {common} --vectors {glove} --strategy scratch preview --epochs 1 --set min_count=1 "
        f"--out {models}",
        "again": f"train --from {models}/run.json --out {place}/again",
        "compare": f"compare {models} --left scratch --right preview",
        "page": f"compare {models} --left scratch --right preview --html {place}/maps.html",
        "export": f"export {models} scratch --format word2vec --out {place}/vectors.bin --counts",
        "score": f"score {models}",
        "demo": "demo --no-score",
    }


def run(place, name):
    return main(commands(place)[name].split())


def left(place):
    files = (path for path in place.rglob("*") if path.is_file() and path.name != "filler")
    return sorted(str(path) for path in files if "numba" not in path.parts)


def check_sentence(capsys, place, *says):
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith(("note:", "scor", "demo"))]
    assert len([line for line in said if line.startswith("error: ")]) == 1, said
    assert not any("Errno" in line or "Traceback" in line for line in said)
    assert any(word in said[-1] for word in says), said[-1]


@pytest.mark.parametrize("name", ["text", "vectors", "train", "again", "compare", "page", "export", "score", "demo"])
def test_commands_on_a_disk_that_is_full_or_may_only_be_read(disk, capsys, monkeypatch, name):
    monkeypatch.setattr("core.workspace.demo_data._articles", lambda _: [Document("1", "\n".join(LINES * 30))])
    monkeypatch.setattr("core.models.cooccurrence.reduce_by_svd", lambda *_: np.ones((5, 100), np.float32))
    before = left(disk)
    with read_only(disk):
        code = run(disk, name)
        assert code == (0 if name in NOTHING_WRITTEN else 2)
        if code:
            check_sentence(capsys, disk, "ead-only")
    fill(disk)
    code = run(disk, name)
    assert code == (0 if name in NOTHING_WRITTEN else 2)
    if code:
        check_sentence(capsys, disk, "full", "No space left")
    assert left(disk) == before


@pytest.mark.parametrize("name", ["train", "again", "export", "page"])
def test_a_file_stands_where_a_folder_should_be(disk, capsys, name):
    command = commands(disk)[name].split()
    command[-1 if "--counts" not in command else -2] = str(disk / "text.txt" / "made")
    before = left(disk)
    assert main(command) == 2
    check_sentence(capsys, disk, "is a file", "Not a directory")
    assert left(disk) == before


def test_the_folder_goes_while_models_are_made_or_scored(disk, capsys, monkeypatch):
    def taking_away(function):
        def work(*arguments, **named):
            result = function(*arguments, **named)
            shutil.rmtree(disk / "models", ignore_errors=True)
            return result

        return work

    with monkeypatch.context() as during:
        during.setattr("core.cli.score.score_trained", taking_away(lambda *_, **__: None))
        during.setattr("core.cli.score.as_json", lambda _: {})
        during.setattr("core.cli.score.scorecard_lines", str)
        assert run(disk, "score") == 0  # what took long is not lost
        assert (disk / "models" / "score.json").exists()
    shutil.rmtree(disk / "models")
    with monkeypatch.context() as during:
        during.setattr(train_command, "train", taking_away(train_command.train))
        assert run(disk, "train") == 0  # the folder is made again
        assert (disk / "models" / "run.json").exists()
    (disk / "text.txt").unlink()
    assert run(disk, "again") == 2
    check_sentence(capsys, disk, "text.txt")


def test_a_clock_that_goes_backwards_changes_nothing(disk, monkeypatch):
    model = (disk / "models" / "scratch" / "vectors.txt").read_bytes()
    now = [time.time()]

    def earlier():
        now[0] -= 3600
        return now[0]

    monkeypatch.setattr(time, "time", earlier)
    for name in ("text", "vectors", "train", "again", "page", "export"):
        assert run(disk, name) == 0, name
    assert (disk / "models" / "scratch" / "vectors.txt").read_bytes() == model
    assert (disk / "again" / "scratch" / "vectors.txt").read_bytes() == model
