"""Finished models, at any dose."""

from collections.abc import Sequence
from typing import Any

from core.comparison.neighbourhood import describe_faults
from core.models.dose import at_dose
from core.models.embedding import Embedding
from core.models.runs import load_run
from core.score.figures import draw_dose_curve
from pages.shared.cached.results import shared
from pages.shared.compared import Model


@shared()
def run(identity: str) -> Embedding:
    return load_run(identity)


@shared()
def with_dose(identity: str, dose: float | None) -> Embedding:
    return at_dose(run(identity), dose)


@shared()
def dose_curve(run: str, dose: float, _curve: Sequence[tuple[float, float]], _automatic: float) -> Any:
    return draw_dose_curve(_curve, _automatic, dose)


@shared()
def faults(model: Model) -> tuple[str, ...]:
    return describe_faults(model.embedding)
