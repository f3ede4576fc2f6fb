"""Texts made from texts: parts, a bootstrap of documents, the same words in a meaningless order, and two dealt anew."""

from dataclasses import dataclass, replace
from typing import Literal

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
    """As many documents as there are, drawn with replacement: the text one might have had instead.

    The same text and the same seed give the same documents, so that two models can be made on the same ones.
    """
    starts = np.unique(corpus.document_starts)  # without the empty documents
    units = np.random.default_rng(seed).integers(0, len(starts) - 1, len(starts) - 1)
    return take_units(corpus, starts, np.sort(units), f"{corpus.name} (resampled, seed {seed})")


DealtUnit = Literal["documents", "blocks"]
FEWEST_DEALT, FEWEST_OF_EACH = 10, 3
"""With fewer documents in two texts together, or in one of them, there are too few ways to deal them out."""
DEALT_TOKENS = 200
"""Of the blocks that are dealt out where there are too few documents."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Two texts in one, to be dealt out anew. Made by `pool`.

    Attributes:
        corpus: both texts, the left one first: one vocabulary, with its counts.
        starts: int64 (units + 1,), offsets into its tokens that cut it into what is dealt out.
        unit: what that is: whole documents, or blocks of about 200 tokens of one document.
        left_tokens: how many tokens of it the left text has.
    """

    corpus: Corpus
    starts: np.ndarray
    unit: DealtUnit
    left_tokens: int


def pool(left: Corpus, right: Corpus) -> Pool:
    """Put two texts into one, each word of either with its count in both.

    The texts may be cut and counted by different options; a word is the same if it is written the same. What says of
    the pool how it was cut is the left one's. Documents stay whole where there are ten or more together and three or
    more of each; else blocks of 200 tokens are dealt out, and fewer than that at the end of a document go with the
    block before.
    """
    row_of = {word: row for row, word in enumerate(left.words)}
    words = [*left.words, *(word for word in right.words if word not in row_of)]
    row_of = {word: row for row, word in enumerate(words)}
    rows = np.array([row_of[word] for word in right.words], np.int32)
    counts = np.zeros(len(words), np.int64)
    counts[: len(left.words)] = left.counts
    counts[rows] += right.counts
    order = sorted(range(len(words)), key=lambda row: (-counts[row], words[row]))
    new_id = np.empty(len(words), np.int32)
    new_id[order] = np.arange(len(words), dtype=np.int32)
    begins = left.n_tokens
    corpus = Corpus(
        name="two texts together",
        words=tuple(words[row] for row in order),
        counts=counts[order],
        tokens=np.concatenate([new_id[left.tokens], new_id[rows[right.tokens]]]),
        sentence_starts=np.concatenate([left.sentence_starts[:-1], begins + right.sentence_starts]),
        document_starts=np.concatenate([left.document_starts[:-1], begins + right.document_starts]),
        document_names=left.document_names + right.document_names,
        labels=left.labels + right.labels,
        options=left.options,
        digest=digest_of("pool", left.digest, right.digest),
        whole=" ".join(dict.fromkeys([left.whole or left.digest, right.whole or right.digest])),
    )
    for array in (corpus.counts, corpus.tokens, corpus.sentence_starts, corpus.document_starts):
        array.flags.writeable = False
    starts = np.unique(corpus.document_starts)  # without the empty documents
    of_left = int(np.searchsorted(starts, begins))
    unit: DealtUnit = "documents"
    if len(starts) - 1 < FEWEST_DEALT or min(of_left, len(starts) - 1 - of_left) < FEWEST_OF_EACH:
        unit = "blocks"
        cuts = [
            start + DEALT_TOKENS * np.arange(max(1, (end - start) // DEALT_TOKENS))
            for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ]
        starts = np.append(np.concatenate(cuts), starts[-1])
    return Pool(corpus, starts, unit, begins)


def deal(pooled: Pool, seed: int) -> tuple[Corpus, Corpus]:
    """Deal a pool out anew: two texts of its documents (or blocks), each as near to the size of its own as these allow.

    At least one goes to either side. Their names tell nothing of the texts that they are from: they are kept with
    models, and whoever erases a text erases its name.

    Raises:
        ValueError: the pool has fewer than two units.
    """
    units = len(pooled.starts) - 1
    if units < 2:
        raise ValueError(f"{units} unit cannot be dealt out to two sides")
    order = np.random.default_rng(seed).permutation(units)
    reached = np.cumsum(np.diff(pooled.starts)[order])[:-1]
    given = int(np.abs(reached - pooled.left_tokens).argmin()) + 1
    left, right = (
        take_units(pooled.corpus, pooled.starts, np.sort(part), f"two texts dealt out anew ({side}, seed {seed})")
        for part, side in ((order[:given], "left"), (order[given:], "right"))
    )
    return left, right


def shuffle_tokens(corpus: Corpus, seed: int) -> Corpus:
    """The placebo: every token put in a random place of the whole text; lengths and counts stay as they are.

    What a model still gains from it, it did not learn from what the words mean (docs/science.md, section 5).
    """
    tokens = np.random.default_rng(seed).permutation(corpus.tokens)
    tokens.flags.writeable = False
    digest = digest_of(corpus.digest, "shuffled", str(seed))
    name, whole = f"{corpus.name} (shuffled, seed {seed})", corpus.whole or corpus.digest
    return replace(corpus, name=name, tokens=tokens, digest=digest, whole=whole)
