"""What a tokeniser's keys say of sentences and documents: flags.

A key is a chunk of text between white space, or a mark where a line or a document ends (core.text.tokens.tokenisers).
"""

from dataclasses import dataclass

import numpy as np

END = 1  # a sentence ends after this key
STARTS = 2  # a capitalised word that usually begins a sentence: "The", "However"
NOT_LOWER = 4  # begins with anything but a lower-case letter
END_IF_STARTS = 8  # ends a sentence if the next key STARTS one: "U.S.", "Inc."
END_IF_NOT_LOWER = 16  # ends a sentence if the next key is NOT_LOWER: "wait...", "Really?" he said
DOCUMENT = 32  # a document ends here

LINE_MARK, DOCUMENT_MARK = "\0", "\1"
"""Keys that say where a line or a document of text ends; documents lose these characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What keys read as.

    Attributes:
        tokens: of all keys; those of one key are neighbours, in order.
        starts, lengths: int32 (keys,), where each key's tokens are in `tokens`, and how many.
        flags: int8 (keys,), what each key says of sentences and documents.
    """

    tokens: list[str]
    starts: np.ndarray
    lengths: np.ndarray
    flags: np.ndarray


def read_in_order(tokens: list[str], lengths: list[int] | np.ndarray, flags: list[int] | np.ndarray) -> Readings:
    """Readings of which each key's tokens follow those of the key before."""
    sizes = np.asarray(lengths, np.int32)
    return Readings(tokens, np.cumsum(sizes, dtype=np.int32) - sizes, sizes, np.asarray(flags, np.int8))
