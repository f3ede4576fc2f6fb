"""Layouts and neighbours of two stored models, on the disk: a child makes them, pages only open them.

Whoever asks names models, doses and settings. No array goes through a pipe: a child maps the models from the run store
and leaves files here, whole or not at all. Their names begin with the ids of both models: they go when these do.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.comparison.pair import SharedWords, match_words
from core.geometry.neighbours import Neighbours, nearest_neighbours
from core.maps.layout import Frame, LayoutSettings
from core.maps.pair_layout import PairLayout, Track, lay_out_pair
from core.maps.word_sample import sample_words, take_words
from core.models.dose import at_dose
from core.models.embedding import Embedding
from core.models.runs import load_run
from core.progress import Progress, portion
from core.system.files import cache_folder, digest_of, new_folder

LAYOUTS, NEIGHBOURS = "layouts", "neighbours"
"""Folders of the cache folder."""

_VERSION = "4"  # raise it when the same order comes to mean other numbers


@dataclass(frozen=True, slots=True)
class PairOrder:
    """Two stored models, by their ids, and how many of the words that they share are looked at, at most."""

    left: str
    right: str
    most: int

    def open(self) -> tuple[Embedding, Embedding, SharedWords]:
        """Both models and the words.

        Raises:
            RunError: a model is gone or damaged.
            ComparisonError: they share too few words.
        """
        left, right = load_run(self.left), load_run(self.right)
        return left, right, sample_words(match_words(left, right), self.most)


@dataclass(frozen=True, slots=True)
class LayoutOrder:
    """The layout of a pair that `lay_out_pair` makes with these settings.

    `rows`: of the pair's words, those that are laid out, by themselves; none for all.
    """

    pair: PairOrder
    settings: LayoutSettings
    frame: Frame
    rows: tuple[int, ...] = ()

    @property
    def folder(self) -> Path:
        order = f"LayoutOrder(pair={self.pair!r}, settings={self.settings!r}, frame={self.frame!r})"
        return _folder(LAYOUTS, self.pair, f"{order} {self.rows}" if self.rows else order)


@dataclass(frozen=True, slots=True)
class NeighboursOrder:
    """The `depth` nearest neighbours, among a pair's words, of each in one of the two models.

    `run` is that model's id, `dose` the dose at which it is taken; None as it was trained.
    """

    pair: PairOrder
    run: str
    dose: float | None
    depth: int

    @property
    def folder(self) -> Path:
        return _folder(NEIGHBOURS, self.pair, repr(self))


def _folder(kind: str, pair: PairOrder, order: str) -> Path:
    return cache_folder(kind, f"{pair.left}-{pair.right}-{digest_of(_VERSION, order)}")


def keep_layout(progress: Progress, order: LayoutOrder) -> None:
    """Lay the two out, unless they were before; a plain function of picklable arguments, for a child process.

    Raises:
        RunError: a model is gone or damaged.
        ComparisonError, ProjectionError: they share too few words.
        Cancelled: out of `progress`.
    """
    if order.folder.is_dir():
        return
    left, right, shared = order.pair.open()
    if order.rows:
        shared = take_words(shared, np.array(order.rows))
    made = lay_out_pair(left, right, shared, order.settings, order.frame, keep=not order.rows, progress=progress)
    with new_folder(order.folder) as new:
        for side, track in (("left", made.left), ("right", made.right)):
            np.save(new / f"{side}.npy", np.stack(track.ends), allow_pickle=False)
        np.save(new / "residual.npy", np.float64(made.residual), allow_pickle=False)


def find_layout(order: LayoutOrder, covered: tuple[np.ndarray, np.ndarray]) -> PairLayout | None:
    """What `keep_layout` kept; None where it did not, or not any more.

    `covered`: bool (words,) each: the vectors file of the left and of the right model has the word. Where only some
    rows are laid out, the others lie in the midst of them.
    """
    try:
        ends = [np.load(order.folder / f"{side}.npy") for side in ("left", "right")]
        residual = float(np.load(order.folder / "residual.npy"))
    except FileNotFoundError:
        return None
    if order.rows:
        ends = [_among_all(each, order.rows, len(has)) for each, has in zip(ends, covered, strict=True)]
    left, right = (Track(tuple(each), has) for each, has in zip(ends, covered, strict=True))
    return PairLayout(left, right, order.settings.method, order.frame, residual)


def _among_all(ends: np.ndarray, rows: tuple[int, ...], n: int) -> np.ndarray:
    """float32 (ends, n, d) of float32 (ends, rows, d)."""
    whole = np.repeat(ends.mean(axis=1, keepdims=True), n, axis=1)
    whole[:, list(rows)] = ends
    return np.asarray(whole, np.float32)


def keep_neighbours(progress: Progress, orders: tuple[NeighboursOrder, ...]) -> None:
    """Find the neighbours that were not found before; a plain function of picklable arguments, for a child process.

    Raises:
        RunError: a model is gone or damaged.
        ComparisonError: the two share too few words.
        Cancelled: out of `progress`.
    """
    for number, order in enumerate(orders):
        report = portion(progress, number / len(orders), (number + 1) / len(orders))
        if order.folder.is_dir():
            continue
        left, right, shared = order.pair.open()
        whole, rows = (left, shared.left_rows) if order.run == order.pair.left else (right, shared.right_rows)
        found = nearest_neighbours(at_dose(whole, order.dose).vectors[rows], order.depth, report)
        with new_folder(order.folder) as new:
            np.save(new / "indices.npy", found.indices, allow_pickle=False)
            np.save(new / "similarities.npy", found.similarities, allow_pickle=False)


def has_kept(*orders: NeighboursOrder) -> bool:
    """`keep_neighbours` has kept all of these."""
    return all(order.folder.is_dir() for order in orders)


def find_neighbours(order: NeighboursOrder) -> Neighbours | None:
    """What `keep_neighbours` kept, memory-mapped; None where it did not, or not any more."""

    def load(name: str) -> np.ndarray:
        return np.asarray(np.load(order.folder / name, mmap_mode="r"))

    try:
        return Neighbours(load("indices.npy"), load("similarities.npy"))
    except FileNotFoundError:
        return None
