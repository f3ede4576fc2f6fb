"""How long neighbours and layouts will take, before they begin: within a factor of about two, on one slow core."""

from core.maps.layout import Frame, LayoutSettings
from core.maps.pair_layout import count_ends
from core.models.embedding import Embedding

_UMAP_POINT, _TSNE_POINT = 4e-7, 4e-3  # seconds: of an epoch, of the whole fit


def estimate_neighbours_seconds(words: int, vector_size: int) -> float:
    """Of finding the nearest neighbours of each of `words` vectors."""
    return 1.5e-5 * words + 1e-9 * (1 + vector_size / 100) * words**2


def estimate_layout_seconds(
    left: Embedding, right: Embedding, words: int, settings: LayoutSettings, frame: Frame
) -> float:
    """Of laying out the `words` that the two share."""
    ends = [count_ends(left), count_ends(right)]
    fits = [sum(ends) * words] if frame == "joint" else [each * words for each in ends]
    return sum(_estimate_fit(points, max(left.vector_size, right.vector_size), settings) for points in fits)


def estimate_report_seconds(left: Embedding, right: Embedding) -> float:
    """Of a report on the two: their maps with the usual settings, and writing."""
    words = min(len(left.words), len(right.words))
    return 3.0 + 1e-3 * words + estimate_layout_seconds(left, right, words, LayoutSettings(), "joint")


def _estimate_fit(points: int, vector_size: int, settings: LayoutSettings) -> float:
    match settings.method:
        case "pca":
            return 1e-7 * points * vector_size
        case "tsne":
            return _TSNE_POINT * points
        case "umap":
            drawing = _UMAP_POINT * points * settings.epochs
            return drawing + estimate_neighbours_seconds(points, vector_size)
