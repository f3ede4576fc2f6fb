"""Does the interval of a gain hold what it promises, over one to six splits and when splitting stops early?

    python benchmarks/bench_splits.py [FOLDER] [--draws 60] [--quick]

Draws of documents from gensim's news text and from Brown are each split six times. Of every number of splits, and of
the number at which the product stops, the table says how often the 95 % interval holds the truth. Two seeds of one
method (A/A) have the truth 0. The gain of a model over the pretrained vectors has no known truth: taken is the mean
over all draws of its kind, six splits each. Beside the product's interval stand the one that resamples documents alone;
the same with the variance times 1 + J / 4.67 for J splits, which is Nadeau and Bengio's (2003) 1 / J + 0.15 / 0.70 in
place of 1 / J; and theirs as published, from the variance of the split means.

Then invented gains, whose truth is known to the digit, tell what stopping early does to the errors.

FOLDER has glove.6B.50d.txt and brown.csv (columns id, genre, text).
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.stats import t

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_full_glove import read_text
from core.config import TrainConfig, default_config
from core.models.dose import at_dose
from core.models.embedding import Embedding
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, silent
from core.score.bootstrap import Estimate, estimate_gain, estimate_mean
from core.score.heldout import HeldOutResult, ask_models
from core.score.splits import fewest_splits, is_known, most_splits
from core.score.verdict import MIN_EFFECT
from core.text.corpus import Corpus
from core.text.resampling import take_units
from core.text.split import split_corpus

KINDS = {"news, 75 of 300 documents": ("lee", 75, 0), "Brown, 40 documents cut at 800 tokens": ("brown", 40, 800)}
PAIRS = {
    "A/A": [(f"{strategy} 1", f"{strategy} 2") for strategy in ("tuned", "tied", "scratch")],
    "gain, dose fixed": [(f"{strategy} 1", "pretrained") for strategy in ("tuned", "tied", "scratch")],
    "gain, dose chosen": [("tuned", "pretrained"), ("tied", "pretrained")],
}
NUMBERS = (1, 2, 3, 4, 6)
TEST_BY_TRAINING = 0.15 / 0.70


@dataclass(frozen=True)
class Draw:
    """A text and what its models answered: of each split the gains of each pair, and the documents."""

    gains: dict[tuple[str, str], list[np.ndarray]]
    groups: list[np.ndarray]
    fewest: int


class Trainer:
    """`train` that trains a model with a dose once, whatever the dose."""

    def __init__(self, vectors: PretrainedVectors) -> None:
        self.vectors = vectors
        self.made: dict[tuple[str, TrainConfig], Embedding] = {}

    def __call__(self, corpus: Corpus, config: TrainConfig, progress: Progress) -> Embedding:
        whole = replace(config, dose=1.0) if config.has_dose else config
        key = (corpus.digest, whole)
        if key not in self.made:
            self.made[key] = train(corpus, whole, self.vectors, progress)
        return at_dose(self.made[key], config.dose) if config.has_dose else self.made[key]


def draw_texts(source: Corpus, number: int, longest: int, draws: int) -> Iterator[Corpus]:
    starts = np.unique(source.document_starts)
    for seed in range(1, draws + 1):
        documents = np.random.default_rng([seed, 77]).permutation(len(starts) - 1)[:number]
        begins = starts[np.sort(documents)]
        ends = starts[np.sort(documents) + 1]
        ends = np.minimum(ends, begins + longest) if longest else ends
        cuts = np.unique(np.concatenate([starts, begins, ends]))
        yield take_units(source, cuts, np.searchsorted(cuts, begins), f"draw {seed}")


def ask(corpus: Corpus, vectors: PretrainedVectors, seed: int) -> Draw:
    def config(strategy: str, seed: int, **changes: float) -> TrainConfig:
        return default_config(strategy, corpus.n_tokens, vector_size=vectors.vector_size, seed=seed, **changes)

    models = {name: config(name, seed) for name in ("pretrained", "tuned", "tied")}
    for number in (1, 2):
        models[f"scratch {number}"] = config("scratch", seed + 7000 + number)
        for strategy in ("tuned", "tied"):
            models[f"{strategy} {number}"] = config(strategy, seed + 7000 + number, dose=0.5)
    results: list[HeldOutResult] = []
    for fold in range(most_splits(corpus)):
        split = split_corpus(corpus, seed, fold=fold)
        results.append(ask_models(split, models, Trainer(vectors), None, seed, fold, silent))
    gains = {
        (a, b): [result.candidates[a].test - result.candidates[b].test for result in results]
        for pairs in PAIRS.values()
        for a, b in pairs
    }
    return Draw(gains, [result.groups for result in results], fewest_splits(corpus))


def by_product(values: list[np.ndarray], groups: list[np.ndarray], choices: int) -> Estimate:
    return estimate_gain(np.concatenate(values), np.concatenate(groups), 1, choices)


def by_documents(values: list[np.ndarray], groups: list[np.ndarray], choices: int) -> Estimate:
    return estimate_mean(np.concatenate(values), np.concatenate(groups), 1)


def corrected(values: list[np.ndarray], groups: list[np.ndarray], choices: int) -> Estimate:
    value, low, high = by_documents(values, groups, choices)
    factor = np.sqrt(1 + len(values) * TEST_BY_TRAINING)
    return Estimate(value, value - factor * (value - low), value + factor * (high - value))


def by_splits(values: list[np.ndarray], groups: list[np.ndarray], choices: int) -> Estimate:
    means, splits = [each.mean() for each in values], len(values)
    value = float(np.concatenate(values).mean())
    if splits == 1:
        return Estimate(value, -np.inf, np.inf)
    width = t.ppf(0.975, splits - 1) * np.std(means, ddof=1) * np.sqrt(1 / splits + TEST_BY_TRAINING)
    return Estimate(value, value - width, value + width)


WAYS: dict[str, Callable[[list[np.ndarray], list[np.ndarray], int], Estimate]] = {
    "the product's": by_product, "documents alone": by_documents, "documents, corrected": corrected,
    "Nadeau and Bengio, split means": by_splits,
}  # fmt: skip


def stop(draw: Draw, pair: tuple[str, str], choose: bool) -> tuple[int, Estimate]:
    """How many splits the product makes, and what it says then."""
    values, groups = draw.gains[pair], draw.groups
    for number in range(1, len(values) + 1):
        found = by_product(values[:number], groups[:number], number if choose else 0)
        asked = np.concatenate(groups[:number])
        if number >= draw.fewest and is_known(found, len(asked), len(np.unique(asked))):
            break
    return number, found


def print_real(folder: Path, draws: int) -> None:
    held: dict[tuple[str, str, object], list[bool]] = defaultdict(list)
    made: dict[str, list[int]] = defaultdict(list)
    for text, number, longest in KINDS.values():
        source = read_text(text, folder)
        vectors = open_pretrained(folder / "glove.6B.50d.txt", source.words)
        found = [
            ask(corpus, vectors, seed) for seed, corpus in enumerate(draw_texts(source, number, longest, draws), 1)
        ]
        for title, pairs in PAIRS.items():
            for pair in pairs:
                truth = 0.0
                if title != "A/A":
                    truth = float(np.mean([np.concatenate(draw.gains[pair]).mean() for draw in found]))
                for draw in found:
                    choose = title == "gain, dose chosen"
                    for way, interval in WAYS.items():
                        for splits in NUMBERS:
                            each = interval(draw.gains[pair][:splits], draw.groups[:splits], splits if choose else 0)
                            held[title, way, splits].append(each.low <= truth <= each.high)
                    splits, each = stop(draw, pair, choose)
                    held[title, "the product's", "stop"].append(each.low <= truth <= each.high)
                    made[title].append(splits)
    print(
        f"| interval held the truth, per cent | {' | '.join(f'{n} splits' for n in NUMBERS)} | when it stops | runs |"
    )
    print("|---" * (len(NUMBERS) + 3) + "|")
    for title in PAIRS:
        for way in WAYS:
            cells = [f"{100 * np.mean(held[title, way, splits]):.1f}" for splits in NUMBERS]
            last = held.get((title, way, "stop"))
            shown = "" if last is None else f"{100 * np.mean(last):.1f}, {np.mean(made[title]):.1f} splits"
            print(f"| {title}, {way} | {' | '.join(cells)} | {shown} | {len(held[title, way, 1])} |")


def invent(documents: int, truth: float, spread: float, rng: np.random.Generator) -> Draw:
    """Six splits: a gain of each document, `spread` about `truth`; forty questions each."""
    groups = [np.repeat(np.arange(documents) + 1000 * split, 40) for split in range(6)]
    values = []
    for each in groups:
        own = rng.normal(truth, spread, documents)[(each - each[0]) % 1000]
        values.append(own + np.round(rng.standard_t(3, len(each)) * 0.8) / 10)
    return Draw({("a", "b"): values}, groups, 1 if documents >= 10 else int(np.ceil(10 / documents)))


def print_invented(trials: int) -> None:
    print(
        "\n| test documents a split | true gain | held, six splits | held, stopping | splits | helped, six | stopping |"
    )
    print("|---|---|---|---|---|---|---|")
    for documents in (6, 15, 40):
        for truth in (0.0, 0.005, 0.01, 0.015, 0.03):
            rng = np.random.default_rng([documents, int(1000 * truth)])
            whole, early, splits = [], [], []
            for _ in range(trials):
                draw = invent(documents, truth, 0.03, rng)
                whole.append(by_product(draw.gains["a", "b"], draw.groups, 0))
                number, found = stop(draw, ("a", "b"), choose=False)
                early.append(found)
                splits.append(number)

            def share(estimates: list[Estimate], truth: float = truth) -> str:
                return f"{np.mean([each.low <= truth <= each.high for each in estimates]):.1%}"

            def helped(estimates: list[Estimate]) -> str:
                good = [each.value >= MIN_EFFECT and each.low > 0 for each in estimates]
                return f"{np.mean(good):.1%}"

            print(
                f"| {documents} | {100 * truth:+.1f} | {share(whole)} | {share(early)} | {np.mean(splits):.1f} "
                f"| {helped(whole)} | {helped(early)} |",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "real")
    parser.add_argument("--draws", type=int, default=60, help="texts of each kind")
    parser.add_argument("--quick", action="store_true", help="two draws, fewer trials; under a minute")
    options = parser.parse_args()
    if (options.folder / "glove.6B.50d.txt").exists():
        print_real(options.folder, 2 if options.quick else options.draws)
    else:
        print(f"left out: {options.folder}/glove.6B.50d.txt is not there")
    print_invented(50 if options.quick else 400)


if __name__ == "__main__":
    main()
