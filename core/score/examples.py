"""Three questions from the user's own text that show what the score means: a gain, a loss, and one drawn at random."""

from collections.abc import Sequence

import numpy as np

from core.geometry.directions import centre, unit
from core.models.cloze import Cloze
from core.score.scorecard import Choice, ClozeExample, Pick
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
    seed: int,
) -> tuple[ClozeExample, ...]:
    """Three questions: where the chosen model gained most, where it lost most, and one drawn at random.

    Gained and lost is meant in what the score counts, the share of its alternatives that the hidden word beats; among
    equals the cosines decide. How well they read has no say. The first two are from different blocks where possible.
    Without a gain or a loss, and with fewer questions, there are fewer.

    Args:
        blocks: that the questions were built from.
        documents: name of the document of each block.
        words: of the models.
        chosen, reference: vectors of the two models, (words, vector_size).
        seed: of the one that is drawn.
    """
    if not len(cloze):
        return ()
    rows = np.column_stack([cloze.targets, cloze.distractors])
    fits = [_similarities(cloze, rows, vectors) for vectors in (chosen, reference)]
    lead_chosen, lead_reference = (fit[:, 0] - fit[:, 1:].max(1) for fit in fits)
    hit, reference_hit = lead_chosen > 0, lead_reference > 0
    gain = _shares_beaten(fits[0]) - _shares_beaten(fits[1])
    picked = _pick(gain, lead_chosen - lead_reference, cloze.groups, seed)
    examples = []
    for pick, position in picked.items():
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
                pick=pick,
            )
        )
    return tuple(examples)


def _pick(gain: np.ndarray, lead: np.ndarray, groups: np.ndarray, seed: int) -> dict[Pick, int]:
    """Which questions to show.

    Args:
        gain: of the share beaten over the reference, (positions,).
        lead: decides between equals, -2 to 2.
        groups: block of each.
        seed: of the one that is drawn.
    """
    preference = gain + 1e-3 * lead
    picked: dict[Pick, int] = {}
    if gain.max() > 0:
        picked["gained"] = int(np.argmax(np.where(gain > 0, preference, -np.inf)))
    if gain.min() < 0:
        near = np.isin(groups, groups[list(picked.values())])
        picked["lost"] = int(np.argmin(np.where(gain < 0, preference + 3.0 * near, np.inf)))
    rest = np.setdiff1d(np.arange(len(gain)), list(picked.values()))
    if len(rest):
        picked["drawn"] = int(np.random.default_rng(seed).choice(rest))
    return picked


def _shares_beaten(fit: np.ndarray) -> np.ndarray:
    """Share of the alternatives that the hidden word beats at each position, ties a half: (positions,)."""
    there = np.isfinite(fit[:, 1:])
    beaten = ((fit[:, :1] > fit[:, 1:]) + 0.5 * (fit[:, :1] == fit[:, 1:])) * there
    share: np.ndarray = beaten.sum(1) / there.sum(1)
    return share


def _similarities(cloze: Cloze, rows: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Cosine of each question's context with each of its choices: (positions, 1 + distractors), -inf for none."""
    centred = centre(vectors, cloze.evaluated)
    guess = unit(cloze.contexts @ centred)
    return np.where(rows >= 0, np.einsum("pd,pkd->pk", guess, centred[rows]), -np.inf)
