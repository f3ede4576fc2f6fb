"""Opening a large GloVe file: CPU time and memory against gensim on the same file, and against reading its bytes.

    python benchmarks/bench_pretrained.py [--quick] [--folder FOLDER]

Memory is the peak of the process (Linux only); that of opening an index is mapped pages of its files.

Writes a synthetic file (400,000 rows of 100 values, five digits, as GloVe's; --quick: 40,000) and opens it in fresh
processes, methods interleaved, median of three. The full run also shows 300 values a row, and 2 million rows, for
Vectune alone; it takes some ten minutes.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 3

PREPARE = """
import json, sys, time
from pathlib import Path
path, words = Path(sys.argv[1]), int(sys.argv[2])
vocabulary = [f"w{i}" for i in range(words)]
def memory(kind):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))
{imports}
Path("/proc/self/clear_refs").write_text("5")  # the peak starts from here
before, began = memory("VmRSS"), time.process_time()
{work}
print(json.dumps([time.process_time() - began, memory("VmHWM") - before]))
"""
OURS = "from core.pretrained.vectors import open_pretrained\n"
OURS += "from core.pretrained.index import build_index, open_index"
LOADED = f"{OURS}\nfrom core.pretrained.text_rows import prepare_kernels\nprepare_kernels()"
SILENT = "silent = lambda fraction, message: None"
METHODS = {
    "floor: read the bytes": (
        "",
        "buffer = bytearray(1 << 20)\nfile = open(path, 'rb', buffering=0)\nwhile file.readinto(buffer): pass",
    ),
    "gensim load_word2vec_format": (
        "from gensim.models import KeyedVectors",
        "KeyedVectors.load_word2vec_format(path, no_header=True)",
    ),
    "first open, new process": (OURS, "open_pretrained(path, vocabulary)"),
    "first open, compiled code loaded": (LOADED, "open_pretrained(path, vocabulary)"),
    "build the index, nothing compiled yet": (f"{OURS}\n{SILENT}", "build_index(silent, path)"),
    "build the index, new process": (f"{OURS}\n{SILENT}", "build_index(silent, path)"),
    "build the index, compiled code loaded": (f"{LOADED}\n{SILENT}", "build_index(silent, path)"),
    "second open": (OURS, "open_pretrained(path, vocabulary)"),
    "ten neighbours in the whole file": (
        f"{OURS}\nfrom core.comparison.neighbourhood import changes_in_file\n"
        "from core.pretrained.files import find_vectors\nindex = open_index(find_vectors(path))",
        "changes_in_file(index, 'w1', index.vectors[1], index.vectors[1], 10, {})",  # looked up twice: before and after
    ),
}
INDEXED = ("second open", "ten neighbours in the whole file")


def write_vectors(path: Path, rows: int, vector_size: int) -> None:
    """Words w0, w1, ... in shuffled order; the values repeat after 5,003 rows, which no reader notices."""
    import numpy as np

    rng = np.random.default_rng(1)
    row_format = " %.5g" * vector_size + "\n"
    tails = [row_format % tuple(rng.normal(0, 0.4, vector_size)) for _ in range(5003)]
    order = rng.permutation(rows).tolist()
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(f"w{word}{tails[place % len(tails)]}" for place, word in enumerate(order))


def run(method: str, path: Path, words: int, cache: Path) -> tuple[float, float]:
    """CPU seconds and added peak memory in MB of one run in a process of its own."""
    imports, work = METHODS[method]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "VECTUNE_CACHE": str(cache),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    script = PREPARE.replace("{imports}", imports).replace("{work}", work)
    command = [sys.executable, "-c", script, str(path), str(words)]
    output = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = json.loads(output.splitlines()[-1])
    return seconds, megabytes


def measure(path: Path, cases: list[tuple[str, int]], folder: Path) -> dict[tuple[str, int], tuple[float, float]]:
    """Median CPU seconds and MB of each (method, words), interleaved."""
    cold, warm, indexed = folder / "cold", folder / "warm", folder / "indexed"
    for cache in (warm, indexed):
        run("build the index, new process", path, 0, cache)
    results: dict[tuple[str, int], list[tuple[float, float]]] = {case: [] for case in cases}
    for _ in range(REPEATS):
        for method, words in cases:
            shutil.rmtree(cold, ignore_errors=True)
            shutil.rmtree(warm / "indexes", ignore_errors=True)
            cache = indexed if method in INDEXED else cold if "nothing compiled" in method else warm
            results[method, words].append(run(method, path, words, cache))
    return {case: (median(s for s, _ in runs), median(m for _, m in runs)) for case, runs in results.items()}


def print_table(title: str, results: dict[tuple[str, int], tuple[float, float]]) -> None:
    floor = results["floor: read the bytes", 0][0]
    gensim = results.get(("gensim load_word2vec_format", 0))
    print(f"\n### {title}\n")
    print("| method | words | CPU s | x less CPU than gensim | x floor | MB added | x gensim's memory |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for (method, words), (seconds, megabytes) in results.items():
        against = f"{gensim[0] / seconds:.0f}" if gensim else ""
        memory = f"{megabytes / gensim[1]:.2f}" if gensim else ""
        shown = f"{words:,}" if words else ""
        print(
            f"| {method} | {shown} | {seconds:.3f} | {against} | {seconds / floor:.1f} | {megabytes:.0f} | {memory} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="40,000 rows, under a minute")
    parser.add_argument("--folder", type=Path, help="where to write the files (default: a temporary folder)")
    options = parser.parse_args()
    rows = 40_000 if options.quick else 400_000
    small, large = rows // 50, rows * 7 // 80
    ours = [
        ("floor: read the bytes", 0),
        ("first open, new process", small),
        ("first open, new process", large),
        ("first open, compiled code loaded", small),
        ("first open, compiled code loaded", large),
        ("build the index, nothing compiled yet", 0),
        ("build the index, new process", 0),
        ("build the index, compiled code loaded", 0),
        ("second open", small),
        ("second open", large),
        ("ten neighbours in the whole file", 0),
    ]
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        path = folder / "vectors.txt"
        write_vectors(path, rows, 100)
        results = measure(path, [("gensim load_word2vec_format", 0), *ours], folder)
        print_table(f"{rows:,} rows x 100 values, {path.stat().st_size >> 20} MB", results)
        if options.quick:
            return
        for more_rows, vector_size in ((400_000, 300), (2_000_000, 100)):
            write_vectors(path, more_rows, vector_size)
            title = f"{more_rows:,} rows x {vector_size} values, {path.stat().st_size >> 20} MB"
            print_table(title, measure(path, ours, folder))


if __name__ == "__main__":
    main()
