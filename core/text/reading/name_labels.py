"""Labels out of the names of files: "melville" of "melville-1851-moby.txt", by a pattern that is guessed and shown."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from core.errors import CorpusError

LABEL = "{label}"
"""Stands for the label in a pattern; `*` stands for anything."""
_MARKS = ("_", "-", " ", ".")
_PLACE = re.compile(r", (?:row|line|paragraph) \d+$")
_ARCHIVE = re.compile(r"(?<=.)\.(?:zip|gz|tgz)$", re.IGNORECASE)
"""Ends the name of an archive, which is a folder to the files in it."""
_MOST = 60
_PIECE = re.compile(r"\{label\}|\*")


def check_pattern(pattern: str) -> None:
    """Raise `CorpusError` unless `pattern` says where the label is, and once."""
    if pattern.count(LABEL) != 1:
        raise CorpusError(
            f"“{pattern[:60]}” does not say once where the label is. Write {LABEL} in its place and * for anything "
            f"else, such as {LABEL}-* for melville-1851.txt."
        )


def label_in_name(name: str, pattern: str) -> str | None:
    """The label in a file's or document's name; None where the name does not fit.

    A pattern with folders ("{label}/*") is held against as many folders of the name; its ending and the number of a
    line or paragraph count for nothing.
    """
    stem = _stem(name)
    tail = "/".join(stem.split("/")[-(pattern.count("/") + 1) :])
    found = _compile(pattern).fullmatch(tail)
    return (_ARCHIVE.sub("", found[1].strip()) or None) if found else None


@lru_cache(maxsize=64)
def _compile(pattern: str) -> re.Pattern[str]:
    written, at = "", 0
    for piece in _PIECE.finditer(pattern):
        written += re.escape(pattern[at : piece.start()]) + ("([^/]*?)" if piece[0] == LABEL else "[^/]*")
        at = piece.end()
    return re.compile(written + re.escape(pattern[at:]), re.DOTALL)


def _stem(name: str) -> str:
    folders, slash, last = _PLACE.sub("", name).replace("\\", "/").rpartition("/")
    stem, dot, ending = last.rpartition(".")
    return folders + slash + (stem if dot and stem and len(ending) <= 5 else last)


def guess_pattern(names: Sequence[str]) -> str | None:
    """The pattern whose labels put the files into few groups of several; None where none does.

    Tried are the last folder, and the first and the last piece of the names between "_", "-", blanks and dots.
    """
    patterns = [f"{LABEL}/*"]
    for mark in _MARKS:
        patterns += [f"{LABEL}{mark}*", f"*{mark}{LABEL}"]
    fitting = [(score, -place) for place, pattern in enumerate(patterns) if (score := _rate(names, pattern))]
    return patterns[-max(fitting)[1]] if fitting else None


def _rate(names: Sequence[str], pattern: str) -> float:
    """How well a pattern's labels serve: the share of files that share theirs with another; 0 for not at all."""
    labels = Counter(label for name in names if (label := label_in_name(name, pattern)) is not None)
    if not 2 <= len(labels) <= _MOST or sum(labels.values()) < 0.8 * len(names) or max(map(len, labels)) > _MOST:
        return 0.0
    if all(label.isdigit() for label in labels):  # they count the files, or are years
        return 0.0
    return sum(times for times in labels.values() if times > 1) / len(names)
