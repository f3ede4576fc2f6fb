"""Two embeddings laid out side by side, each at any dose between its ends, without a new layout for every dose.

Two separate fits cannot be compared: the same data under another seed moves words by half the map. So the two
embeddings are turned onto each other (`core.geometry.alignment`), stacked, and laid out by one fit: a word that did not
change gets two points in one place.

A fine-tuned embedding keeps its two ends (`Embedding.ends`). Both ends and the other embedding get one layout. A dose
between the ends stands in between on the map, as it does in the original space. Measured on 4,070 words
(lee_background, GloVe 100d, against a model from scratch and against the pretrained vectors), this keeps .95 to 1.11 of
the 15 nearest neighbours that a layout for that dose alone keeps, and nothing jumps: from a layout for dose 0 alone to
one for dose 0.5 alone the median word moves by more than the map's radius. Leaving points where dose 0.5 has them kept
.81 at dose 0. Placing words anew among points already laid out was no better.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from core.comparison.pair import SharedWords
from core.geometry.alignment import align, superimpose
from core.maps.frame import MANY_WORDS, Extent, find_frame, turn_wide
from core.maps.layout import (
    Frame,
    LayoutMethod,
    LayoutSettings,
    cached_single_layout,
    single_layout,
)
from core.models.dose import apply_dose, has_dose
from core.models.embedding import Embedding
from core.progress import Progress, portion, silent
from core.system.files import digest_of

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")

_MOSTLY = 0.9  # so many of a model's words make it another one's end, but for few words


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Where an embedding's words lie on a map, at its one or two ends: float32 (words, 2 or 3). Read-only.

    `covered`, bool (words,): a dose moves these words; the others stay at the second end.
    """

    ends: tuple[np.ndarray, ...]
    covered: np.ndarray

    def __post_init__(self) -> None:
        for array in self.ends:
            array.flags.writeable = False

    def at(self, dose: float | None) -> np.ndarray:
        """The coordinates at `dose`, 0 to 1; without one, and where there is one end only, those of the last end."""
        if dose is None or len(self.ends) == 1:
            return self.ends[-1]
        return apply_dose(self.ends[0], self.ends[1], self.covered, dose)


@dataclass(frozen=True, slots=True, eq=False)
class PairLayout:
    """Two tracks in one frame.

    Attributes:
        left, right: where the words of each lie.
        method: what laid them out.
        frame: "joint": one fit; "aligned": each a fit of its own, then turned onto the other.
        residual: of the alignment, which is of the spaces in a joint layout and of the maps in aligned ones: 0 when the
            two coincide, 1 when they have nothing in common.
    """

    left: Track
    right: Track
    method: LayoutMethod
    frame: Frame
    residual: float

    @property
    def turned(self) -> "PairLayout":
        """With left and right exchanged."""
        return replace(self, left=self.right, right=self.left)

    @property
    def identity(self) -> str:
        """The same for as long as a place means the same."""
        return "-".join(sorted(digest_of(*track.ends)[:12] for track in (self.left, self.right)))

    @property
    def extent(self) -> Extent:
        """(low, high) of each axis: where the words lie at every dose, but for a few far ones."""
        stacked = np.concatenate([*self.left.ends, *self.right.ends])
        return find_frame(stacked, many=len(self.left.ends[0]) >= MANY_WORDS)


def lay_out_pair(
    left: Embedding,
    right: Embedding,
    shared: SharedWords,
    settings: LayoutSettings,
    frame: Frame = "joint",
    *,
    keep: bool = True,
    progress: Progress = silent,
) -> PairLayout:
    """Lay out the shared words of two embeddings; with `keep` from the cache folder, where they were laid out before.

    Raises:
        ProjectionError: a fit would have fewer than 4 points.
        Cancelled: out of `progress`.
    """
    texts = _texts(left, right)
    fit = partial(cached_single_layout, texts=texts) if keep else single_layout
    stacks, residual = _stack(left, right, shared, settings, frame)
    laid = [
        fit(stack, settings, portion(progress, number / len(stacks), (number + 1) / len(stacks)))
        for number, stack in enumerate(stacks)
    ]
    if settings.method == "umap" and settings.dimensions == 2:
        laid = [turn_wide(coordinates) for coordinates in laid]
    n = len(shared.words)
    ends = [part for coordinates in laid for part in np.split(coordinates, len(coordinates) // n)]
    cut = count_ends(left)
    if frame == "joint":
        ends = _share_places(ends, [*_ends(left, shared.left_rows), *_ends(right, shared.right_rows)], cut)
    tracks = (
        Track(tuple(ends[:cut]), left.covered[shared.left_rows]),
        Track(tuple(ends[cut:]), right.covered[shared.right_rows]),
    )
    if frame == "joint":
        return PairLayout(*tracks, settings.method, frame, residual)
    return _turn(*tracks, settings)


def _texts(*models: Embedding) -> tuple[str, ...]:
    return tuple(model.sources.corpus.whole or model.sources.corpus.digest for model in models)


def _stack(
    left: Embedding, right: Embedding, shared: SharedWords, settings: LayoutSettings, frame: Frame
) -> tuple[list[np.ndarray], float]:
    """Stacks of vectors, each for one fit: ends below each other, left before right; and the spaces' residual."""
    sides = [_ends(left, shared.left_rows), _ends(right, shared.right_rows)]
    if frame != "joint":
        return [np.concatenate(ends) for ends in sides], 0.0
    n = len(shared.words)
    # One rotation for both ends, which share a space: each end on one side meets an end on the other.
    most = max(len(ends) for ends in sides)
    pair = [np.concatenate(ends * (most // len(ends))) for ends in sides]
    aligned = align(*pair, keep_lengths=settings.metric == "euclidean")
    parts = [aligned.left[: n * len(sides[0])], aligned.right[: n * len(sides[1])]]
    return [np.concatenate(parts)], aligned.residual


def _share_places(places: list[np.ndarray], vectors: list[np.ndarray], cut: int) -> list[np.ndarray]:
    """With one place for the two points of a word whose vectors are the same; `cut`: how many ends are the left's.

    Where a model without a dose is, but for few words, an end of the other one, it takes that end's places: a fit puts
    equal points near each other, a few of them far apart, and the track between two ends is to stay as it is.
    """
    if vectors[0].shape != vectors[-1].shape:  # other spaces
        return places
    places = list(places)
    sides = list(range(cut)), list(range(cut, len(places)))
    for own, others in (sides, sides[::-1]):
        same = [np.all(vectors[own[0]] == vectors[other], axis=1) for other in others]
        best = max(range(len(same)), key=lambda number: int(same[number].sum()))
        if len(own) == 1 and same[best].mean() >= _MOSTLY:
            places[own[0]] = np.where(same[best][:, None], places[others[best]], places[own[0]])
            break
    return places


def count_ends(embedding: Embedding) -> int:
    """How many ends of `embedding` are laid out."""
    return 2 if has_dose(embedding) else 1


def _ends(embedding: Embedding, rows: np.ndarray) -> list[np.ndarray]:
    if has_dose(embedding) and embedding.ends is not None:
        return [end[rows] for end in embedding.ends]
    return [embedding.vectors[rows]]


def _turn(first: Track, second: Track, settings: LayoutSettings) -> PairLayout:
    """The right track turned, mirrored, scaled and shifted onto the left one, all ends alike."""
    most = max(len(first.ends), len(second.ends))
    onto, turned = (np.concatenate(track.ends * (most // len(track.ends))) for track in (first, second))
    placed, residual = superimpose(onto, turned)
    ends = tuple(np.split(placed, most)[: len(second.ends)])
    return PairLayout(first, Track(ends, second.covered), settings.method, "aligned", residual)
