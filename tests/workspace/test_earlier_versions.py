"""What the version before records had types wrote still opens: a cache folder and a folder of the command line.

`tests/data/cache-v0` was made by walking through the app at commit aab8db7: a table of topics with labels, vectors that
the visitor uploaded, four models (one renamed, one removed), noise, a scorecard with word pairs, stability, a demo
session, an index; then `train` and `score`. Where it lay is called /frozen in it.
"""

import os
import shutil
from pathlib import Path

import pytest

from core.cli.main import main
from core.models.embedding import result_digest
from core.models.runs import is_whole, load_run
from core.system.files import read_json

FROZEN = Path(__file__).parents[1] / "data" / "cache-v0"
TOKEN = "frozen-workspace-of-v0"
CHANGED = 1_700_000_000 * 10**9
"""When the vectors file was changed last, of which its index tells."""


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    """A copy of the frozen folder, as if it had been made there."""
    root = tmp_path / "frozen"
    shutil.copytree(FROZEN, root)
    for path in root.rglob("*.json"):
        path.write_text(path.read_text("utf-8").replace("/frozen", str(root)), "utf-8")
    os.utime(root / "vectors" / "tiny.8d.txt", ns=(CHANGED, CHANGED))
    monkeypatch.setenv("VECTUNE_CACHE", str(root / "cache"))
    monkeypatch.setenv("VECTUNE_VECTORS", str(root / "vectors"))
    return root


def test_models_open(frozen):
    for folder in (frozen / "cache" / "runs").iterdir():
        assert is_whole(folder.name)
        model = load_run(folder.name)
        about = read_json(folder / "run.json")
        assert result_digest(model) == about["result"]
        assert model.config.as_dict() == about["config"]
        assert model.sources.corpus.digest == about["inputs"]["corpus"]["digest"]
        assert (model.dose is None) == (model.config.strategy != "tuned")
        assert dict(model.details) == about["details"]


def test_a_model_is_made_again(frozen, tmp_path, capsys):
    made = frozen / "folder"
    assert main(["train", "--from", str(made / "pretrained" / "run.json"), "--out", str(tmp_path / "one")]) == 0
    for name in ("words.txt", "vectors.txt"):
        assert (tmp_path / "one" / "pretrained" / name).read_bytes() == (made / "pretrained" / name).read_bytes()
    code = main(["train", "--from", str(made / "run.json"), "--out", str(tmp_path / "all")])
    said = capsys.readouterr().err
    assert code == 0 or "What differs: " in said or "the processor may differ" in said  # another machine, other bits


def test_a_folder_is_compared_exported_and_scored(frozen, capsys):
    made = frozen / "folder"
    assert main(["compare", str(made), "--left", "counts", "--right", "classic", "--json"]) == 0
    assert main(["export", str(made), "classic", "--format", "csv", "--merged", "--out", str(made / "x.csv")]) == 0
    before = read_json(made / "score.json")
    assert main(["score", str(made), "--reference", "counts"]) == 0
    assert read_json(made / "score.json") == before
