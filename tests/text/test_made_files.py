"""Files made by chance with the usual libraries, in twelve languages, come back word for word."""

import pytest

from tests.made_files import combinations, differences

EVERY = combinations(470)[::11]
"""Every kind and language turns up, with its own seeds. More: `python -m tests.made_files 200`."""


@pytest.mark.parametrize(("kind", "language", "seed"), EVERY[:24])
def test_a_made_file_comes_back_word_for_word(kind, language, seed):
    assert differences(kind, language, seed) == ""
