"""Vectune's engine beside gensim: speed, cores, the first call, and whether the vectors are as good and as alike.

Speed is CPU seconds of training alone, interleaved, median ratio; of a session, all that it does with a text, with
complete GloVe. `first call` is a fresh process in which the code was compiled before. Cores: four models in two threads
beside one after the other; on a machine with other work the wall ratio is that of what it was given. Quality: cloze on
the test part of the news and neighbour overlap (ten neighbours, words seen 20 times) between engines beside that
between gensim's own seeds, fine-tuned at dose 1 with complete GloVe.

    python benchmarks/bench_engine.py [FOLDER] [--quick]

FOLDER has glove.6B.50d.txt and brown.csv; without it only the news is trained, and quality is left out.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_full_glove import read_text
from core.config import default_config
from core.geometry.neighbours import nearest_neighbours, overlaps
from core.models.cloze import build_cloze, score_cloze
from core.models.embedding import Embedding
from core.models.engine import prepare, train_text
from core.models.training import train
from core.models.training_inputs import Passages, cut_passages
from core.models.word2vec import train_word2vec
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.text.corpus import Corpus
from core.text.resampling import resample_documents
from core.text.split import split_corpus

BARS = {
    ("skip-gram", 100, 5): 7.0, ("skip-gram", 300, 5): 5.0, ("cbow", 100, 5): 3.7,
}  # fmt: skip
SESSION_BARS = {"lee": 5.5, "brown": 6.0}
FIRST_CALL = """
import resource, time
from pathlib import Path
def used():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
import core.models.training, core.models.word2vec
from benchmarks.bench_engine import few
from core.config import default_config
passages = few()
import core.system.jit
before, began = used(), time.process_time()
from core.models.engine import train_text
train_text(passages, default_config("scratch", epochs=1))
seconds = time.process_time() - began
print(f"{seconds:.2f} s of CPU, {used() - before:.0f} MB")
"""


def few() -> Passages:
    tokens = (np.arange(3000, dtype=np.int32) ** 2) % 97
    return Passages(
        tuple(map(str, range(97))), np.full(97, 30, np.int64), tokens.astype(np.int32), np.array([0, 3000], np.int64)
    )


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def print_speed(texts: dict[str, Corpus], rounds: int) -> None:
    print("| text | algorithm | dimensions | negative | gensim, CPU s | engine | ratio | bar |")
    print("|---|---|---|---|---|---|---|---|")
    shapes = [*BARS, ("skip-gram", 50, 5), ("skip-gram", 100, 10)]
    for name, corpus in texts.items():
        passages = cut_passages(corpus, 2 if corpus.n_tokens < 250_000 else 5)
        for algorithm, size, negative in shapes if name == "lee" else list(BARS)[::2]:
            config = default_config(
                "scratch", epochs=3 if name == "lee" else 1, algorithm=algorithm, vector_size=size, negative=negative
            )
            taken = []
            for _ in range(rounds if name == "lee" else 3):
                theirs = cpu_seconds(lambda: train_word2vec(passages, config))  # noqa: B023
                taken.append((theirs, cpu_seconds(lambda: train_text(passages, config))))  # noqa: B023
            theirs, ours = (median(each) for each in zip(*taken, strict=True))
            ratio, bar = median(a / b for a, b in taken), BARS.get((algorithm, size, negative))
            said = "" if bar is None else f"{bar:g}: {'yes' if ratio >= bar else '**NO**'}"
            print(
                f"| {name} | {algorithm} | {size} | {negative} | {theirs:.2f} | {ours:.3f} | {ratio:.1f} | {said} |",
                flush=True,
            )


def print_cores(corpus: Corpus) -> None:
    passages = cut_passages(corpus, 2)
    configs = [default_config("scratch", epochs=4, seed=seed) for seed in range(4)]
    walls, cpus = [], []
    for _ in range(3):
        began, used = time.perf_counter(), time.process_time()
        one = [train_text(passages, each) for each in configs]
        between, spent = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(2) as pool:
            two = list(pool.map(lambda each: train_text(passages, each), configs))
        walls.append((between - began) / (time.perf_counter() - between))
        cpus.append((time.process_time() - spent) / (spent - used))
        assert all(a.tobytes() == b.tobytes() for a, b in zip(one, two, strict=True))
    print(f"\nFour models in two threads: {median(walls):.2f} times as fast, {median(cpus):.2f} of the CPU, same bits")


def print_sessions(texts: dict[str, Corpus], folder: Path, rounds: int) -> None:
    """From scratch, fine-tuned with its dose chosen, and four retrainings: two seeds, two samples of the documents."""
    print("\n| a session | gensim, CPU s | engine | ratio | bar |")
    print("|---|---|---|---|---|")
    for name, corpus in texts.items():
        glove = open_pretrained(folder / "glove.6B.50d.txt", corpus.words)
        size = glove.vector_size
        samples = [resample_documents(corpus, seed) for seed in (1, 2)]

        def session(engine: str) -> None:
            train(corpus, default_config("scratch", corpus.n_tokens, vector_size=size, engine=engine))  # noqa: B023
            config = default_config("tuned", corpus.n_tokens, vector_size=size, engine=engine)  # noqa: B023
            train(corpus, config, glove)  # noqa: B023
            for text, seed in [(corpus, 2), (corpus, 3), *((each, 1) for each in samples)]:  # noqa: B023
                train(text, replace(config, seed=seed, dose=1.0), glove)  # noqa: B023

        pairs = [
            tuple(cpu_seconds(partial(session, engine)) for engine in ("gensim", "vectune")) for _ in range(rounds)
        ]
        theirs, ours = (median(each) for each in zip(*pairs, strict=True))
        ratio, bar = median(a / b for a, b in pairs), SESSION_BARS[name]
        said = "yes" if ratio >= bar else "**NO**"
        print(f"| {name} | {theirs:.1f} | {ours:.2f} | {ratio:.1f} | {bar:g}: {said} |", flush=True)


def print_quality(corpus: Corpus, glove: PretrainedVectors, seeds: int) -> None:
    """Fine-tuned at dose 1, two splits: what gensim's seeds differ by, and the engines."""
    cloze: dict[str, list[float]] = {"gensim": [], "vectune": []}
    near: dict[str, list[float]] = {"gensim, gensim": [], "gensim, vectune": [], "vectune, vectune": []}
    for split_seed in (1, 2):
        split = split_corpus(corpus, split_seed)
        config = default_config("tuned", vector_size=glove.vector_size, dose=1.0)
        made: dict[str, list[Embedding]] = {
            engine: [train(split.train, replace(config, seed=100 + n, engine=engine), glove) for n in range(seeds)]
            for engine in ("gensim", "vectune")
        }
        first = made["gensim"][0]
        questions = build_cloze(split.test, first.words, first.counts, first.covered, 0)
        frequent = np.flatnonzero(first.counts >= 20)
        neighbours = {}
        for engine, models in made.items():
            cloze[engine] += [float(score_cloze(questions, each.vectors).mean()) for each in models]
            centred = [each.vectors[frequent] - each.vectors[frequent].mean(0) for each in models]
            neighbours[engine] = [nearest_neighbours(np.ascontiguousarray(each), 10) for each in centred]
        for pair, found in near.items():
            left, right = pair.split(", ")
            for n in range(seeds):
                other = neighbours[right][(n + 1) % seeds]
                found.append(float(overlaps(neighbours[left][n], other, 10)[0].mean()))
    theirs, ours = np.array(cloze["gensim"]), np.array(cloze["vectune"])
    error = np.sqrt((theirs.var(ddof=1) + ours.var(ddof=1)) / len(ours))
    between = theirs.reshape(2, -1).std(axis=1, ddof=1).mean()
    print(
        f"\n| fine-tuned, dose 1, {seeds} seeds, 2 splits | gensim | engine | engine - gensim | sd of gensim's seeds |"
    )
    print("|---|---|---|---|---|")
    difference = f"{(ours - theirs).mean():+.4f} ± {error:.4f}"
    print(f"| cloze | {theirs.mean():.4f} | {ours.mean():.4f} | {difference} | {between:.4f} |")
    for pair, found in near.items():
        print(f"| neighbour overlap, {pair} | {np.mean(found):.3f} | | | |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parents[2] / "real")
    parser.add_argument("--quick", action="store_true", help="the news only, 3 seeds; under a minute")
    options = parser.parse_args()
    began = time.process_time()
    prepare()
    print(f"Compiling, or looking whether it was done: {time.process_time() - began:.1f} s of CPU\n")
    texts = {"lee": read_text("lee", options.folder)}
    if (options.folder / "brown.csv").exists() and not options.quick:
        texts["brown"] = read_text("brown", options.folder)
    print_speed(texts, 3 if options.quick else 5)
    print_cores(texts["lee"])
    said = subprocess.run([sys.executable, "-c", FIRST_CALL], check=True, capture_output=True, text=True).stdout
    print(f"First call in a process that has numba, compiled before: {said.strip()}")
    if (options.folder / "glove.6B.50d.txt").exists():
        print_sessions(texts, options.folder, 1 if options.quick else 3)
        glove = open_pretrained(options.folder / "glove.6B.50d.txt", texts["lee"].words)
        print_quality(texts["lee"], glove, 3 if options.quick else 20)


if __name__ == "__main__":
    main()
