"""The characters of a PDF and where they stand, as runs: what one line shows without a gap.

PDFium, which finds them, is compiled. So `read_glyphs` is called in a process of its own (core.text.reading.bounded),
and this module imports nothing of the rest.
"""

import ctypes
import math
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

_OFF_LINE, _GAP = 0.5, 1.0  # of a character's size
_SMALL, _RAISED = 0.8, 0.15  # of it too: what a raised number is smaller than, and how far it is raised
_HYPHEN = "\x02"  # PDFium's sign for one at the end of a line


def read_glyphs(data: bytes, most_characters: int) -> Iterator[object]:
    """`{"page": number, "of": pages, "height": points, "runs": [[text, left, right, baseline, size], ...]}`, the end.

    Places are in points from the left and from the bottom of the text as it is read, turned or not.
    """
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        code = raw.FPDF_GetLastError()
        if code == raw.FPDF_ERR_PASSWORD:
            yield {"end": "encrypted", "reason": ""}
        elif code == raw.FPDF_ERR_SUCCESS:  # it has no page
            yield {"end": ""}
        else:
            yield {"end": "damaged", "reason": str(error).rstrip(".")}
        return
    n_pages = len(document)
    for number in range(n_pages):
        runs: list[list[Any]] = []
        height = 0.0
        try:
            page = document[number]
            height = page.get_height()
            text = page.get_textpage()
            runs = _runs(raw, text, page.get_rotation() != 0)
            text.close()
            page.close()
        except pypdfium2.PdfiumError:  # one page that cannot be loaded; the others can
            yield {"page": number, "of": n_pages, "height": height, "runs": [], "broken": True}
            continue
        most_characters -= sum(len(run[0]) for run in runs)
        if most_characters < 0:
            yield {"end": "too much text", "reason": str(number)}
            return
        yield {"page": number, "of": n_pages, "height": height, "runs": runs}
    yield {"end": ""}


def _runs(raw: Any, text: Any, turned: bool) -> list[list[Any]]:
    """The runs of a page, in the order in which it is drawn; `turned` tells that it is shown on its side."""
    x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    runs: list[list[Any]] = []
    letters: list[str] = []
    turns: list[int] = []
    left = right = line = size = turn = 0.0
    blank = False

    def end() -> None:
        nonlocal letters
        said = _characters(letters)
        if said.strip():
            runs.append([said.rstrip(), round(left, 2), round(right, 2), round(line, 2), round(size, 2)])
            turns.append(round(2 * turn / math.pi) % 4)
        letters = []

    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        letter = "-" if chr(code) == _HYPHEN else chr(code) if code else "\ufffd"
        if raw.FPDFText_IsGenerated(text, index):
            if letter in "\r\n":
                end()
            blank = bool(letters)
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        raw.FPDFText_GetLooseCharBox(text, index, box)
        angle = raw.FPDFText_GetCharAngle(text, index)
        begin, baseline = _turned(x.value, y.value, angle)
        height = raw.FPDFText_GetFontSize(text, index) or 1.0
        reach = abs(box.top - box.bottom) if abs(math.sin(angle)) < 0.5 else abs(box.right - box.left)
        height = reach if reach > 0 else height
        width = abs(box.right - box.left) if abs(math.sin(angle)) < 0.5 else abs(box.top - box.bottom)
        if letters:
            unit = max(size, height, 0.1)
            turned_back = _is_right_to_left(letter) or _is_right_to_left(letters[-1]) or letter.isspace()
            apart = begin - right if begin >= left else left - begin - width
            backwards = begin < right - unit and not turned_back
            if abs(baseline - line) > _OFF_LINE * unit or apart > _GAP * unit or backwards:
                end()
        if letters and letter.isdecimal() and letters[-1].isalpha():  # the number of a note behind a word
            blank = blank or (height < _SMALL * size and baseline - line > _RAISED * size)
        if not letters:
            if letter.isspace():
                continue
            left, right, line, size, turn = begin, begin + width, baseline, height, angle
        elif blank:
            letters.append(" ")
        blank = False
        letters.append(letter)
        if not letter.isspace():
            left, right, size = min(left, begin), max(right, begin + width), max(size, height)
    end()
    return _downwards(runs, [turn or turned for turn in turns])


def _downwards(runs: list[list[Any]], turns: Sequence[int]) -> list[list[Any]]:
    """`runs` with lines from top to bottom where lines are turned: of some, PDFium tells the last line first."""
    ordered: list[list[Any]] = []
    for turn, stretch in groupby(zip(turns, runs, strict=True), key=itemgetter(0)):
        lines = [[run for _, run in line] for _, line in groupby(stretch, key=lambda each: each[1][3])]
        climbs = sum(below[0][3] > above[0][3] for above, below in pairwise(lines))
        if turn and climbs > 0.5 * (len(lines) - 1):
            lines.reverse()
        ordered += [run for line in lines for run in line]
    return ordered


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    """Where a character is along its line and across it; PDFium says clockwise how far a line is turned."""
    if abs(angle) < 1e-3:
        return x, y
    along, across = math.cos(angle), -math.sin(angle)
    return x * along + y * across, y * along - x * across


def _is_right_to_left(letter: str) -> bool:
    return letter > "\u0590" and unicodedata.bidirectional(letter) in ("R", "AL", "AN")


def _characters(letters: list[str]) -> str:
    """The letters as a text; characters of which there were two halves are whole, half ones are lost."""
    text = "".join(letters)
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
