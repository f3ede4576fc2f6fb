"""The held-out score of a model at every dose, as the coordinates of a small picture."""

from dataclasses import dataclass

from core.models.embedding import Embedding
from core.prose.numbers import count, write_share

WIDTH, HEIGHT, MARGIN = 320, 130, 34


@dataclass(frozen=True, slots=True)
class DoseCurve:
    """A line over doses from 0 to 1, in pixels of a picture of `WIDTH` by `HEIGHT`.

    Attributes:
        name: of the model.
        points: (x, y, what it says) of each dose.
        kept: the one of these that was kept.
        low, high: lowest and highest score, as people read them.
        caption: what is shown.
    """

    name: str
    points: tuple[tuple[float, float, str], ...]
    kept: tuple[float, float, str] | None
    low: str
    high: str
    caption: str

    @property
    def path(self) -> str:
        """For an SVG polyline."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in self.points)


def draw_dose_curve_of(name: str, model: Embedding) -> DoseCurve | None:
    """The curve of a model whose dose was chosen on held-out text; None for others."""
    curve = [(float(dose), float(score)) for dose, score in model.details.get("dose_curve") or []]
    if len(curve) < 2 or model.dose is None:
        return None
    scores = [score for _, score in curve]
    low, high = min(scores), max(scores)
    points = tuple(
        (
            MARGIN + dose * (WIDTH - 2 * MARGIN),
            HEIGHT - MARGIN - (score - low) / max(high - low, 1e-9) * (HEIGHT - 2 * MARGIN),
            f"dose {dose:.3f}: {write_share(score)}",
        )
        for dose, score in curve
    )
    kept = next((point for point, (dose, _) in zip(points, curve, strict=True) if dose == model.dose), None)
    questions = count("question", int(model.details.get("dose_positions", 0)))
    return DoseCurve(
        name, points, kept, write_share(low), write_share(high),
        f"{name}: mean score in {questions} about a part of the text that was held out for the choice, at each share "
        f"(dose) of the change; ring: the share that was kept, {model.dose:.3f}.",
    )  # fmt: skip
