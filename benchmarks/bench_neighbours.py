"""Exact neighbours of all words, and their overlap in two embeddings, against the bare matrix product.

    python benchmarks/bench_neighbours.py [--quick]

20,000 words x 100 values (--quick: 8,000). CPU time of one thread, methods interleaved, median of three.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.geometry.directions import normalise
from core.geometry.neighbours import Neighbours, nearest_neighbours, neighbours_of, overlaps

REPEATS = 3


def make_vectors(words: int, seed: int) -> np.ndarray:
    """float32 (words, 100) with the structure of embeddings: 25 strong directions, and noise."""
    rng = np.random.default_rng(seed)
    strong = rng.normal(size=(words, 25)) @ rng.normal(size=(25, 100))
    return (strong + 0.3 * rng.normal(size=(words, 100))).astype(np.float32)


def multiply(unit: np.ndarray) -> None:
    """The floor: all products, block by block, kept nowhere."""
    block = max(1, 128 * 2**20 // (4 * len(unit)))
    out = np.empty((min(block, len(unit)), len(unit)), np.float32)
    for start in range(0, len(unit), block):
        part = unit[start : start + block]
        np.matmul(part, unit.T, out=out[: len(part)])


def scikit_learn(unit: np.ndarray) -> None:
    from sklearn.neighbors import NearestNeighbors

    NearestNeighbors(n_neighbors=11, algorithm="brute", metric="cosine").fit(unit).kneighbors(unit)


def measure(methods: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median CPU seconds of each method, interleaved."""
    seconds: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(REPEATS):
        for name, method in methods.items():
            began = time.process_time()
            method()
            seconds[name].append(time.process_time() - began)
    return {name: median(values) for name, values in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="8,000 words, without scikit-learn")
    quick = parser.parse_args().quick
    words = 8_000 if quick else 20_000
    vectors = [make_vectors(words, seed) for seed in (0, 1)]
    units = [normalise(side) for side in vectors]
    near: dict[int, tuple[Neighbours, ...]] = {}

    def find(topn: int) -> None:
        near[topn] = tuple(nearest_neighbours(side, topn) for side in vectors)

    find(100)
    overlaps(*near[100], 10)
    methods: dict[str, Callable[[], object]] = {
        "bare matrix product, both": lambda: [multiply(unit) for unit in units],
        "10 neighbours of all words, both": lambda: find(10),
        "100 neighbours of all words, both": lambda: find(100),
        "overlap of all words at 10": lambda: overlaps(*near[100], 10),
        "overlap of all words at 100": lambda: overlaps(*near[100], 100),
        "10 neighbours of one word": lambda: neighbours_of(vectors[0], 7, 10),
    }
    if not quick:
        methods["scikit-learn, brute force, both"] = lambda: [scikit_learn(unit) for unit in units]
    seconds = measure(methods)
    floor = seconds["bare matrix product, both"]
    print(f"\n### Neighbours: {words:,} words x 100 values, two embeddings\n")
    print("| | CPU ms | x bare product |\n|---|---:|---:|")
    for name, value in seconds.items():
        print(f"| {name} | {1000 * value:,.0f} | {value / floor:.3f} |")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
