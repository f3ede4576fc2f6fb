"""What to call a text, proposed from the names of its files: "State of the Union 1790-2018", "brown"."""

import os
import re
from collections.abc import Collection, Sequence

from core.text.reading.endings import without_endings
from core.text.reading.years import year_in_name

LONGEST_NAME = 60
_SHORTEST = 3
_MARKS = " _-.,;:+~()[]{}#&"
_BETWEEN = re.compile(r"(?<=[^\W\d_])[_-]+(?=\w)|_+|(?<=\d)-+(?=[^\W\d_])")


def propose_name(files: Sequence[str], documents: Sequence[str] = ()) -> str:
    """A short name for a text of these files.

    Of one file its own, without the ending; of several the folder that they share, else what their names begin with,
    else how many there are. The years in the names follow, first and last, where most have one.

    Args:
        files: names as they came, folders in them allowed.
        documents: names of what was read from them, which tells the years inside an archive.
    """
    base = _shared_name(files) or (f"{len(files):,} files" if len(files) > 1 else "text")
    years = _span_of([without_endings(name) for name in (documents or files)])
    if years and not re.search(r"\d{4}", base):
        return shorten(base, LONGEST_NAME - len(years) - 1) + f" {years}"
    return shorten(base)


def _shared_name(files: Sequence[str]) -> str:
    paths = [name.replace("\\", "/").strip("/") for name in files]
    if not paths:
        return ""
    if len(paths) == 1:
        return _tidy(without_endings(paths[0].rpartition("/")[2]) or paths[0])
    folders = {path.rpartition("/")[0] for path in paths}
    if "" not in folders and (shared := os.path.commonpath(sorted(folders))):
        return _tidy(shared.rpartition("/")[2])
    stems = [without_endings(path.rpartition("/")[2]) for path in paths]
    prefix = _common_beginning(min(stems), max(stems))
    if prefix not in stems:  # it may end amid a word or number
        prefix = re.sub(r"[^\W_]*$", "", prefix) if any(_goes_on(stem, prefix) for stem in stems) else prefix
    tidied = _tidy(prefix.rstrip("0123456789"))
    if len(tidied) >= _SHORTEST and not tidied.isdigit():
        return tidied
    return " and ".join(map(_tidy, stems)) if len(stems) == 2 else ""


def _common_beginning(one: str, other: str) -> str:
    """What all names begin with of which these are the first and the last by alphabet."""
    alike = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(map(len, (one, other)))
    )
    return one[:alike]


def _goes_on(stem: str, prefix: str) -> bool:
    """The prefix ends amid a word of the stem: "let" of "letter", but not "letter" of "letter12"."""
    follows = stem[len(prefix) : len(prefix) + 1]
    return bool(prefix) and prefix[-1].isalnum() and follows.isalnum() and prefix[-1].isdigit() == follows.isdigit()


def _tidy(name: str) -> str:
    return " ".join(_BETWEEN.sub(" ", name).split()).strip(_MARKS)


def _span_of(names: Sequence[str]) -> str:
    """First and last year, as 1790-2018, where most of several names have a year and these differ; else ""."""
    years = [year for name in names if (year := year_in_name(name)) is not None]
    if len(years) < 2 or len(years) < 0.8 * len(names) or min(years) == max(years):
        return ""
    return f"{min(years)}-{max(years)}"


def shorten(name: str, most: int = LONGEST_NAME) -> str:
    """`name` in at most `most` characters, cut between words where it can be."""
    name = " ".join(name.split())
    if len(name) <= most:
        return name
    cut = name[: most - 1]
    gap = cut.rfind(" ")
    return (cut[:gap] if gap > most // 2 else cut).rstrip(_MARKS) + "…"


def unique_name(name: str, taken: Collection[str]) -> str:
    """`name`, or with a number behind it where another text is called so, upper and lower case alike."""
    known = {each.casefold() for each in taken}
    free = (name if number == 1 else f"{name} {number}" for number in range(1, len(known) + 2))
    return next(each for each in free if each.casefold() not in known)
