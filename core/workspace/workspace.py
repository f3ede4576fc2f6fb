"""What a visitor is working on; `core.workspace.store` keeps it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from core.system.typed_json import Record
from core.workspace.asked_runs import Run
from core.workspace.asked_studies import AskedStudy
from core.workspace.texts import TextChoice

FormValue = bool | int | float | str
BY_HAND = "hand"
_MOST_REMOVALS = 20
_LAST = 1_000_000
"""Place of a removed run that an early version did not keep."""


@dataclass(frozen=True, slots=True)
class TrainForm:
    """What the form on the Train page holds.

    Attributes:
        strategies: those that are ticked; None before anybody ticked one.
        values: of fields, by their names; where one is missing, what is usual for the text.
    """

    strategies: tuple[str, ...] | None = None
    values: Mapping[str, FormValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A scorecard that was shown: its identity in the store, and the digest of its text."""

    identity: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreForm:
    """What the form on the page Did it help? holds, where it is not the usual, and what was shown last.

    Attributes:
        left_out: ids of the runs that are not to be scored.
        chosen, reference: ids of the runs to judge, and to judge it against.
        seed: of splits and draws.
        pairs: digest of the user's own word pairs.
        shown: the scorecard that was shown last, or that was asked for after a training.
        by_itself: a training is followed by a scorecard.
    """

    left_out: tuple[str, ...] = ()
    chosen: str | None = None
    reference: str | None = None
    seed: int | None = None
    pairs: str | None = None
    shown: ShownScore | None = None
    by_itself: bool = True


@dataclass(frozen=True, slots=True)
class StudyForm:
    """What the form on the Study page holds, and which models were made for the study that was shown last.

    Attributes:
        texts: ids of the chosen texts, in the order of the study; None before anybody chose.
        strategy: how all their models are made.
        runs: ids of the models of the study that was shown last.
    """

    texts: tuple[str, ...] | None = None
    strategy: str = "tied"
    runs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SweepForm:
    """What the form on the Sweep page holds.

    Attributes:
        strategies: those to try; None before anybody chose.
        ranges: of settings, as they were written, by their names.
        optuna: Optuna picks settings, instead of all being tried.
        trials: how many it picks.
        files: path, and member of an archive, of each vectors file to start from; None for the one in use.
    """

    strategies: tuple[str, ...] | None = None
    ranges: Mapping[str, str] = field(default_factory=dict)
    optuna: bool = False
    trials: int = 60
    files: tuple[tuple[Path, str | None], ...] | None = None


@dataclass(frozen=True, slots=True)
class RemovedRun:
    """A run that was removed, and its place in the list before."""

    run: Run
    place: int


@dataclass(frozen=True, slots=True)
class DemoPlace:
    """A place in a demo session: its identity, and which step is shown, counted from 0."""

    id: str
    step: int


@dataclass(frozen=True, slots=True)
class NamedText:
    """A text of a workspace, which may be a part of an upload.

    Attributes:
        name: what its visitor calls it, unlike the others.
        choice: what it is and how it is read.
        pins: words that were pinned while it was in use; of the text in use the workspace has them.
    """

    name: str
    choice: TextChoice
    pins: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Names it in the workspace, however it is read and cut into words."""
        return self.choice.id


@dataclass(frozen=True, slots=True)
class Workspace(Record):
    """What a visitor is working on.

    Attributes:
        text: the text in use.
        texts: all texts, in the order in which they came; `core.workspace.named_texts` changes them.
        uploads: digests of every text that was brought here, also of those that another took the place of.
        pending: the text that a background job is reading to take its place.
        vectors: path of the pretrained vectors file.
        member: the file inside `vectors` where that is an archive.
        vectors_for: the text (its id) for which these vectors were found to be the best, or the demo's; `BY_HAND` where
            the visitor chose them, and "" where that is not known.
        settings: the form on the Train page.
        runs: those that were asked for, newest first.
        removed: removed runs, newest removal first, for undoing.
        left, right: ids of the runs wanted on the maps.
        shown: ids of the two runs that were on the maps last, for while the wanted ones are not made yet.
        pins: pinned words.
        colour: what the maps are coloured by, "" for the usual.
        lists: words that were kept under a name.
        doses: dose at which a run is shown, by its id, where it is not the one it was made with.
        score: the form on the page Did it help?, and which scorecard was shown last.
        study: the form on the Study page, and what was shown there last.
        studies: those that were asked for, newest first.
        sweep: the form on the Sweep page.
        demo: the demo session that this is a copy of.
    """

    version: ClassVar[int] = 2

    text: TextChoice | None = None
    texts: tuple[NamedText, ...] = ()
    uploads: tuple[str, ...] = ()
    pending: TextChoice | None = None
    vectors: Path | None = None
    member: str | None = None
    vectors_for: str = ""
    settings: TrainForm = TrainForm()
    runs: tuple[Run, ...] = ()
    removed: tuple[tuple[RemovedRun, ...], ...] = ()
    left: str | None = None
    right: str | None = None
    shown: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    colour: str = ""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doses: Mapping[str, float] = field(default_factory=dict)
    score: ScoreForm = ScoreForm()
    study: StudyForm = StudyForm()
    studies: tuple[AskedStudy, ...] = ()
    sweep: SweepForm = SweepForm()
    demo: DemoPlace | None = None

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """Version 0 kept what makes a text and a run's source side by side with everything else; 1 knew no parts."""
        if version:
            return values
        settings = dict(values.get("settings") or {})
        strategies = settings.pop("strategies", None)
        return {
            **values,
            "text": _text_of(values),
            "pending": _text_of(values.get("pending") or {}),
            "settings": {"strategies": strategies, "values": settings},
            "runs": [_run_of(run) for run in values.get("runs", ())],
            "removed": [
                [{"run": _run_of(run), "place": run.get("place", _LAST)} for run in removal]
                for removal in values.get("removed", ())
            ],
        }


def _text_of(values: Mapping[str, Any]) -> dict[str, Any] | None:
    if not values.get("upload"):
        return None
    options = {name: values.get(name) or {} for name in ("reading", "tokenising")}
    return {"upload": values["upload"], **options}


def _run_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "source": _text_of(values)}


def remove_runs(workspace: Workspace, ids: Container[str]) -> Workspace:
    """`workspace` without these runs, which it remembers for undoing."""
    gone = tuple(RemovedRun(run, place) for place, run in enumerate(workspace.runs) if run.id in ids)
    runs = tuple(run for run in workspace.runs if run.id not in ids)
    return replace(workspace, runs=runs, removed=(gone, *workspace.removed)[:_MOST_REMOVALS])


def restore_runs(workspace: Workspace) -> Workspace:
    """`workspace` with the runs of the newest removal back where they were; those that were made again stay."""
    runs = list(workspace.runs)
    known = {run.id for run in runs}
    for removed in workspace.removed[0]:
        if removed.run.id not in known:
            runs.insert(removed.place, removed.run)
    return replace(workspace, runs=tuple(runs), removed=workspace.removed[1:])
