"""Key words: which words a text, or the documents of a label, have more often than others.

They are ordered by log odds with an informative prior (Monroe et al. 2008). That formula takes each token for a draw of
its own, but words come in bursts: of Brown's words 7,468 reach a z of 3 for some genre, and so do 5,500 when genres are
dealt out to its documents at random. So what is called key has to be spread over documents of the group, too, by more
than groups that are dealt out at random give (`sureness`; core.text.dispersion).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.text.corpus import Corpus
from core.text.dispersion import Dispersion, DocumentWords, Grouped, count_words

PRIOR_TOKENS = 500.0
"""Size of the prior: so many imagined tokens with the shares of both texts together. Monroe et al. took the words of an
average speech."""
KEY_Z = 3.0
"""Words below are not called key, whatever documents say."""
LEAST_DOCUMENTS = 3
"""A word that fewer documents of a group have is not key: it may be those documents' own."""
KEY_LEVEL = 0.05
"""So large a share of the words that are called key may be so by chance."""
_SHUFFLES = 20
"""With fewer, a single word could not be told from chance at `KEY_LEVEL`."""


def weigh_log_odds(
    counts: np.ndarray, other_counts: np.ndarray, prior_tokens: float = PRIOR_TOKENS
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds ratio with an informative Dirichlet prior, and in its standard deviations.

    Monroe, Colaresi & Quinn 2008, Fightin' Words, Political Analysis 16(4), 372-403, equations 15, 16, 20 and 22:
    with y the counts, n their sum and a prior of a_w imagined tokens of each word, a_0 in all, a word's log odds are
    log((y_w + a_w) / (n + a_0 - y_w - a_w)); its variance is about 1 / (y_w + a_w), in each text.

    Args:
        counts, other_counts: of the same words, int or float (..., words). The last axis is summed over.
        prior_tokens: a_0; each word's share of it is its share of both texts together.

    Returns:
        float64 (..., words) each: the log odds ratio, and the same over its standard deviation. 0 where neither has it.

    Raises:
        ValueError: a text is empty.
    """
    ours, theirs = np.asarray(counts, np.float64), np.asarray(other_counts, np.float64)
    size, other_size = ours.sum(axis=-1, keepdims=True), theirs.sum(axis=-1, keepdims=True)
    if not (size.all() and other_size.all()):
        raise ValueError("a text without a word has no key words")
    return _weigh_shares(ours, theirs, size, other_size, prior_tokens)


def _weigh_shares(
    ours: np.ndarray,
    theirs: np.ndarray,
    size: np.ndarray,
    other_size: np.ndarray,
    prior_tokens: float = PRIOR_TOKENS,
) -> tuple[np.ndarray, np.ndarray]:
    prior = prior_tokens * (ours + theirs) / (size + other_size)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = [
            np.log((seen + prior) / (total + prior_tokens - seen - prior))
            for seen, total in ((ours, size), (theirs, other_size))
        ]
        ratio = odds[0] - odds[1]
        z = ratio / np.sqrt(1 / (ours + prior) + 1 / (theirs + prior))
    absent = ~np.isfinite(ratio)  # of both texts; or the only word of one
    return np.where(absent, 0, ratio), np.where(absent, 0, z)


@dataclass(frozen=True, slots=True, eq=False)
class KeyWords:
    """How far words lean to each of several groups of documents, against all the others. Arrays are read-only.

    A *cell* is a group and a word that it has; cells are in the order of groups, and within one, of words.

    Attributes:
        groups: labels, those with most documents first; or the names of two texts.
        documents, tokens: int64 (groups,).
        words: of the text, or of both together.
        starts: int64 (groups + 1,): the cells of group g are those from starts[g] to starts[g + 1].
        rows: int64 (cells,), places in `words`.
        counts: int64 (cells,), how often the group has the word.
        others: int64 (cells,), how often all other groups have it.
        spread: int64 (cells,), how many documents of the group have it.
        z: float64 (cells,), log odds of the group against all others in standard deviations (`weigh_log_odds`).
        sureness: float64 (cells,), minus log10 of the probability that documents drawn at random have so much of the
            word (`core.text.dispersion`); 0 for words that could not be key anyway.
        least: from this sureness on a word is called key; infinite where none can be.
    """

    groups: tuple[str, ...]
    documents: np.ndarray
    tokens: np.ndarray
    words: tuple[str, ...]
    starts: np.ndarray
    rows: np.ndarray
    counts: np.ndarray
    others: np.ndarray
    spread: np.ndarray
    z: np.ndarray
    sureness: np.ndarray
    least: float

    def __post_init__(self) -> None:
        for each in ("documents", "tokens", "starts", "rows", "counts", "others", "spread", "z", "sureness"):
            getattr(self, each).flags.writeable = False

    @property
    def are_key(self) -> np.ndarray:
        """bool (cells,): the group has the word more often than chance gives it, of bursts too."""
        return np.asarray(self.sureness >= self.least)

    def cells_of(self, group: int, *, only_key: bool = True) -> np.ndarray:
        """Cells of a group, int64 (n,), those that lean to it most first."""
        cells = np.arange(self.starts[group], self.starts[group + 1])
        if only_key:
            cells = cells[self.are_key[cells]]
        return cells[np.lexsort((cells, -self.z[cells]))]


def find_key_words(text: Corpus, other: Corpus) -> KeyWords:
    """Key words of two texts against each other: the groups are their documents."""
    place = {word: number for number, word in enumerate(text.words)}
    words = (*text.words, *(word for word in other.words if word not in place))
    place = {word: number for number, word in enumerate(words)}
    ids = np.array([place[word] for word in other.words], np.int64)
    cells = count_words(text).join(count_words(other), ids, text.n_documents)
    lengths = np.concatenate([np.diff(text.document_starts), np.diff(other.document_starts)])
    group = np.repeat([0, 1], [text.n_documents, other.n_documents])
    return _weigh((text.name, other.name), words, cells, lengths, group)


def count_labels(corpus: Corpus) -> dict[str, int]:
    """How many documents with a word each label has, those with most first."""
    having = np.diff(corpus.document_starts) > 0
    found = Counter(label for label, has in zip(corpus.labels, having.tolist(), strict=True) if label and has)
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def weigh_by_label(corpus: Corpus) -> KeyWords:
    """Key words of each label's documents against those of all other labels; no groups where there are not two."""
    labels = tuple(count_labels(corpus))
    if len(labels) < 2:
        return _no_key_words(corpus.words)
    place = {label: number for number, label in enumerate(labels)}
    group = np.array([place.get(label or "", -1) for label in corpus.labels], np.int64)
    return _weigh(labels, corpus.words, count_words(corpus), np.diff(corpus.document_starts), group)


def lean_to_label(weighed: KeyWords, rows: Sequence[int], shown: Sequence[int] | None = None) -> np.ndarray:
    """The label, of those `shown` (all by default), of which each word is a key word, most so; int (rows,).

    `rows`: of the text's words. -1 for row -1, and where nothing stands out.
    """
    cells = np.flatnonzero(weighed.are_key)
    group = np.repeat(np.arange(len(weighed.groups)), np.diff(weighed.starts))[cells]
    if shown is not None:
        cells, group = cells[np.isin(group, shown)], group[np.isin(group, shown)]
    best = np.full(len(weighed.words) + 1, -1)  # the last is that of row -1
    order = np.argsort(weighed.z[cells], kind="stable")
    best[weighed.rows[cells[order]]] = group[order]
    return best[np.asarray(rows, np.int64)]


def _weigh(
    groups: tuple[str, ...], words: tuple[str, ...], documents: DocumentWords, lengths: np.ndarray, group: np.ndarray
) -> KeyWords:
    """`lengths`: tokens of each document; `group`: of each, -1 where it is of none: then it does not count."""
    used = np.flatnonzero((group >= 0) & (lengths > 0))
    text = Dispersion(documents.only(used, len(lengths)), lengths[used].astype(np.float64), len(groups), len(words))
    group = group[used]
    found, z, sureness = _judge(text, group)
    rng = np.random.default_rng(0)
    chance = [_judge(text, rng.permutation(group))[2] for _ in range(_SHUFFLES)]
    return KeyWords(
        groups,
        np.bincount(group, minlength=len(groups)),
        np.bincount(group, text.lengths, len(groups)).astype(np.int64),
        words,
        np.searchsorted(found.groups, np.arange(len(groups) + 1)),
        found.words,
        found.counts,
        text.totals[found.words].astype(np.int64) - found.counts,
        found.spread,
        z,
        sureness,
        _find_least(sureness[sureness > 0], np.concatenate(chance)),
    )


def _no_key_words(words: tuple[str, ...]) -> KeyWords:
    def none(kind: type = np.int64) -> np.ndarray:
        return np.zeros(0, kind)

    starts, reals = np.zeros(1, np.int64), (none(np.float64), none(np.float64))
    return KeyWords((), none(), none(), words, starts, none(), none(), none(), none(), *reals, np.inf)


def _judge(text: Dispersion, group: np.ndarray) -> tuple[Grouped, np.ndarray, np.ndarray]:
    """What groups have, the z of each cell, and its sureness."""
    found = text.group(group)
    sizes = np.bincount(group, text.lengths, text.n_groups)[found.groups]
    others = text.totals[found.words] - found.counts, text.lengths.sum() - sizes
    _, z = _weigh_shares(found.counts.astype(np.float64), others[0], sizes, others[1])
    candidates = np.flatnonzero((z >= KEY_Z) & (found.spread >= LEAST_DOCUMENTS))
    sureness = np.zeros(len(z))
    sureness[candidates] = text.sureness(found, group, candidates)
    return found, z, sureness


def _find_least(found: np.ndarray, chance: np.ndarray) -> float:
    """From which sureness on `KEY_LEVEL` of the words `found` are there by chance.

    `chance`: the sureness of what as many as `_SHUFFLES` random groupings have. Infinite where there is none.
    """
    ranked, chance = -np.sort(-found), np.sort(chance[chance > 0])
    above = len(chance) - np.searchsorted(chance, ranked)
    good = np.flatnonzero((above + 1) / _SHUFFLES <= KEY_LEVEL * np.arange(1, len(ranked) + 1))
    return float(ranked[good[-1]]) if len(good) else float("inf")
