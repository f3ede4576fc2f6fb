"""A model made again from what its run.json says: the same to the last bit, or the reason why it is not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.cli.folders import FolderDescription, TextPlace, read_description
from core.errors import CorpusError, RunError, UserError
from core.models.description import RunDescription, settle_dose
from core.models.embedding import Embedding, result_digest
from core.pretrained.vectors import PretrainedVectors, open_pretrained
from core.progress import Progress, portion, silent
from core.text.corpus import Corpus
from core.text.opened import propose_options, relabel_by
from core.text.parts import Cut, group_documents, take_documents, take_groups
from core.text.reading.apart import call_apart, read_apart
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload, read_files
from core.text.tokens.casing import is_read_anew
from core.workspace.texts import open_uploads

_LETTERS = (
    " If they are the same files: this text has letters that earlier versions of Vectune read otherwise (ligatures, "
    "the Turkish \u0130 and \u0131, letters that Unicode writes in two ways), so a model that one of them made of it "
    "is made again only by that version."
)
_CAUSES = {"blas": "the linear algebra's code for this kind of processor, by which gensim rounds (OpenBLAS)"}


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the files are.

    Attributes:
        text: paths of the text's files, in their order.
        reading: how they are read; None tries what there is until the text is the one wanted.
        likely: how they were read where they lay before: tried before others.
        vectors: path of the pretrained file.
        member: the file inside it where it is an archive.
        cut: how the text was cut into parts, of which the one that is wanted may be one.
    """

    text: tuple[Path, ...]
    reading: ReadOptions | None = None
    vectors: Path | None = None
    member: str | None = None
    likely: ReadOptions | None = None
    cut: Cut | None = None


def read_recipes(path: Path) -> dict[str, RunDescription]:
    """Name -> description of the models in a run.json, of one model or of a whole folder of them.

    Raises:
        RunError: it is none, or has an option that this version does not know.
    """
    about = read_description(path)
    if isinstance(about, RunDescription):
        return {about.strategy: about}
    if not about.runs:
        raise RunError(f"{path} names no models. Name the run.json of a model.")
    return dict(about.runs)


def find_inputs(
    path: Path, text: Sequence[Path] = (), reading: ReadOptions | None = None, vectors: Path | None = None,
    member: str | None = None, advice: str = "Name the files with --text, in their first order.",
) -> Inputs:  # fmt: skip
    """The inputs that are named here; the others are where the run.json of the whole folder says.

    `advice`: what to do where nothing says so.

    Raises:
        RunError: nothing says where the text is.
    """
    recorded = _folder_of(path) or FolderDescription(())
    place = recorded.texts.get(path.absolute().parent.name, TextPlace(recorded.text))
    if not text and not place.text:
        if recorded.texts:
            advice = f"It is of a study, with a text for each model: name the run.json of one, below {path.parent}."
        raise RunError(f"{path} does not say where its text is. {advice}")
    if not text and reading is None:
        reading = recorded.reading
    if vectors is None and recorded.vectors is not None:
        vectors, member = recorded.vectors, recorded.member
    return Inputs(tuple(text) or place.text, reading, vectors, member, recorded.reading, place.cut)


def _folder_of(path: Path) -> FolderDescription | None:
    """What is said of the folder that the models in a run.json belong to."""
    about = read_description(path)
    if isinstance(about, FolderDescription):
        return about
    above = path.absolute().parent.parent / "run.json"
    try:
        about = read_description(above) if above.exists() else about
    except UserError:
        return None  # another program's, beside a model that was copied there
    return about if isinstance(about, FolderDescription) else None


def open_corpus(
    recipe: RunDescription, inputs: Inputs, progress: Progress = silent, differs: str | None = None
) -> tuple[Corpus, ReadOptions]:
    """The text that `recipe` was made from, and how it was cut into documents.

    `differs`: what to say where the files are another text; None says by which digests they are, and names --text.

    Raises:
        RunError: the files are another text.
        UserError: they cannot be read.
    """
    uploads = read_files(inputs.text)
    source = recipe.inputs.corpus
    options = source.options
    if options.phrase_file and inputs.vectors is not None:
        options = replace(options, phrase_file=str(inputs.vectors), phrase_member=inputs.member or "")
    found: list[str] = []
    failed: list[CorpusError] = []
    read_anew = False
    for reading in _readings(recipe, inputs, uploads):
        try:
            text = open_uploads(uploads, reading, options, progress, read=read_apart)
            corpus = text.corpus
            relabel = relabel_by(uploads, reading, corpus.document_names, read_apart)
            parts = () if inputs.cut is None else take_groups(corpus, group_documents(corpus, inputs.cut, relabel))
            if recipe.part is not None:
                chosen = recipe.part.find(zip(corpus.document_names, corpus.labels, strict=True), relabel)
                parts = (*parts, take_documents(corpus, chosen, source.name))
        except CorpusError as error:  # another way of reading may do
            failed.append(error)
            continue
        for each in (corpus, *parts):
            if each.digest == source.digest:
                return each, reading
        found.append(corpus.digest)
        read_anew = read_anew or any(is_read_anew(document.text) for document in text.reading.documents)
    if not found:
        raise failed[0]
    if differs is not None:
        raise RunError(differs)
    read = inputs.reading
    ways = "however cut into documents" if read is None else f"cut into documents by {read.unit}"
    raise RunError(
        f"The text differs: run.json was made from “{source.name}” with digest {source.digest}, and "
        f"{', '.join(path.name for path in inputs.text)}, {ways}, has {found[0]}. "
        "Name the same files with --text, in the same order." + (_LETTERS if read_anew else "")
    )


def _readings(recipe: RunDescription, inputs: Inputs, uploads: Sequence[Upload]) -> Iterator[ReadOptions]:
    if inputs.reading is not None:
        yield inputs.reading
        return
    for known in (recipe.reading, inputs.likely):
        if known is not None:
            yield known
    yield from (ReadOptions(unit=unit) for unit in ("auto", "line", "file", "paragraph"))
    yield call_apart(propose_options, uploads)


def reproduce(recipe: RunDescription, corpus: Corpus, inputs: Inputs, progress: Progress = silent) -> Embedding:
    """Make the model again from `corpus` and check it. A dose that was chosen is not chosen anew.

    Raises:
        RunError: the pretrained file differs, or the vectors came out differently; says what could be why.
        UserError: an input cannot be used.
    """
    from core.models.training import find_versions, train

    pretrained = open_vectors(recipe, corpus, inputs, portion(progress, 0, 0.1))
    config = settle_dose(recipe.config, recipe.details)
    made = train(corpus, config, pretrained, portion(progress, 0.1, 1))
    embedding = replace(made, config=recipe.config, details={**recipe.details, **made.details})
    if recipe.result is None or result_digest(embedding) == recipe.result:
        return embedding
    now = find_versions(recipe.config)
    differing = [
        f"{_CAUSES.get(name, name)} {was} then, {now[name]} now"
        for name, was in recipe.versions.items()
        if now.get(name, was) != was
    ]
    same = "Versions are the same; the processor may differ: gensim's results depend on its kind."
    why = f"What differs: {'; '.join(differing)}." if differing else same
    raise RunError(
        f"{recipe.name} came out with other vectors than run.json's, from the same inputs and options. {why} "
        "Install the versions of then, or train anew without --from."
    )


def open_vectors(
    recipe: RunDescription,
    corpus: Corpus,
    inputs: Inputs,
    progress: Progress = silent,
    differs: str | None = None,
) -> PretrainedVectors | None:
    """The rows that `corpus` needs of the file that `recipe` was made from; None where it needed none.

    `differs`: what to say where it is another file; None says by which digests it is, and names --vectors.

    Raises:
        RunError: nothing says where the file is, or it is another one.
        PretrainedError: it cannot be read.
    """
    wanted = recipe.inputs.pretrained
    if wanted is None:
        return None
    if inputs.vectors is None:
        raise RunError(f"{recipe.name} was made from {wanted.name}. Name that file with --vectors.")
    pretrained = open_pretrained(inputs.vectors, corpus.words, member=inputs.member, progress=progress)
    if pretrained.digest != wanted.digest:
        raise RunError(
            differs
            or f"The vectors differ: run.json was made from {wanted.name} with digest {wanted.digest}, and "
            f"{inputs.vectors} has {pretrained.digest}. Name the same file with --vectors."
        )
    return pretrained
