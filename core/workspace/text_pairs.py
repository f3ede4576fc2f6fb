"""Two texts of a workspace to be compared: which to propose, how both models are made, what is odd about the two."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.comparison.study.texts import FEWEST_IN_COMMON, StudyText, study_config
from core.config import TrainConfig
from core.errors import CorpusError
from core.models.training import check_training
from core.prose.numbers import count
from core.text.corpus import Corpus
from core.text.languages import language_of
from core.text.part import TextPart
from core.text.resampling import FEWEST_DEALT, FEWEST_OF_EACH
from core.workspace.named_texts import list_texts
from core.workspace.texts import TextChoice, TextSize
from core.workspace.workspace import NamedText, Workspace

_UNEQUAL = 5
"""So many times the tokens of the other is worth a word."""


@dataclass(frozen=True, slots=True)
class PairPlan:
    """How the models of two texts are made, alike on both sides, and what to know of the comparison, in sentences."""

    config: TrainConfig
    notes: tuple[str, ...]


def propose_pair(workspace: Workspace) -> tuple[NamedText, NamedText] | None:
    """The two texts to compare if nothing else is said; None where there are not two.

    The one in use and another: that which it was compared with last, else the one that came before it, or after it. Two
    that do not share documents, where there are such.
    """
    texts = list_texts(workspace)
    if len(texts) < 2:
        return None
    places = {each.id: place for place, each in enumerate(texts)}
    used = places.get(workspace.text.id if workspace.text else "", 0)
    of_run = {run.id: run.source.id for run in workspace.runs if run.source is not None}
    compared = tuple(places.get(of_run.get(side or "", "")) for side in (workspace.left, workspace.right))

    def rank(pair: tuple[int, int]) -> tuple[bool, bool, bool, int, bool, int]:
        near = sum(abs(place - used) for place in pair)
        apart = shares_documents(texts[pair[0]], texts[pair[1]]), used not in pair
        again = set(pair) == set(compared)
        turned = pair != compared if again else pair[0] > pair[1]
        return *apart, not again, near, turned, pair[0]

    pairs = [(first, second) for second in range(len(texts)) for first in range(len(texts)) if first != second]
    first, second = min(pairs, key=rank)
    return texts[first], texts[second]


def shares_documents(one: NamedText, other: NamedText) -> bool:
    """One is a part of the other, or of a part of it."""
    one_parts, other_parts = (list(_parts_above(text.choice)) for text in (one, other))
    nested = one_parts[0] in other_parts or other_parts[0] in one_parts
    return one.choice.upload == other.choice.upload and nested


def _parts_above(choice: TextChoice) -> Iterator[TextPart | None]:
    """Which part a text is, which part that is of, and so on to the whole, which is None."""
    part = choice.part and choice.part.read_by(choice.labelled_by)
    while part is not None:
        yield part
        part = part.within
    yield None


def plan_pair(left: StudyText, right: StudyText) -> PairPlan:
    """How to make the models of two texts so that they can be compared.

    By the usual strategy, or from the text alone where there are no vectors; with what is usual for the smaller text,
    so that no word is lost there, and seed 1.

    Raises:
        CorpusError: they are the same text, or share too few words.
        TrainingError: one cannot be trained on.
    """
    pretrained, corpora = left.pretrained, (left.corpus, right.corpus)
    sized = {} if pretrained is None else {"vector_size": pretrained.vector_size}
    config = study_config("scratch" if pretrained is None else "tied", corpora, seed=1, **sized)
    if left.corpus.digest == right.corpus.digest:
        raise CorpusError(
            f"“{left.name}” and “{right.name}” are the same text, so nothing can differ between them. Choose another "
            "one for either side."
        )
    languages = tuple(map(language_of, corpora))
    shared = _count_shared(corpora, config.min_count)
    if shared < FEWEST_IN_COMMON:
        foreign = None not in languages and languages[0] != languages[1]
        why = (
            f"The first looks {languages[0]}, the second {languages[1]}: take two texts of one language."
            if foreign
            else "Take two texts of one language, with more words."
        )
        raise CorpusError(
            f"“{left.name}” and “{right.name}” share {count('word', shared)} that both have {config.min_count} times "
            f"or more; to compare them takes {FEWEST_IN_COMMON}. {why}"
        )
    for text in (left, right):
        check_training(text.corpus, config, text.pretrained)
    notes: tuple[str, ...] = ()
    if None not in languages and languages[0] != languages[1]:
        notes = (
            f"“{left.name}” looks {languages[0]}, “{right.name}” {languages[1]}: between languages, words differ by "
            "more than their meaning.",
        )
    return PairPlan(config, notes)


def _count_shared(corpora: tuple[Corpus, ...], min_count: int) -> int:
    left, right = (frozenset(corpus.words[: corpus.vocabulary_size(min_count)]) for corpus in corpora)
    return len(left & right)


def tell_sizes(left: tuple[str, TextSize], right: tuple[str, TextSize]) -> Iterator[str]:
    """What to know of two texts, by name and size, of which one is far smaller or has few documents."""
    (small, least), (large, most) = sorted((left, right), key=lambda text: text[1].tokens)
    if most.tokens > _UNEQUAL * least.tokens:
        yield (
            f"“{large}” has {most.tokens:,} tokens, “{small}” {least.tokens:,}. Words of the small one are known far "
            "less well: measure the noise on What changed before you call a difference real."
        )
    few, size = min((left, right), key=lambda text: text[1].documents)
    if left[1].documents + right[1].documents < FEWEST_DEALT or size.documents < FEWEST_OF_EACH:
        yield (
            f"“{few}” has {count('document', size.documents)}. Whether whole documents differ by more than chance "
            "cannot be said of so few; the noise on What changed then deals out stretches of about 200 tokens, which "
            "can say whether these two texts differ, and not whether others like them would."
        )
