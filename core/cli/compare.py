"""`compare`: what two models make of the same words, and a page with their maps."""

import argparse
import math
from typing import Any

from core.cli.folders import load_model
from core.cli.printing import LineProgress, print_result
from core.cli.sides import open_sides
from core.comparison.pair import compare
from core.errors import ComparisonError, RunError
from core.maps.figures import draw_pair
from core.maps.layout import LayoutSettings
from core.maps.page import FRAME_NOTE, maps_page
from core.maps.pair_layout import lay_out_pair
from core.models.embedding import Embedding
from core.system.files import check_file, write_text, writing_to
from core.text.languages import is_plain_english


def run_compare(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.topn < 1:
        raise ComparisonError(f"--topn is {options.topn}; it must be 1 or more. The usual value is 10.")
    if options.html is not None:
        check_file(options.html, "another --html")
    names, (left, right) = _open_models(options)
    comparison = compare(left, right, options.topn, progress=LineProgress())
    settings = LayoutSettings()
    shared = comparison.shared
    layout = lay_out_pair(left, right, shared, settings, progress=LineProgress("maps"))
    coordinates = layout.left.at(left.dose), layout.right.at(right.dose)
    if options.html is not None:
        languages = ["English" if is_plain_english(each.words, each.counts) else None for each in (left, right)]
        page = maps_page(names, draw_pair(left, right, comparison, settings, languages), FRAME_NOTE)
        with writing_to(options.html, "another --html"):
            write_text(options.html, page)
    if options.json:
        result = {
            "left": names[0],
            "right": names[1],
            "topn": options.topn,
            "words": list(comparison.words),
            "layout": {"left": coordinates[0].tolist(), "right": coordinates[1].tolist()},
            "neighbour_overlap": _numbers(comparison.overlap),
            "change": _numbers(comparison.change),
            "residual": comparison.residual,
            "only_left": list(shared.only_left),
            "only_right": list(shared.only_right),
        }
        print_result(result, True)
        return
    residual = f"{comparison.residual:.3f} (0 the same, 1 unrelated)"
    print(f"{len(comparison.words):,} shared words; residual of the alignment: {residual}")
    head = "".join(f" {f'count {side}':>12}" for side in ("left", "right"))
    print(f"{'word':24}{head} {'overlap':>8} {'change':>8}   least overlap first, of the 1,000 most frequent")
    overlap, change = comparison.overlap, comparison.change
    for row in sorted(range(min(1000, len(overlap))), key=lambda row: (overlap[row], -change[row]))[:20]:
        counts = left.counts[shared.left_rows[row]], right.counts[shared.right_rows[row]]
        told = "".join(f" {each:12,}" for each in counts)
        print(f"{comparison.words[row]:24}{told} {_number(overlap[row])} {_number(change[row])}")


def _open_models(options: argparse.Namespace) -> tuple[tuple[str, str], tuple[Embedding, Embedding]]:
    """Names and models: two of one folder, or each in a folder of its own."""
    if len(options.folders) == 2 and options.left is None and options.right is None:
        left, right = open_sides(*options.folders)
        return (left.name, right.name), (left.embedding, right.embedding)
    if len(options.folders) > 1:
        options.parser.error("name one folder with --left and --right, or two folders of models and neither of these")
    if options.left is None or options.right is None:
        missing = [f"--{side}" for side in ("left", "right") if getattr(options, side) is None]
        options.parser.error(f"the following arguments are required: {', '.join(missing)}")
    if options.left == options.right:
        raise RunError(f"Both sides are {options.left}. Name two different models.")
    names = options.left, options.right
    folder = options.folders[0]
    return names, (load_model(folder, names[0]), load_model(folder, names[1]))


def _number(value: float) -> str:
    return f"{'–' if math.isnan(value) else f'{value:.2f}':>8}"


def _numbers(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
