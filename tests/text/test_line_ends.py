import textwrap

import pytest

from core.text.reading.line_ends import is_wrapped

PROSE = "The quick brown fox jumps over the lazy dog, and then it runs away from here. Nobody saw it but the old hen. "
VERSES = "O wind,\nyou that go over the hills,\nwhere have you been\nall the long night,\nand whom did you meet?\n"


@pytest.mark.parametrize("width", [32, 60, 72, 100, 160])
def test_lines_that_end_where_the_page_was_full_are_wrapped(width: int) -> None:
    paragraph = textwrap.fill(PROSE * 20, width)
    assert is_wrapped(paragraph)
    assert is_wrapped(paragraph.lower())  # case tells nothing, nor does it in scripts that have none
    assert is_wrapped("\n\n".join([paragraph] * 9))


def test_a_word_that_is_divided_filled_its_line() -> None:
    assert is_wrapped("The govern-\nment of the dis-\ntrict built a bridge. The com-\nmittee met in win-\n" * 5)


@pytest.mark.parametrize(
    "text",
    [
        PROSE * 50,
        textwrap.fill(PROSE, 72),  # two lines
        "\n".join([PROSE] * 20),
        VERSES * 9,
        "\n".join(f"word{number}" for number in range(100, 200)),
        "\n".join(f"The customer number {number} bought a thing." for number in range(100, 200)),
        "the film is good\nit is not bad\n" * 10,
        "",
        "\n" * 99,
    ],
)
def test_lines_that_mean_something_are_not_wrapped(text: str) -> None:
    assert not is_wrapped(text)
