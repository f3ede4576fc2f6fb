"""Folders of models as the command line makes them: DIR/NAME for each model, and DIR/run.json for all of them."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import core
from core.errors import RunError, UserError
from core.methods import UNTOUCHED
from core.models.description import RunDescription
from core.models.embedding import Embedding, describe_run, load_embedding, save_embedding
from core.pretrained.vectors import write_glove
from core.system.files import check_place, read_json, writing_to
from core.system.typed_json import Record, UnknownOption, from_values, read_record, write_record
from core.text.parts import Cut, SplitBy
from core.text.reading.documents import ReadOptions
from core.text.tokens.tokenisers import CorpusOptions

_CHOOSE = "another --out"


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where the text of a model is that has one of its own.

    Attributes:
        text: paths of its files, in their order.
        split_by: by what it was cut into parts, of which it is one; None where it is all of them.
        then_by: by what these were cut again.
        dates: the column of tables that had the years.
    """

    text: tuple[Path, ...]
    split_by: SplitBy | None = None
    then_by: SplitBy | None = None
    dates: str | None = None

    @classmethod
    def of(cls, text: tuple[Path, ...], cut: Cut | None) -> "TextPlace":
        """A part of the text of these files, cut so."""
        if cut is None:
            return cls(text)
        return cls(text, cut.by[0], cut.by[1] if len(cut.by) > 1 else None, cut.dates)

    @property
    def cut(self) -> Cut | None:
        """How the text was cut into parts; None where it is all of them."""
        return Cut(tuple(each for each in (self.split_by, self.then_by) if each), self.dates) if self.split_by else None


@dataclass(frozen=True, slots=True)
class FolderDescription(Record):
    """A DIR/run.json: where the inputs of its models are, and what each model's own run.json says.

    Attributes:
        text: paths of the text's files, in their order; () of a study.
        documents: what a document was, as in `reading`.
        reading: how the files were read; None where an early version did not say.
        tokenising: how the text was cut into words; None where an early version did not say.
        vectors: path of the pretrained file.
        member: the file inside it where it is an archive.
        runs: of each model, by its name.
        texts: of a study: where the text of each model is.
    """

    text: tuple[Path, ...]
    documents: str = "auto"
    reading: ReadOptions | None = None
    tokenising: CorpusOptions | None = None
    vectors: Path | None = None
    member: str | None = None
    runs: Mapping[str, RunDescription] = field(default_factory=dict)
    texts: Mapping[str, TextPlace] = field(default_factory=dict)

    @classmethod
    def upgrade(cls, values: Any, version: int) -> Any:
        """Very early ones say what a document was and nothing else of how the files were read."""
        return {**values, "reading": values.get("reading") or {"unit": values.get("documents", "auto")}}


def read_description(path: Path) -> FolderDescription | RunDescription:
    """What a run.json says, of a folder of models or of one.

    Raises:
        RunError: it is none, or damaged, or has an option that this version does not know.
        UserError: a setting has a value that it cannot have.
    """
    try:
        values = read_json(path)
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read as run.json ({error}). Name the run.json of a model.") from error
    if not isinstance(values, dict) or not ("runs" in values or "config" in values):
        raise RunError(f"{path} is no run.json of Vectune. Name the run.json of a model.")
    try:
        return from_values(values, FolderDescription) if "runs" in values else from_values(values, RunDescription)
    except UnknownOption as error:
        raise RunError(
            f"{path} has the option {error.option}, which Vectune {core.__version__} does not know. It was made with "
            f"{_maker(values)}; use that one."
        ) from error
    except ValueError as error:
        raise RunError(f"{path} is incomplete or damaged ({error}). Name the run.json of a model.") from error


def _maker(values: Any) -> str:
    """The version of Vectune that a run.json says it was made with."""
    try:
        described = next(iter(values["runs"].values())) if "runs" in values else values
        return str(described["versions"]["vectune"])
    except (KeyError, TypeError, AttributeError, StopIteration):
        return "another version"


def read_folder(folder: Path) -> FolderDescription:
    """What DIR/run.json says of the models in `folder`.

    Raises:
        RunError: there is none, or it names no models; and as `read_description`.
    """
    path = folder / "run.json"
    if not path.exists():
        raise RunError(f"{folder} has no run.json. Make models with: python -m core train --out {folder}.")
    about = read_description(path)
    if not isinstance(about, FolderDescription) or not about.runs or not (about.text or about.texts):
        raise RunError(f"{path} names no models. Name the folder that was given as --out.")
    return about


def check_out(out: Path, names: Sequence[str], *, study: bool = False) -> None:
    """Raise `RunError` unless models could be saved as `names` below `out`: better now than after the training.

    `study`: of a text each. Such models and models of one text do not go into one folder, whose run.json could not say
    where the texts of both are.
    """
    check_place(out, _CHOOSE)
    path = out / "run.json"
    if path.exists() and not _is_ours(path):
        raise RunError(f"{path} exists and is not Vectune's. Choose another --out.")
    if path.exists() and bool(read_json(path).get("texts")) != study:
        what = "models of one text" if study else "a study, with a text for each model"
        raise RunError(f"{out} holds {what}. Choose another --out.")
    for name in names:
        _check_replaceable(out / name)


def _is_ours(path: Path) -> bool:
    """It names models, whether or not this version can read what it says of them."""
    try:
        return read_json(path)["runs"] is not None
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _check_replaceable(folder: Path) -> None:
    """A folder that an earlier training wrote is replaced; anything else is left alone."""
    if folder.exists() and not (folder / "run.json").exists():
        raise RunError(f"{folder} exists and is not a run of Vectune. Choose another --out.")


def save_model(embedding: Embedding, folder: Path) -> RunDescription:
    """Write a model with its vectors.txt, whole or not at all, in the place of an earlier one; gives its run.json.

    Raises:
        RunError: it cannot be written there.
    """
    _check_replaceable(folder)
    with writing_to(folder, _CHOOSE):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
            new = Path(temporary, "new")
            save_embedding(embedding, new)
            write_glove(new / "vectors.txt", embedding.words, embedding.vectors, header=True)
            if folder.exists():
                folder.rename(Path(temporary, "old"))
            new.rename(folder)
    return describe_run(embedding)


def write_description(out: Path, about: FolderDescription) -> None:
    """Write DIR/run.json. Models that an earlier training on the same inputs left in the folder stay in it.

    Raises:
        RunError: it cannot be written there.
    """
    with writing_to(out, _CHOOSE):
        write_record(out / "run.json", _with_earlier(out, about))


def _with_earlier(out: Path, about: FolderDescription) -> FolderDescription:
    """`about`, and the models of the DIR/run.json that it replaces, where their inputs are the same."""
    try:
        old = read_record(out / "run.json", FolderDescription)
    except (OSError, ValueError, UserError):
        return about  # there is none, or nothing can be made of it
    if (old.text, old.documents, old.reading) != (about.text, about.documents, about.reading):
        return about
    if about.texts:
        return _with_earlier_texts(out, about, old)
    used = [_digests(run) for run in about.runs.values()]
    vectors = {pretrained for _, pretrained in used if pretrained}
    kept = {
        name: run
        for name, run in old.runs.items()
        if name not in about.runs and (out / name / "run.json").exists() and _digests(run)[0] == used[0][0]
    }
    if not vectors and old.vectors and any(_digests(run)[1] for run in kept.values()):
        about = replace(about, vectors=old.vectors, member=old.member)
    elif (about.vectors, about.member) != (old.vectors, old.member):
        kept = {name: run for name, run in kept.items() if _digests(run)[1] in (None, *vectors)}
    return replace(about, runs={**kept, **about.runs})


def _with_earlier_texts(out: Path, about: FolderDescription, old: FolderDescription) -> FolderDescription:
    """The models of texts that an earlier study left, where they were cut in the same way, of the same vectors."""
    if (old.tokenising, old.vectors, old.member) != (about.tokenising, about.vectors, about.member):
        return about
    kept = [name for name in old.texts if name in old.runs and (out / name / "run.json").exists()]
    return replace(
        about,
        runs={**{name: old.runs[name] for name in kept}, **about.runs},
        texts={**{name: old.texts[name] for name in kept}, **about.texts},
    )


def _digests(run: RunDescription) -> tuple[str, str | None]:
    """What a model was made from: its text, its pretrained vectors."""
    inputs = run.inputs
    return inputs.corpus.digest, None if inputs.pretrained is None else inputs.pretrained.digest


def load_model(folder: Path, name: str) -> Embedding:
    """The model called `name` in `folder`.

    Raises:
        RunError: there is none, or it is damaged.
    """
    there = _models_in(folder)
    if name not in there:
        listed = f"It has: {', '.join(there)}." if there else "It has no models; make some with the train command."
        raise RunError(f"There is no model {name} in {folder}. {listed}")
    return open_model(folder / name)


def open_model(folder: Path) -> Embedding:
    """The model in its own folder, DIR/NAME.

    Raises:
        RunError: it is damaged.
    """
    try:
        return load_embedding(folder)
    except (OSError, ValueError, EOFError) as error:
        raise RunError(f"The model in {folder} is damaged ({error}). Train it again.") from error


def find_model(path: Path) -> Path:
    """The folder of one model that `path` means, absolute.

    That is DIR/NAME, its run.json, or DIR where it holds one model beside the pretrained vectors.

    Raises:
        RunError: there is none, or there are several.
    """
    folder = Path(os.path.abspath(path.parent if path.name == "run.json" else path))
    if not folder.exists():
        there = _models_in(folder.parent)
        listed = f" {folder.parent} has: {', '.join(there)}." if there else ""
        raise RunError(f"There is no folder {path}. Check the path.{listed}")
    if not folder.is_dir():
        raise RunError(f"{path} is a file. Name the folder of a model, as the train command writes it: DIR/NAME.")
    if (folder / "run.json").exists() and isinstance(read_description(folder / "run.json"), RunDescription):
        return folder
    there = _models_in(folder)
    if not there:
        raise RunError(
            f"{path} has no run.json of a model, so it is none. Name a folder DIR/NAME that the train command wrote."
        )
    trained = [name for name in there if _strategy_of(folder / name) != UNTOUCHED] or there
    if len(trained) > 1:
        raise RunError(f"{path} holds several models: {', '.join(there)}. Name one of them, as in {path / trained[0]}.")
    return folder / trained[0]


def _models_in(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/run.json") if not path.parent.name.startswith("."))


def _strategy_of(folder: Path) -> str:
    about = read_description(folder / "run.json")
    return about.strategy if isinstance(about, RunDescription) else ""


def tell_apart(left: Path, right: Path) -> tuple[str, str]:
    """What to call two folders: the last part of their paths, and as many before it as tell them apart."""
    sides = left.parts, right.parts
    for length in range(1, max(map(len, sides)) + 1):
        names = tuple("/".join(parts[-length:]) for parts in sides)
        if names[0] != names[1]:
            return names[0], names[1]
    return str(left), str(right)
