"""What two maps show, in words: their regions, who is in them, and how much they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.maps.regions import WordRegions
from core.prose.numbers import count

_FREQUENT = 6


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A coarse region of both maps.

    Attributes:
        name: its most typical words.
        words: how many it has.
        frequent: its most frequent words with a meaning of their own, at most six.
        kept: of a word's nearest neighbours in one model, how many it has among those in the other, in the mean; nan
            where no word of the region has neighbours.
    """

    name: str
    words: int
    frequent: tuple[str, ...]
    kept: float


def describe_regions(
    regions: WordRegions, words: Sequence[str], counts: np.ndarray, overlap: np.ndarray, topn: int
) -> tuple[RegionFacts, ...]:
    """The regions that have words, the largest first.

    Args:
        regions: of n words.
        words: n words.
        counts: int (n,).
        overlap: float (n,), Jaccard of each word's two sets of neighbours; nan where there are none.
        topn: how many neighbours a set has.
    """
    kept = topn * 2 * overlap / (1 + overlap)
    found = []
    for number, name in enumerate(regions.names):
        rows = np.flatnonzero(regions.labels == number)
        if len(rows):
            told = rows[regions.content[rows]]
            frequent = told[np.argsort(-counts[told], kind="stable")][:_FREQUENT]
            known = kept[rows][np.isfinite(kept[rows])]
            mean = float(known.mean()) if len(known) else float("nan")
            found.append(
                RegionFacts(name or "without a name", len(rows), tuple(words[row] for row in frequent.tolist()), mean)
            )
    return tuple(sorted(found, key=lambda each: -each.words))


def summarise_maps(facts: Sequence[RegionFacts], topn: int) -> str:
    """A sentence or two on how much two maps have in common, and where most and least."""
    total = sum(each.words for each in facts)
    said = f"{count('word', total)} in {count('region', len(facts))}."
    known = [each for each in facts if np.isfinite(each.kept)]
    if not known:
        return said
    mean = sum(each.words * each.kept for each in known) / sum(each.words for each in known)
    said += f" A word keeps {mean:.1f} of its {topn:d} nearest neighbours from one map to the other, in the mean"
    if len(known) < 2:
        return f"{said}."
    most, least = max(known, key=lambda each: each.kept), min(known, key=lambda each: each.kept)
    return f"{said}: most in “{most.name}” ({most.kept:.1f}), fewest in “{least.name}” ({least.kept:.1f})."
