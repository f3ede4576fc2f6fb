"""Named demo sessions: runs with their text, vectors, settings and pinned words, shown in steps with a sentence each.

A session is a file that is written once. Whoever opens its link gets a copy in a workspace of their own, so that an
audience can try everything and changes nothing of it.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from core.errors import RunError, UserError
from core.models.runs import has_run
from core.system.entries import remove_entry
from core.system.files import cache_folder
from core.system.inventory import take_inventory
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record
from core.workspace.asked_runs import Run
from core.workspace.named_texts import list_texts, put_pins_away
from core.workspace.store import owner_of
from core.workspace.uses import named_by
from core.workspace.vectors import upload_folder
from core.workspace.workspace import DemoPlace, Workspace

STEP_PAGES = ("data", "train", "did_it_help", "maps", "what_changed", "a_word")
_RENAMED = {"compare": "maps", "scorecard": "did_it_help"}
"""What pages were called in demos of version 2 and before."""
BUILT_IN = "news"
"""Identity of the demo that `make demo` prepares."""

_LONGEST = 64
_OWNERS = "owners"  # kind of the name of the workspace that saved a demo


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a demo.

    Attributes:
        sentence: what the presenter says.
        page: where it is shown, one of `STEP_PAGES`; any other is the maps.
        left, right: ids of the runs on the maps; None leaves them as they were.
        pins: pinned words; the last one is explained.
    """

    sentence: str
    page: str = "maps"
    left: str | None = None
    right: str | None = None
    pins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoSession(Record):
    """A stored demo.

    Attributes:
        title: for people.
        steps: at least one.
        workspace: what it opens with.
        owner: digest of the id of the workspace that saved it; nobody else may delete it.
    """

    version: ClassVar[int] = 3

    title: str
    steps: tuple[Step, ...]
    workspace: Workspace
    owner: str = ""

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """Up to version 2 its workspace was of the same version, and two pages had other names."""
        steps = [{**step, "page": _RENAMED.get(step.get("page"), step.get("page", "maps"))} for step in values["steps"]]
        return {**values, "steps": steps, "workspace": Workspace.upgrade(values["workspace"], version)}


def _describe_demo(path: Path) -> About:
    demo = read_record(path, DemoSession)
    return About(uses=named_by(demo.workspace).pairs_of_kind | {(_OWNERS, demo.owner)})


DEMOS = Shelf("demos", _describe_demo, ".json")


def gather_demo(
    title: str, steps: Sequence[Step], workspace: Workspace, runs: Sequence[Run], owner: str
) -> DemoSession:
    """What to store of a workspace: these `runs` of it, and where they came from.

    `owner` is the id of the workspace. Paths of vectors that its visitor uploaded stay out: they are for nobody else.

    Raises:
        RunError: there is no title, no step, or a run is not finished.
    """
    if not title.strip():
        raise RunError("The demo has no title. Give it one, so that people know what they opened.")
    if not steps or not all(step.sentence.strip() for step in steps):
        raise RunError("Every step needs a sentence to say. Write one, or delete the row.")
    if not all(has_run(run.id) for run in runs):
        raise RunError("One of the models is not finished. Wait for it, or leave it out.")
    private = upload_folder(owner)
    used = {workspace.text.id if workspace.text else "", *(run.source.id for run in runs if run.source)}
    kept = Workspace(
        text=workspace.text,
        texts=tuple(replace(text, pins=()) for text in list_texts(workspace) if text.id in used),
        vectors=_public(workspace.vectors, private),
        member=workspace.member,
        settings=workspace.settings,
        score=workspace.score,
        runs=tuple(replace(run, vectors_path=_public(run.vectors_path, private)) for run in runs),
    )
    return DemoSession(title.strip(), tuple(steps), kept, owner_of(owner))


def _public(path: Path | None, private: Path) -> Path | None:
    return None if path is None or path.is_relative_to(private) else path


def save_demo(demo: DemoSession, identity: str | None = None) -> str:
    """Store `demo`; gives its identity, unguessable unless it is named."""
    identity = identity or secrets.token_urlsafe(16)
    write_record(demo_file(identity), demo)
    return identity


def load_demo(identity: str) -> DemoSession:
    """A stored demo.

    Raises:
        RunError: there is none of that identity, or it is damaged.
    """
    if not has_demo(identity):
        raise RunError("There is no such demo here any more. Ask for a new link, or try the demo on Data.")
    try:
        return read_record(demo_file(identity), DemoSession)
    except (OSError, ValueError, UserError) as error:
        raise RunError(f"This demo cannot be opened ({error}). Ask for a new link, or try the demo on Data.") from error


def has_demo(identity: str) -> bool:
    return _is_identity(identity) and demo_file(identity).exists()


def delete_demo(identity: str, owner: str) -> None:
    """Delete a demo that the workspace of the id `owner` saved; one of somebody else stays."""
    if load_demo(identity).owner == owner_of(owner):
        remove_entry(demo_file(identity))


def demos_of(owner: str) -> dict[str, DemoSession]:
    """Identity -> demo, by title, of those that the workspace `owner` saved; what cannot be opened is left out."""
    mine: dict[str, DemoSession] = {}
    for entry in take_inventory([DEMOS]):
        if (_OWNERS, owner_of(owner)) in entry.uses:
            with suppress(RunError):  # just deleted
                mine[entry.name] = load_demo(entry.name)
    return dict(sorted(mine.items(), key=lambda pair: pair[1].title))


def open_demo(own: Workspace, identity: str) -> Workspace:
    """A copy of a demo at its first step, for the visitor who has `own`.

    Their texts stay, their runs, and what they removed.

    Raises:
        RunError: there is no such demo.
    """
    demo = load_demo(identity)
    known = {run.id for run in demo.workspace.runs}
    theirs = list_texts(demo.workspace)
    names = {text.id for text in theirs}
    opened = replace(
        demo.workspace,
        texts=(*theirs, *(text for text in put_pins_away(own).texts if text.id not in names)),
        runs=(*demo.workspace.runs, *(run for run in own.runs if run.id not in known)),
        removed=own.removed,
        uploads=own.uploads,
        left=demo.workspace.left or own.left,
        right=demo.workspace.right or own.right,
        colour=own.colour,
        doses=own.doses,
    )
    return go_to_step(opened, identity, demo, 0)


def go_to_step(workspace: Workspace, identity: str, demo: DemoSession, number: int) -> Workspace:
    """`workspace`, a copy of `demo`, at step `number`, counted from 0 and cut to what there is."""
    number = min(max(number, 0), len(demo.steps) - 1)
    step = demo.steps[number]
    left, right = step.left or workspace.left, step.right or workspace.right
    return replace(workspace, left=left, right=right, pins=step.pins, demo=DemoPlace(identity, number))


def _is_identity(identity: str) -> bool:
    return 0 < len(identity) <= _LONGEST and all(letter.isalnum() or letter in "-_" for letter in identity)


def demo_file(identity: str) -> Path:
    """Where a demo is kept."""
    return cache_folder("demos", f"{identity}.json")
