"""What workspaces refer to in the cache folder: what erasing and tidying up must leave to others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sql

from core.errors import UserError
from core.system.database import reading
from core.system.files import cache_folder
from core.system.tables import USES
from core.system.typed_json import read_record
from core.workspace.demo_sessions import DemoSession
from core.workspace.store import note_all_uses
from core.workspace.texts import kept_corpus
from core.workspace.uses import References, named_by, named_in, words_of
from core.workspace.workspace import Workspace


def references(workspace: Workspace) -> References:
    """What `workspace` refers to: its texts, its vectors file, its runs and the removed ones, its scorecard."""
    return _with_opened_texts(named_by(workspace))


def _with_opened_texts(found: References) -> References:
    """`found`, and what the uploads became: so often the same that each record of it is read once for all."""
    return replace(found, texts=found.texts.union(filter(None, map(kept_corpus, found.opened))))


def references_of_all(but: str | None = None) -> References:
    """What every workspace but the one of the id `but`, and every demo session, refers to."""
    unreadable = map(words_of, note_all_uses(but))
    chosen = sql.select(USES.c.kind, USES.c.name).distinct()
    if but is not None:
        chosen = chosen.where(USES.c.holder != but)
    with reading() as connection:
        noted = References.of_pairs((row.kind, row.name) for row in connection.execute(chosen))
    return _with_opened_texts(References.union([noted, *unreadable, *map(_named_by_demo, _files("demos"))]))


def references_in(content: str) -> References:
    """What a workspace, as JSON, refers to; where this version cannot read it, everything that is named in it."""
    return _with_opened_texts(named_in(content) or words_of(content))


def _named_by_demo(path: Path) -> References:
    try:
        return named_by(read_record(path, DemoSession).workspace)
    except FileNotFoundError:
        return References()
    except (OSError, ValueError, UserError):
        return words_of(path.read_text("utf-8", "surrogateescape"))


def _files(folder: str) -> Iterator[Path]:
    root = cache_folder(folder)
    if root.is_dir():
        yield from (path for path in root.glob("*.json") if not path.name.startswith("."))
