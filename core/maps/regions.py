"""Names for every part of a map, from coarse to fine, and which words are written on it before others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from core.comparison.pair import SharedWords
from core.geometry.clusters import Regions, find_regions
from core.geometry.neighbours import Neighbours
from core.maps.payload import Names, Region, pack_bits, pack_bytes
from core.models.embedding import Embedding
from core.text.word_kinds import is_content_of

_NONE = 255


@dataclass(frozen=True, slots=True, eq=False)
class WordRegions:
    """Where each word belongs.

    Attributes:
        levels: regions from coarse to fine, at least one level.
        content: bool (words,): the word carries meaning of its own, so that it may lend its name and is written.
    """

    levels: tuple[Regions, ...]
    content: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """int64 (words,): each word's coarse region, -1 for none."""
        return self.levels[0].labels

    @property
    def names(self) -> tuple[str, ...]:
        """Of the coarse regions."""
        return self.levels[0].names

    def extend(self, near: Neighbours) -> "WordRegions":
        """With the rows that only `near` has below: where their nearest word belongs; they are written."""
        added = len(near.indices) - len(self.content)
        if not added:
            return self
        rows = near.indices[len(self.content) :, 0]
        levels = tuple(
            replace(each, labels=np.concatenate([each.labels, np.where(rows < 0, -1, each.labels[rows])]))
            for each in self.levels
        )
        return WordRegions(levels, np.concatenate([self.content, np.ones(added, bool)]))

    @property
    def payload(self) -> Names:
        """What a browser needs to write them."""
        finest = self.levels[-1].labels
        return Names(
            codes=pack_bytes(np.where(finest < 0, _NONE, finest).astype(np.uint8)),
            levels=tuple(
                tuple(Region(name, parent) for name, parent in zip(level.names, level.parents, strict=True))
                for level in self.levels
            ),
            content=pack_bits(self.content),
        )


def find_word_regions(
    left: Embedding, right: Embedding, shared: SharedWords, languages: Iterable[str | None]
) -> WordRegions:
    """Regions of the words that two models share, by both models; `languages` are those of their texts.

    Where the language is not known (None) any word but a number or a sign may lend its name.
    """
    content = is_content_of(shared.words, languages)
    vectors = left.vectors[shared.left_rows], right.vectors[shared.right_rows]
    counts = left.counts[shared.left_rows] + right.counts[shared.right_rows]
    return WordRegions(find_regions(shared.words, *vectors, counts, content), content)
