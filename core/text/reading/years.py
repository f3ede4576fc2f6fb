"""The year of a document, found in its label or in its name."""

import re
from collections.abc import Iterable

import numpy as np

_PLACE = re.compile(r", (?:row|line|paragraph) \d+$")
"""The end of a document's name that counts, and tells no year (`core/text/reading/`)."""
_YEAR = re.compile(
    r"(?<!\d)(?<!cp)(?<!cp[-_])(?<!win)(?<!windows[-_])"  # code pages, as in letters-cp1251.txt
    r"(1\d{3}|20\d\d|2100)"
    r"(?:(?!\d)|(?=(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)))",  # also the first four digits of 19120503
    re.IGNORECASE,
)


def years_of(documents: Iterable[tuple[str, str | None]]) -> np.ndarray:
    """The year of each document, by its name and label, 0 where none is found: int64 (documents,).

    It is the first one in its label; else in the last part of its name ("1912" in "letters/1912-may.txt"), else in its
    name's folders. Numbers of rows, lines and paragraphs are no years.
    """
    return np.array([_find_year(label or "") or year_in_name(name) or 0 for name, label in documents], np.int64)


def year_in_name(name: str) -> int | None:
    """The year in the name of a document or file; None where there is none."""
    folders, _, last = _PLACE.sub("", name).rpartition("/")
    return _find_year(last) or _find_year(folders)


def _find_year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[1]) if found else None
