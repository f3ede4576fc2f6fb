"""A workspace with finished models that nobody had to train, for tests of the maps."""

import numpy as np
from workspaces import save

from core.config import TrainConfig
from core.models.description import Sources, TextSource
from core.models.dose import apply_dose
from core.models.embedding import Embedding, save_embedding
from core.models.runs import keep_corpus, run_folder
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from core.workspace.asked_runs import Run
from core.workspace.texts import TextChoice
from core.workspace.workspace import Workspace

TOKEN = "0123456789abcdefghijkl"
LEFT, RIGHT = "a" * 20, "b" * 20
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
RIGHT_TO_LEFT = "שלום"


def vocabulary(n=80):
    return (*(f"word{number}" for number in range(n - 2)), LONG, RIGHT_TO_LEFT)


def make_run(identity, strategy, words, vectors, *, dose=None):
    """Store a model; with `dose` it is fine-tuned by random steps from `vectors`. Gives its configuration."""
    generator = np.random.default_rng(2)
    covered = np.arange(len(words)) % 4 > 0
    ends, details = None, {}
    if dose is not None:
        ends = (vectors.copy(), vectors + generator.normal(size=vectors.shape).astype(np.float32))
        ends[0][~covered] = ends[1][~covered]
        vectors = apply_dose(*ends, covered, dose)
        curve = [[at / 8, 0.7 + 0.02 * min(at, 8 - at)] for at in range(9)]
        details = {"dose": dose, "dose_curve": curve, "dose_chosen_on_heldout_text": True}
    config = TrainConfig(strategy=strategy, vector_size=vectors.shape[1])
    sources = Sources(TextSource("text", "digest"), seconds=1.0, covered=60, vocabulary=len(words))
    counts = np.arange(len(words), 0, -1)
    save_embedding(
        Embedding(strategy, words, vectors, counts, covered, config, sources, ends, details), run_folder(identity)
    )
    return config


def make_workspace(n=80, size=8, **fields):
    """Models from scratch on the left and fine-tuned on the right, over `n` words and one more on the right."""
    generator = np.random.default_rng(1)
    words = vocabulary(n)
    vectors = [generator.normal(size=(n + extra, size)).astype(np.float32) for extra in (0, 1)]
    text = " ".join(words[:2000])
    folder = keep_corpus(build_corpus([Document(f"{k}", text, ("sport", "politics")[k % 2]) for k in range(6)]))
    configs = {
        RIGHT: make_run(RIGHT, "tuned", (*words, "onlyright"), vectors[1], dose=0.5),
        LEFT: make_run(LEFT, "scratch", words, vectors[0]),
    }
    runs = tuple(Run(identity, config, "text", folder) for identity, config in configs.items())
    known = {"text": TextChoice("x"), "runs": runs, "left": LEFT, "right": RIGHT, "pins": ("word3", LONG)}
    save(TOKEN, Workspace(**{**known, **fields}))
