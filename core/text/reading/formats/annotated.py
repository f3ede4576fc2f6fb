"""Corpora with what is said of each word: beside it on its line (CoNLL-U, vertical files), behind it, or in trees."""

import re
from collections.abc import Iterator

_CELL = r"\t[^\t\n]*"
_ROW = re.compile(rf"(\d+(?:-\d+|\.\d+)?)\t([^\t\n]+){_CELL}\t(?:[A-Z]+|_){_CELL}{_CELL}\t(?:\d+|_)(?:{_CELL}){{3}}")
_FORM = re.compile(r"([^\t\n<][^\t\n]*)(?:\t[^\t\n]*)+")
_TAG = re.compile(r"</?([A-Za-z][\w.-]{0,60})(?:\s[^<>\n]{0,2000})?/?>")
_WHOLE = "# text = "
_TAGGED = re.compile(r"(\S+)([/_])([A-Za-z.,:;'`()*$#+-]{1,14})")
_FEWEST_TAGGED, _MOST_TAGS = 20, 0.5
_LEAF = re.compile(r"\(([^\s()]{1,40})\s+([^\s()]{1,200})\s*\)")
_BRANCH = re.compile(r"\([^\s()]{0,40}|[()\s]")
_TREE_TOKEN = re.compile(rf"{_LEAF.pattern}|[()]")
_EMPTY, _BRACKETS = "-NONE-", {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}
_SAMPLE, _CUT_OFF = 20_000, 300
_SAMPLE_LINES, _MOST, _FEWEST = 200, 0.9, 4
_SENTENCES = frozenset({"s", "sent", "sentence"})


def is_annotated(text: str) -> bool:
    """Whether `text` is such a corpus: every line is a word with columns, a mark-up of its own, or a comment.

    Or every word has its tag behind it (dog/NN), or stands with it at the end of a branch of a tree: (NN dog).
    """
    if _are_tagged(text[:_SAMPLE]) or _are_trees(text[:_SAMPLE]):
        return True
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
    if _are_tagged(text[:_SAMPLE]):
        return "\n".join(" ".join(_untagged(word) for word in line.split()) for line in text.split("\n"))
    if _are_trees(text[:_SAMPLE]):
        return "\n".join(_sentences_of_trees(text))
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


def _are_tagged(start: str) -> bool:
    """Whether all words have a tag behind them, behind one and the same sign."""
    words = start.split()[:-1]
    found = [each for word in words if (each := _TAGGED.fullmatch(word)) is not None]
    signs, tags = {each[2] for each in found}, {each[3] for each in found}
    many = len(words) >= _FEWEST_TAGGED and len(found) >= 0.98 * len(words)
    return many and len(signs) == 1 and 2 < len(tags) <= _MOST_TAGS * len(found)


def _untagged(word: str) -> str:
    found = _TAGGED.fullmatch(word)
    return found[1] if found else word


def _are_trees(start: str) -> bool:
    """Whether there is nothing but words and names of branches in brackets; the last branches may be cut off."""
    if not start.lstrip().startswith("("):
        return False
    branches = _LEAF.sub("", start)
    rest = _BRANCH.sub("", branches[:-_CUT_OFF] if len(start) == _SAMPLE else branches)
    return not rest and len(_LEAF.findall(start)) >= _FEWEST


def _sentences_of_trees(text: str) -> Iterator[str]:
    words: list[str] = []
    depth = 0
    for found in _TREE_TOKEN.finditer(text):
        if found[1]:
            words += [_BRACKETS.get(found[2], found[2])] if found[1] != _EMPTY else []
        else:
            depth = depth + 1 if found[0] == "(" else max(0, depth - 1)
        if depth == 0 and words:
            yield " ".join(words)
            words = []
    yield " ".join(words)
