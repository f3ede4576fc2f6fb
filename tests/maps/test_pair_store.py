"""Layouts and neighbours that a job is given ids for, and what a page finds of them."""

import pickle

import numpy as np
import pytest
from made_runs import LEFT, RIGHT, make_workspace

from core.errors import Cancelled, RunError
from core.geometry.neighbours import nearest_neighbours
from core.maps.estimates import estimate_layout_seconds, estimate_neighbours_seconds
from core.maps.layout import LayoutSettings
from core.maps.pair_layout import lay_out_pair
from core.maps.pair_store import (
    LayoutOrder,
    NeighboursOrder,
    PairOrder,
    find_layout,
    find_neighbours,
    has_kept,
    keep_layout,
    keep_neighbours,
)
from core.maps.word_sample import take_words
from core.models.dose import at_dose
from core.progress import silent
from core.system.entries import entries_of
from core.system.files import cache_folder

PAIR = PairOrder(LEFT, RIGHT, 50)
PCA = LayoutSettings(method="pca")


@pytest.fixture
def models(cache):
    make_workspace()
    return PAIR.open()


@pytest.mark.parametrize("frame", ["joint", "aligned"])
def test_a_layout_comes_back_to_the_last_bit(models, frame):
    left, right, shared = models
    order = LayoutOrder(PAIR, PCA, frame)
    covered = left.covered[shared.left_rows], right.covered[shared.right_rows]
    assert find_layout(order, covered) is None
    keep_layout(silent, pickle.loads(pickle.dumps(order)))
    found = find_layout(order, covered)
    made = lay_out_pair(left, right, shared, PCA, frame)
    assert (found.method, found.frame, found.residual) == (made.method, made.frame, made.residual)
    for side in ("left", "right"):
        ours, theirs = getattr(found, side), getattr(made, side)
        assert [end.tobytes() for end in ours.ends] == [end.tobytes() for end in theirs.ends]
        assert (ours.covered == theirs.covered).all()
        assert ours.at(0.25).tobytes() == theirs.at(0.25).tobytes()


def test_some_words_are_laid_out_by_themselves_and_the_others_lie_amid_them(models):
    left, right, shared = models
    rows = (2, 5, 7, 11, 30)
    order = LayoutOrder(PAIR, PCA, "joint", rows)
    keep_layout(silent, order)
    found = find_layout(order, (left.covered[shared.left_rows], right.covered[shared.right_rows]))
    alone = lay_out_pair(left, right, take_words(shared, np.array(rows)), PCA, "joint", keep=False)
    np.testing.assert_array_equal(found.left.at(None)[list(rows)], alone.left.at(None))
    np.testing.assert_allclose(found.left.at(None)[0], alone.left.at(None).mean(axis=0), atol=1e-5)
    assert order.folder != LayoutOrder(PAIR, PCA, "joint").folder


def test_neighbours_come_back_to_the_last_bit_at_their_dose(models):
    left, right, shared = models
    orders = (NeighboursOrder(PAIR, LEFT, None, 7), NeighboursOrder(PAIR, RIGHT, 0.25, 7))
    assert not has_kept(*orders)
    assert find_neighbours(orders[0]) is None
    keep_neighbours(silent, orders)
    assert has_kept(*orders)
    vectors = left.vectors[shared.left_rows], at_dose(right, 0.25).vectors[shared.right_rows]
    for order, rows in zip(orders, vectors, strict=True):
        found, made = find_neighbours(order), nearest_neighbours(rows, 7)
        assert np.array_equal(found.indices, made.indices)
        assert found.similarities.tobytes() == made.similarities.tobytes()


def test_what_is_kept_is_found_by_the_models_and_texts_that_it_is_of(models):
    keep_layout(silent, LayoutOrder(PAIR, PCA, "joint"))
    keep_neighbours(silent, (NeighboursOrder(PAIR, LEFT, None, 7),))
    assert not list(entries_of("layouts", {"c" * 20}))
    assert len(list(entries_of("layouts", {RIGHT}))) == 1
    assert len(list(entries_of("layouts", {"digest"}))) == 1  # of the fit alone, by the digest of its text
    assert list(entries_of("neighbours", {LEFT})) == [NeighboursOrder(PAIR, LEFT, None, 7).folder]


def test_nothing_half_made_is_found(models):
    def stop(fraction, message):
        raise Cancelled

    order = NeighboursOrder(PAIR, LEFT, None, 7)
    with pytest.raises(Cancelled):
        keep_neighbours(stop, (order,))
    assert not has_kept(order)
    assert not list(cache_folder("neighbours", "any").parent.glob("*"))


def test_a_model_that_is_gone_is_said_to_be(cache):
    with pytest.raises(RunError, match="no longer in the store"):
        keep_layout(silent, LayoutOrder(PAIR, PCA, "joint"))


def test_few_words_take_no_time_and_very_many_a_minute(models):
    left, right, _ = models
    assert estimate_neighbours_seconds(5_000, 100) < 0.3
    assert estimate_layout_seconds(left, right, 1_000, LayoutSettings(), "joint") < 10
    assert 30 < estimate_layout_seconds(left, right, 43_000, LayoutSettings(), "joint") < 180
    assert estimate_layout_seconds(left, right, 43_000, PCA, "aligned") < 1
    assert estimate_layout_seconds(left, right, 8_000, LayoutSettings(method="tsne"), "aligned") > 60
