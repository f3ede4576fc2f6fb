"""Layouts: shape, order, determinism, one shared frame, the disk cache, and what is refused."""

import multiprocessing
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from core.comparison.pair import match_words
from core.config import TrainConfig
from core.errors import Cancelled, ProjectionError
from core.maps import layout
from core.maps.layout import Frame, LayoutSettings, cached_single_layout, single_layout
from core.maps.manifold import fit_tsne
from core.maps.pair_layout import PairLayout, lay_out_pair
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding
from core.progress import Progress, silent

QUICK = LayoutSettings(epochs=20, n_neighbors=8)
SOURCES = Sources(TextSource("text", "digest"))


def groups(n: int = 60, d: int = 6, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (3 * rng.normal(size=(3, d))[np.arange(n) % 3] + rng.normal(size=(n, d))).astype(np.float32)


def embeddings(*sides: np.ndarray) -> tuple[Embedding, ...]:
    counts = np.arange(len(sides[0]), 0, -1)
    words, covered = tuple(map(str, counts.tolist())), np.zeros(len(counts), bool)
    config = TrainConfig(strategy="scratch")
    return tuple(Embedding("model", words, side.copy(), counts, covered, config, SOURCES) for side in sides)


def lay_out(
    left: np.ndarray,
    right: np.ndarray,
    settings: LayoutSettings,
    frame: Frame = "joint",
    progress: Progress = silent,
    keep: bool = False,
) -> PairLayout:
    both = embeddings(left, right)
    return lay_out_pair(*both, match_words(*both), settings, frame, keep=keep, progress=progress)


def places(pair: PairLayout) -> tuple[np.ndarray, np.ndarray]:
    return pair.left.at(None), pair.right.at(None)


def test_importing_is_light() -> None:
    code = "import core.maps.layout, core.comparison.pair, sys; print({'umap', 'numba', 'sklearn'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("method", ["umap", "pca", "tsne"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_shuffled_words_keep_their_points(method: layout.LayoutMethod, dimensions: layout.Literal[2, 3]) -> None:
    settings = LayoutSettings(method=method, dimensions=dimensions, epochs=20, n_neighbors=8)
    vectors = groups(120)
    order = np.random.default_rng(3).permutation(len(vectors))
    plain, shuffled = single_layout(vectors, settings), single_layout(vectors[order], settings)
    assert plain.shape == (120, dimensions)
    assert plain.dtype == np.float32
    np.testing.assert_array_equal(plain[order], shuffled)
    for side in places(lay_out(groups(), groups(d=4, seed=1), settings)):
        assert side.shape == (60, dimensions)
        assert side.dtype == np.float32


def test_unchanged_words_lie_in_one_place() -> None:
    left = groups(300)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))
    right = (left @ turn).astype(np.float32)
    right[:5] = right[[100, 200, 150, 250, 50]] * -1
    pair = lay_out(left, right, LayoutSettings())
    first, second = places(pair)
    moved = np.linalg.norm(first - second, axis=1)
    radius = np.linalg.norm(first - first.mean(axis=0), axis=1).mean()
    assert np.median(moved[5:]) < 0.1 * radius
    assert moved[:5].min() > np.median(moved[5:])
    assert pair.frame == "joint"
    assert 0 < pair.residual < 0.2


def test_seed_decides() -> None:
    first, again = single_layout(groups(), QUICK), single_layout(groups(), QUICK)
    other = single_layout(groups(), LayoutSettings(epochs=20, n_neighbors=8, seed=2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_groups_stay_together() -> None:
    """The layout is of the vectors: three far groups are three groups on the map."""
    placed = single_layout(groups(90), LayoutSettings(epochs=100, n_neighbors=8))
    centres = np.stack([placed[g::3].mean(axis=0) for g in range(3)])
    nearest = np.linalg.norm(placed[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == np.arange(90) % 3).mean() > 0.95


@pytest.mark.parametrize("settings", [LayoutSettings(metric="euclidean", epochs=20), LayoutSettings(standardise=True)])
def test_other_settings_change_the_layout(settings: LayoutSettings) -> None:
    vectors = groups() * np.array([1, 1, 1, 1, 1, 30], np.float32)
    plain, changed = single_layout(vectors, LayoutSettings(epochs=20)), single_layout(vectors, settings)
    assert np.isfinite(changed).all()
    assert (plain != changed).any()


@pytest.mark.parametrize("method", ["umap", "pca", "tsne"])
def test_four_words_are_enough_and_three_are_not(method: layout.LayoutMethod) -> None:
    settings = LayoutSettings(method=method)
    assert np.isfinite(lay_out(groups(4), groups(4, seed=1), settings).left.at(None)).all()
    assert np.isfinite(single_layout(groups(4), settings)).all()
    with pytest.raises(ProjectionError, match=r"at least 4 words; there are 3\. Lower"):
        single_layout(groups(3), settings)
    with pytest.raises(ProjectionError, match="there is 1"):
        single_layout(groups(1), settings)


@pytest.mark.parametrize("method", ["umap", "pca", "tsne"])
def test_zero_repeated_and_flat_vectors_have_finite_points(method: layout.LayoutMethod) -> None:
    vectors = groups(30)
    vectors[3] = 0
    vectors[4:8] = vectors[9]
    vectors[:, 2] = 0
    for metric in ("cosine", "euclidean"):
        settings = LayoutSettings(method=method, metric=metric, standardise=True, epochs=20)
        assert np.isfinite(lay_out(vectors, vectors, settings).left.at(None)).all()
    assert np.isfinite(single_layout(np.ones((20, 3), np.float32), LayoutSettings(method=method))).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_neighbors": 1}, "n_neighbors is 1; it must lie between 2 and 200"),
        ({"min_dist": float("nan")}, "min_dist is nan"),
        ({"method": "isomap"}, "method is 'isomap'; it must be one of: umap, pca, tsne"),
        ({"dimensions": 4}, "a map has 2 or 3"),
    ],
)
def test_bad_settings_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ProjectionError, match=message):
        LayoutSettings(**change)  # type: ignore[arg-type]


def test_cancel_leaves_no_thread_and_no_lock() -> None:
    before = threading.active_count()

    def stop(fraction: float, message: str) -> None:
        if message.startswith("Drawing the map: round"):
            raise Cancelled

    with pytest.raises(Cancelled):
        lay_out(groups(900), groups(900), LayoutSettings(epochs=1000), progress=stop)
    assert threading.active_count() <= before  # one of an earlier test may have ended meanwhile
    other = threading.Thread(target=single_layout, args=(groups(), QUICK), daemon=True)
    other.start()
    other.join(60)
    assert not other.is_alive()


def test_cached_layout_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[int] = []
    fit = layout._fit
    monkeypatch.setattr(layout, "_fit", lambda *arguments: fits.append(1) or fit(*arguments))
    left, right = groups(), groups(seed=1)
    first, again = (lay_out(left, right, QUICK, keep=True) for _ in range(2))
    np.testing.assert_array_equal(first.right.at(None), again.right.at(None))
    assert len(fits) == 1
    lay_out(right, left, QUICK, keep=True)
    lay_out(left, right, QUICK.quick, keep=True)
    assert len(fits) == 3
    np.testing.assert_array_equal(cached_single_layout(left, QUICK), single_layout(left, QUICK))
    assert len(fits) == 5
    assert len(list(layout.cache_folder("layouts").iterdir())) == 4


def test_separate_layouts_are_turned_onto_each_other_and_say_so() -> None:
    left = groups(80)
    settings = LayoutSettings(method="pca")
    pair = lay_out(left, (left[:, ::-1] * 3).copy(), settings, "aligned")
    np.testing.assert_allclose(*places(pair), atol=1e-4)
    assert pair.frame == "aligned"
    np.testing.assert_array_equal(pair.left.at(None), single_layout(left, settings))
    other = lay_out(left, groups(80, seed=9), QUICK, "aligned")
    assert other.residual > 0.01
    kept = lay_out(left, groups(80, seed=9), QUICK, "aligned", keep=True)
    np.testing.assert_array_equal(kept.right.at(None), other.right.at(None))


def test_no_child_where_nobody_may_cancel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("core.maps.manifold.call_in_child")
    lay_out(groups(40), groups(40, seed=1), LayoutSettings(method="tsne"))


def test_tsne_in_a_child_is_the_same_to_the_bit_and_ends_when_cancelled() -> None:
    rows = np.random.default_rng(4).normal(size=(60, 6)).astype(np.float32)
    told = []
    in_child = fit_tsne(rows, 2, perplexity=5, seed=1, progress=lambda share, message: told.append(share))
    np.testing.assert_array_equal(in_child, fit_tsne(rows, 2, perplexity=5, seed=1))
    assert told[-1] == 1
    many = np.random.default_rng(5).normal(size=(6000, 20)).astype(np.float32)
    began, children = time.monotonic(), set(multiprocessing.active_children())

    def cancel_after_a_second(share: float, message: str) -> None:
        if time.monotonic() - began > 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        fit_tsne(many, 2, perplexity=30, seed=1, progress=cancel_after_a_second)
    assert time.monotonic() - began < 10  # alone it takes half a minute
    while set(multiprocessing.active_children()) - children:
        assert time.monotonic() - began < 10
        time.sleep(0.05)
