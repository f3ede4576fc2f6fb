"""What `nltk.sent_tokenize` and `nltk.word_tokenize` (3.10) give, token for token, many times as fast.

Punkt asks of every full stop whether it ends a sentence, by building token objects for the words around it. For most
the answer follows from three of its parameters alone (`_Splitter.ends_sentence` says why); the others are asked of
Punkt itself, once for each context.

The word tokeniser is thirty substitutions over the sentence. Each looks no further than one chunk (what lies between
white space), with four exceptions that can be read off its patterns (nltk/tokenize/destructive.py):

- STARTING_QUOTES: `^"` at the sentence's beginning, and `[ ([{<]("|'')`: a quote after a *space*, which is neither
  another kind of white space nor the sentence's beginning;
- PUNCTUATION: `([^'])' `: an apostrophe before a *space*;
- PUNCTUATION: `([:,])$` and the two rules of the final period, anchored at the sentence's end: the last chunk, and the
  one before it where the last consists of closing quotes and brackets alone;
- `\\s`, which in `regex` is all white space that `str.split` knows except U+001C to U+001F.

So a chunk is tokenised by NLTK itself, once, between two words that stand for its neighbours ("x chunk x"; no
neighbour where the sentence begins or ends), and remembered. A sentence in which one of the exceptions could reach
into another chunk is a chunk as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from core.errors import CorpusError
from core.progress import Progress, silent
from core.text.reading.documents import Document
from core.text.tokens.readings import DOCUMENT, END, Readings

LEARN_FROM = 500_000
"""Characters Punkt learns from where its data is not installed: about 3 seconds' worth."""

_EDGE = "\n"  # a key that begins (ends) with it stands at its sentence's beginning (end)
_DOCUMENT_END = " "
_CLOSING = "])}>\"'»”’"
_REALIGNED = frozenset("\"')]}‘’“”«»")
_UNPROVABLE = re.compile("[^\\S ](?:\"|'')|'[^\\S ]|[\x1c-\x1f]")
_SAFE_CUT = re.compile(r"(?<=\w) (?=\w)")
# Marks that are tokens wherever they stand, and characters that no rule touches where they stand alone.
_OWN = "«“‘„»”’\u2012-\u2015"
_INERT = rf"[^\s{_OWN}`\"'()\[\]{{}}<>;@#$%&?!*:,.]"
_PLAIN = re.compile(
    r"""([(\[]?["“‘„«$]?|["“‘„«][(\[])('(?=[A-Za-z0-9])(?!(?i:re|ve|ll|[mtsdn])(?![A-Za-z0-9])))?"""
    rf"""({_INERT}+(?:(?:\.|[,:](?=[0-9])|[{_OWN}]+){_INERT}+)*?)"""
    r"""('[sSmMdD]?|'(?:ll|LL|re|RE|ve|VE)|n't|N'T|)(\.*)([)\]";?!%”’»]*[,:]?[)\]";?!%”’»]*(?:(?<=[)\]"%”’»])\.)?)"""
)
_EACH = re.compile(f"([{_OWN}])")
_CONTRACTIONS = ("cannot", "gimme", "gonna", "gotta", "lemme", "wanna")
_CONTRACTED = re.compile(f"(?i:{'|'.join(_CONTRACTIONS)})|[ıİſ\u212a]|--")
# What stands before a full stop that ends a sentence unless Punkt knows it; the last is of the token "." alone.
_CERTAIN = re.compile(r"(?=.*[A-Za-z%])[\w%/$+=](?:[\w%/$+=]|[.-](?=[\w%/$+=]))+|.*[)\]}\"]|")
_ALONE = frozenset([",", ";", ":", "(", ")", "[", "]", "-", "--", "&", "!", "?", ".", "...", "$", "%"])
_LONG = 40  # _PLAIN may go back over the marks at the end, which takes long if they are many
_MANY_CONTEXTS = 50_000


@dataclass(frozen=True, slots=True, eq=False)
class _Splitter:
    """Punkt, and the words after which it must be asked."""

    punkt: Any
    uncertain: frozenset[str]
    contexts: dict[str, bool]

    def ends_sentence(self, word: str, stop: str, context: str) -> bool:
        """Whether Punkt finds a sentence's end in `context`, which is `word`, `stop` and what follows.

        A "?" or "!" that white space or punctuation follows is always a token of its own, which the first pass marks
        as an end and the second passes over. A full stop after white space is one too. A full stop after two or more
        ASCII letters, hyphens between them, makes the token "word.", neither initial nor number nor ellipsis: it ends
        a sentence unless the word, or what follows its last hyphen, is a known abbreviation (first pass) or the word
        begins a known collocation (second pass).
        """
        certain = stop != "." or (_CERTAIN.fullmatch(word) and self.uncertain.isdisjoint(_types(word)))
        if certain and not context[-1].isspace():  # U+001C is a token after a space, but none on a line of its own
            return True
        answer = self.contexts.get(context)
        if answer is None:
            if len(self.contexts) >= _MANY_CONTEXTS:
                self.contexts.clear()
            answer = self.contexts[context] = self.punkt.text_contains_sentbreak(context)
        return answer


def _types(word: str) -> tuple[str, str]:
    """What Punkt may know the token that ends with the full stop as: itself and its last part, or the lone stop."""
    if not word or word[-1] in ')]}"':
        return ".", "."
    word = word.lower()
    return word, word.rsplit("-", 1)[-1]


def sentence_splitter(texts: Iterable[str], progress: Progress = silent) -> _Splitter:
    """Punkt with the installed English data (punkt_tab), else with what it learns from the beginning of `texts`."""
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    parameters = _installed_parameters() or learn_parameters(texts, progress)
    uncertain = parameters.abbrev_types | {first for first, _ in parameters.collocations}
    return _Splitter(PunktSentenceTokenizer(parameters), frozenset(uncertain), {})


@lru_cache(maxsize=1)
def _installed_parameters() -> Any:
    from nltk.tokenize.punkt import PunktTokenizer

    try:
        return PunktTokenizer("english")._params
    except LookupError:
        return None


def learn_parameters(texts: Iterable[str], progress: Progress = silent) -> Any:
    """Punkt's parameters (nltk PunktParameters) from the first LEARN_FROM characters of `texts`, unsupervised."""
    from nltk.tokenize.punkt import PunktTrainer

    trainer = PunktTrainer()
    left = LEARN_FROM
    for text in texts:
        for start in range(0, min(len(text), left), 50_000):
            progress(0.0, "Learning where sentences end")
            trainer.train(text[start : min(start + 50_000, left)], finalize=False)
        left -= len(text)
        if left <= 0:
            break
    progress(0.0, "Learning where sentences end")
    trainer.finalize_training()
    return trainer.get_params()


def first_documents(documents: Iterator[Document]) -> list[Document]:
    """As many documents off `documents` as hold LEARN_FROM characters."""
    first: list[Document] = []
    size = 0
    while size < LEARN_FROM and (document := next(documents, None)) is not None:
        first.append(document)
        size += len(document.text)
    return first


def cut_nltk_keys(documents: Iterable[Document], splitter: _Splitter, block: int) -> Iterator[tuple[list[str], int]]:
    """Keys of the documents, about `block` characters at a time, and how many characters these are."""
    keys: list[str] = []
    size = 0
    for document in documents:
        text = document.text
        for start, end in sentence_spans(text, splitter):
            for piece in _pieces(text, start, end, block):
                keys += keys_of(text[slice(*piece)], piece[0] == start, piece[1] == end)
                size += piece[1] - piece[0]
                if size >= block:
                    yield keys, size
                    keys, size = [], 0
        keys.append(_DOCUMENT_END)
        size += 1
    yield keys, size


def sentence_spans(text: str, splitter: _Splitter) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence: PunktSentenceTokenizer.span_tokenize."""
    realign = splitter.punkt._lang_vars.re_boundary_realignment
    moved = 0
    before: tuple[int, int] | None = None
    for span in _raw_spans(text, splitter):
        if before:
            start, end = before[0] + moved, before[1]
            moved = 0
            # Closing quotes and brackets at the beginning belong to the sentence before.
            match = text[span[0] : span[0] + 1] in _REALIGNED and realign.match(text[slice(*span)])
            if match:
                yield start, span[0] + len(match.group().rstrip())
                moved = match.end()
            elif text[start:end]:
                yield start, end
        before = span
    if before and text[before[0] + moved : before[1]]:
        yield before[0] + moved, before[1]


def _raw_spans(text: str, splitter: _Splitter) -> Iterator[tuple[int, int]]:
    """Sentences before realignment: PunktSentenceTokenizer._slices_from_text."""
    begin = 0
    candidate: Any = None
    word = (0, 0)
    for match in splitter.punkt._lang_vars.period_context_re().finditer(text, timeout=None):
        at = match.start()
        space = _last_space(text, word[1], at)
        following = (space + 1 if space > word[1] else word[0], at)
        if candidate and word[1] <= following[0] and _is_end(text, word, candidate, splitter):
            yield begin, candidate.end()
            begin = candidate.start("next_tok") if candidate["next_tok"] else candidate.end()
        candidate, word = match, following
    if candidate and _is_end(text, word, candidate, splitter):
        yield begin, candidate.end()
        begin = candidate.start("next_tok") if candidate["next_tok"] else candidate.end()
    yield begin, len(text.rstrip())


def _is_end(text: str, word: tuple[int, int], match: Any, splitter: _Splitter) -> bool:
    before, stop = text[slice(*word)], match.group()
    return splitter.ends_sentence(before, stop, before + stop + match["after_tok"])


def _last_space(text: str, start: int, end: int) -> int:
    """Index of the last ASCII white space in text[start:end]; `start` where there is none."""
    space = text.rfind(" ", start, end)
    tail = text[space + 1 if space >= 0 else start : end]
    if not tail.isalnum():
        for at in range(end - 1, end - 1 - len(tail), -1):
            if text[at] in " \t\n\r\x0b\x0c":
                return at
    return max(space, start)


def _pieces(text: str, start: int, end: int, block: int) -> Iterator[tuple[int, int]]:
    """A sentence in pieces that do not touch each other's tokens: cut at a space between two word characters."""
    while end - start > block:
        gap = _SAFE_CUT.search(text, start + block // 2, end)
        if not gap:
            break
        yield start, gap.start()
        start = gap.end()
    yield start, end


def keys_of(piece: str, begins: bool, ends: bool) -> list[str]:
    """Keys of a sentence, or of a piece of one that begins or ends elsewhere."""
    chunks = piece.split()
    if not chunks:
        return []
    if _UNPROVABLE.search(piece) or piece[0].isspace() or piece[-1].isspace():
        return [_EDGE * begins + piece + _EDGE * ends]
    if ends:
        last = len(chunks) - 1
        while last and not chunks[last].strip(_CLOSING):
            last -= 1
        if last < len(chunks) - 1:
            # Nothing after this chunk looks like it, so its last occurrence is the one.
            chunks[last:] = [piece[piece.rindex(chunks[last]) if last else 0 :]]
        chunks[-1] += _EDGE
    if begins and chunks[0][0] in "\"'":
        chunks[0] = _EDGE + chunks[0]
    return chunks


def read_nltk_keys(keys: list[str]) -> Readings:
    """Tokens of keys, by NLTK's own tokeniser unless they are plain to see, and whether their sentence ends there."""
    tokens: list[str] = []
    lengths, flags = [1] * len(keys), [0] * len(keys)
    for place, key in enumerate(keys):
        if key.isalpha() and key.isascii() and key.lower() not in _CONTRACTIONS:
            tokens.append(key)
        elif key == _DOCUMENT_END:
            lengths[place], flags[place] = 0, END | DOCUMENT
        else:
            begins, ends = key[0] == _EDGE, key[-1] == _EDGE
            text = key[begins : len(key) - ends]
            found = _plain_tokens(text, ends) or _tokenise(text, begins, ends)
            tokens += found
            lengths[place], flags[place] = len(found), END if ends else 0
    return Readings(tokens, np.array(lengths, np.int32), np.array(flags, np.int8))


def _plain_tokens(chunk: str, ends: bool) -> list[str]:
    """Tokens of a chunk of a shape for which the rules leave no doubt; [] for any other.

    No rule touches letters, digits and most other characters (_INERT) but for the contractions and "--", nor a full
    stop between them, or a comma or colon before a digit. An opening double quote becomes two backticks, a closing one
    two apostrophes, and every other mark here is a token, with one exception: a full stop straight after the word
    belongs to it unless nothing but closing marks follow it to the end of the sentence.
    """
    if chunk in _ALONE:
        return [chunk]
    word, mark = chunk[:-1], chunk[-1]
    if word.isalpha() and chunk.isascii() and mark in (",:;?!." if ends else ",:;?!"):
        return [] if word.lower() in _CONTRACTIONS else [word, mark]
    match = _PLAIN.fullmatch(chunk) if len(chunk) < _LONG else None
    if not match or _CONTRACTED.search(chunk):
        return []
    opening, quote, word, clitic, stop, closing = match.groups()
    parts = [("``" if mark == '"' else mark) for mark in opening]
    if quote:
        parts.append(quote)
    if stop == ".":
        if closing.endswith("."):
            return []
        if not ends or closing.strip(_CLOSING):
            if clitic:
                return []
            word, stop = word + ".", ""
    parts += [part for part in _EACH.split(word) if part] if not word.isalnum() else [word]
    parts += [part for part in (clitic, stop) if part]
    return parts + [("''" if mark == '"' else mark) for mark in closing]


def _tokenise(chunk: str, begins: bool, ends: bool) -> list[str]:
    """What NLTK makes of `chunk` in a sentence, at its beginning or end or between two other words."""
    try:
        tokens: list[str] = _word_tokeniser().tokenize(("" if begins else "x ") + chunk + ("" if ends else " x"))
    except TimeoutError as error:
        raise CorpusError(
            f"NLTK gives up on a stretch of {len(chunk):,} characters ({chunk[:20]}…). Choose the GloVe-like tokeniser."
        ) from error
    return tokens[not begins : len(tokens) - (not ends)]


@lru_cache(maxsize=1)
def _word_tokeniser() -> Any:
    from nltk.tokenize.destructive import NLTKWordTokenizer

    return NLTKWordTokenizer()
