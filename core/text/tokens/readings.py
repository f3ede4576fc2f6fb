"""What the keys of a tokeniser read as: tokens, and flags that say of sentences and documents.

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
ABSENT = 64  # nobody sees anything of it: its neighbours are next to each other

LINE_MARK, DOCUMENT_MARK = "\0", "\1"
"""Keys that say where a line or a document of text ends; documents lose these characters."""


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What keys read as.

    Attributes:
        tokens: of all keys, in order.
        lengths: int32 (keys,), how many tokens each key has.
        flags: int8 (keys,), what each key says of sentences and documents.
    """

    tokens: list[str]
    lengths: np.ndarray
    flags: np.ndarray
