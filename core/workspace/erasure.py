"""Erasing: everything that came from a visitor and that no other workspace or demo refers to.

What has to go is found first, by the digests that name it, and deleted then, what leads to the rest last. Who is killed
in between leaves a note in the database, from which `finish_erasures` goes on.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

from core.comparison.kept_noise import NOISE
from core.comparison.study.store import STUDIES
from core.errors import UserError, WorkspaceError
from core.models.runs import RUNS, TEXTS, rows_of, run_folder, whole_name
from core.pretrained.index import indexes_of, place_of
from core.score.store import SCORES, has_score, numbers_of
from core.score.sweep.store import SWEEPS
from core.system.database import scrub, with_reserve
from core.system.entries import entries_of, paths_of, remove_entry
from core.system.files import cache_folder, read_words
from core.system.inventory import ShelfEntry, take_inventory
from core.system.typed_json import Record, encode_record, from_values
from core.system.unfinished import sweep
from core.workspace.asked_runs import Run
from core.workspace.demo_sessions import demo_file, demos_of
from core.workspace.named_texts import use_text
from core.workspace.references import references, references_in, references_of_all
from core.workspace.renaming import forget_text_names, forget_vectors_names
from core.workspace.shelves import SHELVES
from core.workspace.store import WorkspaceErased, erase_from_store, kept_content, unfinished_erasures
from core.workspace.texts import OPENED
from core.workspace.uses import References
from core.workspace.vectors import UPLOADED_VECTORS, upload_folder
from core.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Erased:
    """How many of each were erased; `left`: files and folders that the system did not let us delete or change."""

    texts: int = 0
    models: int = 0
    scorecards: int = 0
    vectors_files: int = 0
    demos: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Remains(Record):
    """What an erased workspace referred to, until all of it is deleted: digests, no names."""

    uploads: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    scores: frozenset[str] = frozenset()
    pairs: frozenset[str] = frozenset()


@with_reserve()
def erase_workspace(identity: str) -> Erased:
    """Erase a workspace for all who have it open: its demos, uploads, texts, models, scorecards, vectors, word pairs.

    What another workspace or demo refers to as well stays: it is theirs too. Jobs of the workspace have to have ended:
    what they would still write comes after.

    Raises:
        WorkspaceUnknown: the database was emptied or replaced; nothing was deleted, for nobody knows whose it is.
        WorkspaceError: the database cannot be written; files were deleted as far as the system let us.
    """
    demos = demos_of(identity)
    held = [references(demo.workspace) for demo in demos.values()]
    with suppress(WorkspaceErased):
        held.append(references_in(kept_content(identity)))
    mine = References.union(held)
    left = sum(not remove_entry(demo_file(name)) for name in demos)
    remains = encode_record(_Remains(*(getattr(mine, each.name) for each in fields(_Remains))))
    with suppress(WorkspaceError):  # a full disk, where files have to go first
        erase_from_store(identity, remains)
    erased = _erase(identity, mine)
    erased = replace(erased, demos=len(demos), left=erased.left + left)
    _close(identity, remains if erased.left else "", erased.left)
    return erased


def _close(identity: str, remains: str, left: int) -> None:
    try:
        erase_from_store(identity, remains)
    except WorkspaceError as error:
        kept = f"{left:,} of its files and folders could not be deleted, and " if left else ""
        raise WorkspaceError(
            f"This workspace could not be erased: {kept}its settings and names are still in the database. This "
            "server's storage cannot be written, or is full. Tell whoever runs it, and erase again when it can."
        ) from error


def finish_erasures() -> int:
    """Delete what interrupted erasures and killed work left; gives how much of it could not be deleted.

    For the start of a server.
    """
    kept = sweep(cache_folder())
    for identity, content in unfinished_erasures().items():
        with suppress(ValueError, UserError):
            remains = from_values(json.loads(content), _Remains)
            left = _erase(
                identity, References(**{each.name: getattr(remains, each.name) for each in fields(remains)})
            ).left
            kept += left
            if not left:
                erase_from_store(identity)
    with suppress(WorkspaceError):
        scrub()  # who was killed after a deletion may not have come to it
    return kept


@dataclass(frozen=True, slots=True)
class TextRemoval:
    """What deleting one text of a workspace comes to.

    Attributes:
        upload: digest of the text as it came.
        before: the workspace.
        after: the same without the text, its models, what they were called and shown with, and words that only it has.
    """

    upload: str
    before: Workspace
    after: Workspace

    @property
    def runs(self) -> frozenset[str]:
        """Ids of the models that go, also of those that were removed and could come back."""
        return references(self.before).runs - references(self.after).runs

    @property
    def digests(self) -> frozenset[str]:
        """What the order of a job has in it that works on this text."""
        return self.runs | _texts_of(self.upload) | {self.upload}


def plan_text_removal(workspace: Workspace, upload: str) -> TextRemoval:
    """What of `workspace` goes with one of its texts."""
    texts = _texts_of(upload)

    def stays(run: Run) -> bool:
        return run.corpus_folder.name not in texts if run.source is None else run.source.upload != upload

    runs = tuple(run for run in workspace.runs if stays(run))
    ids = {run.id for run in runs}
    removed = (tuple(each for each in removal if stays(each.run)) for removal in workspace.removed)
    text, pending, score = workspace.text, workspace.pending, workspace.score
    known = [_words_of(run) for run in ids]

    def keep(pins: Iterable[str]) -> tuple[str, ...]:
        return tuple(pin for pin in pins if any(pin in words for words in known))

    others = tuple(replace(each, pins=keep(each.pins)) for each in workspace.texts if each.choice.upload != upload)
    after = replace(
        workspace,
        text=None if text is not None and text.upload == upload else text,
        texts=others,
        pending=None if pending is not None and pending.upload == upload else pending,
        uploads=tuple(each for each in workspace.uploads if each != upload),
        runs=runs,
        removed=tuple(filter(None, removed)),
        left=workspace.left if workspace.left in ids else None,
        right=workspace.right if workspace.right in ids else None,
        shown=tuple(each for each in workspace.shown if each in ids),
        pins=keep(workspace.pins),
        lists={name: left for name, words in workspace.lists.items() if (left := keep(words))},
        doses={run: dose for run, dose in workspace.doses.items() if run in ids},
        studies=tuple(each for each in workspace.studies if all(source.upload != upload for source in each.sources)),
        study=replace(workspace.study, runs=()),  # those of the other texts are made again in seconds
        score=replace(
            score,
            left_out=tuple(each for each in score.left_out if each in ids),
            chosen=score.chosen if score.chosen in ids else None,
            reference=score.reference if score.reference in ids else None,
            shown=None if score.shown is not None and score.shown.text in texts else score.shown,
        ),
    )
    if after.text is None and others:
        after = use_text(after, others[-1].choice)
    return TextRemoval(upload, workspace, after)


def _texts_of(upload: str) -> frozenset[str]:
    uses = (entry.uses for entry in take_inventory([OPENED]) if ("uploads", upload) in entry.uses)
    return frozenset(name for each in uses for kind, name in each if kind == "texts")


def _words_of(run: str) -> frozenset[str]:
    with suppress(OSError):
        return frozenset(read_words(run_folder(run) / "words.txt"))
    return frozenset()


def erase_text(identity: str, removal: TextRemoval) -> Erased:
    """Delete an upload and what was made of it, now that the workspace is as it is after `removal`.

    What it still refers to stays, and what another workspace or demo refers to.
    """
    mine = replace(references(removal.before), uploads=frozenset([removal.upload]))
    return release(mine, References.union([references_of_all(identity), references(removal.after)]))


def erase_runs(ids: frozenset[str]) -> Erased:
    """Delete those of these models that no workspace and no demo refers to any more, with their maps and exports."""
    return release(References(runs=ids), references_of_all())


def erase_unlisted(identity: str, workspace: Workspace) -> Erased:
    """Delete what `workspace` refers to: another tab or a job of the erased `identity` made some of it meanwhile."""
    return _erase(identity, references(workspace))


def _erase(identity: str, mine: References) -> Erased:
    others = references_of_all(identity)
    folder = UPLOADED_VECTORS.place_of(identity)
    files = paths_of(f"{UPLOADED_VECTORS.folder}/{identity}")
    uploaded = [path.name for path in files if not path.name.startswith(".")]
    foreign = {Path(path).name for path in others.vectors}
    left = _try(partial(forget_vectors_names, mine.texts & others.texts, set(uploaded) - foreign))
    left += _remove([*_with_locks(index.folder for index in indexes_of(folder)), *_fits_of(folder), folder])
    erased = release(mine, others)
    return replace(erased, vectors_files=len(uploaded), left=erased.left + left)


def erase_vectors_file(identity: str, name: str) -> int:
    """Delete one of the vectors files that a visitor uploaded, and its indexes; gives how much could not be deleted."""
    folder = upload_folder(identity)
    indexes = _with_locks(index.folder for index in indexes_of(folder, name))
    left = _remove([*indexes, *_fits_of(folder), folder / name])
    with suppress(WorkspaceError):
        scrub()  # the workspace named the file until now
    return left


def forget_copy(path: Path) -> int:
    """Delete what this machine made of an uploaded vectors file that another one erases; gives how much it could not.

    `path`: where its copy lies, or that of anything else, of which nothing is made that is not in the store.
    """
    if path.parent.parent.name != UPLOADED_VECTORS.folder:
        return 0
    return _remove(_with_locks(index.folder for index in indexes_of(path.parent, path.name)))


def _with_locks(indexes: Iterable[Path]) -> Iterator[Path]:
    for folder in indexes:
        yield folder
        yield folder.with_name(f".{folder.name}.lock")


def _fits_of(folder: Path) -> Iterator[Path]:
    return entries_of("coverage", {place_of(folder)})


def release(mine: References, others: References) -> Erased:
    """Delete what is `mine` and not of `others`, and what was made of it, listed or not; and what killed work left."""
    entries = take_inventory([OPENED, TEXTS, RUNS, SCORES, NOISE, STUDIES, SWEEPS])
    uploads = mine.uploads - others.uploads
    opened = [each for each in entries if each.shelf == OPENED and each.name not in others.opened]
    readings = [each for each in opened if each.is_made_of(mine.texts) or _uploads_of(each) & uploads]
    every = mine.texts.union(name for each in readings for kind, name in each.uses if kind == "texts")
    texts = every - others.texts
    made = [each for each in entries if each.shelf != OPENED and each.is_made_of(texts)]
    made += _early_parts(entries, {each.title for each in readings}, others)
    runs = mine.runs.union(each.name for each in made if each.shelf == RUNS) - others.runs
    scores = {*filter(has_score, mine.scores), *(each.name for each in made if each.shelf == SCORES)} - others.scores
    rows = mine.rows.union(folder.name for folder in rows_of(texts)) - others.rows
    found = Erased(
        texts=len(uploads) or _count("texts", texts),
        models=_count("runs", mine.runs - others.runs),
        scorecards=_count("scores", scores),
    )
    left = sum(_try(partial(forget_text_names, text, others.opened)) for text in every & others.texts)
    left += _remove(
        [
            *entries_of("exports", runs | mine.runs),
            *entries_of("layouts", runs | texts),
            *entries_of("neighbours", runs),
            *(each.path for each in made if each.shelf in (NOISE, STUDIES, SWEEPS)),
            *numbers_of(texts),
            *entries_of("scores", scores),
            *entries_of("pairs", mine.pairs - others.pairs),
            *entries_of("coverage", texts),
            *entries_of("runs", runs),
            *entries_of("rows", rows),
            *entries_of("texts", texts),
            *(each.path for each in readings),  # from which texts are found
            *entries_of("uploads", uploads),
        ]
    )
    left += sweep(cache_folder())
    with suppress(WorkspaceError):  # one without room has no new entries either
        take_inventory(SHELVES)  # which lists what was erased, with the names of texts
        scrub()
    return replace(found, left=left)


def _uploads_of(entry: ShelfEntry) -> set[str]:
    return {name for kind, name in entry.uses if kind == "uploads"}


def _count(kind: str, names: Collection[str]) -> int:
    return sum(1 for _ in entries_of(kind, names))


def _early_parts(entries: Sequence[ShelfEntry], names: set[str], others: References) -> list[ShelfEntry]:
    """Models of parts of texts of these names, of which early versions did not say more: such a part is on no shelf."""
    foreign = {each.title for each in entries if each.shelf == OPENED and each.name in others.opened}
    kept = {each.name for each in entries if each.shelf == TEXTS}
    parts = (each for each in entries if each.shelf == RUNS and not each.is_made_of(kept))
    return [each for each in parts if whole_name(each.title) in names - foreign]


def _try(change: Callable[[], None]) -> int:
    """1 where the system does not let us."""
    try:
        change()
    except (OSError, UserError):
        return 1
    return 0


def _remove(paths: Iterable[Path]) -> int:
    """How many could not be deleted."""
    return sum(not remove_entry(path) for path in paths)
