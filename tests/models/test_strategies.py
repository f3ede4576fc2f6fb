"""Strategies: limits that must hold exactly, and what each promises of its vectors."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from models.test_training import SIZE, config_for, half_of, in_process, make_corpus, random_text, random_vectors

from core.config import TrainConfig
from core.errors import TrainingError
from core.geometry.directions import centred_directions, unit
from core.methods import METHODS
from core.models.cooccurrence import average_contexts, count_cooccurrences, find_positive_pmi, reduce_by_svd
from core.models.dose import DOSES, apply_dose, choose_dose
from core.models.estimates import estimate_bytes, estimate_seconds
from core.models.training import train
from core.models.training_inputs import cut_passages, gather_material
from core.models.training_space import find_training_space, place_new_words
from core.pretrained.vectors import PretrainedVectors


def rows_of(pretrained, words):
    return pretrained.vectors[pretrained.rows_for(words)]


def small(lowest, highest):
    return st.floats(lowest, highest, width=32, allow_nan=False)


@given(
    arrays(np.float32, (4, 3), elements=small(-8, 8)), arrays(np.float32, (4, 3), elements=small(-8, 8)), small(0, 1)
)
@settings(max_examples=50, deadline=None)
def test_dose_is_exact_at_its_ends_and_lies_between(dose0, dose1, dose):
    covered = np.array([True, False, True, True])
    none, full = (apply_dose(dose0, dose1, covered, end) for end in (0.0, 1.0))
    assert none[covered].tobytes() == dose0[covered].tobytes()
    assert none[~covered].tobytes() == dose1[~covered].tobytes()
    assert full.tobytes() == dose1.tobytes()
    between = apply_dose(dose0, dose1, covered, dose)
    low, high = np.minimum(dose0, dose1), np.maximum(dose0, dose1)
    assert ((between >= low - 1e-5) & (between <= high + 1e-5))[covered].all()
    assert (between[~covered] == dose1[~covered]).all()
    assert between.dtype == np.float32


def test_dose_out_of_range_is_refused():
    vectors = np.zeros((2, 2), np.float32)
    with pytest.raises(TrainingError, match=r"dose is 1\.5"):
        apply_dose(vectors, vectors, np.array([True, True]), 1.5)


def test_tuned_at_dose_0_is_pretrained_bit_for_bit_and_at_1_the_fine_tuned():
    corpus = random_text()
    pretrained = half_of(corpus)
    none, half, full = (train(corpus, config_for("tuned", dose=dose), pretrained) for dose in (0.0, 0.5, 1.0))
    expected = rows_of(pretrained, np.array(none.words)[none.covered])
    assert none.vectors[none.covered].tobytes() == expected.tobytes()
    assert (full.vectors[full.covered] != expected).any(axis=1).all()
    assert full.ends[1].tobytes() == full.vectors.tobytes()
    assert none.ends[1].tobytes() == full.ends[1].tobytes()
    assert half.vectors.tobytes() == apply_dose(*full.ends, full.covered, 0.5).tobytes()


def test_tuned_stays_in_the_file_s_own_space():
    corpus = random_text()
    pretrained = random_vectors(corpus.words)  # mean 1, far from the origin
    tuned = train(corpus, config_for("tuned", dose=1.0, epochs=1, alpha=1e-4), pretrained)
    assert np.abs(tuned.vectors - rows_of(pretrained, tuned.words)).max() < 1e-3


@pytest.mark.parametrize("strategy", ["pretrained", "freeze"])
def test_known_words_keep_the_file_s_rows_bit_for_bit(strategy):
    corpus = random_text()
    pretrained = half_of(corpus)
    made = train(corpus, config_for(strategy), pretrained)
    assert 0 < made.covered.sum() < len(made.words)
    expected = rows_of(pretrained, np.array(made.words)[made.covered])
    assert made.vectors[made.covered].tobytes() == expected.tobytes()


def test_a_new_word_stands_where_its_context_is():
    # red and blue each occur with their own words; kermes only among red's
    corpus = make_corpus(*["red scarlet ruby crimson kermes red scarlet", "blue navy azure cobalt blue navy azure"] * 8)
    known = ("red", "scarlet", "ruby", "crimson", "blue", "navy", "azure", "cobalt")
    vectors = random_vectors(known, 5)
    centres = np.array([[6, 0, 0, 0, 0]] * 4 + [[0, 6, 0, 0, 0]] * 4, np.float32)
    pretrained = random_vectors(known, 5)
    object.__setattr__(pretrained, "vectors", vectors.vectors * 0.1 + centres)
    made = train(corpus, config_for("pretrained", vector_size=5), pretrained)
    row = dict(zip(made.words, unit(made.vectors - made.vectors[made.covered].mean(axis=0)), strict=True))
    assert not made.covered[made.words.index("kermes")]
    assert made.details == {"placed_by_context": 1, "without_context": 0, "turned_by_spelling": 0}
    assert row["kermes"] @ row["red"] > 0.8 > 0 > row["kermes"] @ row["blue"]


def test_a_word_that_never_meets_a_known_one_is_placed_step_by_step_or_marked():
    corpus = make_corpus(*["red far", "far further", "lone alone"] * 3)
    pretrained = random_vectors(("red", "unused"))
    made = train(corpus, config_for("pretrained"), pretrained)
    assert made.details == {"placed_by_context": 2, "without_context": 2, "turned_by_spelling": 0}
    mean = made.vectors[made.covered].mean(axis=0)
    lone = made.vectors[[made.words.index(word) for word in ("lone", "alone")]]
    assert np.abs(lone - mean).max() == 0


def test_pullback_of_1_returns_to_the_file_and_of_0_is_tuned_freely():
    corpus = random_text()
    pretrained = half_of(corpus)
    tuned = train(corpus, config_for("tuned", dose=1.0), pretrained)
    free, back = (train(corpus, config_for("pullback", pull=pull, dose=1.0), pretrained) for pull in (0.0, 1.0))
    assert free.vectors.tobytes() == tuned.vectors.tobytes()
    expected = rows_of(pretrained, np.array(back.words)[back.covered])
    assert np.abs(back.vectors[back.covered] - expected).max() < 1e-5
    assert (back.vectors[~back.covered] != tuned.vectors[~tuned.covered]).any()


def test_protect_moves_rare_words_less():
    corpus = random_text(types=60)
    pretrained = random_vectors(corpus.words)
    free, wary = (train(corpus, config_for("protect", tau=tau), pretrained) for tau in (0.0, 50.0))
    start = rows_of(pretrained, free.words)
    ratio = np.linalg.norm(wary.vectors - start, axis=1) / np.linalg.norm(free.vectors - start, axis=1)
    assert free.vectors.tobytes() == train(corpus, config_for("tuned", dose=1.0), pretrained).vectors.tobytes()
    assert ratio[-20:].mean() < 0.6 * ratio[:5].mean()


def centred_similarities(vectors, space):
    directions = unit(space.enter(vectors))
    return directions @ directions.T


def test_blend_of_0_has_the_pretrained_directions_and_of_1_the_counted_ones():
    corpus = random_text()
    pretrained = random_vectors(corpus.words)
    none, full = (train(corpus, config_for("blend", blend=blend, dosed=False), pretrained) for blend in (0.0, 1.0))
    rows, counted = rows_of(pretrained, none.words), train(corpus, config_for("counts")).vectors
    everything = np.ones(len(rows), bool)
    space, counted_space = (find_training_space(vectors, everything) for vectors in (rows, counted))
    expected = [centred_similarities(rows, space), centred_similarities(counted, counted_space)]
    found = [centred_similarities(made.vectors, space) for made in (none, full)]
    assert np.abs(found[0] - expected[0]).max() < 1e-4
    assert np.abs(found[1] - expected[1]).max() < 1e-4
    assert np.abs(expected[0] - expected[1]).max() > 0.5


def test_a_blend_with_a_dose_weighs_words_by_their_counts():
    corpus = random_text(types=60)
    pretrained = random_vectors(corpus.words[:-5])
    full, half = (train(corpus, config_for("blend", blend=0.6, dose=dose), pretrained) for dose in (1.0, 0.5))
    counted = train(corpus, config_for("blend", blend=1.0, dosed=False), pretrained)
    covered = full.covered
    space = find_training_space(full.ends[0], covered)
    start, end = (space.enter(vectors)[covered] for vectors in (full.ends[0], full.vectors))
    weights = (0.6 * full.counts / (full.counts + 10))[covered, None]
    goal = unit(space.enter(counted.vectors))[covered] * np.linalg.norm(start, axis=1, keepdims=True)
    np.testing.assert_allclose(end, (1 - weights) * start + weights * goal, atol=1e-5)
    assert weights.max() > 0.5 > 0.3 > weights.min()
    np.testing.assert_array_equal(full.ends[0][covered], rows_of(pretrained, np.array(full.words)[covered]))
    np.testing.assert_array_equal(half.vectors[~covered], full.vectors[~covered])
    assert (~covered).sum() == 5
    moved, whole = half.vectors[covered] - full.ends[0][covered], full.vectors[covered] - full.ends[0][covered]
    np.testing.assert_allclose(2 * moved, whole, atol=1e-5)


@pytest.mark.parametrize("strategy", ["pullback", "blend"])
def test_pullback_and_blend_keep_what_does_best_on_the_development_part(strategy):
    """The file knows the topics of all words, so a training that goes too far loses some of it."""
    corpus = topical_text(40)
    topics = np.array([int(word[1]) if word[0] == "t" else 3 for word in corpus.words])
    vectors = np.random.default_rng(0).normal(0, 0.02, (len(topics), SIZE)).astype(np.float32)
    vectors[np.arange(len(topics)), topics] += 1
    pretrained = PretrainedVectors("file.txt", corpus.words, vectors, "d" * 32, "glove", len(topics))
    made = train(corpus, config_for(strategy, epochs=1, alpha=0.5), pretrained)
    curve = dict(made.details["dose_curve"])
    assert list(curve) == list(DOSES)
    assert curve[made.details["dose"]] == max(curve.values())
    assert made.vectors.tobytes() == apply_dose(*made.ends, made.covered, made.details["dose"]).tobytes()
    if strategy == "pullback":
        assert made.details["dose"] < 1
    assert len(made.details["epoch_curve"]) == (1 if strategy == "pullback" else 0)


def test_records_from_before_pullback_and_blend_had_a_dose_make_what_they_made():
    """These name none; so all of the change is kept, and every word of a blend has the same weight."""
    corpus = random_text()
    pretrained = half_of(corpus)
    record = config_for("pullback").as_dict()
    del record["dosed"]
    before = train(corpus, TrainConfig(**record), pretrained)
    assert before.ends is None
    assert before.dose is None
    whole = train(corpus, config_for("pullback", dose=1.0), pretrained)
    assert before.vectors.tobytes() == whole.vectors.tobytes()
    record = config_for("blend", blend=0.3).as_dict()
    del record["dosed"]
    config = TrainConfig(**record)
    assert "dosed" not in config.identity
    assert not config.has_open_dose
    made = train(corpus, config, pretrained)
    assert made.ends is None
    covered = made.covered
    rows = np.zeros_like(made.vectors)
    rows[covered] = rows_of(pretrained, np.array(made.words)[covered])
    space = find_training_space(rows, covered)
    counted = space.enter(train(corpus, replace(config, blend=1.0), pretrained).vectors)[covered]
    mixed = 0.7 * centred_directions(rows, covered)[covered] + 0.3 * counted
    np.testing.assert_allclose(space.enter(made.vectors)[covered], unit(mixed), atol=1e-5)


def test_preview_moves_frequent_words_most():
    corpus = random_text(documents=80, types=600)
    pretrained = random_vectors(corpus.words)
    preview = train(corpus, config_for("preview"), pretrained)
    rows = rows_of(pretrained, preview.words)
    space = find_training_space(rows, preview.covered)
    kept = (unit(space.enter(rows)) * unit(space.enter(preview.vectors))).sum(axis=1)
    assert preview.counts[4] > 60 > 3 > preview.counts[-100]
    assert kept[-100:].min() > 0.9 > kept[:5].mean()


def test_counts_bring_words_of_one_topic_together():
    rng = np.random.default_rng(0)
    topics = [[f"{topic}{i}" for i in range(8)] for topic in "ab"]
    corpus = make_corpus(*(" ".join(rng.choice(topics[i % 2], 20)) for i in range(30)))
    made = train(corpus, config_for("counts", vector_size=4))
    directions = unit(made.vectors)
    is_a = np.array([word[0] == "a" for word in made.words])
    assert (directions[is_a] @ directions[is_a].T).min() > (directions[is_a] @ directions[~is_a].T).max() + 0.3


def test_cooccurrences_of_a_text_counted_by_hand():
    corpus = make_corpus("a b rare c", "c a")
    passages = cut_passages(corpus, 2)  # vocabulary: a, c; b and rare are left out before windows are laid
    assert corpus.words[: len(passages.counts)] == ("a", "c")
    found = count_cooccurrences(passages, window=2).toarray()
    assert found.tolist() == [[0, 2], [2, 0]]
    wide = count_cooccurrences(cut_passages(make_corpus("a b c"), 1), window=4).toarray()
    assert wide.tolist() == [[0, 1, 0.75], [1, 0, 1], [0.75, 1, 0]]


def test_no_window_crosses_a_passage():
    corpus = make_corpus("a b.", "c d.\ne f.")
    documents = count_cooccurrences(cut_passages(corpus, 1, "document"), 5).nnz
    sentences = count_cooccurrences(cut_passages(corpus, 1, "sentence"), 5).nnz
    assert (documents, sentences) == (2 + 12, 2 + 2 + 2)


def test_positive_pmi_by_hand_and_svd_wider_than_the_matrix():
    cooccurrences = count_cooccurrences(cut_passages(make_corpus("a b", "c d"), 1), 1)
    information = find_positive_pmi(cooccurrences)
    assert np.allclose(information.toarray(), np.log(4) * (cooccurrences.toarray() > 0))  # 1 * 4 / (1 * 1)
    vectors = reduce_by_svd(information, 10, seed=1)
    assert vectors.shape == (4, 10)
    assert (vectors[:, 4:] == 0).all()


def test_average_context_by_hand():
    cooccurrences = np.array([[0, 3.0, 1], [3, 0, 0], [1, 0, 0]])
    vectors = np.array([[9.0, 9], [1, 0], [0, 1]])
    means, met = average_contexts(cooccurrences, vectors, np.array([False, True, True]), np.array([1, 1, 3.0]))
    assert met.tolist() == [True, False, False]
    assert means[0].tolist() == [0.5, 0.5]  # weights 3 * 1 and 1 * 3
    assert (means[1:] == 0).all()


def test_training_space_there_and_back():
    rows = np.random.default_rng(0).normal(5, 2, (30, 6)).astype(np.float32)
    covered = np.arange(30) < 20
    space = find_training_space(rows, covered)
    inside = space.enter(rows)
    assert np.allclose(inside[covered].mean(axis=0), 0, atol=1e-5)
    assert np.linalg.norm(inside[covered], axis=1).mean() == pytest.approx(1, abs=1e-5)
    assert np.allclose(space.leave(inside), rows, atol=1e-5)


def test_one_covered_word_has_no_spread_to_measure():
    corpus = random_text()
    pretrained = random_vectors(corpus.words[:1])
    for strategy in sorted(name for name in METHODS if METHODS[name].needs_vectors):
        made = train(corpus, config_for(strategy), pretrained)
        assert np.isfinite(made.vectors).all(), strategy


def test_placed_words_are_unit_directions_and_never_the_covered_ones():
    corpus = random_text()
    material = gather_material(corpus, config_for("tuned"), half_of(corpus))
    cooccurrences = count_cooccurrences(material.passages, 5)
    directions, placed = place_new_words(material.rows, material.covered, cooccurrences, np.ones(len(material.covered)))
    assert not (placed & material.covered).any()
    assert np.allclose(np.linalg.norm(directions[placed | material.covered], axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("strategy", METHODS)
def test_every_strategy_has_the_same_vocabulary_and_a_finite_read_only_result(strategy):
    corpus = random_text()
    made = train(corpus, config_for(strategy, min_count=3), half_of(corpus))
    assert made.words == corpus.words[: corpus.vocabulary_size(3)]
    assert made.vectors.shape == (len(made.words), SIZE)
    assert made.vectors.dtype == np.float32
    assert made.vectors.flags.c_contiguous
    assert not made.vectors.flags.writeable
    assert np.isfinite(made.vectors).all()


@pytest.mark.parametrize("strategy", METHODS)
def test_every_strategy_manages_three_words_of_five_dimensions(strategy):
    corpus = make_corpus("red green blue " * 20)
    made = train(corpus, config_for(strategy, vector_size=5), random_vectors(("red", "blue"), 5))
    assert made.vectors.shape == (3, 5)
    assert np.isfinite(made.vectors).all()


def test_every_strategy_is_bit_identical_in_another_process_with_another_hash_seed():
    there = in_process("7", *METHODS)
    corpus = random_text()
    for strategy in METHODS:
        here = train(corpus, config_for(strategy), half_of(corpus)).vectors
        assert f"{strategy} {hashlib.sha256(here.tobytes()).hexdigest()}" in there, strategy


def topical_text(documents=90, seed=0, words=40):
    """Documents of 3 topics with 40 `words` each, after 60 words that fit everywhere: context predicts the word."""
    rng = np.random.default_rng(seed)
    common = [f"c{i}" for i in range(60)]
    texts = []
    for i in range(documents):
        topic = [f"t{i % 3}w{j}" for j in range(words)]
        texts.append(" ".join(rng.choice(common if rng.random() < 0.3 else topic) for _ in range(70)))
    return make_corpus(*texts)


def test_automatic_dose_is_high_when_the_text_teaches_and_the_file_knows_nothing():
    corpus = topical_text()
    pretrained = random_vectors(corpus.words, 10)
    made = train(corpus, config_for("tuned", vector_size=10, epochs=5), pretrained)
    curve = made.details["dose_curve"]
    assert [dose for dose, _ in curve] == list(DOSES)
    assert made.details["dose"] == max(curve, key=lambda point: point[1])[0] >= 0.5
    assert curve[-1][1] > curve[0][1] + 0.1
    assert len(made.details["epoch_curve"]) == 5
    assert made.config.dose is None  # the settings as asked for
    full = train(corpus, config_for("tuned", vector_size=10, epochs=5, dose=1.0), pretrained)
    assert made.ends[1].tobytes() == full.vectors.tobytes()  # trained on all of the text


def test_automatic_dose_without_enough_text_to_choose_says_so():
    corpus = random_text(documents=5, tokens=20)
    choice = choose_dose(corpus, config_for("tuned"), half_of(corpus))
    assert choice.scores == ()
    assert choice.dose == 0.5
    made = train(corpus, config_for("tuned"), half_of(corpus))
    assert not made.details["dose_chosen_on_heldout_text"]
    assert made.details["dose"] == 0.5


def test_progress_of_the_automatic_dose_rises_through_both_trainings():
    calls = []
    corpus = topical_text(60)
    train(corpus, config_for("tuned"), half_of(corpus), lambda share, message: calls.append((share, message)))
    shares = [share for share, _ in calls]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert any(message.startswith("choosing the dose: epoch 1 of 2") for _, message in calls)
    assert any("held-out score 0." in message for _, message in calls)


def test_estimates_grow_with_the_work():
    corpus = random_text()
    short, long = (estimate_seconds(corpus, config_for("scratch", epochs=epochs)) for epochs in (10, 100))
    assert 1 < short < long
    assert estimate_seconds(corpus, config_for("tuned")) > 1.5 * estimate_seconds(corpus, config_for("tuned", dose=1.0))
    narrow, wide = (estimate_bytes(corpus, config_for("tuned", vector_size=size)) for size in (50, 300))
    assert narrow < wide
    pretrained = random_vectors(corpus.words, vocabulary=400_000)
    published = config_for("classic", vector_size=100, as_published=True)
    assert estimate_bytes(corpus, published, pretrained) > 300_000_000 + estimate_bytes(corpus, published)


def test_records_from_before_spelling_was_looked_at_make_what_they_made():
    corpus = make_corpus(*["the old bronchioles branch here", "a bronchiole opens there", "cats sleep in the sun"] * 6)
    pretrained = random_vectors(tuple(word for word in corpus.words if word != "bronchiole"))
    config = config_for("pretrained")
    record = config.as_dict()
    del record["spelled"]
    before = TrainConfig(**record)
    assert "spelled" not in before.identity
    assert config.identity != before.identity
    old, new = train(corpus, before, pretrained), train(corpus, config, pretrained)
    assert old.vectors[old.covered].tobytes() == new.vectors[new.covered].tobytes()
    assert "turned_by_spelling" not in old.details
    assert new.details["turned_by_spelling"] == 1
    word, kin = (old.words.index(each) for each in ("bronchiole", "bronchioles"))

    def likeness(made):
        rows = unit(made.vectors - made.vectors[made.covered].mean(axis=0))
        return rows[word] @ rows[kin]

    assert likeness(new) > likeness(old) + 0.1
