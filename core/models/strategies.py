"""The functions that make a model, one for each strategy of `core/methods.py`: arrays in, arrays out.

What each is worth is measured by benchmarks/bench_science.py. Models that start from pretrained vectors live in the
file's own space, whatever space they were trained in.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.config import TrainConfig
from core.geometry.alignment import find_rotation
from core.geometry.directions import centre, centred_directions, unit
from core.models.cooccurrence import (
    average_contexts,
    count_cooccurrences,
    find_positive_pmi,
    reduce_by_svd,
    weigh_by_rarity,
)
from core.models.spelling import place_by_spelling
from core.models.start import AfterEpoch, Start
from core.models.training_inputs import Material, Passages
from core.models.training_space import (
    NEW_WORD_NORM,
    TRAINING_NORM,
    find_training_space,
    place_new_words,
)
from core.models.word2vec import train_word2vec
from core.progress import Progress, silent

NOISE_EXPONENT = 0.75
"""Power of a word's count in the draw of negative samples; gensim's `ns_exponent`."""
TIED_NORM = 2.0
"""Mean length of the covered words' vectors while one vector a word is trained."""
TIED_BIAS = float(np.log(5))
"""Taken off every dot product there: the log of the usual number of negatives."""
BLEND_TAU = 10.0
"""Count at which the counting method's vector of a word has half of its weight in a blend with a dose."""
PREVIEW_TAU = 20.0
"""Count at which the preview takes half of a word's vector from its contexts in the text."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A model: float32 vectors (vocabulary, vector_size), for some at both ends of the dose, and what was found out."""

    vectors: np.ndarray
    details: Mapping[str, Any] = field(default_factory=dict)
    ends: tuple[np.ndarray, np.ndarray] | None = None


Maker = Callable[..., Made]
"""Called as `(material, config, progress)`; of a strategy with a dose also with `after_epoch`, and gives both ends."""
MAKERS: dict[str, Maker] = {}
"""By strategy."""


def makes(strategy: str) -> Callable[[Maker], Maker]:
    """The decorated function makes the models of `strategy`."""

    def register(maker: Maker) -> Maker:
        MAKERS[strategy] = maker
        return maker

    return register


@makes("scratch")
def make_scratch(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """Word2Vec on this text alone (Mikolov et al. 2013)."""
    return Made(_train(material.passages, config, progress=progress))


@makes("counts")
def make_counts(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """Positive PMI of the words that meet, reduced by SVD (Levy et al. 2015). No training."""
    return Made(_count(material, config))


@makes("pretrained")
def make_pretrained(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """The file's rows bit for bit; others stand where contexts and spelling put them, at 0.7 of the usual distance.

    `details` says how many words the contexts placed, how many meet no placed word, and how many were turned by words
    that are spelled like them. What neither places gets the mean of the covered words, the one place that says nothing
    about it. None of them counts as pretrained: `covered` is False.
    """
    space = find_training_space(material.rows, material.covered)
    directions, details = _start(material, config)
    vectors = space.leave(directions * np.float32(NEW_WORD_NORM))
    vectors[material.covered] = material.rows[material.covered]
    return Made(vectors, details)


@makes("tuned")
def make_tuned(
    material: Material, config: TrainConfig, progress: Progress = silent, *, after_epoch: AfterEpoch | None = None
) -> Made:
    """Fine-tune freely (WiSE-FT, Wortsman et al. 2022): where the words started, and where they end at dose 1.

    The vectors are centred and rescaled for training, and put back; new words start from their
    contexts and their spelling.
    """
    tuned, details = _fine_tune(material, config, after_epoch=after_epoch, progress=progress)
    return Made(tuned, details, _ends(material, tuned))


@makes("tied")
def make_tied(
    material: Material, config: TrainConfig, progress: Progress = silent, *, after_epoch: AfterEpoch | None = None
) -> Made:
    """Fine-tune one vector a word, as input and as output: where the words started, and where they end at dose 1.

    In word2vec the outputs start at zero and first have to learn what the pretrained vectors know already; here both
    sides start from them (tying: Press & Wolf 2017). The bias is what lets rare words have negative dot products with
    most others, as in word2vec trained with five negatives (Levy & Goldberg 2014: shifted PMI).
    """
    tuned, details = _fine_tune(
        material, config, norm=TIED_NORM, bias=TIED_BIAS, after_epoch=after_epoch, progress=progress
    )
    return Made(tuned, details, _ends(material, tuned))


@makes("pullback")
def make_pullback(
    material: Material, config: TrainConfig, progress: Progress = silent, *, after_epoch: AfterEpoch | None = None
) -> Made:
    """After each epoch covered words go the share `config.pull` of the way back (cf. Dingwall & Potts 2018)."""
    home = find_training_space(material.rows, material.covered).enter(material.rows) * np.float32(TRAINING_NORM)
    covered = np.flatnonzero(material.covered)

    def pull(vectors: np.ndarray) -> None:
        vectors[covered] += np.float32(config.pull) * (home[covered] - vectors[covered])
        if after_epoch is not None:
            after_epoch(vectors)

    tuned, details = _fine_tune(material, config, after_epoch=pull, progress=progress)
    return Made(tuned, details, _ends(material, tuned) if config.dosed else None)


@makes("protect")
def make_protect(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """A covered word of count n moves n / (n + `config.tau`) as far."""
    share = material.counts / (material.counts + config.tau)
    return Made(*_fine_tune(material, config, np.where(material.covered, share, 1), progress=progress))


@makes("freeze")
def make_freeze(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """Covered words keep the file's rows bit for bit; the others are trained among them."""
    vectors, details = _fine_tune(material, config, np.where(material.covered, 0, 1), progress=progress)
    vectors[material.covered] = material.rows[material.covered]
    return Made(vectors, details)


@makes("blend")
def make_blend(
    material: Material, config: TrainConfig, progress: Progress = silent, *, after_epoch: AfterEpoch | None = None
) -> Made:
    """Directions of the pretrained and the counting method's vectors, turned onto each other, mixed by `config.blend`.

    With a dose, the counting method's vector of a word of count n has the weight `config.blend` * n / (n + 10) at dose
    1, and the length of the pretrained one; without (as earlier versions did), all have the same weight and the mixture
    has length 1. Words that the file lacks have the counting method's direction alone. There are no epochs.
    """
    covered = material.covered
    pretrained = centred_directions(material.rows, covered)
    counted = centre(_count(material, config), covered)
    chosen, weights = _weigh_by_count(material)
    rotation = find_rotation(counted[chosen], pretrained[chosen], weights)
    counted = unit(counted @ rotation.matrix)
    if config.dosed:
        return _blend_by_count(material, counted, config)
    mixed = (1 - config.blend) * pretrained + config.blend * counted
    mixed[~covered] = counted[~covered]
    return Made(find_training_space(material.rows, covered).leave(unit(mixed)))


def _blend_by_count(material: Material, counted: np.ndarray, config: TrainConfig) -> Made:
    """`counted`: (vocabulary, vector_size), directions in the space of the pretrained ones."""
    covered, counts = material.covered, material.counts
    space = find_training_space(material.rows, covered)
    start = space.enter(material.rows)
    weights = (config.blend * counts / (counts + BLEND_TAU))[:, None]
    lengths = np.linalg.norm(start, axis=1, keepdims=True)
    mixed = np.where(covered[:, None], start + weights * (counted * lengths - start), counted)
    blended = space.leave(mixed)
    return Made(blended, ends=_ends(material, blended))


@makes("preview")
def make_preview(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """A la carte (Khodak et al. 2018): a linear map from average contexts to vectors, learned on the covered words.

    A covered word of count n goes n / (n + 20) of the way to where its contexts put it; other words stand there.
    """
    covered, counts = material.covered, material.counts
    directions, details, cooccurrences = _place(material, config)
    pretrained = np.where(covered[:, None], directions, 0)
    contexts, met = average_contexts(cooccurrences, pretrained, covered, weigh_by_rarity(counts))
    contexts = contexts - contexts[covered].mean(axis=0)
    induced = unit(contexts @ _learn_map(contexts, pretrained, covered & met, counts))
    share = (counts / (counts + PREVIEW_TAU))[:, None]
    vectors = np.where(covered[:, None], (1 - share) * pretrained + share * induced, induced)
    vectors[~met] = directions[~met]
    return Made(find_training_space(material.rows, covered).leave(unit(vectors)), details)


@makes("classic")
def make_classic(material: Material, config: TrainConfig, progress: Progress = silent) -> Made:
    """The recipe everyone copies, made correct: the file's rows are copied in and trained on with `config.lockf`.

    Covered rows start as the file's, the others at random; the vocabulary is the corpus's. With `config.as_published`
    gensim's vocabulary also gets all the file's words with count 1, as in the recipe. Then most negative samples are
    words that the text does not have (`details` says how many), and frequent words are no longer down-sampled. The
    added words never get an update, so their rows are not kept.
    """
    covered = material.covered
    start = Start(material.rows, covered, np.where(covered, config.lockf, 1).astype(np.float32))
    if not config.as_published:
        return Made(_train(material.passages, config, start, progress=progress))
    absent = material.file_words - int(covered.sum()) - len(material.rare_words)
    covered_words = tuple(word for word, known in zip(material.words, covered, strict=True) if known)
    # names that no tokeniser makes stand for the absent words: training never looks at them
    extra = covered_words + material.rare_words + tuple(f"\n{i}" for i in range(absent))
    vectors = train_word2vec(material.passages, config, start, extra_words=extra, progress=progress)
    added = len(material.rare_words) + absent
    noise = ((material.counts + covered) ** NOISE_EXPONENT).sum() + added
    details = {
        "added_words": added,
        "vocabulary_in_training": len(covered) + added,
        "negatives_not_in_text": float(absent / noise),
    }
    return Made(vectors, details)


def _train(
    passages: Passages,
    config: TrainConfig,
    start: Start | None = None,
    *,
    bias: float | None = None,
    after_epoch: AfterEpoch | None = None,
    progress: Progress = silent,
) -> np.ndarray:
    if config.trained_by == "gensim":
        return train_word2vec(passages, config, start, after_epoch=after_epoch, progress=progress)
    from core.models.engine import train_text

    return train_text(passages, config, start, bias=bias, after_epoch=after_epoch, progress=progress)


def _ends(material: Material, made: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the dose: the file's rows, bit for bit, and the vectors that were made from them."""
    return np.where(material.covered[:, None], material.rows, made), made


def _place(material: Material, config: TrainConfig) -> tuple[np.ndarray, dict[str, Any], Any]:
    """Directions of all words that have one, how many came from contexts, and the co-occurrences."""
    cooccurrences = count_cooccurrences(material.passages, config.window)
    weights = weigh_by_rarity(material.counts)
    directions, placed = place_new_words(material.rows, material.covered, cooccurrences, weights)
    unplaced = ~(placed | material.covered)
    details = {"placed_by_context": int(placed.sum()), "without_context": int(unplaced.sum())}
    return directions, details, cooccurrences


def _start(material: Material, config: TrainConfig) -> tuple[np.ndarray, dict[str, Any]]:
    """Directions from which all words start, as far as they have one, and how many have theirs from what."""
    directions, details, _ = _place(material, config)
    if config.spelled:
        directions, turned = place_by_spelling(directions, material.words, material.covered)
        details["turned_by_spelling"] = int(turned.sum())
    return directions, details


def _fine_tune(
    material: Material,
    config: TrainConfig,
    lockf: np.ndarray | None = None,
    *,
    norm: float = TRAINING_NORM,
    bias: float | None = None,
    after_epoch: AfterEpoch | None = None,
    progress: Progress = silent,
) -> tuple[np.ndarray, dict[str, Any]]:
    """Vectors trained on from the pretrained ones, in the file's space: float32 (vocabulary, vector_size).

    Args:
        lockf: float (vocabulary,); None lets every row move freely.
        norm: mean length of the covered words' vectors in training.
        bias: None trains a vector as input and one as output; a number trains one for both (`engine.train_text`).
        after_epoch: sees the centred, rescaled vectors.
    """
    covered = material.covered
    space = find_training_space(material.rows, covered)
    directions, details = _start(material, config)
    vectors = directions * np.float32(NEW_WORD_NORM * norm)
    vectors[covered] = space.enter(material.rows[covered]) * np.float32(norm)
    # a word without a place starts at random; one vector for both leaves it at the middle, as random ones never meet
    known = covered | directions.any(axis=1) if bias is None else np.ones(len(covered), bool)
    free = np.ones(len(covered)) if lockf is None else lockf
    start = Start(vectors, known, free.astype(np.float32))
    trained = _train(material.passages, config, start, bias=bias, after_epoch=after_epoch, progress=progress)
    return space.leave(trained / np.float32(norm)), details


def _count(material: Material, config: TrainConfig) -> np.ndarray:
    information = find_positive_pmi(count_cooccurrences(material.passages, config.window))
    return reduce_by_svd(information, config.vector_size, config.seed)


def _weigh_by_count(material: Material) -> tuple[np.ndarray, np.ndarray]:
    """bool (vocabulary,): the covered words that decide how two spaces are turned; and how much each of them counts."""
    chosen = material.covered & (material.counts >= 5)
    if chosen.sum() < 2 * material.rows.shape[1]:
        chosen = material.covered
    return chosen, np.sqrt(np.minimum(material.counts[chosen], 200))


def _learn_map(contexts: np.ndarray, target: np.ndarray, chosen: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Ridge regression from `contexts` to `target` on the `chosen` words: (vector_size, vector_size)."""
    weights = np.sqrt(np.minimum(counts[chosen], 100))[:, None]
    known, wanted = contexts[chosen] * weights, target[chosen] * weights
    gram = known.T @ known
    ridge = 0.01 * np.trace(gram) / len(gram) + 1e-12
    return np.linalg.solve(gram + ridge * np.eye(len(gram)), known.T @ wanted)
