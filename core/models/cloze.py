"""Fill-in-the-blank questions made from text that training does not see.

One question ("cloze"): a word is hidden, and the model must prefer it to ten other words of about the same frequency,
none of them in sight, seeing the words around it. Chance is 0.5 for every text and every model. Formulas:
docs/science.md, sections 1 and 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np

from core.errors import EvaluationError
from core.geometry.directions import centre, unit

FREQUENT_WORDS = 50
"""The most frequent words are never hidden: they fit everywhere."""
MIN_CONTEXT = 3
NEAR_RANKS = 25
NEAR_SHARE = 0.1
"""Distractors are that near in rank of frequency: so many ranks or that share of the hidden word's, if it is more."""
SIF_A = 1e-3
"""Arora et al. 2017: a word of frequency p weighs a / (a + p) in a mean of word vectors."""


@dataclass(frozen=True, slots=True, eq=False)
class Cloze:
    """Fill-in-the-blank questions, the same for every model of one vocabulary. Made by `build_cloze`.

    Attributes:
        targets: int64 (positions,), row of the hidden word.
        distractors: int64 (positions, distractors), rows of the words it must beat, all different and none in the
            context; -1 in the last places of questions for which there are not as many.
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
    are drawn without replacement from the covered words whose frequency rank is within max(25, 10 %) of its own and
    that do not occur there either.

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
    targets, around, groups, offsets = _questions(blocks, words, covered, hidden, window)
    if len(targets) > positions:
        drawn = np.sort(rng.choice(len(targets), positions, replace=False))
        targets, around, groups, offsets = targets[drawn], around[:, drawn], groups[drawn], offsets[drawn]
    alternatives = _draw_distractors(targets, around, choices, len(words), distractors, rng)
    asked = (alternatives >= 0).any(1)  # in a tiny vocabulary all others may be in sight
    seen = _keep_covered(around[:, asked], covered)
    return Cloze(
        targets=targets[asked],
        distractors=alternatives[asked],
        contexts=_weigh_contexts(seen, SIF_A / (SIF_A + counts / max(counts.sum(), 1))),
        groups=groups[asked],
        offsets=offsets[asked],
        evaluated=np.flatnonzero(covered),
    )


def _questions(
    blocks: Sequence[Sequence[str]], words: Sequence[str], covered: np.ndarray, hidden: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every suitable place: target (n,), words around it (2 * window, n), -1 for none, block (n,), offset (n,)."""
    index = dict(zip(words, range(len(words)), strict=True))
    lengths = np.array([len(block) for block in blocks], np.int64)
    gap = [-1] * window
    padded = list(gap)  # blocks apart by a window of nothing, so that one sliding window serves them all
    for block in blocks:
        padded.extend(map(index.get, block, repeat(-1)))
        padded.extend(gap)
    rows = np.array(padded, np.int64)
    group = np.repeat(np.arange(len(blocks)), lengths)
    place = np.arange(lengths.sum()) + window * (group + 1)
    may_hide = (rows[place] >= FREQUENT_WORDS) & hidden[rows[place]] if len(words) else np.zeros(len(place), bool)
    place, group = place[may_hide], group[may_hide]
    around = rows[place + np.array([*range(-window, 0), *range(1, window + 1)])[:, None]]
    enough = (_keep_covered(around, covered) >= 0).sum(0) >= MIN_CONTEXT
    suitable = enough & (around != rows[place]).all(0)
    place, group, around = place[suitable], group[suitable], around[:, suitable]
    block_starts = np.append(0, np.cumsum(lengths + window)) + window
    return rows[place], around, group, place - block_starts[group]


def _keep_covered(around: np.ndarray, covered: np.ndarray) -> np.ndarray:
    """`around` with -1 for the words that the models do not see."""
    return np.where(np.append(covered, False)[around], around, -1)


def _draw_distractors(
    targets: np.ndarray,
    around: np.ndarray,
    choices: np.ndarray,
    n_words: int,
    distractors: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """For each target up to `distractors` words of `choices` of neighbouring frequency rank: (n, distractors), then -1.

    All are different, and neither the target nor a word `around` it is among them; every such set is equally likely.
    """
    rank_of = np.full(n_words + 1, -1, np.int32)  # the last one is that of no word
    rank_of[choices] = np.arange(len(choices))
    rank = rank_of[targets]
    reach = np.maximum(NEAR_RANKS, NEAR_SHARE * rank).astype(np.int32)
    low, high = np.maximum(0, rank - reach), np.minimum(len(choices) - 1, rank + reach)
    taken = np.vstack([rank, rank_of[around]])
    taken[(taken < low) | (taken > high)] = n_words  # behind all others, where it matters no more
    taken.sort(axis=0)
    taken[1:][taken[1:] == taken[:-1]] = n_words
    left = high - low + 1 - (taken < n_words).sum(0)
    # Floyd's way to draw k of n without replacement: the i-th from the first n - k + i, and the last of these instead
    # where that one was drawn before
    last = left - distractors + np.arange(distractors)[:, None]
    drawn = (rng.random(last.shape) * (np.maximum(last, 0) + 1)).astype(np.int32)
    for place in range(1, distractors):
        again = (drawn[:place] == drawn[place]).any(0)
        drawn[place, again] = last[place, again]
    drawn += low
    for each in taken:  # pass over the ranks that may not be drawn, in rising order
        drawn += drawn >= each
    found = np.where(last >= 0, choices[np.where(last >= 0, drawn, 0)], -1)
    return np.ascontiguousarray(found[::-1].T)


def _weigh_contexts(context: np.ndarray, weights: np.ndarray) -> Any:
    """CSR (positions, words) of `context` (2 * window, positions): the weight of every visible word, -1 for none.

    A word that is seen twice counts twice.
    """
    from scipy import sparse

    seen = context >= 0
    rows, ends = context.T[seen.T], np.append(0, np.cumsum(seen.sum(0)))
    return sparse.csr_matrix((weights[rows], rows, ends), shape=(context.shape[1], len(weights)))


def score_cloze(cloze: Cloze, vectors: np.ndarray) -> np.ndarray:
    """Share of its distractors that the hidden word beats at each position, ties a half: float64 (positions,).

    Every model's vectors are centred on the evaluated words and scaled to length 1 first, because what all words
    have in common would otherwise decide (docs/science.md, section 2). A word without a vector (all zeros) stays zero.

    Args:
        vectors: (words, vector_size), rows in the order of the words that the questions were built for.

    Raises:
        EvaluationError: a vector has a value that is not a finite number.
    """
    _check_finite(vectors)
    if not len(cloze):
        return np.zeros(0)
    centred = centre(vectors, cloze.evaluated)
    guess = unit(cloze.contexts @ centred)
    target = np.einsum("pd,pd->p", guess, centred[cloze.targets])[:, None]
    others = np.einsum("pd,pkd->pk", guess, centred[cloze.distractors])
    there = cloze.distractors >= 0
    beaten = ((target > others) + 0.5 * (target == others)) * there
    score: np.ndarray = beaten.sum(1) / there.sum(1)
    return score


def _check_finite(vectors: np.ndarray) -> None:
    """Refuse vectors that cannot be judged.

    Raises:
        EvaluationError: a vector has a value that is not a finite number.
    """
    if not np.isfinite(vectors).all():
        raise EvaluationError(
            "Some vectors of this model are not finite numbers: training ran away. Train it again with a lower alpha."
        )
