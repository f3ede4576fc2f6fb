"""Words that line ends divide: the text guesses before there are vectors, which then tell it better."""

from small_texts import small_glove

from core.text.opened import open_text
from core.text.reading.divided_words import LineEnd, rejoin
from core.text.reading.documents import ReadOptions
from core.text.reading.uploads import Upload
from core.workspace.recommendation import recommend_line_ends, say_line_ends

LINES = """The boat went down the river with a fisher-
man and his daughter, who had seen the market-
place of the town before and did not under-
stand why the harbour-
master stayed. They had stand and under and market in mind.
The book was called Regierungs-
programm and it was a twenty-
one pages long and very silver-
grey in parts and wonder-
fully so."""
KNOWN = "fisher man fisherman market place under stand understand harbour master silver grey silver-grey wonder fully"


def test_what_the_text_does_not_say_is_told_as_a_guess():
    found = rejoin(LINES)
    assert found.guessed == (
        LineEnd("fisher", "man", True),
        LineEnd("market", "place", True),
        LineEnd("under", "stand", False),
        LineEnd("harbour", "master", True),
        LineEnd("silver", "grey", True),
        LineEnd("wonder", "fully", True),
    )
    again = rejoin(LINES, frozenset({"understand", "market-place"}))
    assert "understand" in again.joined
    assert "market-place" in again.kept
    assert LineEnd("under", "stand", False) not in again.guessed


def test_a_vectors_file_tells_how_they_are_written(tmp_path):
    glove = small_glove(tmp_path / "g.4d.txt", [KNOWN], without=(), vector_size=4)
    words = recommend_line_ends(rejoin(LINES).guessed, glove)
    assert words == ("harbour-master", "market-place", "silver-grey", "understand", "wonder-fully")
    assert say_line_ends(words) == (
        "By the vectors file, 5 words that line ends divide should be read 4 with a hyphen and 1 as one word: "
        "harbour-master, market-place, silver-grey …."
    )
    assert recommend_line_ends((), glove) == ()
    short = (LineEnd("of", "man", True), LineEnd("xq", "place", True))
    assert recommend_line_ends(short, glove) == ()  # "of" and "xq" are not in it


def test_a_text_is_read_so_and_says_no_more(tmp_path):
    glove = small_glove(tmp_path / "g.4d.txt", [KNOWN], without=(), vector_size=4)
    upload = Upload("a.txt", LINES.encode())
    first = open_text([upload]).reading
    words = recommend_line_ends(first.divided, glove)
    second = open_text([upload], ReadOptions(line_ends=words))
    assert "market-place" in second.reading.documents[0].text
    assert "understand" in second.corpus.words
    assert recommend_line_ends(second.reading.divided, glove) == ()
    assert ReadOptions(line_ends=("b", "a", "b")) == ReadOptions(line_ends=["a", "b"])
