"""Texts that an earlier program spoilt, where that can be undone: UTF-8 read as a code page, lines in two encodings.

UTF-8 that was taken for Windows-1252 has "Ã©" for "é". Such runs of letters give valid UTF-8 when they are encoded
again, which the letters of a real text hardly ever do; so many of them are no accident.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from core.prose.numbers import count
from core.text.reading.code_pages import guess_code_pages
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

_TAKEN_FOR = {"cp1252": "Windows-1252", "mac-roman": "Mac Roman", "cp1251": "Windows-1251", "cp437": "DOS (437)"}
"""What UTF-8 is taken for by mistake."""
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_ALONE = re.compile(r"(?<![^\x00-\x7f])[^\x00-\x7f](?![^\x00-\x7f])")
_LEAVES_NONE_ALONE = frozenset({"mac-roman", "cp437"})
"""What is taken for these never has a letter alone that is not ASCII, as l’été has. Windows-1252 may: its no-break
space is often made a blank."""
_SAYS_NOTHING = re.compile(r"[«»‹›“”‘’…–—\xa0]\w|[^\WÂÃÄÅ][«»‹›“”‘’…–—\xa0]")
"""L’école, «État», «CAFÉ»: a quotation mark or dash and a letter are UTF-8 in Mac Roman or Windows-1252 as well."""
_WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_FEWEST, _MOST = 3, 0.8
_CONTROL = re.compile("[\x80-\x9f]")
_SAMPLE, _MOST_RUNS = 200_000, 1_000
_TWICE = 2
_FEWEST_LETTERS = 3
_SHOWN_LETTERS = 60
_BETWEEN = "\x1e"
_GREEK, _SIGNS, _BRAILLE, _PICTURES = 0x370, 0x2000, 0x2800, 0x1F000
"""Where letters other than Latin ones begin, signs for all, what is no such sign, and emoji."""


def put_right(text: str, name: str) -> tuple[str, str]:
    """`text` as it was before UTF-8 was taken for something else, and a note on that; "" where nothing was done."""
    mended, first, changed = text, "", 0
    for _ in range(_TWICE):  # some texts went through the same mistake again
        code_page = _find_code_page(mended[:_SAMPLE])
        if code_page is None:
            break
        mended, runs = _encode_again(mended, code_page)
        changed = changed or runs
        first = first or _TAKEN_FOR[code_page]
    if mended == text:
        return text, ""
    example = next(found[0] for found in _RUN.finditer(text))[:_SHOWN_LETTERS]
    return mended, (
        f"“{name}” was spoilt before it came here: UTF-8 had been read as {first} (“{example}”). That was put right in "
        f"{count('place', changed)}. {IF_WRONG}"
    )


def put_cells_right(sheet: Sheet) -> Sheet:
    """`sheet` with its cells as they were, and a note; itself where nothing was done.

    Programs that write letters as \\u00c3\\u00a9 spoil them within a file that is plain ASCII.
    """
    cells = sheet.cells.to_numpy().ravel().tolist()
    whole = _BETWEEN.join(cells)
    if whole.isascii() or whole.count(_BETWEEN) >= len(cells):
        return sheet
    mended, note = put_right(whole, sheet.name)
    if not note or mended.count(_BETWEEN) != len(cells) - 1:
        return sheet
    changed = sheet.cells.copy()
    changed[:] = np.array(mended.split(_BETWEEN), dtype=object).reshape(sheet.cells.shape)
    return replace(sheet, cells=changed, notes=(*sheet.notes, note))


def _find_code_page(text: str) -> str | None:
    found = list(islice(_RUN.finditer(text), _MOST_RUNS))
    runs = [run for run in found if not _SAYS_NOTHING.fullmatch(run[0])]
    if len(runs) < _FEWEST:
        return None
    alone = sum(1 for _ in islice(_ALONE.finditer(text, 0, found[-1].end()), _MOST_RUNS))
    for code_page in _TAKEN_FOR:
        whole = sum(_is_whole(run, code_page) for run in runs)
        if whole >= max(_FEWEST, _MOST * (len(runs) + alone * (code_page in _LEAVES_NONE_ALONE))):
            return code_page
    return None


def _bytes_of(run: str, code_page: str) -> bytes | None:
    """The bytes that were read as `run`; some programs show those that a code page lacks as controls."""
    try:
        return run.encode(code_page)
    except UnicodeEncodeError:
        if not _CONTROL.search(run):
            return None
    written = b""
    for letter in run:
        try:
            written += letter.encode(code_page)
        except UnicodeEncodeError:
            if not 0x80 <= ord(letter) < 0xA0:
                return None
            written += bytes([ord(letter)])
    return written


def _is_whole(found: re.Match[str], code_page: str) -> bool:
    """Whether a run of letters is UTF-8 in `code_page`, and no letter of another script comes of it within a word."""
    data = _bytes_of(found[0], code_page)
    if data is None:
        return False
    try:
        meant = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    before, after = found.string[max(found.start() - 1, 0) : found.start()], found.string[found.end() : found.end() + 1]
    return "\ufffd" not in meant and _goes_with(before, meant[0]) and _goes_with(after, meant[-1])


def _goes_with(letter: str, other: str) -> bool:
    """Whether `other` may stand beside `letter`: beside a Latin one, another of these, or a sign used with them."""
    if not (letter.isascii() and letter.isalpha()) or unicodedata.name(other, "").startswith("LATIN"):
        return True
    place = ord(other)
    return place < _GREEK or (not other.isalpha() and (_SIGNS <= place < _BRAILLE or place >= _PICTURES))


def _encode_again(text: str, code_page: str) -> tuple[str, int]:
    changed = 0

    def encode(found: re.Match[str]) -> str:
        nonlocal changed
        if not _is_whole(found, code_page):
            return found[0]
        changed += 1
        return (_bytes_of(found[0], code_page) or b"").decode("utf-8")

    return _RUN.sub(encode, text), changed


def decode_mixed(data: bytes, name: str) -> tuple[str, str] | None:
    """Text of lines of which some are UTF-8 and the others in one code page, and a note; None where it is none.

    A line in which some letters are UTF-8 and others broken is damaged, and belongs to neither.
    """
    lines = data.split(b"\n")
    broken = [place for place, line in enumerate(lines) if not _is_utf_8(line)]
    letters = sum(len(_WHOLE.findall(line)) for line in lines)
    if not broken or letters < _FEWEST_LETTERS or any(_WHOLE.search(lines[place]) for place in broken):
        return None
    if broken == [len(lines) - 1] and _is_cut(lines[-1]):
        return None
    code_page = _code_page_of([lines[place] for place in broken])
    if code_page is None:
        return None
    for place in broken:
        lines[place] = lines[place].decode(code_page).encode()
    first = " ".join(lines[broken[0]].decode().split())[:_SHOWN_LETTERS]
    note = (
        f"“{name}” has two encodings: {count('line', len(broken))} of {len(lines):,} (the first is line "
        f"{broken[0] + 1:,}: “{first}”) {'is' if len(broken) == 1 else 'are'} {code_page}, the others UTF-8. Each was "
        "read as what it is; if that was wrong, choose the encoding of the whole."
    )
    return b"\n".join(lines).decode("utf-8"), note


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_cut(line: bytes) -> bool:
    """Whether a line is UTF-8 but for its last letter, of which bytes are missing."""
    return any(_is_utf_8(line[:-n]) and line[-n] >= 0xC2 for n in (1, 2, 3) if len(line) >= n)


def _code_page_of(lines: Sequence[bytes]) -> str | None:
    """The code page of one byte a letter that all `lines` can be read in; None if there is none."""
    data = b"\n".join(lines)
    for code_page in guess_code_pages(data):
        try:
            data.decode(code_page)
        except (UnicodeDecodeError, LookupError):
            continue
        # In encodings of two bytes a letter, a line may be UTF-8 by accident.
        return code_page if len(b"\xe4\xe4".decode(code_page, "replace")) == 2 else None
    return None
