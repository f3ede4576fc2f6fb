"""What workspaces refer to in the cache folder: what erasing and tidying up must leave to others."""

from contextlib import suppress
from dataclasses import replace

import sqlalchemy as sql

from core.comparison.study.store import kept_runs
from core.system.database import reading
from core.system.inventory import ShelfEntry, take_inventory
from core.system.tables import USES
from core.workspace.demo_sessions import DEMOS
from core.workspace.store import note_all_uses
from core.workspace.texts import OPENED, kept_corpus
from core.workspace.uses import References, named_by, named_in, words_of
from core.workspace.workspace import Workspace


def references(workspace: Workspace) -> References:
    """What `workspace` refers to: its texts, its vectors file, its runs and removed ones, studies, its scorecard."""
    return with_what_came_of_it(named_by(workspace))


def with_what_came_of_it(found: References) -> References:
    """`found`, what the uploads became, and the models of studies that are made."""
    texts = found.texts.union(filter(None, map(kept_corpus, found.opened)))
    return replace(_with_studied_runs(found), texts=texts)


def _with_studied_runs(found: References) -> References:
    """With the models of its studies: which these are, nobody knows before they are made."""
    return replace(found, runs=found.runs.union(*map(kept_runs, found.studies)))


def references_in(content: str) -> References:
    """What a workspace, as JSON, refers to; where this version cannot read it, everything that is named in it."""
    return with_what_came_of_it(named_in(content) or words_of(content))


def references_of_all(but: str | None = None) -> References:
    """What every workspace but the one of the id `but`, and every demo session, refers to."""
    others = note_all_uses(but)
    of_workspaces = sql.select(USES.c.kind, USES.c.name).distinct().where(USES.c.holder.not_like("%/%"))
    if but is not None:
        of_workspaces = of_workspaces.where(USES.c.holder != but)
    with reading() as connection:
        noted = References.of_pairs((row.kind, row.name) for row in connection.execute(of_workspaces))
    found = _with_studied_runs(References.union([noted, *others, *map(_named_by_demo, take_inventory([DEMOS]))]))
    opened = (entry for entry in take_inventory([OPENED]) if entry.name in found.opened)
    return References.union([found, *(References.of_pairs(entry.uses) for entry in opened)])


def _named_by_demo(demo: ShelfEntry) -> References:
    if not demo.damaged:
        return References.of_pairs(demo.uses)
    with suppress(FileNotFoundError):
        return words_of(demo.path.read_text("utf-8", "surrogateescape"))
    return References()
