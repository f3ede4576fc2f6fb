"""The texts of a study, and what makes them unfit to be one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from core.config import TrainConfig, default_config
from core.errors import CorpusError
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.languages import language_of

FEWEST_TEXTS, MOST_TEXTS = 2, 12
FEWEST_IN_COMMON = 50
"""With fewer words that all texts have, nothing can be followed through them."""


@dataclass(frozen=True, slots=True, eq=False)
class StudyText:
    """One text of a study.

    Attributes:
        name: what to call it, unlike the others.
        corpus: itself.
        pretrained: the rows of its words; the same file for all texts. None where there is no file.
    """

    name: str
    corpus: Corpus
    pretrained: PretrainedVectors | None = None


def study_config(strategy: str, corpora: Sequence[Corpus], **changes: Any) -> TrainConfig:
    """The settings of all models of a study: what is usual for its smallest text, so that no word is lost there.

    Raises `TrainingError` for an unknown setting or a bad value.
    """
    return default_config(strategy, min(corpus.n_tokens for corpus in corpora), **changes)


def shorten_names(names: Sequence[str]) -> list[str]:
    """`names` without the words that all of them begin with: "brown press", "brown lore" become "press", "lore"."""
    parts = [name.split() for name in names]
    shared = 0
    while len(names) > 1 and all(len(each) > shared + 1 and each[shared] == parts[0][shared] for each in parts):
        shared += 1
    return [" ".join(each[shared:]) or name for each, name in zip(parts, names, strict=True)]


def check_number(names: Sequence[str], advice: str) -> None:
    """Raise `CorpusError` unless there are 2 to 12 texts; `advice` says what to do where there are more."""
    if len(names) < FEWEST_TEXTS:
        there = f"There is one, “{names[0]}”" if names else "There is none"
        raise CorpusError(f"A study needs at least {FEWEST_TEXTS} texts. {there}. Name another one.")
    if len(names) > MOST_TEXTS:
        listed = ", ".join(names[:MOST_TEXTS]) + f" and {len(names) - MOST_TEXTS:,} more"
        raise CorpusError(f"A study takes at most {MOST_TEXTS} texts, and there are {len(names):,}: {listed}. {advice}")


def check_texts(texts: Sequence[StudyText], min_count: int) -> tuple[str, ...]:
    """What is odd about texts that can be a study, in sentences.

    Args:
        texts: two or more.
        min_count: rarer words are in no model.

    Raises:
        CorpusError: two are the same text, or too few words are in all of them.
    """
    by_digest: dict[str, str] = {}
    for text in texts:
        other = by_digest.setdefault(text.corpus.digest, text.name)
        if other != text.name:
            raise CorpusError(
                f"“{other}” and “{text.name}” are the same text, so nothing can have changed between them. Leave one "
                "of the two out, or check its path."
            )
    languages = {text.name: language_of(text.corpus) for text in texts}
    words = {text.name: frozenset(text.corpus.words[: text.corpus.vocabulary_size(min_count)]) for text in texts}
    few = [
        (len(words[left] & words[right]), left, right)
        for left, right in combinations(words, 2)
        if len(words[left] & words[right]) < FEWEST_IN_COMMON
    ]
    if few:
        shared, left, right = min(few)
        raise CorpusError(_say_few(shared, left, right, languages, words, min_count))
    common = len(frozenset.intersection(*words.values()))
    if common < FEWEST_IN_COMMON:
        least = min(words, key=lambda name: len(words[name]))
        raise CorpusError(
            f"Only {count('word', common)} occur {count('time', min_count)} or more in each of the {len(texts)} texts; "
            f"a study needs {FEWEST_IN_COMMON}. The text with the fewest words is “{least}” "
            f"({count('word', len(words[least]))}): leave it out or join it with its neighbour, or lower min_count."
        )
    return tuple(_notes(texts, languages))


def _say_few(
    shared: int,
    left: str,
    right: str,
    languages: dict[str, str | None],
    words: dict[str, frozenset[str]],
    min_count: int,
) -> str:
    sizes = f"“{left}” ({count('word', len(words[left]))}) and “{right}” ({count('word', len(words[right]))})"
    sentence = (
        f"{sizes} share {count('word', shared)} that occur {count('time', min_count)} or more in both; a study needs "
        f"{FEWEST_IN_COMMON}. "
    )
    tongues = languages[left], languages[right]
    if None not in tongues and tongues[0] != tongues[1]:
        return sentence + f"The first looks {tongues[0]}, the second {tongues[1]}. Take texts of one language."
    return sentence + "Take texts of one language and of more words, or lower min_count."


def _notes(texts: Sequence[StudyText], languages: dict[str, str | None]) -> list[str]:
    found = []
    known = {language: name for name, language in languages.items() if language is not None}
    if len(known) > 1:
        listed = ", ".join(f"“{name}” looks {language}" for language, name in known.items())
        found.append(f"{listed}: between languages, words differ by more than their meaning.")
    smallest, largest = (choose(texts, key=lambda text: text.corpus.n_tokens) for choose in (min, max))
    if largest.corpus.n_tokens > 10 * smallest.corpus.n_tokens:
        found.append(
            f"“{largest.name}” has {largest.corpus.n_tokens:,} tokens and “{smallest.name}” "
            f"{smallest.corpus.n_tokens:,}: changes into and out of the small one are known far less well."
        )
    return found
