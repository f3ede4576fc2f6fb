"""Texts with their labels before them, as fastText's classifier takes them: "__label__good Some text." on each line."""

import re

from core.prose.numbers import count
from core.text.reading.sheets import Sheet
from core.text.reading.uploads import IF_WRONG

_LINE = re.compile(r"\s*((?:__label__\S+[\s,]+)+)(\S.*)")
_SAMPLE_LINES = 100
_MOST = 0.8


def read_labelled(text: str, name: str) -> Sheet | None:
    """The lines of `text` as a table of text and label; None where they do not begin with labels."""
    if "__label__" not in text[:1000]:
        return None
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    start = lines[:_SAMPLE_LINES]
    if sum(_LINE.match(line) is not None for _, line in start) < _MOST * len(start):
        return None
    import pandas as pd

    rows = []
    for _, line in lines:
        found = _LINE.match(line)
        rows.append(("", line.strip()) if found is None else (_labels(found[1]), found[2].strip()))
    cells = pd.DataFrame(rows, columns=["label", "text"], index=[number for number, _ in lines], dtype=str)
    labels = len(set(cells["label"]) - {""})
    note = (
        f"“{name}” has a label before each text ({count('label', labels)}), which are a column of their own. {IF_WRONG}"
    )
    return Sheet(name, cells, (note,))


def _labels(written: str) -> str:
    return " ".join(each.strip(",").removeprefix("__label__") for each in written.split())
