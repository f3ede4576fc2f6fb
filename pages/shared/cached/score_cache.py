"""Scorecards and their figures."""

from typing import Any

from core.score.figures import draw_bands, draw_forest
from core.score.scorecard import Scorecard
from core.score.store import load_score
from pages.shared.cached.results import shared


@shared()
def scorecard(identity: str, names: tuple[tuple[str, str], ...]) -> Scorecard:
    return load_score(identity, dict(names))


@shared()
def forest(identity: str, names: tuple[str, ...], _card: Scorecard) -> Any:
    return draw_forest(_card)


@shared()
def band_forest(identity: str, names: tuple[str, ...], _card: Scorecard) -> Any:
    return draw_bands(_card)
