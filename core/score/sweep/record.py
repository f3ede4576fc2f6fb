"""sweep.json: what a sweep tried, chose and found, for other programs. Others rely on its keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from core.score.sweep.ranges import SettingValue
from core.score.verdict import Outcome
from core.system.typed_json import Record
from core.text.split import HeldOutUnit

SearchKind = Literal["grid", "optuna"]


@dataclass(frozen=True, slots=True)
class TriedSeed:
    """A setting trained with one seed; as in `TriedSetting`, and `dose`: the one that was chosen, None without."""

    seed: int
    development: float | None
    seconds: float
    run: str
    dose: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TriedSetting:
    """A setting, and how it did.

    Attributes:
        values: strategy, vectors and the settings that matter to it.
        development: score on the development part, mean over the seeds; None where it could not be trained or asked.
        seconds: all its trainings took.
        run: name in the run store of the model of the training part, with the first seed.
        seeds: what is true of each.
        problem: why it has no score.
    """

    values: Mapping[str, SettingValue]
    development: float | None
    seconds: float
    run: str
    seeds: tuple[TriedSeed, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PlaceboGain:
    """The chosen setting on shuffled text: its score, and how far it is behind the chosen one, with its interval."""

    cloze: float
    behind: float
    behind_ci: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class TestedSetting:
    """What the test part says of the chosen setting, and of no other.

    Attributes:
        cloze, cloze_ci: score, mean over the seeds, and its 95 % interval; an end is None where nothing is known.
        reference: name of the vectors file that it is compared with; None where there is none.
        reference_cloze: score of these vectors untouched.
        delta, delta_ci: gain over them.
        outcome: what that means, by the rule of the scorecard; None without a reference.
        placebo: the same setting on shuffled text; None where that makes no sense.
        questions: asked.
        documents: held-out documents or blocks that they are from.
        unit: which of the two.
    """

    cloze: float
    cloze_ci: tuple[float | None, float | None]
    reference: str | None
    reference_cloze: float | None
    delta: float | None
    delta_ci: tuple[float | None, float | None] | None
    outcome: Outcome | None
    placebo: PlaceboGain | None
    questions: int
    documents: int
    unit: HeldOutUnit


@dataclass(frozen=True, slots=True)
class SweepRecord(Record):
    """A sweep.json. While the sweep runs, it has what is finished; `chosen` and `test` come last.

    Attributes:
        settings: those that were tried; of a grid in its order, else in the order in which they were tried.
        planned: how many are to be tried.
        tried: how many of them the choice was among: those that have a score.
        chosen: the best on the development part, as it stands in `settings`; None before the end.
        test: of the chosen one; None before the end.
        sentence: what came out; "" before the end.
        search: whether all settings were tried, or those that Optuna picked.
        seeds: each setting was trained with.
        questions: asked on the development part, of every setting the same.
        min_count: how often a word occurs in the training part that is asked about.
    """

    version: ClassVar[int] = 1

    settings: tuple[TriedSetting, ...]
    planned: int
    tried: int
    chosen: TriedSetting | None = None
    test: TestedSetting | None = None
    sentence: str = ""
    search: SearchKind = "grid"
    seeds: tuple[int, ...] = ()
    questions: int = 0
    min_count: int = 1
