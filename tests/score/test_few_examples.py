import numpy as np
import pytest
from score.test_evaluation import configs, fake_train, topic_vectors, topical_corpus

from core.score.bootstrap import estimate_mean
from core.score.evaluation import evaluate
from core.score.few_examples import DRAWS, classify_from_few, draw_examples, estimate_over_draws, share_draws
from core.text.split import split_corpus

CLASSES = tuple(f"topic {number}" for number in range(4))


def drawn(corpus, classes=CLASSES, draws=3):
    split = split_corpus(corpus, 1)
    return split, draw_examples(corpus, split, classes, corpus.words, corpus.counts, draws, seed=0)


def test_examples_are_of_the_training_part_and_what_is_told_apart_is_not():
    corpus = topical_corpus(100, 60, labelled=True)
    split, few = drawn(corpus)
    assert few is not None
    assert few.documents.tolist() == sorted((*split.development_documents, *split.test_documents))
    assert [corpus.labels[document] for document in few.documents] == [CLASSES[each] for each in few.classes]
    assert few.held_out.shape[0] == len(few.documents)
    for number, draws in few.draws.items():
        assert len(draws) == 3
        for draw in draws:
            assert np.bincount(few.example_classes[draw]).tolist() == [number] * 4
            assert len(set(draw.tolist())) == len(draw)
    assert few.examples.shape[0] <= split.train.n_documents


def test_topics_are_told_apart_by_vectors_that_know_them_and_not_by_random_ones():
    corpus = topical_corpus(100, 60, labelled=True)
    _, few = drawn(corpus)
    known = {number: right.mean() for number, right in classify_from_few(few, topic_vectors(corpus.words)).items()}
    assert set(known) == {3, 8}
    assert min(known.values()) > 0.9
    nothing = np.random.default_rng(1).normal(size=(len(corpus.words), 2))
    assert classify_from_few(few, nothing)[3].shape == (3, len(few.documents))
    assert classify_from_few(few, nothing)[3].mean() < 0.6


def test_sizes_that_most_classes_do_not_have_are_left_out():
    corpus = topical_corpus(40, 60, labelled=True)  # ten documents a topic, about seven of them to learn from
    _, few = drawn(corpus)
    assert set(few.draws) == {3}


def test_there_are_none_where_stretches_were_set_aside_or_no_class_is_known():
    assert drawn(topical_corpus(4, 1000, labelled=True))[1] is None
    assert drawn(topical_corpus(60, 60, labelled=True), classes=("elsewhere", "nowhere"))[1] is None


def test_the_largest_classes_are_taken(monkeypatch):
    monkeypatch.setattr("core.score.few_examples.MAX_CLASSES", 2)
    _, few = drawn(topical_corpus(60, 60, labelled=True))
    assert set(few.classes.tolist()) == set(few.example_classes.tolist()) == {0, 1}


def test_the_interval_allows_for_the_luck_of_the_draws():
    rng = np.random.default_rng(0)
    documents = np.arange(200)
    alike = np.repeat(rng.random((1, 200)) < 0.5, 8, axis=0).astype(float)
    usual = estimate_mean(alike[0], documents, 1)
    assert estimate_over_draws([alike], [documents], 1) == pytest.approx(usual)
    lucky = alike + rng.normal(scale=0.2, size=(8, 1))
    assert estimate_over_draws([lucky], [documents], 1).half_width > 2 * usual.half_width
    assert estimate_over_draws([lucky[:1]], [documents], 1).half_width == float("inf")


def test_intervals_over_draws_hold():
    """Twelve draws of thirty documents, each with its own luck: 93 to 98 % hold the truth."""
    rng = np.random.default_rng(0)
    held = 0
    for seed in range(300):
        gain = 0.03 * rng.normal(size=(12, 1)) + 0.1 * rng.normal(size=30) + 0.3 * rng.normal(size=(12, 30))
        estimate = estimate_over_draws([gain[:6], gain[6:]], [np.arange(30), np.arange(30)], seed)
        held += estimate.low <= 0 <= estimate.high
    assert 0.93 <= held / 300 <= 0.985


def test_draws_are_shared_out_over_splits():
    assert share_draws(1) == DRAWS
    assert share_draws(5) * 5 >= DRAWS > (share_draws(5) - 1) * 5


def test_a_scorecard_has_what_few_examples_gain():
    card = evaluate(topical_corpus(60, 120, labelled=True), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    (three, eight) = card.model("tuned").few_examples
    assert (three.examples, eight.examples) == (3, 8)
    assert three.delta.low > 0
    assert three.right.value - three.delta.value == pytest.approx(card.model("pretrained").few_examples[0].right.value)
    assert card.model("pretrained").few_examples[0].delta == (0, 0, 0)
    assert card.labels.held_out > 20
    assert card.labels.draws >= DRAWS
    unlabelled = evaluate(topical_corpus(60, 120), configs("pretrained", "tuned"), fake_train, chosen="tuned")
    assert unlabelled.model("tuned").few_examples == ()
    assert unlabelled.labels.held_out == 0
