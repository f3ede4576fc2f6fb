"""Corpora with a word on each line and what is said of it beside: CoNLL-U, and the vertical files of corpus tools."""

import re
from collections.abc import Iterator

_CELL = r"\t[^\t\n]*"
_ROW = re.compile(rf"(\d+(?:-\d+|\.\d+)?)\t([^\t\n]+){_CELL}\t(?:[A-Z]+|_){_CELL}{_CELL}\t(?:\d+|_)(?:{_CELL}){{3}}")
_FORM = re.compile(r"([^\t\n<][^\t\n]*)(?:\t[^\t\n]*)+")
_TAG = re.compile(r"</?([A-Za-z][\w.-]{0,60})(?:\s[^<>\n]{0,2000})?/?>")
_WHOLE = "# text = "
_SAMPLE_LINES, _MOST, _FEWEST = 200, 0.9, 4
_SENTENCES = frozenset({"s", "sent", "sentence"})


def is_annotated(text: str) -> bool:
    """Whether `text` is such a corpus: every line is a word with columns, a mark-up of its own, or a comment."""
    lines = [line for line in text[:65_536].split("\n")[:_SAMPLE_LINES] if line.strip()]
    rows = [line for line in lines if not line.startswith("#")]
    if sum(_ROW.fullmatch(line) is not None for line in rows) >= max(_FEWEST, _MOST * len(rows)):
        return True
    tags = sum(_TAG.fullmatch(line.strip()) is not None for line in lines)
    words = [found for line in lines if (found := _FORM.fullmatch(line)) is not None]
    single = sum(" " not in found[1].strip() for found in words)
    return (
        tags > 1 and len(words) >= _FEWEST and tags + len(words) >= _MOST * len(lines) and single >= _MOST * len(words)
    )


def text_of_annotated(text: str) -> str:
    """Its sentences, one on a line, documents and paragraphs parted by blank lines."""
    lines = text.split("\n")
    conll = any(_ROW.fullmatch(line) for line in lines[:_SAMPLE_LINES])
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_conll(lines) if conll else _vertical(lines))).strip()


def _conll(lines: list[str]) -> Iterator[str]:
    words: list[str] = []
    whole, last = "", 0
    for line in (*lines, ""):
        found = _ROW.fullmatch(line)
        if found is not None:
            first, _, end = found[1].partition("-")
            if "." not in found[1] and float(first) > last:  # no word that is left out, and no part of don't
                words.append(found[2])
                last = int(end or first)
        elif line.startswith(_WHOLE):
            whole = line.removeprefix(_WHOLE)
        elif line.startswith(("# newdoc", "# newpar")):
            yield ""
        elif not line.strip():
            if words or whole:
                yield whole or " ".join(words)
            words, whole, last = [], "", 0


def _vertical(lines: list[str]) -> Iterator[str]:
    words: list[str] = []
    for line in (*lines, "</s>", "</text>"):
        tag = _TAG.fullmatch(line.strip())
        if tag is not None and tag[1].lower() != "g":  # which says that no blank stands between two words
            if words:
                yield " ".join(words)
                words = []
            if tag[1].lower() not in _SENTENCES:
                yield ""
        elif tag is None and line.strip():
            words.append(line.partition("\t")[0].strip())
