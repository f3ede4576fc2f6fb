"""Studies in the cache folder: a child makes them, pages only open them.

What is kept of a study is a folder of numbers named by its texts, their order and the settings. Its models are in the
run store, its noise is where that of any two models is. What texts are called is no part of it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.comparison.retrainings import NoiseSide
from core.comparison.study.models import Study, make_study
from core.comparison.study.neighbours import nearest_in_texts
from core.comparison.study.steps import Since, lacking_noise, measure_steps
from core.comparison.study.texts import StudyText, check_number, check_texts
from core.comparison.study.trajectories import Trajectories, find_trajectories
from core.config import TrainConfig
from core.errors import RunError, TrainingError
from core.geometry.neighbours import Neighbours
from core.models.runs import has_run, load_inputs, load_run
from core.models.training import check_training
from core.progress import Progress, portion
from core.system.files import digest_of, new_folder, read_words, write_words
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record

STUDY_VERSION = "1"
"""Part of what is kept: raise it when the same texts and settings no longer give the same study."""
DEPTH = 20
"""So many neighbours of each word are kept."""
_MODELS, _ALIGNED = 0.8, 0.9  # shares of the work
_NUMBERS = ("rows", "counts", "from_first", "from_previous", "near", "similarities")


@dataclass(frozen=True, slots=True)
class StudySource:
    """A text of a study that is to be made: what to call it, and the folders of its corpus and pretrained rows."""

    name: str
    corpus_folder: Path
    rows_folder: Path | None


@dataclass(frozen=True, slots=True)
class StudyOrder:
    """Which texts, in which order, and the settings of all their models. Picklable."""

    texts: tuple[StudySource, ...]
    config: TrainConfig

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(text.name for text in self.texts)

    @property
    def key(self) -> tuple[str, ...]:
        """What it is, and what its texts are called."""
        return self.identity, *self.names

    @property
    def identity(self) -> str:
        """Equal for everybody who asks for the same."""
        corpora = [text.corpus_folder.name for text in self.texts]
        rows = [None if text.rows_folder is None else text.rows_folder.name for text in self.texts]
        return digest_of(STUDY_VERSION, self.config.identity, *corpora, *rows)

    @property
    def folder(self) -> Path:
        return STUDIES.path_of(self.identity)


@dataclass(frozen=True, slots=True, eq=False)
class KeptStudy:
    """A study with all that is shown of it but its noise.

    Attributes:
        study: itself; its models are memory-mapped.
        trajectories: of its words.
        near: the neighbours of its words among each other, in each text.
        tokens: of each text.
    """

    study: Study
    trajectories: Trajectories
    near: tuple[Neighbours, ...]
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StudiedTexts(Record):
    """Of which texts a study, or what is made of it, is: their digests."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _AboutStudy(Record):
    """Of each text in order: its digest, the id of its model, documents, tokens, language."""

    texts: tuple[str, ...]
    runs: tuple[str, ...]
    documents: tuple[int, ...]
    tokens: tuple[int, ...]
    languages: tuple[str | None, ...]


def _describe_study(folder: Path) -> About:
    return About(uses=frozenset(("texts", text) for text in read_record(folder / "about.json", StudiedTexts).texts))


STUDIES = Shelf("studies", _describe_study)


def keep_study(progress: Progress, order: StudyOrder) -> str:
    """Make a study and keep it, unless it was kept before; a plain function of picklable arguments, for a child.

    Gives its identity.

    Raises:
        CorpusError: the texts cannot be a study.
        TrainingError: one of them cannot be trained on with these settings.
        RunError: what a text was kept as is gone, or nothing can be stored.
        Cancelled: out of `progress`; finished models stay.
    """
    if not has_study(order):
        texts = _open_texts(order)
        study = make_study(texts, order.config, portion(progress, 0, _MODELS))
        trajectories = find_trajectories(study, portion(progress, _MODELS, _ALIGNED))
        near = nearest_in_texts(study, DEPTH, portion(progress, _ALIGNED, 1))
        _keep(order, KeptStudy(study, trajectories, near, tuple(text.corpus.n_tokens for text in texts)))
    progress(1.0, "done")
    return order.identity


def _open_texts(order: StudyOrder) -> list[StudyText]:
    check_number(order.names, "Leave some out, or join some.")
    texts = [StudyText(text.name, *load_inputs(text.corpus_folder, text.rows_folder)) for text in order.texts]
    check_texts(texts, order.config.min_count)
    for text in texts:
        try:
            check_training(text.corpus, order.config, text.pretrained)
        except TrainingError as error:
            raise TrainingError(f"“{text.name}”: {error}") from error
    return texts


def _keep(order: StudyOrder, made: KeptStudy) -> None:
    study, near = made.study, made.near
    arrays = (
        study.rows,
        study.counts,
        made.trajectories.from_first,
        made.trajectories.from_previous,
        np.stack([each.indices for each in near]),
        np.stack([each.similarities for each in near]),
    )
    with new_folder(order.folder) as new:
        write_words(new / "words.txt", study.words)
        for name, array in zip(_NUMBERS, arrays, strict=True):
            np.save(new / f"{name}.npy", array, allow_pickle=False)
        about = _AboutStudy(
            texts=texts_of_models(study),
            runs=tuple(side.run for side in study.sides),
            documents=study.documents,
            tokens=made.tokens,
            languages=study.languages,
        )
        write_record(new / "about.json", about)


def texts_of_models(study: Study) -> tuple[str, ...]:
    """Digests of the texts of a study's models."""
    return tuple(each.whole or each.digest for each in (model.sources.corpus for model in study.models))


def has_study(order: StudyOrder) -> bool:
    """It is kept, and so are its models."""
    runs = runs_of_study(order)
    return bool(runs) and all(map(has_run, runs))


def runs_of_study(order: StudyOrder) -> tuple[str, ...]:
    """Ids of its models, in the order of the texts; none where it is not kept."""
    return kept_runs(order.identity)


def kept_runs(study: str) -> tuple[str, ...]:
    """Ids of the models of the study of this identity, in the order of its texts; none where it is not kept."""
    try:
        return read_record(STUDIES.path_of(study) / "about.json", _AboutStudy).runs
    except (OSError, ValueError):
        return ()


def open_study(order: StudyOrder) -> KeptStudy:
    """What `keep_study` kept, its texts called as in `order`.

    Raises:
        RunError: it is not there, or damaged.
    """
    try:
        about = read_record(order.folder / "about.json", _AboutStudy)
        words = read_words(order.folder / "words.txt")
        rows, counts, first, previous, near, similarities = (
            np.load(order.folder / f"{name}.npy", mmap_mode="r") for name in _NUMBERS
        )
    except (OSError, ValueError) as error:
        raise RunError(f"What is kept of this study is damaged ({error}). Make it again.") from error
    models = tuple(load_run(run) for run in about.runs)
    sides = tuple(
        NoiseSide(run, text.corpus_folder, text.rows_folder, model.config)
        for run, text, model in zip(about.runs, order.texts, models, strict=True)
    )
    return KeptStudy(
        Study(order.names, models, sides, about.documents, about.languages, words, rows, counts),
        Trajectories(first, previous),
        tuple(Neighbours(indices, cosines) for indices, cosines in zip(near, similarities, strict=True)),
        about.tokens,
    )


def measure_study(progress: Progress, order: StudyOrder, since: Since = "previous") -> str:
    """Measure the noise of a kept study's steps, from text to text or from the first; gives its identity.

    A plain function of picklable arguments, for a child.

    Raises:
        TrainingError: of a step the documents, dealt out anew, cannot be trained on; other steps are measured.
        RunError: the study, or what it was made from, is gone, or nothing can be stored.
        Cancelled: out of `progress`; finished retrainings, and steps that are measured, stay.
    """
    study = open_study(order).study
    steps = measure_steps(study, progress, since)
    lacking = lacking_noise(study, since)
    if lacking:
        step = steps[lacking[0]]
        raise TrainingError(f"From “{step.left}” to “{step.right}”: {step.why_not}")
    progress(1.0, "done")
    return order.identity
