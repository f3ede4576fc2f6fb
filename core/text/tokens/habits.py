"""Ways of writing that a vectors file may have and others have not; each is read so where it is asked for.

- chinese: characters become words, by a library that must be installed (`core/text/tokens/segmenters.py`);
- arabic, persian, urdu: yeh, kaf and heh, which look alike and are other characters in each language, are those of
  this one; of several the last counts;
- elision: l'homme, d'Itàlia and qu'il are two words each, l' and homme, as the files of French, Italian and Catalan
  have them;
- marks: Arabic vowel signs and the stretching tatweel, and Hebrew points, are left out;
- forms: letters in full or half width, and the shapes that an Arabic letter has within a word, are the plain letters
  (Unicode's NFKC, of these alone);
- social: names, tags, addresses, numbers and faces become <user>, <hashtag>, <url>, <number>, <smile> and so on, as
  in the texts that GloVe's Twitter vectors were made from.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal
from unicodedata import decomposition, normalize

import numpy as np
import regex

from core.text.tokens.readings import Readings

Habit = Literal["arabic", "chinese", "elision", "forms", "marks", "persian", "social", "urdu"]

_ELIDED = (
    "[cdjlmnstCDJLMNST]|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu|[Qq]uelqu|[Pp]resqu|[Ee]ntr|"
    "[Dd]all|[Dd]ell|[Nn]ell|[Ss]ull|[Aa]ll|[Cc]oll|[Uu]n|[Qq]uest|[Qq]uell|[Gg]l|[Ss]ant|[Bb]ell|[Tt]utt|[Cc]ent"
)
_ELISION = regex.compile(rf"(?:{_ELIDED})['’](?=\p{{L}})")
_MARKS = dict.fromkeys(
    place
    for first, last in (
        (0x0591, 0x05BD),
        (0x05BF, 0x05BF),
        (0x05C1, 0x05C2),
        (0x05C4, 0x05C5),
        (0x05C7, 0x05C7),
        (0x0610, 0x061A),
        (0x0640, 0x0640),
        (0x064B, 0x0652),
        (0x0656, 0x065F),
        (0x0670, 0x0670),
        (0x06D6, 0x06DC),
        (0x06DF, 0x06E4),
        (0x06E7, 0x06E8),
        (0x06EA, 0x06ED),
    )
    for place in range(first, last + 1)
)
_YEH, _MAKSURA, _FARSI_YEH = "\u064a\u0649\u06cc"
_KAF, _KEHEH = "\u0643\u06a9"
_HEH, _HEH_GOAL = "\u0647\u06c1"
LETTERS: Mapping[Habit, Mapping[int, str]] = {
    "arabic": {ord(_FARSI_YEH): _YEH, ord(_KEHEH): _KAF, ord(_HEH_GOAL): _HEH},
    "persian": {ord(_YEH): _FARSI_YEH, ord(_MAKSURA): _FARSI_YEH, ord(_KAF): _KEHEH, ord(_HEH_GOAL): _HEH},
    "urdu": {ord(_YEH): _FARSI_YEH, ord(_MAKSURA): _FARSI_YEH, ord(_KAF): _KEHEH, ord(_HEH): _HEH_GOAL},
}
"""Of the letters that keyboards and old encodings mix up, those of each language. Arabic tells yeh from maksura."""
_NOTHING = "\u200b"  # which nobody sees, so that it is dropped
_SHAPES = ("<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>")


def spell(tokens: list[str], habits: Sequence[Habit]) -> list[str]:
    """`tokens` without marks, in plain forms and letters; of one that is all marks nothing is left that can be seen."""
    if "forms" in habits:
        tokens = [token if token.isascii() else normalize("NFC", token.translate(_forms())) for token in tokens]
    if "marks" in habits:
        tokens = [token if token.isascii() else token.translate(_MARKS) or _NOTHING for token in tokens]
    for habit, letters in LETTERS.items():
        if habit in habits:
            tokens = [token if token.isascii() else normalize("NFC", token).translate(letters) for token in tokens]
    return tokens


@lru_cache(maxsize=1)
def _forms() -> dict[int, str]:
    places = (*range(0xFB07, 0xFE00), *range(0xFE70, 0xFEFF), *range(0xFF01, 0xFFEF))
    return {place: normalize("NFKC", chr(place)) for place in places if decomposition(chr(place)).startswith(_SHAPES)}


def split_elisions(found: Readings) -> Readings:
    """`found` with l'homme as two tokens."""
    if not any("'" in token or "’" in token for token in found.tokens):
        return found
    tokens: list[str] = []
    sizes = np.ones(len(found.tokens), np.int32)
    for place, token in enumerate(found.tokens):
        first = _ELISION.match(token)
        tokens += [token] if first is None else [first.group(), token[first.end() :]]
        sizes[place] += first is not None
    up_to = np.concatenate(([0], np.cumsum(sizes)))[np.concatenate(([0], np.cumsum(found.lengths)))]
    return Readings(tokens, np.diff(up_to).astype(np.int32), found.flags)
