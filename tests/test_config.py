"""Settings: what is usual for a text, and the words in which people are told so."""

import pytest

from core.cli.main import main
from core.config import default_config, usual_min_count
from core.methods import METHODS
from core.prose.glossary import explain


@pytest.mark.parametrize(
    ("tokens", "least"),
    [(0, 2), (61_119, 2), (249_999, 2), (250_000, 5), (1_031_481, 5), (1_999_999, 5), (2_000_000, 10), (10**9, 10)],
)
def test_the_usual_min_count_follows_the_size_of_the_text(tokens, least):
    assert usual_min_count(tokens) == least
    for strategy in METHODS:
        assert default_config(strategy, tokens).min_count == least
        assert default_config(strategy, tokens, min_count=3).min_count == 3


def test_people_are_told_it(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    for said in (explain("min_count"), " ".join(capsys.readouterr().out.split())):
        for figure in ("is 2", "250,000", "5", "2 million", "10"):
            assert figure in said
