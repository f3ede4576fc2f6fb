"""Words laid out in two or three dimensions: of one embedding, or of two in one shared frame.

Two separate fits cannot be compared: the same data under another seed moves words by half the map. So the two
embeddings are turned onto each other (`core.geometry.alignment`), stacked, and laid out by one fit: a word that did not
change gets two points in one place. Distances between clusters on a map are not evidence of anything.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple, get_args

import numpy as np

from core.config import MAP_EPOCHS, MAP_MIN_DIST, MAP_NEIGHBOURS, SEED
from core.errors import ProjectionError
from core.geometry.alignment import align, superimpose
from core.geometry.directions import directions
from core.maps.manifold import Metric, fit_pca, fit_tsne, fit_umap
from core.progress import Progress, silent
from core.system.files import cache_folder, digest_of, new_folder, read_json, write_json

LayoutMethod = Literal["umap", "pca", "tsne"]
Frame = Literal["own", "joint", "aligned"]
METRICS: tuple[Metric, ...] = get_args(Metric)

FEWEST_WORDS = 4
"""umap-learn fails below this."""

_VERSION = "2"  # of the layouts on disk; raise it when the same input comes to mean another layout
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


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where words lie on a map. The array is read-only.

    Attributes:
        coordinates: float32 (words, 2 or 3), rows in the order of the vectors that were laid out.
        method: what laid them out.
        frame: "own"; "joint": one fit with the other side; "aligned": a fit of its own, turned onto the other's.
        residual: of the alignment of the two sides: 0 when they coincide, 1 when they have nothing in common; None for
            a single side.
    """

    coordinates: np.ndarray
    method: LayoutMethod
    frame: Frame = "own"
    residual: float | None = None

    def __post_init__(self) -> None:
        self.coordinates.flags.writeable = False


class LayoutPair(NamedTuple):
    """The layouts of two embeddings of the same words."""

    left: Layout
    right: Layout


def single_layout(vectors: np.ndarray, settings: LayoutSettings, progress: Progress = silent) -> Layout:
    """Lay out the rows of `vectors`, float32 (n, d).

    The result does not depend on the order of the rows: they are sorted by content inside.

    Raises:
        ProjectionError: there are fewer than 4 rows.
        Cancelled: out of `progress`.
    """
    _check_enough(len(vectors))
    order = _canonical_order(vectors)
    rows = _standardise(vectors[order]) if settings.standardise else vectors[order]
    rows = directions(rows) if settings.metric == "cosine" else rows
    return Layout(_put_back(_fit(rows, settings, progress), order), settings.method)


def joint_layout(
    left: np.ndarray, right: np.ndarray, settings: LayoutSettings, progress: Progress = silent
) -> LayoutPair:
    """Lay out two embeddings of the same words, float32 (n, d1) and (n, d2), in one shared frame by one fit.

    The result does not depend on the order of the words: they are sorted by content inside.

    Raises:
        ProjectionError: there are fewer than 4 words.
        Cancelled: out of `progress`.
    """
    _check_enough(len(left))
    order = _canonical_order(left, right)
    sides = [_standardise(side[order]) if settings.standardise else side[order] for side in (left, right)]
    alignment = align(sides[0], sides[1], keep_lengths=settings.metric == "euclidean")
    stacked = np.concatenate([alignment.left, alignment.right])
    coordinates = _fit(stacked, settings, progress)
    n = len(left)
    halves = (_put_back(coordinates[:n], order), _put_back(coordinates[n:], order))
    return LayoutPair(*(Layout(half, settings.method, "joint", alignment.residual) for half in halves))


def separate_layouts(
    left: np.ndarray, right: np.ndarray, settings: LayoutSettings, progress: Progress = silent
) -> LayoutPair:
    """Lay out each of two embeddings of the same words on its own, then turn, scale and shift right onto left.

    Each map is what it would be without the other one. Their frames agree only as well as a turn can make them:
    unchanged words move by a quarter of the map and more. In a joint layout they do not.

    Raises:
        ProjectionError: there are fewer than 4 words.
        Cancelled: out of `progress`.
    """
    first = single_layout(left, settings, lambda f, message: progress(0.5 * f, message))
    second = single_layout(right, settings, lambda f, message: progress(0.5 + 0.5 * f, message))
    turned, residual = superimpose(first.coordinates, second.coordinates)
    return LayoutPair(
        Layout(first.coordinates, settings.method, "aligned", residual),
        Layout(turned, settings.method, "aligned", residual),
    )


def _check_enough(words: int) -> None:
    if words < FEWEST_WORDS:
        raise ProjectionError(
            f"A map needs at least {FEWEST_WORDS} words; there {'is' if words == 1 else 'are'} {words}. "
            "Lower the minimum count, add text, or compare embeddings that share more words."
        )


def _canonical_order(*sides: np.ndarray) -> np.ndarray:
    """Rows sorted by their bytes, so that the order in which words come cannot move a point: int64 (n,)."""
    rows = np.concatenate([np.asarray(side, np.float32) for side in sides], axis=1)
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
    joint_layout(rows, rows, LayoutSettings(epochs=10))


def cached_joint_layout(
    left: np.ndarray, right: np.ndarray, settings: LayoutSettings, progress: Progress = silent
) -> LayoutPair:
    """`joint_layout`, read from the cache folder when the same vectors were laid out so before, in any process."""
    folder = _folder("joint", settings, left, right)
    return LayoutPair(*_cached(folder, lambda: joint_layout(left, right, settings, progress)))


def cached_separate_layouts(
    left: np.ndarray, right: np.ndarray, settings: LayoutSettings, progress: Progress = silent
) -> LayoutPair:
    """`separate_layouts`, likewise."""
    folder = _folder("aligned", settings, left, right)
    return LayoutPair(*_cached(folder, lambda: separate_layouts(left, right, settings, progress)))


def cached_single_layout(vectors: np.ndarray, settings: LayoutSettings, progress: Progress = silent) -> Layout:
    """`single_layout`, likewise."""
    folder = _folder("own", settings, vectors)
    return _cached(folder, lambda: (single_layout(vectors, settings, progress),))[0]


def has_single_layout(vectors: np.ndarray, settings: LayoutSettings) -> bool:
    """`cached_single_layout` will answer at once."""
    return _folder("own", settings, vectors).is_dir()


def _folder(frame: Frame, settings: LayoutSettings, *sides: np.ndarray) -> Path:
    return cache_folder("layouts", digest_of(_VERSION, frame, repr(settings), *sides))


def _cached(folder: Path, make: Callable[[], tuple[Layout, ...]]) -> tuple[Layout, ...]:
    if not folder.is_dir():
        layouts = make()
        save_layouts(layouts, folder)
        _log.info("laid out %d words (%s, %s)", len(layouts[0].coordinates), layouts[0].method, layouts[0].frame)
    return load_layouts(folder)


def save_layouts(layouts: tuple[Layout, ...], folder: Path) -> None:
    """Write `layouts` to `folder`, whole or not at all; no pickle."""
    with new_folder(folder) as new:
        for number, layout in enumerate(layouts):
            np.save(new / f"{number}.npy", layout.coordinates, allow_pickle=False)
        write_json(
            new / "layouts.json",
            [{"method": layout.method, "frame": layout.frame, "residual": layout.residual} for layout in layouts],
        )


def load_layouts(folder: Path) -> tuple[Layout, ...]:
    """What `save_layouts` wrote."""
    about = read_json(folder / "layouts.json")
    return tuple(Layout(np.load(folder / f"{number}.npy"), **entry) for number, entry in enumerate(about))
