"""Retrainings that say how much of a change is noise: planning them, making them, keeping what they measured.

Each retraining goes into the run store, so what was made once, or before a cancellation, is not made again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from core.comparison.movers import (
    NOISE_TEXTS,
    Movers,
    NoiseKind,
    average_change,
    changes_of,
    find_movers,
    measure_noise,
    retraining_config,
    retraining_configs,
)
from core.comparison.pair import Comparison, match_words
from core.comparison.table import shared_counts
from core.config import TrainConfig
from core.errors import RunError
from core.methods import METHODS, Method
from core.models.beside import available_cores, run_beside
from core.models.dose import at_dose, has_dose
from core.models.embedding import Embedding
from core.models.estimates import estimate_seconds
from core.models.runs import find_or_train, load_inputs, load_run
from core.progress import Progress, portion
from core.system.files import cache_folder, digest_of, new_folder, read_words, write_words
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record
from core.text.corpus import Corpus
from core.text.resampling import resample_documents, shuffle_tokens

NOISE_VERSION = "3"
"""Part of what is kept: raise it when the same retrainings no longer give the same noise."""
SEEDS, RESAMPLES = 2, 2
"""Retrainings of a side with other seeds, and on resampled documents."""
RETRAINING_SHARE = 0.95
"""Share of the work that goes into retrainings."""
FEWEST_DOCUMENTS = 10
"""With fewer, a resampled text is another text."""


@dataclass(frozen=True, slots=True)
class NoiseSide:
    """One of the two models compared.

    Attributes:
        run: its id in the run store.
        corpus_folder, rows_folder: what it was made from.
        config: its settings, at the dose that it is shown at.
    """

    run: str
    corpus_folder: Path
    rows_folder: Path | None
    config: TrainConfig

    @property
    def method(self) -> Method:
        return METHODS[self.config.strategy]


@dataclass(frozen=True, slots=True)
class NoisePlan:
    """Which retrainings two models need.

    Attributes:
        left, right: the models.
        kinds: of noise that apply to them; empty when nothing about them is random.
    """

    left: NoiseSide
    right: NoiseSide
    kinds: tuple[NoiseKind, ...]

    @property
    def identity(self) -> str:
        """Names what the plan measures."""
        sides = [text for side in (self.left, self.right) for text in (side.run, side.config.identity)]
        return digest_of(NOISE_VERSION, *sides, *self.kinds)

    def retrainings(self, kind: NoiseKind) -> int:
        """How many models are trained for that kind."""
        sides = (self.left, self.right)
        if kind == "seed":
            return sum(SEEDS for side in sides if side.method.random)
        if kind == "documents":
            return sum(RESAMPLES for side in sides if side.method.from_text)
        return len(sides)


def plan_noise(left: NoiseSide, right: NoiseSide, documents: int) -> NoisePlan:
    """Which kinds of noise can be measured of two models; `documents` are those of the smaller of their texts.

    Another seed moves what is trained from random choices; resampled documents move what is made from the text. Where
    both sides start from the same pretrained vectors, training on shuffled words shows how far they move without
    learning anything (docs/science.md, section 5); models without a common start would only show that they have none.
    """
    sides = (left, right)
    kinds: list[NoiseKind] = []
    if any(side.method.random for side in sides):
        kinds.append("seed")
    if documents >= FEWEST_DOCUMENTS and any(side.method.from_text for side in sides):
        kinds.append("documents")
    if all(side.method.needs_vectors for side in sides) and left.rows_folder == right.rows_folder:
        kinds.append("placebo")
    return NoisePlan(left, right, tuple(kinds))


def estimate_noise_seconds(plan: NoisePlan, left: Corpus, right: Corpus) -> float:
    """Seconds that `measure_movers` will take if nothing of it was made before, within a factor of about two."""
    total = 0.0
    for side, corpus in ((plan.left, left), (plan.right, right)):
        each = estimate_seconds(corpus, retraining_config(side.config))
        times = SEEDS * ("seed" in plan.kinds and side.method.random)
        times += RESAMPLES * ("documents" in plan.kinds and side.method.from_text) + ("placebo" in plan.kinds)
        total += times * each
    return 2.0 + total / available_cores()


class MeasuredNoise(NamedTuple):
    """Change of the words that two models share, and how far it goes by noise alone. Read-only.

    Attributes:
        words: those that were asked for.
        change: float32 (words,), averaged over the seeds.
        noise: for each kind, float32 (comparisons, words).
    """

    words: tuple[str, ...]
    change: np.ndarray
    noise: Mapping[NoiseKind, np.ndarray]


@dataclass(frozen=True, slots=True)
class _KeptNoise(Record):
    """Which kinds of noise were measured, of models of which texts (digests)."""

    kinds: tuple[NoiseKind, ...]
    texts: tuple[str, ...]


def _describe_noise(folder: Path) -> About:
    return About(uses=frozenset(("texts", text) for text in read_record(folder / "noise.json", _KeptNoise).texts))


NOISE = Shelf("noise", _describe_noise)


def has_noise(plan: NoisePlan) -> bool:
    return (_folder(plan) / "noise.json").exists()


def find_measured(plan: NoisePlan) -> NoisePlan | None:
    """`plan` or the same with its sides swapped, whichever was measured: neither change nor noise has a direction."""
    both = plan, replace(plan, left=plan.right, right=plan.left)
    return next((each for each in both if has_noise(each)), None)


def load_noise(plan: NoisePlan, words: tuple[str, ...]) -> MeasuredNoise:
    """What `measure_movers` kept of `words`, which both models have.

    Raises:
        RunError: it is damaged.
    """
    folder = _folder(plan)
    try:
        row_of = {word: row for row, word in enumerate(read_words(folder / "words.txt"))}
        rows = [row_of[word] for word in words]
        kinds = read_record(folder / "noise.json", _KeptNoise).kinds
        arrays = {kind: np.load(folder / f"{kind}.npy")[:, rows] for kind in kinds}
        change = np.load(folder / "change.npy")[rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"What is kept in {folder} is damaged ({error}). Delete that folder and measure again."
        ) from error
    return MeasuredNoise(words, change, arrays)


def usual_kinds(kinds: tuple[NoiseKind, ...]) -> tuple[NoiseKind, ...]:
    """Other seeds where there are any: they find what benchmarks/bench_movers.py planted. Others are stricter."""
    return ("seed",) if "seed" in kinds else kinds


def judge_words(
    plan: NoisePlan, kinds: tuple[NoiseKind, ...], comparison: Comparison, left: Embedding, right: Embedding
) -> Movers:
    """Which of the compared words moved more than each of `kinds` of the noise that `measure_movers` kept.

    Raises:
        RunError: what is kept is damaged.
    """
    found = load_noise(plan, comparison.words)
    counts = shared_counts(comparison, left, right)
    return find_movers(found.change, counts, {kind: found.noise[kind] for kind in kinds})


def _folder(plan: NoisePlan) -> Path:
    return cache_folder("noise", plan.identity)


def measure_movers(progress: Progress, plan: NoisePlan) -> str:
    """Make the retrainings that are not there yet, measure change and noise, and keep them. Gives the plan's identity.

    A plain function of picklable arguments, for a child process.

    Raises:
        RunError: the models or what they were made from are gone.
        TrainingError: a resampled text is too small to train on.
        Cancelled: out of `progress`; finished retrainings stay.
    """
    sides = [_Bench(side) for side in (plan.left, plan.right)]
    steps = [step for bench in sides for step in bench.steps(plan.kinds)]
    made = _retrain(steps, portion(progress, 0, RETRAINING_SHARE))
    progress(RETRAINING_SHARE, "measuring")
    _keep(plan, _measure(sides, made, plan.kinds))
    progress(1.0, "done")
    return plan.identity


def _retrain(steps: Sequence["_Step"], progress: Progress) -> dict[tuple[str, NoiseKind], list[Embedding]]:
    """Models by side and kind of noise. Two sides may ask for the same one: it is made once."""
    unlike = {step.identity: step for step in steps}

    def make(number: int, step: _Step, report: Progress) -> Embedding:
        name = METHODS[step.config.strategy].name
        prefix = f"retraining {number + 1} of {len(unlike)} ({name}, {NOISE_TEXTS[step.kind]}): "
        return step.bench.make(step, portion(report, 0, 1, prefix))

    works = [partial(make, number, step) for number, step in enumerate(unlike.values())]
    models = run_beside(works, progress, [step.seconds for step in unlike.values()])
    model_of = dict(zip(unlike, models, strict=True))
    made: dict[tuple[str, NoiseKind], list[Embedding]] = {}
    for step in steps:
        made.setdefault((step.bench.side.run, step.kind), []).append(model_of[step.identity])
    return made


class _Step(NamedTuple):
    bench: "_Bench"
    kind: NoiseKind
    number: int
    config: TrainConfig
    seconds: float

    @property
    def identity(self) -> tuple[Any, ...]:
        """Equal for steps that make the same model."""
        side = self.bench.side
        text = () if self.kind == "seed" else (self.kind, self.number)
        return side.corpus_folder, side.rows_folder, text, self.config.identity


class _Bench:
    """One side with its inputs loaded."""

    def __init__(self, side: NoiseSide) -> None:
        self.side = side
        self.model = _shown(load_run(side.run), side.config)
        self.corpus, self.pretrained = load_inputs(side.corpus_folder, side.rows_folder)

    def steps(self, kinds: tuple[NoiseKind, ...]) -> Iterator[_Step]:
        others = retraining_configs(self.model, max(SEEDS, RESAMPLES))
        seconds = estimate_seconds(self.corpus, others[0])
        if "seed" in kinds and self.side.method.random:
            yield from (_Step(self, "seed", number, others[number], seconds) for number in range(SEEDS))
        if "documents" in kinds and self.side.method.from_text:
            yield from (_Step(self, "documents", number, others[number], seconds) for number in range(RESAMPLES))
        if "placebo" in kinds:
            yield _Step(self, "placebo", 0, others[0], seconds)

    def make(self, step: _Step, progress: Progress) -> Embedding:
        text = self.corpus
        if step.kind == "documents":
            text = resample_documents(self.corpus, 1 + step.number)
        elif step.kind == "placebo":
            text = shuffle_tokens(self.corpus, 1)
        # A dose is no training: one retraining serves every dose that the model is shown at.
        config = replace(step.config, dose=1.0) if step.config.dose is not None else step.config
        return _shown(find_or_train(text, self.pretrained, config, progress), step.config)


def _shown(embedding: Embedding, config: TrainConfig) -> Embedding:
    """The embedding at the dose of `config`, if it has one."""
    return at_dose(embedding, config.dose) if has_dose(embedding) else embedding


def _measure(
    sides: list[_Bench], made: Mapping[tuple[str, NoiseKind], list[Embedding]], kinds: tuple[NoiseKind, ...]
) -> MeasuredNoise:
    left, right = sides
    words = match_words(left.model, right.model).words
    groups = {
        kind: [[bench.model, *made.get((bench.side.run, kind), [])] for bench in sides]
        for kind in ("seed", "documents")
    }
    change = average_change(words, groups["seed"][0], groups["seed"][1])
    noise: dict[NoiseKind, np.ndarray] = {}
    if "seed" in kinds:
        noise["seed"] = measure_noise(words, *(group for group in groups["seed"] if len(group) > 1))
    if "documents" in kinds:
        resampled = [(group[0], other) for group in groups["documents"] for other in group[1:]]
        noise["documents"] = np.stack([changes_of(words, *pair) for pair in resampled])
    if "placebo" in kinds:
        shuffled = [made[bench.side.run, "placebo"][0] for bench in sides]
        noise["placebo"] = changes_of(words, *shuffled)[None]
    return MeasuredNoise(words, change, noise)


def _keep(plan: NoisePlan, found: MeasuredNoise) -> None:
    with new_folder(_folder(plan)) as new:
        write_words(new / "words.txt", found.words)
        np.save(new / "change.npy", found.change)
        for kind, measured in found.noise.items():
            np.save(new / f"{kind}.npy", measured.astype(np.float32))
        texts = tuple(sorted({side.corpus_folder.name for side in (plan.left, plan.right)}))
        write_record(new / "noise.json", _KeptNoise(tuple(found.noise), texts))
