"""Training: the vocabulary, the start, reproducibility, cancelling, and every way a text can be wrong."""

import dataclasses
import os
import subprocess
import sys
import threading
import time
from collections import Counter

import numpy as np
import pytest

from core.config import TrainConfig, default_config
from core.errors import Cancelled, TrainingError
from core.methods import METHODS
from core.models.description import TextSource, VectorsSource
from core.models.start import Start, check_finite
from core.models.training import train
from core.models.training_inputs import PASSAGE_TOKENS, cut_passages, gather_material
from core.models.word2vec import train_word2vec
from core.pretrained.vectors import PretrainedVectors
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document
from core.text.tokens.tokenisers import CorpusOptions

SIZE = 8


def make_corpus(*texts: str) -> Corpus:
    documents = [Document(f"d{i}", text) for i, text in enumerate(texts)]
    return build_corpus(documents, CorpusOptions(tokeniser="whitespace"))


def random_text(documents: int = 40, tokens: int = 60, types: int = 50, seed: int = 0) -> Corpus:
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, types + 1)
    return make_corpus(
        *(" ".join(f"w{i}" for i in rng.choice(types, tokens, p=share / share.sum())) for _ in range(documents))
    )


def random_vectors(words: tuple[str, ...], size: int = SIZE, seed: int = 5, vocabulary: int = 0) -> PretrainedVectors:
    vectors = np.random.default_rng(seed).normal(1, 1, (len(words), size)).astype(np.float32)
    return PretrainedVectors("file.txt", words, vectors, "d" * 32, "glove", vocabulary or len(words))


def half_of(corpus: Corpus) -> PretrainedVectors:
    """Vectors for every other word of the corpus, in another order, and for words that it does not have."""
    return random_vectors((*corpus.words[::2][::-1], "elsewhere", "nowhere"))


def config_for(strategy: str, **changes: object) -> TrainConfig:
    return default_config(strategy, **{"vector_size": SIZE, "epochs": 2, "min_count": 1, **changes})


def test_vocabulary_is_the_corpus_s_by_falling_count():
    corpus = random_text()
    for strategy in ("scratch", "classic"):
        embedding = train(corpus, config_for(strategy, min_count=5), half_of(corpus))
        assert embedding.words == corpus.words[: corpus.vocabulary_size(5)]
        assert (np.diff(embedding.counts) <= 0).all()
        assert embedding.counts.min() >= 5
        assert embedding.vectors.shape == (len(embedding.words), SIZE)
        assert embedding.vectors.dtype == np.float32


@pytest.mark.parametrize("algorithm", ["skip-gram", "cbow"])
def test_lockf_0_keeps_the_file_s_rows_bit_for_bit_and_1_moves_them(algorithm):
    corpus = random_text()
    pretrained = half_of(corpus)
    row_of = dict(zip(pretrained.words, pretrained.vectors, strict=True))
    frozen = train(corpus, config_for("classic", lockf=0.0, algorithm=algorithm), pretrained)
    free = train(corpus, config_for("classic", lockf=1.0, algorithm=algorithm), pretrained)
    untrained = train_word2vec(cut_passages(corpus, 1), config_for("scratch", epochs=1, alpha=1e-4))
    expected = np.array([row_of[word] for word, covered in zip(frozen.words, frozen.covered, strict=True) if covered])
    assert 0 < frozen.covered.sum() < len(frozen.words)
    assert frozen.vectors[frozen.covered].tobytes() == expected.tobytes()
    assert (free.vectors[free.covered] != expected).any(axis=1).all()
    moved = np.abs(frozen.vectors[~frozen.covered] - untrained[~frozen.covered]).max(axis=1)
    assert (moved > 1e-3).all()  # words not in the file train while the others are frozen


def test_a_fraction_of_lockf_moves_rows_by_a_fraction():
    corpus = random_text()
    pretrained = random_vectors(corpus.words)
    start = gather_material(corpus, config_for("classic"), pretrained).rows
    moved = [np.abs(train(corpus, config_for("classic", lockf=f), pretrained).vectors - start).sum() for f in (0.1, 1)]
    assert 0.05 < moved[0] / moved[1] < 0.3


def test_one_train_call_with_true_totals(monkeypatch):
    import gensim.models

    calls = []
    original = gensim.models.Word2Vec.train

    def spy(self, sentences, **settings):
        calls.append((list(sentences), settings, self.corpus_count))
        return original(self, sentences, **settings)

    monkeypatch.setattr(gensim.models.Word2Vec, "train", spy)
    corpus = make_corpus("a b " * 1_250, "b c")
    train(corpus, config_for("scratch", epochs=3, engine="gensim"))
    ((sentences, settings, corpus_count),) = calls
    assert settings["total_examples"] == corpus_count == len(sentences) == 4
    assert settings["epochs"] == 3
    assert max(map(len, sentences)) == PASSAGE_TOKENS


@pytest.mark.parametrize("context", ["document", "sentence"])
def test_no_token_is_lost_from_a_sentence_over_10_000_tokens(context):
    rng = np.random.default_rng(1)
    long = " ".join(f"w{i}" for i in rng.integers(0, 30, 23_456))
    corpus = make_corpus(long, "short one. and another", "")
    passages = cut_passages(corpus, 1, context)
    lists = list(passages.lists())
    assert [word for part in lists for word in part] == [corpus.words[i] for i in corpus.tokens]
    assert min(map(len, lists)) > 0
    assert max(map(len, lists)) <= PASSAGE_TOKENS < 10_000
    ends = corpus.document_starts if context == "document" else corpus.sentence_starts
    assert set(ends) <= set(passages.starts)


def test_as_published_adds_the_file_s_words_and_says_what_that_does():
    corpus = random_text()
    pretrained = half_of(corpus)
    many = random_vectors(pretrained.words, vocabulary=5_000)
    few, lots = (train(corpus, config_for("classic", as_published=True, min_count=2), p) for p in (pretrained, many))
    assert few.words == lots.words == corpus.words[: corpus.vocabulary_size(2)]
    assert few.details["added_words"] < lots.details["added_words"] == 5_000 - lots.covered.sum()
    assert 0 < few.details["negatives_not_in_text"] < 0.1 < 0.5 < lots.details["negatives_not_in_text"] < 1
    assert (few.vectors != train(corpus, config_for("classic", min_count=2), pretrained).vectors).any()


def test_share_of_negatives_is_what_gensim_draws(monkeypatch):
    import gensim.models

    models = []
    original = gensim.models.Word2Vec.train
    monkeypatch.setattr(
        gensim.models.Word2Vec, "train", lambda self, *a, **k: models.append(self) or original(self, *a, **k)
    )
    corpus = random_text()
    made = train(corpus, config_for("classic", as_published=True), random_vectors(corpus.words[:9], vocabulary=900))
    table = models[0].cum_table
    assert made.details["negatives_not_in_text"] == pytest.approx(
        1 - table[len(corpus.words) - 1] / table[-1], rel=1e-4
    )


SCRIPT = """
import hashlib, sys
sys.path.insert(0, "tests")
from models.test_training import config_for, half_of, random_text
from core.models.description import TextSource, VectorsSource
from core.models.training import train
corpus = random_text()
for strategy in sys.argv[1:]:
    embedding = train(corpus, config_for(strategy), half_of(corpus))
    print(strategy, hashlib.sha256(embedding.vectors.tobytes()).hexdigest())
"""


def in_process(hash_seed: str, *strategies: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, *strategies],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_another_seed_gives_other_vectors():
    corpus = random_text()
    one, two = (train(corpus, config_for("scratch", seed=seed)).vectors for seed in (1, 2))
    assert (one != two).any()


def test_counts_and_order_of_words_do_not_depend_on_ties():
    corpus = make_corpus("zeta alpha mid " * 30)  # gensim's own sort would turn ties round
    embedding = train(corpus, config_for("scratch"))
    assert embedding.words == ("alpha", "mid", "zeta")


def test_progress_tells_epochs_and_speed_and_rises():
    calls: list[tuple[float, str]] = []
    train(
        random_text(), config_for("scratch", epochs=4), progress=lambda share, message: calls.append((share, message))
    )
    shares = [share for share, _ in calls]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert [message.split(",")[0] for _, message in calls] == [f"epoch {i} of 4" for i in (1, 2, 3, 4)]
    assert all(message.endswith(" words/s") for _, message in calls)


def test_progress_is_smooth_within_a_long_epoch(monkeypatch):
    monkeypatch.setattr("core.models.word2vec.REPORT_SECONDS", 0)
    shares: list[float] = []
    config = config_for("scratch", epochs=1, engine="gensim")
    train(random_text(80), config, progress=lambda share, message: shares.append(share))
    assert len(shares) > 20
    assert shares == sorted(shares)


@pytest.mark.parametrize("error", [Cancelled, BrokenPipeError])
@pytest.mark.parametrize("within_epoch", [True, False])
@pytest.mark.parametrize("engine", ["vectune", "gensim"])
def test_cancel_unwinds_and_leaves_no_thread(monkeypatch, engine, within_epoch, error):
    module = "engine" if engine == "vectune" else "word2vec"
    monkeypatch.setattr(f"core.models.{module}.REPORT_SECONDS", 0 if within_epoch else 1e9)
    before = threading.active_count()

    def cancel(share: float, message: str) -> None:
        if share > 0.3:
            raise error

    outcome: list[BaseException] = []

    def run() -> None:
        try:
            train(random_text(200), config_for("scratch", epochs=3, engine=engine), progress=cancel)
        except BaseException as raised:
            outcome.append(raised)

    thread = threading.Thread(target=run, daemon=True)  # so that a hang fails the test and does not hang it
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert type(outcome[0]) is error
    deadline = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


def test_a_minimum_count_that_removes_everything():
    with pytest.raises(TrainingError, match=r"No word occurs 9 times. Lower the minimum count or upload more text."):
        train(make_corpus("a b c"), config_for("scratch", min_count=9))


def test_one_word():
    with pytest.raises(TrainingError, match="Only one word, “a”"):
        train(make_corpus("a a a a"), config_for("scratch"))


@pytest.mark.parametrize("strategy", ["scratch", "classic"])
def test_three_words_and_five_dimensions(strategy):
    corpus = make_corpus("red green blue " * 5)
    embedding = train(corpus, config_for(strategy, vector_size=5), random_vectors(("red", "blue"), 5))
    assert embedding.vectors.shape == (3, 5)


def test_another_vector_size_names_both_numbers():
    with pytest.raises(TrainingError, match=r"vector_size is 50.*have 8 values"):
        train(random_text(), config_for("classic", vector_size=50), half_of(random_text()))


def test_a_text_without_a_covered_word_still_trains_from_scratch():
    corpus = random_text()
    foreign = random_vectors(("мир", "труд"))
    for strategy in METHODS:
        if strategy in ("scratch", "counts"):
            continue
        with pytest.raises(TrainingError, match="none of the"):
            train(corpus, config_for(strategy), foreign)
    assert not train(corpus, config_for("scratch"), foreign).covered.any()


def test_a_strategy_that_needs_vectors_without_any():
    with pytest.raises(TrainingError, match="Choose a vectors file"):
        train(random_text(), config_for("classic"))


def test_vectors_that_are_no_numbers_or_too_large_are_refused():
    corpus = random_text()
    for value, message in ((np.nan, "not numbers"), (np.inf, "not numbers"), (1e30, "as large as 1e")):
        good = random_vectors(corpus.words)
        vectors = np.array(good.vectors)
        vectors[3, 2] = value
        pretrained = dataclasses.replace(good, vectors=vectors)
        with pytest.raises(TrainingError, match=message):
            train(corpus, config_for("classic"), pretrained)


def test_a_result_that_is_not_finite_is_explained():
    with pytest.raises(TrainingError, match=r"alpha is 0\.9, which is too high"):
        check_finite(np.array([[1, np.nan]], np.float32), 0.9)


@pytest.mark.parametrize("algorithm", ["skip-gram", "cbow"])
def test_the_highest_alpha_still_ends_in_numbers(algorithm):
    corpus = random_text()
    config = config_for("classic", alpha=1.0, epochs=20, algorithm=algorithm)
    assert np.isfinite(train(corpus, config, half_of(corpus)).vectors).all()


def test_a_start_of_the_wrong_shape_never_reaches_gensim():
    corpus = random_text()
    passages = cut_passages(corpus, 1)
    vectors = np.zeros((len(corpus.words), SIZE), np.float32)
    known = np.ones(len(corpus.words), bool)
    with pytest.raises(ValueError, match="lockf"):
        train_word2vec(passages, config_for("scratch"), Start(vectors, known, np.ones(3, np.float32)))


def test_sources_name_the_inputs():
    corpus = random_text()
    scratch = train(corpus, config_for("scratch"), half_of(corpus))
    classic = train(corpus, config_for("classic"), half_of(corpus))
    assert scratch.sources.pretrained is None
    assert classic.sources.pretrained == VectorsSource("file.txt", "d" * 32, "glove")
    assert classic.sources.corpus == TextSource("text", corpus.digest, corpus.options)
    assert classic.sources.covered == classic.covered.sum()
    assert {"python", "numpy", "gensim", "vectune"} <= set(classic.sources.versions)


def test_counts_of_the_passages_are_the_words_counts():
    corpus = random_text()
    passages = cut_passages(corpus, 3)
    seen = Counter(word for part in passages.lists() for word in part)
    assert [seen[word] for word in corpus.words[: len(passages.counts)]] == passages.counts.tolist()
