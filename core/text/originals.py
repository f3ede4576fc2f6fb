"""Where each token stands in its document as it was written, so that it can be shown in its own spelling."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import regex

from core.prose.letters import one_form
from core.text.reading.documents import Document
from core.text.tokens.casing import lower
from core.text.tokens.glove import plain
from core.text.tokens.readings import DOCUMENT_MARK, LINE_MARK
from core.text.tokens.tokenisers import CorpusOptions, cut_keys, read_keys

_CLUSTER = regex.compile(r"\X")
_JOINT = "_"


class _Found(NamedTuple):
    token: str
    begin: int
    end: int


def find_spans(document: Document, words: Sequence[str], options: CorpusOptions) -> np.ndarray | None:
    """Where each of `words` begins and ends in the document's text, int64 (words, 2); None where they do not fit it.

    Args:
        document: as it was read.
        words: its tokens, in order, as its corpus has them.
        options: how it was cut. NLTK's tokeniser may have learned sentence ends from other documents; where it then
            cuts otherwise here, the words do not fit.
    """
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
            letters = key.strip() if options.tokeniser == "nltk" else key
            begin = text.find(letters, at)
            if begin < 0:  # never of keys that are cut at white space alone
                continue
            at = begin + len(letters)
            yield from (
                _Found(token, begin + first, begin + last)
                for token, first, last in _place(own, letters, options.turkish is True)
            )


def _place(tokens: Sequence[str], key: str, turkish: bool) -> Iterator[tuple[str, int, int]]:
    """Where the tokens of a key stand in it; one that is spelled otherwise altogether takes all that is left."""
    if len(tokens) == 1 and tokens[0] == key.lower():
        yield tokens[0], 0, len(key)
        return
    letters, places = [], []
    for cluster in _CLUSTER.finditer(key):
        for letter in "".join(lower([one_form(plain(cluster.group()))], turkish)):
            letters.append(letter)
            places.append(cluster.span())
    spelled, at = "".join(letters), 0
    for token in tokens:
        begin = spelled.find(token.lower(), at)
        if begin < 0 and (number := regex.compile(r"\p{Nd}+(?:[.,:/]\p{Nd}+)*").search(spelled, at)) and token == "0":
            begin, end = number.span()
        elif begin < 0:
            yield token, places[at][0] if at < len(places) else 0, len(key)
            continue
        else:
            end = begin + len(token)
        yield token, places[begin][0], places[end - 1][1]
        at = end


class Passage(NamedTuple):
    """A token as it was written, with what stands around it; line ends are spaces.

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
