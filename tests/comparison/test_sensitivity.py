import numpy as np
import pytest

from core.comparison.movers import find_movers
from core.comparison.sensitivity import smallest_change, write_smallest_change


@pytest.fixture
def judged():
    """Six hundred words, of which the rarer ones change farther by noise alone; no word moved."""
    rng = np.random.default_rng(0)
    counts = np.sort(np.exp(rng.uniform(np.log(5), np.log(2000), 600)).astype(int))[::-1]
    size = 1 / np.sqrt(counts)
    change, *noise = size * np.exp(0.3 * rng.normal(size=(5, 600)))
    return find_movers(change.astype(np.float32), counts, {"seed": np.array(noise, np.float32)}), counts


def test_rare_words_need_a_larger_change_than_frequent_ones(judged):
    movers, counts = judged
    rare, usual, frequent = (smallest_change(movers, counts, count) for count in (25, 200, 1500))
    assert rare > 1.5 * usual > 2 * frequent > 0
    beyond = counts[movers.judged].max() * 10
    assert smallest_change(movers, counts, beyond) <= frequent


def test_a_change_beyond_it_is_called_moved_and_one_below_is_not(judged):
    movers, counts = judged
    row = int(np.flatnonzero(counts < 100)[0])
    assert write_smallest_change(movers, counts, row).startswith(
        f"It would have had to change by {movers.threshold[row]:.3f} to be called moved"
    )
    assert movers.change[row] < movers.threshold[row]


def test_of_words_that_are_not_judged_nothing_is_said(judged):
    movers, counts = judged
    assert write_smallest_change(movers, counts, len(counts) - 1) == ""
    nothing = find_movers(movers.change, np.full(600, 3), {"seed": np.stack([movers.change] * 2)})
    assert np.isnan(smallest_change(nothing, counts, 50))
