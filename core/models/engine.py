"""Vectune's own training of word vectors: skip-gram and CBOW with negative sampling, and one vector a word.

It does what `word2vec` does with gensim, about eight times as fast and with the same bits on every machine. The
vectors are as good and as alike as those of another seed, but other ones: its random numbers are its own. `kernel`
has the compiled part; both are imported where a model is trained and nowhere else, as they bring numba along.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.config import TrainConfig
from core.models import kernel
from core.models.start import LOWEST_ALPHA, REPORT_SECONDS, AfterEpoch, Start, check_finite, check_start
from core.models.training_inputs import Passages
from core.progress import Progress, silent
from core.system.compiled import marker
from core.system.locking import hold_lock

_WORK_A_CALL = 1 << 27
"""Multiplications in one call of compiled code, about: a cancelled training ends within a tenth of a second."""
_THINNING, _TRAINING = 0, 1


def train_text(
    passages: Passages,
    config: TrainConfig,
    start: Start | None = None,
    *,
    bias: float | None = None,
    after_epoch: AfterEpoch | None = None,
    progress: Progress = silent,
) -> np.ndarray:
    """Train on `passages`: the same input gives the same bits, on every machine and beside any other work.

    The learning rate falls evenly over all epochs, tokens that are passed over in thinning left out. Nothing holds
    Python's lock while a share of the text is trained, so that several models train in threads.

    Args:
        start: None starts every row at random and lets it move freely.
        bias: None gives each word a vector as input and one as output, as word2vec does. A number gives it one vector
            for both, by skip-gram, with `bias` taken off each dot product; every row must be known, and lockf is not
            looked at. From random rows alike words would never find each other.

    Returns:
        float32 (vocabulary, vector_size), a fresh array.

    Raises:
        TrainingError: a start value is too large to train, or the result is not finite.
        Cancelled: out of `progress`.
    """
    prepare(progress)
    return _train(passages, config, start, bias, after_epoch, progress)


def prepare(progress: Progress = silent) -> None:
    """Compile what has not been compiled on this machine: five seconds of CPU, once; another who does it is waited for.

    Raises:
        Cancelled: out of `progress`.
    """
    compiled = marker("engine", ("numba",), [Path(kernel.__file__)])
    if compiled.exists():
        return
    preparing = "preparing the training code: once on this machine, a few seconds"
    progress(0.0, preparing)
    with hold_lock(compiled.with_suffix(".lock"), progress, preparing):
        if not compiled.exists():
            words = np.array([2, 2], np.int64)
            few = Passages(("a", "b"), words, np.array([0, 1, 0, 1], np.int32), np.array([0, 4], np.int64))
            _train(few, TrainConfig(strategy="scratch", vector_size=2, epochs=1))
            compiled.touch()


def _train(
    passages: Passages,
    config: TrainConfig,
    start: Start | None = None,
    bias: float | None = None,
    after_epoch: AfterEpoch | None = None,
    progress: Progress = silent,
) -> np.ndarray:
    size = len(passages.counts)
    _check_passages(passages)
    vectors, lockf = draw_start(size, config.vector_size, config.seed), np.ones(size, np.float32)
    if start is not None:
        check_start(start, size, config.vector_size)
        vectors[start.known] = start.vectors[start.known]
        lockf = np.array(start.lockf, np.float32)
    if bias is not None and (start is None or not start.known.all()):
        raise ValueError("one vector a word is trained from vectors of all words")
    inputs = _make_table(vectors)
    outputs = inputs if bias is not None else _make_table(np.zeros_like(vectors))
    view = inputs[:size, : config.vector_size]
    # count to the power of 3/4, of operations that are the same on every machine
    root = np.sqrt(passages.counts.astype(np.float64))
    thresholds, aliases = kernel.build_alias_table(root * np.sqrt(root))
    keep = find_keep_thresholds(passages.counts, config.sample)
    tokens, places = _to_read(passages.tokens), _to_read(passages.starts)
    kept, starts = np.empty(len(passages.tokens), np.int32), np.empty(len(passages.starts), np.int64)
    report = _Report(progress, config.epochs, len(passages.tokens))
    alpha, lowest = config.alpha, min(LOWEST_ALPHA, config.alpha)
    for epoch in range(config.epochs):
        kernel.thin(tokens, places, keep, find_key(config.seed, epoch, _THINNING), kept, starts)
        key = find_key(config.seed, epoch, _TRAINING)
        first_alpha, last_alpha = (alpha + (lowest - alpha) * (each / config.epochs) for each in (epoch, epoch + 1))
        for first, last in _shares(starts, config):
            kernel.train_passages(
                inputs,
                outputs,
                lockf,
                kept,
                starts,
                first,
                last,
                key,
                first_alpha,
                last_alpha,
                config.window,
                config.negative,
                thresholds,
                aliases,
                bias is not None or config.algorithm == "skip-gram",
                np.float32(bias or 0),
                np.float32(bias is not None),
            )
            report.tell(epoch, starts[last] / max(starts[-1], 1))
        if after_epoch is not None:
            after_epoch(view)
    trained = np.array(view, np.float32, order="C")
    check_finite(trained, config.alpha)
    return trained


def draw_start(size: int, vector_size: int, seed: int) -> np.ndarray:
    """Random rows as gensim draws them: float32 (size, vector_size), each value within 1 / vector_size of 0."""
    vectors = np.random.default_rng(seed=seed).random((size, vector_size), dtype=np.float32)
    vectors *= 2.0
    vectors -= 1.0
    vectors /= vector_size
    return vectors


def find_keep_thresholds(counts: np.ndarray, sample: float) -> np.ndarray:
    """With what chance a token of each word is kept, as word2vec thins frequent words: uint64 (words,), of 2**32.

    A `sample` of 0 or 1 keeps all.
    """
    if not 0 < sample < 1:
        return np.full(len(counts), kernel.CERTAIN, np.uint64)
    often = counts.astype(np.float64)
    enough = sample * float(counts.sum())
    chance = np.minimum((np.sqrt(often / enough) + 1) * (enough / often), 1.0)
    return np.asarray((chance * kernel.CERTAIN).astype(np.uint64))


def find_key(seed: int, epoch: int, purpose: int) -> np.uint64:
    """What every random number of this epoch is made from; no two of (seed, epoch, purpose) share theirs."""
    return np.uint64(kernel.hash_numbers(np.array([seed, epoch, purpose], np.uint64)))


def _check_passages(passages: Passages) -> None:
    """Compiled code reaches rows by address: a word or a place that is not there would be another's memory."""
    size, tokens, starts = len(passages.counts), passages.tokens, passages.starts
    if size < 2 or len(passages) == 0:
        raise ValueError(f"{size} words and {len(passages)} passages cannot be trained")
    if (
        tokens.dtype != np.int32
        or starts.dtype != np.int64
        or not (tokens.flags.c_contiguous and starts.flags.c_contiguous)
    ):
        raise TypeError(f"tokens are {tokens.dtype} and starts {starts.dtype}, not int32 and int64")
    if tokens.min(initial=0) < 0 or starts[0] < 0 or starts[-1] > len(tokens) or (np.diff(starts) < 0).any():
        raise ValueError("a token is negative, or a passage lies outside the text")


def _to_read(array: np.ndarray) -> np.ndarray:
    """`array` to be read only: compiled code is for arrays that may be written or for those that may not."""
    view = array.view(np.ndarray)
    view.flags.writeable = False
    return view


def _make_table(vectors: np.ndarray) -> np.ndarray:
    """`vectors` and a row of zeros, in line with 64 bytes: float32 (rows + 1, width), width a multiple of LANES."""
    rows, width = len(vectors) + 1, -(-vectors.shape[1] // kernel.LANES) * kernel.LANES
    room = np.zeros(rows * width + 16, np.float32)
    first = (-room.ctypes.data // 4) % 16
    table = room[first : first + rows * width].reshape(rows, width)
    table[:-1, : vectors.shape[1]] = vectors
    return table


def _shares(starts: np.ndarray, config: TrainConfig) -> Iterator[tuple[int, int]]:
    """(first, last) passages of shares of the text that take about a tenth of a second each."""
    work = config.window * (config.negative + 1) * (config.vector_size + 50) * 2
    tokens = max(_WORK_A_CALL // work, 1)
    last = 0
    while last < len(starts) - 1:
        first = last
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + tokens, "right")) - 1)
        last = min(last, len(starts) - 1)
        yield first, last


class _Report:
    """Tells how far the training is, at most five times a second."""

    def __init__(self, progress: Progress, epochs: int, tokens: int) -> None:
        self._progress, self._epochs, self._tokens = progress, epochs, tokens
        self._began = self._told = time.perf_counter()

    def tell(self, epoch: int, share: float) -> None:
        """`share` of the epoch number `epoch`, from 0, is done."""
        now = time.perf_counter()
        if share < 1 and now - self._told < REPORT_SECONDS:
            return
        self._told = now
        done = (epoch + share) / self._epochs
        rate = done * self._epochs * self._tokens / max(now - self._began, 1e-6)
        self._progress(done, f"epoch {epoch + 1} of {self._epochs}, {rate:,.0f} words/s")
