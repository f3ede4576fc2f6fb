"""Three questions from the user's own text that show what the score means: one that goes well, one that goes wrong."""

from collections.abc import Sequence

import numpy as np

from core.geometry.directions import centre, unit
from core.models.cloze import Cloze
from core.score.scorecard import Choice, ClozeExample
from core.text.split import HeldOutBlock

SHOWN_TOKENS = 12
"""Tokens shown on each side of the blank; the models see five."""


def choose_examples(
    cloze: Cloze,
    blocks: Sequence[HeldOutBlock],
    documents: Sequence[str],
    words: Sequence[str],
    chosen: np.ndarray,
    reference: np.ndarray,
) -> tuple[ClozeExample, ...]:
    """A hit, a miss, and one where the two models disagree most, from different blocks where possible.

    Scores choose them, not how well they read. They are the clearest hit that the reference misses (or the clearest
    hit), the clearest miss, and of the rest the one with the largest difference. With fewer questions, fewer examples.

    Args:
        blocks: that the questions were built from.
        documents: name of the document of each block.
        words: of the models.
        chosen, reference: vectors of the two models, (words, vector_size).
    """
    if not len(cloze):
        return ()
    rows = np.column_stack([cloze.targets, cloze.distractors])
    fits = [_similarities(cloze, rows, vectors) for vectors in (chosen, reference)]
    lead_chosen, lead_reference = (fit[:, 0] - fit[:, 1:].max(1) for fit in fits)
    hit, reference_hit = lead_chosen > 0, lead_reference > 0
    wanted = [
        lead_chosen + 10 * hit + 5 * (hit & ~reference_hit),
        -lead_chosen + 10 * ~hit,
        np.abs(lead_chosen - lead_reference) + 10 * (hit != reference_hit),
    ]
    taken: list[int] = []
    for preference in wanted:
        penalty = 3.0 * np.isin(cloze.groups, cloze.groups[taken]) + 1e9 * np.isin(np.arange(len(cloze)), taken)
        if len(taken) < len(cloze):
            taken.append(int(np.argmax(preference - penalty)))
    examples = []
    for position in taken:
        block, offset = blocks[cloze.groups[position]], int(cloze.offsets[position])
        order = np.argsort(-fits[0][position], kind="stable")[: (rows[position] >= 0).sum()]
        examples.append(
            ClozeExample(
                document=documents[cloze.groups[position]],
                before=tuple(block[max(0, offset - SHOWN_TOKENS) : offset]),
                word=block[offset],
                after=tuple(block[offset + 1 : offset + 1 + SHOWN_TOKENS]),
                choices=tuple(
                    Choice(words[rows[position, i]], float(fits[0][position, i]), float(fits[1][position, i]))
                    for i in order
                ),
                hit=bool(hit[position]),
                reference_hit=bool(reference_hit[position]),
            )
        )
    return tuple(examples)


def _similarities(cloze: Cloze, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Cosine of each question's context with each of its choices: (positions, 1 + distractors), -inf for none."""
    centred = centre(vectors, cloze.evaluated)
    guess = unit(cloze.contexts @ centred)
    return np.where(rows >= 0, np.einsum("pd,pkd->pk", guess, centred[rows]), -np.inf)
