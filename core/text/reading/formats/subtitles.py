"""Subtitles without numbers, times and styles: what is said, a sentence on a line."""

import re
from html import unescape

from core.text.reading.divided_words import rejoin
from core.text.reading.line_ends import HYPHENS

_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_CUE = re.compile(rf"[^\S\n]*{_TIME}\s*(?:-->|,)\s*{_TIME}[^\n]*")
_SCRIPT_LINE = re.compile(r"(?:Dialogue|Comment):\s*[^,\n]*,\s*\d{1,2}:\d{2}:\d{2}[.:]\d{1,3}\s*,")
_FRAMES = re.compile(r"[{\[]\d+[}\]][{\[]\d*[}\]]")
_STAMPS = re.compile(r"(?:\[\d{1,2}:\d{2}(?:[.:]\d{1,3})?\])+")
_ABOUT_SONG = re.compile(r"\[(?:ti|ar|al|au|by|length|offset|re|ve|la):[^\]]{0,200}\]")
_CLOCK = re.compile(r"\s*(?:\d{1,2}:)?\d{1,2}:\d{2}\s*")
"""A line of a transcript that says when the next ones are said."""
_FEWEST_CLOCKS, _LEAST_CLOCKS, _MOST_CLOCKS = 4, 0.2, 0.6
_TAGS = re.compile(r"<[^<>\n]{0,200}>|\{[\\$][^{}\n]{0,200}\}")
_INNER_TIME = re.compile(r"<\d{1,2}:\d{2}")
_ENDS = re.compile(r"[.!?…。！？♪:][\"”’»)\]]*$")
_MARKED_UP = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}\?>\s*)?(?:<!--[^<>]{0,500}-->\s*)?<(?:sami|(?:\w{1,20}:)?tt)\b", re.IGNORECASE
)
_BEGINS = re.compile(r"<(?:sync|(?:\w{1,20}:)?p)\b[^<>]*>", re.IGNORECASE)
_CLOSES = re.compile(r"</(?:\w{1,20}:)?(?:p|body|sami)\s*>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:\w{1,20}:)?br\s*/?>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")
_DRAWING = re.compile(r"\{[^{}\n]{0,200}\\p[1-9][^{}\n]{0,200}\}[^{}\n]*")
_SAMPLE, _ENDING = 65_536, 20


def is_subtitles(text: str) -> bool:
    """Whether `text` is SubRip, WebVTT, SubViewer, SubStation Alpha, MicroDVD or lyrics with times."""
    lines = [line.strip() for line in text[:_SAMPLE].split("\n") if line.strip()]
    cues = sum(_CUE.fullmatch(line) is not None for line in lines)
    others = sum(any(kind.match(line) for kind in (_SCRIPT_LINE, _FRAMES, _STAMPS)) for line in lines)
    if (text.startswith("WEBVTT") and cues) or (others and lines[0] == "[Script Info]") or _has_clocks(lines):
        return True
    others += sum(_ABOUT_SONG.fullmatch(line) is not None for line in lines) if others else 0
    return (cues > 1 and cues >= 0.15 * len(lines)) or (
        others > 1 and others >= (0.3 if others > 2 else 1) * len(lines)
    )


def _has_clocks(lines: list[str]) -> bool:
    """Whether lines of a transcript stand below the time at which they are said, and the first line is a time."""
    clocks = sum(_CLOCK.fullmatch(line) is not None for line in lines)
    enough = max(_FEWEST_CLOCKS, _LEAST_CLOCKS * len(lines)) <= clocks <= _MOST_CLOCKS * len(lines)
    return enough and _CLOCK.fullmatch(lines[0]) is not None


def is_marked_up(start: str) -> bool:
    """Whether a text that begins so is subtitles in elements: SAMI, or TTML (DFXP, EBU-TT)."""
    return _MARKED_UP.match(start) is not None


def text_of_subtitles(text: str) -> str:
    """What is said: cues that go on one sentence are joined, each sentence's end ends a line."""
    rolling = _INNER_TIME.search(text) is not None  # each cue of such captions repeats the line before
    written: list[list[str]] = []
    last, ended = "", True
    for said in _cues(text):
        lines = [line for line in said if not (rolling and line == last)]
        last = said[-1] if said else last
        spoken = " ".join(_join_divided(lines)).strip()
        if not spoken:
            continue
        if ended or spoken.startswith(("-", "–", "♪", "[", "(")):
            written.append([])
        written[-1].append(spoken)
        ended = _ENDS.search(spoken[-_ENDING:]) is not None
    return "\n".join(map(" ".join, written))


def _join_divided(lines: list[str]) -> list[str]:
    """The lines of a cue, with words in one piece that their ends divide."""
    if not any(line[-1] in HYPHENS for line in lines[:-1]):
        return lines
    return rejoin("\n".join(lines)).text.split("\n")


def _cues(text: str) -> list[list[str]]:
    """The lines of each cue, without tags."""
    if is_marked_up(text[:2000]):
        said = (_CLOSES.split(part, maxsplit=1)[0] for part in _BEGINS.split(text)[1:])
        texts = (" ".join(unescape(_ANY_TAG.sub("", _BREAK.sub(" ", each))).split()) for each in said)
        return [[each] for each in texts if each]
    lines = text.split("\n")
    if _has_clocks([line for line in lines if line.strip()]):
        return [[clean] for line in lines if not _CLOCK.fullmatch(line) and (clean := _clean(line))]
    if sum(_CUE.fullmatch(line) is not None for line in lines) < 1:
        return [[_clean(each)] for line in lines if (each := _said_in(line))]
    cues: list[list[str]] = []
    in_cue = False
    for number, line in enumerate(lines):
        if _CUE.fullmatch(line):
            cues.append([])
            in_cue = True
        elif not line.strip():
            in_cue = in_cue and _goes_on(lines, number)
        elif in_cue and not _is_counter(lines, number):
            cues[-1] += [clean for part in re.split(r"\[br\]|\\N", line) if (clean := _clean(part))]
    return cues


def _is_counter(lines: list[str], number: int) -> bool:
    """Whether a line numbers the cue below it: a number right above a time."""
    return (
        lines[number].strip().isdecimal() and number + 1 < len(lines) and _CUE.fullmatch(lines[number + 1]) is not None
    )


def _goes_on(lines: list[str], number: int) -> bool:
    """Whether a cue goes on below a blank line: only where no name, note or number of another one follows."""
    for place in range(number + 1, min(len(lines), number + 6)):
        line = lines[place].strip()
        if line:
            following = lines[place + 1] if place + 1 < len(lines) else ""
            is_block = re.match(r"(?:NOTE|STYLE|REGION)\b", line) is not None
            return not (is_block or _CUE.fullmatch(line) or _CUE.fullmatch(following))
    return False


def _said_in(line: str) -> str:
    """What is said in a line of the formats that write a cue on one line."""
    if line.startswith("Dialogue:"):
        said = _DRAWING.sub("", line.split(",", 9)[-1])
        return said.replace("\\N", " ").replace("\\n", " ").replace("\\h", " ")
    for marks in (_FRAMES, _STAMPS):
        if found := marks.match(line.strip()):
            return line.strip()[found.end() :].replace("|", " ")
    return ""


def _clean(line: str) -> str:
    line = re.sub(r"\{[^{}\n]{0,300}\}", "", line) if "{" in line else line
    return " ".join(unescape(_TAGS.sub("", line)).split())
