"""The run store: every finished embedding on disk under the digest of what made it, and found again later."""

import logging
from pathlib import Path

from core.config import TrainConfig
from core.corpus import Corpus, load_corpus, save_corpus
from core.embedding import Embedding, load_embedding, save_embedding
from core.errors import RunError
from core.pretrained import PretrainedVectors, load_pretrained, save_pretrained
from core.progress import Progress
from core.storage import cache_folder, digest_of

STORE_VERSION = "1"
"""Part of every run's identity: raise it when the same inputs no longer give the same vectors."""

_log = logging.getLogger(__name__)


def run_id(corpus_digest: str, pretrained_digest: str | None, config: TrainConfig) -> str:
    """Names a run by its inputs and settings: equal for everybody who asks for the same, unguessable without them."""
    settings = repr(sorted(config.as_dict().items()))
    return digest_of(STORE_VERSION, corpus_digest, pretrained_digest, settings)


def run_folder(identity: str) -> Path:
    return cache_folder("runs", identity)


def has_run(identity: str) -> bool:
    return (run_folder(identity) / "run.json").exists()


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
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"The stored model in {folder} is damaged ({error}). Delete that folder and train again."
        ) from error


def keep_corpus(corpus: Corpus) -> Path:
    """Put `corpus` into the cache folder, where a training process reads it."""
    folder = cache_folder("texts", corpus.digest)
    if not folder.exists():
        save_corpus(corpus, folder)
    return folder


def keep_pretrained(pretrained: PretrainedVectors, corpus: Corpus) -> Path:
    """Put the rows of `pretrained` that `corpus` needs into the cache folder, where a training process reads them."""
    folder = cache_folder("rows", digest_of(pretrained.digest, corpus.digest))
    if not folder.exists():
        save_pretrained(pretrained, folder)
    return folder


def train_run(progress: Progress, corpus_folder: Path, rows_folder: Path | None, config: TrainConfig) -> str:
    """Train and store one run; a plain function of picklable arguments, for a child process. Gives the run's id."""
    from core.training import train

    corpus = load_corpus(corpus_folder)
    pretrained = None if rows_folder is None else load_pretrained(rows_folder)
    identity = run_id(corpus.digest, None if pretrained is None else pretrained.digest, config)
    if not has_run(identity):
        embedding = train(corpus, config, pretrained, progress)
        save_embedding(embedding, run_folder(identity))
        _log.info("stored run %s (%s)", identity, config.strategy)
    progress(1.0, "done")
    return identity
