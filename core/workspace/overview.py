"""Who uses how much of this server, for whoever runs it: by a hash of a workspace's id, with no word and no name."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sql

from core.system.database import reading
from core.system.files import digest_of
from core.system.tables import USES, WORKSPACES
from core.workspace.references import with_what_came_of_it
from core.workspace.room import find_sizes, measure
from core.workspace.store import note_all_uses
from core.workspace.uses import References
from core.workspace.vectors import UPLOADED_VECTORS


@dataclass(frozen=True, slots=True)
class WorkspaceUse:
    """What one workspace uses.

    Attributes:
        name: see `short_name`.
        bytes: kept for it; what others refer to as well counts for each of them.
        models: in its list, or removed and not yet deleted.
        seen: when it was last looked at or changed, in seconds since 1970.
    """

    name: str
    bytes: int
    models: int
    seen: float


def short_name(identity: str) -> str:
    """Names a workspace before whoever runs the server: eight signs that open nothing."""
    return digest_of("overview", identity)[:8]


def list_uses(seen: Mapping[str, float]) -> tuple[WorkspaceUse, ...]:
    """What each workspace uses, the largest first; `seen` says when this server last showed which.

    One that this version cannot read counts by its uploaded vectors alone.
    """
    note_all_uses()
    kept = sql.select(WORKSPACES.c.id, WORKSPACES.c.changed).where(WORKSPACES.c.erased.is_(False))
    with reading() as connection:
        changed = {row.id: float(row.changed) for row in connection.execute(kept)}
        pairs: dict[str, list[tuple[str, str]]] = {}
        for row in connection.execute(sql.select(USES.c.holder, USES.c.kind, USES.c.name)):
            pairs.setdefault(row.holder, []).append((row.kind, row.name))
    uses, sizes = [], find_sizes()
    for identity, at in changed.items():
        found = with_what_came_of_it(References.of_pairs(pairs.get(identity, ())))
        size = measure(found, sizes) + sizes.get((UPLOADED_VECTORS.folder, identity), 0)
        uses.append(WorkspaceUse(short_name(identity), size, len(found.runs), max(at, seen.get(identity, 0.0))))
    return tuple(sorted(uses, key=lambda use: (-use.bytes, -use.seen)))
