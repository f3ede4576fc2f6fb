"""Words laid out in two or three dimensions: of one embedding, or of two in one shared frame.

Two separate fits cannot be compared: the same data under another seed moves words by half the map. So the two
embeddings are turned onto each other (`core.alignment`), stacked, and laid out by one fit: a word that did not
change gets two points in one place. Distances between clusters on a map are not evidence of anything.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from core.alignment import align
from core.config import MAP_EPOCHS, MAP_MIN_DIST, MAP_NEIGHBOURS, SEED
from core.errors import ProjectionError
from core.neighbours import nearest_by_distance, nearest_neighbours, normalise
from core.progress import Progress, silent
from core.storage import cache_folder, digest_of, new_folder, read_json, write_json

Method = Literal["umap", "pca", "tsne"]
Metric = Literal["cosine", "euclidean"]
Frame = Literal["own", "joint", "aligned"]
METRICS: tuple[Metric, ...] = get_args(Metric)

FEWEST_WORDS = 4
"""umap-learn fails below this."""

_VERSION = "1"  # of the layouts on disk; raise it when the same input comes to mean another layout
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutSettings:
    """How words are laid out.

    Args:
        method: UMAP, PCA or t-SNE.
        n_neighbors: how many neighbours shape a word's surroundings; small shows detail, large the whole.
            t-SNE takes it as its perplexity, PCA has no use for it.
        min_dist: how close UMAP may put two words.
        metric: what near means.
        standardise: bring every dimension to mean 0 and standard deviation 1 first.
        seed: of every random choice.
        dimensions: 2 or 3.
        epochs: UMAP's passes over the neighbour graph.

    Raises:
        ProjectionError: a value is out of its range.
    """

    method: Method = "umap"
    n_neighbors: int = int(MAP_NEIGHBOURS.default)
    min_dist: float = MAP_MIN_DIST.default
    metric: Metric = "cosine"
    standardise: bool = False
    seed: int = int(SEED.default)
    dimensions: Literal[2, 3] = 2
    epochs: int = int(MAP_EPOCHS.default)

    def __post_init__(self) -> None:
        for name, allowed in (("method", Method), ("metric", Metric)):
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
        residual: of the alignment of the two sides, 0 they coincide to 1 nothing in common; None if there is one.
    """

    coordinates: np.ndarray
    method: Method
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
    alignment = align(sides[0], sides[1], centre=False)
    stacked = np.concatenate([alignment.left, alignment.right])
    coordinates = _fit(stacked, settings, progress)
    n = len(left)
    halves = (_put_back(coordinates[:n], order), _put_back(coordinates[n:], order))
    return LayoutPair(*(Layout(half, settings.method, "joint", alignment.residual) for half in halves))


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
    """Coordinates float32 (n, dimensions) of `rows`, float32 (n, d)."""
    if settings.metric == "cosine":
        rows = normalise(rows)
    start = _principal_coordinates(rows, settings.dimensions)
    match settings.method:
        case "pca":
            return start
        case "tsne":
            return _fit_tsne(rows, start, settings, progress)
        case "umap":
            return _fit_umap(rows, start, settings, progress)


def _principal_coordinates(rows: np.ndarray, dimensions: int) -> np.ndarray:
    """The first principal components, float32 (n, dimensions); each points so that its largest value is positive."""
    centred = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    scores = centred @ axes[:, ::-1][:, :dimensions]
    scores *= np.where(scores.max(axis=0) < -scores.min(axis=0), -1, 1)
    return np.pad(scores, ((0, 0), (0, dimensions - scores.shape[1]))).astype(np.float32)


def _fit_tsne(rows: np.ndarray, start: np.ndarray, settings: LayoutSettings, progress: Progress) -> np.ndarray:
    from sklearn.manifold import TSNE

    progress(0.0, "Fitting t-SNE")
    # Squared distances of unit rows are 2 - 2 cosine, so the Euclidean code serves both metrics.
    model = TSNE(
        n_components=settings.dimensions,
        perplexity=min(settings.n_neighbors, (len(rows) - 1) / 3),
        init=start / max(float(start[:, 0].std()), 1e-12) * 1e-4,
        random_state=settings.seed,
    )
    coordinates = model.fit_transform(rows)
    progress(1.0, "Fitted t-SNE")
    return np.asarray(coordinates, np.float32)


def _fit_umap(rows: np.ndarray, start: np.ndarray, settings: LayoutSettings, progress: Progress) -> np.ndarray:
    k = min(settings.n_neighbors, len(rows)) - 1  # umap-learn counts the word itself
    near, distances = _neighbour_graph(rows, k, settings.metric, lambda f, message: progress(0.4 * f, message))
    with _umap_functions(progress) as umap:
        state = np.random.RandomState(settings.seed)
        graph, *_ = umap.fuzzy_simplicial_set(
            rows, k + 1, state, settings.metric, knn_indices=near, knn_dists=distances
        )
        a, b = umap.find_ab_params(1.0, settings.min_dist)
        coordinates, _ = umap.simplicial_set_embedding(
            rows,
            graph,
            n_components=settings.dimensions,
            initial_alpha=1.0,
            a=a,
            b=b,
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=settings.epochs,
            init=_spread(start, state),
            random_state=state,
            metric=settings.metric,
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
            tqdm_kwds=_report_to(progress, settings.epochs),
        )
    progress(1.0, "Drew the map")
    return np.asarray(coordinates, np.float32)


def _neighbour_graph(rows: np.ndarray, k: int, metric: Metric, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours as umap-learn wants them: int32 and float32 (n, k + 1), the word itself in column 0."""
    if metric == "cosine":
        neighbours = nearest_neighbours(rows, k, progress)
        indices = neighbours.indices
        # A zero vector has no neighbours: with index -1 it has no edges, and any finite distance will do.
        distances = np.where(indices < 0, 1, 1 - neighbours.similarities).clip(0)
    else:
        indices, distances = nearest_by_distance(rows, k, progress)
    own = np.arange(len(rows), dtype=np.int32)[:, None]
    return np.hstack([own, indices]), np.pad(distances.astype(np.float32), ((0, 0), (1, 0)))


def _spread(start: np.ndarray, state: np.random.RandomState) -> np.ndarray:
    """`start` on umap-learn's scale, with its touch of noise: points in one place would never part."""
    scaled = start * (10 / max(float(np.abs(start).max()), 1e-12))
    return (scaled + state.normal(scale=1e-4, size=start.shape)).astype(np.float32)


class _EpochCounter:
    """The file that umap-learn's progress bar believes it writes to: passes the epoch on, and may raise Cancelled."""

    def __init__(self, progress: Progress, epochs: int) -> None:
        self.progress = progress
        self.epochs = epochs

    def write(self, text: str) -> None:
        done = text.strip()
        if done.isdigit():
            self.progress(0.4 + 0.6 * int(done) / self.epochs, f"Drawing the map: round {done} of {self.epochs}")

    def flush(self) -> None:
        pass


def _report_to(progress: Progress, epochs: int) -> dict[str, Any]:
    return {
        "disable": progress is silent,
        "file": _EpochCounter(progress, epochs),
        "bar_format": "{n}",
        "mininterval": 0.2,
    }


@contextmanager
def _umap_functions(progress: Progress) -> Iterator[Any]:
    """umap-learn's module of functions, its kernels cached on disk, and nobody else in compiled parallel code."""
    from core.kernels import PARALLEL_LOCK

    while not PARALLEL_LOCK.acquire(timeout=0.2):
        progress(0.4, "Waiting for another map")
    try:
        import umap.layouts
        import umap.umap_
        from tqdm.auto import tqdm

        tqdm.monitor_interval = 0  # else the first progress bar starts a thread that never ends

        # Without this umap-learn 0.5.12 compiles them anew in every process: 13 s of CPU (performance.md).
        for module, name in (
            (umap.umap_, "smooth_knn_dist"),
            (umap.umap_, "compute_membership_strengths"),
            (umap.layouts, "_nb_optimize_layout_euclidean_single_epoch"),
        ):
            enable_caching = getattr(getattr(module, name, None), "enable_caching", None)
            if enable_caching is not None:  # private names: another version may have done without them
                enable_caching()
        yield umap.umap_
    finally:
        PARALLEL_LOCK.release()


def warm_up() -> None:
    """Import and compile what a map needs, by drawing a tiny one: for a thread in the background after start."""
    rows = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    joint_layout(rows, rows, LayoutSettings(epochs=10))


def cached_joint_layout(
    left: np.ndarray, right: np.ndarray, settings: LayoutSettings, progress: Progress = silent
) -> LayoutPair:
    """`joint_layout`, read from the cache folder when the same vectors were laid out so before, in any process."""
    folder = _joint_folder(left, right, settings)
    if not folder.is_dir():
        pair = joint_layout(left, right, settings, progress)
        save_layouts(pair, folder)
        _log.info("Laid out %d words of two embeddings (%s)", len(left), settings.method)
    return LayoutPair(*load_layouts(folder))


def has_joint_layout(left: np.ndarray, right: np.ndarray, settings: LayoutSettings) -> bool:
    """`cached_joint_layout` will answer at once."""
    return _joint_folder(left, right, settings).is_dir()


def _joint_folder(left: np.ndarray, right: np.ndarray, settings: LayoutSettings) -> Path:
    return cache_folder("layouts", digest_of(_VERSION, "joint", left, right, repr(settings)))


def cached_single_layout(vectors: np.ndarray, settings: LayoutSettings, progress: Progress = silent) -> Layout:
    """`single_layout`, read from the cache folder when the same vectors were laid out so before, in any process."""
    folder = cache_folder("layouts", digest_of(_VERSION, "single", vectors, repr(settings)))
    if not folder.is_dir():
        save_layouts((single_layout(vectors, settings, progress),), folder)
        _log.info("Laid out %d words (%s)", len(vectors), settings.method)
    return load_layouts(folder)[0]


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
