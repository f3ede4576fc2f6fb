"""The two models of a comparison, each from a folder of its own: loaded, with the text and the vectors they came of.

A folder remembers where its inputs lay. Where they are gone or have changed since, nothing can be trained again to
measure noise, so that is said with the path.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.cli.folders import find_model, open_model, read_description, tell_apart
from core.cli.recipes import Inputs, find_inputs, open_corpus, open_vectors
from core.comparison.retrainings import NoiseSide
from core.errors import ComparisonError, RunError
from core.models.description import RunDescription
from core.models.embedding import Embedding, result_digest
from core.models.runs import find_run_id, is_whole, keep_corpus, keep_pretrained, load_run, save_run
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, portion, silent
from core.system.files import digest_of
from core.text.corpus import Corpus

FEWEST_SHARED = 50
"""Two models that share fewer words, and not even half of the smaller one's, have no language in common."""


@dataclass(frozen=True, slots=True, eq=False)
class ModelFolder:
    """One model of a comparison.

    Attributes:
        folder: where it is, absolute.
        name: what to call it beside the other one.
        embedding: itself.
        about: what its run.json says.
    """

    folder: Path
    name: str
    embedding: Embedding
    about: RunDescription


def open_sides(left: Path, right: Path) -> tuple[ModelFolder, ModelFolder]:
    """The models that two paths mean (`find_model`).

    Raises:
        RunError: one is none, or damaged, or was changed since it was written; or both are the same one.
        ComparisonError: they have hardly a word in common.
    """
    folders = find_model(left), find_model(right)
    if folders[0].resolve() == folders[1].resolve():
        raise RunError(f"Both sides are {folders[0]}. Name two different models.")
    names = tell_apart(*folders)
    sides = tuple(_open(folder, name) for folder, name in zip(folders, names, strict=True))
    _check_shared(sides[0], sides[1])
    return sides[0], sides[1]


def _open(folder: Path, name: str) -> ModelFolder:
    embedding, about = open_model(folder), read_description(folder / "run.json")
    assert isinstance(about, RunDescription)
    if about.result is not None and about.result != result_digest(embedding):
        raise RunError(
            f"The vectors in {folder} are not those that its run.json was written for: a file in it was changed. "
            "Train that model again."
        )
    return ModelFolder(folder, name, embedding, about)


def _check_shared(left: ModelFolder, right: ModelFolder) -> None:
    sizes = len(left.embedding.words), len(right.embedding.words)
    shared = len(set(left.embedding.words) & set(right.embedding.words))
    if shared < FEWEST_SHARED and shared < min(sizes) / 2:
        raise ComparisonError(
            f"{left.name} ({sizes[0]:,} words) and {right.name} ({sizes[1]:,} words) have "
            f"{shared or 'none'} in common, too few to compare them. Name two models of one language, whose texts were "
            "cut into words in the same way."
        )


@dataclass(frozen=True, slots=True, eq=False)
class KeptSide:
    """A model with its inputs, in the cache folder.

    Attributes:
        noise: where everything of it lies, and its settings at its dose.
        corpus: its text.
    """

    noise: NoiseSide
    corpus: Corpus


def keep_sides(sides: Sequence[ModelFolder], progress: Progress = silent) -> tuple[KeptSide, KeptSide]:
    """Put both models and what they were made from into the cache folder, where retrainings find and leave theirs.

    Raises:
        RunError: a text or a vectors file has moved or changed; or both are the same model.
        UserError: one cannot be read.
    """
    opened: dict[str, Corpus] = {}
    kept = []
    for number, side in enumerate(sides):
        kept.append(_keep(side, opened, portion(progress, number / len(sides), (number + 1) / len(sides))))
    left, right = kept
    if left.noise.run == right.noise.run:
        raise RunError(
            f"{sides[0].folder} and {sides[1].folder} are the same model: one text, one vectors file, the same "
            "settings and seed. Nothing can have moved between them. Name two different models."
        )
    return left, right


def _keep(side: ModelFolder, opened: dict[str, Corpus], progress: Progress) -> KeptSide:
    about = side.about
    inputs = find_inputs(
        side.folder / "run.json",
        advice=f"Only {side.folder.parent / 'run.json'} says that, and it is not there. Train the model again.",
    )
    _check_there(side, inputs)
    digest = about.inputs.corpus.digest
    if digest not in opened:
        opened[digest], _ = open_corpus(about, inputs, portion(progress, 0, 0.5), _say_changed(side, *inputs.text))
    corpus = opened[digest]
    pretrained = open_vectors(about, corpus, inputs, portion(progress, 0.5, 1), _say_changed(side, inputs.vectors))
    config, dose = side.embedding.config, side.embedding.dose
    noise = NoiseSide(
        run=_keep_run(side, corpus, pretrained),
        corpus_folder=keep_corpus(corpus),
        rows_folder=None if pretrained is None else keep_pretrained(pretrained, corpus),
        config=replace(config, dose=config.dose if dose is None else dose),
    )
    return KeptSide(noise, corpus)


def _say_changed(side: ModelFolder, *paths: Path | None) -> str:
    return (
        f"{', '.join(map(str, paths))}: that is no longer what {side.folder} was made from. It was changed since, or "
        "this version reads it differently. Restore it, or train the model again."
    )


def _check_there(side: ModelFolder, inputs: Inputs) -> None:
    """Raise `RunError` where a file that the model was made from is no longer where it was."""
    for path in inputs.text:
        if not path.exists():
            raise RunError(
                f"The text of {side.folder} is no longer at {path}, and measuring noise trains on it again. Put it "
                "back there, or train the model again from where it is now."
            )
    used = side.about.inputs.pretrained
    if used is None:
        return
    if inputs.vectors is None:
        raise RunError(
            f"{side.folder.parent / 'run.json'} does not say where the vectors file {used.name} is, from which "
            f"{side.folder.name} was made. Train the model again."
        )
    if not inputs.vectors.exists():
        raise RunError(
            f"The vectors file of {side.folder} is no longer at {inputs.vectors}. Put it back there, or train the "
            "model again from where it is now."
        )


def _keep_run(side: ModelFolder, corpus: Corpus, pretrained: PretrainedVectors | None) -> str:
    """Id of the model in the run store. A folder may come from anywhere, so it never takes the place of the app's own.

    Where the app has made the very same vectors, it is the app's.
    """
    own, result = find_run_id(corpus, pretrained, side.embedding.config), result_digest(side.embedding)
    if is_whole(own) and result_digest(load_run(own)) == result:
        return own
    identity = digest_of("from a folder", own, result)
    if not is_whole(identity):
        save_run(side.embedding, identity)
    return identity
