"""The texts of a workspace: which there are, what each is called, which is in use. Nothing here touches a disk's texts.

A text is told by what it is, an upload or a part of one (`TextChoice.id`); how it is read and cut into words can change
and leaves it the same text. Whatever is done here, models stay as they are.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.errors import CorpusError
from core.text.part import TextPart
from core.text.reading.text_names import LONGEST_NAME, propose_name, shorten, unique_name
from core.workspace.asked_runs import Run
from core.workspace.texts import TextChoice, opened_names, upload_names
from core.workspace.workspace import NamedText, Workspace


def list_texts(workspace: Workspace) -> tuple[NamedText, ...]:
    """All texts, in the order in which they came. Every text has a name, also where an early version gave it none."""
    text, texts = workspace.text, workspace.texts
    if text is None or any(each.id == text.id for each in texts):
        return tuple(replace(each, choice=text) if text is not None and each.id == text.id else each for each in texts)
    return (*texts, NamedText(_propose(text, texts), text))


def text_in_use(workspace: Workspace) -> NamedText | None:
    """The text in use."""
    text = workspace.text
    return None if text is None else find_text(workspace, text.id)


def find_text(workspace: Workspace, identity: str) -> NamedText | None:
    """The text of this id; None where there is none."""
    return next((each for each in list_texts(workspace) if each.id == identity), None)


def _propose(choice: TextChoice, others: Sequence[NamedText]) -> str:
    try:
        files: tuple[str, ...] = upload_names(choice.upload)
    except CorpusError:
        files = ()
    opened = opened_names(choice.key)
    whole = propose_name(files, opened[2] if opened and choice.part is None else ())
    name = whole if choice.part is None else join_names(whole, choice.part.full_name)
    return unique_name(name, [each.name for each in others])


def join_names(whole: str, part: str) -> str:
    """What a part of a text is called: "brown press"; years of the part take the place of those of the whole."""
    if part[:4].isdigit() and whole[-9:-5].isdigit() and whole[-5] == "-" and whole[-4:].isdigit():
        whole = whole[:-9].rstrip() or whole
    return shorten(f"{whole} {part}")


def use_text(workspace: Workspace, choice: TextChoice, name: str | None = None) -> Workspace:
    """`workspace` with this text in use, read so; a new one is added, with a proposed name where none is given.

    Pinned words belong to a text: those of the one that was in use are put away, and those of this one come back.
    """
    if workspace.text is None or workspace.text.id != choice.id:
        workspace = put_pins_away(workspace)
    texts = list_texts(workspace)
    if not any(each.id == choice.id for each in texts):
        new = unique_name(name, [each.name for each in texts]) if name else _propose(choice, texts)
        texts = (*texts, NamedText(new, choice))
    used = next(each for each in texts if each.id == choice.id)
    texts = tuple(replace(each, choice=choice, pins=()) if each is used else each for each in texts)
    return replace(workspace, text=choice, texts=texts, pins=workspace.pins or used.pins)


def put_pins_away(workspace: Workspace) -> Workspace:
    """`workspace` with the pinned words kept with the text in use, and none pinned."""
    in_use = text_in_use(workspace)
    texts = list_texts(workspace)
    texts = tuple(replace(each, pins=workspace.pins) if each == in_use else each for each in texts)
    return replace(workspace, texts=texts, pins=())


def add_parts(workspace: Workspace, whole: TextChoice, parts: Sequence[tuple[str, TextPart]]) -> Workspace:
    """`workspace` with these parts of a text, (name, part), as texts of their own; what it has of them stays so.

    `whole` may be a part itself: what is told is then a part of that.
    """
    texts = list_texts(workspace)
    within = None if whole.part is None else whole.part.read_by(whole.labelled_by)
    for name, part in parts:
        choice = replace(whole, part=replace(part, within=within))
        if not any(each.id == choice.id for each in texts):
            name = unique_name(shorten(name) or part.name, [each.name for each in texts])
            texts = (*texts, NamedText(name, choice))
    return replace(workspace, texts=texts)


def rename_text(workspace: Workspace, identity: str, name: str) -> Workspace:
    """`workspace` with another name for one of its texts.

    Raises:
        CorpusError: it is empty or too long, or another text has it.
    """
    name = " ".join(name.split())
    if not name:
        raise CorpusError("The name is empty. Give the text one, so that its models can be told from others.")
    if len(name) > LONGEST_NAME:
        raise CorpusError(f"“{name[:30]}…” has {len(name):,} characters; a name may have {LONGEST_NAME}. Shorten it.")
    texts = list_texts(workspace)
    if any(each.name.casefold() == name.casefold() for each in texts if each.id != identity):
        raise CorpusError(f"Another text is called “{name}”. Choose another name.")
    return replace(workspace, texts=tuple(replace(each, name=name) if each.id == identity else each for each in texts))


def remove_text(workspace: Workspace, identity: str) -> Workspace:
    """`workspace` without one of its texts; its models stay, and its files until they are erased on their own.

    If it is in use, the one before it in the list is used then.
    """
    texts = list_texts(workspace)
    left = tuple(each for each in texts if each.id != identity)
    if workspace.text is None or workspace.text.id != identity:
        return replace(workspace, texts=left)
    place = next(place for place, each in enumerate(texts) if each.id == identity)
    following = left[max(0, place - 1)] if left else None
    if following is None:
        return replace(workspace, text=None, texts=(), pins=())
    left = tuple(replace(each, pins=()) if each.id == following.id else each for each in left)
    return replace(workspace, text=following.choice, texts=left, pins=following.pins)


def runs_of(workspace: Workspace, identity: str) -> tuple[Run, ...]:
    """The models of one text, newest first."""
    return tuple(run for run in workspace.runs if run.source is not None and run.source.id == identity)
