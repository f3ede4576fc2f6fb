"""Chunks of text of the commonest shapes, all read at once by arithmetic on their characters.

A chunk is plain when it is one word or number, perhaps after one opening mark and before one or two closing ones:
a word of letters that no rule touches and that are composed already, perhaps with hyphens inside or a clitic at its
end; a number of ASCII digits, perhaps with single marks inside. An abbreviation's full stop belongs to it, so a short
word before a full stop is not plain.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, repeat

import numpy as np

from core.text.tokens.flags import NOT_LOWER, STARTS, Readings, read_in_order
from core.text.tokens.glove_flags import ABBREVIATIONS, AFTER_STARTER, STARTERS, flags_of

_LETTERS = re.compile("[A-Za-zÀ-ÖØ-öø-ɏΈ-ΊΎ-ΡΣ-ώЀ-ҁҊ-ԯԱ-Ֆա-ևא-תء-غف-ي]")
_APOSTROPHES = "’‘ʼ"
_VARIANTS = {**dict.fromkeys(_APOSTROPHES, "'"), **dict.fromkeys("“”„‟", '"')}
_OPENING = '"(['
_CLOSING = re.compile(r"""%?\.*[,;:?!]*["')\]]*[,.;:]*""")
_CLOSING_MARKS = "%.,;:?!\"')]"
_CODES = 0x2021
"""So many character codes are told apart; all others are of one kind: no letter, no mark."""
_LETTER, _DIGIT, _LOWER, _MARK = 1, 2, 4, 8
_SOLID = _LETTER | _DIGIT
_END, _STOP, _HYPHEN, _APOSTROPHE, _SLASH = (ord(character) for character in "\n.-'/")
_CLITICS = [(ord(a), ord(b)) for a, b in ("re", "ve", "ll")]
_LONGEST_ABBREVIATION = max(map(len, ABBREVIATIONS))
_STARTS = dict.fromkeys(STARTERS, STARTS)
_LONGEST_STARTER = max(map(len, STARTERS))


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """What characters are.

    Attributes:
        kinds: uint8 (_CODES,), of each character.
        codes: uint16 (_CODES,), each character's code, or that of the plain mark it is a variant of.
        opening: bool (_CODES,), whether a word may follow it.
        closing: int8 (128, 128), flags of a word before these two characters, newlines for none; -1: not plain.
        strips: bool (128, 128), whether a word before these may begin a sentence.
    """

    kinds: np.ndarray
    codes: np.ndarray
    opening: np.ndarray
    closing: np.ndarray
    strips: np.ndarray


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    kinds, codes = np.zeros(_CODES, np.uint8), np.arange(_CODES, dtype=np.uint16)
    for code in range(_CODES - 1):
        if _LETTERS.match(chr(code)):
            kinds[code] = _LETTER | (_LOWER if chr(code).islower() else 0)
    kinds[ord("0") : ord("9") + 1] = _DIGIT
    kinds[[ord(mark) for mark in "-'.,:/–—"]] = _MARK
    for variant, same in _VARIANTS.items():
        codes[ord(variant)] = ord(same)
    opening = np.zeros(_CODES, bool)
    opening[[ord(mark) for mark in _OPENING]] = True
    closing, strips = np.full((128, 128), -1, np.int8), np.zeros((128, 128), bool)
    for marks in ["", *_CLOSING_MARKS, *(one + two for one in _CLOSING_MARKS for two in _CLOSING_MARKS)]:
        if _CLOSING.fullmatch(marks):
            at = tuple(map(ord, marks.ljust(2, "\n")))
            closing[at], strips[at] = flags_of(f"x{marks}"), not marks.strip(AFTER_STARTER)
    return _Tables(kinds, codes, opening, closing, strips)


@dataclass(frozen=True, slots=True, eq=False)
class _Text:
    """Chunks as one text, a newline after each, and where in it they are.

    Attributes:
        codes, kinds: (characters,), of each character.
        starts, ends: int64 (chunks,), of each chunk.
        first, last: int64 (chunks,), its first and last letter or digit; anywhere where it has none.
        gaps: (chunks,), how many other characters are between these.
        within: uint8 (chunks,), whether it has letters, digits, or both.
    """

    codes: np.ndarray
    kinds: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    first: np.ndarray
    last: np.ndarray
    gaps: np.ndarray
    within: np.ndarray

    def count(self, places: np.ndarray) -> np.ndarray:
        """How many of `places` each chunk has."""
        return np.bincount(self.chunk_of(places), minlength=len(self.ends))

    def chunk_of(self, places: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.ends, places)


def _lay_out(text: str) -> _Text:
    tables = _tables()
    if text.isascii():
        codes = np.frombuffer(bytearray(text, "ascii"), np.uint8)
    else:
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        codes = tables.codes[np.minimum(wide, _CODES - 1)]
    kinds = tables.kinds[codes]
    ends = np.flatnonzero(codes == _END)
    starts = np.concatenate(([0], ends[:-1] + 1))
    places = np.flatnonzero(kinds & _SOLID)
    up_to = np.searchsorted(places, ends)
    before = np.concatenate(([0], up_to[:-1]))
    places = np.append(places, 0)
    first, last = places[before], places[up_to - 1]
    within = np.bitwise_or.reduceat(kinds, starts) & _SOLID
    return _Text(codes, kinds, starts, ends, first, last, last + 1 - first - (up_to - before), within)


@dataclass(frozen=True, slots=True, eq=False)
class _Joints:
    """Marks within words and numbers, int64.

    Attributes:
        hyphens: between letters or digits.
        dashes: and slashes there, which always part two words.
        points: marks between digits.
        clitics: the apostrophes in "'s", "n't" and so on, at the end of a word.
        clitic_starts: where these begin.
    """

    hyphens: np.ndarray
    dashes: np.ndarray
    points: np.ndarray
    clitics: np.ndarray
    clitic_starts: np.ndarray


def _find_joints(text: _Text) -> _Joints:
    codes, kinds = text.codes, text.kinds
    marks = np.flatnonzero(kinds == _MARK)
    code, before, after = codes[marks], kinds[marks - 1] & _SOLID, kinds[marks + 1] & _SOLID
    between, both = (before != 0) & (after != 0), before & after
    hyphen, dash = code == _HYPHEN, code >= 128
    point = (both == _DIGIT) & ~hyphen & ~dash & (code != _APOSTROPHE)
    found = marks[(both == _LETTER) & (code == _APOSTROPHE)]
    length = text.last[text.chunk_of(found)] - found
    one, two = codes[found + 1] | 32, codes[np.minimum(found + 2, len(codes) - 1)] | 32
    negation = (one == ord("t")) & (codes[found - 1] | 32 == ord("n")) & (kinds[found - 2] & _LETTER != 0)
    clitic = (length == 1) & (negation | (one == ord("s")) | (one == ord("d")) | (one == ord("m")))
    for first, second in _CLITICS:
        clitic |= (length == 2) & (one == first) & (two == second)
    return _Joints(
        hyphens=marks[between & hyphen],
        dashes=marks[between & (dash | (code == _SLASH) & ~point)],
        points=marks[point],
        clitics=found[clitic],
        clitic_starts=(found - negation)[clitic],
    )


def read_plain(chunks: list[str], keep_hyphens: bool, punctuation: bool) -> tuple[Readings, np.ndarray]:
    """Read the plain ones of `chunks`: with punctuation as tokens or without, well-known as one word or as two.

    Also gives the indices of the others, int64, of which the readings say nothing yet: no tokens, no flags.
    """
    is_word = np.fromiter(map(str.isalpha, chunks), bool, len(chunks))
    is_word &= np.fromiter(map(str.isascii, chunks), bool, len(chunks))
    words = list(compress(chunks, is_word.tolist()))
    of_words, rest = np.flatnonzero(is_word), np.flatnonzero(~is_word)
    starts, lengths = np.zeros((2, len(chunks)), np.int32)
    flags = np.zeros(len(chunks), np.int8)
    starts[of_words], lengths[of_words] = np.arange(len(words)), 1
    capital = np.fromiter(map("[".__gt__, words), bool, len(words))
    starters = map(_STARTS.get, compress(words, capital.tolist()), repeat(0))
    flags[of_words[capital]] = NOT_LOWER | np.fromiter(starters, np.int8)
    if not len(rest):
        return Readings(words, starts, lengths, flags), rest
    found, plain = _read_marked([chunks[place] for place in rest.tolist()], keep_hyphens, punctuation)
    starts[rest], lengths[rest], flags[rest] = found.starts + len(words), found.lengths, found.flags
    return Readings(words + found.tokens, starts, lengths, flags), rest[~plain]


def _read_marked(chunks: list[str], keep_hyphens: bool, punctuation: bool) -> tuple[Readings, np.ndarray]:
    """`read_plain` of chunks that are more than ASCII letters; also gives which are plain: bool (chunks,)."""
    tables = _tables()
    joined = "\n".join(chunks) + "\n"
    text = _lay_out(joined)
    joints = _find_joints(text)
    one, two = _closing_marks(text)
    flags = tables.closing[one, two]
    plain = _is_plain_inside(text, joints, keep_hyphens, punctuation) & (flags >= 0)
    opened = text.first - text.starts
    plain &= (opened == 0) | (opened == 1) & tables.opening[text.codes[text.starts]]
    plain[_abbreviations(joined, text, joints, plain & (one == _STOP))] = False

    lengths, cuts = _count_tokens(text, joints, plain, two, keep_hyphens, punctuation)
    text.codes[joints.dashes] = _END
    if not keep_hyphens and not punctuation:
        text.codes[joints.hyphens] = _END
    tokens = _cut(text, plain, cuts, punctuation)

    flags[text.kinds[text.first] & _LOWER == 0] |= NOT_LOWER
    flags[_starters(joined, text, plain & tables.strips[one, two])] |= STARTS
    return read_in_order(tokens, lengths, np.where(plain, flags, 0)), plain


def _is_plain_inside(text: _Text, joints: _Joints, keep_hyphens: bool, punctuation: bool) -> np.ndarray:
    """Whether all that is between a chunk's first and last letter or digit are these and joints: bool (chunks,)."""
    n_hyphens, n_dashes, n_clitics = map(text.count, (joints.hyphens, joints.dashes, joints.clitics))
    letters, digits = text.within == _LETTER, text.within == _DIGIT
    plain = text.gaps == n_hyphens + n_dashes + n_clitics * letters + text.count(joints.points) * digits
    plain &= text.within != 0
    if keep_hyphens:
        plain &= letters | (n_hyphens == 0)
    if punctuation:
        plain &= n_dashes == 0  # a dash becomes two characters
    return np.asarray(plain)


def _closing_marks(text: _Text) -> tuple[np.ndarray, np.ndarray]:
    """The two characters after each chunk's last letter or digit, newlines for none; 0 for what is no closing mark."""
    closed = text.ends - 1 - text.last
    one, two = text.codes[text.last + 1], text.codes[np.minimum(text.last + 2, len(text.codes) - 1)]
    two = np.where(closed < 2, _END, two)
    return np.where((one < 128) & (closed <= 2), one, 0), np.where(two < 128, two, 0)


def _abbreviations(joined: str, text: _Text, joints: _Joints, stopped: np.ndarray) -> np.ndarray:
    """Those of the `stopped` chunks that may be abbreviations: int64."""
    perhaps = stopped & (text.within != _DIGIT)
    perhaps[text.chunk_of(joints.clitics)] = False
    start = text.first.copy()
    for joint in (joints.hyphens, joints.dashes):
        of = text.chunk_of(joint)
        start[of] = np.maximum(start[of], joint + 1)
    short = np.flatnonzero(perhaps & (text.last - start < _LONGEST_ABBREVIATION))
    words = _slices(joined, start[short], text.last[short] + 1)
    return np.asarray(short[[len(word) == 1 or word.casefold() in ABBREVIATIONS for word in words]])


def _starters(joined: str, text: _Text, perhaps: np.ndarray) -> np.ndarray:
    """Which chunks are words that usually begin a sentence: int64."""
    if not joined.isascii():
        for variant in _APOSTROPHES:
            joined = joined.replace(variant, "'")
    perhaps = perhaps & (text.kinds[text.first] & (_LETTER | _LOWER) == _LETTER)
    short = np.flatnonzero(perhaps & (text.last - text.first < _LONGEST_STARTER))
    return np.asarray(short[[word in STARTERS for word in _slices(joined, text.first[short], text.last[short] + 1)]])


def _count_tokens(
    text: _Text, joints: _Joints, plain: np.ndarray, two: np.ndarray, keep_hyphens: bool, punctuation: bool
) -> tuple[np.ndarray, np.ndarray]:
    """How many tokens each chunk has, 0 where it is not plain; and the places where one follows another at once."""
    lengths = 1 + text.count(joints.clitics) + text.count(joints.dashes)
    cuts = [joints.clitic_starts]
    if not keep_hyphens:
        lengths += text.count(joints.hyphens) * (1 + punctuation)
    if punctuation:
        opened = plain & (text.first > text.starts)
        closed = plain & (text.last + 1 < text.ends)
        # Two full stops are one token.
        twice = closed & (two != _END) & ((two != _STOP) | (text.codes[text.last + 1] != _STOP))
        cuts += [text.first[opened], text.last[closed] + 1, text.last[twice] + 2]
        lengths += opened + closed.astype(int) + twice
        if not keep_hyphens:
            cuts += [joints.hyphens, joints.hyphens + 1]
    lengths[~plain] = 0
    return lengths, np.concatenate(cuts)


def _slices(text: str, starts: np.ndarray, ends: np.ndarray) -> list[str]:
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _cut(text: _Text, plain: np.ndarray, cuts: np.ndarray, punctuation: bool) -> list[str]:
    """Tokens of the plain chunks, with the marks around words or without, cut at newlines and before `cuts`."""
    starts, ends = (text.starts, text.ends) if punctuation else (text.first, text.last + 1)
    change = np.zeros(len(text.codes) + 1, np.int8)
    change[starts[plain]] = 1
    change[ends[plain]] -= 1
    kept = np.cumsum(change[:-1], dtype=np.int8).view(bool)
    cuts = cuts[kept[cuts]]
    kept[text.ends[plain]] = True
    codes = text.codes[kept]
    if len(cuts):
        codes = np.insert(codes, np.cumsum(kept, dtype=np.int32)[cuts] - 1, _END)
    written: str = codes.tobytes().decode("ascii" if codes.itemsize == 1 else "utf-16-le")
    return written.split("\n")[:-1]
