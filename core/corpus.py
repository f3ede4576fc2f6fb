"""Documents become a corpus: token ids in arrays, words by falling count, a digest of content and options."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from core.documents import Document
from core.errors import CorpusError
from core.progress import Progress, silent
from core.storage import digest_of, new_folder, read_json, read_words, write_json, write_words

Tokeniser = Literal["glove", "nltk", "whitespace"]

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
_GLOVE_TOKEN = re.compile(r"[^\W\d_]+?(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|\d+(?:[.,:]\d+)*|[^\W\d_]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CorpusOptions:
    """How text is cut into tokens."""

    tokeniser: Tokeniser = "glove"
    lowercase: bool = True


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
    options: CorpusOptions = CorpusOptions(),
    *,
    name: str = "text",
    progress: Progress = silent,
) -> Corpus:
    """Tokenise `documents`.

    Raises:
        CorpusError: there is not one word in them.
        Cancelled: out of `progress`.
    """
    ids: dict[str, int] = {}
    tokens: list[int] = []
    sentence_starts, document_starts = [0], [0]
    names, labels = [], []
    for document in documents:
        for sentence in sentences_of(document.text, options):
            tokens.extend(ids.setdefault(token, len(ids)) for token in sentence)
            sentence_starts.append(len(tokens))
        document_starts.append(len(tokens))
        names.append(document.name)
        labels.append(document.label)
    if not tokens:
        raise CorpusError("There is not one word in this text. Upload or paste text with words in it.")
    raw = np.array(tokens, np.int32)
    return _sorted_corpus(name, tuple(ids), raw, sentence_starts, document_starts, tuple(names), tuple(labels), options)


def _sorted_corpus(
    name: str,
    seen: tuple[str, ...],
    raw: np.ndarray,
    sentence_starts: list[int],
    document_starts: list[int],
    names: tuple[str, ...],
    labels: tuple[str | None, ...],
    options: CorpusOptions,
) -> Corpus:
    occurrences = np.bincount(raw, minlength=len(seen))
    order = sorted(range(len(seen)), key=lambda i: (-occurrences[i], seen[i]))
    new_id = np.empty(len(seen), np.int32)
    new_id[order] = np.arange(len(seen), dtype=np.int32)
    words = tuple(seen[i] for i in order)
    arrays = [
        occurrences[order].astype(np.int64),
        new_id[raw],
        np.array(sentence_starts, np.int64),
        np.array(document_starts, np.int64),
    ]
    for array in arrays:
        array.flags.writeable = False
    digest = digest_of("\n".join(words), *arrays[1:], repr(labels), repr(sorted(asdict(options).items())))
    counts, tokens, sentences, documents = arrays
    return Corpus(name, words, counts, tokens, sentences, documents, names, labels, options, digest)


def sentences_of(text: str, options: CorpusOptions) -> Iterator[list[str]]:
    """Tokens of each sentence of `text` that has any."""
    if options.lowercase:
        text = text.lower()
    for sentence in _SENTENCE_END.split(text.replace("’", "'")):
        found = sentence.split() if options.tokeniser == "whitespace" else _GLOVE_TOKEN.findall(sentence)
        if found:
            yield found


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
