"""The maps in the browser: the scripts that link them, and a web page of its own that has both."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from core.maps.colouring import colour_by_kind
from core.maps.payload import Links
from core.maps.regions import read_names
from core.maps.tooltips import read_tooltips
from core.prose.colours import COVERED, EDGE, INK, NEW, PAPER
from core.system.typed_json import as_values

FRAME_NOTE = (
    "Both maps share one frame: a word that did not change stands in the same place. Nearest neighbours are computed "
    "from the full vectors, not from the map; distances between clusters on a map are not evidence."
)

_JAVASCRIPT = Path(__file__).with_name("js")
_LINKING = (
    "colours.js",
    "payload.js",
    "view.js",
    "frame.js",
    "places.js",
    "regions.js",
    "density.js",
    "painter.js",
    "labels.js",
    "overlay.js",
    "fullscreen.js",
    "room.js",
    "linked_maps.js",
)
_MOVING = (
    "colours.js",
    "payload.js",
    "view.js",
    "frame.js",
    "places.js",
    "painter.js",
    "labels.js",
    "overlay.js",
    "frames.js",
    "paths.js",
    "moving_map.js",
)
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_CONFIG = {"scrollZoom": True, "displaylogo": False, "responsive": True}


def link_script() -> str:
    """JavaScript that links maps by row: colours, tooltips, twins, rings, labels, trails. One ES module."""
    return _join(_LINKING)


def paint_script() -> str:
    """JavaScript that takes the colours (`core.maps.payload.Paint`) to the linked maps."""
    return _join(("recolour.js",))


def moving_script() -> str:
    """JavaScript of the one map that moves through the texts of a study. One ES module."""
    return _join(_MOVING)


def frames_script() -> str:
    """JavaScript that takes the places (`core.maps.payload.StudyFrames`) to the map that moves."""
    return _join(("keep_frames.js",))


def _join(names: tuple[str, ...]) -> str:
    """Modules of js/ as one: each after those that it imports, so what they import of each other is at hand."""
    return "\n".join(_IMPORT.sub("", (_JAVASCRIPT / name).read_text(encoding="utf-8")) for name in names)


def page_templates(*packages: str) -> Environment:
    """The templates in the folder `templates` of each of `packages`, as `PACKAGE/NAME`; whatever they print is escaped.

    A page of more than maps extends `core.maps/maps.html`.
    """
    return Environment(
        loader=PrefixLoader({package: PackageLoader(package) for package in ("core.maps", *packages)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def maps_page(names: tuple[str, str], figures: tuple[Any, Any], note: str) -> str:
    """A web page of its own with the two linked maps; it asks the network for nothing.

    Args:
        names: of the left and the right model.
        figures: from `core.maps.figures.draw_pair`.
        note: a sentence below the maps.
    """
    return page_templates().get_template("core.maps/maps.html").render(describe_maps(names, figures, note))


def describe_maps(names: tuple[str, str], figures: tuple[Any, Any], note: str) -> dict[str, Any]:
    """What the template `core.maps/maps.html` asks for; arguments as in `maps_page`."""
    trace = figures[0].data[0]
    named, (_, covered) = read_names(trace), read_tooltips(trace)
    if named is None:
        kinds = 1 - covered.astype(int)
        paint = colour_by_kind("", kinds, ["covered", "new"], colours=(COVERED, NEW)).paint
    else:
        paint = colour_by_kind("", named.labels, named.names, regions=True).paint
    left_map, right_map = (
        Markup(figure.to_html(full_html=False, include_plotlyjs=first, config=_CONFIG))  # Plotly escapes what it writes
        for figure, first in zip(figures, (True, False), strict=True)
    )
    return {
        "names": names,
        "maps": (left_map, right_map),
        "note": note,
        "script": Markup(_join((*_LINKING, "page.js"))),
        "links": as_values(Links(paint=paint)),
        "page": {"paper": PAPER, "ink": INK, "edge": EDGE},
    }
