"""What training does with each word of a corpus: fine-tune it, learn it anew, or leave it out."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.prose.letters import one_form
from core.text.corpus import Corpus

Fate = Literal["tuned", "new", "rare"]
Group = Literal["all", "missing", "covered", "rare"]
"""Words to list: all, those that the file lacks or has, those below min_count."""

_BANDS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))
"""Counts that are looked at together, ends included."""


@dataclass(frozen=True, slots=True, eq=False)
class WordFates:
    """The fate of each word of a corpus.

    Attributes:
        corpus: whose words.
        covered: bool (words,): the vectors file has the word.
        min_count: words that occur more rarely are left out.
    """

    corpus: Corpus
    covered: np.ndarray
    min_count: int

    @property
    def vocabulary_size(self) -> int:
        return self.corpus.vocabulary_size(self.min_count)

    @property
    def token_coverage(self) -> float:
        """Share of the tokens whose word the file has, 0 to 1."""
        return float(self.corpus.counts[self.covered].sum() / self.corpus.n_tokens)

    @property
    def type_coverage(self) -> float:
        """Share of the words that the file has, 0 to 1."""
        return float(self.covered.mean())

    def rows(self, fate: Fate) -> np.ndarray:
        """Words of that fate, by falling count: int64 indices."""
        if fate == "rare":
            return np.arange(self.vocabulary_size, len(self.corpus.words))
        covered = self.covered[: self.vocabulary_size]
        return np.flatnonzero(covered if fate == "tuned" else ~covered)

    def tokens(self, fate: Fate) -> int:
        """How often words of that fate occur, all together."""
        return int(self.corpus.counts[self.rows(fate)].sum())

    def fate_of(self, row: int) -> Fate:
        if row >= self.vocabulary_size:
            return "rare"
        return "tuned" if self.covered[row] else "new"

    def find(
        self, query: str = "", group: Group = "all", hidden: frozenset[str] = frozenset(), limit: int = 500
    ) -> list[int]:
        """Rows of at most `limit` words of the group with `query` in them, by falling count; none that is `hidden`."""
        query = one_form(query.strip()).casefold()
        found: list[int] = []
        for row in self._group(group).tolist():
            word = self.corpus.words[row].casefold()
            if query in word and word not in hidden:
                found.append(row)
                if len(found) == limit:
                    break
        return found

    def _group(self, group: Group) -> np.ndarray:
        if group == "covered":
            return np.flatnonzero(self.covered)
        if group == "missing":
            return np.flatnonzero(~self.covered)
        return self.rows("rare") if group == "rare" else np.arange(len(self.covered))

    def bands(self) -> tuple[tuple[str, int, int], ...]:
        """(counts, words, covered words) of each band of `_BANDS` that has a word, the rarest first."""
        counts = self.corpus.counts
        found = []
        for low, high in _BANDS:
            inside = (counts >= low) & (counts <= (high or np.inf))
            label = f"{low}+" if high is None else str(low) if low == high else f"{low}–{high}"
            if inside.any():
                found.append((label, int(inside.sum()), int(self.covered[inside].sum())))
        return tuple(found)


def find_fates(corpus: Corpus, known: frozenset[str], min_count: int) -> WordFates:
    """The fates of `corpus`'s words when a vectors file has those in `known`."""
    covered = np.fromiter((word in known for word in corpus.words), bool, len(corpus.words))
    covered.flags.writeable = False
    return WordFates(corpus, covered, min_count)
