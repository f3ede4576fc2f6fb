"""The studies that a visitor asked for: what a workspace remembers of each, and its models as runs once it is made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.comparison.study.store import StudyOrder, has_study, runs_of_study
from core.models.runs import load_run
from core.workspace.asked_runs import Run
from core.workspace.texts import TextChoice

MOST_STUDIES = 20
"""So many are listed; older ones are forgotten, and their models stay where they were put into the list."""


@dataclass(frozen=True, slots=True)
class AskedStudy:
    """A study that was asked for.

    Attributes:
        order: which texts, in which order, and the settings of their models.
        sources: what each of these texts was read from.
        vectors: what the vectors file is called; None where its strategy needs none.
        vectors_path, member: where that lay.
        asked: when, in seconds since 1970.
        runs: ids of its models, once somebody saw that it is made: so long they are kept.
    """

    order: StudyOrder
    sources: tuple[TextChoice, ...]
    vectors: str | None = None
    vectors_path: Path | None = None
    member: str | None = None
    asked: float = 0.0
    runs: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Names it in the workspace."""
        return self.order.identity


def list_study(studies: Sequence[AskedStudy], study: AskedStudy) -> tuple[AskedStudy, ...]:
    """`studies`, newest first, with this one in front; it takes the place of the same one asked for before."""
    return (study, *(each for each in studies if each.id != study.id))[:MOST_STUDIES]


def note_made(studies: Sequence[AskedStudy]) -> tuple[AskedStudy, ...]:
    """`studies`, each with the ids of its models where it is made by now."""
    return tuple(each if each.runs else replace(each, runs=runs_of_study(each.order)) for each in studies)


def runs_in(study: AskedStudy) -> tuple[Run, ...]:
    """The models of a study as runs that can be put into a workspace's list; none before all are made."""
    if not has_study(study.order):
        return ()
    texts = zip(runs_of_study(study.order), study.order.texts, study.sources, strict=True)
    return tuple(
        Run(
            id=identity,
            config=load_run(identity).config,
            text=text.name,
            corpus_folder=text.corpus_folder,
            rows_folder=text.rows_folder,
            vectors=study.vectors,
            source=source,
            vectors_path=study.vectors_path,
            member=study.member,
            asked=study.asked,
        )
        for identity, text, source in texts
    )
