"""Models that nobody had to train, over words that are hard to print."""

import numpy as np

from core.config import TrainConfig
from core.models.description import Sources, TextSource, VectorsSource
from core.models.embedding import Embedding

WORDS = ("<script>alert(1)</script>", "a&b", "日本語", "quo\"te'", *(f"word{i}" for i in range(60)))


def embedding_of(strategy, seed):
    rng = np.random.default_rng(seed)
    covered = np.arange(len(WORDS)) % 3 > 0
    return Embedding(
        name=strategy,
        words=WORDS,
        vectors=rng.normal(size=(len(WORDS), 6)).astype(np.float32),
        counts=np.arange(len(WORDS) + 10, 10, -1, dtype=np.int64),
        covered=covered,
        config=TrainConfig(strategy=strategy, vector_size=6),
        sources=Sources(
            TextSource("letters <1912>.txt", "textdigest"),
            VectorsSource("glove.txt", "vectordigest", "glove"),
            {"vectune": "9.9", "numpy": "2"},
            seconds=1.0,
            covered=int(covered.sum()),
            vocabulary=len(WORDS),
        ),
        details={"dose": 0.25} if strategy == "tuned" else {},
    )
