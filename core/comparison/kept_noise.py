"""The noise that was measured, on the disk: a folder for each plan and kind, whole or not there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.comparison.movers import NoiseKind
from core.comparison.noise_plan import NoisePlan, asked_kinds
from core.errors import RunError
from core.system.files import cache_folder, digest_of, new_folder, read_words, write_words
from core.system.shelves import About, Shelf
from core.system.typed_json import Record, read_record, write_record


class MeasuredNoise(NamedTuple):
    """Change of the words that two models share, and how far it goes by noise of one kind alone. Read-only.

    Attributes:
        words: those that were asked for.
        change, weighed: float32 (words,), as in `Change`; averaged over the seeds where the noise is theirs.
        noise: float32 (comparisons, words), weighed.
        unit: what was dealt out, "" where nothing was.
    """

    words: tuple[str, ...]
    change: np.ndarray
    weighed: np.ndarray
    noise: np.ndarray
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _KeptNoise(Record):
    """Which kind of noise was measured (early versions: kinds), of models of which texts (digests), on what dealt."""

    kinds: tuple[str, ...]
    texts: tuple[str, ...]
    unit: str = ""


def _describe_noise(folder: Path) -> About:
    return About(uses=frozenset(("texts", text) for text in read_record(folder / "noise.json", _KeptNoise).texts))


NOISE = Shelf("noise", _describe_noise)


def has_noise(plan: NoisePlan, kinds: Sequence[NoiseKind] | None = None) -> bool:
    """Whether all of `kinds` was measured; those that are if nothing else is said where it is None."""
    wanted = asked_kinds(plan) if kinds is None else kinds
    return all((_folder(plan, kind) / "noise.json").exists() for kind in wanted)


def find_measured(plan: NoisePlan, kinds: Sequence[NoiseKind] | None = None) -> NoisePlan | None:
    """`plan` or the same with its sides swapped, whichever has `kinds` (as for `has_noise`) measured.

    Neither change nor noise has a direction.
    """
    both = plan, replace(plan, left=plan.right, right=plan.left)
    return next((each for each in both if has_noise(each, kinds)), None)


def measured_kinds(plan: NoisePlan) -> tuple[NoiseKind, ...]:
    """Those of the plan's kinds that were measured."""
    return tuple(kind for kind in plan.kinds if has_noise(plan, (kind,)))


def load_noise(plan: NoisePlan, words: Sequence[str], kind: NoiseKind) -> MeasuredNoise:
    """What was kept of `words`, which both models have.

    Raises:
        RunError: it is damaged.
    """
    folder = _folder(plan, kind)
    try:
        row_of = {word: row for row, word in enumerate(read_words(folder / "words.txt"))}
        rows = [row_of[word] for word in words]
        unit = read_record(folder / "noise.json", _KeptNoise).unit
        change, weighed = np.load(folder / "change.npy")[:, rows]
        noise = np.load(folder / "noise.npy")[:, rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"What is kept in {folder} is damaged ({error}). Delete that folder and measure again."
        ) from error
    return MeasuredNoise(tuple(words), change, weighed, noise, unit)


def keep_noise(plan: NoisePlan, kind: NoiseKind, found: MeasuredNoise) -> None:
    """Keep what was measured of one kind, whole or not at all."""
    with new_folder(_folder(plan, kind)) as new:
        write_words(new / "words.txt", found.words)
        np.save(new / "change.npy", np.stack([found.change, found.weighed]))
        np.save(new / "noise.npy", found.noise.astype(np.float32))
        texts = tuple(sorted({side.corpus_folder.name for side in (plan.left, plan.right)}))
        write_record(new / "noise.json", _KeptNoise((kind,), texts, found.unit))


def _folder(plan: NoisePlan, kind: NoiseKind) -> Path:
    return cache_folder("noise", digest_of(plan.identity, kind))
