"""Tokenising against NLTK, and the memory and time a corpus takes as the text grows.

    python benchmarks/bench_corpus.py [--quick]

The text is gensim's: news (lee_background.cor) and the prose of its Wikipedia excerpt. It is made longer by repeating
it with one word in thirty replaced by a rarer and rarer made-up one, so that the vocabulary grows with it as in real
text. NLTK is PunktSentenceTokenizer and NLTKWordTokenizer with the same Punkt parameters for both sides; learning
them is left out. CPU seconds, median of three interleaved rounds. Memory is the peak of a fresh process above what it
held before, the text included.
"""

import argparse
import bz2
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from gensim.corpora.wikicorpus import extract_pages, filter_wiki
from gensim.test.utils import datapath

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.text.tokens import nltk_exact
from core.text.tokens.tokenisers import CorpusOptions

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
OURS = {
    "GloVe-like": CorpusOptions(),
    "GloVe-like, punctuation": CorpusOptions(punctuation=True),
    "NLTK": CorpusOptions("nltk", lowercase=False),
    "whitespace": CorpusOptions("whitespace"),
}


def read_news() -> str:
    return Path(datapath("lee_background.cor")).read_text(encoding="latin-1")


def read_articles() -> str:
    with bz2.open(datapath(WIKIPEDIA)) as file:
        articles = [filter_wiki(text) for _, text, _ in extract_pages(file)]
    return re.sub(r"'{2,}|={2,}|[|{}\[\]*#]+", " ", "\n".join(articles))


def lengthen(text: str, characters: int) -> str:
    """`text` again and again, with rarer and rarer words in it."""
    draw = random.Random(1)
    words = text.split(" ")
    parts: list[str] = []
    size = 0
    while size < characters:
        copy = words.copy()
        for place in range(draw.randrange(30), len(copy), 30):
            number = int(draw.paretovariate(0.15)) % 1_000_000_000
            copy[place] = "zq" + "".join(chr(97 + int(digit)) for digit in str(number))
        parts.append(" ".join(copy))
        size += len(parts[-1])
    return "\n".join(parts)[:characters]


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def compare_speed(texts: dict[str, str], rounds: int) -> None:
    from nltk.tokenize.destructive import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    words = NLTKWordTokenizer()
    print("| text | MB | NLTK, MB/s |" + "".join(f" {name} |" for name in OURS))
    print("|---|---|---|" + "---|" * len(OURS))
    for name, text in texts.items():
        parameters = nltk_exact.learn_parameters([text])
        nltk_exact._installed_parameters = lambda parameters=parameters: parameters
        punkt = PunktSentenceTokenizer(parameters)
        works = {"theirs": lambda: [words.tokenize(s) for s in punkt.tokenize(text)]}  # noqa: B023
        for ours, options in OURS.items():
            works[ours] = lambda options=options: build_corpus([Document("", text)], options)  # noqa: B023
        taken = {key: [] for key in works}
        for _ in range(rounds):
            for key, work in works.items():
                taken[key].append(cpu_seconds(work))
        theirs = median(taken.pop("theirs"))
        ratios = "".join(f" {theirs / median(seconds):.1f}x |" for seconds in taken.values())
        print(f"| {name} | {len(text) / 1e6:.2f} | {len(text) / 1e6 / theirs:.2f} |{ratios}")


def measure_growth(sizes: list[float], text: str) -> None:
    print("\n| MB of text | documents | CPU s | MB/s | tokens | words | peak above the text, bytes a token |")
    print("|---|---|---|---|---|---|---|")
    for size in sizes:
        for lines in (False, True):
            result = subprocess.run(
                [sys.executable, __file__, "--one", str(size), *(["--lines"] if lines else [])],
                input=text,
                capture_output=True,
                text=True,
                check=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            row = json.loads(result.stdout)
            print(
                f"| {size:g} | {row['documents']:,} | {row['seconds']:.2f} | {size / row['seconds']:.1f} "
                f"| {row['tokens']:,} | {row['words']:,} | {row['bytes'] / row['tokens']:.1f} |"
            )


def measure_one(megabytes: float, lines: bool) -> None:
    """In a fresh process: build one corpus of the text on standard input, and say what it took."""
    text = lengthen(sys.stdin.read(), int(megabytes * 1e6))
    if lines:
        documents = [Document(str(n), line) for n, line in enumerate(text.split("\n"))]
        del text
    else:
        documents = [Document("", text.replace("\n", " "))]
        del text
    build_corpus([Document("", "warm up.")])
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    start = time.process_time()
    corpus = build_corpus(documents)
    row = {
        "seconds": time.process_time() - start,
        "bytes": memory("VmHWM") - before,
        "documents": corpus.n_documents,
        "tokens": corpus.n_tokens,
        "words": len(corpus.words),
    }
    print(json.dumps(row))


def memory(field: str) -> int:
    """Bytes, from Linux's /proc/self/status."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small texts")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--lines", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure_one(arguments.one, arguments.lines)
        return
    articles = read_articles()
    news = read_news()
    texts = {"news": news, "Wikipedia": articles[: 1_000_000 if arguments.quick else None]}
    if not arguments.quick:
        texts["both, lengthened"] = lengthen(news + articles, 10_000_000)
    compare_speed(texts, 3)
    measure_growth([1, 4] if arguments.quick else [1, 10, 100], news + articles)


if __name__ == "__main__":
    main()
