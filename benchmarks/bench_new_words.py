"""Where words that the vectors file lacks are put: by their contexts alone, and by their spelling too.

A tenth of the words that the file has is taken away from it, so that what they should be is known. Printed for each
text, three seeds: how near the places lie to the file's own vectors (cosine in the centred space; in how many percent
of the other words nearer words lie, median), and cloze questions about these words in held-out documents, asked of
models trained with one vector a word, at the dose that the development part chose: by both, and the difference with its
95 % interval over documents. CPU is that of looking at the spelling, beside that of the training.

    python benchmarks/bench_new_words.py FOLDER [--quick] [--texts lee brown government press] [--tuning]

FOLDER has glove.6B.50d.txt and brown.csv. `--tuning` takes the texts on which the rule was settled, none of which is
reported.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_full_glove import REPORTED, TUNING, read_text

from core.config import default_config
from core.geometry.directions import unit
from core.models.cloze import build_cloze, score_cloze
from core.models.dose import DOSES, apply_dose
from core.models.training import train
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.score.bootstrap import estimate_mean
from core.text.split import split_corpus

AWAY = 0.1


def take_away(vectors: PretrainedVectors, seed: int) -> PretrainedVectors:
    kept = np.flatnonzero(np.random.default_rng(seed).random(len(vectors.words)) >= AWAY)
    return replace(vectors, words=tuple(vectors.words[row] for row in kept), vectors=np.asarray(vectors.vectors)[kept])


def places(made, vectors: PretrainedVectors) -> tuple[float, float]:
    """Mean cosine of the new words' places with the file's vectors, and the median share of words that lie nearer."""
    rows = vectors.rows_for(made.words)
    known = rows >= 0
    true = np.asarray(vectors.vectors)[rows[known]]
    mean = true[made.covered[known]].mean(axis=0)
    true, put = unit(true - mean), unit(made.vectors[known] - mean)
    new = np.flatnonzero(~made.covered[known])
    alike = put[new] @ true.T
    own = alike[np.arange(len(new)), new]
    return float(own.mean()), float(np.median((alike > own[:, None]).mean(axis=1)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quick", action="store_true", help="one seed")
    parser.add_argument("--texts", nargs="+", default=None)
    parser.add_argument("--tuning", action="store_true")
    options = parser.parse_args()
    texts = options.texts or list(TUNING if options.tuning else REPORTED)
    print("| text | questions | cosine: contexts, spelling too | nearer, % | cloze of new words | points | CPU s |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for name in texts:
        corpus = read_text(name, options.folder)
        file = open_pretrained(options.folder / "glove.6B.50d.txt", corpus.words)
        near, cpu, answers, documents = [], [], {False: [], True: []}, []
        for seed in range(1, 2 if options.quick else 4):
            split, vectors = split_corpus(corpus, seed), take_away(file, seed)
            usual = {"vector_size": vectors.vector_size, "seed": seed, "min_count": 2}
            found, spent = [], []
            for spelled in (False, True):
                began = time.process_time()
                put = train(split.train, default_config("pretrained", spelled=spelled, **usual), vectors)
                spent.append(time.process_time() - began)
                found += places(put, file)
                made = train(split.train, default_config("tied", spelled=spelled, dose=1.0, **usual), vectors)
                ask = build_cloze(split.development, made.words, made.counts, made.covered, seed)
                curve = [score_cloze(ask, apply_dose(*made.ends, made.covered, dose)).mean() for dose in DOSES]
                chosen = apply_dose(*made.ends, made.covered, DOSES[int(np.argmax(curve))])
                new = ~made.covered & (file.rows_for(made.words) >= 0)
                held = [*split.test, *split.development]
                asked = build_cloze(held, made.words, made.counts, made.covered, seed, hidden=new)
                answers[spelled].append(score_cloze(asked, chosen))
            documents.append(asked.groups + seed * 10**6)
            near.append(found)
            cpu.append(spent[1] - spent[0])
        before, after = (np.concatenate(answers[each]) for each in (False, True))
        groups = np.unique(np.concatenate(documents), return_inverse=True)[1]
        gain = estimate_mean(100 * (after - before), groups, 1)
        alone, alone_share, both, both_share = np.mean(near, axis=0)
        print(
            f"| {name} | {len(after):,} | {alone:.2f}, {both:.2f} | {100 * alone_share:.2f}, {100 * both_share:.2f} "
            f"| {before.mean():.3f}, {after.mean():.3f} | {(100 * (after - before)).mean():+.1f} "
            f"[{gain.low:+.1f}, {gain.high:+.1f}] | {np.mean(cpu):.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
