"""Points in the plane or in space for rows of vectors: principal components, t-SNE, UMAP. Arrays in, arrays out."""

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from core.geometry.neighbours import nearest_by_distance, nearest_neighbours
from core.progress import Progress, silent
from core.system.jobs.executors import call_in_child
from core.system.threads import one_thread

Metric = Literal["cosine", "euclidean"]


@one_thread()
def fit_pca(rows: np.ndarray, dimensions: int) -> np.ndarray:
    """The first principal components of `rows` (n, d), float32 (n, dimensions).

    Each points so that its value farthest from zero is positive.
    """
    centred = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    scores = centred @ axes[:, ::-1][:, :dimensions]
    scores *= np.where(scores.max(axis=0) < -scores.min(axis=0), -1, 1)
    return np.pad(scores, ((0, 0), (0, dimensions - scores.shape[1]))).astype(np.float32)


def fit_tsne(
    rows: np.ndarray, dimensions: int, *, perplexity: float, seed: int, progress: Progress = silent
) -> np.ndarray:
    """t-SNE (van der Maaten & Hinton 2008) from the principal components on, float32 (n, dimensions).

    Squared distances of unit rows are 2 - 2 cosine, so there is no metric to choose.

    Raises:
        Cancelled: out of `progress`.
    """
    # scikit-learn lets nobody in before it is done: whoever may cancel needs a process that can be ended.
    if progress is silent or multiprocessing.current_process().daemon:
        return _fit_tsne(rows, dimensions, perplexity, seed)
    return call_in_child(progress, "Fitting t-SNE", _fit_tsne, rows, dimensions, perplexity, seed)


def _fit_tsne(rows: np.ndarray, dimensions: int, perplexity: float, seed: int) -> np.ndarray:
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    start = fit_pca(rows, dimensions)
    model = TSNE(
        n_components=dimensions,
        perplexity=min(perplexity, (len(rows) - 1) / 3),
        init=start / max(float(start[:, 0].std()), 1e-12) * 1e-4,
        random_state=seed,
    )
    with threadpool_limits(1, "openmp"):  # more threads wait for each other in a loop, and sum in another order
        coordinates = model.fit_transform(rows)
    return np.asarray(coordinates, np.float32)


def fit_umap(
    rows: np.ndarray,
    dimensions: int,
    *,
    n_neighbors: int,
    min_dist: float,
    metric: Metric,
    seed: int,
    epochs: int,
    progress: Progress = silent,
) -> np.ndarray:
    """UMAP (McInnes, Healy & Melville 2018) by umap-learn, given exact neighbours, float32 (n, dimensions).

    Its own way to neighbours makes n squared Python calls below 4,096 rows and compiles for a minute above.

    Raises:
        Cancelled: out of `progress`.
    """
    start = fit_pca(rows, dimensions)
    return _draw(
        rows,
        start,
        n_neighbors=n_neighbors,
        min_dist=min_dist,
        metric=metric,
        seed=seed,
        epochs=epochs,
        pace=1.0,
        progress=progress,
    )


def refine_umap(
    rows: np.ndarray,
    start: np.ndarray,
    *,
    n_neighbors: int,
    min_dist: float,
    seed: int,
    epochs: int,
    pace: float,
    progress: Progress = silent,
) -> np.ndarray:
    """`fit_umap` by cosine from the places `start`, float32 (n, dimensions), on.

    Fits of several `rows` from one start stay in one frame as far as `epochs` and `pace`, the part of the usual step
    that the first round makes, let them.

    Raises:
        Cancelled: out of `progress`.
    """
    return _draw(
        rows,
        start,
        n_neighbors=n_neighbors,
        min_dist=min_dist,
        metric="cosine",
        seed=seed,
        epochs=epochs,
        pace=pace,
        progress=progress,
    )


def _draw(
    rows: np.ndarray,
    start: np.ndarray,
    *,
    n_neighbors: int,
    min_dist: float,
    metric: Metric,
    seed: int,
    epochs: int,
    pace: float,
    progress: Progress,
) -> np.ndarray:
    k = min(n_neighbors, len(rows)) - 1  # umap-learn counts the word itself
    near, distances = _neighbour_graph(rows, k, metric, lambda f, message: progress(0.4 * f, message))
    if (near[:, 1:] < 0).all():  # all words in one place: nothing to draw apart
        return start
    with _umap_functions(progress) as umap:
        state = np.random.RandomState(seed)
        graph, *_ = umap.fuzzy_simplicial_set(rows, k + 1, state, metric, knn_indices=near, knn_dists=distances)
        a, b = umap.find_ab_params(1.0, min_dist)
        coordinates, _ = umap.simplicial_set_embedding(
            rows,
            graph,
            n_components=start.shape[1],
            initial_alpha=pace,
            a=a,
            b=b,
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=epochs,
            init=_spread(start, state),
            random_state=state,
            metric=metric,
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
            tqdm_kwds=_report_to(progress, epochs),
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
    from core.system.jit import PARALLEL_LOCK

    while not PARALLEL_LOCK.acquire(timeout=0.2):
        progress(0.4, "Waiting for another map")
    try:
        import umap.layouts
        import umap.umap_
        from tqdm.auto import tqdm

        tqdm.monitor_interval = 0  # else the first progress bar starts a thread that never ends
        # Without this umap-learn 0.5.12 compiles them anew in every process: 13 s of CPU.
        for module, name in (
            (umap.umap_, "smooth_knn_dist"),
            (umap.umap_, "compute_membership_strengths"),
            (umap.layouts, "_nb_optimize_layout_euclidean_single_epoch"),
        ):
            enable_caching = getattr(getattr(module, name, None), "enable_caching", None)
            if enable_caching is not None:  # private names: another version may have done without them
                enable_caching()
        try:
            yield umap.umap_
        finally:
            # A cancelled fit does not give its lock back: tqdm's `refresh` has no `finally`. Whoever then deletes its
            # progress bar, in whatever thread, would wait for it for ever.
            tqdm.set_lock(threading.RLock())
    finally:
        PARALLEL_LOCK.release()
