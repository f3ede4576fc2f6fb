"""Text becomes tokens and sentences.

A tokeniser works in two steps. `blocks_of` cuts documents into *keys*: chunks between white space, with marks where a
line or a document ends. `read_keys` says what a key reads as: its tokens, and flags about sentences. Most keys repeat,
so a caller that remembers what each one reads as (core.corpus) pays for every distinct key once. Nothing a key reads
as depends on its neighbours, and what does (where a sentence ends) is settled by the flags of two keys side by side.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, pairwise
from typing import Literal, get_args
from unicodedata import normalize

import regex

from core.documents import Document
from core.errors import CorpusError
from core.progress import Progress, silent

Tokeniser = Literal["glove", "nltk", "whitespace"]
Hyphens = Literal["split", "keep"]

END = 1  # a sentence ends after this key
STARTS = 2  # a capitalised word that usually begins a sentence: "The", "However"
LOWER = 4  # begins with a lower-case letter
END_IF_STARTS = 8  # ends a sentence if the next key STARTS one: "U.S.", "Inc."
END_UNLESS_LOWER = 16  # ends a sentence unless the next key is LOWER: "wait...", "Really?" he said
DOCUMENT = 32  # a document ends here

BLOCK = 1 << 17
"""Characters of text that are cut at a time, about: what progress and memory come in."""

Reader = Callable[[str, list[str]], int]
"""Appends a key's tokens to a list and says its flags. (A list for each key would keep the garbage collector busy.)"""


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

    Raises:
        CorpusError: a value that is none of these.
    """

    tokeniser: Tokeniser = "glove"
    lowercase: bool = True
    punctuation: bool = False
    fold_numbers: bool = False
    hyphens: Hyphens = "split"
    phrases: bool = False

    def __post_init__(self) -> None:
        for name, allowed in (("tokeniser", Tokeniser), ("hyphens", Hyphens)):
            if getattr(self, name) not in get_args(allowed):
                raise CorpusError(
                    f"{name} is {getattr(self, name)!r}; it must be one of: {', '.join(get_args(allowed))}."
                )


def sentences_of(text: str, options: CorpusOptions) -> Iterator[list[str]]:
    """Tokens of each sentence of `text` that has any, in reading order. Phrases are not joined."""
    sentence: list[str] = []
    before = 0
    for keys, _ in blocks_of([Document("", text)], options):
        tokens, lengths, all_flags = read_keys(keys, options)
        following = iter(tokens)
        for length, flags in zip(lengths, all_flags, strict=True):
            if sentence and _ends_between(before, flags):
                yield sentence
                sentence = []
            sentence += islice(following, length)
            if sentence and flags & END:
                yield sentence
                sentence = []
            before = flags
    if sentence:
        yield sentence


def _ends_between(before: int, after: int) -> bool:
    return bool(before & END_IF_STARTS and after & STARTS) or bool(before & END_UNLESS_LOWER and not after & LOWER)


def blocks_of(
    documents: Iterable[Document], options: CorpusOptions, progress: Progress = silent
) -> Iterator[tuple[list[str], int]]:
    """Keys of the documents, about BLOCK characters at a time, and how many characters of text these are.

    The last key of each document reads as DOCUMENT. Where NLTK must learn where sentences end (no punkt_tab data is
    installed), it learns from the first half million characters, and `progress` is told.
    """
    if options.tokeniser == "nltk":
        from core import nltk_tokeniser

        documents = iter(documents)
        first = nltk_tokeniser.first_documents(documents)
        splitter = nltk_tokeniser.sentence_splitter((document.text for document in first), progress)
        yield from nltk_tokeniser.blocks_of(chain(first, documents), splitter, BLOCK)
    else:
        yield from _text_blocks(documents, options)


def read_keys(keys: list[str], options: CorpusOptions) -> tuple[list[str], list[int], list[int]]:
    """What `blocks_of`'s keys read as: all their tokens in order, how many each key has, and each one's flags."""
    read = _reader(options)
    tokens: list[str] = []
    flags, lengths = [], []
    before = 0
    for key in keys:
        flags.append(read(key, tokens))
        lengths.append(len(tokens) - before)
        before = len(tokens)
    if options.fold_numbers:
        tokens = ["0" if _NUMBER.fullmatch(token) else token for token in tokens]
    if options.lowercase:
        tokens = [token.lower() for token in tokens]
    if not "".join(tokens).isascii():
        tokens = [_writable(token, options) for token in tokens]
    return tokens, lengths, flags


def _reader(options: CorpusOptions) -> Reader:
    if options.tokeniser == "nltk":
        from core.nltk_tokeniser import read_key

        return read_key
    if options.tokeniser == "whitespace":
        return _read_whitespace
    return _glove_reader(options.hyphens, options.punctuation)


def _writable(token: str, options: CorpusOptions) -> str:
    """`token` without lone surrogates, which no file can hold; and composed, unless it must be as NLTK has it."""
    if _SURROGATE.search(token):
        token = token.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # Even a composed word may come apart in lower case: İ becomes i and a combining dot.
    return token if options.tokeniser == "nltk" and not options.lowercase else normalize("NFC", token)


# Blocks of glove and whitespace. White space splits; two control characters, taken out of the text before, mark ends.

_LINE_END, _DOCUMENT_END = "\0", "\1"
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n\s*\n")
_IDEOGRAPHIC_STOP = re.compile("([。｡！？][」』）”’]*)")


def _text_blocks(documents: Iterable[Document], options: CorpusOptions) -> Iterator[tuple[list[str], int]]:
    pieces: list[str] = []
    size = 0
    for document in documents:
        wrapped = options.tokeniser == "glove" and _is_wrapped(document.text)
        for piece in _pieces(document.text):
            pieces.append(_mark_lines(piece, wrapped))
            size += len(piece)
            if size >= BLOCK:
                yield "".join(pieces).split(), size
                pieces, size = [], 0
        pieces.append(f" {_DOCUMENT_END} ")
        size += 1
    yield "".join(pieces).split(), size


def _mark_lines(piece: str, wrapped: bool) -> str:
    if _LINE_END in piece or _DOCUMENT_END in piece:
        piece = piece.replace(_LINE_END, " ").replace(_DOCUMENT_END, " ")
    if not piece.isascii():
        # A zero-width space is where Thai and Khmer have words end; Chinese and Japanese write no space after a stop.
        piece = _IDEOGRAPHIC_STOP.sub(r"\1 ", piece.replace("\u200b", " "))
    if wrapped:
        return _BLANK_LINES.sub(f" {_LINE_END} ", piece)
    return piece.replace("\n", f" {_LINE_END} ") if "\n" in piece else piece


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
    for at in range(end, max(start, end - 1000), -1):
        if not text[at].isalnum() and not regex.match(r"\p{M}|['’.,]", text[at]):
            return at
    # One endless run of letters: Chinese may be cut before any character, anything else is no word anyhow.
    return end


def _is_wrapped(text: str) -> bool:
    """Whether line ends are only where the page was full: most lines break within a sentence, and none is long.

    Judged on the first 64k characters. Text that is all in lower case is taken as one sentence a line.
    """
    if text.count("\n", 0, 1 << 16) < 8:
        return False
    lines = text[: 1 << 16].split("\n")
    broken = total = 0
    for line, following in pairwise(lines):
        line, following = line.rstrip(), following.lstrip()
        if line and following:
            total += 1
            broken += following[0].islower() and line[-1] not in ".!?:;\"'”’)"
    return 2 * broken > total and max(map(len, lines)) <= 200 and any(line[:1].isupper() for line in lines)


def _read_whitespace(key: str, tokens: list[str]) -> int:
    if key in (_LINE_END, _DOCUMENT_END):
        return END | DOCUMENT if key == _DOCUMENT_END else END
    tokens.append(key)
    return 0


# GloVe. What 6B did can be read off its vocabulary: n't, 's, u.s., mr., 1,000, 1980s, 10:30 and "-" are words in it,
# cannot is one word, and no frequent word has a hyphen inside.

_CLITIC = r"'(?i:s|re|ve|ll|d|m)(?![\p{L}\p{M}\p{N}])"
_NOT = r"(?i:n't)(?![\p{L}\p{M}\p{N}])"
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TITLES = "mr|mrs|ms|dr|prof|st|sen|rep|gov|gen|lt|col|sgt|capt|rev"
_ABBREVIATION = _TITLES + "|jr|sr|inc|corp|co|ltd|bros|dept|vs|etc|jan|feb|aug|sept|oct|nov|dec"
_PATTERN = r"""(?V1x)
    (?P<address>(?i:https?|ftp)://[^\s<>"'“”]*[^\s<>"'“”.,;:!?)\]}] | (?i:www\.)[^\s<>"'“”]*[^\s<>"'“”.,;:!?)\]}]
        | [\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}
        | [\p{L}\p{N}]+(?:[.-][\p{L}\p{N}]+)*\.(?i:com|org|net|edu|gov|mil)(?![\p{L}\p{M}\p{N}]))
    | (?P<short>(?:\p{L}\.){2,}(?![\p{L}\p{M}]) | (?:\p{L}\.)+\p{L}(?![\p{L}\p{M}\p{N}]) | (?i:ph\.d)\.?
        | (?i:ABBREVIATION)\.(?![\p{L}\p{M}\p{N}]) | [\p{Lu}--I]\.(?![\p{L}\p{M}\p{N}.]))
    | \p{Nd}++(?:[.,:/]\p{Nd}++)*+LETTER*+HYPHENATED
    | CLITIC | NOT | '(?:\p{Nd}\p{Nd}s|(?i:em|tis|twas|til))(?![\p{L}\p{M}\p{N}])
    | \p{Lu}{1,3}&\p{Lu}{1,3}(?![\p{L}\p{M}\p{N}])
    | [UNSPACED--\p{N}]\p{M}*
    | LETTER+?(?=NOT)
    | [\p{L}\p{N}--[UNSPACED]](?:LETTER | _(?=LETTER) | (?!CLITIC)'(?=\p{L}) | (?<=\p{Hebrew})["״׳](?=\p{Hebrew}))*+
      HYPHENATED
"""
_PUNCTUATION_PATTERN = r" | \.{2,} | -{2,} | [^\s\p{L}\p{M}\p{N}\p{C}]"
_NUMBER = regex.compile(r"\p{Nd}+(?:[.,:/]\p{Nd}+)*")
_TRAILING = regex.compile(r"""([.!?…。｡！？؟।॥]+)(["'”’»」』)\]}）]*)$""")
_OPENING = "\"'“‘«„([{「『（"
_INVISIBLE = dict.fromkeys(
    map(ord, "\u00ad\ufeff\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_PLAIN = {**_INVISIBLE, **dict.fromkeys(map(ord, "’‘ʼ＇"), "'"), **dict.fromkeys(map(ord, "“”„‟"), '"')}
_PLAIN |= {ord("–"): "--", ord("—"): "--", ord("…"): "..."}
_STARTER_WORDS = """
A After All Also Although An And Another As At Because Before Both But By During Each Even For From He Her Here His How
However I If In It Its Last Many Meanwhile Most My No Not Now Of On One Once Only Or Other Our She Since So Some Such
That The Their Then There These They This Those Though Today Two Under Until We What When Where Which While Who Why With
Yes Yesterday You Your It's He's She's That's There's I'm We're They're Don't
"""
_STARTERS = frozenset(_STARTER_WORDS.split())
# Chunks of the commonest shapes, for which `re`, which is quicker, finds what the pattern would.
_EASY = re.compile(
    r"""["(\[]*(?:([A-Za-z]+?(?:-[A-Za-z]+?)*)(n't|'(?:s|re|ve|ll|d|m))?|([0-9]+(?:[.,:/][0-9]+)*))"""
    r"""(\.*)[,;:?!]*["')\]]*[.,;:]*""",
    re.IGNORECASE | re.ASCII,
)
_ABBREVIATIONS = frozenset(_ABBREVIATION.split("|"))
_NAMES_FOLLOW = tuple(f"{title}." for title in _TITLES.split("|"))


@lru_cache(maxsize=4)
def _glove_reader(hyphens: Hyphens, punctuation: bool) -> Reader:
    find = _glove_pattern(hyphens, punctuation).finditer

    def read(chunk: str, tokens: list[str]) -> int:
        if chunk.isascii():
            word = chunk if chunk.isalpha() else _without_stop(chunk)
            if word and not (punctuation and word is not chunk):
                tokens.append(word)
                flags = LOWER if word[0].islower() else STARTS if word in _STARTERS else 0
                return flags | END if chunk[-1] in ".!?" else flags
            match = None if punctuation else _EASY.fullmatch(chunk)
            if match and _add_easy(match, hyphens, tokens):
                return _glove_flags(chunk)
        if chunk in (_LINE_END, _DOCUMENT_END):
            return END | DOCUMENT if chunk == _DOCUMENT_END else END
        if not chunk.isascii():
            chunk = normalize("NFC", chunk.translate(_PLAIN))
        last = None
        for last in find(chunk):
            tokens.append(last.group())
        return _glove_flags(chunk, last if last and last.lastgroup == "short" else None)

    return read


def _glove_pattern(hyphens: Hyphens, punctuation: bool) -> regex.Pattern[str]:
    letter = rf"[\p{{L}}\p{{M}}\p{{N}}\u200c\u200d--[{_UNSPACED}--[\p{{M}}\p{{N}}]]]"
    pattern = _PATTERN + (_PUNCTUATION_PATTERN if punctuation else "")
    hyphenated = (
        r"(?:-(?=LETTER)(?:LETTER|(?!CLITIC)'(?=\p{L}))+?(?=NOT|(?!LETTER|'\p{L})|CLITIC))*+"
        if hyphens == "keep"
        else ""
    )
    for name, part in (
        ("HYPHENATED", hyphenated if hyphens == "keep" else ""),
        ("LETTER", letter),
        ("UNSPACED", _UNSPACED),
        ("CLITIC", _CLITIC),
        ("NOT", _NOT),
        ("ABBREVIATION", _ABBREVIATION),
    ):
        pattern = pattern.replace(name, part)
    return regex.compile(pattern)


def _without_stop(chunk: str) -> str:
    """The word that `chunk` is with one stop at its end, "" if it is anything else or may be an abbreviation."""
    word = chunk[:-1]
    if not word.isalpha() or chunk[-1] not in ",.;:!?":
        return ""
    return "" if chunk[-1] == "." and (len(word) == 1 or word.lower() in _ABBREVIATIONS) else word


def _add_easy(match: re.Match[str], hyphens: Hyphens, tokens: list[str]) -> bool:
    """Append the tokens of what _EASY matched, unless they may be others after all."""
    word, clitic, number, stop = match.groups()
    if number:
        tokens.append(number)
        return True
    words = word.split("-") if "-" in word else (word,)
    if stop and not clitic and (len(words[-1]) == 1 or words[-1].lower() in _ABBREVIATIONS):
        return False
    if hyphens == "split":
        tokens.extend(words)
    else:
        tokens.append(word)
    if clitic:
        tokens.append(clitic)
    return True


def _glove_flags(chunk: str, short: regex.Match[str] | None = None) -> int:
    """Flags of `chunk`, whose last token is the abbreviation `short`, if it is one."""
    bare = chunk.lstrip(_OPENING)
    flags = LOWER if bare[:1].islower() else STARTS if bare.rstrip(",.;:!?") in _STARTERS else 0
    trailing = _TRAILING.search(chunk)
    if not trailing:
        return flags
    stops, closing = trailing.groups()
    if short and stops == "." and short.end() == trailing.end(1):
        return flags if short.group().lower() in _NAMES_FOLLOW else flags | END_IF_STARTS
    if stops.startswith("..") or (closing and stops[-1] in "!?"):
        return flags | END_UNLESS_LOWER
    return flags | END
