"""The sentence about what moved, on made-up verdicts."""

import numpy as np
import pytest

from core.comparison.moved_sentence import describe_moved
from core.comparison.movers import Movers, NoiseKind

NAMES = ("Pretrained", "Tuned")


def movers(kind: NoiseKind, moved: str, runs: int = 5) -> Movers:
    """A letter a word: m moved, s stayed, - not judged."""
    some = np.ones(len(moved), np.float32)
    q_value = np.array([{"m": 0.01, "s": 0.9, "-": np.nan}[each] for each in moved], np.float32)
    verdict = np.array([each == "m" for each in moved])
    return Movers(some, some, some, some, some, some, q_value, verdict, (kind,), (runs,), 0.05, q_value)


def test_each_number_is_of_those_that_the_first_one_names() -> None:
    found = {
        "placebo": movers("placebo", "smss-"),
        "documents": movers("documents", "mssm-"),
        "seed": movers("seed", "mmms-"),
    }
    assert describe_moved(found, NAMES) == (  # type: ignore[arg-type]
        "3 of 4 judged words moved from “Pretrained” to “Tuned” further than retraining alone moves them; of those, 1 "
        "further than another sample of your documents would; 1 further than your words in random order would "
        "(expected by chance: at most 5 % of all that moved further than each)."
    )


@pytest.mark.parametrize(
    ("moved", "sentence"),
    [
        ("mmss", "2 of 4 judged words differ between “A” and “B” by more than dealing the same documents out "
         "anew made them differ (in 3 deals; expected by chance: at most 5 % of those named)."),
        ("ms", "1 of 2 judged words differs between “A” and “B” by more than dealing the same documents out "
         "anew made them differ (in 3 deals; expected by chance: at most 5 % of those named)."),
        ("s-", "None of 1 judged word differs between “A” and “B” by more than dealing the same documents out "
         "anew made them differ (in 3 deals)."),
        ("--", "No word is judged between “A” and “B”: none that both have, that carries meaning of its own and that "
         "has a known start occurs 20 times or more in each text."),
    ],
)  # fmt: skip
def test_two_texts_differ(moved: str, sentence: str) -> None:
    assert describe_moved({"permutation": movers("permutation", moved, 3)}, ("A", "B")) == sentence


def test_what_was_dealt_out_is_told() -> None:
    assert "dealing the same stretches of 200 words out anew" in describe_moved(
        {"permutation": movers("permutation", "m")}, ("A", "B"), "blocks"
    )


def test_a_kind_by_itself() -> None:
    assert describe_moved({"documents": movers("documents", "sss")}, NAMES) == (
        "None of 3 judged words moved from “Pretrained” to “Tuned” further than another sample of your documents would "
        "move them."
    )
    with pytest.raises(ValueError, match="no noise was measured"):
        describe_moved({}, NAMES)
