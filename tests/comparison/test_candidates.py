import numpy as np
import pytest

from core.comparison.candidates import find_candidates
from core.comparison.pair import match_words
from core.config import TrainConfig
from core.models.embedding import Embedding

WORDS = ("bank", "the", "7", "blorp")
FILE, SCRATCH = "1110", "0000"
"""Which words a model's vectors file has."""


def model(covered: str) -> Embedding:
    known = np.array([mark == "1" for mark in covered])
    config = TrainConfig(strategy="scratch")
    return Embedding("m", WORDS, np.ones((4, 3), np.float32), np.full(4, 9), known, config, {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "right", "new"),
    [(FILE, FILE, "0001"), (SCRATCH, FILE, "0001"), (FILE, SCRATCH, "0001"), (SCRATCH, SCRATCH, "0000"),
     ("1100", FILE, "0011")],
)  # fmt: skip
def test_a_word_is_new_where_a_file_that_a_side_started_from_lacks_it(left: str, right: str, new: str) -> None:
    sides = model(left), model(right)
    found = find_candidates(match_words(*sides), *sides, ["English"])
    assert found.new.tolist() == [mark == "1" for mark in new]
    assert found.content.tolist() == [True, False, False, True]
    assert found.judged.tolist() == [True, False, False, new[3] == "0"]
    assert not found.new.flags.writeable
    assert not found.content.flags.writeable


def test_of_texts_in_unknown_languages_numbers_alone_are_left_out() -> None:
    sides = model(SCRATCH), model(SCRATCH)
    assert find_candidates(match_words(*sides), *sides, [None, None]).judged.tolist() == [True, True, False, True]
