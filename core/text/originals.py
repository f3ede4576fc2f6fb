"""Where each token stands in its document as it was written, so that it can be shown in its own spelling."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import regex

from core.text.reading.documents import Document
from core.text.tokens.glove import plain
from core.text.tokens.habits import Habit, spell
from core.text.tokens.invisible import is_invisible
from core.text.tokens.readings import DOCUMENT_MARK, LINE_MARK
from core.text.tokens.tokenisers import CorpusOptions, cut_keys, read_keys

_CLUSTER = regex.compile(r"\X")
_CHUNK = regex.compile(r"\s+|\S+")
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,:/]\p{Nd}+)*")
_JOINT = "_"
_QUOTES = ("``", "''")
"""What NLTK makes of a double quote."""


class _Found(NamedTuple):
    token: str
    begin: int
    end: int


def find_spans(document: Document, words: Sequence[str], options: CorpusOptions) -> np.ndarray | None:
    """Where each of `words` begins and ends in the document's text, int64 (words, 2); None where they do not fit it.

    Args:
        document: as it was read.
        words: its tokens, in order, as its corpus has them.
        options: how it was cut.
    """
    if options.tokeniser == "nltk":
        return _walk(document.text, words, options)
    found, spans = _read(document, options), np.empty((len(words), 2), np.int64)
    for row, word in enumerate(words):
        first = next(found, None)
        if first is None:
            return None
        last = first
        while last.token != word:  # new_york: both, and what lies between them
            following = next(found, None) if word.startswith(first.token + _JOINT) else None
            if following is None:
                return None
            first = _Found(first.token + _JOINT + following.token, first.begin, following.end)
            last = first
        spans[row] = first.begin, last.end
    return spans if next(found, None) is None else None


def _read(document: Document, options: CorpusOptions) -> Iterator[_Found]:
    """The tokens of a document with their places, before any are joined."""
    text, at = document.text, 0
    for keys, _ in cut_keys([document], options):
        readings = read_keys(keys, options)
        tokens = iter(readings.tokens)
        for key, length in zip(keys, readings.lengths.tolist(), strict=True):
            own = [next(tokens) for _ in range(length)]
            if key in (LINE_MARK, DOCUMENT_MARK):
                continue
            begin = text.find(key, at)
            if begin < 0:  # never of keys that are cut at white space alone
                continue
            at = begin + len(key)
            places = _place(own, key, options)
            yield from (_Found(token, begin + first, begin + last) for token, first, last in places)


def _place(tokens: Sequence[str], key: str, options: CorpusOptions) -> Iterator[tuple[str, int, int]]:
    """Where the tokens of a key stand in it; one that is spelled otherwise altogether takes all that is left."""
    if len(tokens) == 1 and tokens[0] == key.lower():
        yield tokens[0], 0, len(key)
        return
    letters, begins, ends = _spell(key, options.habits)
    at = 0
    for token in tokens:
        number = _NUMBER.search(letters, at) if options.fold_numbers and token == "0" else None
        spelled = _fold(token, options.habits)
        begin = letters.find(spelled, at) if number is None else number.start()
        if begin < 0:
            yield token, begins[at] if at < len(begins) else 0, len(key)
            continue
        at = begin + len(spelled) if number is None else number.end()
        yield token, begins[begin], ends[at - 1]


def _walk(text: str, words: Sequence[str], options: CorpusOptions) -> np.ndarray | None:
    """Spans of NLTK's tokens, which are all that is written but for white space, wherever sentences end.

    So it does not matter that Punkt may have learned sentence ends from other documents.
    """
    letters, begins, ends = _spell(text, options.habits)
    spans, at = np.empty((len(words), 2), np.int64), 0
    for row, word in enumerate(words):
        begin = at = _skip_gap(letters, at)
        end = _match(letters, at, word, options)
        if end <= begin:
            return None
        spans[row], at = (begins[begin], ends[end - 1]), end
    return spans if _skip_gap(letters, at) == len(letters) else None


def _match(letters: str, at: int, word: str, options: CorpusOptions) -> int:
    """Where `word` ends that begins at `at`; -1 where something else does."""
    spelled = _fold(word, options.habits)
    if options.fold_numbers and word == "0":
        number = _NUMBER.match(letters, at)
        return -1 if number is None else number.end()
    if letters.startswith(spelled, at):
        return at + len(spelled)
    if word in _QUOTES:
        mark = next((mark for mark in ('"', *_QUOTES) if letters.startswith(mark, at)), None)
        return -1 if mark is None else at + len(mark)
    if not options.phrases or _JOINT not in word.strip(_JOINT):
        return -1
    for part in filter(None, word.split(_JOINT)):
        at = _match(letters, _skip_gap(letters, at, _JOINT), part, options)
        if at < 0:
            return -1
    return at


def _skip_gap(letters: str, at: int, joint: str = " ") -> int:
    while at < len(letters) and letters[at] in (" ", joint):
        at += 1
    return at


def _spell(text: str, habits: tuple[Habit, ...]) -> tuple[str, array[int], array[int]]:
    """`text` as tokens are spelled, with blanks for white space; where in it each of these letters begins and ends."""
    letters: list[str] = []
    begins, ends = array("q"), array("q")
    for chunk in _CHUNK.finditer(text):
        written, (begin, end) = chunk.group(), chunk.span()
        if written.isspace():
            letters.append(" ")
            begins.append(begin)
            ends.append(end)
        elif written.isascii() and written.isprintable():
            letters.append(written.lower())
            begins.extend(range(begin, end))
            ends.extend(range(begin + 1, end + 1))
        else:
            for cluster in _CLUSTER.finditer(text, begin, end):
                spelled = _fold(cluster.group(), habits)
                letters.append(spelled)
                begins.extend([cluster.start()] * len(spelled))
                ends.extend([cluster.end()] * len(spelled))
    return "".join(letters), begins, ends


@lru_cache(maxsize=100_000)
def _fold(text: str, habits: tuple[Habit, ...]) -> str:
    """`text` as it is compared: without capitals, typographic marks and forms, a dot on the i, and what nobody sees."""
    if text.isascii() and text.isprintable():
        return text.lower()
    (text,) = spell([normalize("NFKD", plain(text))], habits)
    text = normalize("NFKD", text.casefold()).replace("ı", "i").replace("i\u0307", "i")
    return "".join(letter for letter in text if not (letter.isspace() or is_invisible(letter)))


class Passage(NamedTuple):
    """Tokens as they were written, with what stands around them; line ends are spaces.

    Attributes:
        before, word, after: put together, a stretch of its document; `before` and `after` have blanks of their own.
    """

    before: str
    word: str
    after: str


def read_passage(document: Document, span: Sequence[int], reach: int = 600) -> Passage:
    """What stands at `span` of `document`, with `reach` characters on either side, cut between words."""
    text, (begin, end) = document.text, span
    first, last = max(0, begin - reach), min(len(text), end + reach)
    gap = text.find(" ", first, begin)
    first = gap + 1 if first and gap >= 0 else first
    gap = text.rfind(" ", end, last + 1)
    last = gap if last < len(text) and gap > end else last
    parts = (text[first:begin], text[begin:end], text[end:last])
    return Passage(*(regex.sub(r"\s+", " ", part) for part in parts))
