"""The palette: whoever cannot tell red from green can read every figure, and no colour stands anywhere else."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from core.maps.colouring import scale_colours
from core.prose import colours
from core.prose.colours import (
    CHOSEN,
    COVERED,
    EDGE,
    INK,
    KIND_COLOURS,
    MORE_KIND_COLOURS,
    MOVED,
    NEW,
    NOISE,
    OTHER,
    PAPER,
    PLACEBO,
    ROLE_COLOURS,
    SERIES,
)

ROOT = Path(__file__).parents[2]
WRITTEN = re.compile(r"(?<![&\w])#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|rgba?\(\s*[1-9][^)]*\)")  # a shadow is black

# Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
VISIONS = {
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


def seen_as(colour, vision):
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(vision) @ linear, 0, 1)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    f = np.cbrt(xyz / [0.9505, 1, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def luminance(colour):
    """As the Web Content Accessibility Guidelines have it, 0 to 1."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("vision", VISIONS)
def test_kinds_are_told_apart_by_any_eye(vision):
    seen = [seen_as(colour, VISIONS[vision]) for colour in KIND_COLOURS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15


def test_all_kinds_are_told_apart_by_an_eye_that_sees_every_colour():
    seen = [seen_as(colour, np.eye(3)) for colour in (*KIND_COLOURS, *MORE_KIND_COLOURS, OTHER)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 24


def test_no_colour_means_two_things():
    roles = [colour for role, colour in ROLE_COLOURS.items() if role != "borderline"]  # that is what `OTHER` means
    single = [COVERED, NEW, OTHER, SERIES, MOVED, NOISE, CHOSEN, PLACEBO, *roles]
    everything = [*single, *KIND_COLOURS, *MORE_KIND_COLOURS]
    assert len(set(everything)) == len(everything)
    on_maps = [seen_as(colour, np.eye(3)) for colour in (COVERED, NEW, *KIND_COLOURS, OTHER)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(on_maps, 2)) > 24


@pytest.mark.parametrize("vision", VISIONS)
def test_words_of_the_file_and_others_are_told_apart_by_any_eye(vision):
    covered, new = (seen_as(colour, VISIONS[vision]) for colour in (COVERED, NEW))
    assert np.linalg.norm(covered - new) > 19


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_points_are_seen_on_a_page_of_either_kind(theme):
    page = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"][theme]
    own = luminance(page["backgroundColor"])
    for colour in (*KIND_COLOURS, *MORE_KIND_COLOURS, COVERED, NEW, OTHER, *scale_colours()[4:-4]):
        darker, lighter = sorted((own, luminance(colour)))
        assert (lighter + 0.05) / (darker + 0.05) > (2.2 if colour not in scale_colours() else 1.4), colour


@pytest.mark.parametrize("vision", [*VISIONS, "all"])
def test_amounts_get_lighter_all_the_way(vision):
    lightness = [seen_as(colour, VISIONS.get(vision, np.eye(3)))[0] for colour in scale_colours()]
    assert (np.diff(lightness) > 0).all()


def test_no_colour_is_written_anywhere_else():
    palette = Path(colours.__file__)
    sources = [path for folder in ("core", "pages") for path in (ROOT / folder).rglob("*.*")]
    found = {
        str(path.relative_to(ROOT)): written
        for path in sources
        if path.suffix in {".py", ".js", ".html"}
        and path != palette
        and (written := WRITTEN.findall(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_pages_that_stand_alone_look_like_the_app():
    light = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]["light"]
    assert (light["backgroundColor"], light["textColor"], light["borderColor"]) == (PAPER, INK, EDGE)
