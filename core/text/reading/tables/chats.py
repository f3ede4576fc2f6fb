"""Chats as WhatsApp exports them: each message behind its date, its time and who wrote it."""

import re

from core.prose.numbers import count
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

_MARK = "[\u200e\u200f\u202a-\u202c\ufeff]?"
_MESSAGE = re.compile(
    rf"{_MARK}\[?(\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}),?\s+\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?"
    rf"(?:\s?[AaPp]\.?\s?[Mm]\.?)?\]?\s(?:[-–]\s)?{_MARK}(?:([^:\n]{{1,60}}):(?: |$))?(.*)"
)
_NOTHING = re.compile(r"\u200e[^\n]*|<[^<>\n]{1,60}>")
"""What stands for a picture, or for a message that was deleted."""
_EDITED = re.compile(r"\s*\u200e?<[^<>\n]{1,60}>\s*$")
_SAMPLE_LINES, _FEWEST, _SHARE = 200, 3, 0.4


def read_chat(text: str, name: str) -> Sheet | None:
    """The messages of a chat as a table of text, who wrote it, and when; None where `text` is none."""
    start = text.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    found = [_MESSAGE.match(line) for line in start if line.strip()]
    said = sum(each is not None and each[2] is not None for each in found)
    if not found or found[0] is None or said < max(_FEWEST, _SHARE * len(found)):
        return None
    import pandas as pd

    messages: list[tuple[list[str], str, str]] = []
    for line in text.split("\n"):
        if message := _MESSAGE.match(line):
            messages.append(([message[3]], message[2] or "", message[1]))
        elif messages:
            messages[-1][0].append(line)
    rows = []
    for lines, sender, date in messages:
        whole = "\n".join(lines).strip()
        whole = "" if _NOTHING.fullmatch(whole) else _EDITED.sub("", whole)
        if sender and whole:
            rows.append((whole, sender, date, _year(date)))
    if not rows:
        return None
    left_out = len(messages) - len(rows)
    writers = len({sender for _, sender, _, _ in rows})
    note = f"“{name}” was read as a chat: {count('message', len(rows))} of {writers:,}, without names and times, which"
    note += " are columns of their own."
    if left_out:
        note += f" {count('message', left_out)} of the program, or for pictures, left out."
    cells = pd.DataFrame(rows, columns=["text", "from", "date", "year"], index=range(1, len(rows) + 1), dtype=str)
    return Sheet(name, cells, (f"{note} {IF_WRONG}",))


def _year(date: str) -> str:
    """The year of a date, whichever order it has; "" where two digits may be another part of it."""
    parts = re.split(r"[./-]", date)
    whole = next((part for part in parts if len(part) == 4), "")
    return whole or (f"20{parts[2]}" if len(parts[2]) == 2 and int(parts[0]) <= 31 else "")
