"""The models of a study laid out in one frame: a place for each word in each text, and how they are kept.

One fit of all texts' vectors together does not do: of twelve models that began from the same vectors a word's twelve
points are nearer to each other than to anything else, so the map becomes a heap of points a word and nothing moves.
Fits of their own keep a text's neighbourhoods, and cannot be compared. So what all texts have in common, the mean of
the aligned vectors, is laid out first, and each text's map is drawn from there on, a few small steps by its own
neighbours. Measured on twelve genres of Brown (594 words, tied, GloVe 50d): the 15 nearest neighbours that a text's map
keeps are .39, as many as a map of that text alone keeps (.39); of one fit for all .15. From text to text the median
word moves by 13 % of the map's radius, on maps of their own by 73 %; the way on the map and the change of the vectors
agree at a rank correlation of .26, on maps of their own of .06 (`benchmarks/bench_study.py`).
"""

from collections.abc import Sequence

import numpy as np

from core.comparison.study.models import Study
from core.comparison.study.store import STUDIES, StudiedTexts, StudyOrder, open_study, texts_of_models
from core.geometry.alignment import align
from core.geometry.directions import directions, normalise
from core.maps.frame import MANY_WORDS, turn_to_fill
from core.maps.layout import LayoutSettings, single_layout
from core.maps.manifold import refine_umap
from core.progress import Progress, portion, silent
from core.system.files import new_folder
from core.system.typed_json import write_record

MOST_WORDS = 5_000
"""So many words of a study are laid out, the most frequent ones."""
_ROUNDS, _PACE = 20, 0.1
_ASPECT = 2.2
"""So many times as broad as high is the map's place on a page."""
_BASE = 0.5  # share of the work
_COORDINATES = "coordinates.npy"
_ENDING = "-map-2"  # raise the number when the same study comes to be laid out otherwise


def lay_out_study(study: Study, progress: Progress = silent) -> np.ndarray:
    """Where the first `MOST_WORDS` words of a study lie in each text: float32 (texts, words, 2).

    Raises:
        ProjectionError: there are fewer than 4 words.
        Cancelled: out of `progress`.
    """
    spaces = _align_all(
        [model.vectors[rows[:MOST_WORDS]] for model, rows in zip(study.models, study.rows, strict=True)]
    )
    settings = LayoutSettings()
    middle = normalise(np.mean(spaces, axis=0).astype(np.float32))
    base = single_layout(middle, settings, portion(progress, 0, _BASE, "all texts together: "))
    number, share = len(spaces), (1 - _BASE) / len(spaces)
    return np.stack(
        [
            refine_umap(
                space,
                base,
                n_neighbors=settings.n_neighbors,
                min_dist=settings.min_dist,
                seed=settings.seed,
                epochs=_ROUNDS,
                pace=_PACE,
                progress=portion(
                    progress, _BASE + place * share, _BASE + (place + 1) * share, f"text {place + 1} of {number}: "
                ),
            )
            for place, space in enumerate(spaces)
        ]
    )


def _align_all(vectors: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Directions of every text's words, those of later texts turned onto the first."""
    return [directions(vectors[0]), *(align(vectors[0], each).right for each in vectors[1:])]


def keep_study_layout(progress: Progress, order: StudyOrder) -> None:
    """Lay a kept study out, unless it was before; a plain function of picklable arguments, for a child process.

    Raises:
        RunError: the study is not kept, or damaged.
        ProjectionError, Cancelled: as `lay_out_study`.
    """
    target = STUDIES.path_of(order.identity + _ENDING)
    if target.is_dir():
        return
    study = open_study(order).study
    coordinates = lay_out_study(study, progress)
    with new_folder(target) as new:
        np.save(new / _COORDINATES, coordinates, allow_pickle=False)
        write_record(new / "about.json", StudiedTexts(texts_of_models(study)))


def find_study_layout(order: StudyOrder) -> np.ndarray | None:
    """What `keep_study_layout` kept, all texts alike turned so that they fill the page; None where it did not, or not
    any more."""
    try:
        kept = np.load(STUDIES.path_of(order.identity + _ENDING) / _COORDINATES)
    except FileNotFoundError:
        return None
    return turn_to_fill(kept.reshape(-1, 2), kept.shape[1] >= MANY_WORDS, _ASPECT).reshape(kept.shape)


def estimate_study_layout_seconds(words: int, texts: int) -> float:
    """Of laying out so many words, within a factor of about two, on one slow core."""
    drawn = min(words, MOST_WORDS)
    return 1.0 + 1.4e-6 * drawn * (LayoutSettings().epochs + _ROUNDS * texts) + 1e-7 * drawn**2 * (texts + 1) / 10
