"""What workspaces refer to in the cache folder: what erasing and tidying up must leave to others."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from core.errors import UserError
from core.system.files import cache_folder
from core.system.typed_json import from_values, read_record
from core.workspace.demo_sessions import DemoSession
from core.workspace.store import all_contents
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
    """What every workspace but the one of the id `but`, and every demo session, refers to."""
    workspaces = map(_named_by_content, all_contents(but))
    return _with_opened_texts(References.union([*workspaces, *map(_named_by_demo, _files("demos"))]))


def references_in(content: str) -> References:
    """What a workspace, as JSON, refers to; where this version cannot read it, everything that is named in it."""
    return _with_opened_texts(_named_by_content(content))


def _named_by_content(content: str) -> References:
    try:
        return _named_by(from_values(json.loads(content), Workspace))
    except (ValueError, UserError):
        return _words_of(content)


def _named_by_demo(path: Path) -> References:
    try:
        return _named_by(read_record(path, DemoSession).workspace)
    except FileNotFoundError:
        return References()
    except (OSError, ValueError, UserError):
        return _words_of(path.read_text("utf-8", "surrogateescape"))


def _words_of(text: str) -> References:
    words = frozenset(re.findall(r"[\w-]+", text))
    return References(*(words for _ in fields(References)))


def _files(folder: str) -> Iterator[Path]:
    root = cache_folder(folder)
    if root.is_dir():
        yield from (path for path in root.glob("*.json") if not path.name.startswith("."))
