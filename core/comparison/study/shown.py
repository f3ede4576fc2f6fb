"""A kept study, with the noise of its steps as far as that was measured."""

from dataclasses import dataclass
from functools import cached_property

from core.comparison.study.models import Study
from core.comparison.study.steps import StudyStep
from core.comparison.study.store import KeptStudy, StudyOrder


@dataclass(frozen=True, eq=False)
class ShownStudy:
    """A study that is kept.

    Attributes:
        order: what it was made by.
        kept: itself.
        steps: with noise where it was measured.
        lacking: the steps whose noise can be measured and is not.
        from_first: from the first text to each other, likewise.
        lacking_first: of these, those whose noise can be measured and is not.
    """

    order: StudyOrder
    kept: KeptStudy
    steps: tuple[StudyStep, ...]
    lacking: tuple[int, ...]
    from_first: tuple[StudyStep, ...]
    lacking_first: tuple[int, ...]

    @property
    def key(self) -> tuple[object, ...]:
        return self.order.key, self.lacking, self.lacking_first

    @property
    def study(self) -> Study:
        return self.kept.study

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of each word that all texts have."""
        return {word: row for row, word in enumerate(self.study.words)}

    @property
    def has_noise(self) -> bool:
        return any(step.movers is not None for step in self.steps)
