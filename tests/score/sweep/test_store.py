"""A sweep in the cache folder: asked for by name, true while it runs, gone on with, and listed as made of its text."""

import pickle
from dataclasses import replace

import pytest
from made_sweeps import PLANTED, planted_plan, tiny_vectors, topical_text

from core.errors import Cancelled, RunError
from core.models.runs import keep_corpus, keep_pretrained
from core.progress import silent
from core.score.sweep.search import SearchWay
from core.score.sweep.store import SWEEPS, SweepOrder, find_sweep, keep_sweep
from core.system.inventory import take_inventory


@pytest.fixture
def order():
    corpus = topical_text()
    return SweepOrder(keep_corpus(corpus), (keep_pretrained(tiny_vectors(), corpus),), planted_plan(), SearchWay())


def test_made_found_and_listed(order):
    assert find_sweep(order.identity) is None
    assert keep_sweep(silent, pickle.loads(pickle.dumps(order))) == order.identity
    record = find_sweep(order.identity)
    assert record.chosen.values == PLANTED
    (entry,) = take_inventory([SWEEPS])
    assert entry.name == order.identity
    assert entry.is_made_of([order.corpus_folder.name])
    assert not entry.damaged


def test_cancelled_it_has_what_was_finished(order):
    def stop(fraction, message):
        if fraction > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        keep_sweep(stop, order)
    assert find_sweep(order.identity).chosen is None
    keep_sweep(silent, order)
    assert find_sweep(order.identity).tried == 5


def test_another_order_has_another_name(order):
    optuna = replace(order, way=SearchWay("optuna", 3))
    others = (
        replace(order, plan=planted_plan([1, 2])), optuna, replace(optuna, way=SearchWay("optuna", 4)),
        replace(order, rows=(order.rows[0].with_name("other"),)),
    )  # fmt: skip
    assert len({order.identity, *(each.identity for each in others)}) == 5
    assert replace(order, way=SearchWay(trials=9)).identity == order.identity  # a grid has no trials


def test_other_code_behind_the_same_names_is_another_sweep(order, monkeypatch):
    before = order.identity
    monkeypatch.setattr("core.score.sweep.store.STORE_VERSION", "999")
    assert order.identity != before


def test_inputs_that_are_gone(order):
    with pytest.raises(RunError, match="no longer in the cache folder"):
        keep_sweep(silent, replace(order, corpus_folder=order.corpus_folder.with_name("gone")))


def test_a_damaged_record_is_none(order):
    keep_sweep(silent, order)
    (SWEEPS.path_of(order.identity) / "sweep.json").write_text("{")
    assert find_sweep(order.identity) is None
