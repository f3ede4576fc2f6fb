"""What a workspace refers to in the cache folder, and the table that says so of every workspace and demo session.

The table is derived: whoever changes a workspace notes what it refers to in the same transaction, and what is not noted
yet is read out of its content when somebody asks (`core.workspace.references`).
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields

import sqlalchemy as sql

from core.errors import UserError
from core.system.tables import USES
from core.system.typed_json import from_values
from core.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class References:
    """Names of what is referred to, by the folder of the cache that holds it.

    Attributes:
        uploads: uploaded files.
        opened: how a text was read.
        texts: texts cut into words.
        rows: pretrained rows for a text.
        runs: models.
        studies: studies of several texts, whose models the shelf of studies names.
        scores: scorecards that were shown.
        pairs: lists of word pairs.
        vectors: paths of vectors files.
    """

    uploads: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    studies: frozenset[str] = frozenset()
    scores: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()

    @classmethod
    def union(cls, parts: Iterable["References"]) -> "References":
        every = list(parts)
        return cls(*(frozenset().union(*(getattr(part, each.name) for part in every)) for each in fields(cls)))

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]]) -> "References":
        """Those of (kind, name) pairs, as the table has them; other kinds are passed over."""
        names: dict[str, set[str]] = {each.name: set() for each in fields(cls)}
        for kind, name in pairs:
            if kind in names:
                names[kind].add(name)
        return cls(*map(frozenset, names.values()))

    @property
    def pairs_of_kind(self) -> frozenset[tuple[str, str]]:
        """(kind, name) of each."""
        return frozenset((each.name, name) for each in fields(self) for name in getattr(self, each.name))

    @property
    def names(self) -> frozenset[str]:
        """All of them: they are digests, so that none is another's."""
        return frozenset().union(*(getattr(self, each.name) for each in fields(self)))


def named_by(workspace: Workspace) -> References:
    """What `workspace` names: its texts, vectors file, runs and removed ones, studies, its scorecard."""
    runs = [*workspace.runs, *(each.run for removal in workspace.removed for each in removal)]
    texts = (workspace.text, workspace.pending, *(text.choice for text in workspace.texts))
    studies = workspace.studies
    studied = [text for study in studies for text in study.order.texts]
    of_studies = (source for study in studies for source in study.sources)
    sources = list(filter(None, (*texts, *(run.source for run in runs), *of_studies)))
    made_of = [run.vectors_path for run in runs] + [study.vectors_path for study in studies]
    corpora = [run.corpus_folder for run in runs] + [text.corpus_folder for text in studied]
    rows = [run.rows_folder for run in runs] + [text.rows_folder for text in studied]
    shown = workspace.score.shown
    return References(
        uploads=frozenset(source.upload for source in sources).union(workspace.uploads),
        opened=frozenset(source.key for source in sources),
        texts=frozenset(folder.name for folder in corpora),
        rows=frozenset(folder.name for folder in rows if folder is not None),
        runs=frozenset(run.id for run in runs).union(workspace.study.runs, *(study.runs for study in studies)),
        studies=frozenset(study.id for study in studies),
        scores=frozenset() if shown is None else frozenset([shown.identity]),
        pairs=frozenset(filter(None, [workspace.score.pairs])),
        vectors=frozenset(_as_text(str(path)) for path in (workspace.vectors, *made_of) if path is not None),
    )


def _as_text(path: str) -> str:
    """A file's name may be no UTF-8, which no database takes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def named_in(content: str) -> References | None:
    """What a workspace, as JSON, names; None where this version cannot read it."""
    try:
        return named_by(from_values(json.loads(content), Workspace))
    except (ValueError, UserError):
        return None


def words_of(text: str) -> References:
    """Everything that might be a name in what this version cannot read."""
    words = frozenset(re.findall(r"[\w-]+", text))
    return References(*(words for _ in fields(References)))


def note_uses(connection: sql.Connection, holder: str, found: References) -> None:
    """Set what `holder`, a workspace's id, refers to; `connection` is in a transaction that writes."""
    kept = {
        (row.kind, row.name)
        for row in connection.execute(sql.select(USES.c.kind, USES.c.name).where(USES.c.holder == holder))
    }
    for kind, name in kept - found.pairs_of_kind:
        chosen = (USES.c.holder == holder) & (USES.c.kind == kind) & (USES.c.name == name)
        connection.execute(USES.delete().where(chosen))
    new = [{"holder": holder, "kind": kind, "name": name} for kind, name in found.pairs_of_kind - kept]
    if new:
        connection.execute(USES.insert(), new)


def forget_uses(connection: sql.Connection, holder: str) -> None:
    """`holder` refers to nothing any more."""
    connection.execute(USES.delete().where(USES.c.holder == holder))
