"""Characters that nobody sees: a word that is made of nothing else is none.

They are soft hyphens, joiners, marks of direction, byte order marks, controls, variation selectors on their own, blank
letters of Hangul, blank Braille: what Unicode says is to be ignored by default or only controls something. The Arabic
signs under numbers are not among them, as they are drawn.
"""

from dataclasses import replace
from itertools import compress

import numpy as np
import regex

from core.text.tokens.readings import Readings

_INVISIBLE = regex.compile(
    r"(?V1)[[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]--\p{Prepended_Concatenation_Mark}]++"
)


def is_invisible(text: str) -> bool:
    """Whether nobody sees anything of `text`."""
    return not text or _INVISIBLE.fullmatch(text) is not None


def drop_invisible(found: Readings) -> Readings:
    """`found` without the tokens that nobody sees."""
    every_character = "".join(found.tokens)
    if (every_character.isascii() and every_character.isprintable()) or not _INVISIBLE.search(every_character):
        return found
    seen = np.fromiter((not is_invisible(token) for token in found.tokens), bool, len(found.tokens))
    up_to = np.concatenate(([0], np.cumsum(seen)))[np.concatenate(([0], np.cumsum(found.lengths)))]
    return replace(found, tokens=list(compress(found.tokens, seen.tolist())), lengths=np.diff(up_to).astype(np.int32))
