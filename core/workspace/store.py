"""Workspaces in the database: found by a secret token, changed field by field, erased for every tab.

A token is made here, given to its visitor and known to the server by its hash alone. Several tabs and devices may have
one workspace open: what one changes is merged into what is kept, so that nothing another did is lost.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sql

from core.errors import UserError, WorkspaceError
from core.progress import silent
from core.system.database import reading, scrub, writing
from core.system.files import cache_folder, digest_of, write_text
from core.system.jobs.outcomes import forget_problems_of
from core.system.locking import hold_lock
from core.system.tables import TOKENS, WORKSPACES
from core.system.typed_json import Record, encode_record, from_values
from core.workspace.uses import References, forget_uses, named_by, named_in, note_uses, words_of
from core.workspace.workspace import Workspace

_MAY_BE_TOKEN = re.compile(r"[\w-]*")


class WorkspaceErased(WorkspaceError):
    """The workspace was erased, perhaps in another tab; nothing brings it back."""


class WorkspaceUnknown(WorkspaceError):
    """The database has never heard of the workspace: it was emptied, or another one stands in its place."""

    def __init__(self) -> None:
        super().__init__(
            "This server does not know this workspace just now: its database was emptied or replaced. Nothing of the "
            "workspace was deleted for that. Leave this page open and tell whoever runs the server, or reload it to "
            "begin anew."
        )


@dataclass(frozen=True, slots=True)
class Access:
    """What a token opens: the workspace of this id, to change it or only to look at it."""

    workspace: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A workspace as it is kept; `version` counts its changes."""

    workspace: Workspace
    version: int


@dataclass(frozen=True, slots=True)
class Home(Record):
    """To which workspace the bare address leads a person: its id, "" where that is gone."""

    version: ClassVar[int] = 2

    id: str

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """Version 1 kept the token."""
        access = find_workspace(values["workspace"])
        return {"id": "" if access is None else access.workspace}


def create_workspace() -> tuple[str, str]:
    """A new, empty workspace: its id, and the token that opens it."""
    token = secrets.token_urlsafe(16)
    return adopt_workspace(token, encode_record(Workspace())), token


def adopt_workspace(token: str, content: str, identity: str | None = None) -> str:
    """Keep a workspace, `content` as JSON, that `token` is to open, as it did before; gives its id."""
    identity, now = identity or secrets.token_hex(16), time.time()
    with writing() as connection:
        connection.execute(
            WORKSPACES.insert().values(id=identity, version=1, erased=False, content=content, changed=now)
        )
        connection.execute(TOKENS.insert().values(hash=_hash(token), workspace=identity, may_write=True, made=now))
    return identity


def find_workspace(token: str) -> Access | None:
    """What `token` opens; None where this server did not make it, or has renewed it since."""
    _adopt_files(token)
    with reading() as connection:
        row = connection.execute(sql.select(TOKENS).where(TOKENS.c.hash == _hash(token))).first()
    return None if row is None else Access(row.workspace, row.may_write)


def make_token(identity: str, *, may_write: bool) -> str:
    """One more token for a workspace."""
    token = secrets.token_urlsafe(16)
    with writing() as connection:
        connection.execute(
            TOKENS.insert().values(hash=_hash(token), workspace=identity, may_write=may_write, made=time.time())
        )
    return token


def renew_tokens(identity: str) -> str:
    """A new token for a workspace in the place of all that there are: links that were given away no longer open it."""
    with writing() as connection:
        connection.execute(TOKENS.delete().where(TOKENS.c.workspace == identity))
    return make_token(identity, may_write=True)


def _adopt_files(name: str = "*") -> None:
    """Take over workspaces that versions before the database kept as files named by their token.

    What else had the token in its name or in it, the folder of uploaded vectors and demos, gets the id in its place.
    """
    folder = cache_folder("workspaces")
    if not folder.is_dir() or not _MAY_BE_TOKEN.fullmatch(name.replace("*", "")):
        return
    for path in folder.glob(f"{name}.json"):
        with hold_lock(cache_folder("adopting.lock"), silent, ""):
            if path.exists() and not path.name.startswith("."):
                _adopt_file(path)


def _adopt_file(path: Path) -> None:
    token = path.stem
    identity = adopt_workspace(token, "")
    content = path.read_text("utf-8", "replace").replace(token, identity)
    with writing() as connection:
        connection.execute(WORKSPACES.update().where(WORKSPACES.c.id == identity).values(content=content))
    uploaded = cache_folder("uploaded-vectors", token)
    if uploaded.is_dir():
        uploaded.rename(cache_folder("uploaded-vectors", identity))
    for demo in cache_folder("demos", "any").parent.glob("*.json"):
        text = demo.read_text("utf-8")
        changed = text.replace(owner_of(token), owner_of(identity)).replace(token, identity)
        if changed != text:
            write_text(demo, changed)
    path.unlink()


def owner_of(identity: str) -> str:
    """Names a workspace where everybody may read it, such as the owner of a demo."""
    return digest_of("demo", identity)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def read_version(identity: str) -> int:
    """Version of a workspace as it is kept now.

    Raises:
        WorkspaceErased: it is no longer there.
        WorkspaceUnknown: it never was.
    """
    with reading() as connection:
        row = connection.execute(
            sql.select(WORKSPACES.c.version, WORKSPACES.c.erased).where(WORKSPACES.c.id == identity)
        ).first()
    _check_there(row)
    assert row is not None
    return int(row.version)


def load_workspace(identity: str) -> Kept:
    """A workspace as it is kept now.

    Raises:
        WorkspaceErased: it is no longer there.
        WorkspaceUnknown: it never was.
        WorkspaceError: it was damaged, or written by a later version; it stays as it is.
    """
    with reading() as connection:
        return _kept(connection.execute(sql.select(WORKSPACES).where(WORKSPACES.c.id == identity)).first())


def kept_content(identity: str) -> str:
    """A workspace as JSON, also where this version cannot make sense of it.

    Raises:
        WorkspaceErased: it is no longer there.
        WorkspaceUnknown: it never was.
    """
    with reading() as connection:
        row = connection.execute(sql.select(WORKSPACES).where(WORKSPACES.c.id == identity)).first()
    _check_there(row)
    assert row is not None
    return str(row.content)


def _check_there(row: Any) -> None:
    """An erased workspace keeps its row. Without one nobody erased it, and no tab may delete what it refers to."""
    if row is None:
        raise WorkspaceUnknown
    if row.erased:
        raise WorkspaceErased("This workspace was erased.")


def _kept(row: Any) -> Kept:
    _check_there(row)
    try:
        return Kept(from_values(json.loads(row.content), Workspace), row.version)
    except (ValueError, UserError) as error:
        raise WorkspaceError(
            f"This workspace cannot be opened by this version of Vectune ({error}). It was left as it is: open it with "
            "the version that wrote it, or ask whoever runs this server."
        ) from error


def change_workspace(identity: str, before: Workspace, after: Workspace) -> Kept:
    """Keep what differs between `before`, as a tab knew the workspace, and `after`; gives what is kept now.

    Raises:
        WorkspaceErased: it was erased meanwhile.
        WorkspaceUnknown: the database was emptied or replaced meanwhile.
        WorkspaceError: it cannot be read or written.
    """
    with writing() as connection:
        row = connection.execute(sql.select(WORKSPACES).where(WORKSPACES.c.id == identity).with_for_update()).first()
        kept = _kept(row)
        assert row is not None
        merged = merge_changes(kept.workspace, before, after)
        if merged == kept.workspace:
            return kept
        version = kept.version + 1
        connection.execute(
            WORKSPACES.update()
            .where(WORKSPACES.c.id == identity)
            .values(version=version, content=encode_record(merged), changed=time.time(), noted=version)
        )
        uses = named_by(merged)
        if row.noted != kept.version or uses != named_by(kept.workspace):
            note_uses(connection, identity, uses)
    return Kept(merged, version)


def merge_changes(kept: Workspace, before: Workspace, after: Workspace) -> Workspace:
    """`kept` with what was changed from `before` to `after`: field by field, and within lists and mappings by entry."""
    changes = {}
    for each in fields(Workspace):
        was, now, there = (getattr(workspace, each.name) for workspace in (before, after, kept))
        if now != was:
            changes[each.name] = _merge(there, was, now)
    return replace(kept, **changes)


def _merge(kept: Any, before: Any, after: Any) -> Any:
    if kept == before:
        return after
    if isinstance(after, Mapping) and isinstance(before, Mapping) and isinstance(kept, Mapping):
        gone = before.keys() - after.keys()
        changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
        return {**{key: value for key, value in kept.items() if key not in gone}, **changed}
    if isinstance(after, tuple) and isinstance(before, tuple) and isinstance(kept, tuple):
        known = {_name(entry) for entry in (*before, *after)}
        of_others = tuple(entry for entry in kept if _name(entry) not in known)
        gone_elsewhere = {_name(entry) for entry in before} - {_name(entry) for entry in kept}
        old = {_name(entry): entry for entry in before}
        now = {_name(entry): entry for entry in kept}

        def newest(entry: Any) -> Any:
            """An entry with what another tab made of it, where this one left that alone."""
            name = _name(entry)
            if name not in old or name not in now:
                return entry
            return _merge_entry(now[name], old[name], entry)

        mine = tuple(newest(entry) for entry in after if _name(entry) not in gone_elsewhere or entry not in before)
        return (*of_others, *mine)
    return after


def _merge_entry(kept: Any, before: Any, after: Any) -> Any:
    """One entry of a list, changed in two tabs: field by field where it has fields."""
    if before == after:
        return kept
    if kept == before or not is_dataclass(after) or isinstance(after, type):
        return after
    names = [each.name for each in fields(after)]
    changed = {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}
    return replace(kept, **changed)


def _name(entry: Any) -> Any:
    """What makes an entry of a list the same one after it was changed: the id of a run or text, a word itself."""
    return getattr(entry, "id", entry)


def erase_from_store(identity: str, remains: str = "") -> None:
    """Forget what a workspace holds, for every tab and every link; its id is never used again.

    `remains`: what of it is still to be deleted, for `unfinished_erasures`.
    """
    with writing() as connection:
        connection.execute(
            WORKSPACES.update()
            .where(WORKSPACES.c.id == identity)
            .values(version=WORKSPACES.c.version + 1, erased=True, content=remains, changed=time.time())
        )
        connection.execute(TOKENS.delete().where(TOKENS.c.workspace == identity))
        forget_uses(connection, identity)
        forget_problems_of(connection, identity)
    scrub()


def unfinished_erasures() -> dict[str, str]:
    """Id -> what remains of each erased workspace whose files were not all deleted, as `erase_from_store` was told."""
    erased = sql.select(WORKSPACES.c.id, WORKSPACES.c.content).where(WORKSPACES.c.erased, WORKSPACES.c.content != "")
    with reading() as connection:
        return {row.id: row.content for row in connection.execute(erased)}


def note_all_uses(but: str | None = None) -> list[References]:
    """Note what workspaces refer to, where that is not noted yet; `but` need not be.

    Gives what those refer to that could not be noted: of one that this version cannot read, everything it names.
    """
    _adopt_files()
    waits = (WORKSPACES.c.noted != WORKSPACES.c.version) & WORKSPACES.c.erased.is_(False)
    if but is not None:
        waits &= WORKSPACES.c.id != but
    with reading() as connection:
        rows = connection.execute(sql.select(WORKSPACES).where(waits)).all()
    found = {row.id: (row.version, named_in(row.content)) for row in rows}
    unreadable = [words_of(row.content) for row in rows if found[row.id][1] is None]
    readable = {identity: (version, uses) for identity, (version, uses) in found.items() if uses is not None}
    if not readable:
        return unreadable
    try:
        with writing() as connection:
            for identity, (version, uses) in readable.items():
                if _claim(connection, identity, version):
                    note_uses(connection, identity, uses)
    except WorkspaceError:  # no room: who erases to make some has to know nevertheless
        return [*unreadable, *(uses for _, uses in readable.values())]
    return unreadable


def _claim(connection: sql.Connection, identity: str, version: int) -> bool:
    """Say that the uses of a workspace are noted; False where somebody has changed or erased it since `version`."""
    same = (WORKSPACES.c.id == identity) & (WORKSPACES.c.version == version) & WORKSPACES.c.erased.is_(False)
    return connection.execute(WORKSPACES.update().where(same).values(noted=version)).rowcount > 0
