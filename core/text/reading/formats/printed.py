"""Plain texts of pages that form feeds part, as programs write that read PDFs: without running heads and numbers."""

import re
from collections import Counter
from itertools import pairwise

from core.prose.numbers import count
from core.text.reading.uploads import IF_WRONG

_FEWEST_PAGES, _SHARE = 3, 0.3
"""So many pages have a line for it to be a head, and such a share of all: left and right pages may have their own."""
_MOST_LINES, _LONGEST = 3, 120
_COUNTING = 0.7
_NUMBER = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_GOES_ON = re.compile(r"[\w,;\u00ad\u2010-]$")


def without_heads(text: str, name: str) -> tuple[str, str]:
    """`text` without heads, feet and numbers of its pages, and a note on these; "" where there are none."""
    pages = [page.strip("\n").split("\n") for page in text.split("\f") if page.strip()]
    if len(pages) < _FEWEST_PAGES:
        return text, ""
    gone: list[str] = []
    for place in (0, -1):
        for _ in range(_MOST_LINES):
            found = _take_heads(pages, place)
            gone += found
            if not found:
                break
    if not gone:
        return text, ""
    named = ", ".join(f"“{line[:60]}”" for line in dict.fromkeys(gone[:2]))
    said = f"{count('running head', len(gone))} or page numbers on its {count('page', len(pages))}, left out ({named})"
    return _joined(["\n".join(page).strip() for page in pages]), f"“{name}” has {said}. {IF_WRONG}"


def _take_heads(pages: list[list[str]], place: int) -> list[str]:
    """Take the first lines (`place` 0) or the last ones (-1) off the pages where these are heads; what was taken."""
    for page in pages:
        while page and not page[place].strip():
            page.pop(place)
    edges = [" ".join(page[place].split()) if page else "" for page in pages]
    shapes = [_NUMBER.sub("#", edge).lower() for edge in edges]
    apart = [_is_apart(page, place) for page in pages]
    often = Counter(shape for shape, alone in zip(shapes, apart, strict=True) if alone and 0 < len(shape) <= _LONGEST)
    heads = {shape for shape, n in often.items() if n >= max(_FEWEST_PAGES, _SHARE * len(pages))}
    heads = {shape for shape in heads if re.search(r"[^\W_]", shape) or _counts_up(edges, shapes, shape)}
    taken = []
    for page, edge, shape in zip(pages, edges, shapes, strict=True):
        if shape in heads and page:
            page.pop(place)
            taken.append(edge)
    return taken


def _is_apart(page: list[str], place: int) -> bool:
    """Whether a page's first or last line stands alone, or begins or ends in a number as heads do."""
    if not page:
        return False
    inner = page[1 if place == 0 else -2] if len(page) > 1 else ""
    return not inner.strip() or re.search(r"^\s*\d+\b|\b\d+\s*$", page[place]) is not None


def _counts_up(edges: list[str], shapes: list[str], shape: str) -> bool:
    """Whether lines that are numbers only follow the pages, or are Roman."""
    said = [
        found[0] for edge, each in zip(edges, shapes, strict=True) if each == shape and (found := _NUMBER.search(edge))
    ]
    if not all(map(str.isdecimal, said)):
        return True
    return sum(int(one) < int(two) for one, two in pairwise(said)) >= _COUNTING * (len(said) - 1)


def _joined(pages: list[str]) -> str:
    """Pages parted by blank lines, but where a word or a sentence goes on from one to the next."""
    whole: list[str] = []
    for page in filter(None, pages):
        goes_on = bool(whole) and page[0].islower() and _GOES_ON.search(whole[-1]) is not None
        whole += ["\n" if goes_on else "\n\n", page] if whole else [page]
    return "".join(whole)
