"""The one map that moves through the texts of a study: its figure, and what it shows in each text."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.comparison.study.models import Study
from core.comparison.study.table import judgeable_steps
from core.comparison.study.trajectories import Trajectories
from core.geometry.neighbours import Neighbours
from core.maps.colouring import Colouring, colour_by_amount
from core.maps.figures import draw_map
from core.maps.frame import MANY_WORDS, Extent, find_frame
from core.maps.payload import StudyFrames, pack_bytes
from core.prose.colours import OTHER

_NEAR = 5
_PARTS = 65535


def draw_study_map(identity: str, study: Study, places: np.ndarray) -> Any:
    """The figure of the map, its words where the first text has them; `places` from `lay_out_study`.

    As long as `identity` stays, so does the part of the map that is looked at.
    """
    words = study.words[: places.shape[1]]
    counts = study.counts[:, : len(words)].sum(axis=0)
    none = np.empty((len(words), 0), np.int64)
    covered = np.zeros(len(words), bool)
    return draw_map(words, places[0], counts, covered, none, find_home(places), identity=identity)


def find_home(places: np.ndarray) -> Extent:
    """(low, high) of x and of y: the part of the map to begin with, where the words lie in all texts together."""
    return find_frame(places.reshape(-1, 2), many=places.shape[1] >= MANY_WORDS)


def find_extent(places: np.ndarray) -> Extent:
    """(low, high) of x and of y, such that every word of every text lies between them."""
    low, high = places.min(axis=(0, 1)).astype(np.float64), places.max(axis=(0, 1)).astype(np.float64)
    return tuple((float(a), float(max(b, a + 1e-3))) for a, b in zip(low, high, strict=True))


def colour_by_change(study: Study, trajectories: Trajectories, mapped: int) -> Colouring:
    """Colours of the first `mapped` words in every text, one text after the other, by their change from the first.

    Words that cannot be judged in any step have none.
    """
    shown = judgeable_steps(study)[:, :mapped].any(axis=0)
    change = np.concatenate([np.zeros((1, mapped), np.float32), trajectories.from_first[:, :mapped]])
    values = np.where(shown, change, np.nan).ravel()
    return colour_by_amount(
        "Change from the first text", values, missing="rare words, function words, words that no vectors file had"
    )


def pack_frames(
    identity: str, study: Study, near: Sequence[Neighbours], places: np.ndarray, colouring: Colouring
) -> StudyFrames:
    """What the map shows in each text: places, neighbours, counts, colours.

    Args:
        identity: of the study.
        near: of every text, from `nearest_in_texts`.
        places: float32 (texts, mapped words, 2).
        colouring: from `colour_by_change`.
    """
    mapped = places.shape[1]
    extent = find_extent(places)
    low, high = (np.array([axis[end] for axis in extent]) for end in (0, 1))
    own = np.arange(mapped)[:, None]
    found = np.stack([_near_on_map(each.indices[:mapped], mapped, own) for each in near])
    return StudyFrames(
        id=identity,
        names=study.names,
        places=_pack(((places - low) / (high - low) * _PARTS).round(), np.uint16),
        extent=extent,
        home=find_home(places),
        near=_pack(found, np.uint16),
        width=found.shape[2],
        counts=_pack(study.counts[:, :mapped], np.uint32),
        codes=pack_bytes(colouring.codes),
        palette=colouring.palette,
        other=OTHER,
    )


def _near_on_map(indices: np.ndarray, mapped: int, own: np.ndarray) -> np.ndarray:
    """The nearest of those that are on the map, nearest first; the own row where there are fewer."""
    width = min(_NEAR, indices.shape[1])
    there = (indices >= 0) & (indices < mapped)
    order = np.argsort(~there, axis=1, kind="stable")[:, :width]
    chosen = np.take_along_axis(indices, order, axis=1)
    return np.where(np.take_along_axis(there, order, axis=1), chosen, own)


def _pack(numbers: np.ndarray, kind: type[np.generic]) -> str:
    return pack_bytes(np.ascontiguousarray(numbers.astype(kind)).view(np.uint8).ravel())
