"""What each strategy is worth on held-out text (cloze) and on WordSim-353, beside the published table.

The protocol is the table's: the Lee news and GloVe 100d, 300 documents, 80/20 split by seed, words that occur twice,
gensim's seed = split seed + 1, three seeds. `within` means that our mean lies within one published standard deviation
of the published mean, which is itself rounded (half a unit of the last digit is allowed for).

Then the automatic dose on 70/15/15 splits. Its gain varies by 0.7 points from split to split, and which splits were
published is not known, so beside the published gain there is that of the code that made the published table, run on
the splits used here. Both are marks.
Last, the automatic dose on shuffled copies of the text, where nothing can be learned and nothing may be found.

    python benchmarks/bench_science.py [--quick]
    python benchmarks/bench_science.py --readme FILE

GloVe's rows come from $VECTUNE_SHARED_DATA, else ../shared/data. With --readme it prints the README's table instead, by
the same protocol, with FILE, a complete file of vectors such as glove.6B.50d.txt, and with every strategy as it is by
default, its dose chosen within the 80 %; `classic` alone is the recipe, 5 epochs and alpha .025.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.config import TrainConfig, default_config
from core.methods import METHODS, UNTOUCHED
from core.models.cloze import build_cloze, score_cloze
from core.models.dose import DOSES, score_doses
from core.models.embedding import Embedding
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.split import split_corpus
from core.text.tokens.tokenisers import CorpusOptions

TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
Texts = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One line of the table: how to make the model, and the published means and standard deviations."""

    label: str
    config: TrainConfig
    cloze: tuple[float, float]
    wordsim: tuple[float, float]


def rows(seed: int) -> list[Row]:
    def row(label: str, cloze: tuple[float, float], wordsim: tuple[float, float], strategy: str, **changes: Any) -> Row:
        return Row(label, default_config(strategy, seed=seed, min_count=2, **changes), cloze, wordsim)

    return [
        row("pretrained", (0.770, 0.008), (0.68, 0.01), "pretrained"),
        row("scratch", (0.714, 0.012), (0.13, 0.02), "scratch"),
        row("scratch, CBOW, 5 epochs", (0.502, 0.006), (0.09, 0.08), "scratch", algorithm="cbow", epochs=5),
        row("counts", (0.729, 0.010), (0.20, 0.06), "counts"),
        row("classic, as published, CBOW, 5 epochs", (0.776, 0.007), (0.67, 0.01), "classic", as_published=True,
            algorithm="cbow", epochs=5, alpha=0.025),
        row("classic, 5 epochs", (0.782, 0.008), (0.68, 0.01), "classic", epochs=5, alpha=0.025),
        row("tuned, dose 1", (0.776, 0.008), (0.63, 0.02), "tuned", dose=1.0),
        row("tuned, dose 0.5", (0.791, 0.009), (0.67, 0.01), "tuned", dose=0.5),
        row("pullback", (0.789, 0.010), (0.67, 0.01), "pullback", dosed=False),
        row("protect", (0.782, 0.009), (0.64, 0.02), "protect"),
        row("freeze", (0.770, 0.008), (0.68, 0.01), "freeze"),
        row("blend, weight 0.5", (0.799, 0.008), (0.54, 0.01), "blend", blend=0.5, dosed=False),
        row("preview", (0.775, 0.006), (0.54, 0.04), "preview"),
    ]  # fmt: skip


PUBLISHED_GAINS = (2.5, 2.4, 2.5, 3.5)
REFERENCE_GAINS = (1.7, 1.2, 2.6, 0.9, 2.6, 2.6, 1.8, 2.8, 2.1, 1.9, 1.1, 3.4, 2.7, 1.9, 2.0, 1.4)
"""Of the code that made the published table (its fine-tuning and scoring), run on the splits used here."""


@dataclass(frozen=True)
class Gain:
    """Cloze on the test part of the pretrained vectors and at the chosen dose, and that dose."""

    before: float
    after: float
    dose: float

    @property
    def points(self) -> float:
        return 100 * (self.after - self.before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="8 splits for 16 and 2 shuffled texts for 16; under a minute"
    )
    parser.add_argument("--readme", type=Path, metavar="FILE", help="the README's table, with these vectors")
    options = parser.parse_args()
    quick, texts = options.quick, read_lee()
    if options.readme is not None:
        print_readme(texts, options.readme, range(3))
        return
    glove = read_glove("glove.6B.100d.top2604.txt")
    failures = print_table(texts, glove, range(3))
    failures += print_automatic(texts, glove, 8 if quick else 16)
    failures += print_placebo(texts, quick)
    print(f"\n{failures} of the marks above failed." if failures else "\nAll marks passed.")
    sys.exit(bool(failures))


def print_readme(texts: Texts, file: Path, seeds: range) -> None:
    """Mean cloze and WordSim of every strategy, and the spread over splits of its gain over pretrained, in points."""
    glove = open_pretrained(file, corpus_of(texts).words)
    measured: dict[str, list[tuple[float, float, float]]] = {}
    for seed in seeds:
        training, held = split_80_20(texts, seed)
        corpus = corpus_of(training)
        for strategy in METHODS:
            recipe = {"epochs": 5, "alpha": 0.025} if strategy == "classic" else {}
            size = {"vector_size": glove.vector_size, "seed": seed + 1}
            config = default_config(strategy, corpus.n_tokens, **size, **recipe)
            began = time.process_time()
            made = train(corpus, config, glove)
            seconds = time.process_time() - began
            cloze = build_cloze(held, made.words, made.counts, covered_by(glove, made), 0)
            scores = score_cloze(cloze, made.vectors).mean(), wordsim(made, glove), seconds
            measured.setdefault(strategy, []).append(scores)
    base = np.array(measured[UNTOUCHED])[:, 0]
    print("| Name on the page | Command line | Cloze | WordSim | over pretrained, points: each split | CPU s |")
    print("|---|---|---|---|---|---|")
    for strategy, found in measured.items():
        cloze, word, seconds = np.array(found).T
        gains = " ".join(f"{gain:+.1f}" for gain in 100 * (cloze - base))
        scores = " | ".join(f"{value:.3f}".removeprefix("0") for value in (cloze.mean(), word.mean()))
        print(f"| {METHODS[strategy].name} | `{strategy}` | {scores} | {gains} | {seconds.mean():.1f} |")


def print_table(texts: Texts, glove: PretrainedVectors, seeds: range) -> int:
    print("| strategy | cloze | published | within | WS353 | published | within | CPU s |")
    print("|---|---|---|---|---|---|---|---|")
    results: dict[str, list[tuple[float, float, float]]] = {}
    for seed in seeds:
        training, held = split_80_20(texts, seed)
        corpus = corpus_of(training)
        for row in rows(seed + 1):
            began = time.process_time()
            embedding = train(corpus, row.config, glove)
            seconds = time.process_time() - began
            cloze = build_cloze(held, embedding.words, embedding.counts, covered_by(glove, embedding), 0)
            measured = (score_cloze(cloze, embedding.vectors).mean(), wordsim(embedding, glove), seconds)
            results.setdefault(row.label, []).append(measured)
    failures = 0
    for row in rows(1):
        found = np.array(results[row.label])
        mean, sd = found.mean(axis=0), found.std(axis=0, ddof=1) if len(found) > 1 else np.full(3, np.nan)
        marks = [
            abs(mean[i] - published[0]) <= published[1] + rounding
            for i, (published, rounding) in enumerate(((row.cloze, 0.0005), (row.wordsim, 0.005)))
        ]
        failures += marks.count(False)
        words = [yes(mark) for mark in marks]
        print(
            f"| {row.label} | {mean[0]:.3f}±{sd[0]:.3f} | {row.cloze[0]:.3f}±{row.cloze[1]:.3f} | {words[0]} "
            f"| {mean[1]:.3f}±{sd[1]:.3f} | {row.wordsim[0]:.2f}±{row.wordsim[1]:.2f} | {words[1]} | {mean[2]:.1f} |"
        )
    return failures


def automatic(training: Corpus, development: Texts, test: Texts, glove: PretrainedVectors, seed: int) -> Gain:
    """The gain on the test part, in points of cloze, at the dose that the development part chose."""
    config = default_config("tuned", seed=seed + 1, vector_size=glove.vector_size, dose=1.0)
    model = train(training, config, glove)
    assert model.ends is not None
    choice, final = (
        score_doses(model.ends, model.covered, build_cloze(part, model.words, model.counts, model.covered, seed))
        for part in (development, test)
    )
    chosen = int(np.argmax(choice))
    return Gain(final[0], final[chosen], DOSES[chosen])


def automatic_as_published(texts: Texts, glove: PretrainedVectors, seed: int) -> Gain:
    """On a 70/15/15 split in which near-duplicates may fall on both sides, as in the published experiment."""
    order = np.random.default_rng(1000 + seed).permutation(len(texts))
    shuffled, part = [texts[i] for i in order], int(len(texts) * 0.15)
    training = corpus_of(shuffled[2 * part :])
    return automatic(training, shuffled[part : 2 * part], shuffled[:part], glove, seed)


def automatic_as_shipped(texts: Texts, glove: PretrainedVectors, seed: int) -> Gain:
    """On the app's split, which drops held-out documents that repeat the training part."""
    split = split_corpus(corpus_of(texts), seed)
    return automatic(split.train, list(split.development), list(split.test), glove, seed)


def print_automatic(texts: Texts, glove: PretrainedVectors, splits: int) -> int:
    """Two marks: the published gain itself, and what the published code gains on the same splits as ours."""
    print("\n| automatic dose, test part | pretrained | tuned | gain, points | each split's gain | doses |")
    print("|---|---|---|---|---|---|")
    kept = [automatic_as_published(texts, glove, seed) for seed in range(splits)]
    dropped = [automatic_as_shipped(texts, glove, seed) for seed in range(splits // 2)]
    print_gains("ours, near-duplicates kept", kept)
    print_points("published code, same splits", "", REFERENCE_GAINS[:splits], "")
    print_points("published, unknown splits", "0.773 | 0.800", PUBLISHED_GAINS, "0.5 0.5 0.5 0.5")
    print_gains("ours, near-duplicates dropped (shipped)", dropped)
    shortfall = np.mean(REFERENCE_GAINS[:splits]) - np.mean([gain.points for gain in kept])
    passed = bool(shortfall <= 0.05)  # the figures are rounded to 0.1
    print(f"\nAt least the published code's gain on the same splits: {yes(passed)}")
    reached = bool(np.mean([gain.points for gain in kept]) >= np.mean(PUBLISHED_GAINS))
    print(f"At least the published gain, whose splits are unknown: {yes(reached)}")
    return int(not passed) + int(not reached)


def print_gains(label: str, gains: Sequence[Gain]) -> None:
    before, after = (np.mean([getattr(gain, end) for gain in gains]) for end in ("before", "after"))
    doses = " ".join(f"{gain.dose:g}" for gain in gains)
    print_points(label, f"{before:.3f} | {after:.3f}", [gain.points for gain in gains], doses)


def print_points(label: str, ends: str, points: Sequence[float], doses: str) -> None:
    mean, error = np.mean(points), np.std(points, ddof=1) / np.sqrt(len(points))
    each = " ".join(f"{point:+.1f}" for point in points)
    print(f"| {label} | {ends or ' | '} | {mean:+.2f}±{error:.2f} | {each} | {doses} |")


def yes(passed: bool) -> str:
    return "yes" if passed else "**NO**"


def print_placebo(texts: Texts, quick: bool) -> int:
    """Automatic dose on shuffled copies: 2 files x 2 lengths x 4 seeds; it must never gain a point."""
    gains = []
    for file in ("glove.6B.100d.top2604.txt", "glove.6B.50d.top2445.txt")[: 1 if quick else 2]:
        glove = read_glove(file)
        for documents in (55, len(texts)):
            for seed in range(1 if quick else 4):
                shuffled = shuffle(texts[:documents], seed)
                gains.append(automatic_as_shipped(shuffled, glove, seed))
    points, doses = [gain.points for gain in gains], " ".join(f"{gain.dose:g}" for gain in gains)
    print("\n| automatic dose, shuffled text | gain in points, lowest to highest | doses | below +1 in every run |")
    print("|---|---|---|---|")
    print(f"| {len(gains)} runs | {min(points):+.2f} to {max(points):+.2f} | {doses} | {yes(max(points) < 1)} |")
    return int(max(points) >= 1)


def read_lee() -> Texts:
    from gensim.test.utils import datapath

    lines = Path(datapath("lee_background.cor")).read_text(encoding="utf-8").split("\n")
    return [tokens for tokens in (TOKEN.findall(line.lower()) for line in lines) if len(tokens) >= 20]


def read_glove(file: str) -> PretrainedVectors:
    shared = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    path = Path(os.environ.get("VECTUNE_SHARED_DATA") or shared) / file
    if not path.exists():
        sys.exit(f"{path} is not there: set VECTUNE_SHARED_DATA to the folder that has it.")
    lines = [line.split(" ") for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if line]
    words = tuple(line[0] for line in lines)
    return PretrainedVectors(file, words, np.array([line[1:] for line in lines], np.float32), file, "glove", len(words))


def corpus_of(texts: Texts) -> Corpus:
    documents = [Document(f"document {i}", " ".join(tokens)) for i, tokens in enumerate(texts)]
    return build_corpus(documents, CorpusOptions(tokeniser="whitespace"), name="lee")


def split_80_20(texts: Texts, seed: int) -> tuple[Texts, Texts]:
    order = np.random.default_rng(1000 + seed).permutation(len(texts))
    held = int(len(texts) * 0.2)
    return [texts[i] for i in order[held:]], [texts[i] for i in order[:held]]


def shuffle(texts: Texts, seed: int) -> Texts:
    """All tokens shuffled across the documents, which keep their lengths."""
    tokens = iter(
        np.random.default_rng(seed).permutation(np.array([token for text in texts for token in text], object))
    )
    return [[next(tokens) for _ in text] for text in texts]


def covered_by(glove: PretrainedVectors, embedding: Embedding) -> np.ndarray:
    return glove.rows_for(embedding.words) >= 0


def wordsim(embedding: Embedding, glove: PretrainedVectors) -> float:
    """Spearman correlation with people's judgements (WordSim-353) over the pairs of covered words."""
    from gensim.test.utils import datapath
    from scipy.stats import spearmanr

    covered = covered_by(glove, embedding)
    index = {word: i for i, word in enumerate(embedding.words) if covered[i]}
    lines = Path(datapath("wordsim353.tsv")).read_text(encoding="utf-8").split("\n")
    judged = [line.lower().split("\t") for line in lines if line and not line.startswith("#")]
    pairs = [(index[a], index[b], float(score)) for a, b, score in judged if a in index and b in index and a != b]
    left, right, scores = (np.array(column) for column in zip(*pairs, strict=True))
    vectors = embedding.vectors - embedding.vectors[covered].mean(axis=0)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return float(spearmanr((vectors[left] * vectors[right]).sum(axis=1), scores).statistic)


if __name__ == "__main__":
    main()
