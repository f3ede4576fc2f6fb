"""Documents become a corpus: token ids in arrays, words by falling count, a digest of content and options."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path

import numpy as np

from core.errors import CorpusError
from core.progress import Progress, silent
from core.system.files import bring, digest_of, new_folder, read_words, write_words
from core.system.typed_json import Record, read_record, write_record
from core.text.reading.documents import Document
from core.text.tokens.casing import looks_turkish
from core.text.tokens.draft import Draft
from core.text.tokens.tokenisers import CorpusOptions, cut_keys

DEFAULT_OPTIONS = CorpusOptions()
_PLACES = ("phrase_file", "phrase_member", "phrase_changed", "turkish")  # of what these hold, the tokens tell
_FIRST_DOCUMENTS = 100


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
        whole: digest of the text that this was made from, or digests of both, with a space; "" for a text of its own.
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
    whole: str = ""

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
    known_phrases: Iterable[str] = (),
    progress: Progress = silent,
) -> Corpus:
    """Tokenise `documents`.

    `known_phrases` are joined words that a vectors file has (new_york): with `options.phrases` these are joined however
    rare they are in the text.

    `documents` may be an iterator: one text at a time is enough. Then `progress` cannot know the share that is done
    and says 0. It is called several times a second, within a document too.

    Raises:
        CorpusError: there is not one word in them.
        Cancelled: out of `progress`.
    """
    total = sum(len(document.text) + 1 for document in documents) if isinstance(documents, Sequence) else 0
    about: list[tuple[str, str | None]] = []

    def noting() -> Iterator[Document]:
        for document in documents:
            about.append((document.name, document.label))
            yield document

    stream = documents if total else noting()
    if options.lowercase and options.turkish is None:
        first = documents if isinstance(documents, Sequence) and total else list(islice(stream, _FIRST_DOCUMENTS))
        options = replace(options, turkish=looks_turkish(first) or None)
        stream = stream if total else chain(first, stream)
    draft = Draft(options, total, len(documents) if isinstance(documents, Sequence) else 0)
    done = 0
    for keys, characters in cut_keys(stream, options, progress):
        draft.add(keys)
        done += characters
        progress(min(0.99 * done / total, 0.99) if total else 0.0, f"{draft.tokens.size:,} tokens")
    if not draft.tokens.size:
        raise CorpusError("There is not one word in this text. Upload or paste text with words in it.")
    if options.phrases:
        draft.join_phrases(known_phrases, progress)
    # Documents that can be gone through again were not noted: the names of a million take as much as their tokens.
    seen = ((document.name, document.label) for document in documents) if total else about
    corpus = _finish(draft, name, seen, options)
    progress(1.0, f"{corpus.n_tokens:,} tokens")
    return corpus


def _unzip(pairs: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Names and labels; no list of them is made on the way, which for a million documents would be felt."""
    labels: dict[int, str] = {}

    def names() -> Iterator[str]:
        for place, (name, label) in enumerate(pairs):
            if label is not None:
                labels[place] = label
            yield name

    every = tuple(names())
    return every, tuple(map(labels.get, range(len(every)))) if labels else (None,) * len(every)


def _finish(draft: Draft, name: str, about: Iterable[tuple[str, str | None]], options: CorpusOptions) -> Corpus:
    words, counts, tokens = draft.sort_words()
    sentence_starts, document_starts = draft.sentence_starts.take(), draft.document_starts.take()
    names, labels = _unzip(about)
    for numbers in (counts, tokens, sentence_starts, document_starts):
        numbers.flags.writeable = False
    corpus = Corpus(
        name,
        words,
        counts,
        tokens,
        sentence_starts,
        document_starts,
        names,
        labels,
        options,
        digest="",
    )
    return replace(corpus, digest=digest_content(corpus))


def digest_content(corpus: Corpus) -> str:
    """The digest of a text of its own: of content, document boundaries, labels and options; not of names."""
    options = asdict(corpus.options)
    if not options["habits"]:
        del options["habits"]  # a text that was cut before there were any keeps its digest
    settings = repr(sorted((key, value) for key, value in options.items() if key not in _PLACES))
    labelled = repr(list(corpus.labels)) if any(label is not None for label in corpus.labels) else None
    arrays = corpus.tokens, corpus.sentence_starts, corpus.document_starts
    return digest_of("\n".join(corpus.words), *arrays, labelled, settings)


_ABOUT = "corpus.json"


@dataclass(frozen=True, slots=True)
class _KeptCorpus(Record):
    """What is kept of a corpus beside its words and arrays."""

    name: str
    document_names: tuple[str, ...]
    labels: tuple[str | None, ...]
    options: CorpusOptions
    digest: str


def save_corpus(corpus: Corpus, folder: Path) -> None:
    """Write `corpus` to `folder`, whole or not at all."""
    with new_folder(folder) as new:
        write_words(new / "words.txt", corpus.words)
        for field in ("counts", "tokens", "sentence_starts", "document_starts"):
            np.save(new / f"{field}.npy", getattr(corpus, field))
        about = _KeptCorpus(corpus.name, corpus.document_names, corpus.labels, corpus.options, corpus.digest)
        write_record(new / _ABOUT, about)


def kept_names(folder: Path) -> tuple[str, tuple[str, ...]]:
    """What the corpus that `save_corpus` wrote is called, and its documents.

    Raises:
        OSError, ValueError: it is not there, or damaged.
    """
    about = read_record(folder / _ABOUT, _KeptCorpus)
    return about.name, about.document_names


def rename_corpus(folder: Path, name: str, documents: tuple[str, ...]) -> None:
    """Let it be called otherwise; names are no part of its digest."""
    about = read_record(folder / _ABOUT, _KeptCorpus)
    write_record(folder / _ABOUT, replace(about, name=name, document_names=documents))


def load_corpus(folder: Path) -> Corpus:
    """What `save_corpus` wrote; the arrays are read-only memory maps."""
    bring(folder)
    about = read_record(folder / _ABOUT, _KeptCorpus)
    counts, tokens, sentences, documents = [
        np.load(folder / f"{field}.npy", mmap_mode="r")
        for field in ("counts", "tokens", "sentence_starts", "document_starts")
    ]
    return Corpus(
        about.name,
        read_words(folder / "words.txt"),
        counts,
        tokens,
        sentences,
        documents,
        about.document_names,
        about.labels,
        about.options,
        about.digest,
    )
