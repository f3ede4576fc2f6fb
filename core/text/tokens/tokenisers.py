"""Text becomes tokens and sentences.

A tokeniser works in two steps. `cut_keys` cuts documents into *keys*: chunks between white space, with marks where a
line or a document ends. `read_keys` says what a key reads as: its tokens, and flags about sentences. Most keys repeat,
so a caller that remembers what each one reads as (`corpus`) pays for every distinct key once. How a key reads does not
depend on its neighbours. Where a sentence ends does; the flags of two keys side by side settle that.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import regex

from core.errors import CorpusError
from core.progress import Progress, silent
from core.prose.letters import one_form
from core.text.reading.documents import Document
from core.text.reading.line_ends import is_wrapped
from core.text.tokens import nltk_exact
from core.text.tokens.casing import lower
from core.text.tokens.glove import read_glove_keys
from core.text.tokens.habits import Habit, spell, split_elisions
from core.text.tokens.invisible import drop_invisible
from core.text.tokens.readings import (
    DOCUMENT,
    DOCUMENT_MARK,
    END,
    LINE_MARK,
    Readings,
)
from core.text.tokens.segmenters import join_characters
from core.text.tokens.social import social_tokens

Tokeniser = Literal["glove", "nltk", "whitespace"]
Hyphens = Literal["split", "keep"]

BLOCK = 1 << 17
"""Characters of text that are cut at a time, about: what progress and memory come in."""


@dataclass(frozen=True, slots=True)
class CorpusOptions:
    """How text is cut into tokens. Hashable; part of a corpus's digest.

    Args:
        tokeniser: "glove" as GloVe 6B was made; "nltk" as sent_tokenize and word_tokenize do; "whitespace" for text
            that is tokenised already, one sentence a line.
        lowercase: of every token, after it was cut.
        punctuation: "glove" only: punctuation marks are tokens too. The other two keep what they find.
        fold_numbers: every number (1998, 1,000, 3.5, 10:30) becomes "0", a word that every GloVe file has.
        hyphens: "glove" only: "split" makes well-known two words, which is what GloVe 6B did; "keep" one.
        phrases: join pairs of words that are neighbours far more often than chance: new_york.
        phrase_file: with `phrases`, the path of a vectors file whose joined words are joined in the text too, however
            rare they are there (core.text.opened reads it); what it is called is no part of a corpus's digest.
        phrase_member: which one of the files in it, where it is an archive.
        phrase_changed: when that file was changed last (st_mtime_ns): once it was replaced, the text is cut anew.
        habits: ways of writing that are read as some vectors files have them (core.text.tokens.habits).
        turkish: I is lower-cased to ı; None: where the text is Turkish or Azerbaijani.

    Raises:
        CorpusError: a value that is none of these.
    """

    tokeniser: Tokeniser = "glove"
    lowercase: bool = True
    punctuation: bool = False
    fold_numbers: bool = False
    hyphens: Hyphens = "split"
    phrases: bool = False
    phrase_file: str = ""
    phrase_member: str = ""
    phrase_changed: int = 0
    habits: tuple[Habit, ...] = ()
    turkish: bool | None = None

    def __post_init__(self) -> None:
        for name, allowed in (("tokeniser", Tokeniser), ("hyphens", Hyphens)):
            if getattr(self, name) not in get_args(allowed):
                raise CorpusError(
                    f"{name} is {getattr(self, name)!r}; it must be one of: {', '.join(get_args(allowed))}."
                )
        unknown = sorted(set(self.habits) - set(get_args(Habit)))
        if unknown:
            raise CorpusError(f"habits has {unknown[0]!r}; they can be: {', '.join(get_args(Habit))}.")
        object.__setattr__(self, "habits", tuple(sorted(set(self.habits))))


def without_place(options: CorpusOptions) -> CorpusOptions:
    """`options` as others may see them: of the vectors file that has joined words its name, not where it lies."""
    return replace(options, phrase_file=Path(options.phrase_file).name, phrase_changed=0)


def cut_keys(
    documents: Iterable[Document], options: CorpusOptions, progress: Progress = silent
) -> Iterator[tuple[list[str], int]]:
    """Keys of the documents, about BLOCK characters at a time, and how many characters of text these are.

    The last key of each document reads as DOCUMENT. Where NLTK must learn where sentences end (no punkt_tab data is
    installed), it learns from the first half million characters, and `progress` is told.
    """
    if options.tokeniser == "nltk":
        documents = iter(documents)
        first = nltk_exact.first_documents(documents)
        splitter = nltk_exact.sentence_splitter((document.text for document in first), progress)
        yield from nltk_exact.cut_nltk_keys(chain(first, documents), splitter, BLOCK)
    else:
        yield from _text_blocks(documents, options)


def read_keys(keys: list[str], options: CorpusOptions) -> Readings:
    """What `cut_keys`'s keys read as."""
    if options.tokeniser == "nltk":
        found = nltk_exact.read_nltk_keys(keys)
    elif options.tokeniser == "whitespace":
        found = _read_words(keys)
    else:
        found = _read_glove(keys, options)
    if options.habits:
        found = replace(found, tokens=spell(found.tokens, options.habits))
        found = split_elisions(found) if "elision" in options.habits else found
    found = drop_invisible(found)
    return replace(found, tokens=_final(found.tokens, options)) if found.tokens else found


def _read_glove(keys: list[str], options: CorpusOptions) -> Readings:
    found = read_glove_keys(keys, options.hyphens == "keep", options.punctuation)
    if "chinese" in options.habits:
        found = join_characters(keys, found)
    if "social" not in options.habits:
        return found
    tokens: list[str] = []
    lengths, start = found.lengths.copy(), 0
    for place, (key, length) in enumerate(zip(keys, found.lengths.tolist(), strict=True)):
        own = social_tokens(key, options.punctuation)
        own = found.tokens[start : start + length] if own is None else own
        start += length
        tokens += own
        lengths[place] = len(own)
    return Readings(tokens, lengths, found.flags)


def cut_phrase(phrase: str, options: CorpusOptions) -> list[str]:
    """The tokens that `phrase` is in the midst of a sentence."""
    if options.tokeniser == "nltk":
        keys = nltk_exact.keys_of(phrase.strip(), False, False)
    else:
        keys = [key for block, _ in cut_keys([Document("", phrase)], options) for key in block]
    return read_keys(keys, options).tokens


def _final(tokens: list[str], options: CorpusOptions) -> list[str]:
    """What becomes of tokens after they were cut."""
    if options.fold_numbers:
        tokens = ["0" if _NUMBER.fullmatch(token) else token for token in tokens]
    if options.lowercase:
        tokens = lower(tokens, options.turkish is True)
    if "".join(tokens).isascii():
        return tokens
    return [token if token.isascii() else _writable(token, options) for token in tokens]


def _writable(token: str, options: CorpusOptions) -> str:
    """`token` without lone surrogates, which no file can hold; in the form of all words, unless it is to be NLTK's."""
    if _SURROGATE.search(token):
        token = token.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return token if options.tokeniser == "nltk" and not options.lowercase else one_form(token)


# Blocks of glove and whitespace. White space splits; two control characters, taken out of the text before, mark ends.

_NUMBER = regex.compile(r"\p{Nd}+(?:[.,:/]\p{Nd}+)*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_IDEOGRAPHIC_STOP = re.compile("([。｡！？][」』）”’]*)")


def _text_blocks(documents: Iterable[Document], options: CorpusOptions) -> Iterator[tuple[list[str], int]]:
    pieces: list[str] = []
    size = 0
    for document in documents:
        text = document.text
        wrapped = options.tokeniser == "glove" and is_wrapped(text)
        for piece in _pieces(text) if len(text) > BLOCK else (text,):
            pieces.append(_mark_lines(piece, wrapped))
            size += len(piece)
            if size > BLOCK // 2:
                yield _split(pieces), size
                pieces, size = [], 0
        pieces.append(DOCUMENT_MARK)
        size += 1
    yield _split(pieces), size


def _split(pieces: list[str]) -> list[str]:
    return " ".join(pieces).split()


def _mark_lines(piece: str, wrapped: bool) -> str:
    if LINE_MARK in piece or DOCUMENT_MARK in piece:
        piece = piece.replace(LINE_MARK, " ").replace(DOCUMENT_MARK, " ")
    if not piece.isascii():
        # A zero-width space is where Thai and Khmer have words end; Chinese and Japanese write no space after a stop.
        piece = piece.replace("\u200b", " ")
        if any(stop in piece for stop in "。｡！？"):
            piece = _IDEOGRAPHIC_STOP.sub(r"\1 ", piece)
    if wrapped:
        return _BLANK_LINES.sub(f" {LINE_MARK} ", piece)
    return piece.replace("\n", f" {LINE_MARK} ") if "\n" in piece else piece


def _pieces(text: str) -> Iterator[str]:
    """`text` in pieces of BLOCK characters at most, cut at white space while there is any."""
    start = 0
    while len(text) - start > BLOCK:
        end = _last_gap(text, start, start + BLOCK)
        yield text[start:end]
        start = end
    yield text[start:] if start else text


def _last_gap(text: str, start: int, end: int) -> int:
    """Where to cut: at a single space or line end, so that no blank line is cut in two, else between two words."""
    for gap in " \n":
        at = text.rfind(gap, start + 1, end)
        while at > start and (text[at - 1].isspace() or text[at + 1].isspace()):
            at = text.rfind(gap, start + 1, at)
        if at > start:
            return at
    near = range(end - 1, max(start, end - 1000), -1)
    for at in near:
        if text[at].isspace():
            return at
    for at in near:
        if not text[at].isalnum() and not regex.match(r"\p{M}|['’.,]", text[at]):
            return at
    # One endless run of letters: Chinese may be cut before any character, anything else is no word anyhow.
    return end


def _read_words(keys: list[str]) -> Readings:
    marks = {LINE_MARK: END, DOCUMENT_MARK: END | DOCUMENT}
    flags = np.fromiter((marks.get(key, 0) for key in keys), np.int8, len(keys))
    return Readings([key for key in keys if key not in marks], (flags == 0).astype(np.int32), flags)
