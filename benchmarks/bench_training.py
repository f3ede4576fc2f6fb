"""What training through gensim costs beside bare gensim on the same sentences and settings: ratios of CPU time.

2,000 news documents (Lee's 300, repeated), 100 dimensions, one worker, interleaved, median ratio of five rounds.
`bare` is gensim handed ready lists of strings: Word2Vec(), build_vocab() and train(). The stricter column leaves out
its build_vocab, which we do not need because a corpus has its counts. The goal is at most 1.05.

    python benchmarks/bench_training.py [--quick]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bench_science import corpus_of, read_lee
from core.config import TrainConfig, default_config
from core.models.training import train
from core.models.training_inputs import cut_passages
from core.text.corpus import Corpus

DOCUMENTS = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one epoch instead of three; under a minute")
    epochs = 1 if parser.parse_args().quick else 3
    texts = read_lee()
    corpus = corpus_of((texts * (DOCUMENTS // len(texts) + 1))[:DOCUMENTS])
    print(f"{corpus.n_documents:,} documents, {corpus.n_tokens:,} tokens, {epochs} epochs")
    print("| algorithm | bare, CPU s | ours / bare | ours / bare without build_vocab |")
    print("|---|---|---|---|")
    for algorithm in ("skip-gram", "cbow"):
        config = default_config("scratch", epochs=epochs, min_count=2, algorithm=algorithm, engine="gensim")
        bare, total, training = measure(corpus, config)
        print(f"| {algorithm} | {bare:.2f} | {total:.3f} | {training:.3f} |")


def measure(corpus: Corpus, config: TrainConfig, rounds: int = 5) -> tuple[float, float, float]:
    """Medians over the rounds: CPU seconds of bare gensim, ours as a ratio to it, and to its train() alone."""
    sentences = list(cut_passages(corpus, config.min_count).lists())
    found = []
    for _ in range(rounds):
        built, trained = train_bare(sentences, config)
        ours = cpu_seconds(lambda: train(corpus, config))
        found.append((built + trained, ours / (built + trained), ours / trained))
    bare, total, training = (statistics.median(column) for column in zip(*found, strict=True))
    return bare, total, training


def train_bare(sentences: list[list[str]], config: TrainConfig) -> tuple[float, float]:
    """CPU seconds of building the vocabulary, and of training."""
    from gensim.models import Word2Vec

    model = Word2Vec(
        vector_size=config.vector_size,
        window=config.window,
        min_count=config.min_count,
        negative=config.negative,
        alpha=config.alpha,
        sg=int(config.algorithm == "skip-gram"),
        sample=config.sample,
        seed=config.seed,
        workers=1,
    )
    built = cpu_seconds(lambda: model.build_vocab(sentences))
    return built, cpu_seconds(lambda: model.train(sentences, total_examples=len(sentences), epochs=config.epochs))


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
