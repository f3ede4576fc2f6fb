"""What the map that moves is sent: places, neighbours, counts and colours of each text, as the scripts read them."""

from base64 import b64decode
from dataclasses import fields

import numpy as np
import pytest

from core.comparison.study.models import Study
from core.comparison.study.trajectories import Trajectories
from core.config import TrainConfig
from core.geometry.neighbours import Neighbours
from core.maps.colouring import MISSING
from core.maps.payload import StudyFrames, StudyMap
from core.maps.study_frames import colour_by_change, draw_study_map, find_extent, find_home, pack_frames
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding

WORDS = ("house", "river", "the", "rare", "late")
COUNTS = np.array([[90, 80, 70, 3, 60], [95, 85, 75, 4, 66]])
PLACES = np.random.default_rng(0).normal(size=(2, 4, 2)).astype(np.float32)


@pytest.fixture(scope="module")
def study():
    def model(text):
        return Embedding(
            name="m",
            words=WORDS,
            vectors=np.random.default_rng(text).normal(size=(5, 3)).astype(np.float32),
            counts=COUNTS[text],
            covered=np.ones(5, bool),
            config=TrainConfig(strategy="scratch", vector_size=3),
            sources=Sources(TextSource("t", "d")),
        )

    rows = np.tile(np.arange(5), (2, 1))
    return Study(("old", "new"), (model(0), model(1)), (), (9, 9), ("English", "English"), WORDS, rows, COUNTS)


@pytest.fixture(scope="module")
def near():
    found = np.array([[4, 1], [2, 4], [0, 1], [-1, -1], [0, 1]], np.int32)
    return (Neighbours(found, np.zeros((5, 2), np.float32)),) * 2


@pytest.fixture(scope="module")
def colouring(study):
    change = np.array([[0.1, 0.4, 0.9, 0.8, 0.2]], np.float32)
    return colour_by_change(study, Trajectories(change, change.copy()), 4)


def test_places_come_back_within_a_sixty_thousandth_of_the_map(study, near, colouring):
    frames = pack_frames("s", study, near, PLACES, colouring)
    shares = np.frombuffer(b64decode(frames.places), "<u2").reshape(PLACES.shape) / 65535
    low, high = np.array(find_extent(PLACES)).T
    np.testing.assert_allclose(low + shares * (high - low), PLACES, atol=2e-4)
    assert frames.names == ("old", "new")


def test_a_far_island_of_few_of_many_words_makes_no_map_small_and_has_a_place_all_the_same(study, near, colouring):
    cloud = np.random.default_rng(1).uniform(size=(2, 2000, 2)).astype(np.float32)
    cloud[1, :20] += 9  # far out in one text only
    assert np.max(find_home(cloud)) < 1.2
    assert np.max(find_extent(cloud)) > 9
    assert np.max(find_home(cloud[:, :30])) > 9  # of few all are seen
    assert pack_frames("s", study, near, PLACES, colouring).home == find_home(PLACES)


def test_neighbours_are_those_that_are_on_the_map(study, near, colouring):
    frames = pack_frames("s", study, near, PLACES, colouring)
    found = np.frombuffer(b64decode(frames.near), "<u2").reshape(2, 4, frames.width)
    np.testing.assert_array_equal(found[0], [[1, 0], [2, 1], [0, 1], [3, 3]])  # the fifth word is not on the map
    np.testing.assert_array_equal(np.frombuffer(b64decode(frames.counts), "<u4").reshape(2, 4), COUNTS[:, :4])


def test_colours_are_by_change_from_the_first_text_and_grey_for_what_cannot_be_judged(colouring):
    old, new = colouring.codes.reshape(2, 4)
    assert old[:2].tolist() == [0, 0]
    assert 0 < new[0] < new[1]
    assert old[2] == new[2] == MISSING  # a function word
    assert old[3] == new[3] == MISSING  # too rare


def test_the_figure_has_the_words_of_the_map_where_the_first_text_has_them(study):
    trace = draw_study_map("s", study, PLACES).data[0]
    assert list(trace.text) == list(WORDS[:4])
    np.testing.assert_array_equal(trace.x, PLACES[0, :, 0])


@pytest.mark.parametrize("part", [StudyFrames, StudyMap], ids=lambda part: part.__name__)
def test_the_scripts_read_every_key(part):
    from core.maps.page import frames_script, moving_script

    script = moving_script() + frames_script()
    assert not [field.name for field in fields(part) if f"data.{field.name}" not in script]
