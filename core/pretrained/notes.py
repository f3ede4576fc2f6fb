"""What a user should know about a vectors file that can be used: sentences, the same on the page and elsewhere."""

from collections.abc import Iterator

from core.pretrained.files import VectorFile
from core.pretrained.tally import BLANK
from core.pretrained.vectors import PretrainedVectors

NOTHING_COVERED = (
    "The file has none of this text's words: another language or script, or another way of cutting words. "
    "Fine-tuning has nothing to start from; you can still train from scratch."
)


def notes_on(file: VectorFile, vectors: PretrainedVectors, *, whole: bool) -> tuple[str, ...]:
    """What is odd about `file`, of which `vectors` are rows.

    `whole`: every row was looked at; only then is it known how many are not blank lines.
    """
    return tuple(_notes_on(file, vectors, whole))


def _notes_on(file: VectorFile, vectors: PretrainedVectors, whole: bool) -> Iterator[str]:
    if file.note:
        yield file.note
    rows = vectors.vocabulary + vectors.skipped_rows + vectors.duplicates - vectors.reasons.get(BLANK, 0)
    if whole and vectors.declared is not None and rows != vectors.declared:
        yield f"The first line of {file.name} says {vectors.declared:,} words, and {rows:,} rows follow it."
    if vectors.skipped_rows:
        reasons = "; ".join(f"{reason}: {count:,}" for reason, count in vectors.reasons.items())
        yield (
            "One row could not be used and was skipped"
            if vectors.skipped_rows == 1
            else f"{vectors.skipped_rows:,} rows could not be used and were skipped"
        ) + f" ({reasons})."
    if vectors.duplicates:
        yield (
            "One word was repeated; the first of each counts."
            if vectors.duplicates == 1
            else f"{vectors.duplicates:,} words were repeated; the first of each counts."
        )
