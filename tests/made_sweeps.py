"""Small texts of topics, vectors without meaning, and sweeps of them in which one setting is planted as the best."""

import numpy as np
from small_texts import TOPICAL_WORDS, topical_documents

from core.pretrained.vectors import PretrainedVectors
from core.score.sweep.plan import SweepPlan, SweptVectors, make_plan
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document

FILE = "tiny"
SIZE = 8
IDLE, EAGER = 0.0001, 0.05
"""Learning rates at which a model learns nothing that shows, and at which it learns the topics."""


def topical_text(n_documents: int = 40, n_tokens: int = 120) -> Corpus:
    return build_corpus([Document(f"d{i}", text) for i, text in enumerate(topical_documents(n_documents, n_tokens))])


def tiny_vectors() -> PretrainedVectors:
    """Without meaning, for most of the words."""
    known = tuple(word for word in TOPICAL_WORDS if word[-1] not in "xyz")
    rows = np.random.default_rng(1).normal(size=(len(known), SIZE)).astype(np.float32)
    return PretrainedVectors(FILE, known, rows, "digest", "glove", len(known))


def planted_plan(seeds=(1,)) -> SweepPlan:
    """Four ways to fine-tune, and the untouched vectors; much is learned only in many epochs at the eager rate."""
    axes = {"epochs": (1, 8), "alpha": (IDLE, EAGER), "min_count": (1,)}
    return make_plan(["tuned", "pretrained"], axes, seeds, [SweptVectors(FILE, SIZE)])


PLANTED = {
    "strategy": "tuned", "vectors": FILE, "epochs": 8, "alpha": EAGER, "window": 5, "min_count": 1,
}  # fmt: skip
