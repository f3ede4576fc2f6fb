import numpy as np
import pytest
from score.test_evaluation import SIZE, WORDS, fake_train, topical_corpus

from core.config import TrainConfig, default_config
from core.errors import EvaluationError
from core.models.embedding import Embedding
from core.progress import Progress
from core.score.stability import measure_stability
from core.text.corpus import Corpus, build_corpus
from core.text.reading.documents import Document

CONFIG = default_config("scratch", vector_size=SIZE, min_count=1)


def always_the_same(corpus: Corpus, config: TrainConfig, progress: Progress) -> Embedding:
    model = fake_train(corpus, config, progress)
    vectors = np.array([np.random.default_rng(WORDS.index(word)).normal(size=SIZE) for word in model.words], np.float32)
    return Embedding(model.name, model.words, vectors, model.counts, model.covered, config, {})


def test_the_same_vectors_are_stable_and_random_ones_are_not() -> None:
    corpus = topical_corpus(40)
    stable = measure_stability(corpus, CONFIG, always_the_same)
    unstable = measure_stability(corpus, CONFIG, fake_train)
    assert sum(band.words for band in stable) <= len(corpus.words)
    assert [band.overlap for band in stable if band.words] == pytest.approx([1.0] * sum(b.words > 0 for b in stable))
    assert all(band.overlap < 0.15 for band in unstable if band.words)
    assert all(np.isnan(band.overlap) for band in stable if not band.words)


def test_every_run_has_other_documents_and_another_seed() -> None:
    seen: list[tuple[str, int]] = []

    def watching(corpus: Corpus, config: TrainConfig, progress: Progress) -> Embedding:
        seen.append((corpus.digest, config.seed))
        return fake_train(corpus, config, progress)

    measure_stability(topical_corpus(40), CONFIG, watching, runs=3)
    assert len(set(seen)) == len({digest for digest, _ in seen}) == len({seed for _, seed in seen}) == 3


def test_bad_input() -> None:
    with pytest.raises(EvaluationError, match="single one"):
        measure_stability(build_corpus([Document("d", "one two")]), CONFIG, fake_train)
    with pytest.raises(EvaluationError, match="words in common"):
        measure_stability(build_corpus([Document("d", "one"), Document("e", "two")]), CONFIG, fake_train)
    with pytest.raises(ValueError, match="takes two"):
        measure_stability(topical_corpus(40), CONFIG, fake_train, runs=1)
    with pytest.raises(ValueError, match="dose"):
        measure_stability(topical_corpus(40), default_config("tuned"), fake_train)
