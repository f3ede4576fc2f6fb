from dataclasses import replace

import numpy as np
import pytest

from core.comparison.pair import match_words
from core.config import TrainConfig
from core.errors import TrainingError
from core.geometry.neighbours import nearest_neighbours
from core.maps.figures import draw_side
from core.maps.layout import LayoutSettings
from core.maps.pair_layout import lay_out_pair
from core.models.description import Sources, TextSource
from core.models.dose import apply_dose, at_dose, has_dose
from core.models.embedding import Embedding

PCA = LayoutSettings(method="pca")
WORDS = tuple(f"w{row}" for row in range(60))
COVERED = np.arange(60) % 3 > 0
SOURCES = Sources(TextSource("text", "digest"))


def made(name, seed, *, dose=None):
    generator = np.random.default_rng(seed)
    start = generator.normal(size=(60, 8)).astype(np.float32)
    ends, vectors, details = None, start, {}
    if dose is not None:
        tuned = start + generator.normal(size=start.shape).astype(np.float32)
        start[~COVERED] = tuned[~COVERED]
        ends, vectors, details = (start, tuned), apply_dose(start, tuned, COVERED, dose), {"dose": dose}
    config = TrainConfig(strategy="scratch" if dose is None else "tuned", vector_size=8)
    return Embedding(name, WORDS, vectors, np.arange(60, 0, -1), COVERED, config, SOURCES, ends, details)


def test_a_dose_gives_the_vectors_of_that_dose_and_the_ends_are_exact():
    tuned = made("tuned", 1, dose=0.5)
    assert has_dose(tuned)
    assert at_dose(tuned, 0.5) is tuned
    np.testing.assert_array_equal(at_dose(tuned, 0).vectors[COVERED], tuned.ends[0][COVERED])
    np.testing.assert_array_equal(at_dose(tuned, 1).vectors, tuned.ends[1])
    with pytest.raises(TrainingError, match="dose"):
        at_dose(tuned, 1.5)
    with pytest.raises(ValueError, match="no dose"):
        at_dose(made("scratch", 2), 0.5)


@pytest.mark.parametrize("frame", ["joint", "aligned"])
@pytest.mark.parametrize("doses", [(None, 0.5), (0.25, None), (0.25, 0.5), (None, None)])
def test_every_dose_has_its_place_between_the_ends(frame, doses):
    left, right = (made(name, seed, dose=dose) for name, seed, dose in zip("ab", (1, 2), doses, strict=True))
    layout = lay_out_pair(left, right, match_words(left, right), PCA, frame, keep=False)
    for track, dose in ((layout.left, doses[0]), (layout.right, doses[1])):
        assert len(track.ends) == (1 if dose is None else 2)
        if dose is not None:
            between = track.at(0.5)
            np.testing.assert_allclose(between[COVERED], (track.ends[0] + track.ends[1])[COVERED] / 2, atol=1e-5)
            np.testing.assert_array_equal(between[~COVERED], track.ends[1][~COVERED])
        for coordinates in (track.at(0.0), track.at(1.0), track.at(dose)):
            for axis, (low, high) in zip(coordinates.T, layout.extent, strict=True):
                assert low < axis.min() <= axis.max() < high
    assert 0 <= layout.residual <= 1


def test_the_same_vectors_coincide_in_one_frame():
    left = made("a", 1)
    turn = np.linalg.qr(np.random.default_rng(3).normal(size=(8, 8)))[0].astype(np.float32)
    right = replace(left, name="b", vectors=left.vectors @ turn)
    layout = lay_out_pair(left, right, match_words(left, right), PCA, keep=False)
    np.testing.assert_allclose(layout.left.at(None), layout.right.at(None), atol=1e-3)
    assert layout.residual < 0.01


def test_a_layout_is_kept_and_found_again(cache):
    left, right = made("a", 1), made("b", 2, dose=0.5)
    shared = match_words(left, right)
    assert not (cache / "layouts").exists()
    first = lay_out_pair(left, right, shared, PCA)
    assert [*(cache / "layouts").iterdir()]
    np.testing.assert_array_equal(first.right.at(0.3), lay_out_pair(left, right, shared, PCA).right.at(0.3))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_figure_of_the_same_map_is_the_same_to_the_byte(dimensions):
    left, right = made("a", 1), made("b", 2, dose=0.5)
    shared, settings = match_words(left, right), LayoutSettings(method="pca", dimensions=dimensions)
    near = nearest_neighbours(right.vectors, 5)
    drawn = []
    for _ in range(2):
        layout = lay_out_pair(left, right, shared, settings, keep=False)
        drawn.append(draw_side(layout, "right", 0.5, shared.words, right.counts, COVERED, near).to_json())
    assert drawn[0] == drawn[1]
    assert ("scatter3d" if dimensions == 3 else "scatter") in drawn[0]


@pytest.mark.parametrize("turned", [False, True])
def test_a_model_lies_where_the_other_one_does_at_the_dose_at_which_they_are_the_same(turned):
    tuned = made("tuned", 1, dose=0.5)
    vectors = tuned.ends[0].copy()
    vectors[:3] += 1  # but for a few words
    plain = replace(made("pretrained", 1), vectors=vectors)
    models = (tuned, plain) if turned else (plain, tuned)
    layout = lay_out_pair(*models, match_words(*models), LayoutSettings(n_neighbors=5), keep=False)
    own, other = (layout.right, layout.left) if turned else (layout.left, layout.right)
    np.testing.assert_array_equal(own.ends[0][3:], other.ends[0][3:])
    assert np.all(np.any(own.ends[0][:3] != other.ends[0][:3], axis=1))
    assert np.any(own.ends[0] != other.ends[1])
