"""What the readers of rows share: what they look for, what they give, and what they count."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from core.errors import PretrainedError

Rows = tuple[list[bytes], np.ndarray]
"""Some usable rows: words in UTF-8, and their vectors, float32 (len(words), vector_size)."""
Wanted = frozenset[bytes] | None
"""Words in UTF-8 to look for; None: every word."""
BLANK = "blank line"
MALFORMED = "wrong number of values, or not numbers"
NOT_FINITE = "nan or infinity"
TOO_LARGE = "a value beyond a million"
NOT_UTF8 = "word is not UTF-8"
CUT_OFF = "cut off at the end of the file"


MOST_OF_A_VALUE = 1e6
"""No vector of a word has larger values; among others, one of 1e25 leaves nothing of any average or distance."""


@dataclass(slots=True)
class Tally:
    """What a reader has met so far.

    Attributes:
        rows: lines of any sort.
        reasons: unusable rows by what is wrong with them.
        duplicates: repeated words.
        respelled: a word is not used as the file spells it.
    """

    rows: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    respelled: bool = False

    @property
    def usable(self) -> int:
        return self.rows - self.reasons.total() - self.duplicates


def explain_tally(tally: Tally) -> str:
    """Why rows could not be used, in words."""
    return "; ".join(f"{reason}: {count:,}" for reason, count in tally.reasons.most_common()) or "no rows"


def refuse_unusable(tally: Tally, name: str) -> None:
    """Raise `PretrainedError` where no row of the file called `name` can be used, or most words are no text."""
    if not tally.usable:
        raise PretrainedError(f"{name} has no usable row ({explain_tally(tally)}). Download it again.")
    if 2 * tally.reasons[NOT_UTF8] > tally.rows - tally.reasons[BLANK]:
        raise PretrainedError(
            f"Most words of {name} are no text in UTF-8 ({tally.reasons[NOT_UTF8]:,} of {tally.rows:,} rows): its "
            "first line is wrong about how many values a word has, or it is in another encoding. Save it as UTF-8."
        )


def is_utf8(word: bytes) -> bool:
    """Whether a word can be shown."""
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def beyond_most(vectors: np.ndarray) -> np.ndarray:
    """Rows with a value beyond `MOST_OF_A_VALUE`: bool (rows,). A row of nan, which is refused anyhow, has none."""
    if not vectors.size or -MOST_OF_A_VALUE <= vectors.min() <= vectors.max() <= MOST_OF_A_VALUE:
        return np.zeros(len(vectors), bool)
    found: np.ndarray = (np.abs(vectors) > MOST_OF_A_VALUE).any(axis=1)
    return found


def find_usable(words: list[bytes], vectors: np.ndarray, wanted: Wanted, seen: set[bytes], tally: Tally) -> list[int]:
    """Which rows of `vectors` (rows, vector_size) are wanted, usable and new; the others are counted in `tally`.

    Args:
        wanted: None for all.
        seen: words that earlier rows had; those of the rows found are added.
    """
    kept = []
    checked = zip(words, np.isfinite(vectors).all(axis=1).tolist(), beyond_most(vectors).tolist(), strict=True)
    for row, (word, finite, large) in enumerate(checked):
        if wanted is not None and word not in wanted:
            continue
        if not word or b"\n" in word:
            tally.reasons[MALFORMED] += 1
        elif not finite:
            tally.reasons[NOT_FINITE] += 1
        elif large:
            tally.reasons[TOO_LARGE] += 1
        elif not is_utf8(word):
            tally.reasons[NOT_UTF8] += 1
        elif word in seen:
            tally.duplicates += 1
        else:
            seen.add(word)
            kept.append(row)
    return kept
