"""Words of scripts that write no spaces between them, where a library that knows such words is installed.

None of these is needed: without one, each character is a word, and the text's hints say so.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec

import numpy as np
import regex

from core.errors import CorpusError
from core.text.tokens.readings import Readings

_HAN_RUN = regex.compile(r"\p{Han}+")
_HAN = regex.compile(r"\p{Han}")
LIBRARY = "jieba"
"""Cuts Chinese into words, by a dictionary and a model of the words that it lacks (Sun Junyi, MIT licence)."""


def has_segmenter() -> bool:
    """Whether Chinese can be cut into words here."""
    return find_spec(LIBRARY) is not None


def check_segmenter() -> None:
    """Raise `CorpusError` unless `has_segmenter`."""
    if not has_segmenter():
        raise CorpusError(
            f"Chinese is cut into words by {LIBRARY}, which is not installed on this server. Install it (pip install "
            f"{LIBRARY}), or put spaces between the words first."
        )


@lru_cache(maxsize=1)
def _cutter() -> Callable[[str], list[str]]:
    """The library with its own dictionary, read anew: what lies in the folder for temporary files is anybody's."""
    import jieba

    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    return lambda run: list(cutter.cut(run))


def join_characters(keys: Sequence[str], found: Readings) -> Readings:
    """`found` with Chinese words in the place of the characters that they are written with.

    Words stand within a run of characters: what parts two runs parts words, and how a key reads hangs on itself alone.

    Raises:
        CorpusError: the library is not installed.
    """
    check_segmenter()
    tokens: list[str] = []
    lengths, start = found.lengths.copy(), 0
    for place, (key, length) in enumerate(zip(keys, found.lengths.tolist(), strict=True)):
        own = found.tokens[start : start + length]
        start += length
        if not key.isascii() and _HAN.search(key):
            own = _joined(own, key)
            lengths[place] = len(own)
        tokens += own
    return Readings(tokens, np.asarray(lengths, np.int32), found.flags)


def _joined(tokens: list[str], key: str) -> list[str]:
    words = [word for run in _HAN_RUN.findall(key) for word in _cutter()(run)]
    characters = [token for token in tokens if _HAN_RUN.fullmatch(token)]
    if "".join(characters) != "".join(words):
        return tokens  # it was cut in another way than by characters
    joined: list[str] = []
    left = 0  # characters of the word before that are still to come
    following = iter(words)
    for token in tokens:
        if not _HAN_RUN.fullmatch(token):
            joined.append(token)
        elif left:
            left -= len(token)
        else:
            joined.append(next(following))
            left = len(joined[-1]) - len(token)
    return joined
