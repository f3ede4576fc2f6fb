"""Why a word is not there, and which words were perhaps meant."""

import unicodedata
from collections.abc import Collection, Container, Sequence

import numpy as np

from core.text.corpus import Corpus

_LONGEST = 60  # characters of a word that is worth guessing at
_SHORT = 4  # of words up to this length one letter may differ, of longer ones two


def resolve_word(typed: str, known: Container[str]) -> str | None:
    """The known word that was meant by `typed`: itself, else in another case or Unicode form; None if there is none."""
    word = typed.strip()
    for form in (word, unicodedata.normalize("NFC", word), unicodedata.normalize("NFC", word).lower()):
        if form in known:
            return form
    return None


def suggest_words(typed: str, words: Sequence[str], topn: int = 5) -> tuple[str, ...]:
    """The words nearest to `typed` by letters changed, left out, put in or (counted once) swapped with the next.

    One letter in short words and two in others; fewer changes first, then in the order of `words`. Restricted
    Damerau-Levenshtein distance, of all candidates at once.
    """
    wanted = unicodedata.normalize("NFC", typed.strip()).lower()
    allowed = 1 if len(wanted) <= _SHORT else 2
    if not 1 < len(wanted) <= _LONGEST:
        return ()
    near = [word for word in words if abs(len(word) - len(wanted)) <= allowed and word != typed]
    if not near:
        return ()
    distances = _distances(wanted, [word.lower()[: len(wanted) + allowed] for word in near])
    best = [i for i in np.argsort(distances, kind="stable")[:topn].tolist() if distances[i] <= allowed]
    return tuple(near[i] for i in best)


def _distances(wanted: str, words: Sequence[str]) -> np.ndarray:
    """Distance of each word from `wanted`: int64 (words,)."""
    lengths = np.array([len(word) for word in words])
    width = int(lengths.max())
    letters = np.array([word.ljust(width, "\0") for word in words], f"U{width}").view(np.uint32).reshape(-1, width)
    rows = [np.tile(np.arange(width + 1), (len(words), 1))]
    for i, letter in enumerate(wanted, 1):
        row = np.empty_like(rows[-1])
        row[:, 0] = i
        same = letters == ord(letter)
        for j in range(1, width + 1):
            row[:, j] = np.minimum(rows[-1][:, j - 1] + ~same[:, j - 1], np.minimum(rows[-1][:, j], row[:, j - 1]) + 1)
            if i > 1 and j > 1:
                swapped = (letters[:, j - 2] == ord(letter)) & (letters[:, j - 1] == ord(wanted[i - 2]))
                row[swapped, j] = np.minimum(row[swapped, j], rows[-2][swapped, j - 2] + 1)
        rows = [*rows[-1:], row]
    return np.asarray(rows[-1][np.arange(len(words)), lengths])


def explain_missing(
    typed: str,
    sides: Sequence[tuple[str, Collection[str], int]],
    corpus: Corpus | None = None,
    file: tuple[str, bool] | None = None,
) -> str:
    """A sentence or two for the user about why `typed` cannot be shown.

    Args:
        typed: what they typed.
        sides: name, words and min_count of each model that is looked at.
        corpus: the text that the models learned; None where it is gone.
        file: name of the pretrained vectors and whether they have the word; None where that is not known.
    """
    word = typed.strip()
    if not word:
        return "Type a word."
    if len(word) > _LONGEST:
        return f"“{word[:_LONGEST]}…” has {len(word):,} characters: no word is that long. Type a single word."
    if len(word.split()) > 1:
        return f"“{word}” is more than one word, and each word has a vector of its own. Type one of them."
    there = [name for name, words, _ in sides if word in words or word.lower() in words]
    if there and len(there) < len(sides):
        absent = " and ".join(name for name, *_ in sides if name not in there)
        return f"“{word}” is a word of {there[0]} and not of {absent}, so there is nothing to compare."
    parts = [_say_how_often(word, sides, corpus)]
    if file is not None:
        parts.append(f"{file[0]} has it." if file[1] else f"It is not in {file[0]} either.")
    return " ".join(parts)


def _say_how_often(word: str, sides: Sequence[tuple[str, Collection[str], int]], corpus: Corpus | None) -> str:
    minimum = max(least for *_, least in sides)
    if corpus is None:
        return f"“{word}” is not in these models: the text has it fewer than {minimum} times, or spells it otherwise."
    lowered = word.lower()
    form = word if word in corpus.words else lowered
    if form not in corpus.words:
        return f"“{word}” does not occur in the text."
    count = int(corpus.counts[corpus.words.index(form)])
    times = "once" if count == 1 else f"{count:,} times"
    return f"“{word}” was seen {times} in the text, below min_count {minimum}. Train with a lower min_count to have it."
