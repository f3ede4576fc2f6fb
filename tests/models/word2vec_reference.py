"""Word2Vec as one reads it: plain NumPy, one pair after the other, chance from outside. Slow, and for tests only."""

from collections.abc import Callable, Sequence

import numpy as np


def train_reference(
    vectors: np.ndarray,
    lockf: np.ndarray,
    sentences: Sequence[Sequence[int]],
    *,
    window: int,
    shrinking: Callable[[int], int],
    negatives: Callable[[int, int], Sequence[int]],
    alpha: Callable[[int], float],
    sigmoid: Callable[[float], float],
    skip: bool,
    merged: bool = False,
    bias: float | None = None,
) -> np.ndarray:
    """One epoch.

    Args:
        vectors: (words, vector_size), in the dtype to work in.
        sentences: ids of the words that are left after thinning.
        shrinking: by how much the window of the n-th of all words is smaller.
        negatives: of the n-th word, for the given one of its contexts in turn.
        alpha: the learning rate of a sentence.
        merged: a word drawn twice is taken once, at twice the rate.
        bias: one vector a word, and what is taken off each dot product.
    """
    x = vectors.copy()
    y = x if bias is not None else np.zeros_like(x)
    number = 0
    for place, words in enumerate(sentences):
        for at, centre in enumerate(words):
            reach = window - shrinking(number)
            around = [words[i] for i in range(max(0, at - reach), min(len(words), at + reach + 1)) if i != at]
            if bias is not None:
                around = [word for word in around if word != centre]

            def learn(hidden, drawn, centre=centre, place=place):
                """The change of what is hidden; the outputs change at once."""
                drawn = [word for word in drawn if word != centre]
                times = {word: drawn.count(word) for word in drawn}
                change = np.zeros_like(hidden)
                for word, label in [(centre, 1), *((word, 0) for word in (times if merged else drawn))]:
                    dot = float(hidden @ y[word]) - (bias or 0)
                    if abs(dot) >= 6 and bias is None:
                        continue
                    step = (label - sigmoid(np.clip(dot, -6, 6))) * alpha(place)
                    step = x.dtype.type(step * (times[word] if merged and not label else 1))
                    change += step * y[word]
                    y[word] += step * hidden
                return change

            if skip:
                for turn, word in enumerate(around):
                    drawn = negatives(number, turn)
                    if bias is None:
                        x[word] += lockf[word] * learn(x[word].copy(), drawn)
                    else:
                        x[word] += learn(x[word].copy(), [each for each in drawn if each != word])
            elif around:
                change = learn(np.mean([x[word] for word in around], axis=0, dtype=x.dtype), negatives(number, 0))
                for word in around:
                    x[word] += lockf[word] * change
            number += 1
    return x
