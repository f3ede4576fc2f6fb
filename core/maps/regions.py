"""Names for every part of a map, from coarse to fine, and which words are written on it before others."""

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from core.comparison.pair import SharedWords
from core.geometry.clusters import Regions, find_regions
from core.geometry.neighbours import Neighbours
from core.maps.payload import Names, Region, pack_bits, pack_bytes, read_bits
from core.models.embedding import Embedding
from core.prose.colours import KIND_COLOURS, OTHER
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


@dataclass(frozen=True, slots=True, eq=False)
class DrawnNames:
    """What a figure's trace says of its coarse regions: names, rows of the words of each, and bool content (words,)."""

    names: tuple[str, ...]
    members: tuple[np.ndarray, ...]
    content: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """int64 (words,): each word's region, -1 for none."""
        labels = np.full(len(self.content), -1)
        for number, rows in enumerate(self.members):
            labels[rows] = number
        return labels

    @property
    def colours(self) -> list[tuple[str, np.ndarray]]:
        """Each colour, and which words have it, bool (words,)."""
        labels = self.labels
        kinds = [(colour, labels == number) for number, colour in enumerate(KIND_COLOURS[: len(self.names)])]
        return [*kinds, (OTHER, labels < 0)]


def read_names(trace: Any) -> DrawnNames | None:
    """Of a trace of `core.maps.figures.draw_map`; None where it says nothing of regions."""
    told = trace.meta.get("names")
    if not told:
        return None
    codes = np.frombuffer(b64decode(told["codes"]), np.uint8).astype(np.int64)
    known = codes != _NONE
    for level in reversed(told["levels"][1:]):
        codes[known] = np.array([region["parent"] for region in level])[codes[known]]
    names = tuple(region["name"] for region in told["levels"][0])
    members = tuple(np.flatnonzero(known & (codes == number)) for number in range(len(names)))
    return DrawnNames(names, members, read_bits(told["content"], len(codes)))


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
