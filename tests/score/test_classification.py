from dataclasses import replace

import numpy as np
import pytest
from score.test_evaluation import topical_corpus

from core.score.classification import MAX_DOCUMENTS, average_documents, classify, find_labels
from core.text.corpus import build_corpus
from core.text.reading.documents import Document


def test_large_texts_are_sampled_by_class_and_small_classes_left_out() -> None:
    labels = [*["a"] * 8000, *["b"] * 2000, *["c"] * 4, *[None] * 10]
    np.random.default_rng(0).shuffle(labels)
    about, documents = find_labels(labels)
    assert (about.classes, about.left_out, about.documents) == (("a", "b"), ("c",), MAX_DOCUMENTS)
    assert about.majority == pytest.approx(0.8, abs=0.001)
    assert len(set(documents)) == MAX_DOCUMENTS
    assert (np.diff(documents) > 0).all()
    assert {labels[document] for document in documents} == {"a", "b"}


def test_document_vectors_are_weighted_means() -> None:
    corpus = build_corpus([Document("x", "one two two four"), Document("y", "unknown"), Document("z", "one one")])
    counts = np.array([600, 300, 100])
    averages = average_documents(corpus, np.array([0, 1, 2]), ("two", "one", "four"), counts).toarray()
    weights = 1e-3 / (1e-3 + counts / 1000)
    expected = weights * [2, 1, 1] / (weights * [2, 1, 1]).sum()
    np.testing.assert_allclose(averages, [expected, [0, 0, 0], [0, 1, 0]])


def test_unknown_documents_are_classified_by_guessing_and_labels_are_not_leaked() -> None:
    corpus = topical_corpus(100, 30)
    random_labels = [str(i) for i in np.random.default_rng(1).integers(0, 2, 100)]
    corpus = replace(corpus, labels=tuple(random_labels))
    averages = average_documents(corpus, np.arange(100), corpus.words, corpus.counts)
    vectors = np.random.default_rng(2).normal(size=(len(corpus.words), 80))
    assert 0.3 < classify(averages, vectors, random_labels, seed=0).mean() < 0.7
