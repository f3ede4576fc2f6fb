"""What workspaces refer to in the cache folder: what erasing and tidying up must leave to others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import reduce
from pathlib import Path

from core.errors import UserError
from core.system.files import cache_folder
from core.system.typed_json import read_record
from core.workspace.demo_sessions import DemoSession
from core.workspace.texts import TextChoice, kept_corpus
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

    def __or__(self, other: "References") -> "References":
        return References(*(getattr(self, each.name) | getattr(other, each.name) for each in fields(self)))

    @property
    def names(self) -> frozenset[str]:
        """All of them: they are digests, so that none is another's."""
        return frozenset().union(*(getattr(self, each.name) for each in fields(self)))


def references(workspace: Workspace) -> References:
    """What `workspace` refers to: its texts, its vectors file, its runs and the removed ones, its scorecard."""
    runs = [*workspace.runs, *(each.run for removal in workspace.removed for each in removal)]
    choices = [workspace.text, workspace.pending, *(run.source for run in runs)]
    sources = set(filter(None, choices))
    paths = [workspace.vectors, *(run.vectors_path for run in runs)]
    shown = workspace.score.shown
    return References(
        uploads=frozenset(source.upload for source in sources),
        opened=frozenset(source.key for source in sources),
        texts=frozenset([*(run.corpus_folder.name for run in runs), *_corpora(sources)]),
        rows=frozenset(run.rows_folder.name for run in runs if run.rows_folder is not None),
        runs=frozenset(run.id for run in runs),
        scores=frozenset() if shown is None else frozenset([shown.identity]),
        pairs=frozenset(filter(None, [workspace.score.pairs])),
        vectors=frozenset(str(path) for path in paths if path is not None),
    )


def _corpora(sources: set[TextChoice]) -> Iterator[str]:
    yield from filter(None, map(kept_corpus, sources))


def references_of_all(but: str | None = None) -> References:
    """What every workspace but that of the token `but`, and every demo session, refers to."""
    files = [*_files("workspaces"), *_files("demos")]
    mine = cache_folder("workspaces", f"{but}.json")
    return reduce(References.__or__, (references_in(path) for path in files if path != mine), References())


def references_in(path: Path) -> References:
    """What the workspace or demo session in the file `path` refers to.

    Where this version cannot read it, everything that is named in it counts.
    """
    try:
        if path.parent.name == "demos":
            return references(read_record(path, DemoSession).workspace)
        return references(read_record(path, Workspace))
    except (OSError, ValueError, UserError):
        return _named_in(path)


def _named_in(path: Path) -> References:
    try:
        text = path.read_text("utf-8", "surrogateescape")
    except OSError:
        return References()  # it is gone
    return References(*(frozenset(re.findall(r"[\w-]+", text)) for _ in fields(References)))


def _files(folder: str) -> Iterator[Path]:
    root = cache_folder(folder)
    if root.is_dir():
        yield from (path for path in root.glob("*.json") if not path.name.startswith("."))
