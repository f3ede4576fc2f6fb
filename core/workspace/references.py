"""What workspaces refer to in the cache folder: what erasing and tidying up must leave to others."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from core.errors import UserError
from core.system.files import cache_folder
from core.system.typed_json import read_record
from core.workspace.demo_sessions import DemoSession
from core.workspace.texts import kept_corpus
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
        scores: scorecards that were shown.
        pairs: lists of word pairs.
        vectors: paths of vectors files.
    """

    uploads: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    scores: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()

    @classmethod
    def union(cls, parts: Iterable["References"]) -> "References":
        every = list(parts)
        return cls(*(frozenset().union(*(getattr(part, each.name) for part in every)) for each in fields(cls)))

    @property
    def names(self) -> frozenset[str]:
        """All of them: they are digests, so that none is another's."""
        return frozenset().union(*(getattr(self, each.name) for each in fields(self)))


def references(workspace: Workspace) -> References:
    """What `workspace` refers to: its texts, its vectors file, its runs and the removed ones, its scorecard."""
    return _with_opened_texts(_named_by(workspace))


def _named_by(workspace: Workspace) -> References:
    runs = [*workspace.runs, *(each.run for removal in workspace.removed for each in removal)]
    sources = list(filter(None, (workspace.text, workspace.pending, *(run.source for run in runs))))
    paths = [workspace.vectors, *(run.vectors_path for run in runs)]
    shown = workspace.score.shown
    return References(
        uploads=frozenset(source.upload for source in sources),
        opened=frozenset(source.key for source in sources),
        texts=frozenset(run.corpus_folder.name for run in runs),
        rows=frozenset(run.rows_folder.name for run in runs if run.rows_folder is not None),
        runs=frozenset(run.id for run in runs),
        scores=frozenset() if shown is None else frozenset([shown.identity]),
        pairs=frozenset(filter(None, [workspace.score.pairs])),
        vectors=frozenset(str(path) for path in paths if path is not None),
    )


def _with_opened_texts(found: References) -> References:
    """`found`, and what the uploads became: so often the same that each record of it is read once for all."""
    return replace(found, texts=found.texts.union(filter(None, map(kept_corpus, found.opened))))


def references_of_all(but: str | None = None) -> References:
    """What every workspace but that of the token `but`, and every demo session, refers to."""
    files = [*_files("workspaces"), *_files("demos")]
    mine = cache_folder("workspaces", f"{but}.json")
    return _with_opened_texts(References.union(_named_in(path) for path in files if path != mine))


def references_in(path: Path) -> References:
    """What the workspace or demo session in the file `path` refers to.

    Where this version cannot read it, everything that is named in it counts.
    """
    return _with_opened_texts(_named_in(path))


def _named_in(path: Path) -> References:
    try:
        if path.parent.name == "demos":
            return _named_by(read_record(path, DemoSession).workspace)
        return _named_by(read_record(path, Workspace))
    except FileNotFoundError:
        return References()
    except (OSError, ValueError, UserError):
        words = frozenset(re.findall(r"[\w-]+", path.read_text("utf-8", "surrogateescape")))
        return References(*(words for _ in fields(References)))


def _files(folder: str) -> Iterator[Path]:
    root = cache_folder(folder)
    if root.is_dir():
        yield from (path for path in root.glob("*.json") if not path.name.startswith("."))
