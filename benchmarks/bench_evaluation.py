"""What a scorecard costs beside the training it is about, and whether its intervals hold what they promise.

    python benchmarks/bench_evaluation.py [--quick]

GloVe's rows come from $VECTUNE_SHARED_DATA, else ../shared/data.
"""

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_science import corpus_of, read_glove, read_lee
from core.config import TrainConfig, default_config
from core.models.embedding import Embedding
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress
from core.score.bootstrap import bootstrap_interval
from core.score.evaluation import evaluate
from core.score.stability import measure_stability
from core.text.corpus import Corpus

STRATEGIES = ("pretrained", "scratch", "counts", "tuned", "blend")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round, fewer trials; under a minute")
    quick = parser.parse_args().quick
    print_costs(1 if quick else 3)
    print_coverage(300 if quick else 2000)


def print_costs(rounds: int) -> None:
    vectors, corpus = read_glove("glove.6B.100d.top2604.txt"), corpus_of(read_lee())
    configs = {
        name: default_config(name, corpus.n_tokens, vector_size=vectors.vector_size, seed=1) for name in STRATEGIES
    }
    evaluate(corpus, {name: configs[name] for name in ("pretrained", "counts")}, _binding(vectors), chosen="counts")
    training, whole, scoring, stability = [], [], [], []
    fixed = replace(configs["tuned"], dose=0.5)
    for _ in range(rounds):
        began = time.process_time()
        for config in configs.values():
            train(corpus, config, vectors)
        training.append(time.process_time() - began)
        began, inside = time.process_time(), [0.0]
        evaluate(corpus, configs, _binding(vectors, inside), chosen="tuned")
        whole.append(time.process_time() - began)
        scoring.append(whole[-1] - inside[0])
        began = time.process_time()
        measure_stability(corpus, fixed, _binding(vectors))
        stability.append(time.process_time() - began)
    base = statistics.median(training)
    print(f"| {corpus.n_tokens:,} tokens, {len(configs)} models | CPU, in trainings of the five models |")
    print("|---|---|")
    print(f"| training them on all of the text ({base:.1f} s) | 1 |")
    print(f"| scorecard, with training on the training part and the placebo | {statistics.median(whole) / base:.2f} |")
    print(f"| stability of one model, three resampled texts | {statistics.median(stability) / base:.2f} |")
    print(f"| scoring alone | {statistics.median(scoring) / base:.2f} |")


def _binding(vectors: PretrainedVectors, inside: list[float] | None = None):  # type: ignore[no-untyped-def]
    """`train` with `vectors`, its CPU seconds added to `inside`."""

    def run(corpus: Corpus, config: TrainConfig, progress: Progress) -> Embedding:
        began = time.process_time()
        embedding = train(corpus, config, vectors, progress)
        if inside is not None:
            inside[0] += time.process_time() - began
        return embedding

    return run


def print_coverage(trials: int) -> None:
    print("\n| documents | lengths | 95 % intervals that hold the truth | plain percentiles | width beside plain |")
    print("|---|---|---|---|---|")
    for documents in (3, 5, 8, 15, 45, 150):
        for spread, lengths in ((0.0, "equal"), (0.6, "log-normal, 0.6"), (1.1, "log-normal, 1.1")):
            rng = np.random.default_rng([documents, int(10 * spread)])
            held = plain_held = 0
            widths = []
            for trial in range(trials):
                scores, groups = synthetic_scores(documents, spread, rng)
                interval = bootstrap_interval(scores, groups, seed=trial, resamples=1000)
                low, high = plain_percentiles(scores, groups, trial)
                held += interval.low <= 0 <= interval.high
                plain_held += low <= 0 <= high
                widths.append(2 * interval.half_width / (high - low))
            print(
                f"| {documents} | {lengths} | {held / trials:.1%} | {plain_held / trials:.1%} "
                f"| {statistics.median(widths):.2f} |",
                flush=True,
            )


def synthetic_scores(documents: int, spread: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Differences of cloze scores (tenths, heavy-tailed) with mean 0, with an effect of the document they are in."""
    sizes = np.maximum(3, rng.lognormal(3.5, spread, documents)).astype(int) if spread else np.full(documents, 40)
    groups = np.repeat(np.arange(documents), sizes)
    return np.round(rng.standard_t(3, len(groups)) * 0.8) / 10 + rng.normal(0, 0.02, documents)[groups], groups


def plain_percentiles(scores: np.ndarray, groups: np.ndarray, seed: int) -> tuple[float, float]:
    sums, sizes = np.bincount(groups, scores), np.bincount(groups)
    drawn = np.random.default_rng(seed).integers(0, len(sums), (1000, len(sums)))
    low, high = np.quantile(sums[drawn].sum(1) / sizes[drawn].sum(1), [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
