"""Vectune's engine and gensim do one algorithm: both are held to a plain reference, each on its own chance."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from core.config import default_config
from core.errors import TrainingError
from core.models import engine, kernel
from core.models.engine import draw_start, find_keep_thresholds, find_key, train_text
from core.models.start import Start
from core.models.training_inputs import Passages, cut_passages
from core.models.word2vec import _build_model, train_word2vec
from core.text.corpus import build_corpus
from core.text.reading.documents import Document
from tests.models.word2vec_reference import train_reference

M64 = 2**64 - 1
SIZE = 20


def passages_of(words: int = 60, documents: int = 30, length: int = 40, seed: int = 0) -> Passages:
    """A random text of few words, so that words meet themselves, are drawn twice, and are drawn as negatives often."""
    draw = np.random.default_rng(seed)
    texts = [" ".join(f"w{int(i)}" for i in draw.zipf(1.3, length) % words) for _ in range(documents)]
    return cut_passages(build_corpus([Document(str(i), text) for i, text in enumerate(texts)]), 2)


@pytest.fixture(scope="module")
def passages() -> Passages:
    return passages_of()


def start_of(passages: Passages, known: float = 0.5) -> Start:
    draw, size = np.random.default_rng(3), len(passages.counts)
    return Start(
        draw.normal(0, 0.3, (size, SIZE)).astype(np.float32),
        draw.random(size) < known,
        draw.random(size).astype(np.float32),
    )


def begun(passages: Passages, start: Start, seed: int) -> np.ndarray:
    vectors = draw_start(len(passages.counts), SIZE, seed)
    vectors[start.known] = start.vectors[start.known]
    return vectors


def mix(bits: int) -> int:
    bits &= M64
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & M64
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & M64
    return bits ^ (bits >> 31)


@pytest.mark.parametrize("negative", [1, 5, 13])
@pytest.mark.parametrize("kind", ["skip-gram", "cbow", "one vector"])
def test_the_engine_is_the_reference_on_its_own_chance(passages, kind, negative):
    bias = 1.6 if kind == "one vector" else None
    config = default_config(
        "scratch",
        epochs=1,
        algorithm="cbow" if kind == "cbow" else "skip-gram",
        seed=5,
        vector_size=SIZE,
        negative=negative,
        sample=0.05,
        alpha=0.1,
    )
    start = start_of(passages, 1.0 if bias else 0.5)
    before = begun(passages, start, 5)
    root = np.sqrt(passages.counts.astype(float))
    thresholds, aliases = kernel.build_alias_table(root * np.sqrt(root))
    kept, starts = np.empty(len(passages.tokens), np.int32), np.empty(len(passages.starts), np.int64)
    keep = find_keep_thresholds(passages.counts, config.sample)
    kernel.thin(passages.tokens, passages.starts, keep, find_key(5, 0, 0), kept, starts)
    key = int(find_key(5, 0, 1))

    def chance(number: int) -> int:
        return key + number * 0xD1342543DE82EF95

    def negatives(number: int, turn: int) -> list[int]:
        drawn = []
        for each in range(1, negative + 1):
            bits = mix(chance(number) + each * 0x9E3779B97F4A7C15)
            word = ((bits >> 32) * len(aliases)) >> 32
            drawn.append(word if (bits & 0xFFFFFFFF) < int(thresholds[word]) else int(aliases[word]))
        return drawn

    expected = train_reference(
        before.astype(np.float64),
        start.lockf,
        [kept[a:b].tolist() for a, b in pairwise(starts)],
        window=config.window,
        shrinking=lambda number: ((mix(chance(number)) >> 32) * config.window) >> 32,
        negatives=negatives,
        alpha=lambda sentence: config.alpha + (1e-4 - config.alpha) * (starts[sentence] / starts[-1]),
        sigmoid=lambda x: 1 / (1 + np.exp(-x)),
        skip=kind != "cbow",
        merged=True,
        bias=bias,
    )
    found = train_text(passages, config, start, bias=bias)
    assert starts[-1] < len(passages.tokens)  # some words were thinned out
    assert np.abs(found - before).max() > 0.02
    assert np.abs(found - expected).max() < 5e-6


@pytest.mark.parametrize("algorithm", ["skip-gram", "cbow"])
def test_gensim_is_the_reference_on_gensims_chance(passages, algorithm):
    config = default_config("scratch", epochs=1, algorithm=algorithm, seed=5, vector_size=SIZE, sample=0.05)
    start = start_of(passages)
    before = begun(passages, start, 5)
    model = _build_model(passages, config, ())
    often = model.wv.expandos["sample_int"].astype(np.int64)
    # gensim draws from NumPy's old generator, and for negatives from a linear congruential one that it seeds.
    state = np.random.RandomState(5)
    bits = 2**24 * state.randint(0, 2**24) + state.randint(0, 2**24)

    def follow(bits: int) -> int:
        return (bits * 25214903917 + 11) & (2**48 - 1)

    sentences = []
    for first, last in pairwise(passages.starts):
        sentence = []
        for word in passages.tokens[first:last]:
            if word < len(passages.counts):
                drawn, bits = bits >> 16, follow(bits)
                if often[word] >= drawn:
                    sentence.append(int(word))
        sentences.append(sentence)
    shrinking = state.randint(0, config.window, sum(map(len, sentences)))

    def negatives(number: int, turn: int) -> list[int]:
        nonlocal bits
        drawn = []
        for _ in range(config.negative):
            drawn.append(int(np.searchsorted(model.cum_table, (bits >> 16) % int(model.cum_table[-1]))))
            bits = follow(bits)
        return drawn

    powers = np.exp((np.arange(1000) / 1000 * 2 - 1) * 6)
    table = (powers / (powers + 1)).astype(np.float32)
    expected = train_reference(
        before,
        start.lockf,
        sentences,
        window=config.window,
        shrinking=lambda number: int(shrinking[number]),
        negatives=negatives,
        alpha=lambda sentence: config.alpha,  # gensim lowers it once in 10,000 words
        sigmoid=lambda x: float(table[int((x + 6) * 83)]),
        skip=algorithm == "skip-gram",
    )
    found = train_word2vec(passages, config, start)
    assert np.abs(found - before).max() > 0.02
    # gensim reads the sigmoid from a table with 83 cells to one; by the code that BLAS chooses for the processor, a dot
    # product on the edge of two cells is rounded into either, and with it an update of the two words that met
    one_cell = config.alpha * 0.25 / 83 * np.abs(found).max()
    apart = np.abs(found - expected)
    assert apart.max() < one_cell
    assert (apart > 2e-5).any(axis=1).sum() <= 3


def test_no_two_seeds_or_epochs_share_their_chance():
    keys = {int(find_key(seed, epoch, purpose)) for seed in range(40) for epoch in range(40) for purpose in range(2)}
    assert len(keys) == 40 * 40 * 2  # seed 1, epoch 2 is not seed 2, epoch 1


def test_frozen_rows_stay_bit_for_bit(passages):
    start = start_of(passages, 1.0)
    frozen = np.arange(len(passages.counts)) % 3 == 0
    start = replace(start, lockf=np.where(frozen, 0, start.lockf).astype(np.float32))
    for algorithm in ("skip-gram", "cbow"):
        found = train_text(passages, default_config("scratch", epochs=2, algorithm=algorithm, vector_size=SIZE), start)
        assert found[frozen].tobytes() == start.vectors[frozen].tobytes()
        assert (found[~frozen] != start.vectors[~frozen]).any(axis=1).all()


def test_the_same_bits_in_threads_beside_each_other(passages):
    configs = [default_config("scratch", epochs=2, vector_size=SIZE, seed=seed) for seed in range(6)]
    alone = [train_text(passages, each) for each in configs]
    with ThreadPoolExecutor(4) as pool:
        beside = list(pool.map(lambda each: train_text(passages, each), configs))
    assert all(one.tobytes() == other.tobytes() for one, other in zip(alone, beside, strict=True))
    assert len({each.tobytes() for each in alone}) == len(configs)


def test_progress_rises_and_says_which_epoch(passages):
    told = []
    train_text(
        passages,
        default_config("scratch", epochs=3, vector_size=SIZE),
        progress=lambda share, message: told.append((share, message)),
    )
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[-1][0] == 1
    assert told[-1][1].startswith("epoch 3 of 3, ")


def test_a_cancelled_training_ends_at_once_and_leaves_no_thread(monkeypatch):
    class Cancelled(Exception): ...

    passages = passages_of(2000, 400, 600)
    monkeypatch.setattr(engine, "REPORT_SECONDS", 0.0)
    threads = threading.active_count()
    asked = []

    def cancel(share: float, message: str) -> None:
        asked.append(time.perf_counter())
        if len(asked) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        train_text(passages, default_config("scratch", epochs=50), progress=cancel)
    assert asked[1] - asked[0] < 2  # 0.1 s on an idle core
    assert threading.active_count() == threads


def test_between_epochs_vectors_may_be_changed_in_place(passages):
    seen = []

    def pull(vectors: np.ndarray) -> None:
        seen.append(vectors.copy())
        vectors[:] = 1

    config = default_config("scratch", epochs=2, vector_size=SIZE)
    found = train_text(passages, config, after_epoch=pull)
    assert len(seen) == 2
    assert np.array_equal(found, np.ones_like(found))
    assert not np.array_equal(seen[0], seen[1])


def made_by_hand(tokens: list[int], starts: list[int], counts: list[int]) -> Passages:
    return Passages(
        tuple(f"w{i}" for i in range(9)),
        np.array(counts, np.int64),
        np.array(tokens, np.int32),
        np.array(starts, np.int64),
    )


@pytest.mark.parametrize("bias", [None, 1.6])
@pytest.mark.parametrize("algorithm", ["skip-gram", "cbow"])
def test_passages_of_one_word_or_none_teach_nothing(algorithm, bias):
    if algorithm == "cbow" and bias is not None:
        return
    passages = made_by_hand([0, 1, 2, 0, 8, 8], [0, 1, 1, 2, 3, 4, 6], [2, 1, 1])
    start = Start(np.ones((3, SIZE), np.float32), np.ones(3, bool), np.ones(3, np.float32))
    config = default_config("scratch", epochs=2, algorithm=algorithm, vector_size=SIZE)
    assert np.array_equal(train_text(passages, config, start, bias=bias), start.vectors)


def test_what_would_reach_beyond_the_tables_never_reaches_compiled_code(passages):
    config = default_config("scratch", epochs=1, vector_size=SIZE)
    with pytest.raises(ValueError, match="negative"):
        train_text(made_by_hand([0, -1, 1], [0, 3], [2, 1]), config)
    with pytest.raises(ValueError, match="outside"):
        train_text(made_by_hand([0, 1], [0, 3], [2, 1]), config)
    with pytest.raises(ValueError, match="outside"):
        train_text(made_by_hand([0, 1, 1], [0, 2, 1, 3], [2, 1]), config)
    with pytest.raises(TypeError, match="int64"):
        train_text(replace(passages, tokens=passages.tokens.astype(np.int64)), config)
    with pytest.raises(ValueError, match="start is"):
        train_text(passages, replace(config, vector_size=SIZE + 1), start_of(passages))
    with pytest.raises(ValueError, match="one vector"):
        train_text(passages, config, start_of(passages), bias=1.0)


def test_values_that_no_training_survives_are_explained(passages):
    start = start_of(passages)
    start.vectors[np.flatnonzero(start.known)[0], 0] = 1e9
    with pytest.raises(TrainingError, match="as large as 1e"):
        train_text(passages, default_config("scratch", vector_size=SIZE), start)
