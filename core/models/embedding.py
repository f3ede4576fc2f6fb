"""An embedding: one vector for each word of a corpus's vocabulary, and how to make it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.config import TrainConfig
from core.system.files import digest_of, new_folder, read_json, read_words, write_json, write_words

_SOURCES = ("versions", "seconds", "covered", "vocabulary")


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
        sources: digests and names of the inputs, versions, seconds: what run.json holds beside the config.
        ends: for a model with a dose, the vectors at dose 0 and at dose 1, each float32 (len(words), vector_size).
        details: what else training found out, e.g. the dose curve; JSON values only.
    """

    name: str
    words: tuple[str, ...]
    vectors: np.ndarray
    counts: np.ndarray
    covered: np.ndarray
    config: TrainConfig
    sources: Mapping[str, Any]
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


def save_embedding(embedding: Embedding, folder: Path) -> None:
    """Write `embedding` to `folder`, whole or not at all; no pickle."""
    with new_folder(folder) as new:
        write_words(new / "words.txt", embedding.words)
        for name in ("vectors", "counts", "covered"):
            np.save(new / f"{name}.npy", getattr(embedding, name), allow_pickle=False)
        if embedding.ends is not None:
            np.save(new / "dose0.npy", embedding.ends[0], allow_pickle=False)
            np.save(new / "dose1.npy", embedding.ends[1], allow_pickle=False)
        write_json(new / "run.json", describe_run(embedding))


def describe_run(embedding: Embedding) -> dict[str, Any]:
    """What run.json says: JSON values, from which the same vectors can be made again."""
    sources = dict(embedding.sources)
    inputs = {name: sources.pop(name) for name in ("corpus", "pretrained")}
    return {
        "name": embedding.name,
        "strategy": embedding.config.strategy,
        "seed": embedding.config.seed,
        "config": embedding.config.as_dict(),
        "inputs": inputs,
        **sources,
        "details": dict(embedding.details),
        "result": result_digest(embedding),
    }


def check_record(record: Any) -> None:
    """Raise `ValueError`, `KeyError` or `TypeError` unless `record` can be what `describe_run` gave.

    A run.json may have been edited by hand.
    """
    inputs, details = record["inputs"], record["details"]
    corpus, pretrained = inputs["corpus"], inputs["pretrained"]
    whole = (
        isinstance(corpus, dict)
        and isinstance(pretrained, dict | None)
        and isinstance(record["config"], dict)
        and isinstance(details, dict)
        and isinstance(details.get("dose", 1.0), int | float | None)
    )
    if not whole:
        raise ValueError("its inputs, config or details are not what Vectune wrote")


def result_digest(embedding: Embedding) -> str:
    """Names words and vectors to the last bit."""
    return digest_of("\n".join(embedding.words), np.asarray(embedding.vectors))


def load_embedding(folder: Path) -> Embedding:
    """What `save_embedding` wrote; vectors are read-only memory maps."""
    about = read_json(folder / "run.json")
    check_record(about)
    ends = None
    if (folder / "dose1.npy").exists():
        ends = (np.load(folder / "dose0.npy", mmap_mode="r"), np.load(folder / "dose1.npy", mmap_mode="r"))
    return Embedding(
        name=about["name"],
        words=read_words(folder / "words.txt"),
        vectors=np.load(folder / "vectors.npy", mmap_mode="r"),
        counts=np.load(folder / "counts.npy"),
        covered=np.load(folder / "covered.npy"),
        config=TrainConfig(**about["config"]),
        sources={**about["inputs"], **{name: about[name] for name in _SOURCES}},
        ends=ends,
        details=about["details"],
    )
