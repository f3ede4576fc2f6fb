"""A study of several texts: its map against the obvious ones, its models beside each other, and opening it again.

    python benchmarks/bench_study.py [FOLDER] [--quick]

FOLDER has glove.6B.50d.txt and brown.csv: twelve genres are studied. Without it, or with --quick, made-up texts of four
topics are, with made-up vectors.

Map: `kept` is the share of a word's 15 nearest words by cosine in a text that are among its 15 nearest points on that
text's map; `way` how far the median word goes from text to text, in map radii (median distance from the middle);
`tells` the rank correlation of that way with the change of the word's vector. One fit of all vectors together stands
still, a fit for each text keeps most and cannot be followed.

Time, in one run each: making the models beside each other and one after the other; opening a kept study, with noise
left out, as a page does when it is not in memory, and making it again from its stored models, as a page without a store
would have to.
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(1, str(Path(__file__).resolve().parent.parent / "tests"))

from small_texts import topical_documents, topical_glove

from core.comparison.study.models import Study
from core.comparison.study.neighbours import nearest_in_texts
from core.comparison.study.ranking import rank_words
from core.comparison.study.steps import find_steps
from core.comparison.study.store import StudyOrder, StudySource, keep_study, open_study
from core.comparison.study.table import make_study_table
from core.comparison.study.texts import study_config
from core.comparison.study.trajectories import find_trajectories
from core.geometry.alignment import align
from core.geometry.directions import directions
from core.geometry.neighbours import nearest_neighbours
from core.maps.layout import LayoutSettings, single_layout, warm_up
from core.maps.study_layout import lay_out_study
from core.models import beside, engine
from core.models.runs import keep_corpus, keep_pretrained
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import silent
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document

GENRES = ("news", "editorial", "reviews", "hobbies", "lore", "belles_lettres", "government", "learned", "fiction",
          "mystery", "adventure", "romance")  # fmt: skip
K = 15


def read_genres(folder: Path) -> list[Corpus]:
    csv.field_size_limit(1 << 30)
    documents: dict[str, list[Document]] = {genre: [] for genre in GENRES}
    with (folder / "brown.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["genre"] in documents:
                documents[row["genre"]].append(Document(row["id"], row["text"]))
    return [build_corpus(each, name=genre) for genre, each in documents.items()]


def make_up(texts: int) -> list[Corpus]:
    found = []
    for seed in range(texts):
        documents = [Document(f"d{place}", text) for place, text in enumerate(topical_documents(40, 500, seed))]
        found.append(build_corpus(documents, name=f"text {seed + 1}"))
    return found


def order_of(corpora: Sequence[Corpus], vectors: PretrainedVectors) -> StudyOrder:
    sources = (StudySource(each.name, keep_corpus(each), keep_pretrained(vectors, each)) for each in corpora)
    return StudyOrder(tuple(sources), study_config("tied", corpora, seed=1, vector_size=vectors.vector_size))


def compare_maps(study: Study) -> bool:
    """Whether the map of the app keeps what single maps keep, and moves as words change."""
    spaces = [model.vectors[rows] for model, rows in zip(study.models, study.rows, strict=True)]
    spaces = [directions(spaces[0]), *(align(spaces[0], each).right for each in spaces[1:])]
    near = [nearest_neighbours(space, K).indices for space in spaces]
    settings, number = LayoutSettings(), len(spaces)
    one_fit = np.array(np.split(single_layout(np.concatenate(spaces), settings), number))
    alone = np.array([single_layout(space, settings) for space in spaces])
    print(
        f"### One map for {number} texts, {len(study.words):,} words\n\n| | kept | way | tells |\n|---|---:|---:|---:|"
    )
    rows = {}
    for name, places in (
        ("one fit for all", one_fit),
        ("a fit for each text", alone),
        ("**a common map, refined by each text**", lay_out_study(study)),
    ):
        rows[name] = judge(places, near, spaces)
        print(f"| {name} | {rows[name][0]:.3f} | {rows[name][1]:.3f} | {rows[name][2]:.2f} |")
    (together, *_), (single, single_way, single_tells), (kept, way, tells) = rows.values()
    return kept > max(together, 0.9 * single) and way < 0.5 * single_way and tells > single_tells


def judge(places: np.ndarray, near: Sequence[np.ndarray], spaces: Sequence[np.ndarray]) -> tuple[float, float, float]:
    from scipy.stats import spearmanr

    kept = []
    for text, own in zip(places, near, strict=True):
        apart = ((text[:, None] - text[None]) ** 2).sum(axis=2)
        np.fill_diagonal(apart, np.inf)
        nearest = np.argsort(apart, axis=1)[:, :K]
        kept.append(np.mean([len(set(a) & set(b)) / K for a, b in zip(nearest.tolist(), own.tolist(), strict=True)]))
    radius = float(np.median(np.linalg.norm(places - places.mean(axis=(0, 1)), axis=2)))
    ways = np.linalg.norm(np.diff(places, axis=0), axis=2)
    changes = np.array([1 - (before * after).sum(axis=1) for before, after in pairwise(spaces)])
    return float(np.mean(kept)), float(np.median(ways)) / radius, float(spearmanr(ways.ravel(), changes.ravel())[0])


@contextmanager
def cores(number: int) -> Iterator[None]:
    before, beside.available_cores = beside.available_cores, lambda: number
    try:
        yield
    finally:
        beside.available_cores = before


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def compare_times(make: Callable[[], StudyOrder]) -> bool:
    """Whether opening is an order of magnitude faster than making anew; models beside each other are reported."""
    number = beside.available_cores()
    with in_cache():
        order = make()
        with cores(1):
            alone = seconds_of(lambda: keep_study(silent, order))
    with in_cache():
        order = make()
        together = seconds_of(lambda: keep_study(silent, order))
        study = open_study(order).study

        def show() -> None:
            kept = open_study(order)
            steps = find_steps(kept.study)
            ranking = rank_words(kept.study, kept.trajectories.from_previous, steps)
            make_study_table(kept.study, kept.trajectories, steps, ranking)

        opened = min(seconds_of(show) for _ in range(3))
        again = seconds_of(lambda: (find_trajectories(study), nearest_in_texts(study, 20)))
    print("\n### Seconds\n\n| | s | ratio |\n|---|---:|---:|")
    print(f"| models one after the other | {alone:.2f} | |")
    print(f"| **beside each other**, {number} cores | {together:.2f} | {alone / together:.2f} |")
    print(f"| changes and neighbours made again from stored models | {again:.3f} | |")
    print(f"| **a kept study opened, ranked, listed** | {opened:.3f} | {again / opened:.1f} |")
    return together > opened * 10


@contextmanager
def in_cache() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as cache:
        os.environ["VECTUNE_CACHE"] = cache
        yield


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="with glove.6B.50d.txt and brown.csv")
    parser.add_argument("--quick", action="store_true", help="under a minute")
    options = parser.parse_args()
    engine.prepare()
    warm_up()
    with tempfile.TemporaryDirectory() as scratch:
        if options.folder is None or options.quick:
            topical_glove(Path(scratch) / "topics.8d.txt")
            corpora, file = make_up(6), Path(scratch) / "topics.8d.txt"
        else:
            corpora, file = read_genres(options.folder), options.folder / "glove.6B.50d.txt"
        vectors = open_pretrained(file, sorted(set().union(*(each.words for each in corpora))))
        with in_cache():
            order = order_of(corpora, vectors)
            keep_study(silent, order)
            good = compare_maps(open_study(order).study)
        quick_to_open = compare_times(lambda: order_of(corpora, vectors))
    print(f"\nThe map keeps and moves as it should: {good}. A kept study opens ten times as fast: {quick_to_open}.")
    return 0 if good and quick_to_open else 1


if __name__ == "__main__":
    raise SystemExit(main())
