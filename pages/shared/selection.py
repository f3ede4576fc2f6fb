"""The selected words of this session, which the maps do not grey, and the range of change that named them."""

from dataclasses import dataclass

from pages.shared import guards, session

_WORDS, _BRUSH, _TIMES, _GIVEN_UP = "selection", "selection-brush", "selection-times", "selections-given-up"


@dataclass(frozen=True, slots=True)
class Brush:
    """A range of the histogram of change.

    Attributes:
        pair: of which two models, at which doses.
        measured: in standard deviations above noise; else raw change.
        low, high: ends included.
    """

    pair: tuple[object, ...]
    measured: bool
    low: float
    high: float

    @property
    def text(self) -> str:
        """The range in words, after "words"."""
        if self.measured:
            return f"whose change stands {self.low:.1f} to {self.high:.1f} standard deviations above noise"
        return f"with change between {self.low:.2f} and {self.high:.2f}"


def select(words: frozenset[str], brush: Brush | None = None) -> None:
    """Select these words and no others; `brush` where a range of the histogram named them."""
    if brush is None and current_brush() is not None:
        session.remember(_TIMES, session.recall(_TIMES, 0) + 1)
    if selected() and not words:
        session.remember(_GIVEN_UP, given_up() + 1)
    session.remember(_WORDS, words)
    session.remember(_BRUSH, brush)


@guards.callback
def clear() -> None:
    """Select nothing."""
    select(frozenset())


def selected() -> frozenset[str]:
    words: frozenset[str] = session.recall(_WORDS, frozenset())
    return words


def given_up() -> int:
    """How many selections were given up in this session."""
    times: int = session.recall(_GIVEN_UP, 0)
    return times


def current_brush() -> Brush | None:
    """The range by which the selected words were named; None when they were named otherwise."""
    brush: Brush | None = session.recall(_BRUSH)
    return brush


def chart_key(name: str) -> str:
    """Key of a histogram: another one after its range was given up elsewhere, so that it forgets the range too."""
    times = session.recall(_TIMES, 0)
    return f"{name}-{times}" if times else name
