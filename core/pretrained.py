"""Files of pretrained vectors, opened for the words of a corpus."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class PretrainedVectors:
    """Rows of a vectors file. Read-only.

    Attributes:
        name: the file's name.
        words: of the rows that are here (all of the file's, or those a corpus needs), in the file's order.
        vectors: float32 (len(words), vector_size), as in the file.
        digest: names the file's content, whichever rows are here.
        kind: "glove", "glove-header", "word2vec-text", "word2vec-binary", "fasttext".
        vocabulary: rows of the file that are usable.
        skipped_rows: rows that could not be used (wrong number of values, not a number, nan or infinity).
        duplicates: rows whose word had come before; the first one counts.
    """

    name: str
    words: tuple[str, ...]
    vectors: np.ndarray
    digest: str
    kind: str
    vocabulary: int
    skipped_rows: int = 0
    duplicates: int = 0

    @property
    def vector_size(self) -> int:
        return int(self.vectors.shape[1])

    def rows_for(self, words: Sequence[str]) -> np.ndarray:
        """Row of each word, -1 where there is none: int64 (len(words),)."""
        index = {word: row for row, word in enumerate(self.words)}
        return np.array([index.get(word, -1) for word in words], np.int64)
