"""Are planted changes of meaning found, and is nothing found where nothing was planted?

    python benchmarks/bench_movers.py [--quick]

In gensim's lee_background (300 news documents, 61,000 tokens), 20 pairs of unrelated words of like count (seen 20 times
or more, the 50 most frequent left out) change places in half of the documents that have either. Left is trained on
the text as it is, right on the planted one, each with three seeds. Precision and recall are of the words called moved,
among those seen 20 times or more on both sides: some planted words end below that, and are not judged.
Pretrained vectors, for fine-tuning: GloVe 100d from VECTUNE_SHARED_DATA where it is, else the demo's.

The rule was made with an eye on that text. So the same is done, the rule as it stands, with 106 Wikipedia articles
(gensim's, 400,000 tokens) in passages of 200 tokens, which had no part in making it.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.comparison.measurements import average_change, measure_noise
from core.comparison.movers import LEAST_COUNT, Movers, NoiseKind, find_movers
from core.config import default_config
from core.geometry.neighbours import nearest_neighbours
from core.models.embedding import Embedding
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.resampling import resample_documents
from core.text.tokens.tokenisers import CorpusOptions
from core.workspace.demo_data import build_demo_vectors, demo_uploads

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VECTUNE_SHARED_DATA") or ROOT.parent / "shared" / "data")
PAIRS, SKIPPED, SEEDS = 20, 50, (1, 2, 3)
PASSAGE = 200  # tokens
Noise = dict[NoiseKind, np.ndarray]


def read_news() -> list[list[str]]:
    """The demo's text as lists of tokens, so that planting does not depend on how it is tokenised."""
    text = demo_uploads()[0].data.decode("utf-8")
    corpus = build_corpus([Document(str(i), line) for i, line in enumerate(text.split("\n")) if line.strip()])
    return [[corpus.words[token] for token in corpus.document(i)] for i in range(corpus.n_documents)]


def read_wikipedia() -> list[list[str]]:
    from gensim.corpora import WikiCorpus
    from gensim.test.utils import datapath

    path = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
    articles = WikiCorpus(path, dictionary={}, processes=1).get_texts()
    return [tokens[start : start + PASSAGE] for tokens in articles for start in range(0, len(tokens), PASSAGE)]


def as_corpus(documents: Sequence[Sequence[str]]) -> Corpus:
    texts = [Document(str(number), " ".join(tokens)) for number, tokens in enumerate(documents)]
    return build_corpus(texts, CorpusOptions(tokeniser="whitespace"), name="lee_background")


def choose_pairs(corpus: Corpus, model: Embedding, seed: int) -> list[tuple[str, str]]:
    """Pairs of words of like count, neither among the other's 50 nearest neighbours in `model`."""
    rng = np.random.default_rng(seed)
    near = nearest_neighbours(model.vectors, 50).indices
    rows = sorted(rng.permutation(np.arange(SKIPPED, corpus.vocabulary_size(LEAST_COUNT)))[: 3 * PAIRS].tolist())
    pairs: list[tuple[str, str]] = []
    while len(pairs) < PAIRS:
        first = rows.pop(0)
        other = next(row for row in rows if row not in near[first] and first not in near[row])
        rows.remove(other)
        pairs.append((corpus.words[first], corpus.words[other]))
        if 2 * (PAIRS - len(pairs)) < len(rows):  # drop one now and then, to reach the rarer words too
            rows.pop(rng.integers(len(rows)))
    return pairs


def plant(documents: Sequence[Sequence[str]], pairs: Sequence[tuple[str, str]], seed: int) -> list[list[str]]:
    rng = np.random.default_rng(1000 + seed)
    planted = [list(tokens) for tokens in documents]
    for pair in pairs:
        having = [number for number, tokens in enumerate(documents) if set(pair) & set(tokens)]
        swap = dict(zip(pair, pair[::-1], strict=True))
        for number in rng.permutation(having)[: len(having) // 2]:
            planted[number] = [swap.get(token, token) for token in planted[number]]
    return planted


def judge(lefts: Sequence[Embedding], rights: Sequence[Embedding], noise: Noise) -> Movers:
    words = lefts[0].words
    right_counts = dict(zip(rights[0].words, rights[0].counts.tolist(), strict=True))
    counts = np.array([min(int(n), right_counts.get(w, 0)) for w, n in zip(words, lefts[0].counts, strict=True)])
    found = average_change(words, lefts, rights)
    return find_movers(found.change, counts, noise, weighed=found.weighed)


def score(
    found: np.ndarray, judged: np.ndarray, words: Sequence[str], pairs: Sequence[tuple[str, str]]
) -> tuple[float, float, int]:
    """Precision, recall, and how many words were found."""
    true = np.isin(words, [word for pair in pairs for word in pair]) & judged
    hits = int((found & true).sum())
    return hits / max(int(found.sum()), 1), hits / int(true.sum()), int(found.sum())


def report(name: str, values: Sequence[tuple[float, float, int]]) -> None:
    precision, recall, found = np.array(values).T
    print(
        f"| {name} | {precision.mean():.2f} ({precision.min():.2f}) | {recall.mean():.2f} ({recall.min():.2f}) "
        f"| {found.mean():.0f} |",
        flush=True,
    )


def run(
    text: str,
    documents: list[list[str]],
    strategy: str,
    pretrained: PretrainedVectors | None,
    plantings: int,
    bootstraps: int,
) -> None:
    corpus = as_corpus(documents)
    settings = {"dose": 1.0} if strategy == "tuned" else {}
    if pretrained is not None:
        settings["vector_size"] = pretrained.vector_size

    def make(made_of: Corpus, seed: int) -> Embedding:
        return train(made_of, default_config(strategy, made_of.n_tokens, seed=seed, **settings), pretrained)  # type: ignore[arg-type]

    lefts = [make(corpus, seed) for seed in SEEDS]
    others = [make(corpus, seed + 10) for seed in SEEDS]
    words = lefts[0].words
    resampled = [make(resample_documents(corpus, seed), seed) for seed in range(1, bootstraps + 1)]
    by_documents = measure_noise(words, *([lefts[0], other] for other in resampled)) if bootstraps else None
    table: dict[str, list[tuple[float, float, int]]] = {}
    for seed in range(plantings):
        pairs = choose_pairs(corpus, lefts[0], seed)
        planted = as_corpus(plant(documents, pairs, seed))
        rights = [make(planted, number) for number in SEEDS]
        noise: Noise = {"seed": measure_noise(words, lefts, rights)}
        single: Noise = {"seed": measure_noise(words, lefts)}
        cases = {
            "**three seeds a side, averaged**": (lefts, rights, noise),
            "one model a side, same seed": (lefts[:1], rights[:1], single),
            "one model a side, other seed": (lefts[:1], rights[1:2], single),
        }
        for name, case in cases.items():
            movers = judge(*case)
            table.setdefault(name, []).append(score(movers.moved, movers.judged, words, pairs))
        if by_documents is not None:
            movers = judge(lefts, rights, {"documents": by_documents})
            beyond = movers.judged & (movers.change > movers.bound)
            name = "three a side, beyond the 95 % bound of resampled documents"
            table.setdefault(name, []).append(score(beyond, movers.judged, words, pairs))
            name = "three a side, moved by resampled documents"
            table.setdefault(name, []).append(score(movers.moved, movers.judged, words, pairs))
    print(f"\n### Planted changes in {text}: {strategy}, {plantings} plantings of {PAIRS} pairs, mean (worst)\n")
    print("| | precision | recall | moved |\n|---|---:|---:|---:|")
    for name, values in table.items():
        report(name, values)
    judged = int((lefts[0].counts >= LEAST_COUNT).sum())
    nothing = judge(lefts, others, {"seed": measure_noise(words, lefts, others)})
    alone = judge(lefts[:1], others[:1], {"seed": measure_noise(words, lefts)})
    for name, movers in (("three a side", nothing), ("one a side", alone)):
        beyond = int((movers.change > movers.bound)[movers.judged].sum())
        print(f"\nNothing planted, {name}: {movers.moved.sum()} of {judged} words moved, {beyond} beyond the bound.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one planting, from scratch only")
    quick = parser.parse_args().quick
    news = read_news()
    run("news", news, "scratch", None, 1 if quick else 5, 0 if quick else 3)
    if not quick:
        path = SHARED / "glove.6B.100d.top2604.txt"
        glove = open_pretrained(path if path.exists() else build_demo_vectors())
        run("news", news, "tuned", glove, 5, 3)
        wikipedia = read_wikipedia()
        run("Wikipedia", wikipedia, "scratch", None, 3, 0)
        run("Wikipedia", wikipedia, "tuned", glove, 3, 0)


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
