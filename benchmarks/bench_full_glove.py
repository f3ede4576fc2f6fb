"""One vector a word against dose control and the pretrained vectors, with complete GloVe and real texts.

Whole procedure on 70/15/15 splits as the app makes them: both models learn from the training part, the development part
chooses the dose, the test part is asked once. Gains are points of cloze with a 95 % interval over test documents; those
of all seeds together take the documents of every seed. Guards are WordSim-353 and SimLex-999 against the pretrained
vectors: how often their interval lies wholly below 0. Shuffled: the same on the text's words in random order; `helped`
is the product's rule (a point or more, interval above 0). CPU is one training with its dose: gensim's fine-tuning, the
engine's, and one vector a word.

    python benchmarks/bench_full_glove.py FOLDER [--quick] [--texts lee brown government press] [--tuning] [--shuffled]
        [--models tied blend pullback,dosed=False]

FOLDER has glove.6B.50d.txt and brown.csv (columns id, genre, text). `--tuning` takes the texts on which the choices
about the method were made (gensim's Wikipedia excerpt and single genres of Brown) and none that is reported, and prints
what other ways to choose the dose would have given. `--models` takes other models, each with the settings that differ
from its usual ones, and asks only what they gain.
"""

import argparse
import ast
import csv
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.config import default_config
from core.geometry.directions import centre
from core.models.cloze import Cloze, score_cloze
from core.models.dose import DOSES, apply_dose
from core.models.embedding import Embedding
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.score.bootstrap import estimate_mean
from core.score.heldout import build_questions
from core.score.word_pairs import correlate, cover_pairs, guard_interval, published_pairs, similarities
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.resampling import shuffle_tokens
from core.text.split import split_corpus
from core.text.tokens.tokenisers import CorpusOptions

REPORTED = {"lee": None, "brown": (), "government": ("government",), "press": ("news",)}
TUNING = {"wikipedia": None, **{genre: (genre,) for genre in ("lore", "romance", "learned", "adventure")}}
LISTS = ("wordsim353", "simlex999")


def read_text(name: str, folder: Path) -> Corpus:
    if name == "lee":
        from gensim.test.utils import datapath

        lines = Path(datapath("lee_background.cor")).read_text(encoding="utf-8").split("\n")
        return build_corpus([Document(f"{n}", line) for n, line in enumerate(lines) if line.strip()], name=name)
    if name == "wikipedia":
        from gensim.corpora import WikiCorpus
        from gensim.test.utils import datapath

        dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
        articles = WikiCorpus(dump, dictionary={}, processes=1).get_texts()
        documents = [Document(f"{n}", " ".join(words)) for n, words in enumerate(articles)]
        return build_corpus(documents, CorpusOptions(tokeniser="whitespace"), name=name)
    csv.field_size_limit(1 << 30)
    genres = {**REPORTED, **TUNING}[name]
    with (folder / "brown.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not genres or row["genre"] in genres]
    return build_corpus([Document(row["id"], row["text"]) for row in rows], name=name)


@dataclass
class Run:
    """One text, one seed: test answers of each model, their documents, similarities of the pairs, doses, CPU."""

    answers: dict[str, np.ndarray]
    documents: np.ndarray
    guards: dict[tuple[str, str], tuple[float, float, float]]
    doses: dict[str, float]
    cpu: dict[str, float]


Rule = Callable[[list[np.ndarray], np.ndarray], float]


def best(answers: list[np.ndarray], groups: np.ndarray) -> float:
    """The dose that does best; of equals the smallest."""
    return DOSES[int(np.argmax([each.mean() for each in answers]))]


def within_an_error(share: float) -> Rule:
    """The smallest dose whose loss against the best one is within `share` standard errors of that loss."""

    def choose(answers: list[np.ndarray], groups: np.ndarray) -> float:
        top = answers[int(np.argmax([each.mean() for each in answers]))]
        for dose, each in zip(DOSES, answers, strict=True):
            loss = top - each
            error = np.sqrt((np.bincount(groups, loss - loss.mean()) ** 2).sum()) / len(loss)
            if loss.mean() <= share * error:
                return dose
        raise AssertionError

    return choose


def capped(most: float) -> Rule:
    """`best`, but no more than `most`."""
    return lambda answers, groups: min(best(answers, groups), most)


RULES = {
    "best": best, "half an error": within_an_error(0.5), "an error": within_an_error(1.0), "at most .75": capped(0.75),
    "at most .625": capped(0.625),
}  # fmt: skip


def run(
    corpus: Corpus, glove: PretrainedVectors, seed: int, labels: list[str], rules: dict[str, Rule], by_gensim: bool
) -> Run:
    split = split_corpus(corpus, seed)
    size = {"vector_size": glove.vector_size, "seed": seed}
    models, cpu = {}, {}
    for name in ("pretrained", *labels):
        strategy, settings = read_label(name)
        config = default_config(strategy, corpus.n_tokens, **size, **settings)
        config = replace(config, dose=1.0) if config.has_open_dose else config
        models[name], cpu[name] = timed(split.train, config, glove)
    if by_gensim:  # with the choice of the dose, on all of the text, as people wait for it
        for name, engine in (("gensim", {"engine": "gensim"}), ("tuned", {}), ("tied", {})):
            strategy = "tied" if name == "tied" else "tuned"
            _, cpu[f"{name}, dose"] = timed(corpus, default_config(strategy, corpus.n_tokens, **size, **engine), glove)
    questions = build_questions(split, models, seed)
    answers, doses = {"pretrained": score_cloze(questions.test, models["pretrained"].vectors)}, {}
    vectors = {"pretrained": np.asarray(models["pretrained"].vectors)}
    for name in labels:
        if models[name].ends is None:
            doses[name], vectors[name] = 1.0, np.asarray(models[name].vectors)
            answers[name] = score_cloze(questions.test, vectors[name])
            continue
        for rule, choose in rules.items() if name == "tied" else [("best", best)]:
            label = name if rule == "best" else f"{name}, {rule}"
            doses[label] = choose(at_all_doses(questions.development, models[name]), questions.development.groups)
            vectors[label] = apply_dose(*models[name].ends, models[name].covered, doses[label])
            answers[label] = score_cloze(questions.test, vectors[label])
    guards = {}
    for pairs in (cover_pairs(published_pairs(each), questions.words, questions.covered) for each in LISTS):
        cosines = {
            name: similarities(centre(each, np.flatnonzero(questions.covered)), pairs) for name, each in vectors.items()
        }
        for name, each in cosines.items():
            interval = guard_interval(each, cosines["pretrained"], pairs.scores, seed)
            change = correlate(each, pairs).correlation - correlate(cosines["pretrained"], pairs).correlation
            guards[name, pairs.name] = (change, interval.low, interval.high)
    documents = np.array(split.test_documents)[questions.test.groups]
    return Run(answers, documents, guards, doses, cpu)


def read_label(label: str) -> tuple[str, dict[str, object]]:
    """The strategy and the settings that `--models` names."""
    strategy, *settings = label.split(",")
    return strategy, {name: ast.literal_eval(value) for name, value in (each.split("=") for each in settings)}


def timed(corpus: Corpus, config, glove: PretrainedVectors) -> tuple[Embedding, float]:
    began = time.process_time()
    made = train(corpus, config, glove)
    return made, time.process_time() - began


def at_all_doses(cloze: Cloze, model: Embedding) -> list[np.ndarray]:
    return [score_cloze(cloze, apply_dose(*model.ends, model.covered, dose)) for dose in DOSES]


def print_text(name: str, runs: list[Run], labels: list[str]) -> None:
    for label in labels:
        for against in ("pretrained", "tuned"):
            if label == against or against not in runs[0].answers:
                continue
            gains = [100 * (each.answers[label] - each.answers[against]) for each in runs]
            apart = [each.documents + number * 10**6 for number, each in enumerate(runs)]
            pooled = estimate_mean(np.concatenate(gains), np.unique(np.concatenate(apart), return_inverse=True)[1], 1)
            mean = np.mean([each.mean() for each in gains])
            print(
                f"| {name} | {label} | {against} | {mean:+.2f} [{pooled.low:+.2f}, {pooled.high:+.2f}] "
                f"| {' '.join(f'{each.mean():+.2f}' for each in gains)} "
                f"| {' '.join(f'{each.doses[label]:g}' for each in runs)} "
                + "".join(
                    f"| {np.mean([each.guards[label, pairs][0] for each in runs]):+.3f} "
                    f"({sum(each.guards[label, pairs][2] < 0 for each in runs)} below) "
                    for pairs in LISTS
                )
                + "|",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "real")
    parser.add_argument("--texts", nargs="+")
    parser.add_argument("--models", nargs="+", default=["tuned", "tied"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--quick", action="store_true", help="news only, two seeds")
    options = parser.parse_args()
    glove = options.folder / "glove.6B.50d.txt"
    if not glove.exists():
        print(f"left out: {glove} is not there")
        return
    texts = options.texts or (["lee"] if options.quick else list(TUNING if options.tuning else REPORTED))
    usual = options.models == ["tuned", "tied"]
    rules = RULES if options.tuning and usual else {"best": best}
    seeds = range(1, 1 + (2 if options.quick else options.seeds))
    labels = [*options.models, *(f"tied, {rule}" for rule in rules if rule != "best")]
    print("| text | model | against | gain, points [95 %] | by seed | doses | WordSim | SimLex |")
    print("|---|---|---|---|---|---|---|---|")
    costs: dict[str, list[dict[str, float]]] = {}
    for name in texts:
        corpus = read_text(name, options.folder)
        vectors = open_pretrained(glove, corpus.words)
        runs = []
        for seed in seeds:
            text = shuffle_tokens(corpus, seed) if options.shuffled else corpus
            by_gensim = seed == 1 and usual and not options.tuning
            runs.append(run(text, vectors, seed, options.models, rules, by_gensim))
        costs[name] = [each.cpu for each in runs]
        print_text(name + (", shuffled" if options.shuffled else ""), runs, labels)
        if options.shuffled:
            for label, each in product([label for label in options.models if label != "tuned"], runs):
                gain = each.answers[label] - each.answers["pretrained"]
                found = estimate_mean(gain, np.unique(each.documents, return_inverse=True)[1], 1)
                helped = "HELPED" if found.value >= 0.01 and found.low > 0 else ""
                print(f"{name}, {label}: {100 * found.value:+.2f}", helped)
    if usual and not options.tuning:
        print("\n| text | CPU s with the dose: gensim's tuned | tuned | tied | tied beside gensim's |")
        print("|---|---|---|---|---|")
        for name, each in costs.items():
            theirs, ours, tied = (each[0][f"{key}, dose"] for key in ("gensim", "tuned", "tied"))
            print(f"| {name} | {theirs:.1f} | {ours:.1f} | {tied:.1f} | {tied / theirs:.2f} |")


if __name__ == "__main__":
    main()
