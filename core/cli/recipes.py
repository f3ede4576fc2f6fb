"""A model made again from what its run.json says: the same to the last bit, or the reason why it is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import core
from core.config import TrainConfig
from core.errors import RunError
from core.models.embedding import Embedding, result_digest
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, portion, silent
from core.system.files import read_json
from core.text.corpus import Corpus, CorpusOptions
from core.text.opened import propose_options
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload, read_files
from core.workspace.texts import read_text


@dataclass(frozen=True, slots=True)
class Recipe:
    """What run.json says about one model.

    Attributes:
        name: of the model.
        config: its settings.
        corpus: {"name", "digest", "options"} of the text.
        pretrained: {"name", "digest", "kind"} of the vectors file; None where it needed none.
        versions: of what made it.
        result: names the vectors that must come out; None where run.json is too old to say.
        reading: how the text was cut into documents, where run.json says so.
    """

    name: str
    config: TrainConfig
    corpus: Mapping[str, Any]
    pretrained: Mapping[str, Any] | None
    versions: Mapping[str, str]
    result: str | None
    reading: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the files are.

    Attributes:
        text: paths of the text's files, in their order.
        reading: how they are read; None tries what there is until the text is the one wanted.
        likely: how they were read where they lay before: tried before others.
        vectors: path of the pretrained file.
        member: the file inside it where it is an archive.
    """

    text: tuple[Path, ...]
    reading: Mapping[str, Any] | None = None
    vectors: Path | None = None
    member: str | None = None
    likely: Mapping[str, Any] | None = None


def read_recipes(path: Path) -> dict[str, Recipe]:
    """Name -> recipe of the models in a run.json, of one model or of a whole folder of them.

    Raises:
        RunError: it is none, or has an option that this version does not know.
    """
    about = _read(path)
    if "runs" in about:
        if not isinstance(about["runs"], dict) or not about["runs"]:
            raise RunError(f"{path} names no models. Name the run.json of a model.")
        return {name: _recipe(record, path) for name, record in about["runs"].items()}
    recipe = _recipe(about, path)
    return {recipe.config.strategy: recipe}


def find_inputs(
    path: Path, text: Sequence[Path] = (), reading: Mapping[str, Any] | None = None, vectors: Path | None = None,
    member: str | None = None,
) -> Inputs:  # fmt: skip
    """The inputs that are named here; those that are not are where the run.json of the whole folder says.

    Raises:
        RunError: nothing says where the text is.
    """
    recorded: dict[str, Any] = {}
    for candidate in (path, path.parent.parent / "run.json"):
        if candidate.exists() and "runs" in (about := _read(candidate)):
            recorded = about
            break
    if not text and not recorded.get("text"):
        raise RunError(f"{path} does not say where its text is. Name the files with --text, in their first order.")
    likely = recorded.get("reading") or ({"unit": recorded["documents"]} if recorded.get("documents") else None)
    if not text and reading is None:
        reading = likely
    if vectors is None and recorded.get("vectors"):
        vectors, member = Path(recorded["vectors"]), recorded.get("member")
    return Inputs(tuple(text) or tuple(map(Path, recorded["text"])), reading, vectors, member, likely)


def open_corpus(recipe: Recipe, inputs: Inputs, progress: Progress = silent) -> tuple[Corpus, ReadOptions]:
    """The text that `recipe` was made from, and how it was cut into documents.

    Raises:
        RunError: the files are another text.
        UserError: they cannot be read.
    """
    uploads = read_files(inputs.text)
    options = CorpusOptions(**recipe.corpus.get("options", {}))
    if options.phrase_file and inputs.vectors is not None:
        options = replace(options, phrase_file=str(inputs.vectors), phrase_member=inputs.member or "")
    found = []
    for reading in _readings(recipe, inputs, uploads):
        corpus = read_text(uploads, reading, options, progress).corpus
        if corpus.digest == recipe.corpus["digest"]:
            return corpus, reading
        found.append(corpus.digest)
    unit = inputs.reading and inputs.reading.get("unit", "auto")
    ways = f"cut into documents by {unit}" if unit else "however cut into documents"
    raise RunError(
        f"The text differs: run.json was made from “{recipe.corpus['name']}” with digest {recipe.corpus['digest']}, "
        f"and {', '.join(path.name for path in inputs.text)}, {ways}, has {found[0]}. "
        "Name the same files with --text, in the same order."
    )


def _readings(recipe: Recipe, inputs: Inputs, uploads: Sequence[Upload]) -> Iterator[ReadOptions]:
    if inputs.reading is not None:
        yield ReadOptions(**inputs.reading)
        return
    for known in (recipe.reading, inputs.likely):
        if known is not None:
            yield ReadOptions(**known)
    yield from (ReadOptions(unit=unit) for unit in ("auto", "line", "file", "paragraph"))
    yield propose_options(uploads)


def reproduce(recipe: Recipe, corpus: Corpus, inputs: Inputs, progress: Progress = silent) -> Embedding:
    """Make the model again from `corpus` and check it.

    Raises:
        RunError: the pretrained file differs, or the vectors came out differently; says what could be why.
        UserError: an input cannot be used.
    """
    from core.models.training import find_versions, train

    pretrained = _open_vectors(recipe, corpus, inputs, portion(progress, 0, 0.1))
    embedding = train(corpus, recipe.config, pretrained, portion(progress, 0.1, 1))
    if recipe.result is None or result_digest(embedding) == recipe.result:
        return embedding
    now = find_versions()
    differing = [
        f"{name} {was} then, {now[name]} now" for name, was in recipe.versions.items() if now.get(name, was) != was
    ]
    why = f"What differs: {'; '.join(differing)}." if differing else "Versions are the same; the processor may differ."
    raise RunError(
        f"{recipe.name} came out with other vectors than run.json's, from the same inputs and options. {why} "
        "Install the versions of then, or train anew without --from."
    )


def _open_vectors(recipe: Recipe, corpus: Corpus, inputs: Inputs, progress: Progress) -> PretrainedVectors | None:
    wanted = recipe.pretrained
    if wanted is None:
        return None
    if inputs.vectors is None:
        raise RunError(f"{recipe.name} was made from {wanted['name']}. Name that file with --vectors.")
    pretrained = open_pretrained(inputs.vectors, corpus.words, member=inputs.member, progress=progress)
    if pretrained.digest != wanted["digest"]:
        raise RunError(
            f"The vectors differ: run.json was made from {wanted['name']} with digest {wanted['digest']}, and "
            f"{inputs.vectors} has {pretrained.digest}. Name the same file with --vectors."
        )
    return pretrained


def _read(path: Path) -> dict[str, Any]:
    try:
        about = read_json(path)
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read as run.json ({error}). Name the run.json of a model.") from error
    if not isinstance(about, dict) or not ("runs" in about or "config" in about):
        raise RunError(f"{path} is no run.json of Vectune. Name the run.json of a model.")
    if "runs" in about:
        try:
            check_inputs(about)
        except (ValueError, KeyError, TypeError) as error:
            raise RunError(f"{path} is incomplete or damaged ({error}). Name the run.json of a model.") from error
    return about


def check_inputs(about: Mapping[str, Any]) -> None:
    """Raise `ValueError`, `KeyError` or `TypeError` unless a DIR/run.json says where its models' inputs are."""
    named = [*about["text"], about["documents"]]
    if not all(isinstance(each, str) for each in named) or not all(
        about[key] is None or isinstance(about[key], str) for key in ("vectors", "member")
    ):
        raise ValueError("it does not say where its inputs are")
    ReadOptions(**about.get("reading", {}))
    CorpusOptions(**about.get("tokenising", {}))


def check_recipe(record: Any) -> None:
    """Raise `ValueError`, `KeyError` or `TypeError` unless `record` names what a model was made from."""
    corpus, pretrained = record["inputs"]["corpus"], record["inputs"]["pretrained"]
    if not (isinstance(corpus, dict) and isinstance(pretrained, dict | None) and isinstance(record["config"], dict)):
        raise ValueError("its inputs or config are not what Vectune wrote")
    options = corpus.get("options", {})
    digests = [used["digest"] for used in (corpus, pretrained) if used is not None]
    if not all(isinstance(digest, str) for digest in digests):
        raise ValueError("a digest is missing")
    if not all(isinstance(value, str | int) for value in options.values()):
        raise ValueError("an option of its text is none")
    CorpusOptions(**options)


def _recipe(record: Mapping[str, Any], path: Path) -> Recipe:
    try:
        check_recipe(record)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunError(f"{path} is incomplete or damaged ({error}). Name the run.json of a model.") from error
    known = {field.name for field in fields(TrainConfig)}
    unknown = sorted(set(record.get("config", {})) - known)
    if unknown:
        raise RunError(
            f"{path} has the option {unknown[0]}, which Vectune {core.__version__} does not know. It was made with "
            f"{record.get('versions', {}).get('vectune', 'another version')}; use that one."
        )
    try:
        inputs = record["inputs"]
        return Recipe(
            name=record["name"],
            config=TrainConfig(**record["config"]),
            corpus=inputs["corpus"],
            pretrained=inputs["pretrained"],
            versions=record["versions"],
            result=record.get("result"),
            reading=record.get("reading"),
        )
    except (KeyError, TypeError) as error:
        raise RunError(f"{path} is incomplete ({error}). Name the run.json of a model.") from error
