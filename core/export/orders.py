"""Exports of stored runs in the cache folder, where the page picks them up; they go after a day."""

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.comparison.kept_noise import load_noise, measured_kinds
from core.comparison.noise import judge_words, tell_moved
from core.comparison.noise_plan import NOISE_VERSION, NoisePlan, usual_kinds
from core.comparison.pair import Comparison
from core.export.format_texts import ExportFormat
from core.export.formats import Written, write_download
from core.export.table import Rest, merged_table, own_table
from core.models.embedding import Embedding
from core.models.runs import load_inputs, load_run
from core.pretrained.vectors import open_pretrained
from core.progress import Progress, portion
from core.system.entries import is_here, remove_entry, stored_entries
from core.system.files import cache_folder, cache_root, digest_of, new_folder
from core.text.languages import language_of

if TYPE_CHECKING:
    from core.export.report import ReportedPair

REPORT_VERSION = "1"
"""Part of a report's name: raise it when the same order comes to say something else."""
KEPT_SECONDS = 24 * 3600
QUICK_VALUES = 2_000_000
"""So many numbers are written in a few seconds: nobody need wait for a background job."""

_VALUE_SECONDS, _BYTE_SECONDS = 5e-7, 1.4e-8
"""Of a number that is written, most formats taken together; of a byte of a pretrained file that is read for that."""
_VALUE_BYTES = 9
"""Of a number in a text file."""


@dataclass(frozen=True, slots=True)
class ExportOrder:
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
    format: ExportFormat
    counts: bool
    vectors: Path | None = None
    member: str | None = None
    rest: Rest | None = None


def find_export(order: ExportOrder) -> Path | None:
    """The file, if it was written before and is still there."""
    if not _folder(order).is_dir():
        return None
    return next(_folder(order).iterdir(), None)


def estimate_export_seconds(order: ExportOrder, values: int) -> float:
    """Seconds that writing a model of `values` numbers takes on one core, with those of the file it is merged into."""
    merged = order.vectors.stat().st_size if order.vectors is not None else 0
    return 1.0 + _VALUE_SECONDS * (values + merged / _VALUE_BYTES) + _BYTE_SECONDS * merged


def make_export(progress: Progress, order: ExportOrder) -> Written:
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
    with new_folder(folder) as draft:
        written = write_download(table, order.format, draft, order.name, order.counts, portion(progress, 0.4, 1))
    return Written(tuple(folder / path.name for path in written.files), written.notes)


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """A report on two stored runs. Hashable and picklable.

    Attributes:
        left, right: ids of the runs.
        names: what to call them.
        pins: words that are listed and labelled first.
        date: today's, as people read it.
        score: identity of a stored scorecard, and (model_key, name) of its models; None leaves it out.
        noise: what was measured of the noise between the two; None lists words by raw change.
        inputs: folders of the text and of the pretrained rows of each; empty says less of how they were made.
        kept: where the documents of each text are kept as they were read; None where they are not.
        texts: what to call the text of each; empty leaves the names of their files.
    """

    left: str
    right: str
    names: tuple[str, str]
    pins: tuple[str, ...]
    date: str
    score: tuple[str, tuple[tuple[str, str], ...]] | None = None
    noise: NoisePlan | None = None
    inputs: tuple[tuple[Path, Path | None], ...] = ()
    kept: tuple[Path | None, ...] = ()
    texts: tuple[str, ...] = ()


def find_report(order: ReportOrder) -> Path | None:
    """The folder of report.html and maps.svg, if they were made before and are still there."""
    folder = _folder(order)
    return folder if folder.is_dir() else None


def make_report(progress: Progress, order: ReportOrder) -> Path:
    """Make the report on two models and their maps for a paper, laid out with the usual settings; gives the folder.

    For the child that maps are drawn in.

    Raises:
        RunError: a model or the scorecard is gone or damaged.
        ComparisonError: the models share too few words.
        ProjectionError: there are too few words for a map.
    """
    from core.comparison.pair import compare
    from core.export.report import write_report
    from core.maps.figures import draw_pair
    from core.maps.layout import LayoutSettings
    from core.maps.svg import draw_paper_map, read_points
    from core.score.store import load_score

    _remove_old()
    folder = _folder(order)
    left, right = load_run(order.left), load_run(order.right)
    if order.texts:
        left, right = (_call_text(*each) for each in zip((left, right), order.texts, strict=True))
    comparison = compare(left, right, progress=portion(progress, 0, 0.3))
    pair = _gather(order, left, right, comparison)
    card = None if order.score is None else load_score(order.score[0], dict(order.score[1]))
    progress(0.3, "drawing the maps")
    languages = [language_of(load_inputs(*folders)[0]) for folders in order.inputs if is_here(folders[0])]
    figures = draw_pair(left, right, comparison, LayoutSettings(), languages)
    progress(0.8, "writing")
    with new_folder(folder) as new:
        page = write_report(pair, figures, card, date=order.date, pins=order.pins)
        (new / "report.html").write_text(page, encoding="utf-8")
        drawing = draw_paper_map(order.names, [read_points(figure) for figure in figures], order.pins)
        (new / "maps.svg").write_text(drawing, encoding="utf-8")
    progress(1.0, "done")
    return folder


def _call_text(embedding: Embedding, name: str) -> Embedding:
    sources = embedding.sources
    return replace(embedding, sources=replace(sources, corpus=replace(sources.corpus, name=name)))


def _gather(order: ReportOrder, left: Embedding, right: Embedding, comparison: Comparison) -> "ReportedPair":
    """All that the report says of two models, from where it is kept."""
    from core.comparison.candidates import find_candidates
    from core.comparison.new_words import order_new_words
    from core.export.method_text import describe_inputs
    from core.export.quotations import quote_word, read_documents_kept
    from core.export.report import LISTED_WORDS, ReportedPair

    opened = [load_inputs(*folders) for folders in order.inputs if is_here(folders[0])]
    whole = len(opened) == 2
    corpora = {corpus.digest: corpus for corpus, _ in opened} if whole else {}
    kept = dict(zip(corpora, order.kept, strict=False))
    documents = {digest: read_documents_kept(path) for digest, path in kept.items()}
    languages = [language_of(corpus) for corpus in corpora.values()]
    candidates = find_candidates(comparison.shared, left, right, languages)
    new = order_new_words(comparison, left, right, candidates)[:LISTED_WORDS].tolist()
    known, asked = set(comparison.words), (*order.pins, *(comparison.words[row] for row in new))
    movers, sentence, unit = None, "", "documents"
    if order.noise is not None:
        kinds = usual_kinds(measured_kinds(order.noise) or order.noise.kinds)
        movers = judge_words(order.noise, kinds, comparison, left, right, candidates.judged)
        sentence = tell_moved(order.noise, comparison, left, right, order.names, candidates.judged)
        if "permutation" in kinds:
            unit = load_noise(order.noise, (), "permutation").unit
    return ReportedPair(
        order.names,
        left,
        right,
        comparison,
        movers,
        candidates,
        sentence,
        noise=order.noise,
        unit=unit,
        inputs=(describe_inputs(*opened[0]), describe_inputs(*opened[1])) if whole else (None, None),
        quotations={
            word: [quote_word(corpus, documents.get(digest, ()), word) for digest, corpus in corpora.items()]
            for word in asked
            if word in known and corpora
        },
    )


def file_name(*parts: str) -> str:
    """Letters, digits and hyphens of `parts`, for a file's name that no system refuses."""
    words = re.findall(r"[^\W_]+", " ".join(parts).lower())
    return "-".join(words)[:80] or "model"


def _folder(order: ExportOrder | ReportOrder) -> Path:
    if isinstance(order, ExportOrder):
        return cache_folder("exports", "-".join((order.run, digest_of(_describe(order)))))
    # What was measured since is news, though it is the same plan.
    measured = () if order.noise is None else (NOISE_VERSION, *measured_kinds(order.noise))
    return cache_folder(
        "exports", "-".join((order.left, order.right, digest_of(REPORT_VERSION, _describe(order), *measured)))
    )


def _describe(order: ExportOrder | ReportOrder) -> str:
    """The same on every machine, wherever its cache folder is."""
    return repr(order).replace(str(cache_root()), "")


def _remove_old() -> None:
    folder, stored = cache_folder("exports"), stored_entries("exports")
    if stored is None:
        ages = {path: path.stat().st_mtime for path in (folder.iterdir() if folder.is_dir() else ())}
    else:
        ages = {folder / name: found.stamp / 1e6 for name, found in stored.items()}
    for path, changed in ages.items():
        if time.time() - changed > KEPT_SECONDS:
            remove_entry(path)
