"""Small texts, and vectors files for their words."""

import numpy as np

from core.pretrained.vectors import write_glove

SENTENCES = (
    "The river runs past the old bank of stone. Water falls over the river bank in spring.",
    "The bank lends money to the town. Money in the bank earns interest for the town.",
    "A king and a queen rule the town. The queen gave the king a crown of gold.",
    "Dogs and cats drink water from the river. A dog chased a cat across the bank.",
)
LINES = (
    "the river runs past the old bank of stone and water falls over the river bank",
    "the bank lends money to the town and money in the bank earns interest",
    "a king and a queen rule the town and the queen gave the king a crown",
    "dogs and cats drink water from the river and a dog chased a cat",
)
TOPICAL_WORDS = ["".join(chr(97 + i // 26**k % 26) for k in (2, 1, 0)) for i in range(320)]
"""For documents of four topics: each knows every fourth of these words best."""


def small_glove(path, lines=SENTENCES, without=(), extra=(), vector_size=8):
    """Random vectors for the words of `lines` in lower case, but for `without`, and for `extra`. Gives `path`."""
    words = sorted({word.strip(".").lower() for line in lines for word in line.split()} - set(without) | set(extra))
    write_glove(path, words, np.random.default_rng(1).normal(size=(len(words), vector_size)).astype(np.float32))
    return path


def topical_documents(n_documents: int, n_tokens: int = 120, seed: int = 0) -> list[str]:
    """Documents of one of four topics, out of words of that topic and words of any: enough to be asked about."""
    rng = np.random.default_rng(seed)
    own = [np.arange(topic, len(TOPICAL_WORDS), 4) for topic in range(4)]
    drawn = [
        np.where(
            rng.random(n_tokens) < 0.7, rng.choice(own[i % 4], n_tokens), rng.integers(0, len(TOPICAL_WORDS), n_tokens)
        )
        for i in range(n_documents)
    ]
    return [" ".join(TOPICAL_WORDS[j] for j in document) for document in drawn]


def topical_glove(path, size: int = 8, seed: int = 1) -> None:
    """Vectors without meaning for most of the topical words."""
    words = [word for word in TOPICAL_WORDS if word[-1] not in "xyz"]
    write_glove(path, words, np.random.default_rng(seed).normal(size=(len(words), size)).astype(np.float32))
