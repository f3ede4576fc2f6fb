"""Are planted changes of meaning found, and is nothing found where nothing was planted?

    python benchmarks/bench_movers.py [FOLDER] [--quick] [--texts lee news press brown]
        [--strategies tied tuned scratch] [--parts halves within repeated]

FOLDER has glove.6B.50d.txt and brown.csv (columns id, genre, text). Everything goes through the functions that the
product calls, with its defaults: the dose chosen on the text, the noise that is usual, content words alone.

`halves`: the documents of a text are dealt out to two sides at random, three times. Nothing planted: at most 5 % of the
judged words may be called moved. Planted: in all of the right side 20 pairs of unrelated words of like count (seen 20
times or more, the 50 most frequent left out) change places; precision and recall are of the words called moved among
those that are judged. Time is that of the noise, by that of training one side's model.

`within`: one text. In half of the documents that have either word of a pair the two change places; left is trained on
the text as it is, right on the planted one. Judged by other seeds, and by documents drawn anew, the same ones for both.

`repeated`: what is said to have moved from the pretrained vectors, by documents drawn anew from one half of a text, is
looked up in the other half: in how many of these words do both halves go the same way, against chance and against the
words that were not called moved?
"""

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_full_glove import read_text
from core.comparison.candidates import find_candidates
from core.comparison.kept_noise import load_noise, measured_kinds
from core.comparison.measurements import average_change, changes_of, displacement_noise, measure_noise
from core.comparison.movers import LEAST_COUNT, Movers, find_movers
from core.comparison.noise import judge_words, measure_movers
from core.comparison.noise_plan import estimate_noise_seconds, plan_noise, usual_kinds
from core.comparison.pair import compare, match_words
from core.comparison.retrainings import RESAMPLES, NoiseSide
from core.config import default_config
from core.geometry.alignment import align
from core.geometry.neighbours import nearest_neighbours
from core.methods import METHODS
from core.models.embedding import Embedding
from core.models.runs import keep_corpus, keep_pretrained, load_run, train_run
from core.models.training import train
from core.pretrained.vectors import open_pretrained
from core.progress import silent
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.resampling import resample_documents
from core.text.tokens.tokenisers import CorpusOptions
from core.text.word_kinds import is_content

PAIRS, SKIPPED, SEEDS = 20, 50, (1, 2, 3)
GENRES = {"news": ("news",), "press": ("news", "editorial", "reviews"), "brown": ()}
Documents = list[list[str]]


def read(name: str, folder: Path) -> Corpus:
    if name not in GENRES:
        return read_text(name, folder)
    csv.field_size_limit(1 << 30)
    with (folder / "brown.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not GENRES[name] or row["genre"] in GENRES[name]]
    return build_corpus([Document(row["id"], row["text"]) for row in rows], name=name)


def as_documents(corpus: Corpus) -> Documents:
    """Lists of tokens, so that planting does not depend on how a text is tokenised."""
    return [[corpus.words[token] for token in corpus.document(i)] for i in range(corpus.n_documents)]


def as_corpus(documents: Documents, name: str = "text") -> Corpus:
    texts = [Document(str(number), " ".join(tokens)) for number, tokens in enumerate(documents)]
    return build_corpus(texts, CorpusOptions(tokeniser="whitespace"), name=name)


def choose_pairs(corpus: Corpus, model: Embedding, seed: int) -> list[tuple[str, str]]:
    """Pairs of content words of like count, neither among the other's 50 nearest neighbours in `model`."""
    rng = np.random.default_rng(seed)
    near = nearest_neighbours(model.vectors, 50).indices
    content = is_content(corpus.words, "English")
    usable = np.arange(SKIPPED, corpus.vocabulary_size(LEAST_COUNT))
    rows = sorted(rng.permutation(usable[content[usable]])[: 3 * PAIRS].tolist())
    pairs: list[tuple[str, str]] = []
    while len(pairs) < PAIRS and len(rows) > 1:
        first = rows.pop(0)
        other = next((row for row in rows if row not in near[first] and first not in near[row]), None)
        if other is None:
            continue
        rows.remove(other)
        pairs.append((corpus.words[first], corpus.words[other]))
        if 2 * (PAIRS - len(pairs)) < len(rows):  # drop one now and then, to reach the rarer words too
            rows.pop(rng.integers(len(rows)))
    return pairs


def swap(documents: Documents, pairs: Sequence[tuple[str, str]]) -> Documents:
    places = {word: other for pair in pairs for word, other in (pair, pair[::-1])}
    return [[places.get(token, token) for token in tokens] for tokens in documents]


def swap_in_half(documents: Documents, pairs: Sequence[tuple[str, str]], seed: int) -> Documents:
    rng = np.random.default_rng(1000 + seed)
    planted = list(documents)
    for pair in pairs:
        having = [number for number, tokens in enumerate(documents) if set(pair) & set(tokens)]
        for number in rng.permutation(having)[: len(having) // 2].tolist():
            (planted[number],) = swap([planted[number]], [pair])
    return planted


class Side(NamedTuple):
    noise: NoiseSide
    model: Embedding
    corpus: Corpus


def make_side(corpus: Corpus, strategy: str, glove: Path, seed: int = 1) -> Side:
    """A model as the product makes and stores it."""
    vectors = open_pretrained(glove, corpus.words)
    needs = METHODS[strategy].needs_vectors
    config = default_config(strategy, corpus.n_tokens, vector_size=vectors.vector_size, seed=seed)
    folder, rows = keep_corpus(corpus), keep_pretrained(vectors, corpus) if needs else None
    model = load_run(run := train_run(silent, folder, rows, config))
    dosed = replace(config, dose=model.dose) if model.dose is not None else config
    return Side(NoiseSide(run, folder, rows, dosed), model, corpus)


class Score(NamedTuple):
    """Of one comparison; precision and recall only where something was planted."""

    judged: int
    moved: int
    hits: int
    planted: int

    def __str__(self) -> str:
        if not self.planted:
            return f"{self.moved} of {self.judged} moved"
        return f"{self.hits} of {self.planted} found, {self.moved - self.hits} others"


def score(movers: Movers, words: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Score:
    true = np.isin(words, [word for pair in pairs for word in pair]) & movers.judged
    return Score(int(movers.judged.sum()), int(movers.moved.sum()), int((movers.moved & true).sum()), int(true.sum()))


def total(scores: Sequence[Score]) -> str:
    if not scores[0].planted:
        worst = max(each.moved / max(each.judged, 1) for each in scores)
        return f"at most {100 * worst:.1f} % moved ({'; '.join(map(str, scores))})"
    hits, moved, planted = (sum(getattr(each, name) for each in scores) for name in ("hits", "moved", "planted"))
    return f"precision {hits / max(moved, 1):.2f}, recall {hits / planted:.2f} ({'; '.join(map(str, scores))})"


def judge_default(sides: tuple[Side, Side]) -> tuple[Movers, Sequence[str], str]:
    """Measure the noise that is measured if nothing is said, and judge by it; and what that took."""
    plan = plan_noise(sides[0].noise, sides[1].noise, min(side.corpus.n_documents for side in sides))
    expected = estimate_noise_seconds(plan, sides[0].corpus, sides[1].corpus)
    wall, cpu = time.perf_counter(), time.process_time()
    measure_movers(silent, plan)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    models = [side.model for side in sides]
    comparison = compare(models[0], models[1], 10)
    judgeable = find_candidates(comparison.shared, models[0], models[1], ["English"]).judged
    kinds = usual_kinds(measured_kinds(plan))
    movers = judge_words(plan, kinds, comparison, models[0], models[1], judgeable)
    one = max(model.sources.seconds for model in models)
    took = f"{kinds[0]}, {len(load_noise(plan, (), kinds[0]).noise)} runs, {wall:.0f} s (estimated {expected:.0f}), "
    return movers, comparison.words, took + f"CPU {cpu:.0f} s = {cpu / one:.1f} trainings"


def run_halves(name: str, documents: Documents, strategy: str, glove: Path, splits: int) -> None:
    nothing, planted, tokens, took = [], [], 0, ""
    for split in range(1, splits + 1):
        order = np.random.default_rng(split).permutation(len(documents))
        left, right = ([documents[i] for i in order[start::2]] for start in (0, 1))
        with cache():
            sides = make_side(as_corpus(left), strategy, glove), make_side(as_corpus(right), strategy, glove, 2)
            movers, words, took = judge_default(sides)
            nothing.append(score(movers, words, []))
            tokens = sides[0].corpus.n_tokens
            pairs = choose_pairs(sides[0].corpus, sides[0].model, split)
            movers, words, _ = judge_default((sides[0], make_side(as_corpus(swap(right, pairs)), strategy, glove, 2)))
            planted.append(score(movers, words, pairs))
    print(f"\nhalves of {name}, {tokens:,} tokens a side, {strategy} ({took})", flush=True)
    print(f"  nothing planted: {total(nothing)}\n  20 pairs swapped: {total(planted)}", flush=True)


def run_within(name: str, documents: Documents, strategy: str, glove: Path, plantings: int) -> None:
    corpus = as_corpus(documents)
    vectors = open_pretrained(glove, corpus.words) if METHODS[strategy].needs_vectors else None
    size = {} if vectors is None else {"vector_size": vectors.vector_size}
    first = train(corpus, default_config(strategy, corpus.n_tokens, seed=1, **size), vectors)
    dose = {} if first.dose is None else {"dose": first.dose}

    def make(made_of: Corpus, seed: int) -> Embedding:
        return train(made_of, default_config(strategy, corpus.n_tokens, seed=seed, **size, **dose), vectors)

    lefts, others = ([make(corpus, seed + more) for seed in SEEDS] for more in (0, 10))
    resampled = [make(resample_documents(corpus, 1 + n), 20 + n) for n in range(RESAMPLES)]
    found: dict[str, list[Score]] = {}

    def judge(rights: Sequence[Embedding], again: Sequence[Embedding], pairs: Sequence[tuple[str, str]]) -> None:
        shared = match_words(lefts[0], rights[0])
        counts = np.minimum(lefts[0].counts[shared.left_rows], rights[0].counts[shared.right_rows])
        judgeable = find_candidates(shared, lefts[0], rights[0], ["English"]).judged
        by_seed = measure_noise(shared.words, lefts, rights)
        by_documents = displacement_noise(shared.words, lefts[0], rights[0], list(zip(resampled, again, strict=True)))
        what = "planted" if pairs else "nothing planted"
        for kind, change, noise in (
            ("seed", average_change(shared.words, lefts, rights), by_seed),
            ("documents", changes_of(shared.words, lefts[0], rights[0]), by_documents),
        ):
            movers = find_movers(change.change, counts, {kind: noise}, weighed=change.weighed, judgeable=judgeable)  # type: ignore[dict-item]
            found.setdefault(f"{kind}, {what}", []).append(score(movers, shared.words, pairs))

    judge(others, [make(resample_documents(corpus, 1 + n), 40 + n) for n in range(RESAMPLES)], [])
    for seed in range(plantings):
        pairs = choose_pairs(corpus, lefts[0], seed)
        planted = as_corpus(swap_in_half(documents, pairs, seed))
        rights = [make(planted, 10 + number) for number in SEEDS]
        judge(rights, [make(resample_documents(planted, 1 + n), 40 + n) for n in range(RESAMPLES)], pairs)
    print(f"\nwithin {name}, {corpus.n_tokens:,} tokens, {strategy}", flush=True)
    for what, scores in found.items():
        print(f"  by {what}: {total(scores)}", flush=True)


def run_repeated(name: str, documents: Documents, strategy: str, glove: Path) -> None:
    order = np.random.default_rng(1).permutation(len(documents))
    parts = [as_corpus([documents[i] for i in order[start::2]]) for start in (0, 1)]
    with cache():
        start, here = (make_side(parts[0], each, glove) for each in ("pretrained", strategy))
        away = [make_side(parts[1], each, glove).model for each in ("pretrained", strategy)]
        movers, words, took = judge_default((start, here))
        ways = [ways_of(words, *models) for models in ((start.model, here.model), away)]
    same = np.einsum("ij,ij->i", *ways) / np.prod([np.linalg.norm(way, axis=1) for way in ways], axis=0)
    print(f"\nfrom pretrained to {strategy} on half of {name} ({took}): the way on the other half", flush=True)
    for what, rows in (("moved", movers.moved), ("others judged", movers.judged & ~movers.moved)):
        known = same[rows & ~np.isnan(same)]
        if len(known):
            shares = " ".join(f"{np.quantile(known, q):.2f}" for q in (0.05, 0.5, 0.95))
            print(
                f"  {what}: {len(known)} words, cosine {shares} (5, 50, 95 %), {(known <= 0).mean():.1%} against it",
                flush=True,
            )


def ways_of(words: Sequence[str], left: Embedding, right: Embedding) -> np.ndarray:
    """The way of each of `words` from left to right, in the space of the left one; nan where one lacks it."""
    shared = match_words(left, right)
    aligned = align(left.vectors[shared.left_rows], right.vectors[shared.right_rows])
    row_of = {word: row for row, word in enumerate(shared.words)}
    rows = np.array([row_of.get(word, -1) for word in words])
    return np.where((rows >= 0)[:, None], (aligned.right - aligned.left)[rows], np.nan)


@contextmanager
def cache() -> Iterator[None]:
    """A run store of its own, thrown away at the end."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VECTUNE_CACHE"] = folder
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "real")
    parser.add_argument("--quick", action="store_true", help="lee alone, one vector a word, one split")
    parser.add_argument("--texts", nargs="+", default=["lee", "news", "press", "brown"])
    parser.add_argument("--strategies", nargs="+", default=["tied", "tuned", "scratch"])
    parser.add_argument("--parts", nargs="+", default=["halves", "within", "repeated"])
    parser.add_argument("--splits", type=int, default=3)
    options = parser.parse_args()
    if options.quick:
        options.texts, options.strategies, options.splits = ["lee"], ["tied"], 1
    glove = options.folder / "glove.6B.50d.txt"
    if not glove.exists():
        print(f"left out: {glove} is not there")
        return
    with cache():  # what is compiled at first use is in no time told
        for strategy in options.strategies:
            make_side(as_corpus(as_documents(read("lee", options.folder))[:20]), strategy, glove)
    for name in options.texts:
        documents = as_documents(read(name, options.folder))
        for strategy in options.strategies:
            if "halves" in options.parts:
                run_halves(name, documents, strategy, glove, options.splits)
            if "within" in options.parts and name != "brown":
                run_within(name, documents, strategy, glove, 5 if options.splits == 3 else 1)
            if "repeated" in options.parts and METHODS[strategy].needs_vectors:
                run_repeated(name, documents, strategy, glove)


if __name__ == "__main__":
    main()
