"""An embedding: one vector for each word of a corpus's vocabulary, and how to make it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.config import TrainConfig
from core.models.description import RunDescription, RunInputs, Sources
from core.system.files import digest_of, new_folder, read_words, write_words
from core.system.typed_json import read_record, write_record
from core.text.tokens.tokenisers import without_place


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Vectors of the corpus's vocabulary. Arrays are float32, C-contiguous and read-only.

    Attributes:
        name: what to call it in front of the user.
        words: the corpus's vocabulary at config.min_count, by falling count.
        vectors: float32 (len(words), vector_size).
        counts: int64 (len(words),) in the corpus.
        covered: bool (len(words),): the pretrained file has the word (all False from scratch).
        config: the settings, with nothing left to be guessed.
        sources: digests and names of the inputs, versions, seconds.
        ends: for a model with a dose, the vectors at dose 0 and at dose 1, each float32 (len(words), vector_size).
        details: what else training found out, e.g. the dose curve; JSON values only.
    """

    name: str
    words: tuple[str, ...]
    vectors: np.ndarray
    counts: np.ndarray
    covered: np.ndarray
    config: TrainConfig
    sources: Sources
    ends: tuple[np.ndarray, np.ndarray] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.vectors.shape[0] != len(self.words) or len(self.counts) != len(self.words):
            raise ValueError(
                f"{len(self.words)} words, {len(self.vectors)} vectors and {len(self.counts)} counts do not match"
            )
        for array in (self.vectors, self.counts, self.covered, *(self.ends or ())):
            array.flags.writeable = False

    @property
    def vector_size(self) -> int:
        return int(self.vectors.shape[1])

    @property
    def dose(self) -> float | None:
        """Share of the change that these vectors have; None for a model without a dose."""
        return self.details.get("dose")


def save_embedding(embedding: Embedding, folder: Path) -> None:
    """Write `embedding` to `folder`, whole or not at all; no pickle."""
    with new_folder(folder) as new:
        write_words(new / "words.txt", embedding.words)
        for name in ("vectors", "counts", "covered"):
            np.save(new / f"{name}.npy", getattr(embedding, name), allow_pickle=False)
        if embedding.ends is not None:
            np.save(new / "dose0.npy", embedding.ends[0], allow_pickle=False)
            np.save(new / "dose1.npy", embedding.ends[1], allow_pickle=False)
        write_record(new / "run.json", describe_run(embedding))


def describe_run(embedding: Embedding) -> RunDescription:
    """What run.json says, from which the same vectors can be made again."""
    sources = embedding.sources
    return RunDescription(
        name=embedding.name,
        strategy=embedding.config.strategy,
        seed=embedding.config.seed,
        config=embedding.config,
        inputs=RunInputs(sources.corpus, sources.pretrained),
        versions=sources.versions,
        seconds=sources.seconds,
        covered=sources.covered,
        vocabulary=sources.vocabulary,
        details=embedding.details,
        result=result_digest(embedding),
    )


def result_digest(embedding: Embedding) -> str:
    """Names words and vectors to the last bit."""
    return digest_of("\n".join(embedding.words), np.asarray(embedding.vectors))


def load_embedding(folder: Path) -> Embedding:
    """What `save_embedding` wrote; vectors are read-only memory maps.

    Raises:
        OSError, ValueError: it is not there, or damaged.
    """
    about = read_record(folder / "run.json", RunDescription)
    if not isinstance(about.details.get("dose"), int | float | None):
        raise ValueError("its dose is no number")
    text = about.sources.corpus
    ends = None
    if (folder / "dose1.npy").exists():
        ends = (np.load(folder / "dose0.npy", mmap_mode="r"), np.load(folder / "dose1.npy", mmap_mode="r"))
    return Embedding(
        name=about.name,
        words=read_words(folder / "words.txt"),
        vectors=np.load(folder / "vectors.npy", mmap_mode="r"),
        counts=np.load(folder / "counts.npy"),
        covered=np.load(folder / "covered.npy"),
        config=about.config,
        sources=replace(about.sources, corpus=replace(text, options=without_place(text.options))),
        ends=ends,
        details=about.details,
    )
