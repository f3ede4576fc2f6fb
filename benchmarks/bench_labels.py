"""Labels told apart from a few examples: what models gain on Brown's genres, and whether the intervals hold.

Three checks of `core/score/few_examples.py`, with complete GloVe 50d, on splits as the scorecard makes them:

- what `tuned` and `tied` (dose .5) gain over the pretrained vectors, for each split and size;
- halves: both the documents to tell apart and the examples are halved at random, so that the two halves measure the
  same gain on nothing in common. Their difference, against its interval, must be covered in about 95 %;
- seeds: two models that differ in the seed alone. Their interval must exclude 0 in at most 7 %.

    python benchmarks/bench_labels.py [FOLDER] [--splits 3] [--seeds 4] [--quick]

FOLDER has glove.6B.50d.txt and brown.csv (columns id, genre, text). About five minutes.
"""

import argparse
import csv
import sys
import time
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.config import default_config
from core.geometry.directions import centre
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.score.bootstrap import Estimate
from core.score.classification import find_labels
from core.score.few_examples import DRAWS, FewExamples, classify_from_few, draw_examples, estimate_over_draws
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.resampling import take_units
from core.text.split import Split, split_corpus

HALVINGS = 10
LEAST_COVERED = 0.9
"""Less, of many halvings that are not independent, would not be 95 %."""
Model = tuple[tuple[str, ...], np.ndarray, np.ndarray]
"""Words, their counts, and the centred vectors."""


def read_brown(folder: Path) -> Corpus:
    csv.field_size_limit(1 << 30)
    with (folder / "brown.csv").open(encoding="utf-8", newline="") as file:
        return build_corpus([Document(row["id"], row["text"], row["genre"]) for row in csv.DictReader(file)])


def make_models(split: Split, corpus: Corpus, glove: PretrainedVectors, seeds: int) -> dict[tuple[str, int], Model]:
    models = {}
    for strategy, numbers in (("pretrained", (1,)), ("tuned", range(1, seeds + 1)), ("tied", range(1, seeds + 1))):
        for seed in numbers:
            dose = None if strategy == "pretrained" else 0.5
            settings = {"vector_size": glove.vector_size, "seed": seed, "dose": dose}
            made = train(split.train, default_config(strategy, corpus.n_tokens, **settings), glove)
            centred = centre(np.asarray(made.vectors), np.flatnonzero(made.covered))
            models[strategy, seed] = (made.words, np.asarray(made.counts), centred)
    return models


def draw(corpus: Corpus, split: Split, model: Model, seed: int, draws: int = DRAWS) -> FewExamples:
    few = draw_examples(corpus, split, find_labels(corpus.labels)[0].classes, *model[:2], draws, seed)
    assert few is not None
    return few


def gains(few: FewExamples, ours: Model, theirs: Model, seed: int) -> dict[int, Estimate]:
    mine, other = classify_from_few(few, ours[2]), classify_from_few(few, theirs[2])
    return {
        n: estimate_over_draws([mine[n].astype(float) - other[n]], [few.documents], seed, is_gain=True) for n in mine
    }


def halve(split: Split, seed: int) -> tuple[Split, Split]:
    rng = np.random.default_rng(seed)
    held = rng.permutation([*split.development_documents, *split.test_documents])
    units = rng.permutation(split.train.n_documents)
    starts = np.unique(split.train.document_starts)
    halves = []
    for part in (0, 1):
        mine = np.sort(units[part::2])
        halves.append(
            replace(
                split,
                train=take_units(split.train, starts, mine, "half"),
                development_documents=(),
                test_documents=tuple(np.sort(held[part::2]).tolist()),
            )
        )
    return halves[0], halves[1]


def write(estimate: Estimate) -> str:
    return "{:+.1f} [{:+.1f}, {:+.1f}]".format(*(100 * value for value in estimate))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "real")
    parser.add_argument("--splits", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="one split, two seeds")
    options = parser.parse_args()
    if not (options.folder / "brown.csv").exists():
        print(f"left out: {options.folder} has no brown.csv")
        return
    if options.quick:
        options.splits, options.seeds = 1, 2
    corpus = read_brown(options.folder)
    glove = open_pretrained(options.folder / "glove.6B.50d.txt", corpus.words)
    covered: dict[int, list[bool]] = {}
    excluded: dict[tuple[str, int], list[bool]] = {}
    print("| split | model | 3 a genre | 8 a genre |\n|---|---|---|---|")
    for seed in range(1, options.splits + 1):
        split = split_corpus(corpus, seed)
        models = make_models(split, corpus, glove, options.seeds)
        base = models["pretrained", 1]
        few = draw(corpus, split, base, seed)
        for strategy in ("tuned", "tied"):
            began = time.process_time()
            found = gains(few, models[strategy, 1], base, seed)
            spent = time.process_time() - began
            print(f"| {seed} | {strategy} | {' | '.join(map(write, found.values()))} | {spent:.1f} s", flush=True)
            for one, other in combinations(range(1, options.seeds + 1), 2):
                for number, each in gains(few, models[strategy, one], models[strategy, other], seed).items():
                    excluded.setdefault((strategy, number), []).append(each.low > 0 or each.high < 0)
        for halving in range(HALVINGS):
            parts = [draw(corpus, half, base, seed) for half in halve(split, 100 * seed + halving)]
            for strategy in ("tuned", "tied"):
                left, right = (gains(part, models[strategy, 1], base, seed) for part in parts)
                for number in left.keys() & right.keys():
                    apart = left[number].value - right[number].value
                    width = np.hypot(left[number].half_width, right[number].half_width)
                    covered.setdefault(number, []).append(abs(apart) <= width)
    for number, inside in sorted(covered.items()):
        print(f"halves, {number} a genre: covered in {sum(inside)} of {len(inside)} ({100 * np.mean(inside):.0f} %)")
    for (strategy, number), out in sorted(excluded.items()):
        print(f"seeds, {strategy}, {number} a genre: 0 excluded in {sum(out)} of {len(out)}")
    halves = [inside for each in covered.values() for inside in each]
    sys.exit(int(np.mean(halves) < LEAST_COVERED))


if __name__ == "__main__":
    main()
