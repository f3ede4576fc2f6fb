"""Which list of words belongs to a matrix: a file beside it, or a member of the same archive."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import takewhile

from core.errors import PretrainedError
from core.pretrained.containers.word_lists import SUFFIXES

_USUAL = ("metadata", "tokenizer", "words", "vocab", "vocabulary", "tokens", "index", "labels")
_ROLE = re.compile(
    r"(?i)[._-]?(?:emb(?:edding)?s?|vec(?:tor)?s?|tensors?|matrix|weights?|words?|vocab(?:ulary)?|index|tokens?|labels?"
    r"|metadata|model|f(?:loat)?(?:16|32))$"
)
_LIKE = 4  # letters that two names must share, where they are not of one form


def find_word_list(name: str, others: Iterable[str], count: Callable[[str], int | None], rows: int | None) -> str:
    """The name of the list of words among `others` that belongs to the matrix called `name`; "" where none does.

    Names that are alike come first: glove.npy has glove.txt, glove_words.txt or words.txt.

    Args:
        count: of a list by its name; None where it is no list.
        rows: of the matrix; None where that is not known, and the names must do.
    """
    for each in _likely(name, others):
        if rows is None:
            return each
        with suppress(PretrainedError):
            if count(each) == rows:
                return each
    return ""


def _likely(name: str, others: Iterable[str]) -> Iterator[str]:
    base = name.rpartition("/")[2]
    lists = [other for other in others if other.lower().endswith(SUFFIXES) and other != name]
    names = {other: other.rpartition("/")[2] for other in lists}
    ranks: dict[str, tuple[int, int]] = {}
    for other in lists:
        letters = zip(_stem(base), _stem(names[other]), strict=False)
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], letters))
        if names[other].startswith(f"{base}.") or _bare(names[other]) == _bare(base):
            ranks[other] = 0, -shared
        elif _stem(names[other]).lower() in _USUAL:
            ranks[other] = 1, _USUAL.index(_stem(names[other]).lower())
        elif shared >= _LIKE and _ROLE.search(_stem(names[other])):
            ranks[other] = 2, -shared
    return iter(sorted(ranks, key=lambda other: (ranks[other], other)))


def _stem(name: str) -> str:
    return re.sub(r"\.(?:gz|bz2|xz)$", "", name).rpartition(".")[0] or name


def _bare(name: str) -> str:
    """`name` without its ending and without what says that it is words or vectors."""
    stem = _stem(name)
    while (shorter := _ROLE.sub("", stem)) not in ("", stem):
        stem = shorter
    return stem
