"""Which way of reading a text and cutting it into words would have a vectors file know more of it.

The text is read before there are vectors. What it then guesses, such as how words are written that line ends divide, is
a recommendation once there are some.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.errors import CorpusError
from core.pretrained.joined_words import joined_words
from core.pretrained.vectors import open_pretrained
from core.prose.numbers import write_share
from core.text.corpus import Corpus, build_corpus
from core.text.reading.divided_words import LineEnd
from core.text.reading.documents import Document
from core.text.tokens.habits import LETTERS, Habit
from core.text.tokens.tokenisers import CorpusOptions

WORTH_SAYING = 0.01
"""Gain in coverage by token, from which a change is recommended."""

_SAMPLE_CHARACTERS = 300_000
_FEWEST_LETTERS = 3
_CHANGES: Mapping[Habit, str] = {
    "arabic": "Reading the Persian letters yeh and kaf as the Arabic ones",
    "persian": "Reading the Arabic letters yeh and kaf as the Persian ones",
    "urdu": "Reading the letters yeh, kaf and heh as those of Urdu",
    "elision": "Reading l'homme as two words, l' and homme,",
    "forms": "Reading letters of full width, and the shapes of Arabic letters, as plain ones",
    "marks": "Leaving out Arabic vowel signs and Hebrew points",
    "social": "Reading names, tags, addresses and faces as <user>, <hashtag>, <url> and <smile>",
}
_SIGNS: Mapping[Habit, re.Pattern[str]] = {
    **{habit: re.compile(f"[{''.join(map(chr, letters))}]") for habit, letters in LETTERS.items()},
    "elision": re.compile(r"\w['’]\w"),
    "forms": re.compile("[\ufb07-\ufdff\ufe70-\ufefe\uff01-\uffee]"),
    "marks": re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0670]"),
    "social": re.compile(r"[@#]\w|https?://"),
}
"""What of each habit there must be in a text for it to be worth a try."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A change of options and what it does to the coverage by token, 0 to 1, of the text's beginning.

    Attributes:
        change: what it is, to begin a sentence with: "Lower-casing".
        options: to use instead.
        now, then: coverage with the options in use, and with the recommended ones.
    """

    change: str
    options: CorpusOptions
    now: float
    then: float

    @property
    def sentence(self) -> str:
        """ "Lower-casing raises coverage from 64 % to 80 %." """
        digits = 0 if self.then - self.now >= 0.02 else 1
        return (
            f"{self.change} raises coverage from {write_share(self.now, digits)} to {write_share(self.then, digits)}."
        )


def recommend(
    documents: Sequence[Document], options: CorpusOptions, path: Path, member: str | None = None
) -> Recommendation | None:
    """The change of `options` that has the vectors file at `path` cover most; None where none is worth it.

    Raises:
        PretrainedError: the file cannot be used.
    """
    sample = list(_sample(documents))
    joined = joined_words(path, member) if options.phrases and options.phrase_file else ()
    corpora: list[tuple[str, Corpus]] = []
    for change, candidate in [("", options), *_candidates(options), *_habits(options, sample)]:
        try:
            corpora.append((change, build_corpus(sample, candidate, known_phrases=joined)))
        except CorpusError:
            continue  # this way of cutting leaves no word
    union = list(dict.fromkeys(word for _, corpus in corpora for word in corpus.words))
    known = frozenset(open_pretrained(path, union, member=member).words)
    shares = [(_covered(corpus, known), change, corpus.options) for change, corpus in corpora]
    if not shares or shares[0][1]:
        return None
    now = shares[0][0]
    then, change, best = max(shares, key=lambda each: each[0])
    return Recommendation(change, best, now, then) if then - now >= WORTH_SAYING else None


def _candidates(options: CorpusOptions) -> Iterator[tuple[str, CorpusOptions]]:
    """Single changes, and the usual options; the simplest first, which wins a draw."""
    flipped = replace(options, lowercase=not options.lowercase)
    yield ("Lower-casing" if flipped.lowercase else "Keeping capital letters"), flipped
    if options.tokeniser == "glove":
        other = replace(options, hyphens="keep" if options.hyphens == "split" else "split")
        yield f"Reading well-known as {'one word' if other.hyphens == 'keep' else 'two words'}", other
    else:
        yield "The GloVe-like tokeniser", replace(options, tokeniser="glove")
        yield "The GloVe-like tokeniser with lower-casing", replace(options, tokeniser="glove", lowercase=True)
    if not options.fold_numbers:
        yield "Reading every number as 0", replace(options, fold_numbers=True)


def _habits(options: CorpusOptions, sample: Sequence[Document]) -> Iterator[tuple[str, CorpusOptions]]:
    """Ways of writing of which there is something in the text."""
    for habit, change in _CHANGES.items():
        usable = habit != "social" or options.tokeniser == "glove"
        if usable and habit not in options.habits and any(_SIGNS[habit].search(document.text) for document in sample):
            others = (each for each in options.habits if not (habit in LETTERS and each in LETTERS))
            yield change, replace(options, habits=(*others, habit))


def _sample(documents: Sequence[Document]) -> Iterator[Document]:
    left = _SAMPLE_CHARACTERS
    for document in documents:
        yield replace(document, text=document.text[:left])
        left -= len(document.text)
        if left <= 0:
            return


def _covered(corpus: Corpus, known: frozenset[str]) -> float:
    has = np.fromiter((word in known for word in corpus.words), bool, len(corpus.words))
    return float(corpus.counts[has].sum() / corpus.n_tokens)


def recommend_line_ends(divided: Sequence[LineEnd], path: Path, member: str | None = None) -> tuple[str, ...]:
    """Words as they should be written, in small letters, where that is not how they were read: well-known, understand.

    The file may have the word joined or with its hyphen: then it is written so. Where it has neither, and both halves
    are words of their own, it keeps its hyphen: what is joined would be a word that neither text nor file knows.

    Raises:
        PretrainedError: the file cannot be used.
    """
    forms = {form for each in divided for form in (each.before, each.after, *_ways(each))}
    if not forms:
        return ()
    known = frozenset(word.lower() for word in open_pretrained(path, sorted(forms), member=member).words)
    found = (_better(each, known) for each in divided)
    return tuple(sorted({word for word in found if word is not None}))


def _ways(divided: LineEnd) -> tuple[str, str]:
    return divided.before + divided.after, f"{divided.before}-{divided.after}"


def _better(divided: LineEnd, known: frozenset[str]) -> str | None:
    """How the word is written, by the file; None where it was read so, or the file does not say."""
    whole, compound = _ways(divided)
    if whole in known and compound not in known:
        return None if divided.joined else whole
    if not divided.joined or whole in known:
        return None
    halves = divided.before in known and divided.after in known
    are_words = halves and min(len(divided.before), len(divided.after)) >= _FEWEST_LETTERS
    return compound if compound in known or are_words else None


def say_line_ends(words: Sequence[str], most: int = 3) -> str:
    """How many words should be written otherwise, and which."""
    kept = sum("-" in word for word in words)
    parts = [f"{kept:,} with a hyphen"] * bool(kept) + [f"{len(words) - kept:,} as one word"] * (kept < len(words))
    listed = ", ".join(words[:most]) + (" …" if len(words) > most else "")
    which = "word that a line end divides" if len(words) == 1 else "words that line ends divide"
    return f"By the vectors file, {len(words):,} {which} should be read {' and '.join(parts)}: {listed}."
