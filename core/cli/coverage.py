"""How much of a text a vectors file knows, as numbers and as sentences."""

from core.pretrained.notes import NOTHING_COVERED
from core.pretrained.vectors import Coverage, PretrainedVectors, coverage
from core.prose.numbers import write_share
from core.text.corpus import Corpus


def find_coverage(corpus: Corpus, vectors: PretrainedVectors) -> Coverage:
    """Of the corpus's words by the file's."""
    return coverage(corpus.words, corpus.counts, vectors)


def coverage_for(found: Coverage, *, as_json: bool) -> dict[str, float] | str:
    """For a machine, or for people."""
    if as_json:
        return {"types": found.types, "tokens": found.tokens}
    return f"{write_share(found.types)} of the text's words, {write_share(found.tokens)} of its tokens"


def notes_on_coverage(found: Coverage, reached: float) -> tuple[str, ...]:
    """What is to be known where a file and a text do not go together at all, `reached` being all that can be."""
    return () if found.types or reached else (NOTHING_COVERED,)
