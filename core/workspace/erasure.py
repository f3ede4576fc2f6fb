"""Erasing a workspace: everything that came from its visitor and that no other workspace or demo refers to."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from core.comparison.noise import erase_noise
from core.errors import UserError, WorkspaceError
from core.maps.pair_store import forget_models
from core.models.description import RunDescription
from core.pretrained.index import delete_index, list_indexes
from core.score.store import ScoredText
from core.system.database import scrub, with_reserve
from core.system.files import cache_folder
from core.system.inventory import take_inventory
from core.system.typed_json import read_record
from core.workspace.demo_sessions import delete_demo, demos_of
from core.workspace.references import references, references_in, references_of_all
from core.workspace.shelves import SHELVES
from core.workspace.store import WorkspaceErased, erase_from_store, kept_content
from core.workspace.texts import OpenedUpload
from core.workspace.uses import References
from core.workspace.vectors import upload_folder

_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were erased."""

    texts: int
    models: int
    scorecards: int
    vectors_files: int
    demos: int


@with_reserve()
def erase_workspace(identity: str) -> Erased:
    """Erase a workspace for all who have it open: its demos, uploads, texts, models, scorecards, vectors, word pairs.

    What another workspace or demo refers to as well stays: it is theirs too. Coordinates that are named by vectors
    alone stay until the cache folder is emptied: those files hold numbers only.
    """
    demos = demos_of(identity)
    held = [references(demo.workspace) for demo in demos.values()]
    with suppress(WorkspaceErased):
        held.append(references_in(kept_content(identity)))
    mine = References.union(held)
    for name in demos:
        delete_demo(name, identity)
    others = references_of_all(identity)
    first = True
    try:
        erase_from_store(identity)
    except WorkspaceError:  # a full disk: what goes below makes room
        first = False
    uploads = mine.uploads - others.uploads
    names, texts = _erase_opened(uploads, mine, others)
    _erase_folders("uploads", uploads)
    erase_noise(texts)
    erased_texts = _erase_folders("texts", texts)
    _erase_folders("rows", mine.rows - others.rows)
    models = _erase_folders("runs", mine.runs - others.runs)
    forget_models(mine.runs - others.runs)
    _erase_derived(names, texts, others.runs)
    scores = _erase_scores(mine.scores, texts, others.scores)
    for digest in mine.pairs - others.pairs:
        cache_folder("pairs", f"{digest}.json").unlink(missing_ok=True)
    shutil.rmtree(cache_folder("exports"), ignore_errors=True)
    vectors = _erase_vectors(identity)
    if not first:
        erase_from_store(identity)
    take_inventory(SHELVES)  # which lists what was erased, with the names of texts
    scrub()
    return Erased(max(erased_texts, len(uploads)), models, scores, vectors, len(demos))


def _erase_folders(kind: str, names: Iterable[str]) -> int:
    erased = 0
    for name in names:
        folder = cache_folder(kind, name)
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            erased += 1
    return erased


def _erase_opened(uploads: frozenset[str], mine: References, others: References) -> tuple[set[str], frozenset[str]]:
    """Erase every reading of `uploads`, whatever the options; gives the names and the digests of the texts that go."""
    names, texts = set(), set(mine.texts)
    for path in cache_folder("opened", "any").parent.glob("*.json"):
        opened = _read(path, OpenedUpload)
        if opened is None or path.stem in others.opened or opened.corpus in others.texts:
            continue
        if opened.upload in uploads or opened.corpus in mine.texts:
            names.add(opened.name)
            texts.add(opened.corpus)
            path.unlink(missing_ok=True)
    return names, frozenset(texts - others.texts)


def _erase_derived(names: set[str], texts: frozenset[str], kept: frozenset[str]) -> None:
    """Erase models of the erased texts that no workspace lists: of parts, which scoring made, and retrainings."""
    for folder in cache_folder("runs", "any").parent.glob("*"):
        about = None if folder.name in kept else _read(folder / "run.json", RunDescription)
        if about is None:
            continue
        source = about.inputs.corpus
        if source.digest in texts or any(source.name.startswith(f"{name} (") for name in names):
            shutil.rmtree(folder, ignore_errors=True)


def _erase_scores(shown: frozenset[str], texts: frozenset[str], kept: frozenset[str]) -> int:
    """Erase scorecards of the erased texts: they quote sentences."""
    erased = 0
    for folder in cache_folder("scores", "any").parent.glob("*"):
        about = _read(folder / "about.json", ScoredText)
        is_mine = folder.name in shown or (about is not None and about.corpus in texts)
        if is_mine and folder.name not in kept and (folder / "scorecard.json").exists():
            shutil.rmtree(folder, ignore_errors=True)
            erased += 1
    return erased


def _read(path: Path, kind: type[_Kind]) -> _Kind | None:
    """None where there is no such record, or none that this version can read: it stays."""
    try:
        return read_record(path, kind)
    except (OSError, ValueError, UserError):
        return None


def _erase_vectors(identity: str) -> int:
    folder = upload_folder(identity)
    files = [path for path in folder.glob("*") if not path.name.startswith(".")] if folder.is_dir() else []
    for index in list_indexes():
        if any(index.name.startswith(path.name) for path in files):
            delete_index(index)
    shutil.rmtree(folder, ignore_errors=True)
    return len(files)
