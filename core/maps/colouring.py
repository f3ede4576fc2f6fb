"""What the colour of a point means. A word has one colour, the same on both maps, and one scale or legend for both."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

import numpy as np

from core.maps.payload import Paint, pack_bytes
from core.prose.colours import KIND_COLOURS, MORE_KIND_COLOURS, OTHER, SCALE

_STEPS = 64
MISSING = 255
"""The code of a word without a value."""
MOST_KINDS = MISSING


@dataclass(frozen=True, slots=True, eq=False)
class Colouring:
    """A colour for each word.

    Attributes:
        title: what is shown.
        codes: uint8 (words,), places in `palette`; `MISSING` where a word has no value. Read-only.
        palette: hexadecimal colours.
        labels: for kinds, what each colour is; for amounts, what the two ends of the scale are.
        kind: whether the palette is a scale.
        note: how the values come about, for those who ask.
        regions: the kinds are the map's coarse regions.
        missing: what is said of words without a value.
    """

    title: str
    codes: np.ndarray
    palette: tuple[str, ...]
    labels: tuple[str, ...]
    kind: Literal["kinds", "amounts"]
    note: str = ""
    regions: bool = False
    missing: str = "no value"

    def __post_init__(self) -> None:
        self.codes.flags.writeable = False

    @property
    def has_missing(self) -> bool:
        return bool((self.codes == MISSING).any())

    @property
    def paint(self) -> Paint:
        """What a browser needs to recolour maps it has: a byte a word."""
        return Paint(pack_bytes(self.codes), self.palette, OTHER, self.regions)


def colour_by_kind(
    title: str,
    kinds: np.ndarray,
    names: Sequence[str],
    note: str = "",
    *,
    regions: bool = False,
    missing: str = "no value",
    colours: Sequence[str] = KIND_COLOURS + MORE_KIND_COLOURS,
) -> Colouring:
    """Colour by kind.

    Args:
        title: what is shown.
        kinds: int (words,), places in `names`; -1 where a word has none.
        names: of the kinds, `MOST_KINDS` at most, those first that should be told apart most surely. Any eye can tell
            seven colours apart; beyond the sixteenth they come again, and a legend that isolates a kind tells which.
        note: how they come about.
        regions: they are the map's coarse regions, in their order.
        missing: what to say of words without a kind.
        colours: of the kinds, where these have their own.
    """
    if len(names) > MOST_KINDS:
        raise ValueError(f"{len(names)} kinds; a word's code has room for {MOST_KINDS}")
    codes = np.where(kinds < 0, MISSING, kinds).astype(np.uint8)
    palette = tuple(islice(cycle(colours), len(names)))
    return Colouring(title, codes, palette, tuple(names), "kinds", note, regions, missing)


def colour_by_amount(
    title: str,
    values: np.ndarray,
    note: str = "",
    *,
    logarithmic: bool = False,
    form: str = ".2f",
    missing: str = "no value",
) -> Colouring:
    """Colour by amount, from the smallest to the largest of `values`, float (words,); nan where a word has none.

    One outlier does not flatten the rest: the scale ends at the 99.5th percentile, and the label says so.
    """
    known = np.isfinite(values)
    wide = np.log10(np.maximum(values, 1)) if logarithmic else values.astype(np.float64)
    if not known.any():
        none = np.full(len(values), MISSING, np.uint8)
        return Colouring(title, none, scale_colours(), ("", ""), "amounts", note, missing=missing)
    low, high = float(wide[known].min()), float(np.percentile(wide[known], 99.5))
    share = np.clip((wide - low) / max(high - low, 1e-12), 0, 1)
    codes = np.where(known, np.nan_to_num(share) * (_STEPS - 1), MISSING).round().astype(np.uint8)
    ends = [10**end if logarithmic else end for end in (low, high)]
    more = "≥ " if float(wide[known].max()) > high + 1e-9 else ""
    labels = format(ends[0], form), more + format(ends[1], form)
    return Colouring(title, codes, scale_colours(), labels, "amounts", note, missing=missing)


def scale_colours() -> tuple[str, ...]:
    """The scale of amounts, low to high."""
    anchors = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in SCALE], float)
    places = np.linspace(0, len(anchors) - 1, _STEPS)
    mixed = np.column_stack([np.interp(places, np.arange(len(anchors)), channel) for channel in anchors.T])
    return tuple("#{:02x}{:02x}{:02x}".format(*row) for row in mixed.round().astype(int).tolist())
