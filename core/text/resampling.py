"""Texts made from a text: parts of it, a bootstrap of its documents, and the same words in a meaningless order."""

from dataclasses import replace

import numpy as np

from core.system.files import digest_of
from core.text.corpus import Corpus


def take_units(corpus: Corpus, starts: np.ndarray, units: np.ndarray, name: str) -> Corpus:
    """Some stretches of `corpus` as a corpus of its own: counts, order of words and sentences are its own.

    Args:
        starts: (n + 1,), offsets into `corpus.tokens` that cut it into n stretches, none empty or across the end
            of a document.
        units: which stretches, in the order wanted; one that is named twice is there twice. Each becomes a document.
        name: of the result.
    """
    lengths = np.diff(starts)[units]
    document_starts = np.append(0, np.cumsum(lengths))
    old_position = np.repeat(starts[units] - document_starts[:-1], lengths) + np.arange(document_starts[-1])
    begins = np.zeros(corpus.n_tokens + 1, bool)
    begins[corpus.sentence_starts] = True
    begins[starts] = True
    sentence_starts = np.append(np.flatnonzero(begins[old_position]), len(old_position))
    documents = np.searchsorted(corpus.document_starts, starts[:-1], side="right") - 1
    raw = corpus.tokens[old_position]
    counts = np.bincount(raw, minlength=len(corpus.words))
    order = sorted(np.flatnonzero(counts).tolist(), key=lambda i: (-counts[i], corpus.words[i]))
    new_id = np.empty(len(corpus.words), np.int32)
    new_id[order] = np.arange(len(order), dtype=np.int32)
    part = Corpus(
        name=name,
        words=tuple(corpus.words[i] for i in order),
        counts=counts[order].astype(np.int64),
        tokens=new_id[raw],
        sentence_starts=sentence_starts.astype(np.int64),
        document_starts=document_starts.astype(np.int64),
        document_names=tuple(corpus.document_names[documents[i]] for i in units),
        labels=tuple(corpus.labels[documents[i]] for i in units),
        options=corpus.options,
        digest=digest_of(corpus.digest, "units", starts, units),
        whole=corpus.whole or corpus.digest,
    )
    for array in (part.counts, part.tokens, part.sentence_starts, part.document_starts):
        array.flags.writeable = False
    return part


def resample_documents(corpus: Corpus, seed: int) -> Corpus:
    """As many documents as there are, drawn with replacement: the text one might have had instead."""
    starts = np.unique(corpus.document_starts)  # without the empty documents
    units = np.random.default_rng(seed).integers(0, len(starts) - 1, len(starts) - 1)
    return take_units(corpus, starts, np.sort(units), f"{corpus.name} (resampled, seed {seed})")


def shuffle_tokens(corpus: Corpus, seed: int) -> Corpus:
    """The placebo: every token put in a random place of the whole text; lengths and counts stay as they are.

    What a model still gains from it, it did not learn from what the words mean (docs/science.md, section 5).
    """
    tokens = np.random.default_rng(seed).permutation(corpus.tokens)
    tokens.flags.writeable = False
    digest = digest_of(corpus.digest, "shuffled", str(seed))
    name, whole = f"{corpus.name} (shuffled, seed {seed})", corpus.whole or corpus.digest
    return replace(corpus, name=name, tokens=tokens, digest=digest, whole=whole)
