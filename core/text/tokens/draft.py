"""A corpus in the making: keys in, numbers out.

Only numbers grow with the text. A token is an id of 4 bytes; each distinct word is kept once. Readings of keys are
remembered, but only of so many keys as make up most of any text.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, islice

import numpy as np

from core.progress import Progress
from core.text.tokens.phrases import join_phrases
from core.text.tokens.readings import ABSENT, DOCUMENT, END, END_IF_NOT_LOWER, END_IF_STARTS, NOT_LOWER, STARTS
from core.text.tokens.tokenisers import CorpusOptions, read_keys

_REMEMBERED_KEYS = 1 << 17
_REMEMBERED_TOKENS = 1 << 19
_CHARACTERS_A_TOKEN, _CHARACTERS_A_SENTENCE = 5, 80  # of most texts it is a little more


class _Numbers:
    """A row of numbers that grows at its end. What is not yet used of its room takes no memory."""

    def __init__(self, expected: int, dtype: type) -> None:
        self.room: np.ndarray = np.empty(expected + 64, dtype)
        self.size = 0

    def append(self, numbers: np.ndarray) -> None:
        end = self.size + len(numbers)
        if end > len(self.room):
            self.room.resize(end + end // 8, refcheck=False)
        self.room[self.size : end] = numbers
        self.size = end

    def get(self) -> np.ndarray:
        return self.room[: self.size]

    def take(self) -> np.ndarray:
        """All of them, without the room left over; nothing can be appended any more."""
        self.room.resize(self.size, refcheck=False)
        return self.room

    def replace(self, numbers: np.ndarray) -> None:
        self.room, self.size = numbers, len(numbers)


class Draft:
    """Tokens, and where sentences and documents end. Words are numbered in no particular order.

    Room for the numbers of so many characters and documents is made at once: an array that grows is copied, and the
    place where it was before is often lost to the process.
    """

    def __init__(self, options: CorpusOptions, characters: int = 0, documents: int = 0) -> None:
        self.options = options
        self.words = _numbering()
        self.tokens = _Numbers(characters // _CHARACTERS_A_TOKEN, np.int32)
        self.sentence_starts = _Numbers(characters // _CHARACTERS_A_SENTENCE + documents, np.int64)
        self.document_starts = _Numbers(documents, np.int64)
        for starts in (self.sentence_starts, self.document_starts):
            starts.append(np.zeros(1, np.int64))
        self.flags_before = 0
        self._forget_keys()

    def _forget_keys(self) -> None:
        # Of each key: its row here, where its tokens are in key_tokens, how many, its flags.
        self.keys = _numbering()
        self.key_tokens, self.key_starts, self.key_lengths, self.key_flags = (
            array("i"),
            array("i"),
            array("i"),
            array("b"),
        )

    def add(self, keys: list[str]) -> None:
        """Append what `keys` read as."""
        if len(self.keys) > _REMEMBERED_KEYS or len(self.key_tokens) > _REMEMBERED_TOKENS:
            self._forget_keys()
        known = len(self.keys)
        rows = np.fromiter(map(self.keys.__getitem__, keys), np.int32, len(keys))
        if len(self.keys) > known:
            # The keys that got a number just now are the last ones.
            self._learn_keys([*islice(reversed(self.keys), len(self.keys) - known)][::-1])
        lengths = np.frombuffer(self.key_lengths, np.int32)[rows]
        ends = np.cumsum(lengths)
        starts = ends - lengths
        places = np.repeat(np.frombuffer(self.key_starts, np.int32)[rows] - starts, lengths)
        places += np.arange(len(places))
        before = self.tokens.size
        self.tokens.append(np.frombuffer(self.key_tokens, np.int32)[places])
        self._add_ends(before + starts, before + ends, np.frombuffer(self.key_flags, np.int8)[rows])

    def _learn_keys(self, keys: list[str]) -> None:
        found = read_keys(keys, self.options)
        ends = np.cumsum(found.lengths, dtype=np.int32) + np.int32(len(self.key_tokens))
        self.key_starts.frombytes((ends - found.lengths).tobytes())
        self.key_tokens.extend(map(self.words.__getitem__, found.tokens))
        self.key_lengths.frombytes(found.lengths.tobytes())
        self.key_flags.frombytes(found.flags.tobytes())

    def join_phrases(self, known: Iterable[str], progress: Progress) -> None:
        """Join pairs of words; offsets move to the left by as many joins as there were before them."""
        starts = self.sentence_starts.get()
        joined, at, words = join_phrases(self.tokens.get(), starts[1:], list(self.words), known, progress)
        self.words.clear()
        self.words.update(zip(words, count(), strict=False))
        self.tokens.replace(joined)
        for numbers in (self.sentence_starts, self.document_starts):
            numbers.replace(numbers.get() - np.searchsorted(at, numbers.get()))

    def _add_ends(self, starts: np.ndarray, ends: np.ndarray, flags: np.ndarray) -> None:
        """Note where sentences and documents end; `starts` and `ends` are the keys' offsets into tokens."""
        present = flags & ABSENT == 0
        if not present.all():
            starts, ends, flags = starts[present], ends[present], flags[present]
        if not len(flags):
            return
        # Some keys end a sentence or not depending on the key that follows: each looks back at the one before it.
        before = np.concatenate([np.array([self.flags_before], np.int8), flags])[:-1]
        ended_before = (before & END_IF_STARTS != 0) & (flags & STARTS != 0)
        ended_before |= (before & END_IF_NOT_LOWER != 0) & (flags & NOT_LOWER != 0)
        ended = np.append(ended_before, False)
        ended[1:] |= flags & END != 0
        sentence_ends = np.append(starts[:1], ends)[ended]
        new = np.diff(sentence_ends, prepend=self.sentence_starts.get()[-1]) > 0
        self.sentence_starts.append(sentence_ends[new])
        self.document_starts.append(ends[flags & DOCUMENT != 0])
        self.flags_before = int(flags[-1])

    def sort_words(self) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        """Words by falling count and alphabet, their counts, and the tokens renumbered so, in place.

        int64 (words,) and int32 (tokens,). The draft is of no use afterwards.
        """
        self._forget_keys()
        seen = tuple(self.words)
        self.words.clear()
        tokens = self.tokens.take()
        counts = np.zeros(len(seen), np.int64)
        for part in _parts(tokens):
            counts += np.bincount(part, minlength=len(seen))
        alphabetical = np.array(sorted(range(len(seen)), key=seen.__getitem__), np.int64)
        order = alphabetical[np.argsort(-counts[alphabetical], kind="stable")]
        order = order[counts[order] > 0]  # a word may occur only within phrases
        new_id = np.empty(len(seen), np.int32)
        new_id[order] = np.arange(len(order), dtype=np.int32)
        for part in _parts(tokens):
            part[:] = new_id[part]
        return tuple(map(seen.__getitem__, order.tolist())), counts[order], tokens


def _numbering() -> defaultdict[str, int]:
    """Gives every string that it is asked for a number, the next one if it has none."""
    return defaultdict(count().__next__)


def _parts(tokens: np.ndarray) -> Iterator[np.ndarray]:
    """Views of part of the tokens: numpy makes int64 of int32 indices, which for all at once would be 8 bytes each."""
    for start in range(0, len(tokens), 1 << 18):
        yield tokens[start : start + (1 << 18)]
