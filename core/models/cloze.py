"""Fill-in-the-blank questions made from text that training does not see.

One question ("cloze"): a word is hidden, and the model must prefer it to up to ten other words of about
the same frequency (ten are drawn, and one may be drawn twice), seeing the words around it. Chance is 0.5 for every
text and every model. Formulas: docs/science.md, sections 1 and 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import EvaluationError
from core.geometry.directions import centre, unit

FREQUENT_WORDS = 50
"""The most frequent words are never hidden: they fit everywhere."""
MIN_CONTEXT = 3
SIF_A = 1e-3
"""Arora et al. 2017: a word of frequency p weighs a / (a + p) in a mean of word vectors."""


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
    _check_finite(vectors)
    if not len(cloze):
        return np.zeros(0)
    centred = centre(vectors, cloze.evaluated)
    guess = unit(cloze.contexts @ centred)
    target = np.einsum("pd,pd->p", guess, centred[cloze.targets])[:, None]
    others = np.einsum("pd,pkd->pk", guess, centred[cloze.distractors])
    score: np.ndarray = ((target > others) + 0.5 * (target == others)).mean(1)
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
