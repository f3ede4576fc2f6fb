"""Can the class of a document be told from the vectors of its words? Cross-validated, for labelled documents."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.models.cloze import SIF_A
from core.score.scorecard import Labels
from core.text.corpus import Corpus

FOLDS = 5
MAX_DOCUMENTS = 3_000


def find_labels(labels: Sequence[str | None]) -> tuple[Labels, np.ndarray]:
    """The classes that can be cross-validated, and the documents of them: int64 (n,), at most 3,000, in order.

    A class needs one document for every fold; smaller ones are left out. With fewer than two classes left there is
    no document and `Labels.problem` says why.
    """
    sizes = Counter(label for label in labels if label)
    classes = tuple(label for label, size in sizes.most_common() if size >= FOLDS)
    left_out = tuple(label for label, size in sizes.most_common() if size < FOLDS)
    if len(classes) < 2:
        return Labels((), 0, float("nan"), left_out, _problem(sizes, classes)), np.zeros(0, np.int64)
    rows = np.array([row for row, label in enumerate(labels) if label in set(classes)], np.int64)
    if len(rows) > MAX_DOCUMENTS:
        # evenly spaced over the documents sorted by class keeps the shares of the classes
        place = {label: i for i, label in enumerate(classes)}
        by_class = rows[np.argsort([place[str(labels[row])] for row in rows], kind="stable")]
        rows = np.sort(by_class[np.linspace(0, len(rows) - 1, MAX_DOCUMENTS).astype(int)])
    used = Counter(labels[row] for row in rows)
    return Labels(classes, len(rows), max(used.values()) / len(rows), left_out, ""), rows


def _problem(sizes: Counter[str], classes: tuple[str, ...]) -> str:
    if not sizes:
        return "The documents have no labels."
    if len(sizes) == 1:
        return f"All labelled documents have the same label, “{next(iter(sizes))}”; classification needs two."
    which = f"only “{classes[0]}” has" if classes else "no label has"
    return f"Classification needs two labels with {FOLDS} documents each; {which} that many."


def average_documents(corpus: Corpus, documents: np.ndarray, words: Sequence[str], counts: np.ndarray) -> Any:
    """Weights that average word vectors into document vectors: scipy CSR (documents, words), rows of sum 1 or 0.

    Frequent words weigh less (Arora et al. 2017). `counts` is (words,), in the training part.
    """
    from scipy import sparse

    index = {word: row for row, word in enumerate(words)}
    row_of = np.array([index.get(word, -1) for word in corpus.words], np.int64)
    tokens = [row_of[corpus.document(document)] for document in documents]
    lengths = [len(part) for part in tokens]
    column = np.concatenate(tokens)
    row = np.repeat(np.arange(len(documents)), lengths)[column >= 0]
    column = column[column >= 0]
    weights = (SIF_A / (SIF_A + counts / counts.sum()))[column]
    sums = np.bincount(row, weights, minlength=len(documents))
    return sparse.csr_matrix((weights / sums[row], (row, column)), shape=(len(documents), len(words)))


def classify(averages: Any, centred: np.ndarray, labels: Sequence[str | None], seed: int) -> np.ndarray:
    """Which documents a logistic regression that has not seen them puts into the right class: bool (documents,).

    Five stratified folds, the same for every model.

    Args:
        averages: from `average_documents`.
        centred: (words, vector_size), as `cloze.centre` gives it.
        labels: of these documents.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features = averages @ centred
    known = np.array(labels, dtype=object).astype(str)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=200))
    return np.asarray(cross_val_predict(model, features, known, cv=folds) == known)
