"""Human judgements of how alike two words are, and how well vectors agree with them.

The guard of the scorecard: fine-tuning on one text must not cost what the words mean elsewhere. WordSim-353
(Finkelstein et al. 2001) and SimLex-999 (Hill et al. 2015) come with gensim; users bring their own as CSV.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from core.errors import EvaluationError
from core.prose.numbers import readable_size
from core.score.bootstrap import CONFIDENCE, Interval
from core.system.typed_json import Record
from core.text.reading.encodings import decode

MIN_PAIRS = 30
"""Fewer covered pairs than this say too little to be shown as a comparison."""
PUBLISHED = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}
LIST_TITLES = {"wordsim353": "WordSim-353", "simlex999": "SimLex-999"}
MAX_PAIRS = 100_000
MAX_BYTES = 10_000_000
"""Of a list; the server reads it, in a fraction of a second."""


@dataclass(frozen=True, slots=True)
class WordPairs(Record):
    """Pairs of words with a score.

    Attributes:
        name: of the list.
        pairs: (word, word, score); any scale, higher is more alike.
        analogies: (a, b, c, d), read "a is to b as c is to d".
        problems: lines that could not be used, one sentence each.
    """

    name: str
    pairs: tuple[tuple[str, str, float], ...]
    analogies: tuple[tuple[str, str, str, str], ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class CoveredPairs:
    """The part of a list that models can judge, as rows of their words. Made by `cover_pairs`.

    Attributes:
        name: of the list.
        first, second: int64 (pairs,).
        scores: float64 (pairs,), by people.
        of: pairs in the whole list.
        analogies: int64 (analogies, 4).
    """

    name: str
    first: np.ndarray
    second: np.ndarray
    scores: np.ndarray
    of: int
    analogies: np.ndarray


@dataclass(frozen=True, slots=True)
class PairScore:
    """Agreement of a model with a list of pairs.

    Attributes:
        correlation: Spearman's, -1 to 1; nan with fewer than 3 pairs or where one side is constant.
        pairs: covered ones that it is computed on.
        of: pairs in the list.
    """

    correlation: float
    pairs: int
    of: int


def published_pairs(name: str) -> WordPairs:
    """ "wordsim353" or "simlex999", lower-cased, without the pairs of a word with itself."""
    from gensim.test.utils import datapath

    with open(datapath(PUBLISHED[name]), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    pairs = [(a.lower(), b.lower(), float(score)) for a, b, score in rows]
    return WordPairs(name, tuple(pair for pair in pairs if pair[0] != pair[1]))


def read_word_pairs(data: bytes, name: str, *, lowercase: bool = True) -> WordPairs:
    """A user's list: `word, word, score` a line, or four words of an analogy.

    Commas, tabs or semicolons; with a header or none; quoted or not; a decimal comma where a semicolon or tab
    separates. Lines that do not fit are left out and named in `problems`.

    Args:
        data: the file.
        name: of the file.
        lowercase: as the corpus was tokenised.

    Raises:
        EvaluationError: no line fits.
        CorpusError: the bytes are not text.
    """
    if len(data) > MAX_BYTES:
        raise EvaluationError(
            f"“{name}” has {readable_size(len(data))}; a list of word pairs may have {readable_size(MAX_BYTES)}. "
            "Upload a part of it."
        )
    text = decode(data, name).text
    separator = _separator(text)
    rows = _read_rows(text, separator, name)
    pairs: list[tuple[str, str, float]] = []
    analogies: list[tuple[str, str, str, str]] = []
    problems: list[str] = []
    for place, (number, cells) in enumerate(rows[:MAX_PAIRS]):
        cells = [cell.lower() if lowercase else cell for cell in cells]
        while cells and not cells[-1]:
            cells.pop()
        score = _number(cells[2], separator) if len(cells) >= 3 else None
        if score is not None and cells[0] and cells[1]:
            pairs.append((cells[0], cells[1], score))
        elif place == 0 and len(cells) >= 3 and len(rows) > 1 and _is_header(rows[1][1], separator):
            continue
        elif len(cells) == 4 and all(cells):
            analogies.append((cells[0], cells[1], cells[2], cells[3]))
        else:
            problems.append(_problem(number, cells))
    if len(rows) > MAX_PAIRS:
        problems.append(f"Lines after the first {MAX_PAIRS:,} were left out.")
    if not pairs and not analogies:
        raise EvaluationError(
            f"“{name}” has no line of the form word, word, score (for example: coast, shore, 8.7). "
            + (problems[0] if problems else "It is empty.")
        )
    return WordPairs(name, tuple(pairs), tuple(analogies), tuple(problems))


LONGEST_LINE = 100_000
"""Characters of a line in a list of word pairs; a longer one is another kind of file."""


def _read_rows(text: str, separator: str, name: str) -> list[tuple[int, list[str]]]:
    """Line number and cells of every line with content; lines that begin with # are comments."""
    if len(max(text.split("\n"), key=len)) > LONGEST_LINE:
        raise EvaluationError(
            f"“{name}” is not a list of word pairs: a line of it has more than {LONGEST_LINE:,} characters. "
            "Save the list as CSV, one pair a line: word, word, score."
        )
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in islice(reader, 2 * MAX_PAIRS)]
    except csv.Error as error:
        raise EvaluationError(
            f"“{name}” is not a table: {error}. Save the list as CSV, one pair a line: word, word, score."
        ) from error
    return [(number, cells) for number, cells in rows if any(cells) and not cells[0].startswith("#")]


def _separator(text: str) -> str:
    """The separator that most lines have twice or more; failing that, once."""
    lines = [line for line in text.split("\n")[:200] if line.strip() and not line.startswith("#")]
    return max("\t;,", key=lambda mark: [sum(line.count(mark) >= least for line in lines) for least in (2, 1)])


def _number(cell: str, separator: str) -> float | None:
    """Value of `cell`, None if it is not a finite number."""
    try:
        value = float(cell.replace(",", ".") if separator != "," else cell)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _is_header(next_cells: Sequence[str], separator: str) -> bool:
    """Whether a first line without a score names the columns: the line after it has one."""
    return len(next_cells) >= 3 and _number(next_cells[2], separator) is not None


def _problem(number: int, cells: Sequence[str]) -> str:
    if len(cells) < 3:
        return f"Line {number} has {len(cells)} columns; it needs word, word, score."
    if not cells[0] or not cells[1]:
        return f"Line {number} lacks a word."
    return f"Line {number}: “{cells[2]}” in the score column is not a number."


def cover_pairs(pairs: WordPairs, words: Sequence[str], usable: np.ndarray) -> CoveredPairs:
    """The part of `pairs` whose words are all among the usable ones of `words`; `usable` is bool (words,)."""
    index = {word: row for row, word in enumerate(words) if usable[row]}
    found = [(index[a], index[b], score) for a, b, score in pairs.pairs if a in index and b in index]
    rows = np.array([(a, b) for a, b, _ in found], np.int64).reshape(-1, 2)
    lines = [[index[word] for word in line] for line in pairs.analogies if all(word in index for word in line)]
    return CoveredPairs(
        name=pairs.name,
        first=rows[:, 0],
        second=rows[:, 1],
        scores=np.array([score for *_, score in found], np.float64),
        of=len(pairs.pairs),
        analogies=np.array(lines, np.int64).reshape(-1, 4),
    )


def missing_words(pairs: WordPairs, words: Sequence[str], usable: np.ndarray) -> tuple[str, ...]:
    """Words of the list that the models do not have, each once, in the list's order."""
    index = {word for row, word in enumerate(words) if usable[row]}
    asked = [word for pair in pairs.pairs for word in pair[:2]] + [word for line in pairs.analogies for word in line]
    return tuple(dict.fromkeys(word for word in asked if word not in index))


def similarities(centred: np.ndarray, pairs: CoveredPairs) -> np.ndarray:
    """Cosine of each pair, (pairs,); `centred` as `cloze.centre` gives it."""
    cosines: np.ndarray = np.einsum("nd,nd->n", centred[pairs.first], centred[pairs.second])
    return cosines


def correlate(cosines: np.ndarray, pairs: CoveredPairs) -> PairScore:
    """Spearman's correlation of a model's cosines, (pairs,), with people's scores."""
    from scipy.stats import rankdata

    if len(cosines) < 3:
        return PairScore(float("nan"), len(cosines), pairs.of)
    return PairScore(float(_pearson(rankdata(cosines), rankdata(pairs.scores))), len(cosines), pairs.of)


def guard_interval(
    model: np.ndarray, reference: np.ndarray, human: np.ndarray, seed: int, resamples: int = 1000
) -> Interval:
    """95 % interval of how much better `model` agrees with `human` than `reference` does: paired bootstrap over pairs.

    All are (n,): similarities, similarities, human scores. nan ends below 30 pairs: too few to say.
    """
    from scipy.stats import rankdata

    n = len(human)
    if n < MIN_PAIRS:
        return Interval(float("nan"), float("nan"))
    drawn = np.random.default_rng(seed).integers(0, n, (resamples, n))
    ranks = rankdata(human[drawn], axis=1)
    difference = _pearson(rankdata(model[drawn], axis=1), ranks) - _pearson(rankdata(reference[drawn], axis=1), ranks)
    difference = difference[np.isfinite(difference)]
    if not len(difference):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(difference, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Interval(float(low), float(high))


def _pearson(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Correlation along the last axis; nan where a side is constant."""
    a = a - a.mean(-1, keepdims=True)
    b = b - b.mean(-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        result: np.ndarray = (a * b).sum(-1) / np.sqrt((a * a).sum(-1) * (b * b).sum(-1))
    return result


def solve_analogies(analogies: np.ndarray, centred: np.ndarray, rows: np.ndarray) -> tuple[int, int]:
    """How many analogies come out right, and of how many.

    Right means: of `rows` other than a, b and c, d is the nearest to b - a + c (Mikolov et al. 2013).

    Args:
        analogies: int64 (n, 4), rows of a, b, c and d.
        centred: (words, vector_size), as `cloze.centre` gives it.
        rows: int64, words that can be the answer.
    """
    right = 0
    for question in analogies:
        a, b, c, d = question
        near = centred[rows] @ (centred[b] - centred[a] + centred[c])
        near[np.isin(rows, question[:3])] = -np.inf
        right += int(rows[near.argmax()] == d)
    return right, len(analogies)
