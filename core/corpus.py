"""Documents become a corpus: token ids in arrays, words by falling count, a digest of content and options.

Only numbers grow with the text: token ids are 4 bytes each, and each distinct word is kept once.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np

from core.documents import Document
from core.errors import CorpusError
from core.progress import Progress, silent
from core.storage import digest_of, new_folder, read_json, read_words, write_json, write_words
from core.tokenisers import (
    DOCUMENT,
    END,
    END_IF_STARTS,
    END_UNLESS_LOWER,
    LOWER,
    STARTS,
    blocks_of,
    read_keys,
)
from core.tokenisers import CorpusOptions as CorpusOptions
from core.tokenisers import Tokeniser as Tokeniser
from core.tokenisers import sentences_of as sentences_of

DEFAULT_OPTIONS = CorpusOptions()

_REMEMBERED_KEYS = 1 << 16
_REMEMBERED_TOKENS = 1 << 19


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """A tokenised text. Arrays are read-only.

    Attributes:
        name: what to call it in front of the user.
        words: every type, by falling count, ties in alphabetical order; a token's id is its word's index here,
            so the vocabulary at any min_count is a prefix.
        counts: int64 (words,).
        tokens: int32 (tokens,), ids in reading order.
        sentence_starts: int64 (sentences + 1,), offsets into `tokens`; the last one is len(tokens).
        document_starts: int64 (documents + 1,), offsets into `tokens`; the last one is len(tokens).
        document_names: of each document.
        labels: of each document, None where it has none.
        options: how it was tokenised.
        digest: names content, document boundaries, labels and options; not names.
    """

    name: str
    words: tuple[str, ...]
    counts: np.ndarray
    tokens: np.ndarray
    sentence_starts: np.ndarray
    document_starts: np.ndarray
    document_names: tuple[str, ...]
    labels: tuple[str | None, ...]
    options: CorpusOptions
    digest: str

    @property
    def n_documents(self) -> int:
        return len(self.document_starts) - 1

    @property
    def n_sentences(self) -> int:
        return len(self.sentence_starts) - 1

    @property
    def n_tokens(self) -> int:
        return len(self.tokens)

    def vocabulary_size(self, min_count: int) -> int:
        """How many words occur at least `min_count` times: `words[:that]` is the vocabulary."""
        return int(np.searchsorted(-self.counts, -min_count, side="right"))

    def document(self, index: int) -> np.ndarray:
        """Token ids of document `index`, int32."""
        return self.tokens[self.document_starts[index] : self.document_starts[index + 1]]


def build_corpus(
    documents: Iterable[Document],
    options: CorpusOptions = DEFAULT_OPTIONS,
    *,
    name: str = "text",
    progress: Progress = silent,
) -> Corpus:
    """Tokenise `documents`.

    `documents` may be an iterator: one text at a time is enough. Then `progress` cannot know the share that is done
    and says 0. It is called several times a second, within a document too.

    Raises:
        CorpusError: there is not one word in them.
        Cancelled: out of `progress`.
    """
    total = sum(len(document.text) + 1 for document in documents) if isinstance(documents, Sequence) else 0
    names: list[str] = []
    labels: list[str | None] = []

    def noting_names() -> Iterator[Document]:
        for document in documents:
            names.append(document.name)
            labels.append(document.label)
            yield document

    draft = _Draft(options)
    done = 0
    for keys, characters in blocks_of(noting_names(), options, progress):
        draft.add(keys)
        done += characters
        progress(min(0.99 * done / total, 0.99) if total else 0.0, f"{len(draft.tokens):,} tokens")
    if not draft.tokens:
        raise CorpusError("There is not one word in this text. Upload or paste text with words in it.")
    corpus = _sorted_corpus(draft, name, names, labels, options)
    progress(1.0, f"{corpus.n_tokens:,} tokens")
    return corpus


class _Draft:
    """A corpus in the making: words are numbered in the order they come, offsets lack the leading 0."""

    def __init__(self, options: CorpusOptions) -> None:
        self.options = options
        self.words: dict[str, int] = {}
        self.tokens, self.sentence_ends, self.document_ends = array("i"), array("q"), array("q")
        self.flags_before = 0
        self._forget_keys()

    def _forget_keys(self) -> None:
        # Of each key: its row here, the bounds of its tokens in key_tokens, its flags.
        self.keys: dict[str, int] = {}
        self.key_tokens, self.key_bounds, self.key_flags = array("i"), array("i", [0]), array("b")

    def add(self, keys: list[str]) -> None:
        """Append what `keys` read as."""
        if len(self.keys) > _REMEMBERED_KEYS or len(self.key_tokens) > _REMEMBERED_TOKENS:
            self._forget_keys()
        new = _number_new(self.keys, keys)
        if new:
            self._learn_keys(new)
        rows = np.fromiter(map(self.keys.__getitem__, keys), np.int32, len(keys))
        bounds = np.array(self.key_bounds, np.int64)
        starts, lengths = bounds[rows], np.diff(bounds)[rows]
        ends = np.cumsum(lengths)
        before = len(self.tokens)
        places = np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1] if len(ends) else 0)
        self.tokens.frombytes(np.array(self.key_tokens, np.int32)[places].tobytes())
        self._add_ends(before + ends - lengths, before + ends, np.array(self.key_flags, np.int8)[rows])

    def _learn_keys(self, keys: list[str]) -> None:
        tokens, lengths, flags = read_keys(keys, self.options)
        _number_new(self.words, tokens)
        ends = np.cumsum(lengths, dtype=np.int32) + np.int32(self.key_bounds[-1])
        self.key_tokens.extend(map(self.words.__getitem__, tokens))
        self.key_bounds.frombytes(ends.tobytes())
        self.key_flags.extend(flags)

    def _add_ends(self, starts: np.ndarray, ends: np.ndarray, flags: np.ndarray) -> None:
        """Note where sentences and documents end; `starts` and `ends` are the keys' offsets into tokens."""
        # Some keys end a sentence or not depending on the key that follows: each looks back at the one before it.
        before = np.concatenate([np.array([self.flags_before], np.int8), flags])[:-1]
        ended_before = (before & END_IF_STARTS != 0) & (flags & STARTS != 0)
        ended_before |= (before & END_UNLESS_LOWER != 0) & (flags & LOWER == 0)
        sentence_ends = np.unique(np.concatenate([starts[ended_before], ends[flags & END != 0]]))
        latest = self.sentence_ends[-1] if self.sentence_ends else 0
        self.sentence_ends.frombytes(sentence_ends[sentence_ends > latest].astype(np.int64).tobytes())
        self.document_ends.frombytes(ends[flags & DOCUMENT != 0].astype(np.int64).tobytes())
        self.flags_before = int(flags[-1]) if len(flags) else self.flags_before


def _number_new(numbers: dict[str, int], strings: list[str]) -> list[str]:
    """Give each string that has none the next number; these strings, in order."""
    new = [string for string in dict.fromkeys(strings) if string not in numbers]
    numbers.update(zip(new, count(len(numbers)), strict=False))
    return new


def _sorted_corpus(
    draft: _Draft, name: str, names: list[str], labels: list[str | None], options: CorpusOptions
) -> Corpus:
    """The corpus of `draft`, whose tokens are renumbered in place."""
    seen = tuple(draft.words)
    tokens = np.frombuffer(draft.tokens, np.int32)
    counts = np.zeros(len(seen), np.int64)
    for part in _parts(tokens):
        counts += np.bincount(part, minlength=len(seen))
    alphabetical = np.array(sorted(range(len(seen)), key=seen.__getitem__), np.int64)
    order = alphabetical[np.argsort(-counts[alphabetical], kind="stable")]
    new_id = np.empty(len(seen), np.int32)
    new_id[order] = np.arange(len(seen), dtype=np.int32)
    for part in _parts(tokens):
        part[:] = new_id[part]
    words = tuple(seen[i] for i in order)
    sentence_starts = np.concatenate([[0], np.frombuffer(draft.sentence_ends, np.int64)])
    document_starts = np.concatenate([[0], np.frombuffer(draft.document_ends, np.int64)])
    counts = counts[order]
    for numbers in (counts, tokens, sentence_starts, document_starts):
        numbers.flags.writeable = False
    settings = repr(sorted(asdict(options).items()))
    digest = digest_of("\n".join(words), tokens, sentence_starts, document_starts, repr(tuple(labels)), settings)
    return Corpus(
        name,
        words,
        counts,
        tokens,
        sentence_starts,
        document_starts,
        tuple(names),
        tuple(labels),
        options,
        digest,
    )


def _parts(tokens: np.ndarray) -> Iterator[np.ndarray]:
    """Views of a million tokens each: numpy makes int64 of int32 indices, which for all at once would be 8 bytes."""
    for start in range(0, len(tokens), 1 << 20):
        yield tokens[start : start + (1 << 20)]


def save_corpus(corpus: Corpus, folder: Path) -> None:
    """Write `corpus` to `folder`, whole or not at all."""
    with new_folder(folder) as new:
        write_words(new / "words.txt", corpus.words)
        for field in ("counts", "tokens", "sentence_starts", "document_starts"):
            np.save(new / f"{field}.npy", getattr(corpus, field))
        write_json(
            new / "corpus.json",
            {
                "name": corpus.name,
                "document_names": corpus.document_names,
                "labels": corpus.labels,
                "options": asdict(corpus.options),
                "digest": corpus.digest,
            },
        )


def load_corpus(folder: Path) -> Corpus:
    """What `save_corpus` wrote; the arrays are read-only memory maps."""
    about = read_json(folder / "corpus.json")
    counts, tokens, sentences, documents = [
        np.load(folder / f"{field}.npy", mmap_mode="r")
        for field in ("counts", "tokens", "sentence_starts", "document_starts")
    ]
    return Corpus(
        about["name"],
        read_words(folder / "words.txt"),
        counts,
        tokens,
        sentences,
        documents,
        tuple(about["document_names"]),
        tuple(about["labels"]),
        CorpusOptions(**about["options"]),
        about["digest"],
    )
