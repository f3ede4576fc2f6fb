"""One entry point: a corpus, a configuration and pretrained vectors become an embedding."""

import logging
import platform
import time
from dataclasses import asdict
from importlib.metadata import version

import numpy as np

import core
from core.config import NEEDS_PRETRAINED, TrainConfig
from core.models import strategies
from core.models.dose import choose_dose
from core.models.embedding import Embedding
from core.models.strategies import Made
from core.models.training_inputs import Material, check_material, gather_material
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, portion, silent
from core.system.threads import one_thread
from core.text.corpus import Corpus

logger = logging.getLogger(__name__)

CHOICE_SHARE = 0.4
"""Of the work of fine-tuning with an automatic dose, the first training, on 70 % of the text."""


@one_thread()
def train(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None, progress: Progress = silent
) -> Embedding:
    """Make the model that `config` describes.

    The vocabulary is `corpus.words[: corpus.vocabulary_size(config.min_count)]`, whatever the strategy. The same
    input gives the same bits, in any process, on any number of cores. `pretrained` is not looked at by strategies that
    do not need it.

    Raises:
        TrainingError: this text, these vectors and these settings do not go together.
        Cancelled: out of `progress`; no thread is left behind.
    """
    began = time.perf_counter()
    if config.strategy not in NEEDS_PRETRAINED:
        pretrained = None
    material = gather_material(corpus, config, pretrained)
    check_material(material, config, pretrained)
    made = _make(corpus, config, pretrained, material, progress)
    seconds = time.perf_counter() - began
    covered, size = int(material.covered.sum()), len(material.covered)
    logger.info("trained %s on %s: %d words in %.1f s", config.strategy, corpus.name, size, seconds)
    return Embedding(
        name=config.strategy,
        words=corpus.words[:size],
        vectors=made.vectors,
        counts=np.array(material.passages.counts),
        covered=material.covered,
        config=config,
        sources={
            "corpus": {"name": corpus.name, "digest": corpus.digest, "options": asdict(corpus.options)},
            "pretrained": pretrained
            and {"name": pretrained.name, "digest": pretrained.digest, "kind": pretrained.kind},
            "versions": find_versions(),
            "seconds": round(seconds, 3),
            "covered": covered,
            "vocabulary": size,
        },
        ends=made.ends,
        details=made.details,
    )


def check_training(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None) -> None:
    """Raise `TrainingError` where `train` would do so before it begins."""
    if config.strategy not in NEEDS_PRETRAINED:
        pretrained = None
    check_material(gather_material(corpus, config, pretrained), config, pretrained)


def _make(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None, material: Material, progress: Progress
) -> Made:
    match config.strategy:
        case "pretrained":
            return strategies.make_pretrained(material, config)
        case "scratch":
            return strategies.make_scratch(material, config, progress)
        case "counts":
            return strategies.make_counts(material, config)
        case "tuned":
            assert pretrained is not None
            return _make_tuned(corpus, config, pretrained, material, progress)
        case "pullback":
            return strategies.make_pullback(material, config, progress)
        case "protect":
            return strategies.make_protect(material, config, progress)
        case "freeze":
            return strategies.make_freeze(material, config, progress)
        case "blend":
            return strategies.make_blend(material, config)
        case "preview":
            return strategies.make_preview(material, config)
        case "classic":
            return strategies.make_classic(material, config, progress)


def _make_tuned(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors, material: Material, progress: Progress
) -> Made:
    """Fine-tuned on all of the text, with the given dose or the one that a training on a part of it finds best."""
    if config.dose is not None:
        return strategies.make_tuned(material, config, config.dose, progress=progress)
    choice = choose_dose(corpus, config, pretrained, portion(progress, 0, CHOICE_SHARE, "choosing the dose: "))
    made = strategies.make_tuned(material, config, choice.dose, progress=portion(progress, CHOICE_SHARE, 1))
    return Made(made.vectors, {**made.details, **choice.as_dict()}, made.ends)


def find_versions() -> dict[str, str]:
    """Of what can change the bits of a model."""
    packages = {name: version(name) for name in ("numpy", "scipy", "scikit-learn", "gensim")}
    machine = f"{platform.system()} {platform.machine()}"
    return {"python": platform.python_version(), "vectune": core.__version__, "machine": machine, **packages}
