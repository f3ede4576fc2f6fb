"""What a document is in running text: a file, a line or a paragraph of it."""

import re
import statistics
from collections.abc import Iterator, Sequence
from typing import Literal

from core.text.reading.line_ends import is_wrapped

Unit = Literal["file", "line", "paragraph"]

MANY = 10
"""So many lines or paragraphs make documents of their own; fewer stay one document."""

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SAMPLE = 2_000_000


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return _LETTER_OR_DIGIT.search(text) is not None


def cut(name: str, text: str, unit: Unit) -> Iterator[tuple[str, str]]:
    """(name, text) of each document of one file that has a letter or digit in it, named by file and place."""
    if unit == "file":
        yield name, text
        return
    parts = text.split("\n") if unit == "line" else _BLANK_LINES.split(text.strip())
    for number, part in enumerate(parts, 1):
        if has_words(part):
            yield f"{name}, {unit} {number}", part.strip()


def guess_unit(text: str) -> Unit:
    """What a document is in a text that came alone.

    Lines that end where the next word would not have fitted any more were wrapped: then blank lines part documents.
    Otherwise many lines are documents, unless blank lines gather them in groups.
    """
    full = [line for line in map(str.strip, text[:_SAMPLE].split("\n")) if line]
    if len(full) < MANY:
        return "file"
    paragraphs = len(_BLANK_LINES.split(text[:_SAMPLE].strip()))
    grouped = len(full) > 1.5 * paragraphs
    if is_wrapped(text) or (grouped and paragraphs >= MANY):
        return "paragraph" if paragraphs >= MANY else "file"
    return "line" if statistics.median(len(line.split()) for line in full) >= 3 else "file"


def guess_unit_of(texts: Sequence[str], printed: bool = False) -> Unit:
    """Of several files each is a document, unless every one of them is a long list of lines.

    `printed`: they are pages, whose lines end where these do, and are no documents.
    """
    if printed:
        paragraphs = len(_BLANK_LINES.split(texts[0][:_SAMPLE].strip()))
        return "paragraph" if len(texts) == 1 and paragraphs >= MANY else "file"
    if len(texts) == 1:
        return guess_unit(texts[0])
    lists = all(text.count("\n") >= 10 * MANY and guess_unit(text) == "line" for text in texts)
    return "line" if lists else "file"
