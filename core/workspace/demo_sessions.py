"""Named demo sessions: runs with their text, vectors, settings and pinned words, shown in steps with a sentence each.

A session is a file that is written once. Whoever opens its link gets a copy in a workspace of their own, so that an
audience can try everything and changes nothing of it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from core.errors import RunError
from core.models.runs import has_run
from core.system.files import cache_folder, digest_of, read_json, write_json
from core.workspace.vectors import upload_folder

StepPage = Literal["data", "train", "compare", "scorecard"]
STEP_PAGES: tuple[StepPage, ...] = get_args(StepPage)
BUILT_IN = "news"
"""Identity of the demo that `make demo` prepares."""

_FIELDS = ("upload", "reading", "tokenising", "vectors", "member", "settings", "score")
_LONGEST = 64


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a demo.

    Attributes:
        sentence: what the presenter says.
        page: where it is shown.
        left, right: ids of the runs on the maps; None leaves them as they were.
        pins: pinned words; the last one is explained.
    """

    sentence: str
    page: StepPage = "compare"
    left: str | None = None
    right: str | None = None
    pins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoSession:
    """A stored demo.

    Attributes:
        title: for people.
        steps: at least one.
        workspace: fields of the workspace that it opens with; JSON values.
        owner: digest of the token of the workspace that saved it; nobody else may delete it.
    """

    title: str
    steps: tuple[Step, ...]
    workspace: Mapping[str, Any]
    owner: str = ""


def gather_demo(
    title: str,
    steps: Sequence[Step],
    workspace: Mapping[str, Any],
    records: Sequence[Mapping[str, Any]],
    token: str,
) -> DemoSession:
    """What to store of a workspace: `records` of its runs, and where they came from.

    Paths of vectors that its visitor uploaded stay out: they hold the visitor's token.

    Raises:
        RunError: there is no title, no step, or a run is not finished.
    """
    if not title.strip():
        raise RunError("The demo has no title. Give it one, so that people know what they opened.")
    if not steps or not all(step.sentence.strip() for step in steps):
        raise RunError("Every step needs a sentence to say. Write one, or delete the row.")
    if not all(has_run(record["id"]) for record in records):
        raise RunError("One of the models is not finished. Wait for it, or leave it out.")
    private = str(upload_folder(token))
    fields = {name: workspace[name] for name in _FIELDS}
    fields["vectors"] = _public(fields["vectors"], private)
    kept = [{**record, "vectors_path": _public(record.get("vectors_path"), private)} for record in records]
    return DemoSession(title.strip(), tuple(steps), {**fields, "runs": kept}, owner_of(token))


def _public(path: str | None, private: str) -> str | None:
    return None if path is None or path.startswith(private) else path


def owner_of(token: str) -> str:
    """Names a workspace without giving its token away."""
    return digest_of("demo", token)


def save_demo(demo: DemoSession, identity: str | None = None) -> str:
    """Store `demo`; gives its identity, unguessable unless it is named."""
    identity = identity or secrets.token_urlsafe(16)
    write_json(_path(identity), asdict(demo))
    return identity


def load_demo(identity: str) -> DemoSession:
    """A stored demo.

    Raises:
        RunError: there is none of that identity, or it is damaged.
    """
    try:
        if not _is_identity(identity):
            raise ValueError("not a name")
        stored = read_json(_path(identity))
        steps = tuple(Step(**{**step, "pins": tuple(step["pins"])}) for step in stored["steps"])
        return DemoSession(stored["title"], steps, stored["workspace"], stored["owner"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError("There is no such demo here any more. Ask for a new link, or try the demo on Data.") from error


def has_demo(identity: str) -> bool:
    return _is_identity(identity) and _path(identity).exists()


def delete_demo(identity: str, token: str) -> None:
    """Delete a demo that the workspace of `token` saved; one of somebody else stays."""
    if load_demo(identity).owner == owner_of(token):
        _path(identity).unlink(missing_ok=True)


def demos_of(token: str) -> dict[str, DemoSession]:
    """Identity -> demo of those that the workspace of `token` saved, by title."""
    found = {identity: load_demo(identity) for identity in all_demos()}
    mine = {identity: demo for identity, demo in found.items() if demo.owner == owner_of(token)}
    return dict(sorted(mine.items(), key=lambda pair: pair[1].title))


def all_demos() -> tuple[str, ...]:
    """Identities of every stored demo."""
    folder = _path("any").parent
    return tuple(sorted(path.stem for path in folder.glob("*.json"))) if folder.is_dir() else ()


def opening_fields(identity: str) -> dict[str, Any]:
    """Fields of the workspace that a visitor of the demo gets, at its first step.

    Raises:
        RunError: there is no such demo.
    """
    demo = load_demo(identity)
    return {**demo.workspace, "pending": None, "removed": [], "shown": [], **step_fields(identity, demo, 0)}


def step_fields(identity: str, demo: DemoSession, number: int) -> dict[str, Any]:
    """Fields of the workspace at step `number`, counted from 0 and cut to what there is."""
    number = min(max(number, 0), len(demo.steps) - 1)
    step = demo.steps[number]
    sides = {side: run for side, run in (("left", step.left), ("right", step.right)) if run is not None}
    return {**sides, "pins": list(step.pins), "demo": {"id": identity, "step": number}}


def _is_identity(identity: str) -> bool:
    return 0 < len(identity) <= _LONGEST and all(letter.isalnum() or letter in "-_" for letter in identity)


def _path(identity: str) -> Path:
    return cache_folder("demos", f"{identity}.json")
