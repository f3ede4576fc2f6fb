"""A text in three parts: what models learn from, what choices are made on, and what scores are asked of."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.duplicates import find_repeats
from core.text.resampling import take_units

HeldOutUnit = Literal["documents", "blocks"]
HeldOutBlock = tuple[str, ...]
"""Consecutive tokens of held-out text, as words, so that it can be read by a model of any vocabulary."""

MIN_DOCUMENTS = 10
"""With fewer, even all test parts together would have too few documents to say anything about new ones."""
LARGEST_SHARE = 0.3
"""A document with more of the text than this would make the split depend on which part it falls in."""
BLOCK_TOKENS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A text in three parts. Made by `split_corpus`.

    Attributes:
        train: the training part, a corpus of its own: counts, order of words and digest are its own. Its documents
            are the units of the split, in reading order.
        development: blocks for choices such as the dose, in reading order; empty when the text is too short.
        test: blocks for the final score, likewise.
        unit: whether whole documents or 200-token blocks were set aside.
        development_documents: index in the full corpus of the document each development block comes from.
        test_documents: likewise for the test blocks.
        near_duplicates: held-out units left out of all three parts because text placed before them repeats them.
        seed: of the split.
    """

    train: Corpus
    development: tuple[HeldOutBlock, ...]
    test: tuple[HeldOutBlock, ...]
    unit: HeldOutUnit
    development_documents: tuple[int, ...]
    test_documents: tuple[int, ...]
    near_duplicates: int
    seed: int


def write_units(unit: HeldOutUnit, n: int) -> str:
    """E.g. "44 documents", "1 stretch of 200 words"."""
    if unit == "documents":
        return count("document", n)
    return f"{n:,} {'stretch' if n == 1 else 'stretches'} of {BLOCK_TOKENS} words"


def split_corpus(
    corpus: Corpus, seed: int, shares: tuple[float, float, float] = (0.7, 0.15, 0.15), *, fold: int = 0
) -> Split:
    """Set a development and a test part of `corpus` aside, at random by `seed`.

    Whole documents are set aside; with fewer than 10 documents, or one that holds over 30 % of the text, blocks of
    200 tokens are (`Split.unit` says which). A text of fewer than three units has everything in `train`.
    A development unit that repeats the training part, or a test unit that repeats either (or an earlier unit of its
    own part), is kept out of all parts and counted.

    Args:
        fold: shifts the parts by so many test parts over the same random order of units. The test parts of the folds 0
            to `count_folds` - 1 have no unit in common.

    Raises:
        ValueError: `shares` are not three positive numbers with sum 1, or there is no such fold.
    """
    if len(shares) != 3 or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"shares must be three positive numbers with sum 1, not {shares}")
    unit, starts = _units(corpus)
    order = np.random.default_rng(seed).permutation(len(starts) - 1)
    train, development, test = _assign(order, shares, fold)
    repeated = find_repeats(corpus.tokens, starts, np.concatenate([train, development, test])).repeated
    kept = [part[~repeated[part]] for part in (development, test)]
    words = np.array(corpus.words, object)
    blocks = [tuple(tuple(words[corpus.tokens[starts[i] : starts[i + 1]]]) for i in part) for part in kept]
    documents = np.searchsorted(corpus.document_starts, starts[:-1], side="right") - 1
    return Split(
        train=take_units(corpus, starts, train, f"{corpus.name} (training part)"),
        development=blocks[0],
        test=blocks[1],
        unit=unit,
        development_documents=tuple(documents[kept[0]].tolist()),
        test_documents=tuple(documents[kept[1]].tolist()),
        near_duplicates=len(development) + len(test) - len(kept[0]) - len(kept[1]),
        seed=seed,
    )


def _units(corpus: Corpus) -> tuple[HeldOutUnit, np.ndarray]:
    """What is set aside as a whole, and offsets of the units into the tokens: int64 (units + 1,). None is empty."""
    starts = np.unique(corpus.document_starts)
    lengths = np.diff(starts)
    if len(lengths) >= MIN_DOCUMENTS and lengths.max() <= LARGEST_SHARE * lengths.sum():
        return "documents", starts
    cuts = []
    for start, length in zip(starts[:-1], lengths, strict=True):
        # the last block of a document takes the rest, so that none is shorter than a block unless its document is
        cuts.append(start + BLOCK_TOKENS * np.arange(max(1, length // BLOCK_TOKENS)))
    return "blocks", np.append(np.concatenate(cuts), starts[-1])


def count_folds(corpus: Corpus, test_share: float = 0.15) -> int:
    """How many test parts `corpus` has room for, 1 at least."""
    n_units = count_units(corpus)
    return 1 if n_units < 3 else n_units // _held_units(n_units, test_share)


def count_units(corpus: Corpus) -> int:
    """Into how many units `corpus` is cut: its documents, or blocks."""
    return len(_units(corpus)[1]) - 1


def _held_units(n_units: int, share: float) -> int:
    return max(1, round(share * n_units))


def _assign(
    order: np.ndarray, shares: tuple[float, float, float], fold: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Units of each part in reading order, given the units in random order."""
    n_units = len(order)
    if n_units < 3:
        return np.sort(order), order[:0], order[:0]
    n_development, n_test = (_held_units(n_units, share) for share in shares[1:])
    if not 0 <= fold < n_units // n_test:
        raise ValueError(f"there is no fold {fold}; there are {n_units // n_test}")
    order = np.roll(order, -fold * n_test)
    held = n_development + n_test
    return np.sort(order[held:]), np.sort(order[n_test:held]), np.sort(order[:n_test])
