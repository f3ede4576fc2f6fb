"""What somebody looks for in a text: a word, a phrase of several, wildcards; and where the text has it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import translate
from functools import lru_cache
from itertools import product

import numpy as np

from core.errors import CorpusError
from core.text.corpus import Corpus
from core.text.tokens.phrases import DELIMITER
from core.text.tokens.tokenisers import CorpusOptions, cut_phrase

LONGEST_PHRASE = 10
"""Of a phrase: a longer one occurs once, if at all."""
_ANY, _ONE = "\ua7fb", "\ua7f7"
"""Letters that no text has. They stand for * and ? while what was typed is cut into tokens as the text was."""
_DIGITS_AND_ANY = re.compile(rf"(?=.*\d)[\d.,:/{_ANY}{_ONE}]*[{_ANY}{_ONE}][\d.,:/{_ANY}{_ONE}]*")


def parse_query(typed: str, options: CorpusOptions) -> tuple[str, ...]:
    """Tokens of what was typed, as the text has them; with `_ANY` for any letters or none, and `_ONE` for one letter.

    Raises:
        CorpusError: there is no word in it, or too many.
    """
    parts = cut_phrase(typed.replace(_ANY, " ").replace(_ONE, " ").replace("*", _ANY).replace("?", _ONE), options)
    if not any(part.strip(_ANY) for part in parts):
        raise CorpusError(
            f"“{typed[:40]}” names no word to look for. Type a word, a phrase, or the beginning of a word and *."
        )
    if len(parts) > LONGEST_PHRASE:
        raise CorpusError(
            f"A phrase may have {LONGEST_PHRASE} words; this one has {len(parts)}. Look for a part of it."
        )
    return tuple(parts)


def find_matches(corpus: Corpus, parts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Where `parts` follow each other within a sentence: int64 (n,) offsets into the tokens, and how many each takes.

    Where the text's words may be joined (new_york), a phrase is found joined or not, and a word within a joined one. In
    a text that kept capitals, what has none is found in capitals, too.
    """
    ids: dict[str, np.ndarray | None] = {}
    found = []
    for way in _ways(parts, corpus.options.phrases):
        for part in way:
            if part not in ids:
                ids[part] = _find_ids(corpus, part)
        found.append((_locate(corpus, [ids[part] for part in way]), len(way)))
    positions = np.concatenate([places for places, _ in found])
    lengths = np.repeat([length for _, length in found], [len(places) for places, _ in found])
    order = np.lexsort((lengths, positions))
    positions, first = np.unique(positions[order], return_index=True)
    return positions, lengths[order][first]


def find_folded(typed: str, options: CorpusOptions) -> str:
    """The first number in what was typed that the text has only as 0, since numbers were folded; "" where none is."""
    if not options.fold_numbers:
        return ""
    typed = typed.replace("*", _ANY).replace("?", _ONE)
    written, folded = (cut_phrase(typed, replace(options, fold_numbers=fold)) for fold in (False, True))
    for piece, became in zip(written, folded, strict=True):
        if piece != became or _DIGITS_AND_ANY.fullmatch(piece):
            return piece.replace(_ANY, "*").replace(_ONE, "?")
    return ""


def say_folded(number: str) -> str:
    """What to know about a number that `find_folded` gave."""
    return (
        f"Numbers were read as 0 when this text was cut into words, so “{number}” cannot be told from any other "
        "number: 0 stands for all of them."
    )


def _ways(parts: Sequence[str], phrases: bool) -> Iterator[Sequence[str]]:
    """`parts`, and with joined words also every way to join some of them, or the outer ones with words beside them."""
    if not phrases:
        yield parts
        return
    for joins in product((" ", DELIMITER), repeat=len(parts) - 1):
        way = "".join(part + mark for part, mark in zip(parts, [*joins, ""], strict=True)).split(" ")
        yield way
        first, last = (_may_be_joined(way[place]) for place in (0, -1))
        if first:
            yield [f"{_ANY}{DELIMITER}{way[0]}", *way[1:]]
        if last:
            yield [*way[:-1], f"{way[-1]}{DELIMITER}{_ANY}"]
        if first and last and len(way) > 1:
            yield [f"{_ANY}{DELIMITER}{way[0]}", *way[1:-1], f"{way[-1]}{DELIMITER}{_ANY}"]


def _may_be_joined(part: str) -> bool:
    """Words are joined in pairs; and what stands for any word is found in all of them anyway."""
    return DELIMITER not in part and bool(part.strip(_ANY))


def _locate(corpus: Corpus, slots: Sequence[np.ndarray | None]) -> np.ndarray:
    """Offsets at which words of these ids follow each other: those of the rarest, as far as the others stand beside."""
    rarest = min(range(len(slots)), key=lambda slot: _frequency(corpus, slots[slot]))
    if not _frequency(corpus, slots[rarest]):
        return np.empty(0, np.int64)
    starts = np.flatnonzero(_are_any(corpus, corpus.tokens, slots[rarest])) - rarest
    last = len(slots) - 1
    starts = starts[(starts >= 0) & (starts + last < corpus.n_tokens)]
    for slot, ids in enumerate(slots):
        if slot != rarest and ids is not None:
            starts = starts[_are_any(corpus, corpus.tokens[starts + slot], ids)]
    sentences = (np.searchsorted(corpus.sentence_starts, starts + step, side="right") for step in (0, last))
    return np.asarray(starts[np.equal(*sentences)])


def _frequency(corpus: Corpus, ids: np.ndarray | None) -> int:
    return corpus.n_tokens + 1 if ids is None else int(corpus.counts[ids].sum())


def _are_any(corpus: Corpus, tokens: np.ndarray, ids: np.ndarray | None) -> np.ndarray:
    """bool like `tokens`: which of them are among `ids`."""
    if ids is None:
        return np.ones(len(tokens), bool)
    if len(ids) == 1:
        return np.asarray(tokens == np.int32(ids[0]))
    wanted = np.zeros(len(corpus.words), bool)
    wanted[ids] = True
    return np.asarray(wanted[tokens])


def _find_ids(corpus: Corpus, part: str) -> np.ndarray | None:
    """Ids of the words that `part` may stand for, int64; None for all of them."""
    if not part.strip(_ANY):
        return None
    either_case = not corpus.options.lowercase and part == part.lower()
    if not (either_case or _ANY in part or _ONE in part):
        return np.array([corpus.words.index(part)] if part in corpus.words else [], np.int64)
    fits = _pattern(part, either_case).match
    return np.array([number for number, word in enumerate(corpus.words) if fits(word)], np.int64)


@lru_cache(maxsize=64)
def _pattern(part: str, either_case: bool) -> re.Pattern[str]:
    wildcards = part.replace("[", "[[]").replace(_ANY, "*").replace(_ONE, "?")
    return re.compile(translate(wildcards), re.IGNORECASE if either_case else 0)
