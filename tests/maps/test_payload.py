"""The maps' payload as Python makes it and as the scripts read it: the same keys on both sides, and the same words."""

import json
import os
import re
import shutil
import subprocess
import warnings
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from core.maps.colouring import colour_by_kind
from core.maps.figures import draw_map
from core.maps.page import frames_script, link_script, moving_script, paint_script
from core.maps.payload import Links, MapOptions, Mark, Names, Paint, Region, Tooltips, pack_bits, pack_bytes, read_bits
from core.maps.tooltips import read_tooltips
from core.system.typed_json import as_values

ROOT = Path(__file__).parents[2]
WORDS = ("cat", "<b>dog</b>", "حرب", "zero", "house", "rare")
COUNTS = np.array([70_000, 1_234, 5, 1, 300, 2])
COVERED = np.array([True, False, True, False, True, False])
NEAR = np.array([[1, 2], [0, 2], [5, 4], [-1, -1], [0, 1], [4, -1]])
PLACES = np.array([[-0.8, 0.8], [0.8, 0.8], [-0.8, 0], [0.8, 0], [-0.8, -0.8], [0.8, -0.8]], np.float32)
EXTENT = ((-1.0, 1.0), (-1.0, 1.0))
NAMES = Names(
    pack_bytes(np.array([0, 0, 1, 255, 0, 255], np.uint8)),
    ((Region("all", -1),), (Region("pets", 0), Region("things", 0))),
    pack_bits(np.ones(6, bool)),
)
PARTS = [Tooltips, Names, Region, Paint, Mark, MapOptions, Links]


@pytest.fixture(scope="module")
def node():
    """The path of node; a loud skip without it, a failure where VECTUNE_JS_TESTS=required."""
    path = shutil.which("node")
    if path is None:
        message = "NO NODE FOUND: the maps' JavaScript is not tested. Install node 18.18 or newer."
        if os.environ.get("VECTUNE_JS_TESTS") == "required":
            pytest.fail(message)
        warnings.warn(message, stacklevel=2)
        pytest.skip(message)
    return path


@pytest.fixture(scope="module")
def read(node):
    """What the scripts read of a payload that has everything in it."""
    figure = draw_map(WORDS, PLACES, COUNTS, COVERED, NEAR, EXTENT, NAMES)
    colouring = colour_by_kind("Kind", np.array([0, 0, 1, -1, 0, -1]), ["pets", "things"], regions=True)
    links = Links(
        marks=(Mark(0, "pin"), Mark(1, "kept")),
        selection=pack_bits(np.array([True, True, True, True, True, False])),
        options=MapOptions(linked=True, trails=True, solid=True, drag="lasso"),
    )
    payload = {
        "maps": {side: json.loads(figure.to_json()) for side in ("left", "right")},
        "links": as_values(links),
        "paint": as_values(colouring.paint),
    }
    command = [node, "tests/js/read_payload.js"]
    done = subprocess.run(
        command, input=json.dumps(payload), cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_the_scripts_read_every_key_and_no_other(read, part):
    assert set(read["keys"][part.__name__]) == {field.name for field in fields(part)}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_key_is_explained(part):
    if part not in (Mark, Region):
        assert re.findall(r"^        (\w+): ", part.__doc__, re.M) == [field.name for field in fields(part)]


def test_tooltips_say_what_python_knows(read):
    seen = [facts["seen"] for facts in read["facts"]]
    origins = ["in the pretrained file" if each else "not in the pretrained file" for each in COVERED]
    times = [f"seen {count:,} time{'s' if count > 1 else ''}" for count in COUNTS.tolist()]
    assert seen == [f"{time} · {origin}" for time, origin in zip(times, origins, strict=True)]
    assert [facts["word"] for facts in read["facts"]] == list(WORDS)
    near = [re.findall("\u2068(.*?)\u2069", facts["near"]) for facts in read["facts"]]
    assert near == [[WORDS[row] for row in rows if row >= 0] for rows in NEAR.tolist()]


def test_marked_words_and_kinds_are_written_and_what_is_not_selected_is_not(read):
    assert sorted(read["labels"]) == sorted(WORDS[:2])
    assert read["names"] == ["pets", "things"]
    assert read["words"]
    assert set(read["words"]) <= set(WORDS[2:5])  # the name of a region may stand where a word would


def test_a_selection_made_on_a_map_comes_back_by_row(read):
    np.testing.assert_array_equal(read_bits(read["sent"]["selected"], len(WORDS)), np.arange(len(WORDS)) % 3 == 0)


def test_bits_that_are_missing_are_false():
    np.testing.assert_array_equal(read_bits(pack_bits(np.ones(8, bool)), 10), np.arange(10) < 8)
    np.testing.assert_array_equal(read_bits("", 3), np.zeros(3, bool))


def test_python_reads_its_own_tooltips():
    trace = draw_map(WORDS, PLACES, COUNTS, COVERED, NEAR, EXTENT).data[0]
    counts, covered = read_tooltips(SimpleNamespace(customdata=trace.customdata, meta=trace.meta))
    np.testing.assert_array_equal(counts, COUNTS)
    np.testing.assert_array_equal(covered, COVERED)


@pytest.mark.parametrize("script", [link_script, paint_script, moving_script, frames_script])
def test_the_scripts_that_go_to_a_browser_are_one_module_that_imports_nothing(node, script, tmp_path):
    path = tmp_path / "script.mjs"
    path.write_text(script(), encoding="utf-8")
    subprocess.run([node, "--check", path], check=True)
    assert not re.search(r"^\s*(import\b|export .* from)", script(), re.M)
    assert len(re.findall(r"^export default", script(), re.M)) == 1
    assert "</script" not in script()
