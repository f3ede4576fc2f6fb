"""How people write values, and what is said where they cannot be meant."""

import pytest

from core.errors import TrainingError
from core.score.sweep.ranges import parse_range, parse_seeds, write_value


@pytest.mark.parametrize(
    ("setting", "text", "values"),
    [
        ("epochs", "5,10,20", (5, 10, 20)),
        ("epochs", " 5 , 10,5", (5, 10)),
        ("window", "1..5", (1, 2, 3, 4, 5)),
        ("window", "2, 4..6", (2, 4, 5, 6)),
        ("epochs", "1..9 x3", (1, 5, 9)),
        ("epochs", "log 1..100 x3", (1, 10, 100)),
        ("epochs", "log 1..3 x9", (1, 2, 3)),
        ("alpha", "log 0.001..0.1 x5", (0.001, 0.003162, 0.01, 0.03162, 0.1)),
        ("alpha", "0.1..0.3x3", (0.1, 0.2, 0.3)),
        ("alpha", "1e-3,.05", (0.001, 0.05)),
        ("sample", "0..0.002 x3", (0.0, 0.001, 0.002)),
        ("algorithm", "skip-gram,cbow", ("skip-gram", "cbow")),
    ],
)
def test_what_people_write(setting, text, values):
    found = parse_range(setting, text)
    assert found == values
    assert [type(each) for each in found] == [type(each) for each in values]
    assert parse_range(setting, ",".join(map(write_value, found))) == values  # as it is shown, it is read again


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        ("epochs", "many", "epochs is “many”; it must be whole numbers, like 5,10,20"),
        ("epochs", "5,,10", "epochs is “”; it must be whole numbers"),
        ("epochs", "1.5..3", "epochs is “1.5”; it must be whole numbers"),
        ("epochs", "9..1", "which falls. Write the smaller number first"),
        ("alpha", "0.01..0.1", "say how many values that is, as in “0.01..0.1 x5”"),
        ("alpha", "log 0.01..0.1", "say how many values that is"),
        ("alpha", "log 0..0.1 x3", "equal ratios must begin above 0"),
        ("alpha", "0.01..0.1 x1", "it takes two values or more"),
        ("alpha", "0.01..0.1 x1000000", "which are 1,000,000 values; a sweep takes up to 1,000"),
        ("window", "1..1000000000000", "which are 1,000,000,000,000 values"),
        ("depth", "1,2", "There is no setting called depth that a sweep could change. There are: algorithm, alpha"),
        ("dose", "0..1 x3", "There is no setting called dose that a sweep could change"),
        ("algorithm", "skip-gram,", "algorithm has an empty value"),
    ],
)
def test_what_cannot_be_meant(setting, text, said):
    with pytest.raises(TrainingError) as error:
        parse_range(setting, text)
    assert said in str(error.value)


def test_seeds():
    assert parse_seeds("1..3,7") == (1, 2, 3, 7)
    with pytest.raises(TrainingError, match="seed is “one”; it must be whole numbers"):
        parse_seeds("one")
    with pytest.raises(TrainingError, match="1,000,000 values"):
        parse_seeds("1..1000000")
