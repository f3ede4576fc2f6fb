"""Does the scorecard say what is true? Its verdicts where the answer is known.

Fine-tuning on real text must help where published work says so, and must not where nothing can be learned: little
text, shuffled text, and the same model trained with two seeds. Each row counts verdicts over seeds.

    python benchmarks/bench_verdicts.py [FOLDER] [--quick] [--only truncated complete shuffled]

GloVe's rows for `truncated` come from $VECTUNE_SHARED_DATA, else ../shared/data. `complete` and `shuffled` need FOLDER
with glove.6B.50d.txt and brown.csv; `shuffled` asks of every strategy whether it helped on four texts in random order,
without the placebo, which could only hide a false alarm.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_full_glove import read_text
from benchmarks.bench_science import corpus_of, read_glove, read_lee
from core.config import TrainConfig, default_config
from core.methods import METHODS, UNTOUCHED
from core.models.embedding import Embedding
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress
from core.score.evaluation import evaluate
from core.score.scorecard import Scorecard
from core.score.verdict import Outcome, find_outcome
from core.text.corpus import Corpus
from core.text.resampling import shuffle_tokens, take_units

GLOVE_100, GLOVE_50 = "glove.6B.100d.top2604.txt", "glove.6B.50d.top2445.txt"
FEW = 35
PARTS = ("truncated", "complete", "shuffled")
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Texts = list[list[str]]


class Trainer:
    """`train` that makes no model twice."""

    def __init__(self, vectors: PretrainedVectors) -> None:
        self.vectors = vectors
        self.made: dict[tuple[str, TrainConfig], Embedding] = {}

    def __call__(self, corpus: Corpus, config: TrainConfig, progress: Progress) -> Embedding:
        key = (corpus.digest, config)
        if key not in self.made:
            self.made[key] = train(corpus, config, self.vectors, progress)
        return self.made[key]


def judge_tuning(
    corpus: Corpus, vectors: PretrainedVectors, seed: int, strategy: str = "tuned", *, with_placebo: bool = True
) -> Scorecard:
    strategies = ("pretrained", strategy)
    configs = {
        name: default_config(name, corpus.n_tokens, vector_size=vectors.vector_size, seed=seed) for name in strategies
    }
    return evaluate(corpus, configs, Trainer(vectors), chosen=strategy, with_placebo=with_placebo)


def some_documents(texts: Texts, number: int, seed: int) -> Texts:
    return [texts[i] for i in np.random.default_rng(seed).permutation(len(texts))[:number]]


def judge_seeds(corpus: Corpus, vectors: PretrainedVectors, strategy: str, split_seed: int) -> Iterable[Scorecard]:
    """The same model with four seeds, all six pairs; without a placebo, which could only hide a false alarm."""
    trainer = Trainer(vectors)
    # the dose is fixed: it is a choice, and two choices are two models
    models = {
        f"seed {seed}": default_config(
            strategy,
            corpus.n_tokens,
            vector_size=vectors.vector_size,
            seed=seed,
            dose=0.5 if strategy == "tuned" else None,
        )
        for seed in range(1, 5)
    }
    for left, right in combinations(models, 2):
        pair = {name: models[name] for name in (left, right)}
        yield evaluate(corpus, pair, trainer, chosen=left, reference=right, seed=split_seed, with_placebo=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "real")
    parser.add_argument("--quick", action="store_true", help="one seed of each; under a minute")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="all of them; with --quick, the first")
    options = parser.parse_args()
    parts = options.only or (PARTS[:1] if options.quick else PARTS)
    print(
        "| experiment | helped | hurt | no measurable difference | not enough text | gains in points | splits "
        "| as it must be |"
    )
    print("|---|---|---|---|---|---|---|---|")
    failures = judge_truncated(options.quick) if "truncated" in parts else 0
    if not (options.folder / "glove.6B.50d.txt").exists():
        print(f"left out: {options.folder}/glove.6B.50d.txt is not there")
    else:
        failures += judge_complete(options.folder, options.quick) if "complete" in parts else 0
        failures += judge_shuffled(options.folder, options.quick) if "shuffled" in parts else 0
    sys.exit(bool(failures))


def judge_complete(folder: Path, quick: bool) -> int:
    """Complete GloVe; what `tuned` says must be so, `tied` is for information."""
    never_helped = {"hurt", "no measurable difference", "not enough text"}
    lee = read_text("lee", folder)
    starts = np.unique(lee.document_starts)
    texts = {
        "lee, first 150 documents": (take_units(lee, starts, np.arange(150), "lee 150"), {"helped"}),
        f"lee, first {FEW} documents": (take_units(lee, starts, np.arange(FEW), "lee few"), never_helped),
        "Brown government": (read_text("government", folder), {"no measurable difference"}),
        "Brown press": (read_text("press", folder), {"no measurable difference"}),
    }
    failures = 0
    for name, (corpus, allowed) in texts.items():
        glove = open_pretrained(folder / "glove.6B.50d.txt", corpus.words)
        for strategy in ("tuned", "tied"):
            cards = [judge_tuning(corpus, glove, seed, strategy) for seed in range(1, 2 if quick else 4)]
            failures += report(f"{name}, 50d, {strategy}", cards, allowed if strategy == "tuned" else None)
    return failures


def judge_shuffled(folder: Path, quick: bool) -> int:
    strategies = [name for name in METHODS if name != UNTOUCHED]
    failures = 0
    for name in ("lee",) if quick else ("lee", "government", "press", "romance"):
        corpus = read_text(name, folder)
        glove = open_pretrained(folder / "glove.6B.50d.txt", corpus.words)
        for strategy in strategies:
            cards = [
                judge_tuning(shuffle_tokens(corpus, seed), glove, seed, strategy, with_placebo=False)
                for seed in ((1,) if quick else (1, 2))
            ]
            failures += report(f"{name} shuffled, {strategy}", cards, set(OUTCOMES) - {"helped"})
    return failures


def judge_truncated(quick: bool) -> int:
    """The most frequent rows of GloVe, the news text."""
    seeds = range(1 if quick else 4)
    texts, glove_100, glove_50 = read_lee(), read_glove(GLOVE_100), read_glove(GLOVE_50)
    whole = corpus_of(texts)
    failures = 0
    cards = [judge_tuning(whole, glove_100, seed) for seed in seeds]
    failures += report("lee + 100d, whole text", cards, {"helped"})
    few = [corpus_of(some_documents(texts, FEW, seed)) for seed in seeds]
    cards = [judge_tuning(corpus, glove_100, seed) for seed, corpus in enumerate(few)]
    failures += report(f"lee + 100d, {FEW} documents", cards, {"no measurable difference"})
    never_helped = {"hurt", "no measurable difference", "not enough text"}
    cards = [
        judge_tuning(shuffle_tokens(corpus, seed), vectors, seed)
        for seed in seeds
        for corpus in (whole, few[seed])
        for vectors in (glove_100, glove_50)[: 1 if quick else 2]
    ]
    failures += report("shuffled across documents", cards, never_helped)
    cards = [
        card
        for strategy in ("tuned", "scratch")
        for vectors in (glove_100, glove_50)[: 1 if quick else 2]
        for seed in range(1 if quick else 3)
        for card in judge_seeds(whole, vectors, strategy, seed)
    ]
    failures += report("one model, two training seeds", cards, {"no measurable difference"})
    if not quick:
        cards = [judge_tuning(whole, glove_100, seed) for seed in range(4, 12)]
        report("lee + 100d, whole text, eight more seeds", cards, None)
        cards = [judge_tuning(corpus_of(some_documents(texts, FEW, seed)), glove_100, seed) for seed in range(4, 12)]
        report(f"lee + 100d, {FEW} documents, eight more seeds", cards, None)
    return failures


def report(title: str, cards: list[Scorecard], allowed: set[str] | None) -> int:
    """Print one row; 1 if a verdict is not among the allowed ones (None for a row that is only for information)."""
    outcomes: Counter[Outcome] = Counter(map(find_outcome, cards))
    gains = [100 * card.model(card.chosen).delta.value for card in cards]
    shown = " ".join(f"{gain:+.2f}" for gain in gains) if len(gains) <= 8 else f"{min(gains):+.2f} to {max(gains):+.2f}"
    passed = allowed is None or set(outcomes) <= allowed
    mark = "" if allowed is None else "yes" if passed else "**NO**"
    counts = " | ".join(str(outcomes[name]) for name in OUTCOMES)
    splits = " ".join(str(card.splits) for card in cards[:8])
    print(f"| {title} | {counts} | {shown} | {splits} | {mark} |", flush=True)
    return int(not passed)


if __name__ == "__main__":
    main()
