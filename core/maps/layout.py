"""Vectors laid out in two or three dimensions by one fit, and kept on the disk.

How two embeddings share a fit is in `core.maps.pair_layout`. Distances between clusters on a map are not evidence of
anything.
"""

import logging
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from core.config import MAP_EPOCHS, MAP_MIN_DIST, MAP_NEIGHBOURS, SEED
from core.errors import ProjectionError, StorageError
from core.geometry.alignment import align
from core.geometry.directions import directions
from core.maps.manifold import Metric, fit_pca, fit_tsne, fit_umap
from core.progress import Progress, silent
from core.system.files import cache_folder, digest_of, new_folder

LayoutMethod = Literal["umap", "pca", "tsne"]
Frame = Literal["joint", "aligned"]
"""Of two maps: one fit for both; or each a fit of its own, then turned onto the other's."""
METRICS: tuple[Metric, ...] = get_args(Metric)

FEWEST_WORDS = 4
"""umap-learn fails below this."""

_VERSION = "3"  # of the layouts on disk; raise it when the same input comes to mean another layout
_COORDINATES = "0.npy"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutSettings:
    """How words are laid out.

    Args:
        method: UMAP, PCA or t-SNE.
        n_neighbors: how many neighbours shape a word's surroundings; small shows detail, large the whole.
            t-SNE takes it as its perplexity, PCA has no use for it.
        min_dist: how close UMAP may put two words.
        metric: what near means: cosine looks at directions seen from the mean of all words, euclidean at distances.
        standardise: bring every dimension to mean 0 and standard deviation 1 first.
        seed: of every random choice.
        dimensions: 2 or 3.
        epochs: UMAP's passes over the neighbour graph.

    Raises:
        ProjectionError: a value is out of its range.
    """

    method: LayoutMethod = "umap"
    n_neighbors: int = int(MAP_NEIGHBOURS.default)
    min_dist: float = MAP_MIN_DIST.default
    metric: Metric = "cosine"
    standardise: bool = False
    seed: int = int(SEED.default)
    dimensions: Literal[2, 3] = 2
    epochs: int = int(MAP_EPOCHS.default)

    def __post_init__(self) -> None:
        for name, allowed in (("method", LayoutMethod), ("metric", Metric)):
            if getattr(self, name) not in get_args(allowed):
                raise ProjectionError(
                    f"{name} is {getattr(self, name)!r}; it must be one of: {', '.join(get_args(allowed))}."
                )
        if self.dimensions not in (2, 3):
            raise ProjectionError(f"dimensions is {self.dimensions}; a map has 2 or 3.")
        MAP_NEIGHBOURS.check("n_neighbors", self.n_neighbors, ProjectionError)
        MAP_MIN_DIST.check("min_dist", self.min_dist, ProjectionError)
        MAP_EPOCHS.check("epochs", self.epochs, ProjectionError)
        SEED.check("seed", self.seed, ProjectionError)

    @property
    def quick(self) -> "LayoutSettings":
        """Settings of a layout that takes no time, to look at until the one wanted is ready."""
        return replace(self, method="pca")


def single_layout(vectors: np.ndarray, settings: LayoutSettings, progress: Progress = silent) -> np.ndarray:
    """Where the rows of `vectors`, float32 (n, d), lie: float32 (n, 2 or 3).

    The result does not depend on the order of the rows: they are sorted by content inside.

    Raises:
        ProjectionError: there are fewer than 4 rows.
        Cancelled: out of `progress`.
    """
    _check_enough(len(vectors))
    order = _canonical_order(vectors)
    rows = _standardise(vectors[order]) if settings.standardise else vectors[order]
    rows = directions(rows) if settings.metric == "cosine" else rows
    return _put_back(_fit(rows, settings, progress), order)


def _check_enough(words: int) -> None:
    if words < FEWEST_WORDS:
        raise ProjectionError(
            f"A map needs at least {FEWEST_WORDS} words; there {'is' if words == 1 else 'are'} {words}. "
            "Lower the minimum count, add text, or compare embeddings that share more words."
        )


def _canonical_order(vectors: np.ndarray) -> np.ndarray:
    """Rows sorted by their bytes, so that the order in which words come cannot move a point: int64 (n,)."""
    rows = np.ascontiguousarray(vectors, np.float32)
    order: np.ndarray = np.argsort(rows.view(f"V{rows.shape[1] * 4}").ravel(), kind="stable")
    return order


def _put_back(coordinates: np.ndarray, order: np.ndarray) -> np.ndarray:
    placed = np.empty(coordinates.shape, np.float32)
    placed[order] = coordinates
    return placed


def _standardise(vectors: np.ndarray) -> np.ndarray:
    wide = vectors.astype(np.float64)
    spread = wide.std(axis=0)
    spread[spread == 0] = 1  # a constant dimension says nothing, and stays at 0
    return np.asarray((wide - wide.mean(axis=0)) / spread, np.float32)


def _fit(rows: np.ndarray, settings: LayoutSettings, progress: Progress) -> np.ndarray:
    """Coordinates float32 (n, dimensions) of `rows`, float32 (n, d): directions if the metric is cosine."""
    match settings.method:
        case "pca":
            return fit_pca(rows, settings.dimensions)
        case "tsne":
            return fit_tsne(
                rows, settings.dimensions, perplexity=settings.n_neighbors, seed=settings.seed, progress=progress
            )
        case "umap":
            return fit_umap(
                rows,
                settings.dimensions,
                n_neighbors=settings.n_neighbors,
                min_dist=settings.min_dist,
                metric=settings.metric,
                seed=settings.seed,
                epochs=settings.epochs,
                progress=progress,
            )


def warm_up() -> None:
    """Import and compile what a map needs, by drawing a tiny one: for a thread in the background after start."""
    rows = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    aligned = align(rows, rows)
    for dimensions in (2, 3):
        single_layout(np.concatenate([aligned.left, aligned.right]), LayoutSettings(epochs=10, dimensions=dimensions))


def cached_single_layout(
    vectors: np.ndarray, settings: LayoutSettings, progress: Progress = silent, texts: Collection[str] = ()
) -> np.ndarray:
    """`single_layout`, read from the cache folder when the same vectors were laid out so before, in any process.

    Where it cannot be kept, it is made again the next time. `texts`: digests of those that the vectors come from, in
    the name of what is kept, so that it goes with them.
    """
    folder = _folder(vectors, settings, texts)
    if folder.is_dir():
        return np.asarray(np.load(folder / _COORDINATES))
    coordinates = single_layout(vectors, settings, progress)
    with suppress(StorageError), new_folder(folder) as new:
        np.save(new / _COORDINATES, coordinates, allow_pickle=False)
    _log.info("laid out %d words (%s)", len(coordinates), settings.method)
    return coordinates


def _folder(vectors: np.ndarray, settings: LayoutSettings, texts: Collection[str]) -> Path:
    identity = digest_of(_VERSION, "own", repr(settings), vectors)
    return cache_folder("layouts", "-".join([*sorted(set(texts)), identity]))
