"""Points in the plane or in space for rows of vectors: principal components, t-SNE, UMAP. Arrays in, arrays out."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np

from core.geometry.neighbours import nearest_by_distance, nearest_neighbours
from core.progress import Progress, silent
from core.system.jobs.executors import call_in_child
from core.system.threads import one_thread

Metric = Literal["cosine", "euclidean"]
_NEIGHBOURS = 0.6
"""Of the work of a large map: finding neighbours."""
_REPORT_EVERY = 4  # epochs


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
    """UMAP (McInnes, Healy & Melville 2018) of exact neighbours, float32 (n, dimensions).

    umap-learn makes the graph of them; the rounds that draw it are our own (`core.maps.forces`).

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
    from core.maps.forces import draw_flat_round, draw_solid_round, make_tables

    k = min(n_neighbors, len(rows)) - 1  # umap-learn counts the word itself
    near, distances = _neighbour_graph(rows, k, metric, lambda f, message: progress(_NEIGHBOURS * f, message))
    if (near[:, 1:] < 0).all():  # all words in one place: nothing to draw apart
        return start
    state = np.random.RandomState(seed)
    with _umap_functions(progress) as umap:
        graph, *_ = umap.fuzzy_simplicial_set(rows, k + 1, state, metric, knn_indices=near, knn_dists=distances)
        tables = make_tables(*umap.find_ab_params(1.0, min_dist))
    edges = _edges(graph, epochs, state)
    points = _spread(start, state)
    draw_round = draw_solid_round if points.shape[1] == 3 else draw_flat_round
    for epoch, key in enumerate(np.random.SeedSequence(seed).generate_state(epochs, np.uint64)):
        if epoch % _REPORT_EVERY == 0:
            done = _NEIGHBOURS + (1 - _NEIGHBOURS) * epoch / epochs
            progress(done, f"Drawing the map: round {epoch} of {epochs}")
        alpha = np.float32(pace * (1 - max(epoch - 1, 0) / epochs))
        draw_round(points, *edges, *tables, epoch, alpha, key)
    progress(1.0, "Drew the map")
    return points


def _edges(graph: Any, epochs: int, state: np.random.RandomState) -> tuple[np.ndarray, ...]:
    """The edges of UMAP's graph, a sparse matrix, that pull at all in so many `epochs`.

    Where those of each point begin, int64 (n + 1,); of each edge its other end, uint32, in which part of the epochs it
    pulls, float32, and its phase, 0 to 1, float32.
    """
    edges = graph.tocsr()
    edges.sort_indices()
    rates = (edges.data / edges.data.max()).astype(np.float32)
    edges.data = np.where(rates * epochs < 1, 0, rates)
    edges.eliminate_zeros()
    phases = state.random_sample(edges.nnz).astype(np.float32)
    return edges.indptr.astype(np.int64), edges.indices.astype(np.uint32), edges.data, phases


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
    """`start` with each axis from 0 to 10, as UMAP's steps suppose, with a touch of noise: points in one place would
    never part.
    """
    scaled = start * (10 / max(float(np.abs(start).max()), 1e-12))
    scaled += state.normal(scale=1e-4, size=start.shape)
    low, high = scaled.min(axis=0), scaled.max(axis=0)
    return np.ascontiguousarray(10 * (scaled - low) / (high - low), np.float32)


@contextmanager
def _umap_functions(progress: Progress) -> Iterator[Any]:
    """umap-learn's module of functions, its kernels cached on disk, and nobody else in compiled parallel code."""
    from core.system.jit import PARALLEL_LOCK

    while not PARALLEL_LOCK.acquire(timeout=0.2):
        progress(_NEIGHBOURS, "Waiting for another map")
    try:
        import umap.umap_

        for name in ("smooth_knn_dist", "compute_membership_strengths"):
            enable_caching = getattr(getattr(umap.umap_, name, None), "enable_caching", None)
            if enable_caching is not None:  # private names: another version may have done without them
                enable_caching()  # umap-learn 0.5.12 compiles them anew in every process: 13 s of CPU
        yield umap.umap_
    finally:
        PARALLEL_LOCK.release()
