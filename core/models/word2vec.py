"""The one place that touches gensim's Word2Vec: arrays in, trained vectors out, and none of its ways to hang.

gensim 4.4 waits for ever when its sentence iterator raises, when a worker thread dies, or when `total_examples` is 0;
it reads `vectors_lockf` of the wrong length or type without complaint. So everything is checked before it is called.
"""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from core.config import TrainConfig
from core.models.start import LOWEST_ALPHA, REPORT_SECONDS, AfterEpoch, Start, check_finite, check_start
from core.models.training_inputs import Passages
from core.progress import Progress, silent


def train_word2vec(
    passages: Passages,
    config: TrainConfig,
    start: Start | None = None,
    *,
    extra_words: tuple[str, ...] = (),
    after_epoch: AfterEpoch | None = None,
    progress: Progress = silent,
) -> np.ndarray:
    """Train on `passages` with one worker: the same input gives the same bits, whatever PYTHONHASHSEED is.

    Args:
        start: None starts every row at random and lets it move freely.
        extra_words: added to gensim's vocabulary by `build_vocab(..., update=True)`, as the published recipe does.

    Returns:
        float32 (vocabulary, vector_size), a fresh array.

    Raises:
        TrainingError: a start value is too large to train, or the result is not finite.
        Cancelled: out of `progress`, after gensim's threads have ended.
    """
    size = len(passages.counts)
    if size < 2 or len(passages) == 0:
        raise ValueError(f"{size} words and {len(passages)} passages cannot be trained")
    model = _build_model(passages, config, extra_words)
    if start is not None:
        _apply_start(model, start, size, config)
    reading = _Reading(passages, config.epochs, progress)
    callback = _BetweenEpochs(reading, size, after_epoch)
    try:
        model.train(reading, total_examples=len(passages), epochs=config.epochs, callbacks=[callback])
    finally:
        reading.stopped = True  # after Ctrl-C gensim's producer thread still reads: let it end
    vectors = np.array(model.wv.vectors[:size], np.float32, order="C")
    check_finite(vectors, config.alpha)
    return vectors


def _build_model(passages: Passages, config: TrainConfig, extra_words: tuple[str, ...]) -> Any:
    from gensim.models import Word2Vec

    model = Word2Vec(
        vector_size=config.vector_size,
        window=config.window,
        min_count=1,  # the vocabulary has been chosen already
        negative=config.negative,
        epochs=config.epochs,
        alpha=config.alpha,
        min_alpha=min(LOWEST_ALPHA, config.alpha),
        sg=int(config.algorithm == "skip-gram"),
        sample=config.sample if config.sample < 1 else 0,  # gensim reads 1 as a count, not as a share
        seed=config.seed,
        workers=1,
        sorted_vocab=0,  # it is sorted, and gensim's own order of ties is another
    )
    vocabulary = dict(zip(passages.words, passages.counts.tolist(), strict=False))
    model.build_vocab_from_freq(vocabulary, corpus_count=len(passages))
    if extra_words:
        model.build_vocab([list(extra_words)], update=True)
    if model.wv.index_to_key[: len(vocabulary)] != list(passages.words[: len(vocabulary)]):
        raise RuntimeError("gensim's vocabulary is not the corpus's")
    return model


def _apply_start(model: Any, start: Start, size: int, config: TrainConfig) -> None:
    check_start(start, size, config.vector_size)
    lockf = np.ones(len(model.wv), np.float32)  # one for each row: gensim takes row % len(lockf)
    lockf[:size] = start.lockf
    rows = np.flatnonzero(start.known)
    model.wv.vectors[rows] = start.vectors[rows]
    model.wv.vectors_lockf = lockf
    vectors = model.wv.vectors
    if vectors.dtype != np.float32 or not vectors.flags.c_contiguous or len(vectors) != len(model.wv):
        raise RuntimeError("gensim's vectors are not a float32 C-contiguous row for each word")


class _Reading:
    """The passages, read once an epoch, telling `progress` how far it is.

    gensim iterates in a thread of its own and hangs when that thread dies, so nothing may be raised in here: a
    failure is kept, the text ends early, and `end_epoch` raises it between epochs in the caller's thread.
    """

    def __init__(self, passages: Passages, epochs: int, progress: Progress) -> None:
        self.failure: BaseException | None = None
        self.stopped = False
        self._passages = passages
        self._epochs = epochs
        self._progress = progress
        self._tokens_read = 0
        self._epoch = 0
        self._began = self._reported = time.perf_counter()

    def __iter__(self) -> Iterator[list[str]]:
        lists = self._passages.lists()
        while not self.stopped:
            try:
                passage = next(lists, None)
                if passage is None:
                    return
                self._tokens_read += len(passage)
                if time.perf_counter() - self._reported > REPORT_SECONDS:
                    self._report()
            except BaseException as error:
                self.failure = error
                return
            yield passage

    def end_epoch(self) -> None:
        """Raise what was kept, or tell that an epoch has ended."""
        if self.failure is not None:
            raise self.failure
        self._report()
        self._epoch += 1

    def _report(self) -> None:
        self._reported = time.perf_counter()
        rate = self._tokens_read / max(self._reported - self._began, 1e-6)
        share = self._tokens_read / (self._epochs * len(self._passages.tokens))
        self._progress(share, f"epoch {self._epoch + 1} of {self._epochs}, {rate:,.0f} words/s")


class _BetweenEpochs:
    """What gensim calls a callback; its methods run in the thread that called `train`."""

    def __init__(self, reading: _Reading, size: int, after_epoch: AfterEpoch | None) -> None:
        self._reading = reading
        self._size = size
        self._after_epoch = after_epoch

    def on_train_begin(self, model: Any) -> None: ...

    def on_train_end(self, model: Any) -> None: ...

    def on_epoch_begin(self, model: Any) -> None: ...

    def on_epoch_end(self, model: Any) -> None:
        self._reading.end_epoch()
        if self._after_epoch is not None:
            self._after_epoch(model.wv.vectors[: self._size])
