"""A study in one frame: words that did not change stay, one that changed moves, and turned spaces do not matter."""

import numpy as np
import pytest

from core.comparison.study.models import Study
from core.config import TrainConfig
from core.maps.layout import LayoutSettings, single_layout
from core.maps.study_layout import lay_out_study
from core.models.description import Sources, TextSource
from core.models.embedding import Embedding

GROUPS, EACH, SIZE = 6, 15, 12
WORDS = tuple(f"w{row}" for row in range(GROUPS * EACH))
GROUP = np.arange(len(WORDS)) % GROUPS
CHANGED = [0, 1, 2]


def model_of(text, group):
    generator = np.random.default_rng(text)
    middles = np.random.default_rng(99).normal(size=(GROUPS, SIZE))
    vectors = middles[group] + 0.35 * np.random.default_rng(98).normal(size=(len(WORDS), SIZE))
    vectors += 0.05 * generator.normal(size=vectors.shape)
    turn, _ = np.linalg.qr(generator.normal(size=(SIZE, SIZE)))
    return Embedding(
        name=f"t{text}",
        words=WORDS,
        vectors=(vectors @ turn).astype(np.float32),
        counts=np.arange(len(WORDS), 0, -1),
        covered=np.ones(len(WORDS), bool),
        config=TrainConfig(strategy="scratch", vector_size=SIZE),
        sources=Sources(TextSource(f"t{text}", f"digest{text}")),
    )


@pytest.fixture(scope="module")
def study():
    later = GROUP.copy()
    later[CHANGED] = (GROUP[CHANGED] + 3) % GROUPS
    models = tuple(model_of(text, group) for text, group in enumerate((GROUP, GROUP, later)))
    rows = np.tile(np.arange(len(WORDS)), (3, 1))
    names = ("old", "mid", "new")
    return Study(names, models, (), (9, 9, 9), (None, None, None), WORDS, rows, np.ones_like(rows))


@pytest.fixture(scope="module")
def places(study):
    return lay_out_study(study)


def test_words_that_changed_move_when_they_change_and_others_stay(places):
    assert places.shape == (3, len(WORDS), 2)
    assert places.dtype == np.float32
    ways = np.linalg.norm(np.diff(places, axis=0), axis=2)
    others = np.delete(np.arange(len(WORDS)), CHANGED)
    assert ways[1][CHANGED].min() > 3 * np.median(ways[1][others])
    assert np.median(ways[0]) < 0.2 * np.linalg.norm(places[0] - places[0].mean(axis=0), axis=1).mean()


def test_it_ends_nearer_to_where_its_new_neighbours_are(places):
    for row in CHANGED:
        old, new = (
            np.delete(np.flatnonzero(group == GROUP), np.flatnonzero(np.flatnonzero(group == GROUP) == row))
            for group in (GROUP[row], (GROUP[row] + 3) % GROUPS)
        )
        lead = [
            np.linalg.norm(text[old].mean(axis=0) - text[row]) - np.linalg.norm(text[new].mean(axis=0) - text[row])
            for text in (places[1], places[2])
        ]
        assert lead[1] > lead[0]


def test_turning_a_text_moves_nothing_far_and_a_map_of_its_own_is_elsewhere(study, places):
    """The frame is shared though each space is turned at random: single maps of the same two texts are far apart."""
    alone = [single_layout(model.vectors, LayoutSettings()) for model in study.models[:2]]
    apart = np.median(np.linalg.norm(alone[0] - alone[1], axis=1))
    assert np.median(np.linalg.norm(places[0] - places[1], axis=1)) < 0.2 * apart


def test_the_same_study_gives_the_same_map(study, places):
    np.testing.assert_array_equal(lay_out_study(study), places)
