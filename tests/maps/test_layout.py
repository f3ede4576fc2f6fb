"""Layouts: shape, order, determinism, one shared frame, the disk cache, and what is refused."""

import multiprocessing
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from core.errors import Cancelled, ProjectionError
from core.maps import layout
from core.maps.layout import (
    LayoutSettings,
    cached_joint_layout,
    cached_separate_layouts,
    cached_single_layout,
    joint_layout,
    separate_layouts,
    single_layout,
)
from core.maps.manifold import fit_tsne

QUICK = LayoutSettings(epochs=20, n_neighbors=8)


def groups(n: int = 60, d: int = 6, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (3 * rng.normal(size=(3, d))[np.arange(n) % 3] + rng.normal(size=(n, d))).astype(np.float32)


def test_importing_is_light() -> None:
    code = "import core.maps.layout, core.comparison.pair, sys; print({'umap', 'numba', 'sklearn'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@pytest.mark.parametrize("method", ["umap", "pca", "tsne"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_shuffled_words_keep_their_points(method: layout.LayoutMethod, dimensions: layout.Literal[2, 3]) -> None:
    settings = LayoutSettings(method=method, dimensions=dimensions, epochs=20, n_neighbors=8)
    left, right = groups(), groups(d=4, seed=1)
    order = np.random.default_rng(3).permutation(len(left))
    plain, shuffled = joint_layout(left, right, settings), joint_layout(left[order], right[order], settings)
    for one, other in zip(plain, shuffled, strict=True):
        assert one.coordinates.shape == (60, dimensions)
        assert one.coordinates.dtype == np.float32
        np.testing.assert_array_equal(one.coordinates[order], other.coordinates)


def test_unchanged_words_lie_in_one_place() -> None:
    left = groups(300)
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))
    right = (left @ turn).astype(np.float32)
    right[:5] = right[[100, 200, 150, 250, 50]] * -1
    pair = joint_layout(left, right, LayoutSettings())
    moved = np.linalg.norm(pair.left.coordinates - pair.right.coordinates, axis=1)
    radius = np.linalg.norm(pair.left.coordinates - pair.left.coordinates.mean(axis=0), axis=1).mean()
    assert np.median(moved[5:]) < 0.1 * radius
    assert moved[:5].min() > np.median(moved[5:])
    assert pair.right.frame == "joint"
    assert pair.right.residual is not None
    assert 0 < pair.right.residual < 0.2


def test_seed_decides() -> None:
    first, again = single_layout(groups(), QUICK), single_layout(groups(), QUICK)
    other = single_layout(groups(), LayoutSettings(epochs=20, n_neighbors=8, seed=2))
    np.testing.assert_array_equal(first.coordinates, again.coordinates)
    assert (first.coordinates != other.coordinates).any()


def test_groups_stay_together() -> None:
    """The layout is of the vectors: three far groups are three groups on the map."""
    placed = single_layout(groups(90), LayoutSettings(epochs=100, n_neighbors=8)).coordinates
    centres = np.stack([placed[g::3].mean(axis=0) for g in range(3)])
    nearest = np.linalg.norm(placed[:, None] - centres, axis=2).argmin(axis=1)
    assert (nearest == np.arange(90) % 3).mean() > 0.95


@pytest.mark.parametrize("settings", [LayoutSettings(metric="euclidean", epochs=20), LayoutSettings(standardise=True)])
def test_other_settings_change_the_layout(settings: LayoutSettings) -> None:
    vectors = groups() * np.array([1, 1, 1, 1, 1, 30], np.float32)
    plain, changed = single_layout(vectors, LayoutSettings(epochs=20)), single_layout(vectors, settings)
    assert np.isfinite(changed.coordinates).all()
    assert (plain.coordinates != changed.coordinates).any()


@pytest.mark.parametrize("method", ["umap", "pca", "tsne"])
def test_four_words_are_enough_and_three_are_not(method: layout.LayoutMethod) -> None:
    settings = LayoutSettings(method=method)
    assert np.isfinite(joint_layout(groups(4), groups(4, seed=1), settings).left.coordinates).all()
    assert np.isfinite(single_layout(groups(4), settings).coordinates).all()
    with pytest.raises(ProjectionError, match=r"at least 4 words; there are 3\. Lower"):
        joint_layout(groups(3), groups(3), settings)
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
        assert np.isfinite(joint_layout(vectors, vectors, settings).left.coordinates).all()
    assert np.isfinite(single_layout(np.ones((20, 3), np.float32), LayoutSettings(method=method)).coordinates).all()


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
        joint_layout(groups(900), groups(900), LayoutSettings(epochs=1000), stop)
    assert threading.active_count() == before
    other = threading.Thread(target=single_layout, args=(groups(), QUICK), daemon=True)
    other.start()
    other.join(60)
    assert not other.is_alive()


def test_cached_layout_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[int] = []
    fit = layout._fit
    monkeypatch.setattr(layout, "_fit", lambda *arguments: fits.append(1) or fit(*arguments))
    left, right = groups(), groups(seed=1)
    first, again = (cached_joint_layout(left, right, QUICK) for _ in range(2))
    np.testing.assert_array_equal(first.right.coordinates, again.right.coordinates)
    assert (again.left.frame, again.left.method, again.left.residual) == ("joint", "umap", first.left.residual)
    assert len(fits) == 1
    cached_joint_layout(right, left, QUICK)
    cached_joint_layout(left, right, QUICK.quick)
    assert len(fits) == 3
    cached_single_layout(left, QUICK)
    assert len(fits) == len(list(layout.cache_folder("layouts").iterdir())) == 4


def test_separate_layouts_are_turned_onto_each_other_and_say_so() -> None:
    left = groups(80)
    settings = LayoutSettings(method="pca")
    pair = separate_layouts(left, (left[:, ::-1] * 3).copy(), settings)
    np.testing.assert_allclose(pair.left.coordinates, pair.right.coordinates, atol=1e-4)
    assert (pair.left.frame, pair.right.frame) == ("aligned", "aligned")
    np.testing.assert_array_equal(pair.left.coordinates, single_layout(left, settings).coordinates)
    other = separate_layouts(left, groups(80, seed=9), QUICK)
    assert other.right.residual is not None
    assert other.right.residual > 0.01
    cached = cached_separate_layouts(left, groups(80, seed=9), QUICK)
    np.testing.assert_array_equal(cached.right.coordinates, other.right.coordinates)


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
