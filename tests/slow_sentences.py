"""The sentences of a text, put together key by key: what `build_corpus` does with arrays."""

from collections.abc import Iterator
from itertools import islice

from core.text.reading.documents import Document
from core.text.tokens.readings import ABSENT, END, END_IF_NOT_LOWER, END_IF_STARTS, NOT_LOWER, STARTS
from core.text.tokens.tokenisers import CorpusOptions, cut_keys, read_keys


def sentences_of(text: str, options: CorpusOptions) -> Iterator[list[str]]:
    """Tokens of each sentence of `text` that has any, in reading order. Phrases are not joined."""
    sentence: list[str] = []
    before = 0
    for keys, _ in cut_keys([Document("", text)], options):
        readings = _readings_by_key(keys, options)
        for key in keys:
            tokens, flags = readings[key]
            if flags & ABSENT:
                continue
            if sentence and _ends_between(before, flags):
                yield sentence
                sentence = []
            sentence += tokens
            if sentence and flags & END:
                yield sentence
                sentence = []
            before = flags
    if sentence:
        yield sentence


def _readings_by_key(keys: list[str], options: CorpusOptions) -> dict[str, tuple[list[str], int]]:
    distinct = list(dict.fromkeys(keys))
    found = read_keys(distinct, options)
    tokens = iter(found.tokens)
    each = [list(islice(tokens, length)) for length in found.lengths.tolist()]
    return dict(zip(distinct, zip(each, found.flags.tolist(), strict=True), strict=True))


def _ends_between(before: int, after: int) -> bool:
    return bool(before & END_IF_STARTS and after & STARTS) or bool(before & END_IF_NOT_LOWER and after & NOT_LOWER)
