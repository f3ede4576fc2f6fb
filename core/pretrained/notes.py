"""What a user should know about a vectors file that can be used: sentences, the same on the page and elsewhere."""

from collections.abc import Iterator

from core.pretrained.files import VectorFile
from core.pretrained.tally import BLANK
from core.pretrained.vectors import PretrainedVectors
from core.prose.numbers import count as count_of

_MANY = 0.005
"""Share of unusable rows from which whoever trains with a file is told."""

NOTHING_COVERED = (
    "The file has none of this text's words: another language or script, or another way of cutting words. "
    "Fine-tuning has nothing to start from; you can still train from scratch."
)


def notes_on(file: VectorFile, vectors: PretrainedVectors, *, worth_telling: bool = False) -> tuple[str, ...]:
    """What is odd about `file`, of which `vectors` are rows.

    `worth_telling`: only what somebody who uses the file must know, not that one row of 400,000 is bad.
    """
    return tuple(_notes_on(file, vectors, worth_telling))


def _notes_on(file: VectorFile, vectors: PretrainedVectors, worth_telling: bool) -> Iterator[str]:
    if file.note:
        yield file.note
    rows = vectors.vocabulary + vectors.skipped_rows + vectors.duplicates
    rows -= vectors.reasons.get(BLANK, 0) if vectors.whole else 0
    if vectors.declared is not None and rows < vectors.declared:
        yield (
            f"The first line of {file.name} says {vectors.declared:,} words, and {rows:,} rows follow it: it was cut "
            "off, as it looks. Download it again if you miss words."
        )
    elif vectors.whole and vectors.declared is not None and rows != vectors.declared and not worth_telling:
        yield f"The first line of {file.name} says {vectors.declared:,} words, and {rows:,} rows follow it."
    bad = vectors.skipped_rows - vectors.reasons.get(BLANK, 0)
    if bad >= _MANY * rows and vectors.whole and bad:
        yield _say_many(vectors, bad, rows)
    elif vectors.skipped_rows and not worth_telling:
        yield (
            "One row could not be used and was skipped"
            if vectors.skipped_rows == 1
            else f"{vectors.skipped_rows:,} rows could not be used and were skipped"
        ) + f" ({_list_reasons(vectors)})."
    if vectors.duplicates and not worth_telling:
        yield (
            "One word was repeated; the first of each counts."
            if vectors.duplicates == 1
            else f"{vectors.duplicates:,} words were repeated; the first of each counts."
        )


def _say_many(vectors: PretrainedVectors, bad: int, rows: int) -> str:
    remain = f"{count_of('word', vectors.vocabulary)} {'remains' if vectors.vocabulary == 1 else 'remain'}"
    return (
        f"{bad:,} of the {rows:,} rows of {vectors.name} could not be used and {'was' if bad == 1 else 'were'} left "
        f"out ({_list_reasons(vectors)}); {remain}."
    )


def _list_reasons(vectors: PretrainedVectors) -> str:
    return "; ".join(f"{reason}: {count:,}" for reason, count in vectors.reasons.items())
