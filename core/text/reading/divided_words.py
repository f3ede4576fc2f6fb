"""Words that a line end divides are put together again; a compound that was cut at its own hyphen keeps it.

Which of the two it was says the text: it has "government" elsewhere, or "well-known". Where it has neither, a word
that is a compound's usual beginning or end keeps its hyphen (well-, twenty-, self-; -like, -vous), and so do two words
that the text has by themselves. All others are joined, which is what most hyphens at line ends are for.

Where the text says nothing that is a guess, and a vectors file may know better: `LineEnd` keeps what was guessed, and
`rejoin` takes what was chosen since (`core/workspace/recommendation.py`).
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import regex

from core.prose.numbers import count
from core.text.reading.line_ends import HYPHENS, is_wrapped
from core.text.reading.uploads import IF_WRONG

_CERTAIN = "\u00ad\u00ac\u2e17\u058a\u1806"
"""Signs that stand at line ends only: soft hyphens, and what OCR and old prints make of them."""
_DIVIDED = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}'’\u00ad-])(?P<before>(?:[\p{{L}}\p{{M}}'’\u00ad-]*[\p{{L}}\p{{M}}])?)(?P<hyphen>[{HYPHENS}])"
    rf"[^\S\n]*\n(?P<space>[^\S\n]*)(?P<after>\p{{Ll}}[\p{{L}}\p{{M}}'’\u00ad]*|\p{{Lo}}[\p{{L}}\p{{M}}]*)"
    r"(?P<tail>\S*)(?P<rest>[^\S\n]*\n?)"
)
_AT_LINE_ENDS = tuple(hyphen + blank + "\n" for hyphen in HYPHENS for blank in ("", " "))
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AND = _set(
    "and or to und oder bis bzw sowie et ou à y o e u och eller og en of i a lub oraz и или да і та й ili és vagy "
    "ja tai"
)
"""After these, a hyphen stands for the rest of another compound: "pre- and post-war"."""
_BEGINNINGS = _set(
    "well ill self half all ex non twenty thirty forty fifty sixty seventy eighty ninety high low long short full "
    "part ever cross mid old new hard soft first second third two three four five six seven eight nine ten one so "
    "by father mother brother sister son daughter vice anglo afro franco euro attorney passer runner vingt trente "
    "quarante cinquante soixante quatre dix celui celle ceux demi peut rendez кое кто что где как северо юго пол"
)
_ENDINGS = _set(
    "known like based free made looking minded faced term time quality scale sized year old class level style "
    "born wide one two three four five six seven eight nine in-law law up off down out century hand line price "
    "profit speed vous moi toi lui leur nous ils elles ci là même mêmes être нибудь либо то таки"
)
_FEWEST_LETTERS, _SHOWN = 3, 3
MOST_GUESSED = 5_000
_MOST_LINES = 3
"""That one word goes over."""
_COUNTED = 5_000_000
"""Characters of a text say which words it has."""
_SINGLE_LINE_END = regex.compile(r"(?<=\S)[^\S\n]*+\n(?=[^\S\n]*+[^\s])(?![^\S\n]*+(?:[-*•–—]|\d{1,3}[.)])[^\S\n])")
"""But for those before an item of a list."""


class LineEnd(NamedTuple):
    """A word that a line end divides, in small letters, of which the text does not say how it is written.

    Attributes:
        before, after: what stands at the end of the one line, and at the beginning of the next.
        joined: whether it was taken for one word; else it kept its hyphen.
    """

    before: str
    after: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Rejoined:
    """A text without words divided at line ends.

    Attributes:
        joined, kept: words that were put together without a hyphen, and with theirs.
        guessed: those of them that the text does not know, each once, the first `MOST_GUESSED`.
    """

    text: str
    joined: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    guessed: tuple[LineEnd, ...] = ()

    def note(self, name: str) -> str:
        """What was done, to how many, and what if that was wrong; "" if nothing was."""
        parts = []
        if self.joined:
            parts.append(f"{count('word', len(self.joined))} divided at line ends {_was(self.joined)} joined")
        if self.kept:
            parts.append(f"{count('compound', len(self.kept))} kept the hyphen")
        named = ", ".join(dict.fromkeys([*self.joined[:_SHOWN], *self.kept[:_SHOWN]]))
        return f"“{name}”: {', '.join(parts)} ({named}). {IF_WRONG}" if parts else ""


def _was(words: Iterable[str]) -> str:
    return "were" if len(tuple(words)) > 1 else "was"


def rejoin(text: str, chosen: Collection[str] = ()) -> Rejoined:
    """`text` with the words that its line ends divide in one piece, at the end of the first line.

    Where lines end because the page was full, paragraphs become lines.

    `chosen`: words in small letters as they are to be written wherever a line end divides them: well-known, understand.
    """
    ends = _AT_LINE_ENDS[:2] if text.isascii() else _AT_LINE_ENDS  # those of the hyphen, and of all others
    if not any(end in text for end in ends) or not _DIVIDED.search(text):
        return Rejoined(text)
    counts = _count_words(text)
    joined: list[str] = []
    kept: list[str] = []
    guessed: dict[LineEnd, None] = {}

    def put_together(found: regex.Match[str]) -> str:
        before, hyphen, after = found["before"], found["hyphen"], found["after"]
        if not before or (hyphen not in _CERTAIN and after.lower() in _AND):
            return str(found[0])
        whole, compound = before + after, f"{before}-{after}"
        last = before.rpartition("-")[2]
        if hyphen in _CERTAIN or whole.lower() in chosen:
            is_one = True
        elif compound.lower() in chosen:
            is_one = False
        else:
            is_one, is_sure = _is_one_word(last, after.lower(), before.lower(), counts)
            if not is_sure and len(guessed) < MOST_GUESSED:
                guessed[LineEnd(before.lower(), after.lower(), is_one)] = None
        if is_one:
            joined.append(whole)
        else:
            whole = compound
            kept.append(compound)
        return f"{whole}{found['tail']}\n{'' if found['rest'].endswith(chr(10)) else found['space']}"

    was_wrapped = is_wrapped(text)
    for _ in range(_MOST_LINES - 1):
        before = len(joined) + len(kept)
        text = _DIVIDED.sub(put_together, text)
        if len(joined) + len(kept) == before:
            break
    if was_wrapped and (joined or kept):  # lines that are longer now would not show any more that they were full
        text = _SINGLE_LINE_END.sub(" ", text)
    return Rejoined(text, tuple(joined), tuple(kept), tuple(guessed))


def _is_one_word(before: str, after: str, all_before: str, counts: Counter[str]) -> tuple[bool, bool]:
    """Whether it is one word, and whether that is no guess that a list of words could better."""
    is_noun = before[0].isupper()  # in German: there a compound's second half is written with a capital too
    before = before.lower()
    whole, compound = counts[before + after], max(counts[f"{before}-{after}"], counts[f"{all_before}-{after}"])
    if whole or compound:
        return whole >= compound, True
    if before in _BEGINNINGS or after in _ENDINGS:
        return False, True
    if len(before) == 1 or all_before.count("-") > 1:  # e-mail, state-of-the-art: no printer divides such
        return False, True
    if is_noun:
        return True, True
    known = min(len(before), len(after)) >= _FEWEST_LETTERS and counts[before] and counts[after]
    return not known, "-" in all_before


def _count_words(text: str) -> Counter[str]:
    """How often each word stands in the text undivided, and each part of a compound."""
    counts: Counter[str] = Counter()
    for line in _DIVIDED.sub("\n", text[:_COUNTED]).split("\n"):
        for word in _WORD.findall(line.lower().replace("\u00ad", "")):
            counts[word] += 1
            if "-" in word:
                counts.update(word.split("-"))
    return counts
