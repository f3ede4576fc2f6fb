"""Maps: cost against default umap-learn, and how well two maps can be compared against AlignedUMAP and separate fits.

    python benchmarks/bench_maps.py [--quick]

Left is GloVe (VECTUNE_SHARED_DATA, else made-up vectors of like structure). Right is left with the vectors of a tenth
of the words exchanged among them, noise on all, and the whole space turned. Displacement is the distance of a word's
two points, in units of the left map's radius (root mean square); AUC tells exchanged words from the others by it;
recall is the share of a word's 15 neighbours by cosine that are among its 15 nearest points. CPU time, one thread.
--quick leaves out what takes minutes: umap-learn's cold start, 4,000 words, t-SNE.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.comparison.pair import match_words
from core.config import TrainConfig
from core.geometry.alignment import align
from core.geometry.neighbours import nearest_by_distance, nearest_neighbours
from core.maps import layout
from core.maps.layout import Frame, LayoutSettings, single_layout
from core.maps.pair_layout import lay_out_pair
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding
from core.progress import silent

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VECTUNE_SHARED_DATA") or ROOT.parent / "shared" / "data")
K = 15
Pair = tuple[np.ndarray, np.ndarray]

COLD = """
import resource, sys, time
import numpy as np
rows = np.random.default_rng(0).normal(size=(4500, 25)) @ np.random.default_rng(1).normal(size=(25, 100))
rows = rows.astype(np.float32)
began = time.process_time()
import core.geometry.kernels, umap
from core.maps.layout import LayoutSettings, single_layout
imported = time.process_time()
{work}
print(imported - began, time.process_time() - imported)
"""
DEFAULT_FIT = "umap.UMAP(metric='cosine', random_state=1, n_epochs=11).fit(rows)"
OUR_FIT = "single_layout(rows, LayoutSettings(epochs=11))"


def glove_like(words: int) -> np.ndarray:
    """float32 (words, 100): GloVe where it is at hand and large enough, else 25 strong directions and noise."""
    path = SHARED / "glove.6B.100d.top2604.txt"
    if path.exists() and words <= 2604:
        with open(path, encoding="utf-8", errors="replace") as file:
            rows = [line.rstrip("\n").rsplit(" ", 100)[1:] for line in file]
        return np.array(rows, np.float32)[:words]
    rng = np.random.default_rng(5)
    strong = rng.normal(size=(words, 25)) @ rng.normal(size=(25, 100))
    return (strong + 0.3 * rng.normal(size=(words, 100))).astype(np.float32)


def plant_changes(left: np.ndarray, noise: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """A right side for `left` (unit rows), and which words were exchanged, bool (words,)."""
    rng = np.random.default_rng(0)
    n, d = left.shape
    chosen = rng.choice(n, n // 10, replace=False)
    right = left.copy()
    right[chosen] = left[rng.permutation(chosen)]
    right += noise * rng.normal(size=(n, d)).astype(np.float32) / np.sqrt(d)
    turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
    changed = np.zeros(n, bool)
    changed[chosen] = True
    return (right @ turn).astype(np.float32), changed


def recall(vectors: np.ndarray, points: np.ndarray) -> float:
    wanted = nearest_neighbours(vectors, K).indices
    found, _ = nearest_by_distance(points, K)
    return float(np.mean([len(set(a) & set(b)) / K for a, b in zip(wanted.tolist(), found.tolist(), strict=True)]))


def judge(left: np.ndarray, right: np.ndarray, changed: np.ndarray, pair: Pair) -> tuple[float, float, float, float]:
    """Median displacement of unchanged words, AUC, recall left, recall right."""
    from sklearn.metrics import roc_auc_score

    a, b = pair
    radius = np.sqrt(((a - a.mean(axis=0)) ** 2).sum(axis=1).mean())
    moved = np.linalg.norm(a - b, axis=1) / radius
    return float(np.median(moved[~changed])), float(roc_auc_score(changed, moved)), recall(left, a), recall(right, b)


def lay_out(left: np.ndarray, right: np.ndarray, settings: LayoutSettings, frame: Frame = "joint") -> Pair:
    """Both sides by what the Maps page uses, without its files."""
    counts, covered = np.arange(len(left), 0, -1), np.zeros(len(left), bool)
    words, config = tuple(map(str, counts.tolist())), TrainConfig(strategy="scratch")
    sources = Sources(TextSource("text", ""), seconds=0.0, covered=0, vocabulary=len(left))
    sides = [Embedding("model", words, side.copy(), counts, covered, config, sources) for side in (left, right)]
    pair = lay_out_pair(*sides, match_words(*sides), settings, frame, keep=False)
    return pair.left.at(None), pair.right.at(None)


def umap_learn(rows: np.ndarray, **settings: Any) -> np.ndarray:
    import umap

    return np.asarray(umap.UMAP(metric="cosine", random_state=1, **settings).fit_transform(rows), np.float32)


def aligned_umap(left: np.ndarray, right: np.ndarray, **settings: Any) -> Pair:
    import umap

    relations = [{row: row for row in range(len(left))}]
    model = umap.AlignedUMAP(metric="cosine", random_state=1, **settings).fit([left, right], relations=relations)
    return tuple(np.asarray(points, np.float32) for points in model.embeddings_)  # type: ignore[return-value]


def compare_frames(words: int, quick: bool) -> None:
    left = glove_like(words)
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    right, changed = plant_changes(left)
    settings = LayoutSettings()
    methods: dict[str, Callable[[], Pair]] = {
        "**joint layout**": lambda: lay_out(left, right, settings),
        "joint layout, PCA (the quick one)": lambda: lay_out(left, right, settings.quick),
        "separate layouts, turned onto each other": lambda: lay_out(left, right, settings, "aligned"),
        "AlignedUMAP, as it comes": lambda: aligned_umap(left, right),
        "two default UMAP fits": lambda: (umap_learn(left), umap_learn(right)),
    }
    if not quick:
        tsne = LayoutSettings(method="tsne")
        methods["AlignedUMAP, regularisation 0.1"] = lambda: aligned_umap(left, right, alignment_regularisation=0.1)
        methods["joint layout, t-SNE"] = lambda: lay_out(left, right, tsne)
        methods["joint layout, 3-D"] = lambda: lay_out(left, right, LayoutSettings(dimensions=3))
    print(f"\n### Two comparable maps: {len(left):,} words, a tenth of them exchanged\n")
    print("| | displacement of unchanged | AUC | recall left | recall right | CPU s |\n|---|---:|---:|---:|---:|---:|")
    for name, method in methods.items():
        began = time.process_time()
        pair = method()
        seconds = time.process_time() - began
        moved, auc, first, second = judge(left, right, changed, pair)
        print(f"| {name} | {moved:.3f} | {auc:.3f} | {first:.3f} | {second:.3f} | {seconds:.1f} |", flush=True)


def compare_cost(words: int, repeats: int) -> None:
    rows = glove_like(words)
    umap_learn(rows[:500], n_epochs=11)
    methods: dict[str, Callable[[], object]] = {
        "default umap-learn, warm": lambda: umap_learn(rows),
        "umap-learn, 200 epochs, warm": lambda: umap_learn(rows, n_epochs=200),
        "**one layout**": lambda: single_layout(rows, LayoutSettings()),
        "one layout, 500 epochs": lambda: single_layout(rows, LayoutSettings(epochs=500)),
    }
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(repeats):
        for name, method in methods.items():
            began = time.process_time()
            method()
            seconds[name].append(time.process_time() - began)
    floor = median(seconds["**one layout**"])
    print(f"\n### One map: {words:,} words\n\n| | CPU s | x ours |\n|---|---:|---:|")
    for name, values in seconds.items():
        print(f"| {name} | {median(values):.2f} | {median(values) / floor:.1f} |", flush=True)


def umap_rounds(rows: np.ndarray) -> np.ndarray:
    """The layout as it was when umap-learn drew the rounds: the same graph, the same start, the usual settings."""
    from core.maps import manifold
    from core.maps.manifold import fit_pca

    near, distances = manifold._neighbour_graph(rows, 14, "cosine", silent)
    state = np.random.RandomState(1)
    with manifold._umap_functions(silent) as umap:
        graph, *_ = umap.fuzzy_simplicial_set(rows, 15, state, "cosine", knn_indices=near, knn_dists=distances)
        a, b = umap.find_ab_params(1.0, 0.1)
        made, _ = umap.simplicial_set_embedding(
            *(rows, graph, 2, 1.0, a, b, 1.0, 5, 200, manifold._spread(fit_pca(rows, 2), state), state, "cosine"),
            *({}, False, {}, False),
        )
    return np.asarray(made, np.float32)


def compare_rounds(words: int) -> None:
    """Three ends of so many words in one frame, the rounds drawn by umap-learn and by ourselves from one graph."""
    from core.maps.manifold import fit_umap

    left = glove_like(words)
    right, _ = plant_changes(left / np.linalg.norm(left, axis=1, keepdims=True))
    turned = align(left, right)
    rows = np.concatenate([turned.left, turned.left + 0.3 * (turned.right - turned.left), turned.right])
    settings: dict[str, Any] = {"n_neighbors": 15, "min_dist": 0.1, "metric": "cosine", "seed": 1, "epochs": 200}
    methods: dict[str, Callable[[], np.ndarray]] = {
        "umap-learn's rounds": lambda: umap_rounds(rows),
        "**ours**": lambda: fit_umap(rows, 2, **settings),
    }
    print(f"\n### Rounds: three ends of {words:,} words\n\n| | recall, mean of the ends | CPU s |\n|---|---:|---:|")
    for name, fit in methods.items():
        began = time.process_time()
        points = fit()
        seconds = time.process_time() - began
        kept = [recall(*each) for each in zip(np.split(rows, 3), np.split(points, 3), strict=True)]
        print(f"| {name} | {np.mean(kept):.4f} | {seconds:.1f} |", flush=True)


def compare_cold_start(repeats: int) -> None:
    """First map of a fresh process, when an earlier process has left its compiled code behind."""
    with tempfile.TemporaryDirectory() as cache:
        # umap-learn gets the cache folder too: what can be cached of it is.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "VECTUNE_CACHE": cache, "OMP_NUM_THREADS": "1"}

        def run(work: str) -> list[float]:
            command = [sys.executable, "-W", "ignore", "-c", COLD.format(work=work)]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            return [float(seconds) for seconds in done.stdout.split()[-2:]]

        first_ever = run(OUR_FIT)
        ours, theirs = [], []
        for _ in range(repeats):
            ours.append(run(OUR_FIT))
            theirs.append(run(DEFAULT_FIT))
    print("\n### First map of a fresh process: 4,500 words, 11 epochs, CPU s\n\n| | imports | map |\n|---|---:|---:|")
    medians = [np.median(runs, axis=0) for runs in (theirs, ours)]
    for name, (imports, fit) in zip(("default umap-learn", "**ours**"), medians, strict=True):
        print(f"| {name} | {imports:.2f} | {fit:.2f} |")
    print(f"| ratio | | {medians[0][1] / medians[1][1]:.0f} |")
    print(f"| ours, nothing compiled yet | {first_ever[0]:.1f} | {first_ever[1]:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under a minute")
    quick = parser.parse_args().quick
    warnings.filterwarnings("ignore")
    layout.warm_up()
    compare_frames(700 if quick else 2604, quick)
    compare_cost(1000 if quick else 4000, 1 if quick else 3)
    compare_rounds(2_000 if quick else 25_000)
    if not quick:
        compare_frames(5000, quick)
        compare_cold_start(2)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
