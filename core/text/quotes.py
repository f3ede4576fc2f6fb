"""Sentences that have a word, as they were written: what a reader can check, where tokens are what was counted."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from core.text.reading.documents import Document
from core.text.reading.line_ends import is_wrapped
from core.text.tokens.tokenisers import CorpusOptions, cut_keys, read_keys

_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\b[A-Z][a-z]\.)(?<!\b[A-Z][a-z]{2}\.)[\"'”’»)\]]*\s+(?![a-z])"  # not after Mr. or U.
    r"|(?<=[。｡！？])[」』）”’]*\s*"
)
"""Where a sentence ends: rather once too rarely, as what is too long is cut."""
_LONGEST = 320
"""Letters of a quotation; of a longer sentence as many words around the one that is asked for."""
_TRIED = 60
"""Places that look like the word, of which as many are cut into tokens to be sure."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence that has a word.

    Attributes:
        document: name of the document it stands in.
        before, word, after: the sentence as it was written, with the word in it; "…" where more of it follows.
    """

    document: str
    before: str
    word: str
    after: str


class _Found(NamedTuple):
    document: str
    sentence: str
    begin: int
    end: int


def find_quotes(documents: Sequence[Document], word: str, options: CorpusOptions, most: int = 2) -> tuple[Quote, ...]:
    """At most `most` sentences that have `word` as one of their tokens, of different documents where there are any.

    Args:
        documents: of a text, as they were read.
        word: as the text's vocabulary has it.
        options: how the text was cut into tokens.
    """
    found = list(_tell(documents, word, options, most))
    firsts = {each.document: each for each in reversed(found)}  # the first of each document
    chosen = list(islice(_spread([each for each in found if firsts[each.document] is each], most), most))
    chosen += [each for each in found if each not in chosen][: most - len(chosen)]
    return tuple(_quote(each) for each in chosen)


def _spread(found: Sequence[_Found], most: int) -> Iterator[_Found]:
    """As many, evenly over all of them."""
    for number in range(min(most, len(found))):
        yield found[number * len(found) // min(most, len(found))]


def _tell(documents: Sequence[Document], word: str, options: CorpusOptions, most: int) -> Iterator[_Found]:
    """Sentences that have the word, `most` of each document at most."""
    pattern = _pattern(word)
    joined = options.phrases and "_" in word  # new_york is joined later than here, where it is cut
    tried = 0
    for document in documents:
        text = unicodedata.normalize("NFC", document.text)
        if pattern.search(text) is None:
            continue
        told = 0
        for sentence in _sentences(text):
            match = pattern.search(sentence)
            if match is None:
                continue
            if tried == _TRIED:
                return
            tried += 1
            if joined or word in _tokens(sentence, options):
                yield _Found(document.name, sentence, *match.span())
                told += 1
                if told == most:
                    break


def _pattern(word: str) -> re.Pattern[str]:
    """Where a text may have the word: its letters, in capitals or not, with nothing of a word beside them."""
    letters = r"[\s_-]+".join(map(re.escape, word.split("_"))) if "_" in word.strip("_") else re.escape(word)
    before = r"(?<![^\W_])" if word[0].isalnum() and "'" not in word else ""  # but for n't
    after = r"(?![^\W_])" if word[-1].isalnum() else ""
    return re.compile(f"{before}{letters}{after}", re.IGNORECASE)


def _sentences(text: str) -> Iterator[str]:
    if is_wrapped(text):
        text = re.sub(r"(?<!\n)\n(?!\s*\n)", " ", text)
    for line in text.split("\n"):
        for sentence in _SENTENCE_END.split(line):
            if sentence.strip():
                yield re.sub(r"\s+", " ", sentence).strip()


def _tokens(sentence: str, options: CorpusOptions) -> set[str]:
    found: set[str] = set()
    for keys, _ in cut_keys([Document("", sentence)], options):
        found.update(read_keys(keys, options).tokens)
    return found


def _quote(found: _Found) -> Quote:
    text, begin, end = found.sentence, found.begin, found.end
    first, last = 0, len(text)
    if len(text) > _LONGEST:
        first = _word_start(text, max(0, begin - _LONGEST // 2)) if begin > _LONGEST // 2 else 0
        last = min(len(text), max(first + _LONGEST, end))
        last = text.rfind(" ", end, last) if last < len(text) and text.rfind(" ", end, last) > 0 else last
    before = ("…" if first else "") + text[first:begin]
    after = text[end:last] + ("…" if last < len(text) else "")
    return Quote(found.document, before, text[begin:end], after)


def _word_start(text: str, at: int) -> int:
    gap = text.find(" ", at)
    return at if gap < 0 else gap + 1
