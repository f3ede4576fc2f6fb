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
class Region:
    """A part of the map: its name, "" for none, and its place in the level before; -1 on the first level."""

    name: str
    parent: int


@dataclass(frozen=True, slots=True)
class Names:
    """What is written on a map.

    Attributes:
        codes: bytes, one a word: its region of the last level; 255 for none.
        levels: the regions, from coarse to fine.
        content: bits, one a word: it carries meaning of its own; function words, numbers and signs do not.
    """

    codes: str
    levels: tuple[tuple[Region, ...], ...]
    content: str


@dataclass(frozen=True, slots=True)
class Tooltips:
    """How to read the numbers of a map's trace, and what is written on it.

    Attributes:
        near: how many neighbours a word has at most; so many columns of `customdata` come before its count.
        covered: bits, one a word: the pretrained vectors have it.
        names: of its parts; None where nothing is known but words.
    """

    near: int
    covered: str
    names: Names | None = None


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of a map's words, apart from all else, so that a new colouring sends a byte a word.

    Attributes:
        codes: bytes, one a word: its place in `palette`; of a word without a value, any beyond it.
        palette: hexadecimal colours.
        other: the hexadecimal colour of words without a value, and of words that are not selected.
        regions: the colours are those of the map's coarse regions (`Names`), in their order.
    """

    codes: str
    palette: tuple[str, ...]
    other: str
    regions: bool = False


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
        labels: regions and words are written on the maps, as many as fit.
        particles: function words, numbers and signs are written, too.
        glow: how dense the words lie is painted below them, where there are enough of them.
        trails: the right map shows where marked and selected words come from.
        morph: how often the morph was asked for; when it grows, it is played.
        drag: what dragging on a map in two dimensions does.
        solid: the maps are in three dimensions.
        find_key: the key / goes to the field that finds a word; who talks to a computer turns such keys off.
    """

    linked: bool = False
    sized: bool = True
    labels: bool = True
    particles: bool = False
    glow: bool = True
    trails: bool = False
    morph: int = 0
    drag: Drag = "pan"
    solid: bool = False
    find_key: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What links maps whose rows are the same words.

    Attributes:
        keys: each map is inside an element of class `st-key-KEY`; the last is the one that things happen on.
        search: the same of the field that the key / goes to.
        marks: what both maps mark.
        colours: hexadecimal, of each role.
        selection: bits, one a word: it is selected; None when nothing is.
        given_up: how many selections were: with another number the maps drop the outline of theirs.
        shown: bits, one a word: it is drawn; None for all.
        isolated: the words that are drawn fill the maps; names a set of them, "" for the whole.
        full: the maps have a page of the app: they fill its window, and a button gives them the whole screen.
        options: how the maps behave.
        paint: the colours, where they do not come apart from this.
    """

    keys: tuple[str, ...] = ("left", "right")
    search: str = "find-word"
    marks: tuple[Mark, ...] = ()
    colours: dict[Role, str] = field(default_factory=ROLE_COLOURS.copy)
    selection: str | None = None
    given_up: int = 0
    shown: str | None = None
    isolated: str = ""
    full: bool = False
    options: MapOptions = MapOptions()
    paint: Paint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFrames:
    """Where the words of a study are in each of its texts, and what is said of them there. All of it is sent once.

    Numbers are the bytes, in base64, of arrays with a part for each text, a row for each word.

    Attributes:
        id: of the study.
        names: of its texts.
        places: uint16, x and y of each word, in 65,535ths of the extent.
        extent: (low, high) of x and of y: all places lie within.
        home: (low, high) of x and of y that the map shows at first.
        near: uint16, rows of each word's nearest neighbours; its own row where there are fewer.
        width: how many neighbours.
        counts: uint32, how often the text has the word.
        codes: bytes, the word's place in `palette`; any beyond it for a word without a colour.
        palette: hexadecimal colours.
        other: the colour of words without one.
    """

    id: str
    names: tuple[str, ...]
    places: str
    extent: tuple[tuple[float, float], ...]
    home: tuple[tuple[float, float], ...]
    near: str
    width: int
    counts: str
    codes: str
    palette: tuple[str, ...]
    other: str


@dataclass(frozen=True, slots=True)
class Trail:
    """A word whose way through the texts is drawn: its row, and the hexadecimal colour of the way."""

    row: int
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyMap:
    """The one map that moves.

    Attributes:
        id: of the study whose places it shows.
        key: the map is inside an element of class `st-key-KEY`.
        trails: of chosen words.
    """

    id: str
    key: str
    trails: tuple[Trail, ...] = ()


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
