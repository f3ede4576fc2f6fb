"""Vectors files that a visitor may choose from, their rows for a text, and what fits it."""

from collections.abc import Sequence
from pathlib import Path

from core.pretrained.files import VectorFile, list_vector_files
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.text.corpus import Corpus
from core.text.reading.divided_words import LineEnd
from core.text.reading.documents import Document
from core.workspace.recommendation import Recommendation, recommend, recommend_line_ends
from core.workspace.vectors import folder_state
from pages.shared.cached.results import shared


@shared("Reading the vectors file …")
def pretrained(path: Path, member: str | None, changed: int, indexed: bool, corpus: Corpus) -> PretrainedVectors:
    return open_pretrained(path, corpus.words, member=member)


@shared("Trying other ways of cutting words …")
def recommendation(
    path: Path, member: str | None, changed: int, corpus: Corpus, _documents: Sequence[Document]
) -> Recommendation | None:
    return recommend(_documents, corpus.options, path, member)


@shared()
def line_ends(path: Path, member: str | None, changed: int, divided: tuple[LineEnd, ...]) -> tuple[str, ...]:
    return recommend_line_ends(divided, path, member)


def vector_files(folder: Path) -> tuple[VectorFile, ...]:
    return _vector_files(folder, folder_state(folder))


@shared()
def _vector_files(folder: Path, state: str) -> tuple[VectorFile, ...]:
    return list_vector_files(folder)
