"""What a container of vectors has, and the blocks of rows that come out of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

ContainerKind = Literal["csv", "json", "numpy", "parquet", "safetensors", "fasttext-binary", "projector"]
BLOCK_VALUES = 1 << 19
"""So many values are read at a time."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Where words and vectors are in a container.

    Attributes:
        kind: of container.
        vector_size: values of each row.
        vocabulary: rows, or an estimate of them.
        exact: it is no estimate.
        matrix: what has the vectors: a member of the archive, a tensor; "" the file itself.
        words: what has the words, where that is something else: a member of the archive, or a file beside this one.
        note: what is odd about it, for the user.
        archive: matrix and words are members of one archive.
        has_parts: vectors can be made of parts of letters, of words that it lacks too.
    """

    kind: ContainerKind
    vector_size: int
    vocabulary: int
    exact: bool = True
    matrix: str = ""
    words: str = ""
    note: str = ""
    archive: bool = False
    has_parts: bool = False


class Block(NamedTuple):
    """Some rows: words in UTF-8, their vectors, float32 (len(words), vector_size), and how many more were malformed."""

    words: list[bytes]
    vectors: np.ndarray
    malformed: int = 0


Blocks = Iterator[Block]


def to_float32(values: Any) -> np.ndarray:
    """`values` as float32; what is too large for it becomes infinity, which no reader of rows lets pass."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(values, np.float32)


def cut_blocks(words: list[str], parts: Iterator[np.ndarray]) -> Blocks:
    """Blocks of `words` and the rows of a matrix, some rows at a time."""
    done = 0
    for part in parts:
        batch = words[done : done + len(part)]
        done += len(part)
        encoded = [word.encode("utf-8", "replace") for word in batch]
        yield Block(encoded, to_float32(part))
