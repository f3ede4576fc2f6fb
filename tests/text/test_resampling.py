import numpy as np

from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.resampling import resample_documents, shuffle_tokens


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
