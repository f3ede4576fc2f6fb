"""What two maps show, said in words."""

import numpy as np
import pytest

from core.geometry.clusters import Regions
from core.maps.in_words import describe_regions, summarise_maps
from core.maps.regions import WordRegions

WORDS = ("the", "cat", "dog", "sea", "ship", "lost")
COUNTS = np.array([90, 20, 30, 4, 5, 1])
CONTENT = np.array([False, True, True, True, True, True])
REGIONS = WordRegions((Regions(np.array([0, 0, 0, 1, 1, -1]), ("pets", "sea"), (-1, -1)),), CONTENT)
OVERLAP = np.array([1.0, 1.0, 0.0, 1 / 3, np.nan, 1.0])


def test_regions_are_the_largest_first_with_their_most_frequent_words_of_meaning():
    pets, sea = describe_regions(REGIONS, WORDS, COUNTS, OVERLAP, 10)
    assert (pets.name, pets.words, pets.frequent) == ("pets", 3, ("dog", "cat"))
    assert (sea.name, sea.words, sea.frequent) == ("sea", 2, ("ship", "sea"))


def test_kept_is_how_many_of_the_neighbours_two_lists_have_in_common():
    pets, sea = describe_regions(REGIONS, WORDS, COUNTS, OVERLAP, 10)
    assert pets.kept == pytest.approx(20 / 3)  # all ten, all ten, none
    assert sea.kept == pytest.approx(5)  # five of ten are five in common of fifteen; the other word has no neighbours


def test_the_summary_says_where_most_and_least_was_kept():
    said = summarise_maps(describe_regions(REGIONS, WORDS, COUNTS, OVERLAP, 10), 10)
    assert said == (
        "5 words in 2 regions. A word keeps 6.0 of its 10 nearest neighbours from one map to the other, in the mean: "
        "most in “pets” (6.7), fewest in “sea” (5.0)."
    )


def test_without_neighbours_only_the_regions_are_told():
    facts = describe_regions(REGIONS, WORDS, COUNTS, np.full(6, np.nan), 10)
    assert summarise_maps(facts, 10) == "5 words in 2 regions."
