"""Erasing a workspace: everything that came from its visitor and that no other workspace or demo refers to."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.comparison.noise import erase_noise
from core.pretrained.index import delete_index, list_indexes
from core.system.files import cache_folder, read_json
from core.workspace.demo_sessions import all_demos, delete_demo, demos_of, load_demo
from core.workspace.vectors import upload_folder


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were erased."""

    texts: int
    models: int
    scorecards: int
    vectors_files: int
    demos: int


@dataclass(slots=True)
class _References:
    """What workspaces refer to, by name within the cache folder."""

    uploads: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    scores: set[str] = field(default_factory=set)
    pairs: set[str] = field(default_factory=set)

    def add(self, workspace: Mapping[str, Any]) -> None:
        """Take in what a stored workspace, or the one that a demo opens with, refers to."""
        removed = (record for removal in workspace.get("removed") or () for record in removal)
        records = [*(workspace.get("runs") or ()), *removed]
        pending = (workspace.get("pending") or {}).get("upload")
        self.uploads.update(_known([workspace.get("upload"), pending, *(each.get("upload") for each in records)]))
        self.runs.update(record["id"] for record in records)
        self.texts.update(Path(record["corpus_folder"]).name for record in records)
        self.rows.update(Path(rows).name for rows in _known(each.get("rows_folder") for each in records))
        score = workspace.get("score") or {}
        self.scores.update(_known([(score.get("shown") or {}).get("identity")]))
        self.pairs.update(_known([score.get("pairs")]))


def _known(values: Iterable[Any]) -> list[str]:
    return [value for value in values if value]


def erase_workspace(token: str) -> Erased:
    """Erase the workspace of `token`: its file, demos, uploads, texts, models, scorecards, vectors files, word pairs.

    What another workspace or demo refers to as well stays: it is theirs too. Where words lie on maps stays until the
    cache folder is emptied: those files hold numbers only.
    """
    demos = demos_of(token)
    for identity in demos:
        delete_demo(identity, token)
    mine, others = _References(), _References()
    path = cache_folder("workspaces", f"{token}.json")
    if path.exists():
        mine.add(read_json(path))
    for demo in demos.values():
        mine.add(demo.workspace)
    for workspace in _other_workspaces(path):
        others.add(workspace)
    path.unlink(missing_ok=True)

    uploads = mine.uploads - others.uploads
    names = _erase_opened(uploads, mine.texts, others.texts)
    _erase_folders("uploads", uploads)
    erase_noise(mine.texts - others.texts)
    texts = _erase_folders("texts", mine.texts - others.texts)
    _erase_folders("rows", mine.rows - others.rows)
    models = _erase_folders("runs", mine.runs - others.runs)
    _erase_derived(names, mine.texts - others.texts, others.runs)
    scores = _erase_scores(mine.scores, mine.texts - others.texts, others.scores)
    for digest in mine.pairs - others.pairs:
        cache_folder("pairs", f"{digest}.json").unlink(missing_ok=True)
    shutil.rmtree(cache_folder("exports"), ignore_errors=True)
    return Erased(max(texts, len(uploads)), models, scores, _erase_vectors(token), len(demos))


def _other_workspaces(path: Path) -> Iterator[Mapping[str, Any]]:
    for other in path.parent.glob("*.json"):
        if other != path:
            yield read_json(other)
    for identity in all_demos():
        yield load_demo(identity).workspace


def _erase_folders(kind: str, names: Iterable[str]) -> int:
    erased = 0
    for name in names:
        folder = cache_folder(kind, name)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            erased += 1
    return erased


def _erase_opened(uploads: set[str], texts: set[str], kept: set[str]) -> set[str]:
    """Erase every reading of `uploads`, whatever the options; adds their texts to `texts`, gives the texts' names."""
    names = set()
    for path in cache_folder("opened", "any").parent.glob("*.json"):
        record = read_json(path)
        if record.get("upload") in uploads or (record["corpus"] in texts and record["corpus"] not in kept):
            names.add(record["name"])
            texts.add(record["corpus"])
            path.unlink(missing_ok=True)
    return names


def _erase_derived(names: set[str], texts: set[str], kept: set[str]) -> None:
    """Erase models of the erased texts that no workspace lists: of parts, which scoring made, and retrainings."""
    for folder in cache_folder("runs", "any").parent.glob("*"):
        if folder.name not in kept and (folder / "run.json").exists():
            made_from = read_json(folder / "run.json")["inputs"]["corpus"]
            if made_from["digest"] in texts or any(made_from["name"].startswith(f"{name} (") for name in names):
                shutil.rmtree(folder, ignore_errors=True)


def _erase_scores(shown: set[str], texts: set[str], kept: set[str]) -> int:
    """Erase scorecards of the erased texts: they quote sentences."""
    erased = 0
    for folder in cache_folder("scores", "any").parent.glob("*"):
        about = folder / "about.json"
        is_mine = folder.name in shown or (about.exists() and read_json(about)["corpus"] in texts)
        if is_mine and folder.name not in kept and (folder / "scorecard.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            erased += 1
    return erased


def _erase_vectors(token: str) -> int:
    folder = upload_folder(token)
    files = [path for path in folder.glob("*") if not path.name.startswith(".")] if folder.is_dir() else []
    for index in list_indexes():
        if any(index.name.startswith(path.name) for path in files):
            delete_index(index)
    shutil.rmtree(folder, ignore_errors=True)
    return len(files)
