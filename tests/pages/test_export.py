"""What the Models page offers to take away."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from app_driver import everything, labels, open_page, press, run, select_rows, trained_workspace, wait
from small_texts import SENTENCES, small_glove
from workspaces import saved

from core.cli.recipes import read_recipes
from core.export.format_texts import FORMATS
from core.export.orders import ExportOrder, find_export
from core.prose.glossary import GLOSSARY
from core.text.reading.documents import ReadOptions

ROOT = Path(__file__).parents[2]
TEXT = "\n\n".join(SENTENCES[:3] * 6)


@pytest.fixture(autouse=True)
def vectors(vectors_folder):
    return small_glove(vectors_folder / "tiny.8d.txt", SENTENCES[:3], extra=("sea", "ship"))


@pytest.fixture
def token(vectors):
    return trained_workspace(TEXT, vectors)


def open_runs(token, rows):
    app = open_page("models", w=token)
    select_rows(app, rows)
    return app


def downloads(app):
    return [each.proto.label for each in app.get("download_button")]


def test_one_run_offers_formats_recipe_and_program(token, vectors, tmp_path):
    app = open_runs(token, [1])
    assert downloads(app) == ["Download", "Download run.json"]
    formats = next(box for box in app.selectbox if box.label == "Format")
    assert len(formats.options) == len(FORMATS)
    assert "load_word2vec_format" in everything(app)
    script = app.code[0].value
    assert token not in script
    assert str(vectors.parent) not in script
    (tmp_path / "my text.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "program.py").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "the same as on the page" in done.stdout, done.stderr


def test_the_whole_file_is_prepared_in_the_background(token, vectors):
    app = open_runs(token, [1])
    words = app.get("button_group")
    assert words
    app.session_state["export-scope"] = "All words of the pretrained file"
    run(app)
    assert "bit for bit" in everything(app)
    assert downloads(app) == ["Download run.json"]
    press(app, "Prepare the file")
    wait(app, lambda app: "Download" in downloads(app))
    asked = saved(token).runs[1]
    order = ExportOrder(asked.id, "instant-preview-my-text-merged", "word2vec", False, vectors, None, "untouched")
    assert {"sea", "ship"} <= {line.split(" ")[0] for line in find_export(order).read_text().splitlines()}


def test_run_json_from_the_page_is_a_recipe(token, tmp_path):
    app = open_runs(token, [0])
    assert "train --from run.json" in everything(app)
    from pages.parts.models import again

    asked = saved(token).runs[0]
    path = tmp_path / "run.json"
    path.write_text(again.run_json(asked), encoding="utf-8")
    (recipe,) = read_recipes(path).values()
    assert recipe.config.strategy == "scratch"
    assert recipe.reading == ReadOptions(unit="paragraph")
    assert recipe.result
    assert json.loads(path.read_text(encoding="utf-8"))["inputs"]["corpus"]["digest"]


def test_two_runs_offer_a_report_and_a_picture(token):
    app = open_runs(token, [0, 1])
    assert downloads(app) == []
    press(app, "Prepare the report")
    wait(app, downloads, 150)
    assert downloads(app) == ["Report (HTML)", "Maps for a paper (SVG)"]


def test_nothing_is_offered_for_no_run_or_three(token):
    app = open_runs(token, [])
    assert downloads(app) == []
    assert not any("Prepare" in label for label in labels(app))


def test_no_tooltip_says_again_what_the_glossary_says():
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pages").rglob("*.py"))
    literals = re.sub(r'"\s*\n\s*f?"', "", pages)
    for key, entry in GLOSSARY.items():
        assert entry.text not in literals, f"use explain({key!r})"
