"""Transcripts of speech with what was measured and analysed: CHAT (CHILDES, TalkBank) and Praat's TextGrid."""

import re
from collections.abc import Sequence

from core.prose.numbers import count
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

_UTTERANCE = re.compile(r"\*([A-Za-z0-9]{1,10}):[ \t]*(.*)")
_CODES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\x15[^\x15\n]{0,100}\x15"), " "),  # when it was said
    (re.compile(r"\[[^\[\]\n]{0,500}\]"), " "),
    (re.compile(r"\(\.{1,3}\)|\(\d{1,4}\.\d{0,4}\)"), " "),  # pauses
    (re.compile(r"(?<!\S)&[-](?=\w)"), ""),
    (re.compile(r"(?<!\S)(?:[&0][^\s]{1,100}|(?:xxx|yyy|www)(?!\w))"), " "),
    (re.compile(r"(?<!\S)\+[^\s\w]{1,5}"), "."),
    (re.compile(r"(?<=\w)@[\w:$&*]{1,20}"), ""),
    (re.compile(r"[<>()‡„↫^:]"), ""),
)
"""What CHAT says of words: comments, pauses, sounds, words that were left out, kinds of words. "(th)at" is "that"."""
_TIER = re.compile(r'^\s*name = "((?:[^"\n]|""){0,200})"', re.MULTILINE)
_LABEL = re.compile(r'^\s*(?:text|mark) = "((?:[^"]|""){0,5000}?)"\s*$', re.MULTILINE)


def read_speech(text: str, name: str) -> Sheet | None:
    """The utterances of a transcript, or the tiers of a TextGrid, as rows; None where `text` is neither."""
    start = text[:1000].lstrip("\ufeff \n")
    if start.startswith(("@UTF8", "@Begin")) and "@Begin" in start:
        return _sheet(_read_chat(text), name, "speaker", "CHAT", "utterance")
    if re.match(r'File type = "ooTextFile"\s+Object class = "TextGrid"', start):
        return _sheet(_read_grid(text), name, "tier", "TextGrid", "tier")
    return None


def _sheet(rows: Sequence[tuple[str, str]], name: str, told: str, written: str, what: str) -> Sheet | None:
    import pandas as pd

    rows = [row for row in rows if re.search(r"[^\W_]", row[0])]
    if not rows:
        return None
    cells = pd.DataFrame(rows, columns=["text", told], index=range(1, len(rows) + 1), dtype=str)
    said = f"“{name}” was read as a transcript ({written}): {count(what, len(rows))}, without codes and times."
    return Sheet(name, cells, (f"{said} The {told} is a column of its own. {IF_WRONG}",))


def _read_chat(text: str) -> list[tuple[str, str]]:
    """(what was said, by whom) of each utterance; lines that begin with a tab go on with the line before."""
    rows = []
    for line in text.replace("\n\t", " ").split("\n"):
        if found := _UTTERANCE.match(line):
            said = found[2]
            for code, put in _CODES:
                said = code.sub(put, said)
            rows.append((re.sub(r" (?=[.!?,;])", "", " ".join(said.split())), found[1]))
    return rows


def _read_grid(text: str) -> list[tuple[str, str]]:
    """(all labels, name) of each tier."""
    tiers = list(_TIER.finditer(text))
    ends = [tier.start() for tier in tiers[1:]] + [len(text)]
    return [
        (" ".join(label.strip() for label in _LABEL.findall(text, tier.end(), end)).replace('""', '"'), tier[1])
        for tier, end in zip(tiers, ends, strict=False)
    ]
