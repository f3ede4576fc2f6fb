"""What each step costs, of CPU, memory and disk, at several sizes of text, and lines fitted through that.

Each step runs in a process of its own on the first N tokens of one text, with one vectors file: reading and cutting the
text, opening the vectors with and without an index, every strategy, a scorecard of the usual models, noise of two of
them, a joint map of two by UMAP. CPU is that of the process and of its children, so cores and neighbours matter little;
memory is the most that the process held, disk what the cache folder grew by. docs/scale.md has the figures.

    python benchmarks/bench_scale.py --text FILE --vectors FILE [--tokens 60000 250000 1000000] [--json FILE] [--quick]

Without --text and --vectors: the demo's text, and vectors that are counted from its other one.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.config import default_config
from core.methods import METHODS, usual_strategies
from core.models.runs import keep_corpus, keep_pretrained, train_run
from core.pretrained.index import build_index
from core.pretrained.vectors import open_pretrained
from core.progress import silent
from core.system.files import cache_folder
from core.text.corpus import Corpus, build_corpus, load_corpus
from core.text.reading.documents import Document, read_documents
from core.text.reading.uploads import Upload
from core.workspace.demo_data import build_demo_vectors, demo_uploads

SIZES = (60_000, 250_000, 1_000_000)
DEAR = 300_000
"""Tokens up to which a scorecard and noise are measured: they make dozens of models."""
TOKENS_A_WORD = 1.13
"""Of running text, for each word that stands between blanks."""
WIDE = 200
"""Dimensions, besides those of the file, of strategies that need no file."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--text", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--tokens", type=int, nargs="+")
    parser.add_argument("--steps", nargs="+", metavar="STEP", help="only these, such as map")
    parser.add_argument("--json", type=Path, help="every measurement, for bench_queue.py")
    parser.add_argument("--quick", action="store_true", help="two small sizes, three strategies")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        run_step(options.step[0], Path(options.step[1]), Path(options.step[2]))
        return
    sizes = options.tokens or ((15_000, 40_000) if options.quick else SIZES)
    strategies = usual_strategies() if options.quick else tuple(METHODS)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder("numba")))  # compiled code outlives the folder below
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VECTUNE_CACHE"] = folder
        text = read_documents(
            [Upload(options.text.name, options.text.read_bytes())] if options.text else demo_uploads()
        )
        vectors = options.vectors or build_demo_vectors(silent)
        found = measure(text.documents, vectors, sizes, strategies, options.steps)
    if options.json:
        options.json.write_text(json.dumps(found))
    show(found)


def measure(
    documents: Sequence[Document],
    vectors: Path,
    sizes: Sequence[int],
    strategies: Sequence[str],
    only: Sequence[str] | None = None,
) -> list[dict[str, Any]]:
    """A row for each step and size, as `run_step` prints it."""
    found = []
    for size in sizes:
        part = first_tokens(documents, size)
        text = cache_folder("any").parent / "bench" / f"{size}.txt"
        text.parent.mkdir(exist_ok=True)
        text.write_text("\n".join(" ".join(each.text.split()) for each in part), "utf-8")
        folder = keep_corpus(build_corpus(part, name=text.stem))
        steps = ["read", "open", "open with index", *(f"train {each}" for each in strategies)]
        steps += [f"train {each} {WIDE}" for each in ("scratch", "counts") if each in strategies]
        steps += ["map", *(("score", "noise") if size <= DEAR else ())]
        for step in steps if only is None else only:
            if step == "open with index":
                build_index(silent, vectors)
            given = text if step == "read" else folder
            command = (sys.executable, __file__, "--step", step, str(given), str(vectors))
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found.append({"step": step, **json.loads(done.stdout.splitlines()[-1])})
            print(f"{size:,} tokens, {step}: {found[-1]['cpu']:.2f} s", file=sys.stderr)
        for index in cache_folder("indexes").glob("*"):  # the next size opens without one first
            subprocess.run(("rm", "-rf", str(index)), check=True)
    return found


def first_tokens(documents: Sequence[Document], size: int) -> list[Document]:
    """As many documents as make about `size` tokens, so that a text of any length is like the whole."""
    lengths = np.cumsum([len(each.text.split()) * TOKENS_A_WORD for each in documents])
    step = max(1, int(lengths[-1] // size))
    return list(documents[::step]) if step > 1 else list(documents[: int(np.searchsorted(lengths, size)) + 1])


def run_step(step: str, given: Path, vectors: Path) -> None:
    """Do it, and print what it took: CPU seconds beyond imports, bytes held at most and kept, and how large it was."""
    corpus = None if step == "read" else load_corpus(given)
    work = prepare(step, given, corpus, vectors)
    kept, began = disk(), spent()
    words = work()
    row = {"cpu": spent() - began, "memory": most_held(), "disk": disk() - kept, "words": words}
    tokens = len(given.read_text("utf-8").split()) * TOKENS_A_WORD if corpus is None else corpus.n_tokens
    print(json.dumps({**row, "tokens": tokens}))


def prepare(step: str, given: Path, corpus: Corpus | None, vectors: Path) -> Callable[[], int]:
    """The work, whatever it needs imported, compiled and made already; it gives the words that it was about."""
    if step == "read":
        return lambda: read_text(given)
    assert corpus is not None
    if step.startswith("open"):
        return lambda: len(open_pretrained(vectors, corpus.words).words)
    opened = open_pretrained(vectors, corpus.words)
    inputs = given, keep_pretrained(opened, corpus)
    name, _, rest = step.partition(" ")
    if name == "train":
        return train_step(rest, corpus, inputs, opened.vector_size)
    configs = [default_config(each, corpus.n_tokens, vector_size=opened.vector_size) for each in usual_strategies()]
    runs = {config.strategy: train_run(silent, *inputs, config) for config in configs}
    words = corpus.vocabulary_size(configs[0].min_count)
    if name == "map":
        from core.maps.layout import LayoutSettings
        from core.maps.pair_store import LayoutOrder, PairOrder, keep_layout
        from core.maps.warming import prepare_maps

        prepare_maps()
        order = LayoutOrder(PairOrder(runs["tied"], runs["pretrained"], 5_000), LayoutSettings(), "joint")
        return lambda: keep_layout(silent, order) or min(words, 5_000)
    if name == "noise":
        from core.comparison.noise import measure_movers
        from core.comparison.noise_plan import plan_noise
        from core.comparison.retrainings import NoiseSide

        sides = [NoiseSide(runs[c.strategy], *inputs, c) for c in configs if c.strategy in ("tied", "scratch")]
        return lambda: measure_movers(silent, plan_noise(*sides, documents=corpus.n_documents)) and words
    from core.score.store import ScoreRequest, score_models

    request = ScoreRequest(*inputs, tuple((c.strategy, c) for c in configs), "tied", "pretrained", 1)
    return lambda: score_models(silent, request) and words


def read_text(file: Path) -> int:
    corpus = build_corpus(read_documents([Upload(file.name, file.read_bytes())]).documents)
    keep_corpus(corpus)
    return len(corpus.words)


def train_step(rest: str, corpus: Corpus, inputs: tuple[Path, Path], vector_size: int) -> Callable[[], int]:
    from core.models.engine import prepare as compile_engine

    strategy, _, wide = rest.partition(" ")
    config = default_config(strategy, corpus.n_tokens, vector_size=int(wide or vector_size))
    compile_engine()
    return lambda: train_run(silent, *inputs, config) and corpus.vocabulary_size(config.min_count)


def spent() -> float:
    """CPU seconds of this process and of its children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in both)


def most_held() -> int:
    """Bytes that this process has held at most."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024


def disk() -> int:
    folders = [each for each in cache_folder("any").parent.iterdir() if each.name not in ("bench", "numba", "indexes")]
    return sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())


def show(found: Sequence[dict[str, Any]]) -> None:
    """A table of lines: seconds = a + b · tokens in millions, where it is a map, of words in thousands."""
    print("| step | CPU s at each size | fit, CPU s | most memory, MB | kept, MB | fit off by |")
    print("|---|---|---|---|---|---|")
    for step in dict.fromkeys(row["step"] for row in found):
        rows = [row for row in found if row["step"] == step]
        unit, size = ("1,000 words", 1e3) if step == "map" else ("million tokens", 1e6)
        sizes = np.array([row["words" if step == "map" else "tokens"] for row in rows]) / size
        seconds = np.array([row["cpu"] for row in rows])
        start, slope = fit_line(sizes, seconds)
        off = np.max(np.maximum(seconds / (start + slope * sizes), (start + slope * sizes) / seconds))
        memory, kept = ([f"{row[key] / 1e6:.0f}" for row in rows] for key in ("memory", "disk"))
        times = ", ".join(f"{each:.1f}" for each in seconds)
        print(
            f"| {step} | {times} | {start:.2f} + {slope:.2f} for {unit} | {', '.join(memory)} | {', '.join(kept)} | "
            f"{off:.2f} times |"
        )


def fit_line(sizes: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Start and slope, neither negative, that are least wrong in proportion."""
    from scipy.optimize import nnls

    design = np.stack([np.ones_like(sizes), sizes], axis=1) / np.maximum(values, 1e-3)[:, None]
    (start, slope), _ = nnls(design, np.ones_like(values))
    return float(start), float(slope)


if __name__ == "__main__":
    main()
