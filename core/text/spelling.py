"""Why a word is not there, and which words were perhaps meant."""

import unicodedata
from collections.abc import Collection, Container, Iterable, Sequence

from core.prose.letters import one_form
from core.text.corpus import Corpus
from core.text.queries import find_folded, say_folded
from core.text.tokens.phrases import DELIMITER

_LONGEST = 60  # characters of a word that is worth guessing at
_LONGEST_TYPED = 1000  # of which thousands of accents would take long to put in order
_JOINED = 3
_SHORT, _LONG = 4, 9  # of words up to the one length one letter may differ, from the other on three


def resolve_word(typed: str, known: Container[str]) -> str | None:
    """The known word that was meant by `typed`: itself, else in another case or Unicode form; None if there is none."""
    word = typed.strip()[:_LONGEST_TYPED]
    whole = one_form(word)
    dotted = whole.replace("İ", "i")
    for form in (word, whole, dotted.lower(), dotted.replace("I", "ı").lower()):
        if form in known:
            return form
    return None


def suggest_words(typed: str, words: Iterable[str], topn: int = 5) -> tuple[str, ...]:
    """The words nearest to `typed` by letters changed, left out, put in or (counted once) swapped with the next.

    One letter in short words, three in long ones, two in others; fewer changes first, then in the order of `words`.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    wanted = unicodedata.normalize("NFC", typed.strip()[:_LONGEST_TYPED]).lower()
    if not 1 < len(wanted) <= _LONGEST:
        return ()
    allowed = 1 if len(wanted) <= _SHORT else 3 if len(wanted) >= _LONG else 2
    others = [word for word in words if word != typed]
    found = process.extract(wanted, others, scorer=OSA.distance, processor=str.lower, score_cutoff=allowed, limit=topn)
    return tuple(word for word, *_ in found)


def did_you_mean(typed: str, words: Iterable[str], topn: int = 3) -> str:
    """A question that names the nearest words, such as "Did you mean “river” or “rover”?"; "" if none is near."""
    close = [f"“{word}”" for word in suggest_words(typed, words, topn)]
    if len(close) < 2:
        return f"Did you mean {close[0]}?" if close else ""
    return f"Did you mean {', '.join(close[:-1])} or {close[-1]}?"


def explain_missing(
    typed: str,
    sides: Sequence[tuple[str, Collection[str], int]],
    corpora: Sequence[tuple[str, Corpus]] = (),
    file: tuple[str, bool] | None = None,
) -> str:
    """A sentence or two for the user about why `typed` cannot be shown.

    Args:
        typed: what they typed.
        sides: name, words and min_count of each model that is looked at.
        corpora: name of each text that the models learned, and the text; none where it is gone.
        file: name of the pretrained vectors and whether they have the word; None where that is not known.
    """
    word = typed.strip()
    if not word:
        return "Type a word."
    if len(word) > _LONGEST:
        return f"“{word[:_LONGEST]}…” has {len(word):,} characters: no word is that long. Type a single word."
    if len(word.split()) > 1:
        return f"“{word}” is more than one word, and each word has a vector of its own. Type one of them."
    there = [name for name, words, _ in sides if word in words or word.lower() in words]
    if there and len(there) < len(sides):
        absent = " and ".join(name for name, *_ in sides if name not in there)
        return f"“{word}” is a word of {there[0]} and not of {absent}, so there is nothing to compare."
    folded = next((number for _, corpus in corpora if (number := find_folded(word, corpus.options))), "")
    if folded:
        return say_folded(folded)
    parts = [_say_how_often(word, sides, corpora)]
    joined = dict.fromkeys(each for _, corpus in corpora for each in _joined_with(word, corpus))
    if joined:
        listed = ", ".join(f"“{each}”" for each in list(joined)[:_JOINED])
        parts.append(f"It stands within joined words: {listed}{' …' if len(joined) > _JOINED else ''}.")
    if file is not None:
        parts.append(f"{file[0]} has it." if file[1] else f"It is not in {file[0]} either.")
    return " ".join(parts)


def _joined_with(word: str, corpus: Corpus) -> list[str]:
    """Words of the text that were joined of this one and another, the most frequent first."""
    if not corpus.options.phrases:
        return []
    form = word.lower() if corpus.options.lowercase else word
    return [each for each in corpus.words if DELIMITER in each and form in each.split(DELIMITER)]


def _say_how_often(
    word: str, sides: Sequence[tuple[str, Collection[str], int]], corpora: Sequence[tuple[str, Corpus]]
) -> str:
    minimum = max(least for *_, least in sides)
    if not corpora:
        return f"“{word}” is not in these models: the text has it fewer than {minimum} times, or spells it otherwise."
    counts = [_count_of(word, corpus) for _, corpus in corpora]
    if not any(counts):
        return f"“{word}” does not occur in {'the text' if len(corpora) == 1 else 'either text'}."
    named = [name for name, _ in corpora] if len(corpora) > 1 else ["the text"]
    seen = " and ".join(f"{_times(count)} in {name}" for count, name in zip(counts, named, strict=True))
    return f"“{word}” was seen {seen}, below min_count {minimum}. Train with a lower min_count to have it."


def _count_of(word: str, corpus: Corpus) -> int:
    form = word if word in corpus.words else word.lower()
    return int(corpus.counts[corpus.words.index(form)]) if form in corpus.words else 0


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count:,} times")
