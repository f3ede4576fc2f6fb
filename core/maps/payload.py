"""What the maps in the browser are told: the one schema, read under these names by the scripts in js/.

Each map is a Plotly figure whose trace has the words as `text`, their places, and `Tooltips` as `meta` (beside the
numbers of `core.maps.tooltips`). The two maps together are told `Links`, and their colours as `Paint`. All of it goes
out as the values of `core.system.typed_json.as_values`.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from core.prose.colours import ROLE_COLOURS, Role

Drag = Literal["pan", "select", "lasso"]


@dataclass(frozen=True, slots=True)
class Tooltips:
    """How to read the numbers of a map's trace.

    Attributes:
        near: how many neighbours a word has at most; so many columns of `customdata` come before its count.
        covered: bits, one a word: the pretrained vectors have it.
    """

    near: int
    covered: str


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of a map's words, apart from all else, so that a new colouring sends a byte a word.

    Attributes:
        codes: bytes, one a word: its place in `palette`; of a word without a value, any beyond it.
        palette: hexadecimal colours.
        other: the hexadecimal colour of words without a value, and of words that are not selected.
        names: what the first colours of `palette` are, to be written on the maps; none where they are not.
    """

    codes: str
    palette: tuple[str, ...]
    other: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that both maps mark: its row, and what it is to the pinned word."""

    row: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOptions:
    """How the maps behave.

    Attributes:
        linked: zoom, pan and rotation on one map move the other.
        sized: points of frequent words are larger.
        labels: words are written beside their points, as many as fit.
        trails: the right map shows where marked and selected words come from.
        morph: how often the morph was asked for; when it grows, it is played.
        drag: what dragging on a map in two dimensions does.
        solid: the maps are in three dimensions.
    """

    linked: bool = False
    sized: bool = True
    labels: bool = True
    trails: bool = False
    morph: int = 0
    drag: Drag = "pan"
    solid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What links maps whose rows are the same words.

    Attributes:
        keys: each map is inside an element of class `st-key-KEY`; the last is the one that things happen on.
        search: the same of the field that the key / goes to.
        marks: what both maps mark.
        colours: hexadecimal, of each role.
        selection: bits, one a word: it is selected; None when nothing is.
        options: how the maps behave.
        paint: the colours, where they do not come apart from this.
    """

    keys: tuple[str, ...] = ("left", "right")
    search: str = "find-word"
    marks: tuple[Mark, ...] = ()
    colours: dict[Role, str] = field(default_factory=ROLE_COLOURS.copy)
    selection: str | None = None
    options: MapOptions = MapOptions()
    paint: Paint | None = None


def pack_bytes(numbers: np.ndarray) -> str:
    """uint8 (n,) as text."""
    return b64encode(numbers.tobytes()).decode()


def pack_bits(rows: np.ndarray) -> str:
    """bool (n,) as text, a bit each."""
    return pack_bytes(np.packbits(rows, bitorder="little"))


def read_bits(packed: str, n: int) -> np.ndarray:
    """What `pack_bits` made, bool (n,); False where `packed` has no bit."""
    bits = np.unpackbits(np.frombuffer(b64decode(packed), np.uint8), bitorder="little")[:n].astype(bool)
    return np.pad(bits, (0, n - len(bits)))
