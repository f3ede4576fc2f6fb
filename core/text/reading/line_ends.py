"""What line ends mean: that a sentence, a verse or an item ends, or only that the page was full."""

from itertools import pairwise
from statistics import median

HYPHENS = "-\u00ad\u2010\u2011\u00ac\u2e17\u058a\u1806"
"""What divides words at line ends, in old prints and in what OCR makes of them, and in Armenian and Mongolian too."""
_SAMPLE = 1 << 16
_FEWEST_LINE_ENDS = 8
_PAGE_WIDTHS = range(25, 201)
_FULL, _ENDED = 0.6, 0.5
_FEWEST_WORDS = 3
"""Lines with fewer words are a list."""


def is_wrapped(text: str) -> bool:
    """Whether lines end where the page was full: most could not have taken the first word of the next line, too.

    A word that is divided by a hyphen filled its line. Lines of which half end a sentence are sentences that happen to
    have one length. Judged on the first 65,536 characters.
    """
    if text.count("\n", 0, _SAMPLE) < _FEWEST_LINE_ENDS:
        return False
    lines = [line.strip() for line in text[:_SAMPLE].split("\n")]
    width = sorted(map(len, lines))[int(0.95 * len(lines))]
    pairs = [(line, following) for line, following in pairwise(lines) if line and following]
    if not pairs or width not in _PAGE_WIDTHS:
        return False
    if median([line.count(" ") for line in lines if line]) < _FEWEST_WORDS - 1:
        return False
    if sum(line[-1] in ".!?…" for line, _ in pairs) > _ENDED * len(pairs):
        return False
    full = 0
    for line, following in pairs:
        first = following.partition(" ")[0]
        full += len(line) + 1 + len(first) > width or (line[-1] in HYPHENS and following[0].islower())
    return full > _FULL * len(pairs)
