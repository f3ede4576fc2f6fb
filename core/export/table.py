"""Words and vectors to be written out: a model's own vocabulary, or merged into all that its pretrained file has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from core.errors import ExportError
from core.geometry.alignment import Movement, find_movement
from core.methods import METHODS
from core.models.description import RunDescription
from core.models.embedding import Embedding, describe_run
from core.pretrained.vectors import PretrainedVectors
from core.system.threads import one_thread

Rest = Literal["untouched", "moved"]
"""What becomes of the file's words that the text does not have."""

_BLOCK = 4096

REASONS: dict[Rest, str] = {
    "untouched": (
        "The file's other words keep their rows bit for bit: the model lives in the file's own space, so words of both "
        "kinds can be compared as they are."
    ),
    "moved": (
        "The file's other words are moved into the model's space, so that words of both kinds can be compared: turned, "
        "scaled and shifted as best lays the file's rows of the model's words over the model's vectors. The model's "
        "own vectors stay bit for bit."
    ),
}


class RowBlock(NamedTuple):
    """Some rows of a table, in order: words, float32 (n, vector_size), and int64 (n,) counts in the text."""

    words: Sequence[str]
    vectors: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True, slots=True)
class TableSource:
    """What a file of vectors says of itself, where its format has a place for it: as JSON.

    Attributes:
        run: the model, as in its run.json.
        vocabulary: whose words they are.
        others: what became of the words that are not the text's.
    """

    run: RunDescription
    vocabulary: str
    others: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class VectorTable:
    """What is written out, row by row, so that a file of gigabytes is never in memory as a whole.

    Attributes:
        words: the model's, by falling count, then the file's other words in the file's order.
        counts: int64 (words,) in the text; 0 for words that it does not have.
        own: float32 (the model's words, vector_size).
        others: float32 (rows of the file, vector_size), empty when the vocabulary is the text's alone.
        other_rows: int64, rows of `others` that come after `own`.
        movement: of these rows; None leaves them as they are.
        about: where the vectors come from.
    """

    words: tuple[str, ...]
    counts: np.ndarray
    own: np.ndarray
    others: np.ndarray
    other_rows: np.ndarray
    movement: Movement | None
    about: TableSource

    @property
    def vector_size(self) -> int:
        return int(self.own.shape[1])

    def __len__(self) -> int:
        return len(self.words)

    def blocks(self) -> Iterator[RowBlock]:
        """All rows, some thousand at a time."""
        own = len(self.own)
        for begin in range(0, own, _BLOCK):
            end = min(begin + _BLOCK, own)
            yield RowBlock(self.words[begin:end], np.asarray(self.own[begin:end]), self.counts[begin:end])
        for begin in range(0, len(self.other_rows), _BLOCK):
            rows = np.asarray(self.others[self.other_rows[begin : begin + _BLOCK]])
            moved = rows if self.movement is None else self.movement.apply(rows)
            place = slice(own + begin, own + begin + len(rows))
            yield RowBlock(self.words[place], moved, self.counts[place])

    def matrix(self) -> np.ndarray:
        """All vectors, float32 (words, vector_size)."""
        return np.concatenate([block.vectors for block in self.blocks()])


def own_table(embedding: Embedding) -> VectorTable:
    """The vocabulary of the text."""
    nothing = np.empty((0, embedding.vector_size), np.float32)
    return VectorTable(
        words=embedding.words,
        counts=embedding.counts,
        own=embedding.vectors,
        others=nothing,
        other_rows=np.empty(0, np.int64),
        movement=None,
        about=TableSource(describe_run(embedding), "text"),
    )


def usual_rest(strategy: str) -> Rest:
    """What fits a model: one that was learned in a space of its own needs the file moved into it."""
    return "untouched" if METHODS[strategy].needs_vectors else "moved"


def merged_table(embedding: Embedding, pretrained: PretrainedVectors, rest: Rest | None = None) -> VectorTable:
    """The model's words, then every other word of the file.

    Args:
        embedding: the model; its vectors stay as they are.
        pretrained: all rows of the file.
        rest: what becomes of the file's other words; None takes `usual_rest`.

    Raises:
        ExportError: the model was made from another file, or the two spaces cannot be brought together.
    """
    rest = rest or usual_rest(embedding.config.strategy)
    _check_fit(embedding, pretrained, rest)
    known = frozenset(embedding.words)
    other_rows = np.array([row for row, word in enumerate(pretrained.words) if word not in known], np.int64)
    return VectorTable(
        words=(*embedding.words, *(pretrained.words[row] for row in other_rows.tolist())),
        counts=np.concatenate([embedding.counts, np.zeros(len(other_rows), np.int64)]),
        own=embedding.vectors,
        others=pretrained.vectors,
        other_rows=other_rows,
        movement=_find_movement(embedding, pretrained) if rest == "moved" else None,
        about=TableSource(describe_run(embedding), f"text and {pretrained.name}", REASONS[rest]),
    )


def _check_fit(embedding: Embedding, pretrained: PretrainedVectors, rest: Rest) -> None:
    made_from = embedding.sources.pretrained
    if made_from is not None and made_from.digest != pretrained.digest:
        raise ExportError(
            f"This model was made from {made_from.name}, and {pretrained.name} is another file or has changed. "
            f"Choose the same {made_from.name}, or export the text's vocabulary only."
        )
    if embedding.vector_size != pretrained.vector_size:
        raise ExportError(
            f"The model has {embedding.vector_size} dimensions and {pretrained.name} has {pretrained.vector_size}, so "
            "they cannot share a file. Export the text's vocabulary only, or train with the file's vector_size."
        )
    if rest == "untouched" and not METHODS[embedding.config.strategy].needs_vectors:
        raise ExportError(
            "This model learned a space of its own: similarities between its words and untouched words of "
            f"{pretrained.name} would mean nothing. Have the others moved, or export the text's vocabulary only."
        )


@one_thread()
def _find_movement(embedding: Embedding, pretrained: PretrainedVectors) -> Movement:
    """From the file's rows of the model's words to the model's vectors."""
    rows = pretrained.rows_for(embedding.words)
    shared = np.flatnonzero(rows >= 0)
    if len(shared) < embedding.vector_size:
        raise ExportError(
            f"The text and {pretrained.name} share {len(shared):,} words; to move the others along, at least as many "
            f"are needed as there are dimensions ({embedding.vector_size}). Export the text's vocabulary only."
        )
    return find_movement(pretrained.vectors[rows[shared]], embedding.vectors[shared]).single
