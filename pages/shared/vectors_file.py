"""The whole vectors file that a model started from, found among those of this visitor, and its index."""

from typing import NamedTuple

from core.pretrained.files import VectorFile
from core.pretrained.index import VectorIndex, open_index
from pages.shared import inputs
from pages.shared.compared import Sides


class Source(NamedTuple):
    """A vectors file, and all of its vectors once they are indexed."""

    file: VectorFile
    whole: VectorIndex | None


def find(sides: Sides) -> Source | None:
    """The file that either model started from; None when neither did, or it is no longer there."""
    source = sides.right.sources.pretrained or sides.left.sources.pretrained
    if source is None:
        return None
    unindexed = None
    for file in inputs.vectors_files():
        if file.name != source.name or file.problem:
            continue
        index = open_index(file)
        if index is None:
            unindexed = unindexed or Source(file, None)
        elif index.digest == source.digest:
            return Source(file, index)
    return unindexed


def knows(sides: Sides, word: str) -> tuple[str, bool] | None:
    """Name of the file, and whether it has the word; None when that is not known."""
    source = find(sides)
    if source is None or source.whole is None:
        return None
    return source.file.name, bool((source.whole.rows_for([word, word.lower()]) >= 0).any())
