"""The run store: every finished embedding on disk under the digest of what made it, and found again later."""

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from core.config import TrainConfig
from core.errors import RunError, UserError
from core.models.description import RunDescription, RunInputs, settle_dose
from core.models.embedding import Embedding, load_embedding, save_embedding
from core.models.training_inputs import needed_vectors
from core.pretrained.vectors import PretrainedVectors, kept_digest, load_pretrained, save_pretrained
from core.progress import Progress, silent
from core.system.entries import gather_kind, is_kept
from core.system.files import cache_folder, digest_of, room_for
from core.system.shelves import About, Shelf
from core.system.typed_json import read_record, write_record
from core.text.corpus import Corpus, load_corpus, save_corpus

STORE_VERSION = "1"
"""Part of every run's identity: raise it when the same inputs no longer give the same vectors."""
DOSE_VERSION = "3"
"""Part of the identity of every run whose dose is chosen: raise it when the same text comes to get another dose."""

_log = logging.getLogger(__name__)


def _describe_run(folder: Path) -> About:
    source = read_record(folder / "run.json", RunDescription).inputs.corpus
    wholes = (source.whole or source.digest).split()  # a part of two texts dealt out anew is of both
    return About(source.name, frozenset(("texts", whole) for whole in wholes))


TEXTS, ROWS, RUNS = Shelf("texts"), Shelf("rows"), Shelf("runs", _describe_run)


def run_id_of(corpus: Corpus, pretrained: PretrainedVectors | None, config: TrainConfig) -> str:
    """Names a run by its inputs and settings: equal for everybody who asks for the same, unguessable without them.

    A model that needs no pretrained vectors does not depend on which are chosen.
    """
    return _name(corpus, needed_vectors(pretrained, config), config)


def find_run_id(corpus: Corpus, pretrained: PretrainedVectors | None, config: TrainConfig) -> str:
    """`run_id_of`, unless only an earlier version has made that run: then the name under which it did.

    They named models that need no vectors by the file that was chosen as well.
    """
    identity, earlier = run_id_of(corpus, pretrained, config), _name(corpus, pretrained, config)
    return earlier if earlier != identity and has_run(earlier) and not has_run(identity) else identity


def _name(corpus: Corpus, pretrained: PretrainedVectors | None, config: TrainConfig) -> str:
    version = f"{STORE_VERSION}, dose {DOSE_VERSION}" if config.has_open_dose else STORE_VERSION
    return digest_of(version, corpus.digest, None if pretrained is None else pretrained.digest, config.identity)


def run_folder(identity: str) -> Path:
    return cache_folder("runs", identity)


def has_run(identity: str) -> bool:
    return (run_folder(identity) / "run.json").exists()


def is_whole(identity: str) -> bool:
    """The run is there, and its files have the sizes that its description says: no more than a look at each."""
    folder = run_folder(identity)
    try:
        about = read_record(folder / "run.json", RunDescription)
        words, size = about.vocabulary, about.config.vector_size
        return (folder / "words.txt").exists() and (folder / "vectors.npy").stat().st_size == 128 + words * size * 4
    except (OSError, ValueError, UserError):
        return False


def load_run(identity: str) -> Embedding:
    """The embedding of a finished run, vectors memory-mapped.

    Raises:
        RunError: it is not there, or its folder was damaged.
    """
    folder = run_folder(identity)
    if not folder.is_dir():
        raise RunError("This model is no longer in the store. Train it again.")
    try:
        return load_embedding(folder)
    except (OSError, ValueError, EOFError) as error:
        raise RunError(
            f"The stored model in {folder} is damaged ({error}). Delete that folder and train again."
        ) from error


def keep_corpus(corpus: Corpus) -> Path:
    """Put `corpus` into the cache folder, where a training process reads it."""
    folder = cache_folder("texts", corpus.digest)
    if not is_kept(folder):
        save_corpus(corpus, folder)
    return folder


def whole_name(name: str) -> str:
    """What the text is called that a part of this name is of, or a part of a part; "" for no part."""
    found = re.fullmatch(r"(.*?)(?: \((?:training part|(?:resampled|shuffled), seed \d+)\))+", name, re.DOTALL)
    return "" if found is None else found[1]


def rename_inputs(folder: Path, texts: Mapping[str, str], vectors: Mapping[str, str]) -> None:
    """Where a stored model's text or vectors file is called by one of these names, let it be called by the other."""
    about = read_record(folder / "run.json", RunDescription)
    text, file = about.inputs.corpus, about.inputs.pretrained
    whole = whole_name(text.name) or text.name
    if whole in texts:
        text = replace(text, name=texts[whole] + text.name[len(whole) :])
    if file is not None:
        file = replace(file, name=vectors.get(file.name, file.name))
    if about.inputs != RunInputs(text, file):
        write_record(folder / "run.json", replace(about, inputs=RunInputs(text, file)))


def rows_of(texts: Collection[str]) -> Iterator[Path]:
    """Folders of the pretrained rows for these texts (digests)."""
    for folder in gather_kind("rows").glob("*"):
        with suppress(OSError, ValueError):
            digest = kept_digest(folder)
            if any(digest_of(digest, text) == folder.name for text in texts):
                yield folder


def keep_pretrained(pretrained: PretrainedVectors, corpus: Corpus) -> Path:
    """Put the rows of `pretrained` that `corpus` needs into the cache folder, where a training process reads them."""
    folder = rows_folder_of(pretrained, corpus)
    if not is_kept(folder):
        save_pretrained(pretrained, folder)
    return folder


def rows_folder_of(pretrained: PretrainedVectors, corpus: Corpus) -> Path:
    """Where `keep_pretrained` puts them."""
    return cache_folder("rows", digest_of(pretrained.digest, corpus.digest))


def train_run(
    progress: Progress, corpus_folder: Path, rows_folder: Path | None, config: TrainConfig, identity: str | None = None
) -> str:
    """Train and store one run; a plain function of picklable arguments, for a child process. Gives the run's id.

    `identity`: that of its record, which an earlier version may have made.

    Raises:
        RunError: the inputs are gone, or the disk is full or cannot be written.
        TrainingError, Cancelled: as `train`.
    """
    corpus, pretrained = load_inputs(corpus_folder, rows_folder)
    identity = identity or find_run_id(corpus, pretrained, config)
    if not has_run(identity):
        save_run(_train(corpus, config, pretrained, progress), identity)
    progress(1.0, "done")
    return identity


def find_or_train(
    corpus: Corpus, pretrained: PretrainedVectors | None, config: TrainConfig, progress: Progress = silent
) -> Embedding:
    """The model of the run store; trained and stored first if it is not there, or not whole.

    Raises:
        RunError: the stored run is damaged, or the disk is full or cannot be written.
        TrainingError, Cancelled: as `train`.
    """
    identity = find_run_id(corpus, pretrained, config)
    if is_whole(identity):
        return load_run(identity)
    embedding = _train(corpus, config, pretrained, progress)
    if has_run(identity):  # a damaged one stays for its owner to see
        return embedding
    save_run(embedding, identity)
    return load_run(identity)


def save_run(embedding: Embedding, identity: str) -> None:
    """Put a finished embedding into the store, whole or not at all.

    Raises:
        RunError: the disk is full or cannot be written.
    """
    folder = run_folder(identity)
    with room_for("The finished model", RunError, "run it again"):
        save_embedding(embedding, folder)
    _log.info("stored run %s (%s)", identity, embedding.config.strategy)


def repeat_run(
    progress: Progress, corpus_folder: Path, rows_folder: Path | None, config: TrainConfig, identity: str | None = None
) -> bool:
    """Train a stored run once more from its inputs; True when the vectors come out the same to the last bit.

    A dose that was chosen is not chosen anew.

    `identity`: that of its record, as for `train_run`.

    Raises:
        RunError: the stored run or its inputs are gone or damaged.
    """
    corpus, pretrained = load_inputs(corpus_folder, rows_folder)
    stored = load_run(identity or find_run_id(corpus, pretrained, config))
    again = _train(corpus, settle_dose(config, stored.details), pretrained, progress)
    progress(1.0, "done")
    return stored.words == again.words and stored.vectors.tobytes() == again.vectors.tobytes()


def _train(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None, progress: Progress) -> Embedding:
    from core.models.training import train

    return train(corpus, config, pretrained, progress)


def load_inputs(corpus_folder: Path, rows_folder: Path | None) -> tuple[Corpus, PretrainedVectors | None]:
    """What `keep_corpus` and `keep_pretrained` kept.

    Raises:
        RunError: it is gone or damaged.
    """
    try:
        return load_corpus(corpus_folder), None if rows_folder is None else load_pretrained(rows_folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            "The text or the vectors of this model are no longer in the cache folder. Open them on the Data page again."
        ) from error
