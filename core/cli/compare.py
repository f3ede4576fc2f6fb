"""`compare`: what two models make of the same words, and a page with their maps."""

import argparse
import math
from typing import Any

from core.cli.folders import load_model
from core.cli.printing import LineProgress, print_result
from core.comparison.pair import compare
from core.errors import ComparisonError, RunError
from core.maps.figures import draw_pair
from core.maps.layout import LayoutSettings
from core.maps.page import FRAME_NOTE, maps_page
from core.maps.pair_layout import lay_out_pair
from core.system.files import check_file, write_text, writing_to


def run_compare(options: argparse.Namespace) -> None:
    """Do it, and print the result."""
    if options.left == options.right:
        raise RunError(f"Both sides are {options.left}. Name two different models.")
    if options.topn < 1:
        raise ComparisonError(f"--topn is {options.topn}; it must be 1 or more. The usual value is 10.")
    if options.html is not None:
        check_file(options.html, "another --html")
    left, right = (load_model(options.folder, name) for name in (options.left, options.right))
    comparison = compare(left, right, options.topn, progress=LineProgress())
    settings = LayoutSettings()
    shared = comparison.shared
    layout = lay_out_pair(left, right, shared, settings, progress=LineProgress("maps"))
    coordinates = layout.left.at(left.dose), layout.right.at(right.dose)
    if options.html is not None:
        page = maps_page((options.left, options.right), draw_pair(left, right, comparison, settings), FRAME_NOTE)
        with writing_to(options.html, "another --html"):
            write_text(options.html, page)
    if options.json:
        result = {
            "left": options.left,
            "right": options.right,
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
    print(f"{'word':24} {'count':>8} {'overlap':>8} {'change':>8}   least overlap first, of the 1,000 most frequent")
    overlap, change = comparison.overlap, comparison.change
    for row in sorted(range(min(1000, len(overlap))), key=lambda row: (overlap[row], -change[row]))[:20]:
        count = left.counts[shared.left_rows[row]]
        print(f"{comparison.words[row]:24} {count:8,} {_number(overlap[row])} {_number(change[row])}")


def _number(value: float) -> str:
    return f"{'–' if math.isnan(value) else f'{value:.2f}':>8}"


def _numbers(values: Any) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
