"""What names of files tell: a short name for a text of them, and labels."""

import pytest
from making import zip_of

from core.errors import CorpusError
from core.text.opened import open_text, propose_options
from core.text.reading.documents import ReadOptions
from core.text.reading.name_labels import guess_pattern, label_in_name
from core.text.reading.text_names import LONGEST_NAME, propose_name, shorten, unique_name
from core.text.reading.uploads import Upload


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (["brown.csv"], "brown"),
        (["sotu.tar.gz"], "sotu"),
        (["notes.org"], "notes"),
        (["refs.BIB", "page.rst"], "refs and page"),
        (["v1.2.final"], "v1.2.final"),
        (["State_of_the_Union_1790.txt", "State_of_the_Union_2018.txt"], "State of the Union 1790-2018"),
        (["sotu/1790-Washington.txt", "sotu/1800-Adams.txt"], "sotu 1790-1800"),
        (["letters 1912.txt", "letters 1913.txt"], "letters 1912-1913"),
        (["letter1.txt", "letter12.txt"], "letter"),
        (["before.txt", "after.txt"], "before and after"),
        (["a.txt", "b.txt", "c.txt"], "3 files"),
        (["war_and_peace.txt"], "war and peace"),
        (["pasted text"], "pasted text"),
        ([], "text"),
    ],
)
def test_a_text_gets_a_short_name(files, name):
    assert propose_name(files) == name


def test_names_of_an_archives_files_tell_the_years():
    assert propose_name(["sotu.zip"], ["1790.txt", "1801.txt"]) == "sotu 1790-1801"
    assert propose_name(["sotu 1790-1801.zip"], ["1790.txt", "1801.txt"]) == "sotu 1790-1801"
    assert propose_name(["sotu.zip"], ["1790.txt", "a.txt", "b.txt"]) == "sotu"


def test_no_name_is_long_or_used_twice():
    many = [f"a very long name of a collection of letters to and from somebody {n}.txt" for n in range(233)]
    assert len(propose_name(many)) <= LONGEST_NAME
    assert shorten("x" * 100).endswith("…")
    assert unique_name("brown", ["Brown", "brown 2"]) == "brown 3"
    assert "more" not in open_text([Upload(name, b"some words") for name in many]).corpus.name


@pytest.mark.parametrize(
    ("archives", "labels"),
    [
        ({"tales.zip": ["poe/a.txt", "poe/b.txt", "melville/c.txt", "__MACOSX/poe/a.txt"]}, ["poe", "poe", "melville"]),
        ({"poe.zip": ["a.txt", "b.txt"], "melville.zip": ["c.txt"]}, ["poe", "poe", "melville"]),
        ({"tales.zip": ["a.txt", "b.txt"]}, [None, None]),
    ],
)
def test_folders_and_names_in_archives_are_labels_at_once(archives, labels):
    uploads = [Upload(name, zip_of(dict.fromkeys(inside, b"Some words."))) for name, inside in archives.items()]
    options = propose_options(uploads)
    assert list(open_text(uploads, options).corpus.labels) == labels


def test_an_archive_that_cannot_be_looked_into_is_proposed_like_any_file():
    broken = zip_of({"poe/a.txt": b"Some words."})[:-30]
    assert propose_options([Upload("broken.zip", broken)]) == ReadOptions()


@pytest.mark.parametrize(
    ("names", "pattern", "labels"),
    [
        (["melville-1851.txt", "melville-1855.txt", "poe-1840.txt", "poe-1841.txt"], "{label}-*", {"melville", "poe"}),
        (["a/1.txt", "a/2.txt", "b/1.txt"], "{label}/*", {"a", "b"}),
        (["1 news.txt", "2 news.txt", "3 play.txt"], "* {label}", {"news", "play"}),
        (["1790-w.txt", "1790-x.txt", "1800-y.txt"], None, {None}),  # years make periods
        (["1.txt", "2.txt"], None, {None}),
        (["notes.txt", "letter.txt"], None, {None}),
    ],
)
def test_the_piece_of_the_names_that_several_share_is_their_label(names, pattern, labels):
    assert guess_pattern(names) == pattern
    assert {pattern and label_in_name(name, pattern) for name in names} == labels


def test_a_pattern_takes_what_stands_in_its_place_and_nothing_else():
    assert label_in_name("letters/poe-1841.txt, line 12", "{label}-*") == "poe"
    assert label_in_name("x_poe_1841.txt", "*_{label}_*") == "poe"
    assert label_in_name("poe (1841).txt", "{label} (*)") == "poe"
    assert label_in_name("poe.txt", "{label}-*") is None


def test_labels_are_read_from_names_and_a_bad_pattern_is_named():
    uploads = [Upload(f"{author}-{n}.txt", b"some words") for author in ("poe", "melville") for n in range(3)]
    options = propose_options(uploads)
    assert options == ReadOptions(label_pattern="{label}-*")
    assert open_text(uploads, options).corpus.labels == ("poe",) * 3 + ("melville",) * 3
    for bad in ("*-*", "{label}{label}"):
        with pytest.raises(CorpusError, match="where the label is"):
            open_text(uploads, ReadOptions(label_pattern=bad))


def test_a_column_of_labels_goes_before_the_name():
    table = Upload("poe-1.csv", b"text,by\nsome words,somebody\nother words,\n")
    read = open_text([table], ReadOptions(text_column="text", label_column="by", label_pattern="{label}-*"))
    assert read.corpus.labels == ("somebody", "poe")
