"""One entry point: a corpus, a configuration and pretrained vectors become an embedding."""

import logging
import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

import core
from core.config import TrainConfig
from core.methods import METHODS
from core.models.beside import run_beside
from core.models.description import Sources, TextSource, VectorsSource
from core.models.dose import apply_dose, choose_dose
from core.models.embedding import Embedding
from core.models.start import ENGINE_VERSION
from core.models.strategies import MAKERS, Made
from core.models.training_inputs import Material, check_material, gather_material, needed_vectors
from core.pretrained.vectors import PretrainedVectors
from core.progress import Progress, portion, silent
from core.system.threads import blas_kernels, one_thread
from core.text.corpus import Corpus
from core.text.tokens.tokenisers import without_place

_log = logging.getLogger(__name__)

CHOICE_SHARE = 0.4
"""Share of the work, when the dose is chosen, that goes into the training on 70 % of the text."""


@one_thread()
def train(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None, progress: Progress = silent
) -> Embedding:
    """Make the model that `config` describes.

    The vocabulary is `corpus.words[: corpus.vocabulary_size(config.min_count)]`, whatever the strategy. The same
    input gives the same bits, in any process, on any number of cores; and what Vectune's own code trained or what was
    not trained, but for the counting method's decomposition, on any processor too: gensim's results depend on the code
    that BLAS chooses for it. `pretrained` is not looked at by strategies that do not need it.

    Raises:
        TrainingError: this text, these vectors and these settings do not go together.
        Cancelled: out of `progress`; no thread is left behind.
    """
    began = time.perf_counter()
    pretrained = needed_vectors(pretrained, config)
    material = gather_material(corpus, config, pretrained)
    check_material(material, config, pretrained)
    made = _make(corpus, config, pretrained, material, progress)
    seconds = time.perf_counter() - began
    covered, size = int(material.covered.sum()), len(material.covered)
    _log.info("trained %s: %d words in %.1f s", config.strategy, size, seconds)
    return Embedding(
        name=config.strategy,
        words=corpus.words[:size],
        vectors=made.vectors,
        counts=np.array(material.passages.counts),
        covered=material.covered,
        config=config,
        sources=Sources(
            TextSource(corpus.name, corpus.digest, without_place(corpus.options), corpus.whole),
            None if pretrained is None else VectorsSource(pretrained.name, pretrained.digest, pretrained.kind),
            find_versions(config),
            round(seconds, 3),
            covered,
            size,
        ),
        ends=made.ends,
        details=made.details,
    )


def check_training(corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None = None) -> None:
    """Raise `TrainingError` where `train` would do so before it begins."""
    pretrained = needed_vectors(pretrained, config)
    check_material(gather_material(corpus, config, pretrained), config, pretrained)


def _make(
    corpus: Corpus, config: TrainConfig, pretrained: PretrainedVectors | None, material: Material, progress: Progress
) -> Made:
    make = MAKERS[config.strategy]
    if not config.has_dose:
        return make(material, config, progress)
    made: Made
    dose, chosen = config.dose, {}
    if dose is not None:
        made = make(material, config, progress)
    else:
        works: list[Callable[[Progress], Any]] = [
            lambda report: make(material, config, report),
            lambda report: choose_dose(corpus, config, pretrained, portion(report, 0, 1, "choosing the dose: ")),
        ]
        made, choice = run_beside(works, progress, (1 - CHOICE_SHARE, CHOICE_SHARE))
        dose, chosen = choice.dose, choice.as_dict()
    assert made.ends is not None, f"{config.strategy} has a dose, so its function must give both ends"
    vectors = apply_dose(*made.ends, material.covered, dose)
    return Made(vectors, {**made.details, "dose": dose, **chosen}, made.ends)


def find_versions(config: TrainConfig) -> dict[str, str]:
    """Of what can change the bits of a model made by `config`.

    gensim's training and the counting method's decomposition depend on the code that BLAS chooses for the processor
    ("blas"); Vectune's own training does not.
    """
    method = METHODS[config.strategy]
    found = {
        "python": platform.python_version(),
        "vectune": core.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        **{name: version(name) for name in ("numpy", "scipy", "scikit-learn")},
    }
    if config.trained_by == "gensim":
        found["gensim"] = version("gensim")
    elif config.trained_by == "vectune":
        found["engine"] = ENGINE_VERSION
    if config.trained_by == "gensim" or method.factors:
        found["blas"] = blas_kernels()
    return found
