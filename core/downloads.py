"""Exports of stored runs in the cache folder, where the page picks them up; they go after a day."""

import re
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from core.embedding import result_digest
from core.export import Format, Written, write_download
from core.pretrained import open_pretrained
from core.progress import Progress, portion
from core.report import Pair, write_report
from core.runs import load_run
from core.storage import cache_folder, digest_of, new_folder
from core.vector_table import Rest, merged_table, own_table

KEPT_SECONDS = 24 * 3600
QUICK_VALUES = 2_000_000
"""So many numbers are written in a few seconds: nobody need wait for a background job."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a user wants to have of a stored run. Hashable and picklable.

    Attributes:
        run: id of the run.
        name: of the file, without its ending.
        format: of the file.
        counts: with how often each word occurs.
        vectors: the pretrained file to merge the model into; None for the text's vocabulary alone.
        member: the file inside `vectors` where it is an archive.
        rest: what becomes of the file's other words.
    """

    run: str
    name: str
    format: Format
    counts: bool
    vectors: Path | None = None
    member: str | None = None
    rest: Rest | None = None


def find_export(order: Order) -> Path | None:
    """The file, if it was written before and is still there."""
    if not _folder(order).is_dir():
        return None
    return next(_folder(order).iterdir(), None)


def make_export(progress: Progress, order: Order) -> Written:
    """Write the file; a plain function of picklable arguments, for a background job.

    Raises:
        RunError: the run is gone or damaged.
        PretrainedError: the pretrained file cannot be used.
        ExportError: the format cannot hold it, or the disk is full.
        Cancelled: out of `progress`.
    """
    _remove_old()
    embedding = load_run(order.run)
    if order.vectors is None:
        table = own_table(embedding)
    else:
        file = open_pretrained(order.vectors, member=order.member, progress=portion(progress, 0, 0.4))
        table = merged_table(embedding, file, order.rest)
    folder = _folder(order)
    draft = folder.with_name(f".{folder.name}-{time.monotonic_ns()}")
    try:
        written = write_download(table, order.format, draft, order.name, order.counts, portion(progress, 0.4, 1))
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Written(tuple(folder / path.name for path in written.files), written.notes)


def find_report(pair: Pair, pins: tuple[str, ...], date: str) -> Path | None:
    """The folder of report.html and maps.svg, if they were made before and are still there."""
    folder = _report_folder(pair, pins, date)
    return folder if folder.is_dir() else None


def make_report(progress: Progress, pair: Pair, pins: tuple[str, ...], date: str) -> Path:
    """Make the report on two models and their maps for a paper, laid out with the usual settings; gives the folder.

    For a background job in this process, where maps are drawn.

    Raises:
        ProjectionError: there are too few words for a map.
    """
    from core.figures import draw_pair
    from core.paper_map import draw_paper_map, read_points
    from core.projection import LayoutSettings

    _remove_old()
    progress(0.1, "drawing the maps")
    figures = draw_pair(pair.left, pair.right, pair.comparison, LayoutSettings())
    progress(0.8, "writing")
    folder = _report_folder(pair, pins, date)
    with new_folder(folder) as new:
        page = write_report(pair, figures, date=date, pins=pins)
        (new / "report.html").write_text(page, encoding="utf-8")
        drawing = draw_paper_map(pair.names, [read_points(figure) for figure in figures], pins)
        (new / "maps.svg").write_text(drawing, encoding="utf-8")
    progress(1.0, "done")
    return folder


def _report_folder(pair: Pair, pins: tuple[str, ...], date: str) -> Path:
    named = digest_of(result_digest(pair.left), result_digest(pair.right), repr((pair.names, pins, date)))
    return cache_folder("exports", named)


def file_name(*parts: str) -> str:
    """Letters, digits and hyphens of `parts`, for a file's name that no system refuses."""
    words = re.findall(r"[^\W_]+", " ".join(parts).lower())
    return "-".join(words)[:80] or "model"


def _folder(order: Order) -> Path:
    return cache_folder("exports", digest_of(repr(order)))


def _remove_old() -> None:
    parent = cache_folder("exports", "any").parent
    for folder in parent.iterdir():
        if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
