from dataclasses import replace

import numpy as np
import pytest

from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.resampling import DEALT_TOKENS, deal, pool, resample_documents, shuffle_tokens
from core.text.tokens.tokenisers import CorpusOptions


def corpus() -> Corpus:
    texts = ["one two. three", "", "four five six seven. eight", "one one nine", ""]
    return build_corpus(Document(f"d{i}", text, f"label {i}") for i, text in enumerate(texts))


def documents_of(text: Corpus) -> list[list[str]]:
    return [[text.words[i] for i in text.document(index)] for index in range(text.n_documents)]


def test_resampled_documents_are_whole_documents_with_their_names_and_labels() -> None:
    original = {
        name: words for name, words in zip(corpus().document_names, documents_of(corpus()), strict=True) if words
    }
    drawn = [resample_documents(corpus(), seed) for seed in range(20)]
    for text in drawn:
        assert text.n_documents == 3
        assert [original[name] for name in text.document_names] == documents_of(text)
        assert text.labels == tuple(f"label {name[1]}" for name in text.document_names)
        np.testing.assert_array_equal(text.counts, np.bincount(text.tokens))
        assert (np.diff(text.counts) <= 0).all()
        assert set(text.document_starts) <= set(text.sentence_starts)
    assert {name for text in drawn for name in text.document_names} == set(original)
    assert any(len(set(text.document_names)) < 3 for text in drawn)
    assert drawn[0].digest == resample_documents(corpus(), 0).digest
    assert len({text.digest for text in drawn}) == len({text.document_names for text in drawn}) > 5


def test_shuffled_tokens_keep_counts_and_lengths_and_nothing_else() -> None:
    text, placebo = corpus(), shuffle_tokens(corpus(), seed=1)
    np.testing.assert_array_equal(np.bincount(placebo.tokens), text.counts)
    np.testing.assert_array_equal(placebo.document_starts, text.document_starts)
    assert (placebo.tokens != text.tokens).any()
    assert placebo.digest != text.digest
    assert not placebo.tokens.flags.writeable


def test_pooled_texts_are_both_texts_with_one_vocabulary() -> None:
    left = corpus()
    right = build_corpus([Document("e0", "One nine. ten"), Document("e1", "nine")], CorpusOptions(lowercase=False))
    pooled = pool(left, right).corpus
    assert documents_of(pooled) == documents_of(left) + documents_of(right)
    assert pooled.document_names == left.document_names + right.document_names
    np.testing.assert_array_equal(pooled.counts, np.bincount(pooled.tokens))
    assert (np.diff(pooled.counts) <= 0).all()
    assert dict(zip(pooled.words, pooled.counts.tolist(), strict=True)) == {
        "one": 3, "nine": 3, "two": 1, "three": 1, "four": 1, "five": 1, "six": 1, "seven": 1, "eight": 1, "One": 1,
        "ten": 1,
    }  # fmt: skip
    assert pooled.sentence_starts.tolist() == [
        *left.sentence_starts, *(left.n_tokens + right.sentence_starts[1:])
    ]  # fmt: skip
    assert pooled.whole == f"{left.digest} {right.digest}"
    assert pooled.digest != pool(right, left).corpus.digest


def many(number: int, tokens: int, first: int = 0) -> Corpus:
    return build_corpus([Document(f"d{i}", f"w{i} " * tokens) for i in range(first, first + number)])


def test_a_deal_gives_every_document_to_one_side_and_keeps_the_sizes() -> None:
    pooled = pool(many(12, 30), many(24, 10, 12))
    assert pooled.unit == "documents"
    deals = [deal(pooled, seed) for seed in range(20)]
    for sides in deals:
        names = [set(side.document_names) for side in sides]
        assert not names[0] & names[1]
        assert names[0] | names[1] == set(pooled.corpus.document_names)
        assert abs(sides[0].n_tokens - 360) <= 15
        assert sum(side.n_tokens for side in sides) == 600
        assert [side.document_names for side in sides] == [tuple(sorted(n, key=lambda d: int(d[1:]))) for n in names]
        assert all(side.whole == pooled.corpus.whole for side in sides)
    assert len({sides[0].digest for sides in deals}) == 20
    assert deals[3][1].digest == deal(pooled, 3)[1].digest
    assert all(0.3 < np.mean([f"d{i}" in left.document_names for left, _ in deals]) < 0.9 for i in range(12))


def test_too_few_documents_are_dealt_out_in_blocks() -> None:
    for left, right in ((many(1, 1010), many(1, 450, 1)), (many(2, 500), many(40, 90, 2))):
        pooled = pool(left, right)
        assert pooled.unit == "blocks"
        assert np.isin(pooled.corpus.document_starts, pooled.starts).all()
        assert (np.diff(pooled.starts) < 2 * DEALT_TOKENS).all()
        assert (np.diff(pooled.starts)[:2] >= DEALT_TOKENS).all()
        sides = deal(pooled, 1)
        assert abs(sides[0].n_tokens - left.n_tokens) <= DEALT_TOKENS
    with pytest.raises(ValueError, match="1 unit cannot be dealt out"):
        deal(replace(pooled, starts=np.array([0, pooled.corpus.n_tokens])), 1)
