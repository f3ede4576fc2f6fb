"""Can documents that were set aside be told apart from a few labelled ones? The use of vectors where labels are dear.

Five-fold classification (`core.score.classification`) has most documents as examples, with which almost any vectors do.
Here a class has three or eight, drawn many times from the training part; docs/science.md, section 7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.geometry.directions import unit
from core.score.bootstrap import CONFIDENCE, Estimate, estimate_gain, estimate_mean
from core.score.classification import MAX_DOCUMENTS, average_documents
from core.system.threads import one_thread
from core.text.corpus import Corpus
from core.text.split import Split

EXAMPLES = (3, 8)
"""Of each class."""
DRAWS = 24
"""Of the examples, shared out over the splits."""
MAX_CLASSES = 50
"""The largest are taken; with more, the time would grow with their square."""
_PENALTY = 100.0
# C of scikit-learn; its usual 1 would hardly tell vectors of length 1 apart


@dataclass(frozen=True, slots=True, eq=False)
class FewExamples:
    """The draws of one split, and the documents to tell apart. Made by `draw_examples`.

    Attributes:
        examples: scipy CSR (examples, words), makes vectors of the documents that are in a draw.
        example_classes: int64 (examples,), which class each has.
        draws: for each number of examples a class, rows of `examples`, int64, of each draw.
        held_out: scipy CSR (documents, words), likewise of the documents to tell apart.
        classes: int64 (documents,), which class each has.
        documents: int64 (documents,), their place in the whole text.
    """

    examples: Any
    example_classes: np.ndarray
    draws: Mapping[int, tuple[np.ndarray, ...]]
    held_out: Any
    classes: np.ndarray
    documents: np.ndarray


def share_draws(splits: int) -> int:
    """Draws for each of so many splits."""
    return -(-DRAWS // splits)


def draw_examples(
    corpus: Corpus,
    split: Split,
    classes: Sequence[str],
    words: Sequence[str],
    counts: np.ndarray,
    draws: int,
    seed: int,
) -> FewExamples | None:
    """A few documents of each class, drawn again and again from the training part.

    A number of examples is left out when fewer than half of the classes have as many. Examples are documents of the
    training part, so models have read them, but not their labels; the documents to tell apart are those of the
    development and the test part, which no model has read.

    Args:
        corpus: that `split` is one of.
        classes: largest first, as `find_labels` finds them.
        words, counts: of the models, counts in the training part.
        draws: how many.
        seed: of the draws.

    Returns:
        None where stretches of documents were set aside instead of whole ones, or nothing could be drawn.
    """
    if split.unit != "documents":
        return None
    place = {label: number for number, label in enumerate(classes[:MAX_CLASSES])}
    rng = np.random.default_rng(seed)
    known = np.array([place.get(str(label), -1) for label in split.train.labels], np.int64)
    members = [np.flatnonzero(known == number) for number in range(len(place))]
    taken = {
        number: tuple(np.concatenate([rng.permutation(rows)[:number] for rows in members]) for _ in range(draws))
        for number in EXAMPLES
        if sum(len(rows) >= number for rows in members) >= max(2, len(members) / 2)
    }
    documents = np.array(sorted({*split.development_documents, *split.test_documents}), np.int64)
    asked = np.array([place.get(str(corpus.labels[document]), -1) for document in documents], np.int64)
    documents, asked = documents[asked >= 0], asked[asked >= 0]
    if len(documents) > MAX_DOCUMENTS:
        some = np.sort(rng.choice(len(documents), MAX_DOCUMENTS, replace=False))
        documents, asked = documents[some], asked[some]
    if not taken or not len(documents):
        return None
    rows = np.unique(np.concatenate([draw for each in taken.values() for draw in each]))
    return FewExamples(
        examples=average_documents(split.train, rows, words, counts),
        example_classes=known[rows],
        draws={number: tuple(np.searchsorted(rows, draw) for draw in each) for number, each in taken.items()},
        held_out=average_documents(corpus, documents, words, counts),
        classes=asked,
        documents=documents,
    )


@one_thread()
def classify_from_few(few: FewExamples, centred: np.ndarray) -> dict[int, np.ndarray]:
    """Which documents come out right: for each number of examples a class bool (draws, documents).

    Logistic regression on mean word vectors of length 1, once for every draw.

    Args:
        centred: (words, vector_size), as `cloze.centre` gives it.
    """
    from sklearn.linear_model import LogisticRegression

    examples, held_out = (unit(np.asarray(averages @ centred, np.float64)) for averages in (few.examples, few.held_out))
    right = {}
    for number, draws in few.draws.items():
        guesses = [
            LogisticRegression(C=_PENALTY, max_iter=1000)
            .fit(examples[draw], few.example_classes[draw])
            .predict(held_out)
            for draw in draws
        ]
        right[number] = np.stack(guesses) == few.classes
    return right


def estimate_over_draws(
    right: Sequence[np.ndarray], documents: Sequence[np.ndarray], seed: int, *, is_gain: bool = False
) -> Estimate:
    """Mean of `right` over draws and documents, with an interval for the luck of both.

    The half-widths of two intervals are added as squares. One is by resampling documents (`bootstrap_interval`; a
    document that is asked about in several splits counts as one). The other is from how the means of the draws differ,
    by t, less what the documents' own part of that is (two-way analysis of variance).

    Args:
        right: of each split, (draws, documents); for a comparison the paired differences.
        documents: of each split, int64 (documents,).
        is_gain: they are differences, whose interval allows for the luck of training too (`estimate_gain`).
    """
    from scipy.stats import t

    shares = np.array([part.shape[1] for part in right]) / sum(part.shape[1] for part in right)
    freedom = sum(len(part) - 1 for part in right)
    if freedom:
        spread = sum((len(part) - 1) * _spread_of_draws(part) for part in right) / freedom
        error = np.sqrt(spread * sum(share**2 / len(part) for share, part in zip(shares, right, strict=True)))
        luck = float(t.ppf((1 + CONFIDENCE) / 2, freedom) * error)
    else:
        luck = float("inf")
    estimate = estimate_gain if is_gain else estimate_mean
    value, low, high = estimate(np.concatenate([part.mean(0) for part in right]), np.concatenate(documents), seed)
    return Estimate(value, value - float(np.hypot(value - low, luck)), value + float(np.hypot(high - value, luck)))


def _spread_of_draws(right: np.ndarray) -> float:
    """Variance between draws that is not the documents' doing; `right` is (draws, documents)."""
    draws, documents = right.shape
    if draws == 1:
        return 0.0
    means = right.mean(1)
    between = means.var(ddof=1)
    rest = right - means[:, None] - right.mean(0) + right.mean()
    return float(max(between - (rest**2).sum() / ((draws - 1) * max(documents - 1, 1) * documents), 0.0))
