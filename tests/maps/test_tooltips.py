"""Packing what tooltips say: nothing is lost, and a word takes few bytes."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.maps.figures import draw_map
from core.maps.tooltips import pack_tooltips, read_tooltips


@given(st.integers(1, 40).flatmap(lambda n: st.tuples(
    arrays(np.int64, n, elements=st.integers(0, 2**32 - 1)), arrays(np.bool_, n))))  # fmt: skip
def test_counts_and_coverage_come_back(facts):
    counts, covered = facts
    packed, meta = pack_tooltips(counts, covered, np.full((len(counts), 3), -1))
    found = read_tooltips(SimpleNamespace(customdata=packed, meta=meta))
    np.testing.assert_array_equal(found[0], counts)
    np.testing.assert_array_equal(found[1], covered)


@pytest.mark.parametrize("n", [100, 65_536, 65_537, 70_000])
def test_rows_of_any_size_fit_and_no_neighbour_is_the_word_itself(n):
    near = np.stack([np.arange(n)[::-1], np.full(n, -1)], axis=1)
    packed, meta = pack_tooltips(np.arange(n), np.zeros(n, bool), near)
    np.testing.assert_array_equal(packed[:, 0], near[:, 0])
    np.testing.assert_array_equal(packed[:, 1], np.arange(n))
    np.testing.assert_array_equal(read_tooltips(SimpleNamespace(customdata=packed, meta=meta))[0], np.arange(n))


def test_a_word_of_seven_letters_takes_forty_bytes_at_most():
    n = 5000
    generator = np.random.default_rng(0)
    words = [f"{number:07d}" for number in range(n)]
    figure = draw_map(
        words,
        generator.normal(size=(n, 2)),
        generator.integers(0, 60_000, n),
        generator.random(n) < 0.5,
        generator.integers(0, n, (n, 5)),
        ((-3.0, 3.0), (-3.0, 3.0)),
    )
    assert len(figure.to_json()) / n <= 40 + 8_000 / n  # beside the words' own: the default template
