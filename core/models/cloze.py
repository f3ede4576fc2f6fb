"""Text that training does not see: how it is set aside, and the fill-in-the-blank questions made from it.

One question ("cloze"): a word is hidden, and the model must prefer it to up to ten other words of about
the same frequency (ten are drawn, and one may be drawn twice), seeing the words around it. Chance is 0.5 for every
text and every model. Formulas: docs/science.md, sections 1 and 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from core.errors import EvaluationError
from core.text.corpus import Corpus
from core.text.resampling import take_units

Unit = Literal["documents", "blocks"]
Block = tuple[str, ...]
"""Consecutive tokens of held-out text, as words, so that it can be read by a model of any vocabulary."""

MIN_DOCUMENTS = 30
"""With fewer, too few documents would be held out to tell documents apart from chance."""
LARGEST_SHARE = 0.3
"""A document with more of the text than this would make the split depend on which part it falls in."""
BLOCK_TOKENS = 200
SHINGLE_TOKENS = 5
REPEATED_SHARE = 0.5
"""A held-out unit is a near-duplicate when this share of its 5-token sequences has come before."""

FREQUENT_WORDS = 50
"""The most frequent words are never hidden: they fit everywhere."""
MIN_CONTEXT = 3
SIF_A = 1e-3
"""Arora et al. 2017: a word of frequency p weighs a / (a + p) in a mean of word vectors."""


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
    development: tuple[Block, ...]
    test: tuple[Block, ...]
    unit: Unit
    development_documents: tuple[int, ...]
    test_documents: tuple[int, ...]
    near_duplicates: int
    seed: int


def split_corpus(
    corpus: Corpus, seed: int, shares: tuple[float, float, float] = (0.7, 0.15, 0.15), *, fold: int = 0
) -> Split:
    """Set a development and a test part of `corpus` aside, at random by `seed`.

    Whole documents are set aside; with fewer than 30 documents, or one that holds over 30 % of the text, blocks of
    200 tokens are (`Split.unit` says which). A text of fewer than three units has everything in `train`.
    A development unit that repeats the training part, or a test unit that repeats either (or an earlier unit of its
    own part), is kept out of all parts and counted.

    Args:
        fold: turns the parts over the same random order of units by so many test parts: the test parts of the folds
            0 to `count_folds` - 1 have no unit in common.

    Raises:
        ValueError: `shares` are not three positive numbers with sum 1, or there is no such fold.
    """
    if len(shares) != 3 or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"shares must be three positive numbers with sum 1, not {shares}")
    unit, starts = _units(corpus)
    order = np.random.default_rng(seed).permutation(len(starts) - 1)
    train, development, test = _assign(order, shares, fold)
    repeated = _repeated(corpus.tokens, starts, np.concatenate([train, development, test]))
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


def _units(corpus: Corpus) -> tuple[Unit, np.ndarray]:
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
    n_units = len(_units(corpus)[1]) - 1
    return 1 if n_units < 3 else n_units // _held_units(n_units, test_share)


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


def _repeated(tokens: np.ndarray, starts: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Which units mostly repeat units that come before them in `order`: bool (units,).

    A unit is compared by its distinct sequences of 5 tokens (all of it, if shorter), hashed to 64 bits.
    """
    lengths = np.diff(starts)
    position_unit = np.repeat(np.arange(len(lengths)), lengths)
    place = np.empty(len(lengths), np.int64)
    place[order] = np.arange(len(order))
    n = len(tokens)
    # 0 stands for "past the end", so that a unit shorter than a shingle is one shingle
    values = np.append(tokens.astype(np.uint64) + np.uint64(1), np.zeros(SHINGLE_TOKENS, np.uint64))
    unit_at = np.append(position_unit, np.full(SHINGLE_TOKENS, -1))
    hashes = np.zeros(n, np.uint64)
    for offset in range(SHINGLE_TOKENS):
        inside = unit_at[offset : offset + n] == position_unit
        hashes = (hashes ^ np.where(inside, values[offset : offset + n], np.uint64(0))) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(29)
    from_start = np.arange(n) - starts[position_unit]
    complete = (from_start + SHINGLE_TOKENS <= lengths[position_unit]) | (from_start == 0)
    hashes, owner = hashes[complete], place[position_unit[complete]]
    by_place = np.lexsort((owner, hashes))
    hashes, owner = hashes[by_place], owner[by_place]
    new_hash = np.append(True, hashes[1:] != hashes[:-1])
    distinct = new_hash | np.append(True, owner[1:] != owner[:-1])
    first_owner = owner[new_hash][np.cumsum(new_hash) - 1]
    all_shingles = np.bincount(owner[distinct], minlength=len(lengths))
    seen_before = np.bincount(owner[distinct & (owner > first_owner)], minlength=len(lengths))
    repeated: np.ndarray = (seen_before >= REPEATED_SHARE * all_shingles)[place]
    return repeated


@dataclass(frozen=True, slots=True, eq=False)
class Cloze:
    """Fill-in-the-blank questions, the same for every model of one vocabulary. Made by `build_cloze`.

    Attributes:
        targets: int64 (positions,), row of the hidden word.
        distractors: int64 (positions, distractors), rows of the words it must beat.
        contexts: scipy CSR (positions, words), the weight of each visible word.
        groups: int64 (positions,), index of the block each question comes from.
        offsets: int64 (positions,), index of the hidden word within its block.
        evaluated: int64, rows that every model's vectors are centred on: in the vocabulary and in the pretrained file.
    """

    targets: np.ndarray
    distractors: np.ndarray
    contexts: Any
    groups: np.ndarray
    offsets: np.ndarray
    evaluated: np.ndarray

    def __len__(self) -> int:
        return len(self.targets)


def build_cloze(
    blocks: Sequence[Sequence[str]],
    words: Sequence[str],
    counts: np.ndarray,
    covered: np.ndarray,
    seed: int,
    *,
    positions: int = 4000,
    window: int = 5,
    distractors: int = 10,
    hidden: np.ndarray | None = None,
) -> Cloze:
    """Questions from `blocks` for models whose vocabulary is `words`.

    A word is hidden when it is covered, not among the 50 most frequent, has at least 3 covered words within `window`
    tokens and does not occur there itself; of more than `positions` such places that many are drawn. Its distractors
    are drawn from the covered words whose frequency rank is within max(25, 10 %) of its own.

    Args:
        blocks: held-out text.
        words: vocabulary of the models, by falling count.
        counts: (words,) in the training part.
        covered: bool (words,), which words the pretrained file has: the same questions then suit models that start
            from the file and models that do not. To compare models without any file, pass all True.
        seed: of the draws.
        hidden: bool (words,), which words may be hidden and serve as distractors; None for the covered ones. With
            the words that are not covered, the questions are about new words, seen among covered ones.

    Returns:
        The questions; none at all (length 0) when the text has no suitable place. Callers decide what that means.
    """
    counts = np.asarray(counts, np.float64)
    if len(words) != len(counts) or len(words) != len(covered):
        raise ValueError(f"{len(words)} words, {len(counts)} counts and {len(covered)} covered do not match")
    if (np.diff(counts) > 0).any():
        raise ValueError("words must be ordered by falling count")
    covered = np.asarray(covered, bool)
    hidden = covered if hidden is None else np.asarray(hidden, bool)
    choices = np.flatnonzero(hidden)
    rng = np.random.default_rng(seed)
    targets, context, groups, offsets = _questions(blocks, words, covered, hidden, window)
    if len(choices) < 2:
        targets, context, groups, offsets = targets[:0], context[:0], groups[:0], offsets[:0]
    if len(targets) > positions:
        drawn = np.sort(rng.choice(len(targets), positions, replace=False))
        targets, context, groups, offsets = targets[drawn], context[drawn], groups[drawn], offsets[drawn]
    return Cloze(
        targets=targets,
        distractors=_draw_distractors(targets, choices, len(words), distractors, rng),
        contexts=_weigh_contexts(context, SIF_A / (SIF_A + counts / max(counts.sum(), 1))),
        groups=groups,
        offsets=offsets,
        evaluated=np.flatnonzero(covered),
    )


def _questions(
    blocks: Sequence[Sequence[str]], words: Sequence[str], covered: np.ndarray, hidden: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every suitable place: target (n,), context (n, 2 * window) with -1 for no word, block (n,), offset (n,)."""
    index = {word: row for row, word in enumerate(words)}
    lengths = np.array([len(block) for block in blocks], np.int64)
    gap = [-1] * window
    padded = list(gap)  # blocks apart by a window of nothing, so that one sliding window serves them all
    for block in blocks:
        padded.extend(index.get(word, -1) for word in block)
        padded.extend(gap)
    rows = np.array(padded, np.int64)
    seen = np.where((rows >= 0) & covered[rows], rows, -1) if len(words) else rows
    group = np.repeat(np.arange(len(blocks)), lengths)
    place = np.arange(lengths.sum()) + window * (group + 1)
    may_hide = (rows[place] >= FREQUENT_WORDS) & hidden[rows[place]] if len(words) else np.zeros(len(place), bool)
    place, group = place[may_hide], group[may_hide]
    around = np.array([*range(-window, 0), *range(1, window + 1)])
    context = seen[place[:, None] + around]
    suitable = ((context >= 0).sum(1) >= MIN_CONTEXT) & (context != rows[place][:, None]).all(1)
    place, group, context = place[suitable], group[suitable], context[suitable]
    block_starts = np.append(0, np.cumsum(lengths + window)) + window
    return rows[place], context, group, place - block_starts[group]


def _draw_distractors(
    targets: np.ndarray, choices: np.ndarray, n_words: int, distractors: int, rng: np.random.Generator
) -> np.ndarray:
    """For each target, `distractors` other words of `choices` of neighbouring frequency rank (with replacement)."""
    if not len(targets):
        return np.zeros((0, distractors), np.int64)
    rank_of = np.full(n_words, -1)
    rank_of[choices] = np.arange(len(choices))
    rank, last = rank_of[targets][:, None], len(choices) - 1
    reach = np.maximum(25, 0.1 * rank).astype(int)
    low, high = np.maximum(0, rank - reach), np.minimum(last, rank + reach)
    drawn = rng.integers(low, high + 1, size=(len(targets), distractors))
    beside = np.where(drawn < last, drawn + 1, drawn - 1)
    return choices[np.where(drawn == rank, beside, drawn)]


def _weigh_contexts(context: np.ndarray, weights: np.ndarray) -> Any:
    """CSR (positions, words) with the weight of every visible word; a word that is seen twice counts twice."""
    from scipy import sparse

    position, column = np.nonzero(context >= 0)
    seen = context[position, column]
    return sparse.csr_matrix((weights[seen], (position, seen)), shape=(len(context), len(weights)))


def score_cloze(cloze: Cloze, vectors: np.ndarray) -> np.ndarray:
    """Share of the distractors that the hidden word beats at each position, ties a half: float64 (positions,).

    Every model's vectors are centred on the evaluated words and scaled to length 1 first, because what all words
    have in common would otherwise decide (docs/science.md, section 2). A word without a vector (all zeros) stays zero.

    Args:
        vectors: (words, vector_size), rows in the order of the words that the questions were built for.

    Raises:
        EvaluationError: a vector has a value that is not a finite number.
    """
    if not len(cloze):
        return np.zeros(0)
    centred = centre(vectors, cloze.evaluated)
    guess = cloze.contexts @ centred
    guess /= np.maximum(np.linalg.norm(guess, axis=1, keepdims=True), 1e-9)
    target = np.einsum("pd,pd->p", guess, centred[cloze.targets])[:, None]
    others = np.einsum("pd,pkd->pk", guess, centred[cloze.distractors])
    score: np.ndarray = ((target > others) + 0.5 * (target == others)).mean(1)
    return score


def centre(vectors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """`vectors` minus the mean of `rows`, scaled to length 1; rows of zeros stay zero. Same shape and dtype.

    Raises:
        EvaluationError: a vector has a value that is not a finite number.
    """
    if not np.isfinite(vectors).all():
        raise EvaluationError(
            "Some vectors of this model are not finite numbers: training ran away. Train it again with a lower alpha."
        )
    empty = np.linalg.norm(vectors, axis=1) < 1e-12
    centred: np.ndarray = vectors - vectors[rows].mean(0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    centred[empty] = 0
    return centred
